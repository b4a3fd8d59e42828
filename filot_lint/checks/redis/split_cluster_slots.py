"""FIL211: one command for several keys, which lie in different slots of a cluster."""

from __future__ import annotations

from binascii import crc_hqx
from collections import defaultdict
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.checks.redis.targets import connections, connections_of
from filot_lint.facts import QueueUse, RedisConnection, RedisKey
from filot_lint.findings import Hit, Related
from filot_lint.source import Location
from filot_lint.values import Literal, Value, constant
from filot_lint.workspace.index import Index

SLOTS = 16384
MOVE = 2


@check("FIL211")
def split_cluster_slots(index: Index) -> Iterator[Hit]:
    """Only clients of a cluster are asked; a single server takes any keys together."""
    if not any(connection.form == "cluster" for connection in connections(index)):
        return
    commands: dict[Location, list[QueueUse | RedisKey]] = defaultdict(list)
    every: tuple[QueueUse | RedisKey, ...] = (*index.of(QueueUse), *index.of(RedisKey))
    for use in every:
        if may_run(use) and use.command is not None:
            commands[use.location].append(use)
    for place, uses in sorted(commands.items()):
        names = _together(uses)
        if len({slot_of(name) for name in names}) > 1 and (cluster := _cluster(index, uses[0].client)) is not None:
            yield _hit(place, f"`{names[0]}` and `{names[1]}`", cluster)
    for use in index.of(QueueUse):
        cluster = _cluster(index, use.client) if use.framework == "bullmq" and may_run(use) else None
        texts = [constant(value) for value in (use.name, use.namespace) if value is not None]
        if cluster is not None and None not in texts and not any("{" in (text or "") for text in texts):
            yield _hit(use.location, f"the keys of the queue `{constant(use.name)}`", cluster)


def _together(uses: list[QueueUse | RedisKey]) -> list[str]:
    """Return the keys that one command takes at once; several facts of a place may as well be several callers."""
    places = [(use.role, constant(use.name)) for use in uses if isinstance(use, QueueUse)]
    if len(places) == MOVE and {role for role, _ in places} == {"consumer", "producer"}:
        return [text for _, text in places if text is not None]
    written = [use.name for use in uses if isinstance(use.name, Literal) and _is_inside(use.name.at, use.location)]
    return sorted({name.text for name in written}) if len(written) == len(uses) else []


def _is_inside(place: Location | None, call: Location) -> bool:
    ends = (call.line, call.column), (call.end_line, call.end_column)
    return place is not None and place.file == call.file and ends[0] <= (place.line, place.column) <= ends[1]


def slot_of(key: str) -> int:
    """Return the slot of a key: that of the text between the first braces, if there is any."""
    _, opening, rest = key.partition("{")
    tag, closing, _ = rest.partition("}")
    return crc_hqx((tag if opening and closing and tag else key).encode(errors="replace"), 0) % SLOTS


def _cluster(index: Index, client: Value | None) -> RedisConnection | None:
    found = connections_of(index, client)
    return found[0] if found and all(connection.form == "cluster" for connection in found) else None


def _hit(place: Location, keys: str, cluster: RedisConnection) -> Hit:
    return Hit(place, {"keys": keys}, related=(Related(cluster.location, "a cluster"),), label="keys of several slots")
