"""Observations that mean something only together: a connection and its client, a sorted set that works as a queue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import msgspec

from filot_lint.facts import (
    DatabaseConnection,
    Definition,
    Fact,
    QueueUse,
    RedisConnection,
    RedisKey,
    Role,
    SecretAbsence,
    SecretComparison,
    SecretExposure,
    SecretUse,
    TemporalConnection,
    TlsSetting,
)
from filot_lint.secrets import suggests_secret
from filot_lint.source import Location
from filot_lint.values import Record, Value, env_names, literals, options, pattern

_TAKES = frozenset({"zpopmin", "zpopmax", "bzpopmin", "bzpopmax"})
_ROLES: dict[str, Role] = {"zadd": "producer", "zrem": "remover", "zrangebyscore": "observer", "zcard": "observer"}
_READS = frozenset({"lrange", "lindex", "zrange", "zrangebyscore", "zrevrange", "zrevrangebyscore"})
_TAKEN = frozenset({"lrem", "zrem"})


def pair(facts: list[Fact], facts_of: Callable[[str], list[Fact]]) -> list[Fact]:
    """Return the facts with those joined that belong together, without those that turned out to say nothing.

    `facts_of` returns what only links, too: the functions of a file.
    """
    return _taken_over(_scheduled(_connected(_told_once([f for f in facts if not _is_of_a_user(f)]))), facts_of)


def _told_once(facts: list[Fact]) -> list[Fact]:
    """Drop what says whether certificates are checked where the settings of a connection say so themselves."""
    found = [fact for fact in facts if isinstance(fact, RedisConnection | DatabaseConnection)]
    places = {at for fact in found for at in _keys(fact.tls)}
    calls: dict[str, list[Location]] = defaultdict(list)
    for place in (place for fact in found for place in (fact.location, fact.through) if place is not None):
        calls[place.file].append(place)
    return [
        fact
        for fact in facts
        if not isinstance(fact, TlsSetting)
        or (fact.location not in places and not any(_inside(fact.location, call) for call in calls[fact.file]))
    ]


def _keys(value: Value | None) -> Iterator[Location]:
    """Yield where the settings of an object, or of one of several, are written."""
    for option in options(value) if value is not None else ():
        if isinstance(option, Record):
            yield from (at for _, at in option.keys_at)


def _inside(place: Location, call: Location) -> bool:
    start, end = (call.line, call.column), (call.end_line, call.end_column)
    return start <= (place.line, place.column) <= end


def _is_of_a_user(fact: Fact) -> bool:
    """Return whether what is used turned out to be no secret of the service: a token that some caller has."""
    if isinstance(fact, SecretUse):
        return fact.sink == "header" and not env_names(fact.secret)
    if isinstance(fact, SecretComparison | SecretAbsence):
        return fact.secret is not None and not any(map(suggests_secret, env_names(fact.secret)))
    if isinstance(fact, SecretExposure):
        return not fact.whole and not any(map(suggests_secret, env_names(fact.exposed)))
    return False


def _scheduled(facts: list[Fact]) -> list[Fact]:
    """Take a sorted set for a queue when its members are taken out: at once, or those that are due one by one."""
    commands: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        if isinstance(fact, RedisKey | QueueUse) and fact.command is not None:
            commands[_label(fact)].add(fact.command)
    queues = {
        label
        for label, used in commands.items()
        if label and "zadd" in used and (used & _TAKES or {"zrem", "zrangebyscore"} <= used)
    }
    return [_as_queue(fact) if isinstance(fact, RedisKey) and _label(fact) in queues else fact for fact in facts]


def _taken_over(facts: list[Fact], facts_of: Callable[[str], list[Fact]]) -> list[Fact]:
    """Take a removal for a consumer where the same function reads the members first; others only clean up."""
    uses = [fact for fact in facts if isinstance(fact, QueueUse | RedisKey) and fact.command in _READS | _TAKEN]
    if not any(isinstance(use, QueueUse) and use.role == "remover" for use in uses):
        return facts
    around = {id(use): _around(use, facts_of(use.file)) for use in uses}
    read: dict[tuple[str, object, str], int] = {}
    for use in uses:
        if use.command in _READS:
            place = (use.file, around[id(use)], _label(use))
            read[place] = min(use.line, read.get(place, use.line))
    taken = {
        id(use)
        for use in uses
        if use.command in _TAKEN
        and _label(use)
        and read.get((use.file, around[id(use)], _label(use)), use.line + 1) <= use.line
    }
    return [
        msgspec.structs.replace(fact, role="consumer") if id(fact) in taken and isinstance(fact, QueueUse) else fact
        for fact in facts
    ]


def _around(use: Fact, facts: list[Fact]) -> Location | None:
    """Return where the function around a fact stands, None for what runs when the file is loaded."""
    found = [fact.location for fact in facts if isinstance(fact, Definition) and fact.names]
    return max((at for at in found if _inside(use.location, at)), key=lambda at: (at.line, at.column), default=None)


def _label(fact: RedisKey | QueueUse) -> str:
    """Return what tells one key from another: its text, else what is known of it."""
    known = next((literal.text for literal in literals(fact.name) if literal.text), None)
    return known or pattern(fact.name) or ""


def _as_queue(key: RedisKey) -> Fact:
    role = _ROLES.get(key.command)
    if role is None:
        return key
    shared = {name: getattr(key, name) for name in Fact.__struct_fields__}
    return QueueUse(**shared, framework="redis", role=role, name=key.name, command=key.command, client=key.client)


def _connected(facts: list[Fact]) -> list[Fact]:
    """Give a connection the namespace of its client where a file makes exactly one of each; without one both stay."""
    by_file: dict[str, list[TemporalConnection]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact, TemporalConnection):
            by_file[fact.file].append(fact)
    replaced: dict[int, TemporalConnection | None] = {}
    for found in by_file.values():
        bare = [f for f in found if f.address is None and f.api_key is None and f.tls is None]
        connected = [f for f in found if f not in bare]
        named = len(bare) == 1 and (bare[0].namespace is not None or bare[0].client is None)
        if named and len(connected) == 1 and connected[0].namespace is None:
            replaced[id(connected[0])] = msgspec.structs.replace(connected[0], namespace=bare[0].namespace)
            replaced[id(bare[0])] = None
    paired = [replaced.get(id(fact), fact) for fact in facts]
    return [fact for fact in paired if fact is not None]
