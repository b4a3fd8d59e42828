"""FIL002: a file was left out on purpose."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.findings import Hit
from filot_lint.workspace.index import Index


@check("FIL002")
def skipped_file(index: Index) -> Iterator[Hit]:
    """Report what was not even tried."""
    for problem in index.problems:
        if problem.problem == "skipped":
            yield Hit(problem.location, {"file": problem.file, "reason": problem.message}, label="not looked at")
