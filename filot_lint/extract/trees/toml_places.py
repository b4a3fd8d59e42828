"""TOML with the lines of its keys: `tomli` gives the values, a look at the lines gives the places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from filot_lint.extract.place import readable
from filot_lint.source import SourceError

if TYPE_CHECKING:
    from filot_lint.source import SourceFile

_HEADER = re.compile(r"[ \t]*(?P<open>\[\[?)[ \t]*(?P<name>[^\[\]#]+?)[ \t]*\]\]?[ \t]*(?:#.*)?")
_KEY = re.compile(r"[ \t]*(?P<quote>[\"']?)(?P<key>[A-Za-z0-9_.-]+)(?P=quote)[ \t]*=")
MAX_LINE = 16_384


class Key(NamedTuple):
    """A key of a table with its place; `nth` counts the tables of the same name."""

    table: str
    nth: int
    name: str
    line: int
    column: int


class Toml(NamedTuple):
    """A parsed file and its keys in the order written."""

    data: dict[str, Any]
    keys: list[Key]

    def key(self, table: str, name: str, nth: int = 0) -> Key | None:
        """Return the place of a key."""
        return next((key for key in self.keys if (key.table, key.name, key.nth) == (table, name, nth)), None)


def read(source: SourceFile) -> Toml:
    """Parse a TOML file; what cannot be parsed cannot be used at all."""
    import tomli  # noqa: PLC0415  # few workspaces need it

    try:
        data = tomli.loads(readable(source))
    except tomli.TOMLDecodeError as error:
        message = f"is not valid TOML (line {error.lineno}, column {error.colno})"
        raise SourceError(message) from error
    except RecursionError as error:
        message = "is nested too deeply"
        raise SourceError(message) from error
    return Toml(data, list(_keys(source.lines)))


def _keys(lines: list[str]) -> list[Key]:
    found: list[Key] = []
    counts: dict[str, int] = {}
    table, index = "", 0
    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE:
            continue
        header = _HEADER.fullmatch(line)
        if header is not None:
            table = ".".join(part.strip().strip("\"'") for part in header["name"].split("."))
            index = counts.get(table, -1) + 1 if header["open"] == "[[" else 0
            counts[table] = index
        elif (key := _KEY.match(line)) is not None:
            found.append(Key(table, index, key["key"], number, key.start("key") + 1))
    return found


def table(data: Any, *path: str) -> dict[str, Any]:  # noqa: ANN401  # TOML holds anything
    """Return a nested table, empty when it is not there or not a table."""
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}
