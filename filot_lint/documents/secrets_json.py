"""The secrets map for machines: which entries must exist, never what they hold."""

from __future__ import annotations

import json
from typing import Any

from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.escape import printable
from filot_lint.documents.secrets_map import SecretEntry
from filot_lint.facts import Fact

VERSION = 1
_SIGNING = {"jwt-sign", "jwt-verify", "hmac"}
_MIN_BITS = 256


def to_json(context: Context) -> str:
    """Return the map; the order of keys is fixed."""
    stored = {entry.variable.name for entry in context.entries}
    data = {
        "schema_version": VERSION,
        "generated_by": "filot-lint",
        "workspace": context.name,
        "status_note": "The status of an entry is unknown: source does not show what a secret store holds.",
        "secrets": [_secret(entry) for entry in context.entries],
        "settings": [_setting(v) for v in context.needed if v.name not in stored],
        "families": [_family(group.id, members) for group, members in context.families if group.family],
    }
    return json.dumps(_clean(data), indent=2, ensure_ascii=False) + "\n"


def _secret(entry: SecretEntry) -> dict[str, Any]:
    variable = entry.variable
    url = variable.group.url_format if variable.is_secret and variable.name.endswith(("URL", "URI")) else None
    return {
        **_setting(variable),
        "confidence": variable.classification.confidence,
        "reasons": list(variable.classification.reasons),
        "secret_name": entry.secret_name,
        "json_key": entry.json_key,
        "proposed": entry.proposed,
        "value_from_template": entry.value_from,
        "references": [
            {"container": p.container, "value_from": p.reference, "file": p.file, "line": p.line}
            for p in entry.references
        ],
        "format": url or "text",
        "min_bits": _MIN_BITS if _SIGNING & set(variable.uses) else None,
        "rotation": variable.group.rotation,
        "placeholder": url or f"<{variable.name}>",
        "status": "unknown",
    }


def _setting(variable: Variable) -> dict[str, Any]:
    return {
        "env": variable.name,
        "class": variable.kind,
        "group": variable.group.id,
        "required": variable.requirement.verdict,
        "required_in": list(variable.components),
        "evidence": [_place(f, "read") for f in variable.production]
        + [_place(d, "declaration") for d in variable.active],
    }


def _family(group: str, members: tuple[Variable, ...]) -> dict[str, Any]:
    production = [v for v in members if v.production]
    return {
        "group": group,
        "secrets": [v.name for v in production if v.is_secret],
        "settings": [v.name for v in production if not v.is_secret],
        "note": None if production else "no production code reads a variable of this family",
    }


def _place(fact: Fact, kind: str) -> dict[str, Any]:
    return {"file": fact.file, "line": fact.line, "kind": kind}


def _clean(data: Any) -> Any:  # noqa: ANN401  # JSON is any
    """Make every text of the repository printable."""
    match data:
        case str():
            return printable(data)
        case dict():
            return {key: _clean(value) for key, value in data.items()}
        case list():
            return [_clean(value) for value in data]
        case _:
            return data
