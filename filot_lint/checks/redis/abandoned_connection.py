"""FIL208: a client that gives up on Redis, or a worker that cannot wait for it."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.checks.redis.targets import UNUSED, connections, connections_of, uses_of
from filot_lint.facts import QueueUse, RedisConnection
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.source import Location
from filot_lint.values import NULL, Literal
from filot_lint.workspace.index import Index


@check("FIL208")
def abandoned_connection(index: Index) -> Iterator[Hit]:
    """Look at the function that decides on another attempt, and at the clients that BullMQ workers are given."""
    yield from _gives_up(index)
    yield from _impatient(index)


def _gives_up(index: Index) -> Iterator[Hit]:
    seen: set[object] = set()
    for connection in connections(index):
        decision = connection.reconnect
        if not isinstance(decision, Literal) or decision.type != "null":
            continue
        place = decision.at or connection.location
        if place in seen:
            continue
        seen.add(place)
        uses = [use for use in uses_of(index, connection) if isinstance(use, QueueUse) and may_run(use)]
        uses.sort(key=lambda use: use.is_unused)
        consumer = next((use for use in uses if use.role in {"consumer", "both"}), None)
        used = (Related(consumer.location, "jobs are taken here"),) if consumer is not None else ()
        yield Hit(
            place,
            {"what": "it does not connect again after some attempts, while the program lives on"},
            related=(Related(connection.location, "this client"), *used),
            confidence=Confidence.LOW if connection.is_unused else None,
            reason=UNUSED if connection.is_unused else None,
            label="gives up here",
        )


def _impatient(index: Index) -> Iterator[Hit]:
    """Report clients and options with which a command of a BullMQ worker ends before Redis is back."""
    workers: dict[Location, list[QueueUse]] = {}
    for use in index.of(QueueUse):
        if use.framework != "bullmq" or use.role != "consumer" or use.language == "python" or not may_run(use):
            continue
        shared = [known for known in connections_of(index, use.client) if known.library == "ioredis"]
        if shared and all(map(_limited, shared)):
            workers.setdefault(shared[0].location, []).append(use)
        own = next((c for c in index.of(RedisConnection) if c.location == use.location and c.library == "bullmq"), None)
        if own is not None and isinstance(own.retries, Literal) and own.retries != NULL:
            yield Hit(
                use.location,
                {"what": f"BullMQ ignores `maxRetriesPerRequest: {own.retries.text}` of a worker and logs an error"},
                severity=Severity.INFO,
                label="set here",
            )
    for client, uses in workers.items():
        yield Hit(
            client,
            {"what": "`maxRetriesPerRequest` is not null, with which a BullMQ worker refuses to start"},
            related=tuple(Related(use.location, "the worker") for use in uses[:5]),
            severity=Severity.ERROR,
            label="given to a worker",
        )


def _limited(connection: RedisConnection) -> bool:
    retries = connection.retries
    return (retries is None and connection.form is None) or (isinstance(retries, Literal) and retries.type == "number")
