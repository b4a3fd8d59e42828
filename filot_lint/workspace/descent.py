"""Which classes with unfinished methods are only the base of others, that finish them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from filot_lint.facts import Fact, TestDouble
from filot_lint.source import Location, SourceFile

_UNFINISHED = frozenset({"unfinished", "refuses"})
_EXTENDS = rb"\bextends\s+[\w.]*\b%b\b|\bclass\s+\w+\s*\([^)]*\b%b\b"


def descended(facts: Iterable[Fact], sources: Mapping[str, SourceFile]) -> list[Fact]:
    """Return the facts; an unfinished method gets the place of a class that builds on its own, if there is one."""
    known: dict[str, Location | None] = {}
    found: list[Fact] = []
    for fact in facts:
        owner = fact.symbol.rpartition(".")[0] if isinstance(fact, TestDouble) and _UNFINISHED & set(fact.signs) else ""
        if owner and owner not in known:
            known[owner] = _heir(owner, sources)
        place = known.get(owner) if owner else None
        found.append(fact if place is None else msgspec.structs.replace(fact, heirs=place))
    return found


def _heir(owner: str, sources: Mapping[str, SourceFile]) -> Location | None:
    name = re.escape(owner.encode())
    pattern = re.compile(_EXTENDS % (name, name))
    for _, source in sorted(sources.items()):
        if not source.language.is_code or owner.encode() not in source.data:
            continue
        match = pattern.search(source.data)
        if match is not None:
            return source.at_line(source.data.count(b"\n", 0, match.start()) + 1)
    return None
