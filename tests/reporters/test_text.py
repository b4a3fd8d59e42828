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


def test_findings_that_say_the_same_are_shown_once(index: Index) -> None:
    places = [Location("worker/store.py", line, 1, line, 2) for line in range(1, 9)]
    same = [make_finding(location=place, related=()) for place in places]
    other = make_finding(message="something else", related=())
    *blocks, end = text.full(run_of(index, same[0], other, *same[1:3], prefix="backend/"))
    assert [block.split("\n")[0] for block in blocks] == [
        "error[FIL101]: `RECEIPTS_BUCKET` is read here, but `.env.example` does not declare it",
        "error[FIL101]: something else",
    ]
    assert "  = also: backend/worker/store.py:2 and backend/worker/store.py:3\n" in blocks[0]
    assert "also" not in blocks[1]
    assert end.startswith("Found 4 errors")
    assert len(list(text.concise(run_of(index, *same)))) == len(same) + 1
    many = next(iter(text.full(run_of(index, *same))))
    assert many.endswith("store.py:5, worker/store.py:6 and 2 more\n")


def test_findings_that_differ_in_a_word_stand_alone(index: Index) -> None:
    doubtful = make_finding(confidence=Confidence.MEDIUM, reason="the name is computed")
    mild = make_finding(severity=Severity.WARNING)
    assert len(list(text.full(run_of(index, make_finding(), doubtful, mild, make_finding(help="Else"))))) == 5


def test_lines_fit_the_terminal(index: Index) -> None:
    line = "x = 1; " * 20 + "bucket = os.environ['RECEIPTS_BUCKET']; " + "y = 1; " * 20
    index.files["worker/store.py"] = SourceFile("worker/store.py", line.encode(), Language.PYTHON)  # type: ignore[index]
    place = Location("worker/store.py", 1, 150, 1, 167)
    for columns in (50, 80, 120):
        shown = body(text.full(run_of(index, make_finding(location=place, related=()), columns=columns))).split("\n")
        assert max(map(len, shown[2:4])) <= columns
        assert "os.environ['RECEIPTS_" in shown[3]


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
    assert text.closing(run_of(index, files=1, narrowed=True)) == "Found nothing; checked 1 file."
    assert ", 1 suppressed." in text.closing(run_of(index, suppressed=(make_finding(),)))
