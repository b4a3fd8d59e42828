"""Findings and facts for programs: versioned documents with published schemas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, get_args
from typing import Literal as Choice

import msgspec

from filot_lint import __version__
from filot_lint.catalogue import body
from filot_lint.config import Config
from filot_lint.facts import LINKER_ONLY, AnyFact, Fact
from filot_lint.findings import Finding, Rule, Severity
from filot_lint.reporters.run import Run
from filot_lint.source import Location
from filot_lint.values import Value

FACTS = "filot-lint/facts/1"
FINDINGS = "filot-lint/findings/1"
RULES = "filot-lint/rules/1"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Tool(msgspec.Struct, frozen=True):
    """Who wrote a document."""

    name: str = "filot-lint"
    version: str = __version__


class FactsDocument(msgspec.Struct, frozen=True):
    """Everything extracted from one workspace."""

    schema: Choice["filot-lint/facts/1"]
    tool: Tool
    facts: list[AnyFact]


class Place(msgspec.Struct, frozen=True):
    """Another end of a finding."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    label: str


class ReportedFinding(msgspec.Struct, frozen=True):
    """One finding. Files are relative to the workspace; lines and columns count characters from 1.

    `fingerprint` stays the same while lines move.
    """

    code: Annotated[str, msgspec.Meta(pattern="^FIL[0-9]{3}$")]
    name: str
    severity: Choice["error", "warning", "info"]
    confidence: Choice["high", "medium", "low"]
    message: str
    help: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    related: list[Place]
    fingerprint: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    reason: str | None = None
    label: str | None = None


class Summary(msgspec.Struct, frozen=True):
    """How much was found and looked at; `suppressed`, `known` and `low_confidence` ones are not listed."""

    errors: int
    warnings: int
    infos: int
    files: int
    skipped: int
    others: int = 0
    suppressed: int = 0
    low_confidence: int = 0
    known: int = 0


class FindingsDocument(msgspec.Struct, frozen=True):
    """All findings of one run. `workspace` is its path from where the tool ran."""

    schema: Choice["filot-lint/findings/1"]
    tool: Tool
    workspace: str
    findings: list[ReportedFinding]
    summary: Summary


class PublishedRule(msgspec.Struct, frozen=True):
    """One rule; `page` is its text in Markdown."""

    code: Annotated[str, msgspec.Meta(pattern="^FIL[0-9]{3}$")]
    name: str
    family: str
    severity: Choice["error", "warning", "info"]
    confidence: Choice["high", "medium", "low"]
    scope: Choice["file", "workspace"]
    since: str
    message: str
    help: str
    page: str


class RulesDocument(msgspec.Struct, frozen=True):
    """The catalogue, or a part of it."""

    schema: Choice["filot-lint/rules/1"]
    tool: Tool
    rules: list[PublishedRule]


def facts(found: Iterable[Fact]) -> str:
    """Return the facts as JSON, one on each line."""
    public = (fact for fact in found if not isinstance(fact, LINKER_ONLY))
    lines = ",\n".join(_line(fact) for fact in public)
    return f'{{"schema": "{FACTS}", "tool": {_line(Tool())}, "facts": [\n{lines}\n]}}'


def findings(run: Run) -> Iterator[str]:
    """Yield the findings as one document, one on each line."""
    lines = ",\n".join(finding_lines(run))
    tool, workspace = _line(Tool()), json.dumps(run.workspace)
    yield f'{{"schema": "{FINDINGS}", "tool": {tool}, "workspace": {workspace}, "findings": ['
    yield f'{lines}\n], "summary": {_line(_summary(run))}}}'


def finding_lines(run: Run) -> Iterator[str]:
    """Yield the findings, each as a document of its own."""
    return (_line(_reported(*pair)) for pair in run.identified(run.findings))


def _summary(run: Run) -> Summary:
    counts = run.counts
    return Summary(
        errors=counts[Severity.ERROR],
        warnings=counts[Severity.WARNING],
        infos=counts[Severity.INFO],
        files=run.files,
        skipped=run.index.skipped,
        others=run.index.others,
        suppressed=len(run.suppressed),
        low_confidence=len(run.hidden),
        known=len(run.known),
    )


def rules(known: Iterable[Rule]) -> str:
    """Return rules as JSON, one on each line."""
    published = (
        PublishedRule(
            code=rule.code,
            name=rule.name,
            family=rule.family,
            severity=rule.severity.word,  # type: ignore[arg-type]  # the words of the enumeration
            confidence=rule.confidence.word,  # type: ignore[arg-type]  # as above
            scope=rule.scope.value,
            since=rule.since,
            message=rule.message,
            help=rule.help,
            page=body(rule),
        )
        for rule in known
    )
    lines = ",\n".join(_line(rule) for rule in published)
    return f'{{"schema": "{RULES}", "tool": {_line(Tool())}, "rules": [\n{lines}\n]}}'


def schema(document: type[msgspec.Struct]) -> str:
    """Return the JSON Schema of a document, as it is published in `report/schemas/`."""
    generated: dict[str, Any] = msgspec.json.schema(document)
    values = [{"$ref": f"#/$defs/{kind.__name__}"} for kind in get_args(Value)]
    if "Literal" in generated["$defs"]:
        generated = _folded(generated, values)
        generated["$defs"]["Value"] = {"anyOf": values, "title": "Value"}
    return json.dumps({"$schema": DIALECT, **generated}, indent=2, sort_keys=True) + "\n"


def settings_schema() -> str:
    """Return the JSON Schema of the settings; `origin` is not for users to set."""
    generated = json.loads(schema(Config))
    del generated["$defs"]["Config"]["properties"]["origin"]
    return json.dumps(generated, indent=2, sort_keys=True) + "\n"


def _folded(node: Any, values: list[dict[str, str]]) -> Any:  # noqa: ANN401  # JSON is any
    """Name the union of all values once instead of spelling it at every use."""
    if isinstance(node, list):
        return [_folded(item, values) for item in node]
    if not isinstance(node, dict):
        return node
    options = node.get("anyOf", ())
    if len(options) >= len(values) and all(value in options for value in values):
        others = [option for option in options if option not in values]
        rest = {key: item for key, item in node.items() if key not in {"anyOf", "discriminator"}}
        return {**rest, "anyOf": [*others, {"$ref": "#/$defs/Value"}]}
    return {key: _folded(item, values) for key, item in node.items()}


def _reported(finding: Finding, fingerprint: str) -> ReportedFinding:
    return ReportedFinding(
        code=finding.rule.code,
        name=finding.rule.name,
        severity=finding.severity.word,  # type: ignore[arg-type]  # the words of the enumeration
        confidence=finding.confidence.word,  # type: ignore[arg-type]  # as above
        message=finding.message,
        help=finding.help,
        **_position(finding.location),
        related=[Place(**_position(r.location), label=r.label) for r in finding.related],
        fingerprint=fingerprint,
        reason=finding.reason,
        label=finding.label,
    )


def _position(location: Location) -> dict[str, Any]:
    return {field: getattr(location, field) for field in ("file", "line", "column", "end_line", "end_column")}


def _line(value: object) -> str:
    """Encode in ASCII: hostile characters and broken ones survive only as escapes."""
    return json.dumps(msgspec.to_builtins(value))
