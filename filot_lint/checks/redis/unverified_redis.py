"""FIL202: Redis is talked to over TLS, but nobody looks whose certificate it shows."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.redis.targets import UNUSED, Address, addresses, connections
from filot_lint.facts import RedisConnection
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.source import Location
from filot_lint.values import Literal, Ref, Value, options
from filot_lint.workspace.index import Index

OFF = frozenset({"none", "optional", "cert_none", "cert_optional"})
IN_URL = frozenset(f"ssl_cert_reqs={word}" for word in OFF)
SOMETIMES = "the setting has several values"
OPEN_RANGE = "the version that is installed may be another"


@check("FIL202")
def unverified_redis(index: Index) -> Iterator[Hit]:
    """Look at what the client, its URL and its version say about certificates."""
    seen: set[Location] = set()
    for connection in connections(index):
        known = list(addresses(index, connection))
        if connection.verify is not None and any(map(_is_off, options(connection.verify))):
            yield _switched_off(connection, connection.verify, "The certificate of Redis is not verified")
        elif connection.check_hostname is not None and any(map(_is_false, options(connection.check_hostname))):
            yield _switched_off(
                connection, connection.check_hostname, "The name in the certificate of Redis is not checked"
            )
        else:
            yield from _by_default(connection, known)
        for address in known:
            if address.traits & IN_URL and address.location not in seen:
                seen.add(address.location)
                yield _in_url(connection, address)


def _is_false(option: Value) -> bool:
    return isinstance(option, Literal) and option.type == "boolean" and option.text == "false"


def _is_off(option: Value) -> bool:
    match option:
        case Ref(path=path):
            return path[-1].lower() in OFF
        case Literal(text=text, type="string"):
            return text.lower() in OFF
        case Literal(type="null"):
            return True  # `ssl_cert_reqs=None`; facts of JavaScript leave it out
        case _:
            return _is_false(option)


def _switched_off(connection: RedisConnection, value: Value, what: str) -> Hit:
    idle, sometimes = connection.is_unused, len(list(options(value))) > 1
    return Hit(
        connection.location,
        {"what": what},
        confidence=Confidence.LOW if idle or sometimes else None,
        reason=UNUSED if idle else SOMETIMES if sometimes else None,
        label="switched off here",
    )


def _in_url(connection: RedisConnection, address: Address) -> Hit:
    whose = f"`{address.name}` says so" if address.name is not None else "the URL says so"
    return Hit(
        address.location,
        {"what": f"The certificate of Redis is not verified: {whose}"},
        related=(Related(connection.location, "this client"),),
        label="`ssl_cert_reqs`",
    )


def _by_default(connection: RedisConnection, known: list[Address]) -> Iterator[Hit]:
    """Tell of libraries that leave the name unchecked by themselves, where TLS is in use."""
    tls = isinstance(connection.tls, Literal) and connection.tls.text == "true"
    if not tls and not any("scheme=rediss" in address.traits for address in known):
        return
    implied = connection.by_default("check_hostname")
    if implied is None or implied.value is not False:
        return
    yield Hit(
        connection.location,
        {"what": f"The name in the certificate of Redis is not checked by {implied.version}"},
        related=(Related(implied.because, "this version"),),
        severity=Severity.INFO,
        confidence=None if implied.certainty == "certain" else Confidence.MEDIUM,
        reason=None if implied.certainty == "certain" else OPEN_RANGE,
    )
