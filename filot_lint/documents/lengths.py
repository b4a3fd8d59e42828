"""Lengths of time that are written in units: `timedelta(hours=2)`."""

from __future__ import annotations

from fractions import Fraction

from filot_lint.values import Literal, Record, Value

UNITS: dict[str, Fraction] = {
    "weeks": Fraction(604_800),
    "days": Fraction(86_400),
    "hours": Fraction(3600),
    "minutes": Fraction(60),
    "seconds": Fraction(1),
    "milliseconds": Fraction(1, 1000),
}


def parts_of(value: Value | None) -> tuple[tuple[str, Value], ...]:
    """Return the numbers of a length of time with their units, nothing for any other value."""
    if not isinstance(value, Record) or value.open:
        return ()
    return value.entries if all(unit in UNITS for unit, _ in value.entries) else ()


def folded(value: Value, unit: str) -> Value:
    """Return a length of time as one number, in `s` or `ms`, where all its numbers are known."""
    parts = parts_of(value)
    numbers = [UNITS[name] * int(v.text) for name, v in parts if isinstance(v, Literal) and v.text.isdecimal()]
    if not parts or len(numbers) < len(parts):
        return value
    total = sum(numbers, Fraction()) * (1000 if unit == "ms" else 1)
    return Literal(str(total) if total.denominator == 1 else str(float(total)), "number")
