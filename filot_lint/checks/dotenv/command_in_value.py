"""FIL159: a value is a command, which some parsers run and others keep as text."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.dotenv.misread import hit, misread
from filot_lint.checks.dotenv.parsers import listed
from filot_lint.findings import Confidence, Hit
from filot_lint.workspace.index import Index

WHAT = {"command-substitution": "a command", "backticks": "backticks"}


@check("FIL159")
def command_in_value(index: Index) -> Iterator[Hit]:
    """Report each line; `.env.schema` files call functions by design."""
    for each in misread(index, *WHAT):
        if not each.spelling.file.endswith(".schema"):
            yield hit(
                [each],
                {
                    "name": each.spelling.name or "",
                    "what": WHAT[each.spelling.spelling],
                    "parsers": listed(each.parsers),
                },
                unknown=Confidence.MEDIUM,
            )
