"""FIL304: both sides of a queue agree on its name, but not on what stands before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as Choice
from urllib.parse import urlsplit

import msgspec

from filot_lint.checks import check
from filot_lint.checks.queues.naming import Queue, Running, display, queues, spellings
from filot_lint.facts import QueueUse, RedisConnection
from filot_lint.findings import Hit, Related
from filot_lint.source import Location
from filot_lint.values import Instance, Literal, Value
from filot_lint.workspace.index import Index

DEFAULT_PREFIX = "bull"


class Part(msgspec.Struct, frozen=True):
    """A prefix or the number of a database: `given` as a text, by a variable, or not at all."""

    text: str
    given: Choice["text", "variable", "not"]


class Space(msgspec.Struct, frozen=True):
    """Where a queue of a name stands."""

    prefix: Part
    database: Part


@check("FIL304")
def different_queue_spaces(index: Index) -> Iterator[Hit]:
    """Compare where the two sides of each queue stand; one end that is not known ends the comparison."""
    made = {place: c for c in index.of(RedisConnection) for place in (c.location, c.through) if place is not None}
    for queue in queues([use for use in index.of(QueueUse) if use.area == "production"], Running(index)):
        if queue.kind in {"bullmq", "list", "stream", "delayed"} and not queue.open:
            yield from _compare(queue, made)


def _compare(queue: Queue, made: dict[Location, RedisConnection]) -> Iterator[Hit]:
    senders = queue.by("handle") or queue.producers  # what is added says nothing of prefix and connection
    filled, emptied = ([(use, _space(use, made)) for use in uses] for uses in (senders, queue.consumers))
    if not filled or not emptied or not all(_differ(one, other) for _, one in filled for _, other in emptied):
        return
    (sender, one), (taker, other) = filled[0], emptied[0]
    if one is not None and other is not None:
        here, there = _shown(one, other), _shown(other, one)
        yield Hit(
            sender.location,
            {"name": display(sender.name), "one": here, "other": there, "place": str(taker.location)},
            related=(Related(taker.location, f"in {there}"),),
            label=f"in {here}",
        )


def _space(use: QueueUse, made: dict[Location, RedisConnection]) -> Space | None:
    """Return where a use stands, None when that is not known."""
    if use.framework == "bullmq":
        prefix = _part(use.namespace, DEFAULT_PREFIX)
        return None if prefix is None else Space(prefix, Part("", "not"))
    at = use.client.at if isinstance(use.client, Instance) else None
    connection = made.get(at) if at is not None else None
    if connection is None:
        return None
    prefix, database = _part(connection.prefix, ""), _database(connection)
    return None if prefix is None or database is None else Space(prefix, database)


def _database(connection: RedisConnection) -> Part | None:
    if connection.db is not None or connection.url is None:
        return _part(connection.db, "0")
    if not isinstance(connection.url, Literal) or connection.url.type == "redacted":
        return Part("", "variable")
    try:
        return Part(urlsplit(connection.url.text).path.strip("/") or "0", "text")
    except ValueError:
        return None


def _part(value: Value | None, default: str) -> Part | None:
    """Return a setting that is one text or one variable, None when it is computed."""
    if value is None:
        return Part(default, "not")
    if isinstance(value, Literal):
        return None if value.type == "redacted" else Part(value.text, "text")
    variables = {said.variable for said in spellings(value)}
    only = variables.pop() if len(variables) == 1 else None
    return None if only is None else Part(only, "variable")


def _differ(one: Space | None, other: Space | None) -> bool:
    """Return whether two places are surely different; a prefix that only one side sets is."""
    if one is None or other is None:
        return False
    prefixes = {one.prefix.given, other.prefix.given}
    apart = "variable" not in prefixes and one.prefix.text != other.prefix.text
    numbers = "variable" not in {one.database.given, other.database.given}
    return apart or prefixes == {"variable", "not"} or (numbers and one.database.text != other.database.text)


def _shown(space: Space, other: Space) -> str:
    """Return the part of a place that differs."""
    part, theirs = space.prefix, other.prefix
    if part == theirs:
        return f"database {space.database.text}"
    if part.given == "variable":
        return f"the prefix of `{part.text}`"
    return f"the prefix `{part.text}`" if part.text else "no prefix"
