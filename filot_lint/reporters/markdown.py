"""A summary in Markdown, for the page of a pipeline or a merge request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.findings import Finding
from filot_lint.reporters.run import Run
from filot_lint.reporters.safe_text import safe_text
from filot_lint.reporters.text import closing

_ACTIVE = re.compile(r"([\\`*_{}\[\]()#+!|<>~@-])")
MOST = 200


def summary(run: Run) -> Iterator[str]:
    """Yield a heading, a table of the findings, the worst first, and the closing line."""
    yield "## filot-lint"
    yield ""
    yield closing(run)
    ordered = sorted(run.findings, key=lambda f: (-f.severity, -f.confidence, f.rule.code, f.sort_key))
    if ordered:
        yield ""
        yield "| | rule | what is wrong | what to do | where |"
        yield "| --- | --- | --- | --- | --- |"
        yield from (_row(finding, run.prefix) for finding in ordered[:MOST])
    if len(ordered) > MOST:
        yield ""
        yield f"… and {len(ordered) - MOST} more."


def _row(finding: Finding, prefix: str) -> str:
    sure = "" if finding.confidence.word == "high" else f" ({finding.confidence.word} confidence)"
    message, advice = (_prose(text) for text in (finding.message, finding.help))
    place = _code(f"{prefix}{finding.location}")
    return f"| {finding.severity.word} | {finding.rule.code} | {message}{sure} | {advice} | {place} |"


def _prose(text: str) -> str:
    """Return a message whose code spans stay code and whose other characters mean themselves."""
    pieces = safe_text(text).split("`")
    if len(pieces) % 2 == 0:
        return _ACTIVE.sub(r"\\\1", safe_text(text))
    return "".join(_code(piece) if i % 2 else _ACTIVE.sub(r"\\\1", piece) for i, piece in enumerate(pieces))


def _code(text: str) -> str:
    return "`" + safe_text(text).replace("`", "'").replace("|", "\\|") + "`"
