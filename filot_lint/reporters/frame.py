"""A line of source with a mark under a stretch of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import msgspec

from filot_lint.reporters.redaction import Edit, redact
from filot_lint.reporters.safe_text import safe_text, visible, width
from filot_lint.source import Location, SourceFile

TAB = "    "
WIDEST = 160
BEFORE = 60


class Frame(msgspec.Struct, frozen=True):
    """One line as shown, and the columns of the mark in it (0-based, end exclusive)."""

    number: int
    text: str
    start: int
    end: int


def frame(
    location: Location, files: Mapping[str, SourceFile], names: Collection[str], concealed: Location | None = None
) -> Frame | None:
    """Return the first line of a place, None when the file has no such line; what lies in `concealed` is hidden."""
    source = files.get(location.file)
    if source is None or not 0 < location.line <= len(source.lines):
        return None
    line = source.lines[location.line - 1]
    start = min(max(location.column - 1, 0), len(line))
    end = location.end_column - 1 if location.end_line == location.line else len(line)
    shown, columns = _show(line, redact(line, source.language, names, _stretch(concealed, location, line)))
    left, right = columns[start], columns[max(min(end, len(line)), start)]
    return _crop(location.line, shown, left, max(right, left + 1))


def quotable(
    location: Location, files: Mapping[str, SourceFile], names: Collection[str], concealed: Location | None = None
) -> str | None:
    """Return the line of a place that lies on one line, as it is; None when any of it may not be shown like that."""
    source = files.get(location.file)
    if source is None or location.line != location.end_line or not 0 < location.line <= len(source.lines):
        return None
    line = source.lines[location.line - 1]
    if len(line) > WIDEST or safe_text(line.replace("\t", "")) != line.replace("\t", ""):
        return None
    return None if redact(line, source.language, names, _stretch(concealed, location, line)) else line


def _stretch(concealed: Location | None, location: Location, line: str) -> tuple[int, int] | None:
    """Return which part of a line is concealed."""
    if concealed is None or concealed.file != location.file:
        return None
    if not concealed.line <= location.line <= concealed.end_line:
        return None
    start = concealed.column - 1 if concealed.line == location.line else 0
    return start, (concealed.end_column - 1 if concealed.end_line == location.line else len(line))


def _show(line: str, edits: list[Edit]) -> tuple[str, list[int]]:
    """Return a line as it may be shown and, for each of its characters and its end, the column it begins at."""
    pieces: list[str] = []
    columns: list[int] = []
    column = position = 0
    for edit in [*edits, Edit(len(line), len(line), "")]:
        for character in line[position : edit.start]:
            piece = TAB if character == "\t" else visible(character)
            pieces.append(piece)
            columns.append(column)
            column += width(piece)
        pieces.append(edit.text)
        columns.extend([column] * (edit.end - edit.start))
        column += width(edit.text)
        position = edit.end
    return "".join(pieces), [*columns, column]


def _crop(number: int, text: str, start: int, end: int) -> Frame:
    """Cut a very long line down to the surroundings of the mark."""
    if len(text) <= WIDEST:
        return Frame(number, text.rstrip(), start, end)
    left = max(0, start - BEFORE)
    cut = text[left : left + WIDEST]
    mark = "…" if left else ""
    shift = left - len(mark)
    tail = "…" if left + WIDEST < len(text) else ""
    return Frame(number, f"{mark}{cut}{tail}", start - shift, min(end - shift, len(mark) + len(cut)))


def title(location: Location, prefix: str = "") -> str:
    """Return `path:line:column`, harmless."""
    return f"{safe_text(prefix + location.file)}:{location.line}:{location.column}"
