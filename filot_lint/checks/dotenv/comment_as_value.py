"""FIL150: the comment behind an empty variable becomes its value."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.dotenv.misread import Misread, grouped, hit, misread, more
from filot_lint.checks.dotenv.parsers import listed
from filot_lint.findings import Confidence, Hit, Severity
from filot_lint.workspace.index import Index


@check("FIL150")
def comment_as_value(index: Index) -> Iterator[Hit]:
    """Report each secret that a known reader gets wrong, and the other lines of a file once: they share the style."""
    for group in grouped(misread(index, "comment-as-value", "comment-touching", anyway=True)):
        alone = [each for each in group if each.secret and each.readers]
        together = [each for each in group if each not in alone]
        for lines in (*([each] for each in alone), *([together] if together else [])):
            yield _hit(lines)


def _hit(group: list[Misread]) -> Hit:
    first = group[0]
    fine = not first.readers and first.unserved is None and first.right
    return hit(
        group,
        {"name": first.spelling.name or "", "more": more(group), "parsers": listed(first.parsers)},
        severity=Severity.ERROR if first.secret else None,
        unknown=Confidence.MEDIUM,
        doubtful="the readers that are known here drop the comment" if fine else None,
    )
