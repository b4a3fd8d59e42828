"""A line of source with a mark under a stretch of it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from itertools import accumulate

import msgspec

from filot_lint.reporters.redaction import Edit, redact
from filot_lint.reporters.safe_text import safe_text, visible, width
from filot_lint.source import Location, SourceFile

TAB = "    "
WIDEST = 160
NARROWEST = 40


class Frame(msgspec.Struct, frozen=True):
    """One line as shown, and the columns of the mark in it (0-based, end exclusive)."""

    number: int
    text: str
    start: int
    end: int


def frame(
    location: Location,
    files: Mapping[str, SourceFile],
    names: Collection[str],
    concealed: Location | None = None,
    widest: int = WIDEST,
) -> Frame | None:
    """Return the first line of a place, None when the file has no such line; what lies in `concealed` is hidden.

    No more than `widest` columns of it are shown.
    """
    source = files.get(location.file)
    if source is None or not 0 < location.line <= len(source.lines):
        return None
    line = source.lines[location.line - 1]
    start = min(max(location.column - 1, 0), len(line))
    end = location.end_column - 1 if location.end_line == location.line else len(line)
    shown, columns = _show(line, redact(line, source.language, names, _stretch(concealed, location, line)))
    left, right = columns[start], columns[max(min(end, len(line)), start)]
    return _crop(Frame(location.line, shown.rstrip(), left, max(right, left + 1)), max(widest, NARROWEST))


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


def _crop(whole: Frame, widest: int) -> Frame:
    """Cut a line that is too wide down to the surroundings of the mark."""
    columns = [*accumulate(map(width, whole.text), initial=0)]
    if columns[-1] <= widest:
        return whole
    widest -= 2
    first = bisect_left(columns, min(whole.start - widest * 3 // 8, columns[-1] - widest))
    last = bisect_right(columns, columns[first] + widest) - 1
    head, tail = "…" if first else "", "…" if last < len(whole.text) else ""
    shift = columns[first] - len(head)
    start, end = (min(column, columns[last]) - shift for column in (whole.start, whole.end))
    return Frame(whole.number, f"{head}{whole.text[first:last]}{tail}", start, max(end, start + 1))


def title(location: Location, prefix: str = "") -> str:
    """Return `path:line:column`, harmless."""
    return f"{safe_text(prefix + location.file)}:{location.line}:{location.column}"
