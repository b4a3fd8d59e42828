"""Temporal: each workflow that is started, and the worker that registers it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from typing import Literal as Choice

import msgspec

from filot_lint.checks.temporal.registration import is_open, may_register, names_of, registered
from filot_lint.documents.context import Context
from filot_lint.documents.queues import task_label
from filot_lint.facts import TemporalConnection, TemporalStart, TemporalWorker
from filot_lint.source import Area, Language, Location
from filot_lint.values import Instance, Value, options

_ABOUT_WORKFLOWS = (b"@temporalio/workflow", b"from temporalio", b"import temporalio")
_DEFINES = {
    False: rb"(?m)^export\s+(?:async\s+)?(?:function\s+|const\s+)%s\b",
    True: rb"(?m)^@workflow\.defn(?:\(\))?[ \t]*\r?\nclass\s+%s\b",
}

Verdict = Choice["registered", "not registered", "no worker", "not determined"]


class Started(msgspec.Struct, frozen=True):
    """A workflow of one name on one task queue: where it is started, and who registers it.

    `workers` are those that do, or, where none does, those that poll its task queue. Not `same`: one of the task
    queues is not known.
    """

    name: str | None
    task_queue: str
    starts: tuple[TemporalStart, ...]
    verdict: Verdict
    workers: tuple[TemporalWorker, ...]
    defined: Location | None
    same: bool = True


class Link(msgspec.Struct, frozen=True):
    """A client together with the connection it is made from."""

    client: TemporalConnection
    connection: TemporalConnection | None

    def setting(self, field: str) -> TemporalConnection:
        """Return the one of the two that says something about a setting."""
        base = self.connection
        return base if base is not None and getattr(self.client, field) is None else self.client


def names_of_worker(_context: Context, worker: TemporalWorker, field: str) -> tuple[tuple[str, ...], bool]:
    """Return what a worker registers, workflows or activities, and whether there may be more."""
    value = getattr(worker, field)
    return tuple(registered(value)), is_open(value)


def started_workflows(context: Context) -> tuple[Started, ...]:
    """Return what production starts, one entry per name and task queue; activities and signals are none."""
    found: dict[tuple[str | None, str, Value | None], list[TemporalStart]] = {}
    for start in context.index.of(TemporalStart):
        if start.area == "production" and start.operation != "activity":
            for name in names_of(start.workflow):
                found.setdefault((name, task_label(start), None if name else start.workflow), []).append(start)
    workers = tuple(w for w in context.index.of(TemporalWorker) if w.area == "production")
    every = (_started(name, queue, tuple(starts), workers) for (name, queue, _), starts in found.items())
    return tuple(msgspec.structs.replace(f, defined=f.defined or _defined(context, f.name)) for f in every)


def _defined(context: Context, name: str | None) -> Location | None:
    """Return where a file about workflows defines one of this name, if one place does."""
    if name is None:
        return None
    found: list[Location] = []
    for source in context.index.files.values():
        if source.area is Area.PRODUCTION and any(mark in source.data for mark in _ABOUT_WORKFLOWS):
            defines = _DEFINES[source.language is Language.PYTHON] % re.escape(name).encode()
            lines = [source.data.count(b"\n", 0, m.end()) + 1 for m in re.finditer(defines, source.data)]
            found += [Location(source.path, line, 1, line, 1) for line in lines]
    return found[0] if len(found) == 1 else None


def _started(
    name: str | None, queue: str, starts: tuple[TemporalStart, ...], workers: tuple[TemporalWorker, ...]
) -> Started:
    same = tuple(w for w in workers if task_label(w) == queue) if not queue.startswith("?") else ()
    near = same or tuple(w for w in workers if queue.startswith("?") or task_label(w).startswith("?"))
    if not near:
        return Started(name, queue, starts, "no worker", (), None)
    if name is None:
        return Started(name, queue, starts, "not determined", near, None, bool(same))
    own = tuple(w for w in near if name in registered(w.workflows))
    if own:
        verdict: Verdict = "registered" if same else "not determined"
        return Started(name, queue, starts, verdict, own, registered(own[0].workflows)[name].at, bool(same))
    unsure = not same or may_register(name, near)
    return Started(name, queue, starts, "not determined" if unsure else "not registered", near, None, bool(same))


def unstarted(context: Context) -> tuple[tuple[str, Location | None, TemporalWorker], ...]:
    """Return workflows that a worker registers and nothing here starts."""
    starts = [s for s in context.index.of(TemporalStart) if s.operation != "activity"]
    known = {name for s in starts for name in names_of(s.workflow)}
    workers = (w for w in context.index.of(TemporalWorker) if w.area == "production")
    return tuple(
        (name, literal.at, worker)
        for worker in workers
        for name, literal in registered(worker.workflows).items()
        if name not in known
    )


def temporal_links(context: Context) -> tuple[Link, ...]:
    """Return the connections of production, a client and its connection as one."""
    found = [c for c in context.index.of(TemporalConnection) if c.area == "production"]
    links = [Link(client, _base(client, found)) for client in found]
    taken = {id(link.connection) for link in links if link.connection is not None}
    return tuple(link for link in links if id(link.client) not in taken)


def _base(client: TemporalConnection, found: list[TemporalConnection]) -> TemporalConnection | None:
    places = {o.at for o in options(client.client) if isinstance(o, Instance)} if client.client is not None else set()
    bases = [c for c in found if c is not client and (c.location in places or (c.through and c.through in places))]
    return bases[0] if len(bases) == 1 else None


def unloaded_links(context: Context) -> tuple[TemporalConnection, ...]:
    """Return the connections in code that no deployable loads."""
    return tuple(link.client for link in temporal_links(context) if not link.client.components)


WORKFLOW_VIEWS: tuple[Callable[..., Any], ...] = (
    names_of_worker,
    started_workflows,
    unstarted,
    temporal_links,
    unloaded_links,
)
