"""What constraints allow."""

from __future__ import annotations

from typing import Literal

import pytest

from filot_lint.workspace.ranges import EVERYTHING, exactly, key_of, spans

Ecosystem = Literal["pypi", "npm"]


def allows(constraint: str | None, ecosystem: Ecosystem, version: str) -> bool:
    key = key_of(version)
    assert key is not None
    return any(s.low <= key and (s.high is None or key < s.high) for s in spans(constraint, ecosystem))


@pytest.mark.parametrize(
    ("constraint", "inside", "outside"),
    [
        (">=5.0,<6", "5.0 5.3.1 5.9.9", "4.9 6.0 6.0.1 6.0.0b1"),
        ("~=5.2.1", "5.2.1 5.2.9", "5.2.0 5.3"),
        ("~=5.2", "5.2 5.9", "6.0 5.1"),
        ("==5.*", "5.0 5.4", "4.9 6.0"),
        ("==5.1.*", "5.1.0 5.1.9", "5.2.0"),
        ("==5.1", "5.1 5.1.0", "5.1.1"),
        ("!=5.1", "5.0 9", ""),
        (">5.0", "5.0.1 9", "5.0"),
        ("<=5.3", "5.3 4", "5.3.1"),
        ("<8", "7.9.9", "8.0 8.0.0rc1"),
        ("^5.0", "5.0.0 5.9", "6.0 4.9"),
        ("^0.3.1", "0.3.1 0.3.9", "0.4.0"),
        ("~5.1", "5.1.0 5.1.9", "5.2"),
        (">=4,<5 || >=7", "4.5 7.0 99", "5.0 6.9"),
        ("", "0.1 99", ""),
        (None, "0.1 99", ""),
        ("nonsense", "1 99", ""),
    ],
)
def test_python(constraint: str | None, inside: str, outside: str) -> None:
    assert [v for v in inside.split() if not allows(constraint, "pypi", v)] == []
    assert [v for v in outside.split() if allows(constraint, "pypi", v)] == []


@pytest.mark.parametrize(
    ("constraint", "inside", "outside"),
    [
        ("^5.4.1", "5.4.1 5.99.0", "5.4.0 6.0.0 6.0.0-beta.1"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^0.2", "0.2.0 0.2.9", "0.3.0"),
        ("~1.2.3", "1.2.3 1.2.9", "1.3.0"),
        ("~1", "1.0.0 1.9.0", "2.0.0"),
        ("5", "5.0.0 5.9.0", "4.9.0 6.0.0"),
        ("5.x", "5.0.0 5.9.0", "6.0.0"),
        ("5.1", "5.1.0 5.1.9", "5.2.0"),
        ("5.1.2", "5.1.2", "5.1.3"),
        ("1.0.0 - 2.0.0", "1.0.0 2.0.0", "2.0.1"),
        (">=1.2.0 <2", "1.9.0", "2.0.0 1.1.9"),
        ("<=5.3", "5.3.9", "5.4.0"),
        (">5", "6.0.0", "5.9.0"),
        ("^4 || ^5", "4.1.0 5.1.0", "3.9.9 6.0.0"),
        ("*", "0.0.1 99.0.0", ""),
        ("latest", "0.0.1 99.0.0", ""),
    ],
)
def test_npm(constraint: str, inside: str, outside: str) -> None:
    assert [v for v in inside.split() if not allows(constraint, "npm", v)] == []
    assert [v for v in outside.split() if allows(constraint, "npm", v)] == []


@pytest.mark.parametrize(
    ("lower", "higher"),
    [
        ("5.9", "5.10"),
        ("8.0.0b1", "8.0.0"),
        ("8.0.0-rc.1", "8.0.0"),
        ("8.0.0.dev3", "8.0"),
        ("7.9.9", "8.0.0a1"),
    ],
)
def test_the_order_of_versions(lower: str, higher: str) -> None:
    assert (key_of(lower) or ()) < (key_of(higher) or ())


@pytest.mark.parametrize(
    ("one", "other"), [("5", "5.0.0"), ("v5.1", "5.1"), ("5.1.post1", "5.1"), ("5.1+cu121", "5.1")]
)
def test_the_same_version(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


def test_what_is_no_version() -> None:
    assert key_of("latest") is None
    assert exactly("git") == EVERYTHING


def test_a_hostile_constraint_ends_soon() -> None:
    assert spans("^1 " * 100_000, "npm")
    assert spans(" - " * 50_000 + "9" * 50_000, "npm")
