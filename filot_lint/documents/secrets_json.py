"""The secrets map for machines: which entries must exist, never what they hold. Its schema is published."""

from __future__ import annotations

import json
from typing import Any
from typing import Literal as Choice

import msgspec

from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.escape import printable
from filot_lint.documents.forms import url_form
from filot_lint.documents.inventory import State, Status
from filot_lint.documents.secrets_map import SecretEntry
from filot_lint.facts import EnvProvision, Fact
from filot_lint.secrets import Certainty, Kind
from filot_lint.workspace import demands
from filot_lint.workspace.demands import Answer

_SIGNING = {"jwt-sign", "jwt-verify", "hmac"}
_MIN_BITS = 256


class Evidence(msgspec.Struct, frozen=True):
    """A place in the workspace."""

    file: str
    line: int
    kind: Choice["read", "declaration"]


class Reference(msgspec.Struct, frozen=True):
    """What a container takes from the secret store, as its manifest says."""

    container: str | None
    value_from: str | None
    file: str
    line: int


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One variable that production needs."""

    env: str
    classed: Kind = msgspec.field(name="class")
    group: str
    required: Choice["required", "optional", "not determined"]
    required_in: tuple[str, ...]
    evidence: tuple[Evidence, ...]


class Secret(Setting, frozen=True, kw_only=True):
    """One variable whose value belongs into a secret store. There is no field for the value.

    `secret_name` and `json_key` are its place there, `proposed` when no manifest names it yet; a null key takes the
    whole value. `min_bits` is the least strength of a signing key. `env_file` says what a given file of values does.
    """

    confidence: Certainty
    reasons: tuple[str, ...]
    secret_name: str
    json_key: str | None
    proposed: bool
    value_from_template: str
    references: tuple[Reference, ...]
    format: str
    min_bits: int | None
    rotation: str
    placeholder: str
    status: Status
    env_file: State | None = None


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """One setting that the profile demands. `env` are the variables that answer it, `placeholder` stands for none."""

    name: str
    title: str
    group: str
    secret: bool
    status: demands.Status
    env: tuple[str, ...]
    format: str
    placeholder: str | None
    note: str | None
    evidence: tuple[Evidence, ...]


class Family(msgspec.Struct, frozen=True):
    """The variables of one system; a note where production reads none."""

    group: str
    secrets: tuple[str, ...]
    settings: tuple[str, ...]
    note: str | None


class SecretsMap(msgspec.Struct, frozen=True):
    """What must exist before production can start."""

    schema_version: Choice[1]
    generated_by: Choice["filot-lint"]
    workspace: str
    status_note: str
    secrets: tuple[Secret, ...]
    settings: tuple[Setting, ...]
    demands: tuple[Demand, ...]
    families: tuple[Family, ...]


def to_json(context: Context) -> str:
    """Return the map; the order of keys is fixed."""
    stored = {entry.variable.name for entry in context.entries}
    data = SecretsMap(
        schema_version=1,
        generated_by="filot-lint",
        workspace=context.name,
        status_note=_status_note(context),
        secrets=tuple(_secret(context, entry) for entry in context.entries),
        settings=tuple(Setting(**_setting(v)) for v in context.needed if v.name not in stored),
        demands=tuple(_demand(answer) for answer in context.demands),
        families=tuple(_family(group.id, members) for group, members in context.families if group.family),
    )
    return json.dumps(_clean(msgspec.to_builtins(data)), indent=2, ensure_ascii=False) + "\n"


def _status_note(context: Context) -> str:
    if context.inventory is None:
        return "The status of an entry is unknown: source does not show what a secret store holds."
    return (
        f"Present: {context.inventory.origin} has an entry of this name; missing: it has none. "
        "What an entry holds is not known."
    )


def _demand(answer: Answer) -> Demand:
    setting = answer.setting
    return Demand(
        name=setting.name,
        title=setting.title,
        group=setting.group,
        secret=setting.secret,
        status=answer.status,
        env=answer.names,
        format=setting.format,
        placeholder=f"<{setting.name}>" if answer.status == "absent" else None,
        note=setting.note,
        evidence=tuple(
            Evidence(p.file, p.line, "declaration" if answer.status == "only declared" else "read")
            for p in answer.places
        ),
    )


def _secret(context: Context, entry: SecretEntry) -> Secret:
    variable = entry.variable
    url = url_form(variable)
    return Secret(
        **_setting(variable),
        confidence=variable.classification.confidence,
        reasons=variable.classification.reasons,
        secret_name=entry.secret_name,
        json_key=entry.json_key,
        proposed=entry.proposed,
        value_from_template=entry.value_from,
        references=tuple(_reference(p) for p in entry.references),
        format=url or "text",
        min_bits=_MIN_BITS if _SIGNING & set(variable.uses) else None,
        rotation=variable.group.rotation,
        placeholder=url or f"<{variable.name}>",
        status=context.status_of(entry),
        env_file=None if context.env_values is None else context.env_values.of(variable.name),
    )


def _reference(provision: EnvProvision) -> Reference:
    return Reference(provision.container, provision.reference, provision.file, provision.line)


def _setting(variable: Variable) -> dict[str, Any]:
    return {
        "env": variable.name,
        "classed": variable.kind,
        "group": variable.group.id,
        "required": variable.requirement.verdict,
        "required_in": variable.components,
        "evidence": (
            *(_evidence(f, "read") for f in variable.production),
            *(_evidence(d, "declaration") for d in variable.active),
        ),
    }


def _family(group: str, members: tuple[Variable, ...]) -> Family:
    production = [v for v in members if v.production]
    return Family(
        group,
        tuple(v.name for v in production if v.is_secret),
        tuple(v.name for v in production if not v.is_secret),
        None if production else "no production code reads a variable of this family",
    )


def _evidence(fact: Fact, kind: Choice["read", "declaration"]) -> Evidence:
    return Evidence(fact.file, fact.line, kind)


def _clean(data: Any) -> Any:  # noqa: ANN401  # JSON is any
    """Make every text of the repository printable."""
    match data:
        case str():
            return printable(data)
        case dict():
            return {key: _clean(value) for key, value in data.items()}
        case list() | tuple():
            return [_clean(value) for value in data]
        case _:
            return data
