"""Two observations that are one thing: a Temporal connection and the client made on it, in TypeScript."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from filot_lint.facts import Fact, TemporalConnection


def pair(facts: list[Fact]) -> list[Fact]:
    """Give a connection the namespace of its client where a file makes exactly one of each."""
    by_file: dict[str, list[TemporalConnection]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, TemporalConnection):
            by_file[fact.file].append(fact)
    replaced: dict[int, TemporalConnection | None] = {}
    for found in by_file.values():
        bare = [f for f in found if f.address is None and f.api_key is None and f.tls is None]
        connected = [f for f in found if f not in bare]
        if len(bare) == len(connected) == 1 and connected[0].namespace is None:
            replaced[id(connected[0])] = msgspec.structs.replace(connected[0], namespace=bare[0].namespace)
            replaced[id(bare[0])] = None
    paired = [replaced.get(id(fact), fact) for fact in facts]
    return [fact for fact in paired if fact is not None]
