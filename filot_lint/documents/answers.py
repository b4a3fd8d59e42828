"""Questions people ask before a deployment, answered from the shared context."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby
from typing import Any

import msgspec

from filot_lint.checks.manifests.probes import may_serve
from filot_lint.documents.context import Context
from filot_lint.documents.graph import Graph
from filot_lint.documents.matrix import Cell, Row
from filot_lint.documents.queues import Queue, is_self_fed, stopped, takers_of
from filot_lint.documents.secrets_map import SecretEntry
from filot_lint.documents.topology import Deployable
from filot_lint.facts import (
    ContainerSpec,
    EnvProvision,
    EnvRead,
    Fact,
    Listener,
    QueueUse,
    RedisConnection,
)
from filot_lint.values import env_names
from filot_lint.workspace.components import Component

_FEW_QUEUES = 8
_CREDENTIAL = re.compile(r"(?:^|_)(?:PASS|PASSWORD|PASSWD|AUTH|USERNAME|USER|TLS|SSL|CA|CERT)(?:_|$)")


class StoreEntry(msgspec.Struct, frozen=True):
    """One entry of the secret store with the variables it feeds."""

    name: str
    members: tuple[SecretEntry, ...]

    @property
    def references(self) -> tuple[EnvProvision, ...]:
        """The places of the manifests that take a value from it."""
        return tuple(p for m in self.members for p in m.references)


class Twins(msgspec.Struct, frozen=True):
    """Two or more manifests of one container of one family, and what they say differently."""

    label: str
    specs: tuple[ContainerSpec, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def store_entries(context: Context) -> tuple[StoreEntry, ...]:
    """Return the entries a deployment needs, named by the manifests or proposed."""
    grouped = groupby(context.entries, key=lambda e: e.secret_name)
    return tuple(StoreEntry(name, tuple(members)) for name, members in grouped)


def read_beside(context: Context, connection: RedisConnection) -> tuple[EnvRead, ...]:
    """Return reads of credentials in the file of a connection that none of its settings shows."""
    fields = (f for f in connection.__struct_fields__ if f not in Fact.__struct_fields__ and f != "library")
    known = {name for f in fields for name in env_names(getattr(connection, f))}
    return tuple(
        read
        for variable in context.group("redis")
        for read in variable.deciding
        if read.file == connection.file and variable.name not in known and _CREDENTIAL.search(variable.name)
    )


def without(context: Context, end: str) -> tuple[Queue, ...]:
    """Return the queues that lack an end: `producers` or `consumers`; a list of jobs in work needs no consumer."""
    held = end == "consumers"
    return tuple(q for q in context.queues if q.determined and not getattr(q, end) and not (held and q.removers))


def self_fed(context: Context) -> tuple[Queue, ...]:
    """Return the queues that get work only from the entry file of their own consumer."""
    return tuple(q for q in context.queues if is_self_fed(q, context.index.components))


def stopped_queues(context: Context) -> tuple[tuple[Queue, tuple[Component, ...]], ...]:
    """Return the queues whose consumers all have a command that starts nothing, with those consumers."""
    found = ((q, stopped(q, context.index.components)) for q in context.queues if q.determined)
    return tuple((queue, takers) for queue, takers in found if takers)


def computed_ends(context: Context, queue: Queue, end: str) -> tuple[QueueUse, ...]:
    """Return the uses of queues of the same kind whose name is computed: they may be the end that a queue lacks."""
    return tuple(use for q in context.queues if not q.determined and q.kind == queue.kind for use in getattr(q, end))


def nameless(context: Context, queue: Queue) -> tuple[QueueUse, ...]:
    """Return the producers of a queue in a function that nothing names."""
    return tuple(use for use in queue.producers if context.index.callers.is_orphan(use))


def outcomes(row: Row) -> tuple[Cell, ...]:
    """Return the cells of a row, those with the same place and verdict once."""
    found: dict[object, Cell] = {}
    for cell in row.cells:
        place = cell.grant or (cell.container.spec if cell.container else None)
        found.setdefault((cell.verdict, cell.reason, place), cell)
    return tuple(found.values())


def hands_on(context: Context, name: str) -> tuple[Queue, ...]:
    """Return the queues a deployable puts work into."""
    return tuple(q for q in context.queues if any(name in u.components for u in q.producers))


def takers(context: Context, queue: Queue) -> tuple[str, ...]:
    """Return the deployables that certainly consume a queue."""
    return tuple(c.name for c in takers_of(queue, context.index.components))


def unanswered_ports(context: Context) -> tuple[tuple[Deployable, ContainerSpec, str | None], ...]:
    """Return containers that open a port although no place in their code listens, and what may answer there instead."""
    listening = {name for listener in context.index.of(Listener) for name in listener.components}
    silent = [d for d in context.deployables if d.name not in listening]
    return tuple(
        (d, c.spec, may_serve(context.index, d.component))
        for d in silent
        for c in d.production_containers or d.containers
        if c.spec.ports
    )


def twins(context: Context) -> tuple[Twins, ...]:
    """Compare manifests that describe the same container of the same family."""
    found: dict[tuple[str, str], list[ContainerSpec]] = {}
    for spec in context.task_containers:
        found.setdefault((spec.family or "", spec.name), []).append(spec)
    several = ((key, specs) for key, specs in found.items() if len({s.file for s in specs}) > 1)
    return tuple(Twins(name, tuple(specs), _differences(context, specs)) for (_, name), specs in several)


def _differences(context: Context, specs: list[ContainerSpec]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    given = [{p.name for p in context.index.of(EnvProvision) if _belongs(p, spec)} for spec in specs]
    everywhere = set.intersection(*given)
    rows = [
        ("image", tuple(s.image or "" for s in specs)),
        ("command", tuple(" ".join(s.command) for s in specs)),
        ("ports", tuple(", ".join(s.ports) for s in specs)),
        ("CPU", tuple(s.cpu or "" for s in specs)),
        ("memory", tuple(s.memory or "" for s in specs)),
        ("GPU", tuple(s.gpus or "" for s in specs)),
        ("health check", tuple(" ".join(s.health_check) for s in specs)),
        ("log group", tuple(s.log_group or "" for s in specs)),
        ("stop timeout", tuple(s.stop_timeout or "" for s in specs)),
        ("placement", tuple(", ".join(s.placement) for s in specs)),
        ("values that differ", _values(context, specs, everywhere)),
        ("variables given only here", tuple(", ".join(sorted(names - everywhere)) for names in given)),
    ]
    return tuple((title, cells) for title, cells in rows if len(set(cells)) > 1)


def _values(context: Context, specs: list[ContainerSpec], names: set[str]) -> tuple[str, ...]:
    """Return, for each manifest, the values that another one gives otherwise, of those that may be shown."""
    given = [
        {p.name: p.text for p in context.index.of(EnvProvision) if _belongs(p, spec) and p.text is not None}
        for spec in specs
    ]
    odd = sorted(name for name in names if len({values.get(name) for values in given}) > 1)
    return tuple(", ".join(f"{name}={values[name]}" for name in odd if name in values) for values in given)


def stored_for(context: Context, spec: ContainerSpec) -> tuple[EnvProvision, ...]:
    """Return what a container takes from the secret store."""
    return tuple(p for p in context.index.of(EnvProvision) if p.channel == "secret" and _belongs(p, spec))


def _belongs(provision: EnvProvision, spec: ContainerSpec) -> bool:
    return (provision.file, provision.container) == (spec.file, spec.name)


def part_of(graph: Graph, names: tuple[str, ...]) -> Graph:
    """Return the part of the picture around some deployables: their neighbours, and both ends of the queues.

    A few queues are told with theirs: another deployable may do the same work on another way.
    """
    own = {n.id for n in graph.nodes if (n.id.startswith("app:") and n.title in names) or set(n.members) & set(names)}
    near = own | {e.target for e in graph.edges if e.source in own} | {e.source for e in graph.edges if e.target in own}
    every = {n.id for n in graph.lane("queues")}
    queues = every if len(every) <= _FEW_QUEUES else every & near
    edges = tuple(e for e in graph.edges if {e.source, e.target} & (own | queues))
    kept = {e.source for e in edges} | {e.target for e in edges} | own
    return Graph(tuple(n for n in graph.nodes if n.id in kept), edges)


ANSWER_VIEWS: tuple[Callable[..., Any], ...] = (
    store_entries,
    read_beside,
    without,
    self_fed,
    nameless,
    computed_ends,
    stopped_queues,
    hands_on,
    takers,
    unanswered_ports,
    twins,
    stored_for,
)
