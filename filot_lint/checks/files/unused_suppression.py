"""FIL003: a suppression silences nothing."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import Outcome, last_check
from filot_lint.findings import Hit
from filot_lint.workspace.index import Index


@last_check("FIL003")
def unused_suppression(_index: Index, outcome: Outcome) -> Iterator[Hit]:
    """Report the comments whose rules all ran and found nothing there."""
    for suppression in outcome.unused:
        yield Hit(suppression.location, {"codes": ", ".join(suppression.codes) or "anything"}, label="silences nothing")
