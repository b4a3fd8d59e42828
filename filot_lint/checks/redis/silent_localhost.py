"""FIL206: a client talks to its own container when nobody says where Redis is."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import is_production
from filot_lint.checks.redis.targets import UNUSED, connections, titled, unplaced
from filot_lint.facts import EnvRead, QueueUse, RedisConnection
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import is_local
from filot_lint.values import Env, Literal, Value, env_names, options
from filot_lint.workspace.index import Index

WITHOUT_URL = frozenset(
    {"ioredis", "redis", "bullmq", "bull", "bee-queue", "dramatiq", "huey", "celery", "@nestjs/bull", "@nestjs/bullmq"}
)
"""Libraries that take a missing URL for localhost; the others stop."""

TESTED = "whether it is there is tested at {place}"


@check("FIL206")
def silent_localhost(index: Index) -> Iterator[Hit]:
    """Look at the address of each client: no address, one that may be missing, or one that is this machine."""
    missing: dict[tuple[str, ...], list[RedisConnection]] = {}
    for connection in connections(index):
        if connection.form not in {None, "pool"} or (connection.misplaced or connection.route) is not None:
            continue
        if connection.library == "bullmq" and connection.language != "python" and _is_worker(index, connection):
            continue
        target = connection.url if connection.url is not None else connection.host
        if target is None:
            yield _hit(index, connection, "because no address is given", Severity.WARNING)
            continue
        local = next((option for option in options(target) if _is_local(option)), None)
        if local is not None:
            if not env_names(target):
                yield _written(index, connection, local)
        elif all(isinstance(option, Env) or _is_empty(option) for option in options(target)):
            missing.setdefault(env_names(target), []).append(connection)
    for names, clients in missing.items():
        yield from _missing(index, names, clients)


def _is_local(option: Value) -> bool:
    if not isinstance(option, Literal):
        return False
    return option.text.startswith("localhost") if option.type == "redacted" else is_local(option.text)


def _is_empty(option: Value) -> bool:
    return isinstance(option, Literal) and option.is_empty


def _written(index: Index, connection: RedisConnection, local: Value) -> Hit:
    """Report an address in the code; where it stands in for a variable, FIL110 does."""
    place = local.at if isinstance(local, Literal) else None
    related = (Related(place, "this address"),) if place is not None else ()
    return _hit(index, connection, "because the address is written so", Severity.WARNING, related=related)


def _missing(index: Index, names: tuple[str, ...], clients: list[RedisConnection]) -> Iterator[Hit]:
    """Report variables that may be missing, unless the program stops without them or goes on in another way."""
    reads = [read for name in names for read in index.reads.get(name, ()) if is_production(read)]
    found = [client for client in clients if _takes_none(client) and not _is_dealt_with(reads, client)]
    if not found or not any(read.access == "read" for read in reads):
        return
    client = next((known for known in found if known.components), found[0])
    tested = next((read for read in reads if read.access == "presence" or read.tested), None)
    cause = f"when {' and '.join(f'`{name}`' for name in names)} {'is' if len(names) == 1 else 'are'} missing"
    others = tuple(Related(other.location, "this client, too") for other in found if other is not client)
    yield _hit(index, client, cause, Severity.ERROR, related=others[:5], tested=tested)


def _is_dealt_with(reads: list[EnvRead], client: RedisConnection) -> bool:
    """Whether the program stops without a variable, or the file of the client does something else then."""
    if any(read.required and _together(read, client) for read in reads):
        return True
    alternatives = [read for read in reads if read.required is False and read.default is None]
    return any(read.file == client.file and read.access == "read" for read in alternatives)


def _is_worker(index: Index, connection: RedisConnection) -> bool:
    """Whether a connection is that of a worker without one, which throws."""
    empty = connection.url is None and connection.host is None
    return empty and any(u.location == connection.location and u.role == "consumer" for u in index.of(QueueUse))


def _takes_none(connection: RedisConnection) -> bool:
    """Whether a library takes a missing address for localhost."""
    if connection.url is None:
        return True
    if connection.purpose == "results":
        return False
    if connection.library == "redis":
        return connection.language != "python"
    return connection.library in WITHOUT_URL


def _together(read: EnvRead, connection: RedisConnection) -> bool:
    """Whether a read that stops the program belongs to the program that connects."""
    shared = set(read.components) & set(connection.components)
    return bool(shared) or not read.components or not connection.components


def _hit(
    index: Index,
    connection: RedisConnection,
    cause: str,
    severity: Severity,
    *,
    related: tuple[Related, ...] = (),
    tested: EnvRead | None = None,
) -> Hit:
    confidence, reason = Confidence.HIGH, None
    amqp = connection.library == "celery" and severity is Severity.ERROR
    address = "amqp://guest@localhost" if amqp else "localhost"
    if connection.is_unused:
        confidence, reason = Confidence.LOW, UNUSED
    elif tested is not None:
        confidence, reason = Confidence.LOW, TESTED.format(place=tested.location)
    elif not connection.components:
        confidence, reason = unplaced(index)
        severity = min(severity, Severity.WARNING)
    made = (Related(connection.through, "made here"),) if connection.through is not None else ()
    return Hit(
        connection.location,
        {"library": titled(connection), "address": address, "cause": cause},
        related=(*related, *made),
        severity=severity,
        confidence=confidence,
        reason=reason,
        label=f"{address} {cause}",
    )
