"""FIL151: a value has a `#` that some parsers take for a comment."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.dotenv.misread import grouped, hit, misread, more
from filot_lint.checks.dotenv.parsers import listed
from filot_lint.findings import Confidence, Hit, Severity
from filot_lint.workspace.index import Index


@check("FIL151")
def hash_in_value(index: Index) -> Iterator[Hit]:
    """Report a file once, the secrets first."""
    for group in grouped(misread(index, "hash")):
        first = group[0]
        yield hit(
            group,
            {"name": first.spelling.name or "", "more": more(group), "parsers": listed(first.parsers)},
            severity=Severity.ERROR if first.secret else None,
            unknown=Confidence.MEDIUM if first.unserved is None else Confidence.LOW,
        )
