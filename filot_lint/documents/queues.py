"""Queues by resolved name, and Temporal's task queues, each with all its ends."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from filot_lint.checks.queues.naming import Running, kind_of
from filot_lint.documents.topology import certainly_runs, is_program, starts_nothing
from filot_lint.facts import Fact, QueueUse, TemporalStart, TemporalWorker
from filot_lint.values import Coalesce, Env, Lookup, Value, env_names, literals, pattern
from filot_lint.workspace.components import Component
from filot_lint.workspace.index import Index

_REDIS_KINDS = {
    "list": "Redis list",
    "delayed": "Redis sorted set",
    "stream": "Redis stream",
    "channel": "Redis channel",
}


class Queue(msgspec.Struct, frozen=True):
    """One queue with all its ends in production. `label` is what it is called at run time, as far as known.

    `idle` are the uses that nothing calls, or that stand on a branch production does not take: they are no end.
    """

    label: str
    determined: bool
    kind: str
    names: tuple[Value, ...]
    producers: tuple[QueueUse, ...] = ()
    consumers: tuple[QueueUse, ...] = ()
    removers: tuple[QueueUse, ...] = ()
    handles: tuple[QueueUse, ...] = ()
    observers: tuple[QueueUse, ...] = ()
    idle: tuple[QueueUse, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables that decide its name."""
        return tuple(dict.fromkeys(name for value in self.names for name in env_names(value)))

    @property
    def deciders(self) -> tuple[tuple[tuple[str, ...], tuple[QueueUse, ...]], ...]:
        """The variables that name it, none for a literal, each with the uses that are named so."""
        found: dict[tuple[str, ...], list[QueueUse]] = {}
        for use in self.uses:
            found.setdefault(env_names(use.name), []).append(use)
        return tuple((names, tuple(uses)) for names, uses in found.items())

    @property
    def uses(self) -> tuple[QueueUse, ...]:
        """Every use."""
        ends = (self.producers, self.consumers, self.removers, self.handles, self.observers, self.idle)
        return tuple({id(use): use for uses in ends for use in uses}.values())

    @property
    def lacks(self) -> tuple[str, ...]:
        """The ends that nothing here may be: members of a list may be taken off, a handle may add jobs."""
        emptied, filled = self.consumers or self.removers, self.producers or self.handles
        return (*(() if emptied else ("no consumer",)), *(() if filled else ("no producer",)))

    @property
    def is_channel(self) -> bool:
        """Whether nothing waits in it: what nobody hears is gone."""
        return self.kind == _REDIS_KINDS["channel"]

    def idle_as(self, role: str) -> tuple[QueueUse, ...]:
        """Return the uses with one role that never run."""
        return tuple(use for use in self.idle if use.role in {role, "both"})


def build_queues(index: Index) -> tuple[Queue, ...]:
    """Join production uses of the same queue: equal names (or equal defaults) mean one queue."""
    found: dict[tuple[str, str], list[QueueUse]] = {}
    for use in index.of(QueueUse):
        if use.area == "production":
            kind = kind_of(use)
            shown = _REDIS_KINDS.get(kind, kind) if use.framework == "redis" else kind
            for label, one in _each(use):
                found.setdefault((shown, label), []).append(one)
    running = Running(index)
    return tuple(
        _queue(kind, label, uses, [use for use in uses if running(use) and not is_forgotten(index, use)])
        for (kind, label), uses in sorted(found.items())
    )


def is_forgotten(index: Index, fact: Fact) -> bool:
    """Whether nothing names the function around a fact, in programs that an interpreter runs as a file."""
    runs = [c for c in index.components if c.name in fact.components and c.name not in fact.uncalled]
    return bool(runs) and all(is_program(c) for c in runs) and index.callers.is_orphan(fact)


