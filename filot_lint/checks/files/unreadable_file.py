"""FIL001: a file, or a part of it, could not be used."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.findings import Confidence, Hit, Severity
from filot_lint.workspace.index import Index

BEHIND = frozenset({"typescript", "tsx", "javascript"})


@check("FIL001")
def unreadable_file(index: Index) -> Iterator[Hit]:
    """Report every problem; a file left out on purpose is not an error."""
    for problem in index.problems:
        partial = problem.problem == "partial"
        mild = partial or problem.problem == "skipped" or problem.area != "production"
        behind = partial and problem.language in BEHIND
        yield Hit(
            problem.location,
            {"file": problem.file, "reason": problem.message},
            severity=Severity.WARNING if mild else None,
            confidence=Confidence.LOW if behind else None,
            reason="the grammar lags behind the language; the compiler may well accept it" if behind else None,
            label=problem.problem,
        )
