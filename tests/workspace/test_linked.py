"""What models find when objects, names and settings come from other files, `linked/*.md`.

A case is a heading, files and a block `facts`, one line per fact of the models: `path:line`, then `models/notation.py`.
`PYTHONPATH=tests python tests/workspace/test_linked.py clients` prints a case file with the facts found now.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from models.notation import line

from filot_lint.config import Config
from filot_lint.facts import EnvRead, Fact, Imports, Problem, TestDouble
from filot_lint.models import load_models
from filot_lint.workspace.scan import load_workspace

CASES = Path(__file__).parent / "linked"
_CASE = re.compile(r"^## (?P<title>.+?)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"(?:^`(?P<path>[^`\n]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class Case(NamedTuple):
    """One case."""

    title: str
    body: str
    files: dict[str, str]
    facts: list[str]


def cases(path: Path) -> list[Case]:
    return [_case(match) for match in _CASE.finditer(path.read_text(encoding="utf-8"))]


def _case(match: re.Match[str]) -> Case:
    files: dict[str, str] = {}
    facts: list[str] = []
    for fence in _FENCE.finditer(match["body"]):
        if fence["kind"] == "facts":
            facts = fence["text"].splitlines()
        else:
            files[fence["path"]] = fence["text"]
    return Case(match["title"], match["body"], files, facts)


def found(case: Case, root: Path) -> list[str]:
    for path, text in case.files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    facts = [f for f in load_workspace(root, Config(), load_models()).all() if _is_shown(f, case)]
    return [f"{f.file}:{f.line} {line(f)}" for f in sorted(facts, key=lambda f: (f.file, f.line, f.column, line(f)))]


def _is_shown(fact: Fact, case: Case) -> bool:
    return case.files.get(fact.file) is not None and not isinstance(fact, EnvRead | Imports | Problem | TestDouble)


ALL = [
    pytest.param(case, id=f"{path.stem}: {case.title}") for path in sorted(CASES.glob("*.md")) for case in cases(path)
]


@pytest.mark.parametrize("case", ALL)
def test_what_files_say_together(case: Case, tmp_path: Path) -> None:
    assert found(case, tmp_path) == case.facts


def test_there_are_cases() -> None:
    assert len(ALL) > 1


def _show(name: str) -> None:
    """Print a case file with the facts that are found now."""
    for case in cases(CASES / f"{name}.md"):
        with tempfile.TemporaryDirectory() as folder:
            body = case.body.partition("```facts")[0].rstrip()
            print(f"## {case.title}", body, "\n```facts", *found(case, Path(folder)), "```\n", sep="\n")  # noqa: T201


if __name__ == "__main__":
    _show(sys.argv[1])
