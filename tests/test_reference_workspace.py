"""The reference workspace `backend/`: what a careful reader listed by hand is found, and nothing that was ruled out."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import tomli

from filot_lint.catalogue import rules
from filot_lint.config import load_config
from filot_lint.engine import run
from filot_lint.findings import Finding
from filot_lint.models import load_models
from filot_lint.workspace.index import Index
from filot_lint.workspace.scan import load_workspace

ROOT = Path(__file__).parent.parent / "backend"
TRUTH: dict[str, Any] = tomli.loads((Path(__file__).parent / "reference_workspace.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def index() -> Index:
    return load_workspace(ROOT, load_config(ROOT), load_models())


@pytest.fixture(scope="module")
def findings(index: Index) -> list[Finding]:
    return run(index, index.config)


def _line(finding: Finding) -> str:
    return (ROOT / finding.location.file).read_text(encoding="utf-8").splitlines()[finding.location.line - 1]


def _matches(finding: Finding, expected: dict[str, Any]) -> bool:
    if finding.rule.code != expected["code"]:
        return False
    places = [expected, *expected.get("also", [])]
    return any(
        finding.location.file == place.get("file", finding.location.file)
        and place.get("line_contains", "") in _line(finding)
        for place in places
    )


KNOWN = [m for m in TRUTH["must_find"] if m["code"] in rules()]


@pytest.mark.parametrize("expected", KNOWN, ids=lambda m: f"{m['code']}-{m['mistake']}")
def test_planted_mistake_is_found(expected: dict[str, Any], findings: list[Finding]) -> None:
    assert any(_matches(finding, expected) for finding in findings)


def test_every_mistake_of_the_first_rules_is_checked() -> None:
    assert {m["code"] for m in TRUTH["must_find"] if m["since"] == "0.1.0"} <= {m["code"] for m in KNOWN}


def test_nothing_that_was_ruled_out_is_found(findings: list[Finding]) -> None:
    wrong = [
        f"{finding.location}: {finding.message} ({ruled_out['why']})"
        for ruled_out in TRUTH["must_not_find"]
        for finding in findings
        if finding.rule.code == ruled_out["code"] and _concerns(finding, ruled_out)
    ]
    assert wrong == []


def _concerns(finding: Finding, ruled_out: dict[str, Any]) -> bool:
    names = ruled_out.get("names", [])
    if names and not any(f"`{name}`" in finding.message for name in names):
        return False
    if "file" in ruled_out and finding.location.file != ruled_out["file"]:
        return False
    return ruled_out.get("line_contains", "") in _line(finding)


def test_every_finding_was_planted_or_allowed(findings: list[Finding]) -> None:
    expected = [*TRUTH["must_find"], *TRUTH.get("may_find", [])]
    surprises = [f for f in findings if not any(_matches(f, e) or _allowed(f, e) for e in expected)]
    assert [f"{f.location}: {f.rule.code} {f.message}" for f in surprises if f.confidence > 1] == []


def _allowed(finding: Finding, allowed: dict[str, Any]) -> bool:
    return finding.rule.code == allowed["code"] and _concerns(finding, {"names": _names(allowed), **_place(allowed)})


def _names(entry: dict[str, Any]) -> list[str]:
    return [*entry.get("names", []), *([entry["name"]] if "name" in entry else [])]


def _place(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: entry[key] for key in ("file", "line_contains") if key in entry}


def test_every_read_is_found_in_every_file(index: Index) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for name, reads in index.reads.items():
        for read in reads:
            if read.area == "production" and read.language in {"python", "typescript", "javascript"}:
                found[name].add(read.file)
    assert {name: sorted(files) for name, files in found.items()} == {
        read["name"]: sorted(read["files"]) for read in TRUTH["reads"]
    }


@pytest.mark.parametrize("read", [r for r in TRUTH["reads"] if "default" in r], ids=lambda r: str(r["name"]))
def test_default_is_the_one_written(read: dict[str, Any], index: Index) -> None:
    defaults = {r.default.text for r in index.reads[read["name"]] if r.default is not None and r.area == "production"}
    assert str(read["default"]) in defaults


def test_traps_are_not_read(index: Index) -> None:
    for trap in TRUTH["traps"]:
        reads = [r for r in index.reads.get(trap["name"], []) if r.area == "production"]
        assert [str(r.location) for r in reads if r.file == trap.get("file", r.file)] == [], trap


def test_counts_of_a_careful_reader(index: Index) -> None:
    counts = TRUTH["counts"]
    active = [d for group in index.declarations.values() for d in group if not d.commented_out]
    assert len({d.name for d in active}) == counts["declared"]
    assert not index.problems


@pytest.mark.parametrize(("component", "count"), [("api", "names_read_api"), ("ocr-gpu-worker", "names_read_worker")])
def test_each_deployable_reads_what_its_imports_read(component: str, count: str, index: Index) -> None:
    names = {
        name
        for name, reads in index.reads.items()
        for read in reads
        if component in read.components and read.language in {"python", "typescript"}
    }
    assert len(names) == TRUTH["counts"][count]
