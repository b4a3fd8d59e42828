"""FIL004: a suppression that cannot be understood."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import Outcome, last_check
from filot_lint.findings import Hit
from filot_lint.workspace.index import Index

NO_REASON = "it gives no reason, and the settings say `require-reason`"


@last_check("FIL004")
def malformed_suppression(index: Index, outcome: Outcome) -> Iterator[Hit]:
    """Report what silences nothing because it is written wrongly."""
    for suppression in outcome.own:
        flaw = suppression.flaw
        if flaw is None and index.config.require_reason and suppression.reason is None:
            flaw = NO_REASON
        if flaw is not None:
            yield Hit(suppression.location, {"flaw": flaw}, label="has no effect" if flaw != NO_REASON else None)
