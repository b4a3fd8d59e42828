"""FIL801: deployables that share a queue do not share the Redis it is in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from filot_lint.checks import check
from filot_lint.checks.redis.targets import addresses, connections, uses_of
from filot_lint.facts import EnvProvision, QueueUse, RedisConnection
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.source import Location
from filot_lint.values import Literal, constant, env_names
from filot_lint.workspace.components import Component
from filot_lint.workspace.index import Index

UNDEPLOYED = "no manifest gives both their values, which may be the same"

MOST = 100
"""Connections of one queue that are compared."""


class Side(NamedTuple):
    """A deployable with one connection of its queues."""

    component: Component
    connection: RedisConnection
    queues: frozenset[str]


@check("FIL801")
def split_redis(index: Index) -> Iterator[Hit]:
    """Compare the connections of each two deployables that work on one queue."""
    sides = list(_sides(index))
    both = {(side.component.name, id(side.connection)) for side in sides}
    told: set[tuple[Location, Location]] = set()
    for queue in sorted({queue for side in sides for queue in side.queues}):
        using = [side for side in sides if queue in side.queues][:MOST]
        for one, other in combinations(using, 2):
            if one.component.name == other.component.name or _may_be_alternatives(one, other, both):
                continue
            hit = _compared(index, one, other, queue)
            if hit is not None and (hit.location, hit.related[0].location) not in told:
                told.add((hit.location, hit.related[0].location))
                yield hit


def _sides(index: Index) -> Iterator[Side]:
    """Yield the connections through which each deployable uses queues with known names."""
    for connection in connections(index):
        uses = [use for use in uses_of(index, connection) if isinstance(use, QueueUse)]
        uses += [use for use in index.of(QueueUse) if use.location == connection.location]
        for component in index.components:
            if component.name not in connection.components or component.name in connection.uncalled:
                continue
            named = frozenset(
                _label(use)
                for use in uses
                if component.name in use.components and component.name not in use.uncalled and _label(use)
            )
            if named:
                yield Side(component, connection, named)


def _may_be_alternatives(one: Side, other: Side, both: set[tuple[str, int]]) -> bool:
    """Whether one of the deployables may use either connection: `url ? new Redis(url) : new Redis({ host })`."""
    if one.connection is other.connection:
        return False
    return (one.component.name, id(other.connection)) in both or (other.component.name, id(one.connection)) in both


def _label(use: QueueUse) -> str:
    """Return what tells a queue from another: its variable, else its text."""
    names = env_names(use.name)
    return f"${names[0]}" if names else constant(use.name) or ""


def _compared(index: Index, one: Side, other: Side, queue: str) -> Hit | None:
    first, second = (env_names(side.connection.url) or env_names(side.connection.host) for side in (one, other))
    if not first or not second:
        return None
    here, there = (_given(index, side.component, names[0]) for side, names in ((one, first), (other, second)))
    if here is not None and there is not None:
        return _references(one, other, queue, here, there)
    if first[0] != second[0] and one.connection is not other.connection:
        what = f"`{first[0]}` in {one.component.name}, `{second[0]}` in {other.component.name}"
        return _hit(other.connection.location, one.connection.location, one, other, queue, what, UNDEPLOYED)
    if one.connection is other.connection:
        return None
    numbers = [_number(index, side.connection) for side in (one, other)]
    if numbers[0] != numbers[1] and None not in numbers:
        what = f"database {numbers[0]} in {one.component.name}, {numbers[1]} in {other.component.name}"
        return _hit(other.connection.location, one.connection.location, one, other, queue, what)
    return None


def _given(index: Index, component: Component, name: str) -> EnvProvision | None:
    """Return what the manifests of a deployable give for a variable, if it is one thing."""
    files = {source.rpartition(":")[0] for source in component.sources}
    found = [
        given
        for given in index.provisions.get(name, ())
        if given.container in component.containers and given.channel in {"secret", "environment"}
    ]
    own = [given for given in found if given.file in files] or found
    return own[0] if len({(given.reference, given.shape, given.traits) for given in own}) == 1 else None


def _references(one: Side, other: Side, queue: str, here: EnvProvision, there: EnvProvision) -> Hit | None:
    """Compare where two containers take their values from."""
    if here.location == there.location:
        return None
    if here.reference is not None and there.reference is not None:
        if here.reference == there.reference:
            return None
        what = f"another secret in {other.component.name} than in {one.component.name}"
    elif _kinds(here) != _kinds(there) and here.reference is None and there.reference is None:
        what = f"another kind of address in {other.component.name} than in {one.component.name}"
    else:
        return None
    return _hit(there.from_at or there.location, here.from_at or here.location, one, other, queue, what)


def _kinds(given: EnvProvision) -> frozenset[str]:
    return frozenset(trait for trait in given.traits if trait.startswith(("scheme=", "redis db=")))


def _number(index: Index, connection: RedisConnection) -> str | None:
    """Return the database of a connection where the source decides it: 0 if nothing says another."""
    if connection.db is not None:
        return constant(connection.db) if isinstance(connection.db, Literal) else None
    traits = {trait for address in addresses(index, connection) for trait in address.traits}
    return None if any(trait.startswith("redis db=") for trait in traits) or connection.url is not None else "0"


def _hit(
    place: Location, first: Location, one: Side, other: Side, queue: str, what: str, reason: str | None = None
) -> Hit:
    return Hit(
        place,
        {
            "queue": f"`{queue.removeprefix('$')}`",
            "one": one.component.name,
            "other": other.component.name,
            "what": what,
        },
        related=(Related(first, f"{one.component.name} takes this"),),
        confidence=Confidence.MEDIUM if reason is not None else None,
        reason=reason,
        label=f"{other.component.name} takes this",
    )
