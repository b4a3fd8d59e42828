"""What Prisma schemas read."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from filot_lint.extract.manifests.prisma import extract
from filot_lint.facts import DatabaseConnection, EnvRead, Fact
from filot_lint.source import Area, Language, SourceError, SourceFile
from filot_lint.values import Env

MODELS: Any = None
SCHEMA = """// url = env("COMMENTED")
generator client {
  provider      = "prisma-client-js"
  binaryTargets = env("TARGETS")
}

datasource db {
  provider          = "postgresql" // env("TOO")
  url               = env("DATABASE_URL")
  directUrl         = env( "DIRECT_URL" )
  shadowDatabaseUrl = env("SHADOW_URL")
}

model User {
  id  Int    @id
  url String @default("env(\\"NOT\\")")
}
"""


def facts(text: str | bytes, area: Area = Area.PRODUCTION) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return extract(SourceFile("prisma/schema.prisma", data, Language.PRISMA, area), MODELS)


def reads(text: str, area: Area = Area.PRODUCTION) -> list[EnvRead]:
    return [fact for fact in facts(text, area) if isinstance(fact, EnvRead)]


def test_only_the_clients_connection_is_read_in_production() -> None:
    assert [(r.name, r.area, r.required, r.line, r.column) for r in reads(SCHEMA)] == [
        ("TARGETS", "tooling", None, 4, 24),
        ("DATABASE_URL", "production", True, 9, 28),
        ("DIRECT_URL", "tooling", None, 10, 29),
        ("SHADOW_URL", "tooling", None, 11, 28),
    ]
    assert {r.area for r in reads(SCHEMA, Area.TEST)} == {"test"}


def test_a_schema_without_a_client_runs_nowhere() -> None:
    text = 'generator docs { provider = "prisma-docs" }\ndatasource db { url = env("A") }'.replace(" }", "\n}")

    assert [(r.name, r.area, r.required) for r in reads(text.replace("{ ", "{\n"))] == [("A", "tooling", None)]


def test_a_part_of_a_schema_has_no_generator() -> None:
    assert [(r.name, r.area) for r in reads('datasource db {\n url = env("A")\n}')] == [("A", "production")]


@pytest.mark.parametrize(
    ("provider", "url", "expected"),
    [
        ("postgresql", 'env("A")', [Env("A")]),
        ("postgres", 'env("A")', [Env("A")]),
        ("mysql", 'env("A")', []),
        ("sqlite", '"file:./dev.db"', []),
    ],
)
def test_connections(provider: str, url: str, expected: list[Env]) -> None:
    found = facts(f'datasource db {{\n  provider = "{provider}"\n  url = {url}\n}}')

    assert [f.url for f in found if isinstance(f, DatabaseConnection)] == expected


def test_passwords_never_leave() -> None:
    found = facts('datasource db {\n provider = "postgresql"\n url = "postgresql://u:hunter22pass@db/x"\n}')

    assert "hunter22pass" not in msgspec.json.encode(found).decode()


def test_hostile_input() -> None:
    begin = time.perf_counter()
    for text in (
        "datasource db {\n" * 10_000,
        "datasource db {\n url = " + 'env("A") ' * 5_000,
        "datasource db {\n url = " + '"' * 40_000,
        "datasource db {\n" + "/" * 40_000,
        "}" * 10_000,
        "datasource db {",
    ):
        msgspec.json.encode(facts(text))
    msgspec.json.encode(facts(b'datasource db {\n url = env("\xff")\n}'))
    assert time.perf_counter() - begin < 20
    with pytest.raises(SourceError):
        facts(b"\0")
