"""FIL006: a suppression whose date has passed."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import Outcome, last_check
from filot_lint.findings import Hit
from filot_lint.workspace.index import Index


@last_check("FIL006")
def expired_suppression(_index: Index, outcome: Outcome) -> Iterator[Hit]:
    """Report the comments that no longer silence anything because of their date."""
    for suppression in outcome.own:
        if suppression.flaw is None and suppression.expired:
            codes = ", ".join(suppression.codes) or "all rules"
            yield Hit(suppression.location, {"codes": codes, "date": str(suppression.until)}, label="holds no longer")
