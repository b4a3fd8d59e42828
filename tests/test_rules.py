"""Every Good and Bad of every page and case file: exactly the marked findings."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from cases import Case, read_cases
from filot_lint import engine
from filot_lint.checks import last_checks
from filot_lint.config import load_config
from filot_lint.findings import Finding
from filot_lint.models import load_models
from filot_lint.resources import RULES
from filot_lint.workspace.scan import load_workspace

FILES = sorted([*RULES.glob("*/FIL*.md"), *(Path(__file__).parent / "rules").glob("*/FIL*.md")])
CASES = [
    pytest.param(path.name[:6], case, id=f"{path.name[:6]}-{'page' if RULES in path.parents else 'case'}-{case.title}")
    for path in FILES
    for case in read_cases(path)
]


def findings_of(root: Path, code: str) -> list[Finding]:
    """Return what one rule finds; those that judge the outcome of the others need them all."""
    config = msgspec.structs.replace(load_config(root), select=() if code in last_checks() else (code,))
    found = engine.shown(engine.run(load_workspace(root, config, load_models()), config))
    return [finding for finding in found if finding.rule.code == code]


@pytest.mark.parametrize(("code", "case"), CASES)
def test_case(code: str, case: Case, tmp_path: Path) -> None:
    found = findings_of(case.write(tmp_path), code)
    places = [(f.location.file, f.location.line, f.rule.code) for f in found]
    wanted = [
        (e.file, e.line if e.line is not None else next((p[1] for p in places if p[0] == e.file), 0), e.code)
        for e in case.expected
    ]
    assert bool(case.expected) is not case.good, "good cases expect nothing, bad ones something"
    assert sorted(places) == sorted(wanted)


@pytest.mark.parametrize(("code", "case"), [p for p in CASES if not p.values[1].good])  # type: ignore[union-attr]
def test_messages_are_whole(code: str, case: Case, tmp_path: Path) -> None:
    root = case.write(tmp_path)
    files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    for finding in findings_of(root, code):
        assert "{" not in finding.message + finding.help
        assert finding.location.file in files
        assert all(related.location.file in files and related.label for related in finding.related)
        assert finding.confidence.word == "high" or finding.reason
