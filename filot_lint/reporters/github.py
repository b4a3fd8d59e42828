"""Workflow commands of GitHub Actions: one annotation per finding, and what came of it all for the log.

The worst come first: of each severity, a step shows ten at most.
"""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.findings import Severity
from filot_lint.reporters.run import Run
from filot_lint.reporters.safe_text import safe_text
from filot_lint.reporters.text import closing

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def commands(run: Run) -> Iterator[str]:
    """Yield one command per finding; paths lead from where the tool ran, which is the checkout."""
    for finding in run.worst_first:
        place = finding.location
        properties = {
            "title": f"{finding.rule.code} {finding.rule.name}",
            "file": run.prefix + place.file,
            "line": str(place.line),
            "endLine": str(place.end_line),
        }
        if place.line == place.end_line:
            properties |= {"col": str(place.column), "endColumn": str(max(place.end_column, place.column + 1))}
        text = ",".join(f"{key}={_escaped(value)}" for key, value in properties.items())
        message = safe_text(f"{finding.message}. {finding.help}.").replace("%", "%25")
        yield f"::{COMMANDS[finding.severity]} {text}::{message}"
    yield closing(run)


def _escaped(value: str) -> str:
    clean = safe_text(value).replace("%", "%25")
    return clean.replace(":", "%3A").replace(",", "%2C")
