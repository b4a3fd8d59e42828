"""Which classes with unfinished methods are only the base of others, that finish them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import msgspec

from filot_lint.facts import Fact, TestDouble
from filot_lint.source import Location, SourceFile

_UNFINISHED = frozenset({"unfinished", "refuses"})
_BASES = re.compile(rb"\bextends\s+(?=([\w.]*))|\bclass\s+\w+\s*\(([^)]*)")
_WORD = re.compile(rb"\w+")


def descended(facts: Iterable[Fact], sources: Mapping[str, SourceFile]) -> list[Fact]:
    """Return the facts; an unfinished method gets the place of a class that builds on its own, if there is one."""
    found = list(facts)
    owners = {owner for fact in found if (owner := _owner(fact))}
    heirs = _heirs(owners, sources) if owners else {}
    places = ((fact, heirs.get(_owner(fact))) for fact in found)
    return [fact if place is None else msgspec.structs.replace(fact, heirs=place) for fact, place in places]


def _owner(fact: Fact) -> str:
    """Return the class of an unfinished method."""
    unfinished = isinstance(fact, TestDouble) and not _UNFINISHED.isdisjoint(fact.signs)
    return fact.symbol.rpartition(".")[0] if unfinished and isinstance(fact, TestDouble) else ""


def _heirs(owners: set[str], sources: Mapping[str, SourceFile]) -> dict[str, Location]:
    """Return the first place where a class names each of these as its base; of an inner class the last name counts."""
    wanted: dict[bytes, list[str]] = {}
    for owner in owners:
        wanted.setdefault(owner.rpartition(".")[2].encode(), []).append(owner)
    found: dict[str, Location] = {}
    for _, source in sorted(sources.items()):
        for match in _BASES.finditer(source.data) if source.language.is_code else ():
            bases = match[1] or match[2] or b""
            for owner in (o for word in set(_WORD.findall(bases)) for o in wanted.get(word, ()) if o not in found):
                if _names(bases, owner):
                    found[owner] = source.at_line(source.data.count(b"\n", 0, match.start()) + 1)
    return found


def _names(bases: bytes, owner: str) -> bool:
    """Return whether bases name a class as a whole: all of `Outer.Inner`."""
    return "." not in owner or re.search(rb"\b" + re.escape(owner.encode()) + rb"\b", bases) is not None
