"""Dockerfiles cut into instructions: continuations, comments between them, heredocs, the `escape` directive."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIRECTIVE = re.compile(r"#[ \t]*(?P<key>[a-z]+)[ \t]*=[ \t]*(?P<value>\S+)[ \t]*", re.IGNORECASE)
_START = re.compile(r"[ \t]*(?P<keyword>[A-Za-z]+)(?P<gap>[ \t]+|$)")
_HEREDOC = re.compile(r"(?:(?<=\s)|^)\d?<<(?P<dash>-?)(?P<quote>[\"']?)(?P<word>[A-Za-z_][A-Za-z0-9_]*)(?P=quote)")
_WITH_HEREDOC = {"RUN", "COPY", "ADD"}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MAX_LINE = 65_536


class Word(NamedTuple):
    """A piece of an instruction with its place in the file."""

    text: str
    line: int
    column: int


class Heredoc(NamedTuple):
    """A text written behind an instruction; `rows` are (line, text), the last one ends it."""

    word: str
    expanded: bool
    tabs: bool
    rows: list[tuple[int, str]]


@dataclass
class Instruction:
    """One instruction; `text` is its argument with the continuations joined."""

    keyword: str
    line: int
    column: int
    text: str = ""
    heredocs: list[Heredoc] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _places: list[tuple[int, int]] = field(default_factory=list)

    def append(self, text: str, line: int, column: int) -> None:
        """Add what one line of the file contributes."""
        self._starts.append(len(self.text))
        self._places.append((line, column))
        self.text += text

    def at(self, offset: int) -> tuple[int, int]:
        """Return line and column of a character of the text."""
        if not self._starts:
            return self.line, self.column
        index = max(bisect_right(self._starts, offset) - 1, 0)
        line, column = self._places[index]
        return line, column + offset - self._starts[index]

    def word(self, start: int, end: int) -> Word:
        """Return a stretch of the text with its place."""
        return Word(self.text[start:end], *self.at(start))

    def pieces(self) -> Iterator[tuple[int, int, str]]:
        """Yield line, column and text of every line."""
        ends = [*self._starts[1:], len(self.text)]
        for (line, column), start, end in zip(self._places, self._starts, ends, strict=True):
            yield line, column, self.text[start:end]


@dataclass
class File:
    """All instructions of a Dockerfile; `problems` are (line, message)."""

    instructions: list[Instruction]
    escape: str
    problems: list[tuple[int, str]]


def parse(lines: list[str]) -> File:
    """Cut the lines of a Dockerfile into instructions."""
    file = File([], _escape(lines), [])
    continued = re.compile(re.escape(file.escape) + r"[ \t]*$")
    index = 0
    while index < len(lines):
        line = lines[index]
        if not line.strip() or line.lstrip().startswith("#"):
            index += 1
            continue
        start = _START.match(line)
        if start is None or len(line) > MAX_LINE:
            file.problems.append((index + 1, "this line does not begin with an instruction"))
            index += 1
            continue
        instruction = Instruction(start["keyword"].upper(), index + 1, start.start("keyword") + 1)
        index = _arguments(instruction, lines, index, start.end(), continued)
        index = _heredocs(instruction, lines, index, file)
        file.instructions.append(instruction)
    return file


def _escape(lines: list[str]) -> str:
    for line in lines:
        found = _DIRECTIVE.fullmatch(line.strip())
        if found is None:
            break
        if found["key"].lower() == "escape" and found["value"] in {"\\", "`"}:
            return found["value"]
    return "\\"


def _arguments(instruction: Instruction, lines: list[str], index: int, begin: int, continued: re.Pattern[str]) -> int:
    """Collect the lines of an instruction; comment lines and blank lines in between do not count."""
    while index < len(lines):
        line = lines[index]
        between = begin == 0 and (not line.strip() or line.lstrip().startswith("#"))
        if not between:
            found = continued.search(line)
            end = len(line) if found is None else max(found.start(), begin)
            instruction.append(line[begin:end], index + 1, begin + 1)
            if found is None:
                return index + 1
        index, begin = index + 1, 0
    return index


def _heredocs(instruction: Instruction, lines: list[str], index: int, file: File) -> int:
    if instruction.keyword not in _WITH_HEREDOC:
        return index
    for found in _HEREDOC.finditer(instruction.text):
        heredoc = Heredoc(found["word"], not found["quote"], bool(found["dash"]), [])
        instruction.heredocs.append(heredoc)
        while True:
            if index >= len(lines):
                file.problems.append((instruction.line, "a heredoc does not end"))
                return index
            line = lines[index]
            index += 1
            heredoc.rows.append((index, line))
            if (line.lstrip("\t") if heredoc.tabs else line) == heredoc.word:
                break
    return index


def flags(instruction: Instruction) -> int:
    """Return the offset behind leading flags such as `--platform=…`."""
    found = re.match(r"(?:[ \t]*--[a-z-]+(?:=\S*)?[ \t]+)*[ \t]*", instruction.text)
    return 0 if found is None else found.end()


def flag(instruction: Instruction, name: str) -> str | None:
    """Return the value of a leading flag."""
    found = re.search(rf"(?:^|[ \t])--{name}=(\S+)", instruction.text[: flags(instruction)])
    return None if found is None else found[1].strip("\"'")


def json_form(text: str) -> tuple[str, ...] | None:
    """Return the words of the exec form, None when it is the shell form."""
    if not text.lstrip().startswith("["):
        return None
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return tuple(words) if isinstance(words, list) and all(isinstance(word, str) for word in words) else None


def assignments(instruction: Instruction, escape: str) -> Iterator[tuple[Word, str | None]]:
    """Yield the names an ENV or ARG sets, with the raw value; `ENV X some text` is the old form."""
    text = instruction.text
    first = _NAME.match(text)
    if instruction.keyword == "ENV" and first is not None and text[first.end() : first.end() + 1] in {" ", "\t"}:
        yield instruction.word(*first.span()), text[first.end() :].strip()
        return
    position = 0
    while position < len(text):
        if text[position] in " \t":
            position += 1
            continue
        end = _word_end(text, position, escape)
        name = _NAME.match(text, position, end)
        if name is not None and (name.end() == end or text[name.end()] == "="):
            value = None if name.end() == end else unquote(text[name.end() + 1 : end], escape)
            yield instruction.word(*name.span()), value
        position = end


def _word_end(text: str, position: int, escape: str) -> int:
    quote = ""
    while position < len(text):
        character = text[position]
        if character == escape and quote != "'":
            position += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in " \t":
            break
        position += 1
    return min(position, len(text))


def unquote(text: str, escape: str) -> str:
    """Drop the quotes of a value."""
    return re.sub(r"[\"']", "", text.replace(escape + " ", " "))
