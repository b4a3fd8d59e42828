"""Calls and members in one file, as the linker sees them: their arguments, and the reads they turn out to be."""

from __future__ import annotations

import msgspec

from filot_lint.facts import CallSite, EnvRead, MemberUse
from filot_lint.models import Selector
from filot_lint.source import Location
from filot_lint.values import Record, Sequence, Value


def read_at(site: CallSite | MemberUse, place: Location, **fields: object) -> EnvRead:
    """Return a read at `place`; `fields` are those that the site itself does not tell."""
    read = EnvRead(
        file=site.file,
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        language=site.language,
        area=site.area,
        name=None,
        access=site.access,
        via="",
        guard=site.guard,
        deferred=site.deferred,
    )
    return msgspec.structs.replace(read, **fields)


def pick(site: CallSite, selector: Selector) -> Value | None:
    """Return the argument of a call that a selector names, as far as it is an argument itself."""
    for path in selector:
        positional = [value for name, value, _ in site.arguments if name is None]
        named = [value for name, value, _ in site.arguments if name == path[0]]
        found = positional[int(path[0]) :][:1] if path[0].isdigit() else named
        if found and len(path) == 1:
            return found[0]
    return None


def bind(
    parameters: tuple[str, ...], arguments: tuple[tuple[str | None, Value, Location], ...], shift: int
) -> dict[int, Value]:
    """Return what a call gives for each parameter; `*names` and `**options` take the rest."""
    found: dict[int, Value] = {}
    rest: list[Value] = []
    keywords: list[tuple[str, Value]] = []
    position = shift
    for name, value, _ in arguments:
        if name is not None and name in parameters:
            found[parameters.index(name)] = value
        elif name is not None:
            keywords.append((name, value))
        elif position < len(parameters) and not parameters[position].startswith("*"):
            found[position] = value
            position += 1
        else:
            rest.append(value)
    for index, name in enumerate(parameters):
        if name.startswith("*"):
            found[index] = Record(tuple(keywords)) if name.startswith("**") else Sequence(tuple(rest))
    return found
