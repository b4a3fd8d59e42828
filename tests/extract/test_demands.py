"""Tests that are made to cost much: names made of each other, functions that call each other, long chains."""

from __future__ import annotations

import time

import pytest

from filot_lint.extract.code import extract
from filot_lint.facts import EnvRead
from filot_lint.models import load_models
from filot_lint.source import Language, SourceFile

_DOUBLED = "\n".join(f"const a{n + 1} = a{n} || a{n} || !a{n} || a{n};" for n in range(60))
_FILTERED = "\n".join(f"const a{n + 1} = a{n}.filter((k) => !process.env[k] || a{n}.length > 0);" for n in range(60))
_MUTUAL = """
function f(x) { if (!x) g(x); return h(x); }
function g(x) { f(x); h(x); }
function h(x) { g(x); f(x); process.exit(1); }
f(process.env.A_NAME);
"""


@pytest.mark.parametrize(
    "text",
    [
        f"const a0 = process.env.A_NAME;\n{_DOUBLED}\nif (!a60) throw new Error();\n",
        f"const a0 = ['A_NAME'];\n{_FILTERED}\nif (a60.length) throw new Error();\n",
        _MUTUAL,
        "use(process.env.A_NAME);\nf(" + "{env: " * 120 + "process.env" + "}" * 120 + ")",
    ],
    ids=["doubled", "filtered", "mutual", "nested"],
)
def test_what_is_made_to_cost_much(text: str) -> None:
    start = time.process_time()
    facts = extract(SourceFile("case.ts", text.encode(), Language.TYPESCRIPT), load_models())
    assert [fact for fact in facts if isinstance(fact, EnvRead)]
    assert time.process_time() - start < 5


def test_every_operand_of_a_chain_is_demanded() -> None:
    names = [f"A{n}" for n in range(60)]
    text = "if (" + " || ".join(f"!process.env.{name}" for name in names) + ") throw new Error();\n"
    facts = extract(SourceFile("case.ts", text.encode(), Language.TYPESCRIPT), load_models())
    assert {fact.name for fact in facts if isinstance(fact, EnvRead) and fact.required} == set(names)