def _queue(kind: str, label: str, uses: list[QueueUse], live: list[QueueUse]) -> Queue:
    names: dict[Value, None] = dict.fromkeys(use.name for use in uses)
    return Queue(
        label=label,
        determined=not label.startswith("?"),
        kind=kind,
        names=tuple(names),
        producers=tuple(u for u in live if u.role in {"producer", "both"}),
        consumers=tuple(u for u in live if u.role in {"consumer", "both"}),
        removers=tuple(u for u in live if u.role == "remover"),
        handles=tuple(u for u in live if u.role == "handle"),
        observers=tuple(u for u in live if u.role == "observer"),
        idle=tuple(u for u in uses if u not in live),
    )


def _each(use: QueueUse) -> Iterator[tuple[str, QueueUse]]:
    """Yield a use once per queue that it may be of; where some names are known, the others are what they replace."""
    named = {queue_label(name): name for name in _alternatives(use.name)}
    known = {label: name for label, name in named.items() if any(literals(name))} or named
    if len(known) == 1:
        yield next(iter(known)), use
        return
    yield from ((label, msgspec.structs.replace(use, name=name)) for label, name in known.items())


def _alternatives(name: Value) -> Iterator[Value]:
    match name:
        case Coalesce(options=parts):
            for part in parts:
                yield from _alternatives(part)
        case Lookup(table=table):
            for _, entry in table.entries:
                yield from _alternatives(entry)
        case Env(default=default) if default is not None:
            yield from (msgspec.structs.replace(name, default=one) for one in _alternatives(default))
        case _:
            yield name


def queue_label(name: Value) -> str:
    """Return the name of a queue: its literal, else `$VARIABLE`, else its pattern, else `?`."""
    literal = next((option.text for option in literals(name) if option.text), None)
    if literal is not None:
        return literal
    if isinstance(name, Env) and name.name:
        return f"${name.name}"
    return "?" + (pattern(name) or "")


def is_self_fed(queue: Queue, components: tuple[Component, ...]) -> bool:
    """Whether work comes only from the entry file of a deployable that consumes the queue itself."""
    entries = {entry for component in takers_of(queue, components) for entry in component.entries}
    return queue.determined and bool(queue.producers) and all(use.file in entries for use in queue.producers)


def stopped(queue: Queue, components: tuple[Component, ...]) -> tuple[Component, ...]:
    """Return the components that take from a queue if all of them have a command that starts nothing."""
    takers = takers_of(queue, components)
    names = {name for use in queue.consumers for name in use.components if name not in use.uncalled}
    return takers if takers and all(starts_nothing(c) for c in takers) and names <= {c.name for c in takers} else ()


def takers_of(queue: Queue, components: tuple[Component, ...]) -> tuple[Component, ...]:
    """Return the components that certainly consume a queue."""
    return tuple(c for c in components if any(_runs(c, use, components) for use in queue.consumers))


def _runs(component: Component, use: QueueUse, components: tuple[Component, ...]) -> bool:
    return component.name in use.components and certainly_runs(component, use, components)


class TaskQueue(msgspec.Struct, frozen=True):
    """A Temporal task queue with those who send work and those who poll."""

    label: str
    starters: tuple[TemporalStart, ...] = ()
    workers: tuple[TemporalWorker, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables that decide its name."""
        values = (*(s.task_queue for s in self.starters), *(w.task_queue for w in self.workers))
        return tuple(dict.fromkeys(name for value in values for name in env_names(value)))

    @property
    def determined(self) -> bool:
        """Whether its name is known."""
        return not self.label.startswith("?")


def build_task_queues(index: Index) -> tuple[TaskQueue, ...]:
    """Join starters and workers of the same task queue in production; signals need none."""
    starts = [s for s in index.of(TemporalStart) if s.area == "production" and s.task_queue is not None]
    workers = [w for w in index.of(TemporalWorker) if w.area == "production"]
    labels = {task_label(s) for s in starts} | {task_label(w) for w in workers}
    return tuple(
        TaskQueue(
            label,
            tuple(s for s in starts if task_label(s) == label),
            tuple(w for w in workers if task_label(w) == label),
        )
        for label in sorted(labels)
    )


def task_label(fact: TemporalStart | TemporalWorker) -> str:
    """Return what the task queue of a start or a worker is called, `?` where that is not known."""
    return queue_label(fact.task_queue) if fact.task_queue is not None else "?"
