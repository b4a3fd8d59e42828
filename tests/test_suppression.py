"""Where a suppression holds, and what the run says of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from filot_lint.cli import main
from filot_lint.integrations.single_file import check_text
from filot_lint.source import Language, SourceFile
from filot_lint.suppression import find_suppressions

MakeWorkspace = Callable[[Mapping[str, str]], Path]
EXAMPLE = {".env.example": "# filot-lint: ignore[FIL102] the vendor's image reads it\nKNOWN=\n"}


def held(text: str, language: Language = Language.TYPESCRIPT) -> list[tuple[tuple[str, ...], tuple[int, int] | None]]:
    source = SourceFile("a", text.encode(), language)
    return [(s.codes, s.lines) for s in find_suppressions({"a": source}) if s.flaw is None]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("const a = 1; // filot-lint: ignore[FIL101]\n", (1, 1)),
        ("// filot-lint: ignore[FIL101] why\nconst a = 1;\n", (2, 2)),
        ("// filot-lint: ignore[FIL101]\n// more words\n\nconst a = 1;\n", (2, 4)),
        ("const a = 1; // filot-lint: ignore-next-line[FIL101]\nconst b = 1;\n", (2, 2)),
        ("/* filot-lint: ignore[FIL101]\n   a longer reason */\nconst a = 1;\n", (3, 3)),
        ("const a = 1; /* filot-lint: ignore-file[FIL101] */\n", None),
    ],
)
def test_the_lines_it_holds_for(text: str, lines: tuple[int, int] | None) -> None:
    assert held(text) == [(("FIL101",), lines)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('A = "# filot-lint: ignore[FIL101]"\n', Language.PYTHON),
        ("const a = '// filot-lint: ignore[FIL101]';\n", Language.TYPESCRIPT),
        ("# filot-lint reads this\n", Language.PYTHON),
        ("A=x # filot-lint: ignore[FIL101]\n", Language.DOTENV),
        ('{"//": "# filot-lint: ignore[FIL101]"}\n', Language.PACKAGE_JSON),
    ],
)
def test_what_is_none(text: str, language: Language) -> None:
    assert held(text, language) == []


def test_several_codes() -> None:
    text = "FROM a:latest\n# filot-lint: ignore[FIL101, FIL102] both\nENV A=1\n"
    assert held(text, Language.DOCKERFILE) == [(("FIL101", "FIL102"), (3, 3))]


def test_the_run_counts_them(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "const a = process.env.NEW; // filot-lint: ignore[FIL101] to come\n"
    monkeypatch.chdir(make_workspace({**EXAMPLE, "a.ts": code}))
    clean = CliRunner().invoke(main, ["check"])
    assert clean.exit_code == 0
    assert clean.output == "Found nothing; checked 2 files, 0 skipped, 2 suppressed.\n"
    summary = json.loads(CliRunner().invoke(main, ["check", "--output-format", "json"]).output)["summary"]
    assert (summary["warnings"], summary["suppressed"]) == (0, 2)


def test_a_rule_that_did_not_run_is_not_judged(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make_workspace({".env.example": "# filot-lint: ignore[FIL161] no longer\nA=\n", "a.ts": "1;\n"}))
    assert "FIL003" not in CliRunner().invoke(main, ["check", "--select", "FIL003,FIL101"]).output
    assert "FIL003" in CliRunner().invoke(main, ["check", "--select", "FIL003,FIL161"]).output


def test_the_date_is_that_of_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    source = SourceFile("a.py", b"A = 1  # filot-lint: ignore[FIL101] until=2001-09-09 why\n", Language.PYTHON)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert [s.expired for s in find_suppressions({"a.py": source})] == [False]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000090000")
    assert [s.expired for s in find_suppressions({"a.py": source})] == [True]


def test_editors_honour_ours_and_leave_noqa_to_flake8(
    make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (
        'import os\n\nA = os.environ["A"]  # filot-lint: ignore[FIL101] to come\nB = os.environ["B"]  # noqa: FIL101\n'
        "# filot-lint: ignore[FIL999]\n"
    )
    root = make_workspace({**EXAMPLE, "a.py": text})
    monkeypatch.chdir(root)
    assert [(f.location.line, f.rule.code) for f in check_text(text, str(root / "a.py"))] == [
        (4, "FIL101"),
        (5, "FIL004"),
    ]
