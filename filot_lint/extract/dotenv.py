"""`.env.example`-like files: what is declared, how it is described; the values die here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from filot_lint.extract import problem
from filot_lint.extract.dotenv_comments import (
    UNSTATED,
    Requirement,
    commented_declaration,
    is_rule,
    requirement_of,
    section_of,
    wording,
)
from filot_lint.extract.place import place, readable
from filot_lint.facts import EnvDeclaration
from filot_lint.secrets import shape_of

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

MAX_LINE = 16_384
MAX_VALUE_LINES = 200
MAX_PROBLEMS = 20
MAX_COMMENT = 1000
_KEY = re.compile(
    r"(?P<lead>[ \t]*(?:export[ \t]+)?)(?P<quote>'?)(?P<key>[A-Za-z_][A-Za-z0-9_.-]*)(?P=quote)[ \t]*(?P<rest>[=#].*)?$"
)
_COMMENT = re.compile(r"(?:^|\s)#")


@dataclass
class _Entry:
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


class _Reader:
    """Reads a file line by line and keeps what the next line may belong to."""

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.lines = source.lines
        self.entries: list[_Entry] = []
        self.problems: list[tuple[int, str]] = []
        self.block: list[str] = []
        self.section: str | None = None
        self.default = UNSTATED
        self.previous: _Entry | None = None

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
            entry = _Entry(name, index + 1, column, text, commented_out=True)
            entry.trailing = comment
            self._add(entry)
            return
        indent = len(line) - len(line.lstrip())
        if indent and self.previous is not None and not is_rule(line):
            self.previous.below.append(line.strip()[:MAX_COMMENT])
            return
        self.block.append(line.strip()[:MAX_COMMENT])
        self.previous = None

    def _declaration(self, index: int, line: str) -> int:
        found = _KEY.match(line)
        if found is None or (found["rest"] is None and re.search(r"\s", line.strip().removeprefix("export "))):
            self.problems.append((index + 1, "this line is neither a declaration nor a comment"))
            return 1
        rest, column = found["rest"], len(found["lead"]) + len(found["quote"]) + 1
        entry = _Entry(found["key"], index + 1, column, None)
        taken = 1
        if rest is not None and rest.startswith("="):
            start = found.start("rest") + 1
            taken = self._value(entry, index, line, start)
        elif rest is not None:
            entry.trailing = rest
        self._add(entry)
        return taken

    def _value(self, entry: _Entry, index: int, line: str, start: int) -> int:
        """Read the value that begins at `start`; return the number of lines it spans."""
        raw = line[start:]
        quote = raw.lstrip(" \t")[:1]
        if quote in {'"', "'", "`"}:
            closed = self._quoted(entry, index, start + len(raw) - len(raw.lstrip(" \t")), quote)
            if closed:
                return closed
            self.problems.append((index + 1, f"the quoted value of {entry.name} is not closed properly"))
        entry.value, entry.trailing = _unquoted(raw)
        return 1

    def _quoted(self, entry: _Entry, index: int, start: int, quote: str) -> int:
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
            return row - index + 1
        return 0

    def _add(self, entry: _Entry) -> None:
        self._close_block(keep=True)
        entry.above, self.block = [text for text in self.block if not is_rule(text)], []
        entry.section, entry.default = self.section, self.default
        self.entries.append(entry)
        self.previous = entry

    def _close_block(self, *, keep: bool = False) -> None:
        """Let a finished comment block start a section, if it is a banner; `keep` what follows the banner."""
        title, rest = section_of(self.block)
        if title is not None:
            self.section, self.default = wording([title]), requirement_of([title])
            self.block = rest if keep else []


def _closing(line: str, begin: int, quote: str) -> int | None:
    """Return where the quote closes; a backslash escapes."""
    position = begin
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
    if found is None:
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


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the declarations of one file."""
    readable(source)
    reader = _Reader(source)
    reader.read()
    first: dict[str, _Entry] = {}
    facts: list[Fact] = []
    for entry in reader.entries:
        earlier = None if entry.commented_out else first.setdefault(entry.name, entry)
        facts.append(_fact(source, entry, earlier if earlier is not entry else None))
    facts.extend(problem(source, message, line) for line, message in reader.problems[:MAX_PROBLEMS])
    return facts


def _fact(source: SourceFile, entry: _Entry, earlier: _Entry | None) -> EnvDeclaration:
    own = [text for text in (*entry.above, (entry.trailing or "")[:MAX_COMMENT], *entry.below) if text]
    stated = requirement_of(own)
    needed = stated if stated.required is not None else entry.default
    return EnvDeclaration(
        name=entry.name,
        shape="absent" if entry.value is None else shape_of(entry.value),
        required=needed.required,
        condition=needed.condition,
        section=entry.section,
        comment=wording(own),
        commented_out=entry.commented_out,
        inline_comment=entry.trailing is not None,
        repeats=earlier.line if earlier is not None else None,
        differs=earlier is not None and earlier.value != entry.value,
        **place(source, entry.line, entry.column, len(entry.name)),
    )
