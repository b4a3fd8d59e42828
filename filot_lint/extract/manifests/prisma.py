"""Prisma schemas: the variables of the datasource.

Prisma Client up to version 6 takes `url` from the environment when it connects, in production too; `directUrl` and
`shadowDatabaseUrl` are for the commands of Prisma (https://www.prisma.io/docs/orm/reference/prisma-schema-reference:
"Prisma CLI commands that require a direct connection to the database use the URL in the directUrl argument"; the
shadow database is "used by Prisma Migrate"). So `url` is a read of production, unless the generators of the schema
make no client, and the other two are tooling.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract.place import place, plain, readable
from filot_lint.extract.redact import redact
from filot_lint.facts import DatabaseConnection, EnvRead
from filot_lint.values import Env, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.facts import AreaName, Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

MAX_LINE = 16_384
_BLOCK = re.compile(r"\s*(?P<kind>datasource|generator)\s+\w+\s*\{")
_FIELD = re.compile(r"\s*(?P<key>\w+)\s*=\s*(?P<value>.*?)\s*")
_ENV = re.compile(r"env\(\s*\"(?P<name>[^\"]+)\"\s*\)")
_TEXT = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
_TEXT_OR_COMMENT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|//")
_POSTGRES = {"postgresql", "postgres"}


class _Field(NamedTuple):
    """One setting of a block; `column` is where the value begins."""

    key: str
    value: str
    line: int
    column: int


class _Block(NamedTuple):
    """A `datasource` or `generator`."""

    kind: str
    line: int
    fields: list[_Field]

    def text(self, key: str) -> str | None:
        """Return a setting that is a plain text."""
        found = next((field for field in self.fields if field.key == key), None)
        quoted = _TEXT.match(found.value) if found is not None else None
        return None if quoted is None else quoted[1]


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the reads of one schema file, and its connection when the database is PostgreSQL."""
    readable(source)
    blocks = list(_blocks(source.lines))
    makers = [block.text("provider") or "" for block in blocks if block.kind == "generator"]
    client = not makers or any("client" in maker for maker in makers)
    facts: list[Fact] = []
    for block in blocks:
        for field in block.fields:
            facts.extend(_reads(source, block, field, client=client))
        if block.kind == "datasource" and block.text("provider") in _POSTGRES:
            facts.extend(_connection(source, block))
    return facts


def _blocks(lines: list[str]) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in enumerate(lines, start=1):
        code = _uncommented(line[:MAX_LINE])
        if block is None:
            start = _BLOCK.match(code)
            if start is None:
                continue
            block = _Block(start["kind"], number, [])
            code = " " * start.end() + code[start.end() :]
        field = _FIELD.fullmatch(code.partition("}")[0])
        if field is not None:
            block.fields.append(_Field(field["key"], field["value"], number, field.start("value") + 1))
        if "}" in code:
            yield block
            block = None


def _uncommented(line: str) -> str:
    """Cut off a comment; two slashes inside a text begin none."""
    comment = next((found for found in _TEXT_OR_COMMENT.finditer(line) if found[0] == "//"), None)
    return line if comment is None else line[: comment.start()]


def _reads(source: SourceFile, block: _Block, field: _Field, *, client: bool) -> Iterator[EnvRead]:
    """Yield what a setting reads; only the connection of the client is production's."""
    for found in _ENV.finditer(field.value):
        name = plain(found["name"])
        runs = block.kind == "datasource" and field.key == "url" and client
        area: AreaName = source.area.value if runs or source.area.value == "test" else "tooling"
        at = place(source, field.line, field.column + found.start("name"), len(found["name"]))
        at["area"] = area
        yield EnvRead(name=name, access="read", via="prisma", required=True if runs else None, value=Env(name), **at)


def _connection(source: SourceFile, block: _Block) -> Iterator[DatabaseConnection]:
    field = next((field for field in block.fields if field.key == "url"), None)
    if field is None:
        return
    found = _ENV.match(field.value)
    text = block.text("url")
    url = Env(found["name"]) if found is not None else None if text is None else redact(Literal(text), None)
    yield DatabaseConnection(library="prisma", url=url, **place(source, block.line))
