"""SARIF 2.1.0, for code scanning services. Paths are relative to the workspace; no line of a file is quoted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from filot_lint import __version__
from filot_lint.catalogue import body, rules
from filot_lint.findings import Finding, Rule, Severity
from filot_lint.fingerprints import fingerprints
from filot_lint.reporters.run import Run
from filot_lint.source import Location

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
ROOT = "SRCROOT"


def sarif(run: Run) -> Iterator[str]:
    """Yield one SARIF log; silenced findings are in it with their reasons."""
    every = (*run.findings, *run.suppressed)
    used = sorted({finding.rule.code for finding in every})
    driver = {
        "name": "filot-lint",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rules()[code]) for code in used],
    }
    results = [_result(f, used.index(f.rule.code), p) for f, p in zip(every, fingerprints(every), strict=True)]
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the workspace."}}},
                "results": results,
            }
        ],
    }
    yield json.dumps(log, indent=2)


def _rule(rule: Rule) -> dict[str, Any]:
    text = body(rule)
    what = text.partition("## What it does\n\n")[2].partition("\n\n")[0].replace("\n", " ")
    return {
        "id": rule.code,
        "name": "".join(word.title() for word in rule.name.split("-")),
        "shortDescription": {"text": f"{rule.name.replace('-', ' ').capitalize()}."},
        "fullDescription": {"text": what},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": [rule.family], "precision": _precision(rule.confidence.word)},
    }


def _precision(confidence: str) -> str:
    return {"high": "very-high", "medium": "high"}.get(confidence, "medium")


def _result(finding: Finding, rule: int, fingerprint: str) -> dict[str, Any]:
    related = [
        {"id": i, "physicalLocation": _physical(r.location), "message": {"text": _sentence(r.label)}}
        for i, r in enumerate(finding.related, 1)
    ]
    found: dict[str, Any] = {
        "ruleId": finding.rule.code,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{_sentence(finding.message)} {_sentence(finding.help)}"},
        "locations": [{"physicalLocation": _physical(finding.location)}],
        "partialFingerprints": {"filotLint/v1": fingerprint},
        "properties": {"confidence": finding.confidence.word} | ({"reason": finding.reason} if finding.reason else {}),
    }
    if related:
        found["relatedLocations"] = related
    if finding.suppressed is not None:
        found["suppressions"] = [
            {
                "kind": "inSource",
                "justification": finding.suppressed.reason or "no reason given",
                "location": {"physicalLocation": _physical(finding.suppressed.location)},
            }
        ]
    return found


def _physical(location: Location) -> dict[str, Any]:
    from urllib.parse import quote  # noqa: PLC0415  # only for this form

    uri = quote(location.file.encode("utf-8", "surrogateescape"))
    region = {"startLine": location.line, "startColumn": location.column}
    region |= {"endLine": location.end_line, "endColumn": location.end_column}
    return {"artifactLocation": {"uri": uri, "uriBaseId": ROOT}, "region": region}


def _sentence(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode()
    return clean if clean.endswith(".") else f"{clean}."
