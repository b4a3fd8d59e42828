"""FIL205: a setting of a Redis client that does nothing, or another thing than it says."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.redis.targets import addresses, connections, titled
from filot_lint.facts import RedisConnection
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.values import Literal, Record, Ref, Unknown, Value, literals, options
from filot_lint.workspace.index import Index

URL_FIRST = frozenset({"ioredis", "redis"})
URL_ONLY = {"dramatiq": "dramatiq drops it beside a URL", "huey": "huey refuses it beside a URL"}
BESIDE = ("host", "port", "db", "password")
UNSEEN = "the URL is not in the source; if it carries none, the setting counts"
ANY_VERSION = "no lock file says which version it is"


@check("FIL205")
def ineffective_redis_setting(index: Index) -> Iterator[Hit]:
    """Compare the settings of each client with its URL, and with where its library looks."""
    for connection in connections(index):
        if connection.misplaced is not None:
            yield from _misplaced(connection)
        if connection.library == "redis" and connection.language != "python":
            yield from _loose_tls(index, connection)
        if connection.url is not None and connection.library in URL_ONLY:
            yield from _dropped(connection)
        elif connection.url is not None and connection.library in URL_FIRST:
            yield from _overruled(index, connection)


def _misplaced(connection: RedisConnection) -> Iterator[Hit]:
    if connection.language == "python":
        yield _hit(connection, "`ssl` beside a URL is a `TypeError`: only `rediss://` switches TLS on", Severity.ERROR)
        return
    implied = connection.by_default("top-level-host")
    if implied is not None and implied.value != "ignored":
        return
    sure = implied is not None and implied.certainty == "certain"
    text = "`host` and `port` belong into `socket`; here they are ignored, and the client talks to localhost"
    yield _hit(connection, text, Severity.ERROR, None if sure else Confidence.MEDIUM, None if sure else ANY_VERSION)


def _loose_tls(index: Index, connection: RedisConnection) -> Iterator[Hit]:
    """Report `tls` of node-redis that is neither true nor false: it stays off."""
    tls = connection.tls
    if tls is None or any("scheme=rediss" in address.traits for address in addresses(index, connection)):
        return
    if all(isinstance(o, Record) or (isinstance(o, Literal) and o.type in {"record", "string"}) for o in options(tls)):
        yield _hit(connection, "`socket.tls` must be `true`; with an object or a text TLS stays off", Severity.ERROR)


def _dropped(connection: RedisConnection) -> Iterator[Hit]:
    given = [name for name in BESIDE if _is_given(getattr(connection, name))]
    if given:
        severity = Severity.ERROR if connection.library == "huey" else None
        yield _hit(connection, f"`{given[0]}`: {URL_ONLY[connection.library]}", severity)


def _overruled(index: Index, connection: RedisConnection) -> Iterator[Hit]:
    """Report what the URL says, too: it wins. What nobody knows may be no URL at all."""
    if connection.url is None or all(isinstance(option, Unknown | Ref) for option in options(connection.url)):
        return
    known = list(addresses(index, connection))
    hidden = any(literal.type == "redacted" and "credentials" in literal.text for literal in literals(connection.url))
    for name, prefix in (("password", "redis with a password"), ("db", "redis db=")):
        if not _is_given(getattr(connection, name)):
            continue
        text = f"`{name}` has no effect where the URL carries one"
        address = next((a for a in known if any(trait.startswith(prefix) for trait in a.traits)), None)
        if address is not None:
            related = (Related(address.location, "the URL carries one here"),)
            yield _hit(connection, text, None, related=related)
        elif name == "password" and hidden:
            yield _hit(connection, text)
        elif name == "password" and not any(trait.startswith("scheme=") for a in known for trait in a.traits):
            yield _hit(connection, text, Severity.INFO, Confidence.LOW, UNSEEN)


def _is_given(value: Value | None) -> bool:
    return value is not None and not isinstance(value, Unknown)


def _hit(
    connection: RedisConnection,
    what: str,
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    reason: str | None = None,
    *,
    related: tuple[Related, ...] = (),
) -> Hit:
    return Hit(connection.location, {"what": what, "library": titled(connection)}, related=related, severity=severity,
               confidence=confidence, reason=reason)  # fmt: skip
