"""The lattice: what values combine to."""

from __future__ import annotations

import pytest

from filot_lint.source import Location
from filot_lint.values import (
    NULL,
    UNKNOWN,
    Coalesce,
    Env,
    Environment,
    Join,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Value,
    coalesce,
    constant,
    env_names,
    join,
    literals,
    member,
    names_of,
    pattern,
    substitute,
    variable,
    with_default,
)

HERE = Location("a.py", 1, 1, 1, 5)
A, B = Literal("a"), Literal("b")
X, Y = Env("X"), Env("Y")


def test_coalesce_flattens_and_drops_repeats() -> None:
    assert coalesce([A, Coalesce((B, A)), B]) == Coalesce((A, B))
    assert coalesce([A, A]) == A
    assert coalesce([]) == UNKNOWN


def test_join_melts_constants() -> None:
    assert join([A, B]) == Literal("ab")
    assert join([A, X, Literal("1", "number"), B]) == Join((A, X, Literal("1b")))
    assert join([]) == Literal("")


def test_join_with_null_is_unknown() -> None:
    assert join([A, NULL]) == UNKNOWN


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ([Literal("X", "string", HERE), Literal("")], HERE),
        ([Literal(""), Literal("X", "string", HERE)], HERE),
        ([Literal("X", "string", HERE), Literal("Y", "string", HERE)], None),
    ],
)
def test_a_composed_text_is_written_nowhere(parts: list[Value], place: Location | None) -> None:
    joined = join(parts)
    assert isinstance(joined, Literal)
    assert joined.at == place


def test_a_default_is_for_what_is_missing() -> None:
    assert with_default(X, A) == Env("X", A)
    assert with_default(Env("X", Y), A) == Env("X", Env("Y", A))
    assert with_default(A, B) == A
    assert with_default(NULL, B) == B
    assert with_default(Literal(""), B) == B
    assert with_default(Environment("os.environ"), B) == Environment("os.environ")
    assert with_default(UNKNOWN, B) == Coalesce((UNKNOWN, B))


def test_env_names_in_order_each_once() -> None:
    value = Coalesce((Env("X", Env("Y", A)), Join((A, Env("Z"))), Record((("k", X),)), Sequence((Env("W"),))))
    assert env_names(value) == ("X", "Y", "Z", "W")
    assert env_names(None) == ()


def test_literals_are_found_among_defaults() -> None:
    assert list(literals(Env("X", Coalesce((A, Env("Y", B)))))) == [A, B]
    assert list(literals(None)) == []


def test_constant_is_one_text_or_number() -> None:
    assert constant(A) == "a"
    assert constant(Literal("5", "number")) == "5"
    assert constant(Literal("true", "boolean")) is None
    assert constant(Coalesce((A, B))) is None


def test_pattern_keeps_what_is_known() -> None:
    assert pattern(Join((Literal("APP_"), UNKNOWN))) == "APP_.*"
    assert pattern(Join((UNKNOWN, Literal(".URL")))) == r".*\.URL"
    assert pattern(UNKNOWN) is None
    assert pattern(Join((UNKNOWN, X))) is None


def test_names_multiply_out() -> None:
    names = names_of(Join((Coalesce((A, B)), Literal("_"), Coalesce((Literal("1"), UNKNOWN)))))
    assert [name.text if name else None for name in names] == ["a_1", None, "b_1"]


def test_names_are_bounded() -> None:
    many = Coalesce(tuple(Literal(str(n)) for n in range(100)))
    assert len(names_of(Join((many, many, many)))) <= 256


def test_a_number_is_no_name() -> None:
    assert names_of(Literal("5", "number")) == [None]


def test_variable_gives_one_value_per_name() -> None:
    assert variable(Coalesce((A, B)), "P_", NULL) == Coalesce((Env("P_a", NULL), Env("P_b", NULL)))
    key = Join((Literal("APP_"), Parameter("f", 0)))
    assert variable(key) == Env(None, None, "APP_.*", key)


def test_members() -> None:
    record = Record((("k", A), ("k", B)))
    assert member(record, "k") == B
    assert member(record, "other") == NULL
    assert member(Record((), open=True), "other") == UNKNOWN
    assert member(Sequence((A, B)), "1") == B
    assert member(Ref("m", ("a",)), "b") == Ref("m", ("a", "b"))
    assert member(Environment("e", "P_"), "X") == Env("P_X")
    assert member(Coalesce((record, Record((("k", A),)))), "k") == Coalesce((B, A))


def test_steps_that_are_no_names() -> None:
    assert member(Sequence((A, B)), "*") == Coalesce((A, B))
    assert member(Parameter("f", 0), "*") == Parameter("f", 0, ("*",))
    assert member(A, "upper()") == Literal("A")
    assert member(Join((Literal("a"), Parameter("f", 0))), "upper()") == Join(
        (Literal("A"), Parameter("f", 0, ("upper()",)))
    )
    assert member(A, "*") == UNKNOWN


def test_substitute_follows_paths_into_arguments() -> None:
    options = Record((("name", A), ("list", Sequence((A, B)))))
    assert substitute(Parameter("f", 0, ("name",)), "f", {0: options}) == A
    assert substitute(Parameter("f", 0, ("list", "*")), "f", {0: options}) == Coalesce((A, B))
    assert substitute(Parameter("f", 1), "f", {0: options}) == UNKNOWN
    assert substitute(Parameter("g", 0), "f", {0: options}) == Parameter("g", 0)


def test_a_default_counts_only_where_a_call_gives_nothing() -> None:
    value = with_default(Parameter("f", 0), A)
    assert substitute(value, "f", {0: B}) == B
    assert substitute(value, "f", {0: NULL}) == A
    assert substitute(value, "f", {0: UNKNOWN}) == Coalesce((UNKNOWN, A))
    assert substitute(Coalesce((Parameter("f", 0), A)), "f", {0: B}) == Coalesce((B, A))


def test_substitute_resolves_computed_names() -> None:
    key = Join((Literal("APP_"), Parameter("f", 0)))
    value = Env(None, Parameter("f", 1), "APP_.*", key)
    assert substitute(value, "f", {0: Literal("SIZE"), 1: A}) == Env("APP_SIZE", A)
    assert substitute(value, "f", {0: Literal("SIZE"), 1: NULL}) == Env("APP_SIZE")


def test_values_can_be_compared_and_hashed() -> None:
    assert len({A, Literal("a"), Env("X", A), Env("X", A), Sequence((A,)), Sequence((A,))}) == 3
