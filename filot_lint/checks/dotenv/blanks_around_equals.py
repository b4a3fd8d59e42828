"""FIL155: blanks stand around the `=` of a line."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.dotenv.misread import grouped, hit, misread, more
from filot_lint.checks.dotenv.parsers import listed
from filot_lint.findings import Confidence, Hit
from filot_lint.workspace.index import Index


@check("FIL155")
def blanks_around_equals(index: Index) -> Iterator[Hit]:
    """Report a file once: its lines share the style."""
    for group in grouped(misread(index, "blank-before-equals", "blank-after-equals")):
        first = group[0]
        yield hit(
            group,
            {"name": first.spelling.name or "", "more": more(group), "parsers": listed(first.parsers)},
            unknown=Confidence.MEDIUM,
        )
