"""Where a fact stands, and texts that are safe to put into one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from filot_lint.source import SourceError

if TYPE_CHECKING:
    from filot_lint.facts import AreaName
    from filot_lint.source import Location, SourceFile

MAX_PLAIN = 2000


class Place(TypedDict):
    """The fields all facts share, ready for `**`."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    language: str
    area: AreaName


def place(source: SourceFile, line: int, column: int = 1, length: int | None = None) -> Place:
    """Return the place of a name on one line."""
    return place_at(source, source.at_line(line, column, length))


def place_at(source: SourceFile, location: Location) -> Place:
    """Return a location as the fields of a fact."""
    return {
        "file": source.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
        "language": source.language.published,
        "area": source.area.value,
    }


def readable(source: SourceFile) -> str:
    """Return the text of a file; a binary one cannot be used."""
    if b"\0" in source.data:
        message = "is not a text file (it holds NUL bytes)"
        raise SourceError(message)
    return source.text


def plain(text: str) -> str:
    """Make a text safe to store: valid Unicode, one line, no control characters, bounded."""
    kept = text[:MAX_PLAIN].encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in kept).split())
