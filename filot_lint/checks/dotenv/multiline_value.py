"""FIL157: a value goes over several lines."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.dotenv.misread import hit, misread
from filot_lint.checks.dotenv.parsers import listed
from filot_lint.findings import Confidence, Hit
from filot_lint.workspace.index import Index


@check("FIL157")
def multiline_value(index: Index) -> Iterator[Hit]:
    """Report each value by its first line."""
    for each in misread(index, "multi-line"):
        yield hit(
            [each],
            {"name": each.spelling.name or "", "parsers": listed(each.parsers)},
            unknown=Confidence.MEDIUM if each.unserved is None else Confidence.LOW,
        )
