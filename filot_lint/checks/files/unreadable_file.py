"""FIL001: a file, or a part of it, could not be used."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.findings import Hit, Severity
from filot_lint.workspace.index import Index


@check("FIL001")
def unreadable_file(index: Index) -> Iterator[Hit]:
    """Report every problem; a file left out on purpose is not an error."""
    for problem in index.problems:
        yield Hit(
            problem.location,
            {"file": problem.file, "reason": problem.message},
            severity=Severity.WARNING if problem.problem == "skipped" or problem.area != "production" else None,
            label=problem.problem,
        )
