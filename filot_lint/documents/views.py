"""Questions that single documents ask of the shared context."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from filot_lint.documents.checklist import checked_rules
from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.describe import count
from filot_lint.documents.escape import is_env_name
from filot_lint.documents.matrix import Cell, Row, rows_of
from filot_lint.documents.queues import Queue
from filot_lint.documents.secrets_map import SecretEntry
from filot_lint.documents.section_views import services_of
from filot_lint.documents.topology import Deployable
from filot_lint.facts import (
    EnvDeclaration,
    EnvProvision,
    RedisConnection,
)
from filot_lint.findings import Finding
from filot_lint.source import Location
from filot_lint.values import Value, env_names, literals

_SWITCH = re.compile(r"(?:^|_)(?:GPU|CUDA|NVIDIA|DEVICE|VISIBLE_DEVICES|.*FALLBACK)(?:_|$)")
_SETTINGS = ("url", "host", "port", "db", "password", "tls", "prefix")


class Parity(msgspec.Struct, frozen=True):
    """One setting side by side in all deployables that connect to Redis."""

    setting: str
    names: tuple[str, ...]
    values: tuple[tuple[tuple[Value, Location], ...], ...]
    verdict: str


class Topic(msgspec.Struct, frozen=True):
    """A line of the summary: what was looked at and what was found."""

    title: str
    looked: str
    findings: tuple[Finding, ...]
    document: str
    ran: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing of it here."""
        return not self.findings and all(number == "0" for number in re.findall(r"\d+", self.looked))


def parity(context: Context) -> tuple[Parity, ...]:
    """Compare the Redis settings of the deployables."""
    connections = [c for c in context.index.of(RedisConnection) if c.area == "production"]
    names = tuple(d.name for d in context.deployables if any(d.name in c.components for c in connections))
    if len(names) < 2:  # noqa: PLR2004  # two to compare
        return ()
    rows = []
    for setting in _SETTINGS:
        values = tuple(_values(connections, name, setting) for name in names)
        signatures = {frozenset(_signature(value) for value, _ in own) for own in values}
        if any(values):
            variables = {frozenset(env_names(value) for value, _ in own) for own in values}
            other = "same variable, other default" if len(variables) == 1 and env_names(values[0][0][0]) else "no"
            verdict = "yes" if len(signatures) == 1 else other
            rows.append(Parity(setting, names, values, _undecided(values) or verdict))
    return tuple(rows)


def _undecided(values: tuple[tuple[tuple[Value, Location], ...], ...]) -> str | None:
    """Return that nothing is decided, when some side is known only at run time."""
    known = all(env_names(value) or any(literals(value)) for own in values for value, _ in own)
    return None if known else "not determined"


def _values(connections: list[RedisConnection], name: str, setting: str) -> tuple[tuple[Value, Location], ...]:
    found: dict[object, tuple[Value, Location]] = {}
    for connection in connections:
        value: Value | None = getattr(connection, setting)
        if name in connection.components and value is not None:
            found.setdefault(_signature(value), (value, connection.location))
    return tuple(found.values())


def _signature(value: Value) -> tuple[object, ...]:
    return (type(value).__name__, env_names(value), tuple(x.text for x in literals(value)))


def cells_of(context: Context, name: str) -> tuple[Cell, ...]:
    """Return the cells of one deployable."""
    return tuple(c for c in context.cells if c.deployable.name == name)


def rows(context: Context, name: str) -> tuple[Row, ...]:
    """Return the variables of one deployable, each with its containers."""
    return rows_of(cells_of(context, name))


def surplus(context: Context, deployable: Deployable) -> tuple[EnvProvision, ...]:
    """Return what containers are given though no code they run reads it."""
    read = {c.variable.name for c in cells_of(context, deployable.name)}
    given = [p for c in deployable.production_containers for p in c.provisions]
    return tuple(p for p in given if p.name not in read)


def queues_of(context: Context, name: str) -> tuple[Queue, ...]:
    """Return the queues one deployable uses."""
    return tuple(q for q in context.queues if any(name in use.components for use in q.uses))


def switches(context: Context, name: str) -> tuple[Row, ...]:
    """Return the reads of one deployable that choose between GPU and CPU."""
    words = ("ENABLED", "FALLBACK", "DEVICE", "USE_")
    return tuple(
        r
        for r in rows(context, name)
        if _SWITCH.search(r.variable.name) and any(word in r.variable.name for word in words)
    )


def entries_of(context: Context, group: str) -> tuple[SecretEntry, ...]:
    """Return the store entries of one group."""
    return tuple(e for e in context.entries if e.variable.group.id == group)


def empty_families(context: Context) -> tuple[str, ...]:
    """Return the titles of the families that have no entry."""
    filled = {e.variable.group.id for e in context.entries}
    return tuple(group.title for group, _ in context.families if group.family and group.id not in filled)


