"""FIL153: a `$` is expanded that should stay, or stays where it should be expanded."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.dotenv.misread import Misread, grouped, hit, misread, more
from filot_lint.checks.dotenv.parsers import listed
from filot_lint.findings import Hit, Severity
from filot_lint.workspace.index import Index

LITERAL = ("dollar", "quoted-dollar", "quoted-braces")
REFERENCES = ("reference", "bare-reference")
MIXED = "another reader expands it, and may come first"


@check("FIL153")
def dollar_in_value(index: Index) -> Iterator[Hit]:
    """Report a literal `$` by the line, references to other variables by the file."""
    for each in misread(index, *LITERAL):
        yield _hit([each], "is expanded by")
    for group in grouped(misread(index, *REFERENCES)):
        yield _hit(group, "stays as it is written in")


def _hit(group: list[Misread], effect: str) -> Hit:
    first = group[0]
    return hit(
        group,
        {
            "name": first.spelling.name or "",
            "more": more(group),
            "effect": effect,
            "parsers": listed(first.parsers),
        },
        severity=Severity.ERROR if first.secret else None,
        doubtful=MIXED if first.readers and first.right and first.spelling.spelling in REFERENCES else None,
    )
