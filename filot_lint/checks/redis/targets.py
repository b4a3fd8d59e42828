"""The connections that production makes, what their URLs say, and what goes through them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.checks.addresses import alternatives
from filot_lint.checks.production import may_run
from filot_lint.facts import Fact, QueueUse, RedisConnection, RedisKey
from filot_lint.findings import Confidence
from filot_lint.source import Location
from filot_lint.traits import traits_of
from filot_lint.values import Instance, Literal, Value, env_names
from filot_lint.workspace.index import Index

UNUSED = "nothing in the deployable names the function around it"


class Address(NamedTuple):
    """One text that a connection may be made with: a constant, or the value of its variable in some file.

    `traits` is what may be told of it; `name` is the variable, `channel` the file's kind: code, example, a manifest's.
    """

    location: Location
    traits: frozenset[str]
    name: str | None
    channel: str
    components: tuple[str, ...] = ()


def connections(index: Index) -> Iterator[RedisConnection]:
    """Yield the connections that production may make, by place."""
    return (connection for connection in index.of(RedisConnection) if may_run(connection))


def connections_of(index: Index, client: Value | None) -> list[RedisConnection]:
    """Return the connections that a use may go through; several where a function around the library makes them."""
    places = {option.at for option in alternatives(client) if isinstance(option, Instance)}
    return [known for known in index.of(RedisConnection) if known.location in places or known.through in places]


def uses_of(index: Index, connection: RedisConnection) -> list[QueueUse | RedisKey]:
    """Return what certainly goes through a connection, or through one that the same function makes."""
    places = {connection.location, connection.through}
    uses: tuple[QueueUse | RedisKey, ...] = (*index.of(QueueUse), *index.of(RedisKey))
    return [use for use in uses if any(isinstance(o, Instance) and o.at in places for o in alternatives(use.client))]


def addresses(index: Index, connection: RedisConnection) -> Iterator[Address]:
    """Yield what is known of the URLs of a connection."""
    return values_of(index, connection.url, connection)


def values_of(index: Index, value: Value | None, fact: Fact) -> Iterator[Address]:
    """Yield what is known of a setting: constants in code, values in examples and manifests."""
    yield from constants(value, fact)
    for name in env_names(value):
        for declared in index.declarations.get(name, ()):
            if not declared.commented_out:
                yield Address(declared.location, frozenset(declared.traits), name, "example")
        for given in index.provisions.get(name, ()):
            if given.channel != "ci":
                yield Address(given.location, frozenset(given.traits), name, given.channel)


def constants(value: Value | None, fact: Fact) -> Iterator[Address]:
    """Yield the texts among the alternatives of a value; those that hold a secret are not known here."""
    for option in alternatives(value):
        if isinstance(option, Literal) and option.type == "string":
            yield Address(option.at or fact.location, frozenset(traits_of(option.text)), None, "code", fact.components)


def unplaced(index: Index) -> tuple[Confidence, str]:
    """Return how sure one can be of what no deployable loads, and why."""
    if index.components:
        return Confidence.LOW, "no deployable that is known loads this file"
    return Confidence.MEDIUM, "nothing shows which deployable runs this file"


def titled(connection: RedisConnection) -> str:
    """Return what people call the library of a client."""
    if connection.library != "redis":
        return connection.library
    return "redis-py" if connection.language == "python" else "node-redis"