def secret_readers(context: Context) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return deployables with the secrets they read; the empty name stands for none known."""
    found: dict[str, list[str]] = {}
    for variable in sorted(context.secrets, key=lambda v: v.name):
        for name in variable.components or ("",):
            found.setdefault(name, []).append(variable.name)
    return tuple((name, tuple(found[name])) for name in sorted(found, key=lambda n: (not n, n)))


def unsure(context: Context) -> tuple[Variable, ...]:
    """Return variables whose class rests on little evidence."""
    return tuple(v for v in context.needed if v.classification.confidence == "low")


def declared_count(context: Context) -> int:
    """Return how many names the example file declares."""
    return len({d.name for d in context.index.of(EnvDeclaration) if d.file == context.example})


def checklist_areas(context: Context) -> tuple[tuple[str, tuple[object, ...]], ...]:
    """Return the checklist by area."""
    areas = dict.fromkeys(r.item.area for r in context.checklist)
    return tuple((area, tuple(r for r in context.checklist if r.item.area == area)) for area in areas)


def topics(context: Context) -> tuple[Topic, ...]:
    """Return the lines of the summary."""
    rows = (
        ("Environment", count(len(context.variables), "variable"), ("FIL1",), "overview"),
        ("Secrets", count(len(context.secrets), "secret"), ("FIL6",), "secrets-overview"),
        ("Redis and queues", _queues(context), ("FIL2", "FIL3"), "redis"),
        (
            "Deployables and GPU worker",
            count(len(context.deployables), "deployable"),
            ("FIL8",),
            "gpu-worker",
        ),
        ("Object storage", _connections(context, "ObjectStoreClient"), ("FIL4",), "r2"),
        ("Temporal", _connections(context, "TemporalConnection"), ("FIL5",), "temporal"),
        (
            "Manifests",
            count(len(context.task_containers), "ECS container"),
            ("FIL9",),
            "architecture",
        ),
        ("Mocks", count(context.file_count, "file"), ("FIL7",), _mock_document(context)),
    )
    return tuple(
        Topic(name, seen, context.about(*of), document, ran(context, *of)) for name, seen, of, document in rows
    )


def _queues(context: Context) -> str:
    return f"{_connections(context, 'RedisConnection')}, {count(len(context.queues), 'queue')}"


def _connections(context: Context, kind: str) -> str:
    return count(len(context.of(kind)), "connection" if "Connection" in kind else "client")


def _mock_document(context: Context) -> str:
    return "mocks" if context.has_mocks else "overview"


def left_out(context: Context) -> tuple[tuple[str, tuple[Variable, ...]], ...]:
    """Return the variables that do not belong to production, by reason."""
    reasons: dict[str, list[Variable]] = {}
    for variable in context.unneeded:
        reasons.setdefault(context.why_unneeded(variable), []).append(variable)
    return tuple((reason, tuple(reasons[reason])) for reason in sorted(reasons))


def repeated(context: Context) -> tuple[EnvDeclaration, ...]:
    """Return declarations that stand in their file a second time."""
    return tuple(d for d in context.index.of(EnvDeclaration) if d.repeats is not None and not d.commented_out)


def unwritable(context: Context) -> tuple[Variable, ...]:
    """Return variables whose name would break some `.env` reader."""
    return tuple(v for v in context.needed if not is_env_name(v.name))


def writable(context: Context, *groups: str) -> tuple[Variable, ...]:
    """Return the variables of the template, of all groups or of some."""
    return tuple(v for v in context.needed if is_env_name(v.name) and (not groups or v.group.id in groups))


def ran(context: Context, *prefixes: str) -> tuple[str, ...]:
    """Return the rules of some families that this run checked."""
    return tuple(sorted(code for code in checked_rules(context.index.config) if code.startswith(prefixes)))


def concerning(context: Context, names: tuple[str, ...], *prefixes: str) -> tuple[Finding, ...]:
    """Return the findings of some families that concern deployables, by their manifests, images and modules."""
    files: set[str] = set()
    for deployable in context.deployables:
        if deployable.name in names:
            files |= {c.spec.file for c in deployable.containers} | set(deployable.component.dockerfiles)
            files |= set(deployable.component.modules) | {s.file for s in services_of(context, deployable)}
    return tuple(
        f
        for f in context.about(*prefixes)
        if f.rule.code == "FIL805"
        or (f.location.file in files and (not f.related or any(r.location.file in files for r in f.related)))
    )


VIEWS: tuple[Callable[..., Any], ...] = (
    parity,
    cells_of,
    rows,
    surplus,
    queues_of,
    switches,
    entries_of,
    empty_families,
    secret_readers,
    unsure,
    declared_count,
    checklist_areas,
    topics,
    left_out,
    repeated,
    unwritable,
    writable,
    ran,
    concerning,
)
