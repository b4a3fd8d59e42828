"""Findings silenced where they stand: `# filot-lint: ignore[FIL101] reason`, in every language that has comments.

Beside code a suppression holds for that line, and in Python for all lines of a text that ends there; on a line of its
own for the next one that is no comment.
`ignore-next-line` says the latter, `ignore-file` means the whole file. Behind the brackets may stand a last day,
`until=2027-01-31`, and the reason. Python's `# noqa: FIL101` counts, too.
"""

from __future__ import annotations

import os
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from io import StringIO
from typing import TypeAlias

import msgspec

from filot_lint.catalogue import rules
from filot_lint.config import nearest
from filot_lint.findings import Finding, Suppressed
from filot_lint.source import Language, Location, SourceFile
from filot_lint.syntax.comments import Comment, comments

MARKS = (b"filot-lint", b"filot_lint")
Beginnings: TypeAlias = Callable[[int], int]
FORM = "`filot-lint: ignore[FIL101] reason`"
VERBS = ("ignore", "ignore-next-line", "ignore-file")

_OURS = re.compile(r"filot[-_]lint\s*(?P<colon>:?)[\s-]*(?P<verb>[a-z][\w-]*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_ALIKE = re.compile(r"(?i:ignore|disable|enable|noqa|skip|suppress|nolint|off)\b")
_CODES = re.compile(r"\s*\[(?P<codes>[^\]]*)\]")
_UNTIL = re.compile(r"\s*until\s*=\s*(?P<date>\S*)")
_NOQA = re.compile(r"# noqa(?::\s?(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*))?", re.IGNORECASE)
"""As flake8 reads it."""


class Suppression(msgspec.Struct, frozen=True, kw_only=True):
    """One comment that silences. No `codes` means every rule; `lines` are those it holds for, null for the whole file.

    `flaw` says why it silences nothing: it cannot be understood. `noqa` comments are judged by flake8, not by us.
    """

    location: Location
    codes: tuple[str, ...] = ()
    lines: tuple[int, int] | None = None
    until: date | None = None
    reason: str | None = None
    flaw: str | None = None
    noqa: bool = False

    @property
    def expired(self) -> bool:
        """Whether its date has passed."""
        return self.until is not None and self.until < today()

    def covers(self, finding: Finding) -> bool:
        """Whether it silences a finding, by its first or, as flake8 does not, its last line.

        None silences what is found about suppressions.
        """
        place = finding.location
        void = self.flaw is not None or self.expired or finding.rule.name.endswith("-suppression")
        if void or place.file != self.location.file:
            return False
        if self.codes and not any(finding.rule.code.startswith(code) for code in self.codes):
            return False
        if self.lines is None:
            return True
        first, last = self.lines
        return any(first <= line <= last for line in (place.line, place.line if self.noqa else place.end_line))


def today() -> date:
    """Return the date of today, of the build where `SOURCE_DATE_EPOCH` is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch) if epoch.isdigit() else datetime.now(UTC).timestamp(), UTC).date()


def find_suppressions(files: Mapping[str, SourceFile], *, noqa: bool = True) -> list[Suppression]:
    """Return every suppression of some files, by place."""
    return [found for source in files.values() for found in _of_file(source, noqa=noqa)]


def apply(findings: Iterable[Finding], suppressions: Iterable[Suppression]) -> tuple[list[Finding], set[Location]]:
    """Return the findings, silenced ones marked as such, and the places of the suppressions that silence something."""
    by_file: dict[str, list[Suppression]] = {}
    for suppression in suppressions:
        by_file.setdefault(suppression.location.file, []).append(suppression)
    used: set[Location] = set()
    settled = []
    for finding in findings:
        holding = [s for s in by_file.get(finding.location.file, ()) if s.covers(finding)]
        used.update(s.location for s in holding)
        mark = Suppressed(holding[0].location, holding[0].reason) if holding else None
        settled.append(msgspec.structs.replace(finding, suppressed=mark) if mark else finding)
    return settled, used


def _of_file(source: SourceFile, *, noqa: bool) -> Iterator[Suppression]:
    ours = any(mark in source.data for mark in MARKS)
    theirs = noqa and source.language is Language.PYTHON and b"noqa" in source.data.lower()
    if not ours and not theirs:
        return
    every = list(comments(source))
    begin = _beginnings(source)
    for comment in every:
        if ours and (found := _read(comment, source, every, begin)) is not None:
            yield found
        if theirs and (match := _NOQA.search(_raw(comment, source))) is not None:
            codes = tuple(code for code in re.split(r"[,\s]+", match["codes"] or "") if code)
            lines = (begin(comment.location.line), comment.location.line)
            yield Suppression(location=comment.location, codes=codes, lines=lines, noqa=True)


def _raw(comment: Comment, source: SourceFile) -> str:
    return source.lines[comment.location.line - 1][comment.location.column - 1 :]


def _beginnings(source: SourceFile) -> Beginnings:
    """Return what tells where the line begins that a comment ends: further up after a text of several lines."""
    if source.language is not Language.PYTHON:
        return lambda line: line
    found = cache(lambda: joined(source))
    return lambda line: found().get(line, line) if _goes_on(line, source) else line


def _goes_on(line: int, source: SourceFile) -> bool:
    """Whether a line may go on from the one before: by a backslash, or by a text that ends here."""
    before = source.lines[line - 2] if line > 1 else ""
    return before.endswith("\\") or any(quotes in source.lines[line - 1] for quotes in ('"""', "'''"))


def joined(source: SourceFile) -> dict[int, int]:
    """Return where lines of Python begin that flake8 takes for one, by the number of their last line."""
    found: dict[int, int] = {}
    first = 0
    with suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(StringIO("\n".join(source.lines)).readline):
            first = first or token.start[0]
            if token.type in {tokenize.NL, tokenize.NEWLINE}:
                found[token.end[0]] = first
                first = 0
    return found


def _read(comment: Comment, source: SourceFile, every: list[Comment], begin: Beginnings) -> Suppression | None:
    """Return what a comment of ours says; None when it only mentions the tool."""
    match = _OURS.match(comment.text)
    if match is None:
        return None
    verb = match["verb"].lower()
    if not match["colon"] or verb not in VERBS:
        if _ALIKE.match(verb) is None:
            return None
        return Suppression(location=comment.location, flaw=f"the form is {FORM}")
    codes, until, reason, flaw = _operands(match["rest"])
    lines = None if verb == "ignore-file" else _lines(verb, comment, source, every, begin)
    return Suppression(location=comment.location, codes=codes, lines=lines, until=until, reason=reason, flaw=flaw)


def _operands(rest: str) -> tuple[tuple[str, ...], date | None, str | None, str | None]:
    """Return the codes, the date, the reason and what is wrong with them."""
    codes: tuple[str, ...] = ()
    flaw = None
    found = _CODES.match(rest)
    if found is not None:
        codes = tuple(code for code in re.split(r"[,\s]+", found["codes"].strip()) if code)
        flaw = next((_unknown(code) for code in codes if code not in rules()), None if codes else "it names no rule")
        rest = rest[found.end() :]
    elif re.match(r"\s*\[", rest):
        flaw = "its bracket is not closed"
    elif (bare := re.match(r"[\s:=]*(FIL\d{3})", rest)) is not None:
        flaw = f"rules stand in brackets: `ignore[{bare[1]}]`"
    until = None
    if (dated := _UNTIL.match(rest)) is not None:
        rest = rest[dated.end() :]
        try:
            until = date.fromisoformat(dated["date"])
        except ValueError:
            flaw = flaw or "its date must be written like `until=2027-01-31`"
    return codes, until, rest.strip(" \t:-—") or None, flaw


def _unknown(word: str) -> str:
    by_name = {rule.name: code for code, rule in rules().items()}
    code = by_name.get(word) or nearest(word, [*rules(), *by_name])
    code = by_name.get(code or "", code)
    return f"no rule is called `{word}`" + (f"; did you mean `{code}`?" if code else "")


def _lines(verb: str, comment: Comment, source: SourceFile, every: list[Comment], begin: Beginnings) -> tuple[int, int]:
    """Return the lines a suppression holds for: its own, or up to the next one that is no comment."""
    last = comment.location.end_line
    if verb == "ignore" and not comment.alone:
        return begin(comment.location.line), last
    taken = {line for c in every if c.alone for line in range(c.location.line, c.location.end_line + 1)}
    following = last + 1
    while following < len(source.lines) and (following in taken or not source.lines[following - 1].strip()):
        following += 1
    return last + 1, following
