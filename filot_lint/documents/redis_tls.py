"""Whether Redis is talked to over TLS: the scheme of each known URL beside the option, by the rules of each library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar
from typing import Literal as Choice

import msgspec

from filot_lint.checks.redis.targets import addresses, constants
from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.queues import Queue
from filot_lint.facts import EnvProvision, QueueUse, RedisConnection
from filot_lint.source import Location
from filot_lint.values import NULL, Literal, Record, Value, env_names, options

Switch = Choice["on", "off", "unset", "unknown"]
Effect = Choice["any", "true only", "none"]

_SCHEME_IGNORED = frozenset({"bull"})
_OPTIONS: dict[tuple[str, str], Effect] = {
    ("typescript", "redis"): "true only",
    ("python", "redis"): "none",
    ("python", "dramatiq"): "none",
    ("python", "huey"): "none",
    ("python", "saq"): "none",
    ("python", "rq"): "none",
}
"""What a TLS option does beside a URL; where nothing is said, any that is not off switches TLS on."""

_OPEN = "only `rediss://` in the value encrypts"
_URL_WINS = frozenset({"ioredis", "bullmq", "redis"})
_OPTION_WINS = frozenset({"bull"})
_FLAG_WORDS = ("TLS", "SSL", "CERT", "CA")
_CHANNELS = {"secret": "secret store", "image-env": "image", "env-file": "environment file"}


class Encryption(msgspec.Struct, frozen=True):
    """Connections that are alike with one URL they may be made with; `place` is null where no file shows the URL."""

    connections: tuple[RedisConnection, ...]
    source: str
    place: Location | None
    scheme: str | None
    encrypted: Choice["yes", "no", "not determined"]
    reason: str


class Login(msgspec.Struct, frozen=True):
    """Where the credentials of connections that are alike come from, and which count."""

    connections: tuple[RedisConnection, ...]
    in_url: tuple[Location, ...]
    counts: str


def encryption(context: Context) -> tuple[Encryption, ...]:
    """Return the URLs of each production connection with what becomes of them."""
    found = (c for c in context.index.of(RedisConnection) if c.area == "production")
    return _joined(row for connection in found for row in _rows(context, connection))


R = TypeVar("R", Encryption, Login)
_ALIKE = ("library", "url", "host", "password", "tls", "verify", "implied")


def _joined(rows: Iterable[R]) -> tuple[R, ...]:
    """Put rows into one that differ in the place of their connection alone."""
    found: dict[str, list[R]] = {}
    row: R
    for row in rows:
        key = (*(getattr(row.connections[0], name) for name in _ALIKE), msgspec.structs.replace(row, connections=()))
        found.setdefault(repr(key), []).append(row)
    return tuple(
        msgspec.structs.replace(alike[0], connections=tuple(row.connections[0] for row in alike))
        for alike in found.values()
    )


def _rows(context: Context, connection: RedisConnection) -> Iterator[Encryption]:
    if connection.url is None:
        yield Encryption((connection,), "host and port", None, None, *_judge(connection, None))
        return
    index = context.index
    for address in constants(connection.url, connection):
        if _scheme(address.traits) is not None:
            yield _row(connection, "default in code", address.location, address.traits)
    names = env_names(connection.url)
    for declared in (d for name in names for d in index.declarations.get(name, ()) if not d.commented_out):
        if _scheme(declared.traits) is not None:
            yield _row(connection, "example file", declared.location, declared.traits)
    given = [p for name in names for p in index.provisions.get(name, ()) if _is_for(context, p, connection)]
    for provision in given:
        source = "compose file" if provision.language == "compose" else _CHANNELS.get(provision.channel, "manifest")
        yield _row(connection, source, provision.location, provision.traits)
    if all(provision.language == "compose" for provision in given):
        shown = ", ".join(f"`{name}`" for name in names)
        yield _row(connection, f"the value of {shown} in production" if names else "not in source", None, ())


def _row(connection: RedisConnection, source: str, place: Location | None, traits: Iterable[str]) -> Encryption:
    scheme = _scheme(traits)
    return Encryption((connection,), source, place, scheme, *_judge(connection, scheme))


def _is_for(context: Context, provision: EnvProvision, connection: RedisConnection) -> bool:
    """Whether a value may reach a connection: not what a container gets that runs other deployables only."""
    owners = {d.name for d in context.deployables if any(c.spec.name == provision.container for c in d.containers)}
    return provision.channel != "ci" and (
        not owners or not connection.components or bool(owners & {*connection.components})
    )


def _scheme(traits: Iterable[str]) -> str | None:
    found = (trait.removeprefix("scheme=") for trait in sorted(traits) if trait.startswith("scheme="))
    return next(found, None)


def _judge(connection: RedisConnection, scheme: str | None) -> tuple[Choice["yes", "no", "not determined"], str]:
    language = "python" if connection.language == "python" else "typescript"
    effect = _OPTIONS.get((language, connection.library), "any")
    switch = _switch(connection.tls, strict=effect == "true only")
    if connection.url is not None and connection.library not in _SCHEME_IGNORED:
        if scheme == "rediss":
            return "yes", "the scheme says so"
        if effect == "none":
            return ("no", "the scheme decides") if scheme else ("not determined", _OPEN)
    if switch == "on":
        return "yes", "the option says so, whatever the scheme"
    if switch == "unknown":
        sometimes = any(isinstance(o, Literal) and o.type == "null" for o in options(connection.tls or NULL))
        return "not determined", "the option is given under a condition" if sometimes else "the option is computed"
    if connection.url is not None and scheme is None and connection.library not in _SCHEME_IGNORED:
        return "not determined", _OPEN
    return "no", _why_not(connection, effect)


def _why_not(connection: RedisConnection, effect: Effect) -> str:
    if effect == "true only" and connection.tls is not None:
        return "`tls` is not `true`, so it is ignored"
    ignored = connection.library in _SCHEME_IGNORED
    return f"{connection.library} ignores the scheme" if ignored else "nothing asks for TLS"


def _switch(value: Value | None, *, strict: bool) -> Switch:
    """Return what a TLS option says; a `strict` library takes nothing but `true`."""
    if value is None:
        return "unset"
    said = {_said(option, strict=strict) for option in options(value)}
    return said.pop() if len(said) == 1 else "unknown"


def _said(option: Value, *, strict: bool) -> Switch:
    if isinstance(option, Record):
        return "off" if strict else "on"
    if not isinstance(option, Literal):
        return "unknown"
    if option.type == "boolean":
        return "on" if option.text.lower() == "true" else "off"
    if option.type == "null":
        return "unset"
    return "off" if strict else "on"


def logins(context: Context) -> tuple[Login, ...]:
    """Return the connections that may log in, with what counts where two places hold credentials."""
    found = (c for c in context.index.of(RedisConnection) if c.area == "production")
    return _joined(_login(context, c) for c in found if c.url is not None or c.password is not None)


def _login(context: Context, connection: RedisConnection) -> Login:
    known = addresses(context.index, connection) if connection.url is not None else ()
    inside = tuple(a.location for a in known if "redis with a password" in a.traits)
    given = connection.password is not None or connection.username is not None
    if connection.url is None:
        counts = "the options"
    elif not given:
        counts = "what the URL carries"
    elif connection.library in _URL_WINS:
        counts = "what the URL carries; the option only where it carries nothing"
    elif connection.library in _OPTION_WINS:
        counts = "the option; what the URL carries only without it"
    else:
        counts = "not determined: the order is not known for this library"
    return Login((connection,), inside, counts)


def dead_tls_flags(context: Context) -> tuple[Variable, ...]:
    """Return variables that are called a TLS setting of Redis, are set, and are read by no production code."""
    return tuple(
        v
        for v in context.variables
        if not v.production
        and (v.active or v.provisions)
        and "REDIS" in v.name.upper()
        and set(v.name.upper().split("_")) & set(_FLAG_WORDS)
        and context.index.consumer_of(v.name) is None
    )


_KEPT = {
    **dict.fromkeys(("lmove", "blmove", "rpoplpush", "brpoplpush"), "kept in the list it is moved to"),
    **dict.fromkeys(("xreadgroup", "xautoclaim", "xclaim"), "pending in the stream until it is acknowledged"),
    **dict.fromkeys(("lpop", "rpop", "blpop", "brpop", "lmpop", "blmpop", "zpopmin", "zpopmax", "bzpopmin", "bzpopmax"),
                    "gone from the queue"),
}  # fmt: skip
"""Where a job is between the command that takes it and its end."""


def takings(context: Context) -> tuple[tuple[Queue, QueueUse, str], ...]:
    """Return the commands that take work off Redis by themselves, and where the job is then."""
    return tuple(
        (queue, use, _KEPT[use.command.lower()])
        for queue in context.queues
        for use in queue.consumers
        if use.framework == "redis" and (use.command or "").lower() in _KEPT and use.command
    )


REDIS_VIEWS: tuple[Callable[..., Any], ...] = (encryption, logins, dead_tls_flags, takings)
