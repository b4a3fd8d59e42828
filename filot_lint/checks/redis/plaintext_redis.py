"""FIL201: Redis on another machine is talked to in plain text."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.redis.targets import UNUSED, Address, addresses, connections, values_of
from filot_lint.facts import RedisConnection
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.source import Language, Location
from filot_lint.workspace.index import Index

ASKED = "whether Redis accepts connections in plain text is not in the source"


@check("FIL201")
def plaintext_redis(index: Index) -> Iterator[Hit]:
    """Look at the URLs of connections that switch no TLS on themselves, and at hosts that manifests give."""
    seen: set[Location] = set()
    for connection in connections(index):
        if connection.tls is not None or connection.verify is not None:
            continue
        for address in addresses(index, connection):
            if address.traits >= {"scheme=redis", "host=remote"} and address.location not in seen:
                seen.add(address.location)
                yield _of_url(index, connection, address)
        for given in _hosts(index, connection):
            if given not in seen:
                seen.add(given)
                yield _of_host(connection, given)


def _of_url(index: Index, connection: RedisConnection, address: Address) -> Hit:
    source = index.files.get(address.location.file)
    deployed = address.channel not in {"code", "example"} and source is not None
    strict = deployed and source is not None and source.language is not Language.COMPOSE
    open_ = connection.password is None and "redis with a password" not in address.traits
    idle = address.channel == "code" and connection.is_unused
    return Hit(
        address.location,
        {
            "subject": f"`{address.name}`" if address.name is not None else "This URL",
            "what": "`redis://` and no password" if open_ else "`redis://`",
        },
        related=(Related(connection.location, "this client"),) if address.location != connection.location else (),
        severity=Severity.ERROR if strict else Severity.WARNING,
        confidence=Confidence.LOW if idle else None,
        reason=UNUSED if idle else None,
        label="no TLS",
    )


def _hosts(index: Index, connection: RedisConnection) -> Iterator[Location]:
    """Yield where a connection without a URL gets a host of another network."""
    if connection.url is None and connection.form != "sentinel":
        for address in values_of(index, connection.host, connection):
            if "name=remote" in address.traits:
                yield address.location


def _of_host(connection: RedisConnection, place: Location) -> Hit:
    return Hit(
        place,
        {"subject": "This host", "what": "a client without `tls`"},
        related=(Related(connection.location, "this client"),) if place != connection.location else (),
        confidence=Confidence.MEDIUM,
        reason=ASKED,
        label="no TLS",
    )
