"""Files of variables, read line by line: which line declares what, and which comments belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from filot_lint.extract.dotenv_comments import (
    UNSTATED,
    Requirement,
    commented_declaration,
    is_rule,
    requirement_of,
    section_of,
    wording,
)
from filot_lint.extract.dotenv_spelling import Spot, Written, malformed
from filot_lint.secrets import looks_secret
from filot_lint.traits import traits_of

if TYPE_CHECKING:
    from filot_lint.facts import Spelling
    from filot_lint.source import SourceFile

MAX_LINE = 16_384
MAX_VALUE_LINES = 200
MAX_COMMENT = 1000
MAX_NAME = 100
_KEY = re.compile(
    r"(?P<lead>[ \t]*(?:export[ \t]+)?)(?P<quote>'?)(?P<key>\w[\w.-]*)(?P=quote)[ \t]*(?P<rest>[=#].*)?$", re.ASCII
)
_COMMENT = re.compile(r"(?:^|\s)#")
_HASHED = re.compile(r"#\w+\s*$")
"""A value such as a colour, which some readers take for a comment."""


@dataclass
class Entry:
    """One declaration, while its neighbours are still being read."""

    name: str
    line: int
    column: int
    value: str | None
    commented_out: bool = False
    trailing: str | None = None
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    section: str | None = None
    default: Requirement = UNSTATED
    heading: int | None = None
    spots: list[Spot] = field(default_factory=list)
    written: Written | None = None


class Reader:
    """Reads a file line by line and keeps what the next line may belong to."""

    def __init__(self, source: SourceFile) -> None:
        """Nothing is read yet."""
        self.source = source
        self.lines = source.lines
        self.entries: list[Entry] = []
        self.problems: list[tuple[int, str]] = []
        self.malformed: list[tuple[int, Spot]] = []
        self.block: list[str] = []
        self.section: str | None = None
        self.default = UNSTATED
        self.heading: int | None = None
        self.last_comment = 0
        self.previous: Entry | None = None

    def read(self) -> None:
        """Go through all lines."""
        index = 0
        while index < len(self.lines):
            index += self._line(index)
        self._close_block()

    def _line(self, index: int) -> int:
        """Read the line at `index`; return how many lines it took."""
        line = self.lines[index]
        stripped = line.strip()
        if len(line) > MAX_LINE:
            self.problems.append((index + 1, f"a line is longer than {MAX_LINE} characters and was left out"))
        elif not stripped:
            self._close_block()
            self.block = []
            self.previous = None
        elif stripped.startswith("#"):
            self._comment(index, line)
        else:
            return self._declaration(index, line)
        return 1

    def _comment(self, index: int, line: str) -> None:
        declared = commented_declaration(line)
        if declared is not None:
            name, column, value = declared
            text, comment = _unquoted_or_quoted(value)
            entry = Entry(name, index + 1, column, text, commented_out=True)
            entry.trailing = comment
            self._add(entry)
            return
        indent = len(line) - len(line.lstrip())
        if indent and self.previous is not None and not is_rule(line):
            self.previous.below.append(line.strip()[:MAX_COMMENT])
            return
        self.block.append(line.strip()[:MAX_COMMENT])
        self.last_comment = index + 1
        self.previous = None

    def _declaration(self, index: int, line: str) -> int:
        found = _KEY.match(line)
        loose = found is not None and found["rest"] is None and re.search(r"\s", line.strip().removeprefix("export "))
        if found is None or loose or not _is_name(found["key"], bare=not (found["rest"] or "").startswith("=")):
            self.malformed.append((index + 1, malformed(line)))
            return 1
        rest, column = found["rest"], len(found["lead"]) + len(found["quote"]) + 1
        entry = Entry(found["key"], index + 1, column, None)
        taken = 1
        if rest is not None and rest.startswith("="):
            start = found.start("rest") + 1
            taken = self._value(entry, index, line, start)
        else:
            entry.trailing = rest
            entry.spots.append(Spot("no-equals", 0, column - 1, len(entry.name)))
        self._add(entry)
        return taken

    def _value(self, entry: Entry, index: int, line: str, start: int) -> int:
        """Read the value that begins at `start`; return the number of lines it spans."""
        raw = line[start:]
        quote = raw.lstrip(" \t")[:1]
        if quote in {'"', "'", "`"}:
            begin = start + len(raw) - len(raw.lstrip(" \t"))
            closed = self._quoted(entry, index, begin, quote)
            if closed:
                return closed
            flaw: Spelling = "text-after-quote" if _closing(line, begin + 1, quote) is not None else "unclosed-quote"
            entry.spots.append(Spot(flaw, 0, begin, len(line) - begin))
        else:
            entry.written = Written(line, entry.column - 1, entry.name, start)
        entry.value, entry.trailing = _unquoted(raw)
        return 1

    def _quoted(self, entry: Entry, index: int, start: int, quote: str) -> int:
        """Read a quoted value; return the lines it took, 0 when its end is missing or followed by more text."""
        text: list[str] = []
        for row in range(index, min(index + MAX_VALUE_LINES, len(self.lines))):
            line = self.lines[row]
            if len(line) > MAX_LINE:
                return 0
            begin = start + 1 if row == index else 0
            end = _closing(line, begin, quote)
            if end is None:
                text.append(line[begin:])
                continue
            text.append(line[begin:end])
            tail = line[end + 1 :]
            if tail.strip() and not tail.lstrip().startswith("#"):
                return 0
            if tail.strip():
                entry.trailing = tail.strip()
            entry.value = "\n".join(text)
            first = self.lines[index]
            key, after = entry.column - 1, first.index("=", entry.column - 1) + 1
            entry.written = Written(first, key, entry.name, after, quote, end, row - index + 1, line)
            return row - index + 1
        return 0

    def _add(self, entry: Entry) -> None:
        self._close_block(keep=True)
        entry.above, self.block = [text for text in self.block if not is_rule(text)], []
        entry.section, entry.default, entry.heading = self.section, self.default, self.heading
        self.entries.append(entry)
        self.previous = entry

    def _close_block(self, *, keep: bool = False) -> None:
        """Let a finished comment block start a section, if it is a banner; `keep` what follows the banner."""
        title, rest = section_of(self.block)
        if title is not None:
            self.section, self.default = wording([title]), requirement_of([title])
            row = next((row for row, text in enumerate(self.block) if title in text), 0)
            self.heading = self.last_comment - len(self.block) + 1 + row
            self.block = rest if keep else []


def _is_name(key: str, *, bare: bool) -> bool:
    """Whether a word is the name of a variable, and no piece of a value that goes over several lines."""
    if len(key) > MAX_NAME or looks_secret(key):
        return False
    return not bare or (key in {key.upper(), key.lower()} and "random" not in traits_of(key))


def _closing(line: str, begin: int, quote: str) -> int | None:
    """Return where the quote closes; a backslash escapes."""
    position = begin if quote in line[begin:] else len(line)
    while position < len(line):
        if line[position] == "\\" and quote != "`":
            position += 2
            continue
        if line[position] == quote:
            return position
        position += 1
    return None


def _unquoted(raw: str) -> tuple[str, str | None]:
    """Split an unquoted value from its comment."""
    found = _COMMENT.search(raw)
    if found is None or _HASHED.match(raw):
        return raw.strip(), None
    return raw[: found.start()].strip(), raw[found.end() - 1 :].strip()


def _unquoted_or_quoted(raw: str) -> tuple[str, str | None]:
    """Read the value of a commented-out declaration, which is always one line."""
    quote = raw.lstrip()[:1]
    if quote in {'"', "'"}:
        begin = raw.index(quote)
        end = _closing(raw, begin + 1, quote)
        if end is not None:
            return raw[begin + 1 : end], _unquoted(raw[end + 1 :])[1]
    return _unquoted(raw)
