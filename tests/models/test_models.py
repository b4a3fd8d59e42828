"""Every model against its case file, `tests/models/<language>/<library>.md`.

A case is a heading, a block of code and a block `facts` with what is found in it, one line per fact (`notation.py`).
`PYTHONPATH=tests python -m models.test_models python/redis`
prints a case file with the facts found now, to be read and copied.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from models.notation import lines

from filot_lint.extract import extract
from filot_lint.extract.libraries.doubles import suspected
from filot_lint.models import load_models
from filot_lint.resources import RULES
from filot_lint.source import Language, SourceFile
from filot_lint.workspace.link import Linker
from filot_lint.workspace.pair import pair
from filot_lint.workspace.resolve import Resolver

HERE = Path(__file__).parent
FAMILIES = ("python", "typescript")
_CASE = re.compile(r"^## (?P<title>.+?)\n.*?^```(?P<language>py|ts|js|tsx)\n(?P<code>.*?)^```\n+"
                   r"^```facts\n(?P<facts>.*?)^```$", re.MULTILINE | re.DOTALL)  # fmt: skip
_LANGUAGES = {"py": Language.PYTHON, "ts": Language.TYPESCRIPT, "js": Language.JAVASCRIPT, "tsx": Language.TSX}


class Case(NamedTuple):
    """One case of a case file."""

    title: str
    language: str
    code: str
    facts: list[str]


def cases(path: Path) -> list[Case]:
    return [
        Case(m["title"], m["language"], m["code"], m["facts"].splitlines())
        for m in _CASE.finditer(path.read_text(encoding="utf-8"))
    ]


def found(case: Case) -> list[str]:
    language = _LANGUAGES[case.language]
    source = SourceFile(f"src/case.{case.language}", case.code.encode(), language)
    facts = extract(source, load_models())
    linker = Linker(Resolver({source.path: language}, []), lambda _: facts, load_models())
    return lines(pair(linker.link([source.path]), linker.facts_of))


ALL = [
    pytest.param(case, id=f"{path.parent.name}/{path.stem}: {case.title}")
    for family in FAMILIES
    for path in sorted((HERE / family).glob("*.md"))
    for case in cases(path)
]
MODELS = [f"{family}/{path.stem}" for family in FAMILIES for path in sorted((RULES / "models" / family).glob("*.toml"))]


@pytest.mark.parametrize("case", ALL)
def test_a_model_finds_what_its_case_says(case: Case) -> None:
    assert found(case) == case.facts


@pytest.mark.parametrize("case", ALL)
def test_the_prefilter_lets_files_with_facts_through(case: Case) -> None:
    data = case.code.encode()
    if case.facts:
        assert load_models().triggered(_LANGUAGES[case.language], data) or suspected("src/case", data)


@pytest.mark.parametrize("model", MODELS)
def test_a_model_has_cases(model: str) -> None:
    path = HERE / f"{model}.md"
    text = path.read_text(encoding="utf-8")
    assert text.count("\n## ") == len(cases(path)) > 0


def test_a_case_file_has_a_model() -> None:
    written = {f"{path.parent.name}/{path.stem}" for family in FAMILIES for path in (HERE / family).glob("*.md")}
    assert written == set(MODELS)


def _show(model: str) -> None:
    """Print a case file with the facts that are found now."""
    path = HERE / f"{model}.md"
    for case in cases(path):
        print(f"## {case.title}", "", f"```{case.language}", case.code + "```", "", "```facts", sep="\n")  # noqa: T201
        print(*found(case), "```", "", sep="\n")  # noqa: T201


if __name__ == "__main__":
    _show(sys.argv[1])
