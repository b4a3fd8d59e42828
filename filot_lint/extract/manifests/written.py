"""What facts keep of a value that a manifest writes out: its shape, what may be told of it, and the rest never."""

from __future__ import annotations

from typing import TypedDict

from filot_lint.secrets import plain_text, shape_of
from filot_lint.traits import traits_of


class Written(TypedDict):
    """The parts of a provision that come from its value."""

    shape: str | None
    traits: tuple[str, ...]
    text: str | None


def written(name: str, value: str | None) -> Written:
    """Return what may be told of the value of a variable; null for none."""
    shape = None if value is None else shape_of(value)
    return {"shape": shape, "traits": traits_of(value), "text": plain_text(name, value)}


def referred(shape: str | None = "reference") -> Written:
    """Return what is told of a value that stands elsewhere."""
    return {"shape": shape, "traits": (), "text": None}
