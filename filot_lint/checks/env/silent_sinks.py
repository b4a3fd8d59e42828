"""Where a missing variable goes unnoticed: clients with an address of their own, digests with an empty key.

FIL206 and FIL401 speak of the addresses of Redis and of R2, from the side of the client.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.checks.production import may_run
from filot_lint.checks.storage.stores import Stores
from filot_lint.facts import Fact, ObjectStoreClient, RedisConnection, SecretAbsence, SecretUse
from filot_lint.values import Env, Literal, Value, env_names, options
from filot_lint.workspace.index import Index

REFUSING = frozenset({"minio"})


class Sink(NamedTuple):
    """What becomes of a missing variable where it is used; `meant` when that is what many want."""

    fact: Fact
    effect: str
    label: str
    meant: bool = False


def silent_sinks(index: Index) -> dict[str, list[Sink]]:
    """Return the silent sinks of production by variable."""
    found: dict[str, list[Sink]] = {}
    for value, sink in (*_stores(index), *_digests(index)):
        if may_run(sink.fact) and _may_be_nothing(value):
            for name in env_names(value):
                found.setdefault(name, []).append(sink)
    return found


def told_at_clients(index: Index) -> dict[str, list[Fact]]:
    """Return the clients whose own rules tell what becomes of a missing address, by variable."""
    found: dict[str, list[Fact]] = {}
    for connection in index.of(RedisConnection):
        for name in (*env_names(connection.url), *env_names(connection.host)):
            found.setdefault(name, []).append(connection)
    for store in Stores(index).r2:
        for name in env_names(store.client.endpoint):
            found.setdefault(name, []).append(store.client)
    return found


def _stores(index: Index) -> Iterator[tuple[Value, Sink]]:
    for client in index.of(ObjectStoreClient):
        if client.endpoint is not None and client.library not in REFUSING:
            yield client.endpoint, Sink(client, "the client then goes to AWS", "goes to AWS without it", meant=True)


def _digests(index: Index) -> Iterator[tuple[Value, Sink]]:
    tested = {name for absence in index.of(SecretAbsence) for name in env_names(absence.secret)}
    for use in index.of(SecretUse):
        if use.sink == "hmac" and not tested & set(env_names(use.secret)) and _has_empty(use.secret):
            yield use.secret, Sink(use, "the digest is then made with an empty key", "accepts an empty key")


def _may_be_nothing(value: Value) -> bool:
    """Whether nothing but variables, and the empty text, stands behind a setting."""
    return all(
        (isinstance(option, Env) and option.name is not None) or (isinstance(option, Literal) and option.is_empty)
        for option in options(value)
    )


def _has_empty(value: Value) -> bool:
    return any(isinstance(option, Literal) and option.type == "string" and not option.text for option in options(value))
