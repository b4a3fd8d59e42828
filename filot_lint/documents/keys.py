"""What Redis holds besides queues, and every length of time that the code, a library or a manifest decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from filot_lint.checks.queues.naming import Running, display, spellings
from filot_lint.documents.context import Context
from filot_lint.documents.queues import is_forgotten
from filot_lint.facts import ContainerSpec, Duration, Fact, Implied, QueueSetting, QueueUse, RedisConnection, RedisKey
from filot_lint.values import Literal, Value, env_names, literals

_ROLES = {
    "stuck": "a job is taken for lost after",
    "lock": "a lock lives for",
    "limit": "a job may take",
    "drain": "a shutdown may take",
}
_IN_MILLISECONDS = frozenset({"xread", "xreadgroup"})


class Key(msgspec.Struct, frozen=True):
    """One key, or all keys of one pattern. `idle` are the uses that never run."""

    label: str
    known: bool
    uses: tuple[RedisKey, ...]
    idle: tuple[RedisKey, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables that decide its name."""
        return tuple(dict.fromkeys(name for use in (*self.uses, *self.idle) for name in env_names(use.name)))

    @property
    def lives(self) -> tuple[tuple[RedisKey, Value, str], ...]:
        """The places that say how long it lives, with the value and its unit."""
        pairs = ((use, use.expires or use.expires_ms, "s" if use.expires else "ms") for use in self.uses)
        return tuple((use, value, unit) for use, value, unit in pairs if value is not None)

    @property
    def is_written(self) -> bool:
        """Whether something that runs puts it there."""
        return any(use.access == "write" for use in self.uses)


class Span(msgspec.Struct, frozen=True):
    """One length of time: what it is about, the value or what a library does by itself, and where that stands."""

    what: str
    value: Value | None
    unit: str
    fact: Fact
    implied: Implied | None = None


def redis_keys(context: Context) -> tuple[Key, ...]:
    """Return the keys of production that are no queues, by name; those whose name is computed come last."""
    found: dict[tuple[bool, str], list[RedisKey]] = {}
    of_queues = on_queues(context)
    for use in context.index.of(RedisKey):
        if use.area == "production" and use not in of_queues:
            known = any(spelling.key is not None for spelling in spellings(use.name))
            found.setdefault((known, display(use.name)), []).append(use)
    order = sorted(found, key=lambda key: (not key[0], key[1]))
    return tuple(
        Key(label, known, tuple(u for u in found[known, label] if not never_called(context, u)),
            tuple(u for u in found[known, label] if never_called(context, u)))
        for known, label in order
    )  # fmt: skip


def on_queues(context: Context) -> tuple[RedisKey, ...]:
    """Return the commands of `redis_keys` that are given the name of a queue."""
    queues = {queue.label for queue in context.queues if queue.determined}
    found = (f for f in context.index.of(RedisKey) if f.area == "production" and display(f.name) in queues)
    return tuple(found)


def commands(_context: Context, uses: tuple[RedisKey, ...]) -> tuple[tuple[str, tuple[RedisKey, ...]], ...]:
    """Return the commands of some uses with the places of each."""
    names = dict.fromkeys(use.command for use in uses)
    return tuple((name, tuple(u for u in uses if u.command == name)) for name in names)


def durations(context: Context) -> tuple[Span, ...]:
    """Return every length of time about Redis, jobs and shutdown."""
    return tuple(_spans(context))


def _spans(context: Context) -> Iterator[Span]:
    index = context.index
    for fact in _running(context, Duration):
        yield Span(f"{_ROLES[fact.role]} (`{fact.name}`)", fact.length, fact.unit, fact)
    for setting in _running(context, QueueSetting):
        if setting.unit is not None:
            yield Span(f"`{setting.option}` of {setting.framework}", setting.given, setting.unit, setting)
    for use in _running(context, QueueUse):
        if use.block is not None and use.command:
            unit = "ms" if use.command.lower() in _IN_MILLISECONDS else "s"
            never = isinstance(use.block, Literal) and use.block.text == "0"
            what = f"`{use.command.upper()}` waits for a job" + (" (0 is for ever)" if never else "")
            yield Span(what, use.block, unit, use)
    for key in redis_keys(context):
        for held, value, unit in key.lives:
            name = f"the key `{key.label}`" if key.known else "a key whose name is computed"
            yield Span(f"{name} lives for", value, unit, held)
    for connection in _running(context, RedisConnection):
        unit = "s" if connection.language == "python" else "ms"
        for field, what in (("timeout", "an answer of Redis may take"), ("connect_timeout", "a connection may take")):
            value = getattr(connection, field)
            implied = connection.by_default(field) if value is None else None
            if env_names(value) or any(literals(value)) or (implied is not None and implied.value is not None):
                yield Span(what, value, unit, connection, implied)
    for spec in index.of(ContainerSpec):
        if spec.stop_timeout and spec.origin == "ecs":
            yield Span(f"ECS kills `{spec.name}` after SIGTERM in", Literal(spec.stop_timeout), "s", spec)


def _running(context: Context, kind: type[Any]) -> list[Any]:
    running = Running(context.index)
    return [fact for fact in context.index.of(kind) if fact.area == "production" and running(fact)]


def never_called(context: Context, fact: Fact) -> bool:
    """Whether a fact stands in a function that nothing calls."""
    return not Running(context.index)(fact) or is_forgotten(context.index, fact)


KEY_VIEWS: tuple[Callable[..., Any], ...] = (redis_keys, on_queues, commands, durations, never_called)
