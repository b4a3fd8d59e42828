"""FIL001: a file, or a part of it, could not be used."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.findings import Confidence, Hit, Severity
from filot_lint.workspace.index import Index

BEHIND = frozenset({"typescript", "tsx", "javascript", "shell"})


@check("FIL001")
def unreadable_file(index: Index) -> Iterator[Hit]:
    """Report what was tried and failed; around a part that was not understood the rest is known."""
    for problem in index.problems:
        if problem.problem == "skipped":
            continue
        partial = problem.problem == "partial"
        mild = partial or problem.area != "production"
        behind = partial and problem.language in BEHIND
        yield Hit(
            problem.location,
            {"file": problem.file, "reason": problem.message},
            severity=Severity.WARNING if mild else None,
            confidence=Confidence.LOW if behind else None,
            reason="the grammar lags behind the language, which may well accept it" if behind else None,
            label=problem.problem,
        )
