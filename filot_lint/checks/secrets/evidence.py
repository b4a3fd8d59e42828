"""Which values are secrets, and what they are called in messages."""

from __future__ import annotations

from collections.abc import Iterable

from filot_lint.secrets import classify
from filot_lint.values import Literal, Value, env_names, literals


def secret_names(value: Value | None, uses: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the variables in a value that are secrets, with what they are used for as evidence."""
    evidence = tuple(uses)
    return tuple(name for name in env_names(value) if classify(name, uses=evidence).kind == "secret")


def called(names: tuple[str, ...]) -> str:
    """Return the secret as messages name it."""
    return f"the secret `{names[0]}`" if names else "a secret"


def characters(literal: Literal) -> int:
    """Return how long a text is, by its place where the text itself is not kept; escapes make it shorter than that."""
    if literal.type != "redacted":
        return len(literal.text)
    place = literal.at
    return max(place.end_column - place.column - 2, 0) if place is not None and place.line == place.end_line else 0


def texts(value: Value | None) -> list[Literal]:
    """Return the constant texts that a value can be, without empty ones and those that run over several lines."""
    found = [o for o in literals(value) if o.type in {"string", "redacted"} and not o.is_empty]
    return [literal for literal in found if characters(literal) > 0]
