"""FIL209: a queue goes through a client that puts a prefix of its own before all keys."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.checks.redis.targets import connections, connections_of
from filot_lint.facts import QueueUse, RedisConnection
from filot_lint.findings import Hit, Related
from filot_lint.values import Literal, Unknown
from filot_lint.workspace.index import Index

OWN = {"bullmq": "BullMQ writes `<keyPrefix>bull:…`, where no other client looks",
       "bull": "Bull does not support it, and its scripts write other keys than they read"}  # fmt: skip


@check("FIL209")
def prefixed_queue_connection(index: Index) -> Iterator[Hit]:
    """Take clients that queues of BullMQ are given, and options that become clients of BullMQ and Bull."""
    for use in index.of(QueueUse):
        if use.framework != "bullmq" or use.language == "python" or not may_run(use):
            continue
        clients = connections_of(index, use.client)
        if clients and all(map(_prefixed, clients)):
            yield Hit(
                use.location,
                {"effect": "BullMQ refuses it and throws"},
                related=(Related(clients[0].location, "this client has a `keyPrefix`"),),
                label="given a client with `keyPrefix`",
            )
    for connection in connections(index):
        if connection.library in OWN and connection.language != "python" and _prefixed(connection):
            yield Hit(connection.location, {"effect": OWN[connection.library]}, label="`keyPrefix` among the options")


def _prefixed(connection: RedisConnection) -> bool:
    prefix = connection.prefix
    empty = isinstance(prefix, Literal) and prefix.is_empty
    return prefix is not None and not empty and not isinstance(prefix, Unknown)
