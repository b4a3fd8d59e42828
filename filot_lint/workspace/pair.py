"""Observations that mean something only together: a connection and its client, a sorted set that works as a queue."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from filot_lint.facts import Fact, QueueUse, RedisKey, Role, SecretUse, TemporalConnection
from filot_lint.values import env_names, literals, pattern

_TAKES = frozenset({"zpopmin", "zpopmax", "bzpopmin", "bzpopmax"})
_ROLES: dict[str, Role] = {"zadd": "producer", "zrem": "consumer", "zrangebyscore": "observer", "zcard": "observer"}


def pair(facts: list[Fact]) -> list[Fact]:
    """Return the facts with those joined that belong together, without those that turned out to say nothing."""
    return _scheduled(_connected([fact for fact in facts if not _is_of_a_user(fact)]))


def _is_of_a_user(fact: Fact) -> bool:
    """Return whether a header carries no secret of the service: a token that some caller has."""
    return isinstance(fact, SecretUse) and fact.sink == "header" and not env_names(fact.secret)


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


def _label(fact: RedisKey | QueueUse) -> str:
    """Return what tells one key from another: its text, else what is known of it."""
    known = next((literal.text for literal in literals(fact.name) if literal.text), None)
    return known or pattern(fact.name) or ""


def _as_queue(key: RedisKey) -> Fact:
    role = _ROLES.get(key.command)
    if role is None:
        return key
    shared = {name: getattr(key, name) for name in Fact.__struct_fields__}
    return QueueUse(**shared, framework="redis", role=role, name=key.name, command=key.command)


def _connected(facts: list[Fact]) -> list[Fact]:
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
