"""FIL204: a Redis URL holds what the parser of one of its readers does not take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as Choice
from typing import NamedTuple

from filot_lint.checks import check
from filot_lint.checks.redis.targets import Address, addresses, connections, titled
from filot_lint.facts import RedisConnection
from filot_lint.findings import Hit, Related
from filot_lint.source import Location
from filot_lint.workspace.index import Index

PYTHON = frozenset({"redis", "dramatiq", "huey", "saq", "taskiq", "django", "bullmq"})
JAVASCRIPT = frozenset({"ioredis", "redis", "bullmq", "bull", "bee-queue", "@nestjs/bull", "@nestjs/bullmq"})
BULL = frozenset({"bull", "@nestjs/bull"})
ARQ = frozenset({"arq"})


class Clash(NamedTuple):
    """What the libraries of a language make of a URL with these traits."""

    traits: frozenset[str]
    language: Choice["python", "javascript"]
    libraries: frozenset[str]
    item: str
    effect: str


def _clash(traits: str, language: Choice["python", "javascript"], libraries: frozenset[str], *text: str) -> Clash:
    return Clash(frozenset(traits.split(" + ")), language, libraries, *text)


CLASHES = (
    _clash("ssl_cert_reqs of celery", "python", PYTHON, "`ssl_cert_reqs=CERT_…`", "refuses: it takes `required`"),
    _clash("redis item=*", "python", PYTHON, "an option of ioredis", "stops at with a `TypeError`"),
    _clash(
        "scheme=redis + redis ssl item", "python", PYTHON, "`ssl_…` after `redis://`", "stops at with a `TypeError`"
    ),
    _clash("redis with an encoded password", "python", ARQ, "an encoded password", "does not decode"),
    _clash("redis with an empty path", "python", ARQ, "a `/` without a number", "cannot parse"),
    _clash("redis with # in the password", "javascript", JAVASCRIPT, "a `#` in the password", "cannot parse"),
    _clash("scheme=rediss", "javascript", BULL, "`rediss://`", "takes for plain text"),
)
NUMBERED = Clash(frozenset(), "python", frozenset(), "the number of a database", "cannot use: a cluster has only 0")


@check("FIL204")
def foreign_url_item(index: Index) -> Iterator[Hit]:
    """Compare each URL that is known with the parsers of all clients that are given it."""
    seen: set[tuple[Location, str, str]] = set()
    for connection in connections(index):
        for address in addresses(index, connection):
            for clash in CLASHES:
                key = (address.location, clash.item, connection.library)
                if key not in seen and _clashes(clash, connection, address):
                    seen.add(key)
                    yield _hit(connection, address, clash)
            yield from _numbered(connection, address)


def _clashes(clash: Clash, connection: RedisConnection, address: Address) -> bool:
    if connection.library not in clash.libraries or (connection.language == "python") is not (
        clash.language == "python"
    ):
        return False
    if connection.library in BULL and connection.tls is not None and clash.libraries is BULL:
        return False
    shown = {"redis item=*" if trait.startswith("redis item=") else trait for trait in address.traits}
    return clash.traits <= shown


def _hit(connection: RedisConnection, address: Address, clash: Clash) -> Hit:
    name = f"`{address.name}`" if address.name is not None else "The URL"
    return Hit(
        address.location,
        {"name": name, "item": clash.item, "effect": f"which {titled(connection)} {clash.effect}"},
        related=(Related(connection.location, f"{titled(connection)} reads it here"),),
        label=clash.item,
    )


def _numbered(connection: RedisConnection, address: Address) -> Iterator[Hit]:
    """Report the number of a database for a cluster, which has only one."""
    if connection.form == "cluster" and any(trait.startswith("redis db=") for trait in address.traits):
        yield _hit(connection, address, NUMBERED)
