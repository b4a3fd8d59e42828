"""What expressions can be, case by case in `evaluate/*.md`.

A case is a heading, a block of code and what is expected of it: `values`, one `expression = value` per line, the
expression a name at the top of the file with members and items behind it; `kept`, one `line value` per filter over the
environment; `facts`, what models find beside reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import NamedTuple

import pytest
from models.notation import lines

from filot_lint.extract import extract
from filot_lint.extract.code import lower
from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope, Scopes
from filot_lint.models import load_models
from filot_lint.reporters.notation import written
from filot_lint.source import Language, SourceFile
from filot_lint.syntax import expression as x

CASES = Path(__file__).parent / "evaluate"
_CASE = re.compile(r"^## (?P<title>.+?)\n(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LANGUAGES = {"py": Language.PYTHON, "ts": Language.TYPESCRIPT}


class Case(NamedTuple):
    """One case."""

    title: str
    source: SourceFile
    expected: dict[str, str]


def _cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.md")):
        for match in _CASE.finditer(path.read_text(encoding="utf-8")):
            blocks = {fence["kind"]: fence["text"] for fence in _FENCE.finditer(match["body"])}
            kind = next(kind for kind in blocks if kind in _LANGUAGES)
            source = SourceFile(f"src/case.{kind}", blocks.pop(kind).encode(), _LANGUAGES[kind])
            yield Case(f"{path.stem}: {match['title']}", source, blocks)


def _evaluator(source: SourceFile) -> tuple[x.Module, Evaluator]:
    module = lower(source)
    return module, Evaluator(source, Scopes(module), load_models())


def _values(source: SourceFile, names: list[str]) -> Iterator[str]:
    _, evaluator = _evaluator(source)
    for name in names:
        first, *steps = name.split(".")
        value = evaluator.named(first, evaluator.scopes.module)
        for step in steps:
            value = evaluator.member(value, step)
        yield f"{name} = {written(value)}"


def _nodes(node: object, scope: Scope, scopes: Scopes) -> Iterator[tuple[x.Expression | x.Loop, Scope]]:
    """Yield every expression and loop with its scope."""
    if isinstance(node, list):
        for item in node:
            yield from _nodes(item, scope, scopes)
        return
    if not is_dataclass(node):
        return
    if isinstance(node, x.Comprehension | x.Call | x.Loop):
        yield node, scope
    inner = scopes.opens(node, 0, scope) if isinstance(node, x.Node) else scope
    for part in fields(node):
        yield from _nodes(getattr(node, part.name), inner, scopes)


def _kept(source: SourceFile) -> Iterator[str]:
    module, evaluator = _evaluator(source)
    for node, scope in _nodes(module.body, evaluator.scopes.module, evaluator.scopes):
        found = evaluator.kept_keys(node, scope)
        if found is not None:
            assert evaluator.kept.environment(node, scope) is not None
            yield f"{node.span.row + 1} {written(found)}"


@pytest.mark.parametrize("case", [pytest.param(case, id=case.title) for case in _cases()])
def test_a_case_is_what_it_says(case: Case) -> None:
    assert case.expected
    for kind, text in case.expected.items():
        expected = text.splitlines()
        if kind == "values":
            assert list(_values(case.source, [line.partition(" = ")[0] for line in expected])) == expected
        elif kind == "kept":
            assert list(_kept(case.source)) == expected
        else:
            assert kind == "facts"
            found = lines(extract(case.source, load_models()))
            assert [line for line in found if not line.startswith("env-read")] == expected


@pytest.mark.parametrize("size", [40, 400])
def test_objects_that_grow_by_copies_of_themselves_end(size: int) -> None:
    code = "o = {}\n" + "".join(f"o['k{n}'] = dict(o, x={n})\n" for n in range(size)) + "p = o\n"
    _, evaluator = _evaluator(SourceFile("a.py", code.encode(), Language.PYTHON))
    assert written(evaluator.named("p", evaluator.scopes.module))


def test_loops_in_loops_end() -> None:
    names = ", ".join(f'"N{n}"' for n in range(200))
    inner = "[a + b + c for a in NAMES for b in NAMES for c in NAMES]"
    code = f"NAMES = [{names}]\nMANY = {inner}\nMORE = {{a: [a + b for b in NAMES] for a in NAMES}}\n"
    _, evaluator = _evaluator(SourceFile("a.py", code.encode(), Language.PYTHON))
    assert len(written(evaluator.named("MANY", evaluator.scopes.module))) < 10_000
    assert len(written(evaluator.named("MORE", evaluator.scopes.module))) < 10_000
