"""FIL005: a suppression that names no rule."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import Outcome, last_check
from filot_lint.findings import Hit, Severity
from filot_lint.workspace.index import Index


@last_check("FIL005")
def blanket_suppression(_index: Index, outcome: Outcome) -> Iterator[Hit]:
    """Report comments that silence every rule, also those still to come."""
    for suppression in outcome.own:
        if suppression.flaw is None and not suppression.codes:
            whole = suppression.lines is None
            yield Hit(
                suppression.location,
                {"what": "for the whole file" if whole else "here"},
                severity=Severity.ERROR if whole else None,
                label="silences everything",
            )
