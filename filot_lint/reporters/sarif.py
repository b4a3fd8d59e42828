"""SARIF 2.1.0, for code scanning services.

A line is quoted only where nothing on it has to be hidden. Findings that comments silence are in it with their reasons;
beside a baseline, those that it knows and those that are gone, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from filot_lint import __version__
from filot_lint.baseline import Entry
from filot_lint.catalogue import body, rules
from filot_lint.findings import Finding, Rule, Severity
from filot_lint.fingerprints import first_fingerprint
from filot_lint.reporters.places import ROOT, Places
from filot_lint.reporters.run import Run
from filot_lint.reporters.safe_text import safe_text
from filot_lint.workspace.git_head import Checkout, checkout_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
PRECISIONS = {"high": "very-high", "medium": "high", "low": "medium"}
KEY = "filotLint/v1"


def sarif(run: Run) -> Iterator[str]:
    """Yield one SARIF log."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(run)]}
    yield json.dumps(log, indent=2)


def _run(run: Run) -> dict[str, Any]:
    checkout = checkout_of(run.root) if run.root is not None else None
    index = run.index
    names = {*index.reads, *index.declarations, *index.provisions}
    places = Places(index.files, names, checkout.prefix if checkout else "")
    silenced = {first_fingerprint(finding) for finding in run.suppressed}
    gone = [entry for entry in run.gone or () if entry.rule in rules() and entry.fingerprint not in silenced]
    every = [*run.findings, *run.suppressed, *run.known]
    codes = sorted({finding.rule.code for finding in every} | {entry.rule for entry in gone})
    results = [_result(f, codes.index(f.rule.code), mark, places) for f, mark in run.identified(every)]
    if run.gone is not None:
        known = {id(finding) for finding in run.known}
        for finding, result in zip(every, results, strict=True):
            result["baselineState"] = "unchanged" if id(finding) in known else "new"
        results += [_absent(entry, codes.index(entry.rule), places) for entry in gone]
    written = {
        "tool": {"driver": _driver([rules()[code] for code in codes], run.index.config.rule_pages)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "results": results,
    }
    if checkout is not None and checkout.address is not None:
        written["versionControlProvenance"] = [_provenance(checkout)]
    return written


def _driver(used: list[Rule], pages: str | None) -> dict[str, Any]:
    driver = {
        "name": "filot-lint",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule, pages) for rule in used],
    }
    return driver if pages is None else driver | {"informationUri": f"{pages.rstrip('/')}/README.md"}


def _rule(rule: Rule, pages: str | None) -> dict[str, Any]:
    text = body(rule)
    what = text.partition("## What it does\n\n")[2].partition("\n\n")[0].replace("\n", " ")
    described: dict[str, Any] = {
        "id": rule.code,
        "name": "".join(word.title() for word in rule.name.split("-")),
        "shortDescription": {"text": f"{rule.name.replace('-', ' ').capitalize()}."},
        "fullDescription": {"text": what},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": [rule.family], "precision": PRECISIONS[rule.confidence.word]},
    }
    return described if pages is None else described | {"helpUri": f"{pages.rstrip('/')}/{rule.page}"}


def _provenance(checkout: Checkout) -> dict[str, Any]:
    told = {"repositoryUri": checkout.address, "revisionId": checkout.revision, "branch": checkout.branch}
    known = {key: safe_text(text) for key, text in told.items() if text is not None}
    return {**known, "mappedTo": {"uriBaseId": ROOT}}


def _result(finding: Finding, rule: int, fingerprint: str, places: Places) -> dict[str, Any]:
    concealed = finding.location if finding.concealed else None
    found: dict[str, Any] = {
        "ruleId": finding.rule.code,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{_sentence(finding.message)} {_sentence(finding.help)}"},
        "locations": [{"physicalLocation": places.physical(finding.location, concealed)}],
        "partialFingerprints": {KEY: fingerprint},
        "properties": {"confidence": finding.confidence.word},
    }
    if finding.reason:
        found["properties"]["reason"] = safe_text(finding.reason)
    if finding.related:
        found["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": places.physical(related.location, concealed),
                "message": {"text": _sentence(related.label)},
            }
            for number, related in enumerate(finding.related, 1)
        ]
    if finding.suppressed is not None:
        found["suppressions"] = [
            {
                "kind": "inSource",
                "justification": safe_text(finding.suppressed.reason or "no reason given"),
                "location": {"physicalLocation": places.physical(finding.suppressed.location, concealed)},
            }
        ]
    return found


def _absent(entry: Entry, rule: int, places: Places) -> dict[str, Any]:
    """Return findings that a baseline knows and that are gone; it does not know their lines."""
    return {
        "ruleId": entry.rule,
        "ruleIndex": rule,
        "kind": "pass",
        "level": "none",
        "message": {"text": "What the baseline knows is no longer found."},
        "locations": [{"physicalLocation": places.whole(entry.path)}],
        "partialFingerprints": {KEY: entry.fingerprint},
        "occurrenceCount": entry.count,
        "baselineState": "absent",
    }


def _sentence(text: str) -> str:
    """Return plain text, without what readers of SARIF take for a link."""
    plain = safe_text(text).replace("](", "\\](")
    return plain if plain.endswith(".") else f"{plain}."
