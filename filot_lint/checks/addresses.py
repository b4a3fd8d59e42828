"""The texts that an address in the code can have, by what may be told of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.checks.production import may_run
from filot_lint.facts import Fact
from filot_lint.source import Location
from filot_lint.traits import traits_of
from filot_lint.values import Env, Join, Literal, Value, options
from filot_lint.workspace.index import Index


class Address(NamedTuple):
    """One text: a constant, or the value that a file gives to the variable `name`; `example` if that is a sample."""

    location: Location
    traits: tuple[str, ...]
    name: str | None = None
    example: bool = False


def runs(fact: Fact) -> bool:
    """Whether production may reach the place of a fact, and some code calls the function around it."""
    return may_run(fact) and not fact.is_unused


def addresses(index: Index, value: Value | None, fact: Fact) -> Iterator[Address]:
    """Yield what is known of the texts of a setting: in code, in examples and manifests."""
    for option in alternatives(value):
        if isinstance(option, Literal | Join):
            yield Address(written_at(option) or fact.location, traits_of(text_of(option)))
        elif isinstance(option, Env) and option.name is not None:
            for declared in index.declarations.get(option.name, ()):
                if not declared.commented_out:
                    yield Address(declared.location, declared.traits, option.name, example=True)
            for given in index.provisions.get(option.name, ()):
                if given.channel != "ci":
                    yield Address(given.location, given.traits, option.name)


def alternatives(value: Value | None) -> Iterator[Value]:
    """Yield what a setting can be; nothing where it is not given."""
    return options(value) if value is not None else iter(())


def text_of(value: Value) -> str:
    """Return a text with `${X}` for each part that is not known."""
    if isinstance(value, Join):
        return "".join(text_of(part) or "${X}" for part in value.parts)
    return value.text if isinstance(value, Literal) and value.type == "string" else ""


def written_at(value: Literal | Join) -> Location | None:
    """Return where a text, or the first part of it, is written."""
    parts = value.parts if isinstance(value, Join) else (value,)
    return next((part.at for part in parts if isinstance(part, Literal) and part.at is not None), None)
