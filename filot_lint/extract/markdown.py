"""READMEs: the variables that tables and blocks of assignments document; neither reads nor declarations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from filot_lint.extract.place import place, readable
from filot_lint.facts import EnvMention

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

MAX_LINE = 4_096
_NAME = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_FENCE = re.compile(r" {0,12}(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[\w.+-]*)")
_KINDS = frozenset(
    {"", "env", "dotenv", "properties", "ini", "conf", "bash", "sh", "shell", "text", "txt", "plaintext"}
)
_ASSIGNED = re.compile(r"[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_]\w*)=(?P<rest>.*)")
_HEADER = re.compile(r"env|variable|name|key|setting|parameter|option|config", re.IGNORECASE)
_VARIABLE = re.compile(_NAME)
_GONE = re.compile(r"deprecat|remov|no longer|obsolete|legacy|renamed|~~", re.IGNORECASE)
_OURS = re.compile(r"<!--[ \t]{0,9}filot-lint:(?P<which>begin|end)\b")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]")


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return what one file documents, without what it says is gone."""
    readable(source)
    lines = _written(source.lines)
    found: list[Fact] = []
    row, gone = 0, False
    while row < len(lines):
        fence = _FENCE.match(lines[row])
        if fence is not None:
            end = _end_of_block(lines, row + 1, fence["fence"])
            if not gone and fence["info"].lower() in _KINDS:
                found.extend(_assignments(source, lines, row + 1, end))
            row = end + 1
            continue
        if _HEADING.match(lines[row]):
            gone = _GONE.search(lines[row]) is not None
        elif row and not gone and _is_rule(lines[row]) and _HEADER.search(_first_cell(lines[row - 1])):
            found.extend(_rows(source, lines, row + 1))
        row += 1
    return found


def _written(lines: list[str]) -> list[str]:
    """Return the lines, empty where they are too long or where this tool has written them itself."""
    kept, ours = [], False
    for line in lines:
        marker = _OURS.search(line) if len(line) <= MAX_LINE else None
        ours = marker["which"] == "begin" if marker is not None else ours
        kept.append("" if ours or len(line) > MAX_LINE else line)
    return kept


def _end_of_block(lines: list[str], row: int, fence: str) -> int:
    """Return the row of the fence that closes a block, or the end of the file."""
    while row < len(lines):
        text = lines[row].strip()
        if text.startswith(fence) and not text.strip(fence[0]):
            return row
        row += 1
    return row


def _assignments(source: SourceFile, lines: list[str], start: int, end: int) -> Iterator[EnvMention]:
    """Yield the variables of a block that holds assignments and comments alone; anything else is a program."""
    block = [(row, lines[row]) for row in range(start, end) if lines[row].strip()]
    matches = [(row, _ASSIGNED.fullmatch(line)) for row, line in block if not line.lstrip().startswith("#")]
    if any(match is None or _is_command(match["rest"]) for _, match in matches):
        return
    for row, match in matches:
        gone = match is None or _GONE.search(match["rest"].partition("#")[2]) is not None
        if match is not None and not gone and _VARIABLE.fullmatch(match["name"]):
            yield _mention(source, row, match["name"], "block", start)


def _is_command(rest: str) -> bool:
    """Return whether words follow an unquoted value, as in `A=1 npm start`."""
    value = rest.partition(" #")[0].strip()
    return " " in value and value[:1] not in {'"', "'", "<", "[", "{"}


def _rows(source: SourceFile, lines: list[str], start: int) -> Iterator[EnvMention]:
    """Yield the variables in the first column of a table."""
    for row in range(start, len(lines)):
        if "|" not in lines[row]:
            return
        name = _first_cell(lines[row])
        if _VARIABLE.fullmatch(name) and not _GONE.search(lines[row]):
            yield _mention(source, row, name, "table", start)


def _first_cell(line: str) -> str:
    """Return what stands in the first column, without its dress; nothing where there is one column alone."""
    cell, bar, _ = line.strip().removeprefix("|").partition("|")
    return cell.strip(" \t*_`") if bar else ""


def _is_rule(line: str) -> bool:
    """Whether a line parts the header of a table from its rows."""
    return "--" in line and not line.strip(" \t:|-")


def _mention(source: SourceFile, row: int, name: str, form: Literal["table", "block"], start: int) -> EnvMention:
    column = source.lines[row].index(name) + 1
    return EnvMention(name=name, form=form, group=start, **place(source, row + 1, column, len(name)))
