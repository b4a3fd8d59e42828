"""Findings as people see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from filot_lint.config import Config
from filot_lint.findings import Confidence, Finding, Related, Rule, Scope, Severity
from filot_lint.models import Models
from filot_lint.reporters import text
from filot_lint.reporters.run import Run
from filot_lint.source import Language, Location, SourceFile
from filot_lint.workspace.index import Index

RULE = Rule(
    code="FIL101",
    name="undocumented-variable",
    severity=Severity.WARNING,
    confidence=Confidence.HIGH,
    scope=Scope.FILE,
    since="0.1.0",
    message="",
    help="",
    family="env",
    page="env/FIL101-undocumented-variable.md",
)
CODE = "import os\n\nbucket = os.environ['RECEIPTS_BUCKET']\n"
EXAMPLE = "A=1\nB=2\nC=3\nD=4\nE=5\nF=6\nG=7\nH=8\nI=9\nRECEIPTS_BUKCET=canary\n"


def make_finding(**changes: object) -> Finding:
    values: dict[str, object] = {
        "rule": RULE,
        "location": Location("worker/store.py", 3, 21, 3, 38),
        "message": "`RECEIPTS_BUCKET` is read here, but `.env.example` does not declare it",
        "help": "Add `RECEIPTS_BUCKET=` to `.env.example`",
        "severity": Severity.ERROR,
        "confidence": Confidence.HIGH,
        "label": "required here",
        "related": (Related(Location(".env.example", 10, 1, 10, 16), "the same variable?"),),
    }
    return Finding(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def index() -> Index:
    files = {
        "worker/store.py": SourceFile("worker/store.py", CODE.encode(), Language.PYTHON),
        ".env.example": SourceFile(".env.example", EXAMPLE.encode(), Language.DOTENV),
    }
    return Index([], config=Config(), models=Models(), files=files)


def run_of(index: Index, *findings: Finding, **changes: Any) -> Run:  # noqa: ANN401  # any field
    return Run(**{"findings": findings, "index": index, "files": 2, **changes})


def body(lines: Iterable[str]) -> str:
    """Return everything but the closing line."""
    return "\n".join(list(lines)[:-1])


def test_full(index: Index) -> None:
    assert body(text.full(run_of(index, make_finding(), prefix="backend/"))) == (
        """\
error[FIL101]: `RECEIPTS_BUCKET` is read here, but `.env.example` does not declare it
  --> backend/worker/store.py:3:21
   |
 3 | bucket = os.environ['RECEIPTS_BUCKET']
   |                     ^^^^^^^^^^^^^^^^^ required here
   |
  ::: backend/.env.example:10:1
   |
10 | RECEIPTS_BUKCET=…
   | --------------- the same variable?
   |
   = help: Add `RECEIPTS_BUCKET=` to `.env.example`
"""
    )


def test_doubts_are_explained(index: Index) -> None:
    finding = make_finding(confidence=Confidence.MEDIUM, reason="the name is computed", related=())
    block = body(text.full(run_of(index, finding)))
    assert block.endswith("  = note: confidence medium: the name is computed\n")


def test_a_place_without_its_line_keeps_its_label(index: Index) -> None:
    finding = make_finding(location=Location("gone.py", 1, 1, 1, 1), related=())
    assert next(text.full(run_of(index, finding))).split("\n")[1:3] == [" --> gone.py:1:1", "  | required here"]


def test_colours_only_when_wanted(index: Index) -> None:
    plain = body(text.full(run_of(index, make_finding())))
    coloured = body(text.full(run_of(index, make_finding(), colour=True)))
    assert "\x1b" not in plain
    assert coloured.startswith("\x1b[1;31merror[FIL101]\x1b[0m")


def test_concise(index: Index) -> None:
    lines = list(text.concise(run_of(index, make_finding(), prefix="backend/")))
    assert lines[:-1] == [
        "backend/worker/store.py:3:21: FIL101 `RECEIPTS_BUCKET` is read here, but `.env.example` does not declare it"
    ]


def test_hostile_text_is_shown_not_obeyed(index: Index) -> None:
    evil = "\x1b]0;x\x07\u202e\n[/red]"
    files = dict(index.files) | {evil: SourceFile(evil, evil.encode(), Language.PYTHON)}
    index = Index([], config=Config(), models=Models(), files=files)
    place = Location(evil, 1, 1, 1, 4)
    finding = make_finding(
        location=place, message=evil, help=evil, label=evil, reason=evil, related=(Related(place, evil),)
    )
    for output in (body(text.full(run_of(index, finding))), body(text.concise(run_of(index, finding)))):
        assert output.replace("\n", "").isprintable()
        assert "\\x1b]0;x\\x07\\u202e\\n[/red]" in output


def test_the_closing_line(index: Index) -> None:
    findings = [make_finding(), make_finding(severity=Severity.WARNING), make_finding(severity=Severity.WARNING)]
    assert (
        text.closing(run_of(index, *findings, files=112)) == "Found 1 error, 2 warnings; checked 112 files, 0 skipped."
    )
    assert text.closing(run_of(index, files=1)) == "Found nothing; checked 1 file, 0 skipped."
    assert text.closing(run_of(index, hidden=(make_finding(),) * 3)).endswith(
        "; 3 of low confidence not shown (--pedantic)."
    )
    assert ", 1 suppressed." in text.closing(run_of(index, suppressed=(make_finding(),)))
