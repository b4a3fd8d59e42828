"""Code inside a file of another kind: a script in YAML, in a Dockerfile, in a string of a shell script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.source import Language, Location, SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_LINES = 20_000


class Excerpt(SourceFile):
    """Lines of code cut out of a file; every place in it is one of that file."""

    def __init__(
        self, host: SourceFile, lines: Iterable[tuple[int, int, str]], language: Language | None = None
    ) -> None:
        """Take the lines as (line, column, text), in order; several pieces of one line are set apart by spaces."""
        self._shifts: dict[int, int] = {}
        code: list[str] = []
        row, end = 1, 1
        for line, column, text in lines:
            if line - row > MAX_LINES or line < row:
                break
            fresh = line not in self._shifts
            code.append("\n" * (line - row) + ("" if fresh else " " * max(column - end, 1)) + text)
            if fresh:
                self._shifts[line] = column - 1
            row, end = line, column + len(text)
        data = "".join(code).encode("utf-8", "surrogateescape")
        super().__init__(host.path, data, language or host.language, host.area)
        self._host = host

    def shift(self, line: int) -> int:
        """Return how many columns of the file stand before a line of the excerpt."""
        outer = self._host.shift(line) if isinstance(self._host, Excerpt) else 0
        return self._shifts.get(line, 0) + outer

    def column_of(self, row: int, byte_column: int) -> int:
        """Return the column in the file."""
        return super().column_of(row, byte_column) + self.shift(row + 1)

    def at_line(self, line: int, column: int = 1, length: int | None = None) -> Location:
        """Return a place on one line of the file."""
        return self._host.at_line(line, column + self._shifts.get(line, 0), length)


def lines_of(source: SourceFile, begin: tuple[int, int], end: tuple[int, int]) -> list[tuple[int, int, str]]:
    """Return the text between two places, line and column from 1, cut into lines for an excerpt."""
    (first, left), (last, right) = begin, end
    found: list[tuple[int, int, str]] = []
    for number in range(first, min(last, first + MAX_LINES, len(source.lines)) + 1):
        text = source.lines[number - 1]
        start = left - 1 if number == first else 0
        found.append((number, start + 1, text[start : right - 1 if number == last else len(text)]))
    return found
