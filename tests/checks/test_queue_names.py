"""What the name of a queue can be."""

from __future__ import annotations

import time

from filot_lint.checks.queues.naming import display, spellings
from filot_lint.values import UNKNOWN, Coalesce, Env, Join, Literal


def test_a_default_knows_its_variable() -> None:
    value = Join((Env("PREFIX", Literal("shop:")), Literal("jobs:"), UNKNOWN))
    assert [(said.text, said.variable) for said in spellings(value)] == [("shop:jobs:*", "PREFIX")]
    assert display(value) == "shop:jobs:*"


def test_nothing_is_known_of_a_computed_name() -> None:
    assert [said.key for said in spellings(Join((UNKNOWN, UNKNOWN)))] == [None]
    assert display(UNKNOWN) == "a computed name"
    assert display(Env("QUEUE")) == "$QUEUE"


def test_alternatives_are_not_multiplied_out_without_end() -> None:
    many = Coalesce(tuple(Literal(str(number)) for number in range(20)))
    begun = time.perf_counter()
    assert len(list(spellings(Join((many,) * 20)))) < 100
    assert time.perf_counter() - begun < 1
