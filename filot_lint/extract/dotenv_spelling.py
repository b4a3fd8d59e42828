"""How a line of a file of variables is written, where parsers disagree; nothing of the value leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from filot_lint.facts import Spelling

_QUOTES = {'"', "'", "`"}
_COMMENT = re.compile(r"\s#")
_HASH = re.compile(r"(?<!\s)#")
_SUBSTITUTION = re.compile(r"\$\((?!\()")
_BRACES = re.compile(r"\$\{[^{}]*\}")
_BARE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_DOLLAR = re.compile(r"\$[A-Za-z_$]")
_USUAL = frozenset({"HOME", "HOSTNAME", "PATH", "PWD", "USER"})
_SHELL = re.compile(r"[&;|<>()]|\\.")
_POSIX = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Written(NamedTuple):
    """One declaration as it stands in the file; columns count from 0.

    `line` is its first line, `key` and `after` say where the name begins and what is behind the `=`. `quote` is the
    quote around the value, `end` where that closes on the last line, which is `tail`.
    """

    line: str
    key: int
    name: str
    after: int
    quote: str = ""
    end: int = 0
    lines: int = 1
    tail: str = ""


class Spot(NamedTuple):
    """A piece of a line (its `row` counts from the first line of the declaration) and how it is written."""

    spelling: Spelling
    row: int
    column: int
    length: int


def spots(written: Written, names: frozenset[str]) -> Iterator[Spot]:
    """Yield what parsers differ in on one declaration; `names` are the variables that the file declares."""
    yield from _name(written)
    raw = written.line[written.after :]
    value = raw.lstrip(" \t")
    begin = written.after + len(raw) - len(value)
    if value and not value.startswith("#") and begin > written.after:
        yield Spot("blank-after-equals", 0, written.after, begin - written.after)
    if written.quote:
        yield from _quoted(written, begin, names)
    else:
        yield from _unquoted(value.rstrip("\r\n"), begin, blank=begin > written.after, names=names)


def _name(written: Written) -> Iterator[Spot]:
    lead, name = written.line[: written.key], written.name
    if "export" in lead:
        yield Spot("export", 0, lead.index("export"), 6)
    elif lead[:1] in {" ", "\t"}:
        yield Spot("indented", 0, 0, len(lead))
    if _POSIX.fullmatch(name) is None or lead.endswith("'"):
        kind: Spelling = "digit-first" if name.isalnum() and not lead.endswith("'") else "invalid-name"
        yield Spot(kind, 0, written.key, len(name))
    gap = written.line[written.key + len(name) : written.after - 1].lstrip("'")
    if gap:
        yield Spot("blank-before-equals", 0, written.after - 1 - len(gap), len(gap))


def _quoted(written: Written, begin: int, names: frozenset[str]) -> Iterator[Spot]:
    last, comment = written.lines - 1, written.tail[written.end + 1 :]
    length = written.end + 1 - begin if last == 0 else len(written.line) - begin
    inside = written.line[begin + 1 : written.end if last == 0 else None]
    if comment.strip() and not last:
        at = written.end + 1 + len(comment) - len(comment.lstrip())
        yield Spot("quoted-comment", 0, at, len(written.tail) - at)
    if last:
        yield Spot("multi-line", 0, begin, length)
    elif written.quote == "`":
        yield Spot("backticks", 0, begin, length)
    elif inside:
        yield Spot("quotes", 0, begin, length)
    if written.quote == '"':
        yield from _expanding(inside, begin + 1, names)
    elif written.quote == "'" and (found := _BRACES.search(inside) or _BARE.search(inside)):
        kind: Spelling = "quoted-braces" if _BRACES.search(inside) else "quoted-dollar"
        yield Spot(kind, 0, begin + 1 + found.start(), 1)


def _unquoted(value: str, begin: int, *, blank: bool, names: frozenset[str]) -> Iterator[Spot]:
    if value.startswith("#") and (blank or re.match(r"#\s", value)):
        yield Spot("comment-as-value" if blank else "comment-touching", 0, begin, len(value))
        return
    comment = _COMMENT.search(value)
    if comment is not None:
        at = comment.end() - 1
        yield Spot("inline-comment", 0, begin + at, len(value) - at)
    elif value != value.rstrip():
        yield Spot("trailing-blank", 0, begin + len(value.rstrip()), len(value) - len(value.rstrip()))
    text = (value[: comment.start()] if comment is not None else value).rstrip()
    if found := _HASH.search(text):
        yield Spot("hash", 0, begin + found.start(), 1)
    yield from _expanding(text, begin, names)
    bare = _BRACES.sub(lambda match: "x" * len(match[0]), text)
    if "$(" in text or text.count("`") > 1:
        return
    if found := re.search(r"\s", bare):
        yield Spot("words", 0, begin + found.end(), len(text) - found.end())
    elif found := _SHELL.search(bare):
        yield Spot("shell-character", 0, begin + found.start(), 1)
    if found := re.search("['\"]", bare):
        yield Spot("inner-quote", 0, begin + found.start(), 1)


def _expanding(text: str, begin: int, names: frozenset[str]) -> Iterator[Spot]:
    """Yield what a shell, and some parsers, would put something else in for."""
    if found := _SUBSTITUTION.search(text):
        yield Spot("command-substitution", 0, begin + found.start(), 2)
        return
    if text.count("`") > 1:
        yield Spot("backticks", 0, begin + text.index("`"), 1)
    braces = _BRACES.search(text)
    if braces is not None and text[: braces.start()].endswith(("\\", "$")):
        braces = None
    if braces is not None:
        yield Spot("reference", 0, begin + braces.start(), len(braces[0]))
        return
    bare = _BARE.search(text)
    if bare is not None and (bare[1] in names or bare[1] in _USUAL):
        yield Spot("bare-reference", 0, begin + bare.start(), len(bare[0]))
    elif (found := _DOLLAR.search(text)) and text[: found.start()][-1:] != "\\":
        yield Spot("dollar", 0, begin + found.start(), 1)


def malformed(line: str) -> Spot:
    """Return what is wrong with a line that is neither a declaration nor a comment."""
    begin = len(line) - len(line.lstrip())
    text = line.strip()
    kind: Spelling = "colon" if re.match(r"[\w.-]+\s*:(?!=)", text) else "no-declaration"
    return Spot(kind, 0, begin, len(text))
