"""FIL611: a connection to PostgreSQL that is not encrypted or not checked, or a URL that its driver refuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.checks import check
from filot_lint.checks.addresses import Address, addresses, alternatives, runs, text_of
from filot_lint.facts import DatabaseConnection
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import is_local
from filot_lint.source import Location
from filot_lint.values import Literal, Record, Value
from filot_lint.workspace.index import Index

NODE = frozenset({"drizzle-orm", "knex", "pg", "sequelize", "slonik", "typeorm"})
"""Libraries on top of node-postgres, which takes `require` for `verify-full` as long as its version says so."""
LENIENT = frozenset({"asyncpg", "databases", "django", "postgres", "psycopg", "sqlalchemy"})
"""Libraries for which `require` only encrypts."""
PLAIN = frozenset({"disable", "allow", "prefer"})
SQLALCHEMY = frozenset({"flask-sqlalchemy", "sqlalchemy"})
SOMETIMES = "it depends on a test which of several settings is used"
REWRITTEN = "the code may rewrite the URL before it is used"
DOUBTS = {SOMETIMES: Confidence.MEDIUM, REWRITTEN: Confidence.LOW}


class Flaw(NamedTuple):
    """What is wrong with a setting, in words, and how bad that is; `refused` if the driver raises."""

    words: str
    severity: Severity | None = None
    refused: bool = False


@check("FIL611")
def unsafe_postgres_tls(index: Index) -> Iterator[Hit]:
    """Look at what the code says about TLS, and at what may be told of the URLs, in the words of the driver."""
    seen: set[tuple[Location, str]] = set()
    for connection in index.of(DatabaseConnection):
        for place, flaw, hit in _hits(index, connection) if runs(connection) else ():
            if (place, flaw) not in seen:
                seen.add((place, flaw))
                yield hit


def _hits(index: Index, connection: DatabaseConnection) -> Iterator[tuple[Location, str, Hit]]:
    for place, flaw, sure in _settings(connection):
        yield place, flaw.words, _hit(connection, place, flaw, "This connection", None if sure else SOMETIMES)
    for address in addresses(index, connection.url, connection):
        found = _of_text(connection, address)
        if found is not None:
            subject = f"The value of `{address.name}`" if address.name is not None else "This URL"
            rewritten = REWRITTEN if found.refused and address.name is not None else None
            yield address.location, found.words, _hit(connection, address.location, found, subject, rewritten)


def _settings(connection: DatabaseConnection) -> Iterator[tuple[Location, Flaw, bool]]:
    """Yield what the settings beside the URL say, and whether nothing else is possible."""
    near = [is_local(text_of(option)) for option in (*alternatives(connection.url), *alternatives(connection.host))]
    every = list(alternatives(connection.tls)) if not near or not all(near) else []
    if any(isinstance(option, Record) and not _is_false(option.get("rejectUnauthorized")) for option in every):
        return
    for option in every:
        if isinstance(option, Record) and _is_false(option.get("rejectUnauthorized")):
            place = dict(option.keys_at).get("rejectUnauthorized", connection.location)
            yield place, Flaw("is encrypted, but any certificate will do"), len(every) == 1
        elif isinstance(option, Literal) and option.text == "no-verify":
            yield connection.location, Flaw("is encrypted, but any certificate will do"), len(every) == 1
        elif (
            isinstance(option, Literal)
            and option.text == "require"
            and connection.library in LENIENT
            and len(every) == 1
        ):
            yield option.at or connection.location, Flaw(_unchecked("require", connection)), True


def _of_text(connection: DatabaseConnection, address: Address) -> Flaw | None:
    said = dict(trait.partition("=")[::2] for trait in address.traits if "=" in trait)
    scheme, mode, far = said.get("scheme", ""), said.get("sslmode"), said.get("host") == "remote"
    if not scheme.startswith("postgres"):
        return None
    if connection.library in SQLALCHEMY and scheme == "postgres":
        return Flaw("begins with `postgres://`; SQLAlchemy knows only `postgresql://`", Severity.ERROR, refused=True)
    if scheme.endswith("+asyncpg") and mode is not None:
        words = "has `sslmode`, which SQLAlchemy hands to asyncpg, where it raises; that takes `ssl`"
        return Flaw(words, Severity.ERROR, refused=True)
    if connection.tls is not None:
        return None
    if mode == "no-verify":
        return Flaw("is encrypted, but any certificate will do (`sslmode=no-verify`)")
    if mode in PLAIN and far:
        return Flaw(f"lets the password and the data go unencrypted (`sslmode={mode}`)", Severity.ERROR)
    if mode is None and far and not address.example and connection.library in NODE | LENIENT:
        return Flaw("has no `sslmode`, so that the connection is not encrypted, or need not be")
    if mode == "require" and far and (connection.library in LENIENT or _weakens(connection)):
        return Flaw(_unchecked("sslmode=require", connection), Severity.INFO if address.example else None)
    return None


def _weakens(connection: DatabaseConnection) -> bool:
    """Whether the version of node-postgres in use takes `require` for less than `verify-full`."""
    implied = connection.by_default("sslmode-require")
    return implied is not None and implied.value == "unverified"


def _unchecked(words: str, connection: DatabaseConnection) -> str:
    return f"is encrypted, but with `{words}` {connection.library} takes any certificate"


def _hit(connection: DatabaseConnection, place: Location, flaw: Flaw, subject: str, doubt: str | None) -> Hit:
    return Hit(
        place,
        {"subject": subject, "flaw": flaw.words},
        related=(Related(connection.location, "the connection"),) if place != connection.location else (),
        severity=flaw.severity,
        confidence=DOUBTS[doubt] if doubt is not None else None,
        reason=doubt,
    )


def _is_false(value: Value | None) -> bool:
    return isinstance(value, Literal) and value.text == "false"
