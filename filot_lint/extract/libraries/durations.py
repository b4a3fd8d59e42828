"""Constants that are called a duration of jobs: how long a lock lives, when a job is taken for stuck."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Literal as Choice
from typing import NamedTuple

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.place import place_at
from filot_lint.extract.redact import redact
from filot_lint.facts import Duration, Fact, Unit
from filot_lint.secrets import tokens
from filot_lint.syntax import expression as x
from filot_lint.values import Env, Literal, Value

_UNITS: dict[str, Unit] = {
    "MS": "ms", "MSEC": "ms", "MSECS": "ms", "MILLIS": "ms", "MILLISECONDS": "ms", "S": "s", "SEC": "s", "SECS": "s",
    "SECOND": "s", "SECONDS": "s", "MIN": "min", "MINS": "min", "MINUTES": "min", "HOUR": "h", "HOURS": "h",
}  # fmt: skip
_LENGTH = frozenset({"TIMEOUT", "TTL", "DURATION", "AFTER", "THRESHOLD", "AGE", "LIMIT", "EXPIRY", "EXPIRES", "PERIOD",
                     "EXPIRATION", "DEADLINE", "MAX", "TIME", "LEASE"})  # fmt: skip
_ROLES: tuple[tuple[Choice["stuck", "lock", "limit", "drain"], frozenset[str]], ...] = (
    ("stuck", frozenset({"STUCK", "STALE", "STALLED", "ORPHAN", "ORPHANED", "ABANDONED", "ZOMBIE"})),
    ("lock", frozenset({"LOCK"})),
    ("drain", frozenset({"DRAIN", "SHUTDOWN", "GRACEFUL", "GRACE", "TERMINATION"})),
    ("limit", frozenset({"JOB", "TASK"})),
)
_NEVER = frozenset({"INTERVAL", "POLL", "EVERY", "WAIT", "RETRY", "RENEW", "DELAY", "BACKOFF", "CACHE"})
_SCALE = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}


class Measure(NamedTuple):
    """What a name says about a duration."""

    role: Choice["stuck", "lock", "limit", "drain"]
    unit: Unit


def measure(name: str) -> Measure | None:
    """Return what a name says that ends in a unit: `STUCK_JOB_TIMEOUT_MS`, `lockTtlSeconds`."""
    words = tokens(name)
    unit = _UNITS.get(words[-1]) if words else None
    if unit is None or _NEVER & set(words) or not _LENGTH & set(words):
        return None
    role = next((role for role, said in _ROLES if said & set(words)), None)
    return None if role is None else Measure(role, unit)


def seconds(value: Value | None, unit: Unit) -> float | None:
    """Return a duration in seconds, None when it is no number."""
    found = number(value.text) if isinstance(value, Literal) else None
    return None if found is None else found * _SCALE[unit]


def number(text: str) -> float | None:
    """Return a number as it is written, None for anything else."""
    try:
        found = float(text[:40].replace("_", ""))
    except ValueError:
        return None
    return found if isfinite(found) else None


def durations(evaluator: Evaluator, body: list[x.Statement]) -> Iterator[Fact]:
    """Yield the durations among the constants of a file."""
    for statement in body:
        if not isinstance(statement, x.Assign) or not isinstance(statement.target, x.Name) or statement.value is None:
            continue
        said = measure(statement.target.id)
        value = _value(evaluator, statement.value) if said is not None else None
        if said is not None and isinstance(value, Literal | Env):
            place = place_at(evaluator.source, evaluator.source.locate(statement.span))
            kept = redact(value, None) or value
            yield Duration(**place, name=statement.target.id, role=said.role, unit=said.unit, length=kept)


def _value(evaluator: Evaluator, expression: x.Expression) -> Value:
    """Return what a constant is; products of numbers are worked out."""
    product = _product(expression)
    if product is not None:
        return Literal(str(int(product)) if product.is_integer() else repr(product), "number")
    return evaluator.evaluate(expression, evaluator.scopes.module)


def _product(expression: x.Expression, depth: int = 0) -> float | None:
    match expression:
        case x.Number(text=text):
            return number(text)
        case x.Binary(operator="*", left=left, right=right) if depth < 8:  # noqa: PLR2004
            one, other = _product(left, depth + 1), _product(right, depth + 1)
            return None if one is None or other is None else number(str(one * other))
        case _:
            return None
