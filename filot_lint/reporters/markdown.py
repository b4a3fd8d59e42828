"""A summary in Markdown, for the page of a pipeline or a merge request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.findings import Finding
from filot_lint.reporters.run import Run
from filot_lint.reporters.safe_text import safe_text
from filot_lint.reporters.text import closing

_ACTIVE = re.compile(r"([\\`*_\[\]<>|~&$])")
_LIVELY = re.compile(r"[@#]\w|www\.|://|:\w+:", re.IGNORECASE)
"""Words that code hosts make mentions, references, links and pictures of, even where they are escaped."""
_MARK = re.compile(r"[!-,./:-@\[-`{-~]")
MOST = 200
LARGEST = 500_000
"""GitHub takes a megabyte for one step, GitLab a million characters for a note."""


def summary(run: Run) -> Iterator[str]:
    """Yield a heading, a table of the findings, the worst first, and the closing line."""
    yield "## filot-lint"
    yield ""
    yield closing(run)
    rows = list(_fitting(_row(finding, run.prefix) for finding in run.worst_first))
    if run.findings:
        yield ""
        yield "| | rule | what is wrong | what to do | where |"
        yield "| --- | --- | --- | --- | --- |"
        yield from rows
    if len(run.findings) > len(rows):
        yield ""
        yield f"… and {len(run.findings) - len(rows)} more."


def _fitting(rows: Iterator[str]) -> Iterator[str]:
    size = 0
    for number, row in enumerate(rows):
        size += len(row.encode())
        if number == MOST or size > LARGEST:
            return
        yield row


def _row(finding: Finding, prefix: str) -> str:
    sure = "" if finding.confidence.word == "high" else f" ({finding.confidence.word} confidence)"
    message, advice = (_prose(text) for text in (finding.message, finding.help))
    place = _code(f"{prefix}{finding.location}")
    return f"| {finding.severity.word} | {finding.rule.code} | {message}{sure} | {advice} | {place} |"


def _prose(text: str) -> str:
    """Return a message whose code spans stay code and whose other characters mean themselves."""
    pieces = safe_text(text).split("`")
    if len(pieces) % 2 == 0:
        return _words(safe_text(text))
    return "".join(_code(piece) if i % 2 else _words(piece) for i, piece in enumerate(pieces))


def _words(text: str) -> str:
    """Return prose; a word that a code host would act upon becomes code."""
    return " ".join(map(_word, text.split(" ")))


def _word(text: str) -> str:
    core = text.rstrip(".,;)")
    return f"{_code(core)}{text[len(core) :]}" if _LIVELY.search(core) else _escaped(text)


def _escaped(text: str) -> str:
    return _ACTIVE.sub(r"\\\1", text)


def _code(text: str) -> str:
    """Return code; where a mark could end it or its cell, with all marks as references."""
    clean = safe_text(text)
    if not clean.strip() or any(mark in clean for mark in "`|\\"):
        return f"<code>{_MARK.sub(lambda match: f'&#{ord(match[0])};', clean)}</code>"
    return f"`{clean}`"
