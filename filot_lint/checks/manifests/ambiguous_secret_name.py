"""FIL903: the name of a secret ends like the suffix that Secrets Manager adds, and is referred to without that."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.manifests.purpose import purpose
from filot_lint.checks.manifests.references import HOLE, Reference, references
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.workspace.index import Index

_ENDING = re.compile(r"-([A-Za-z0-9]{6})$")
ALONE = "`-{end}` is taken for a part of the name, because it is all lower-case letters"


@check("FIL903")
def ambiguous_secret_name(index: Index) -> Iterator[Hit]:
    """Take six lower-case letters for a word; others in the file without a suffix make that certain."""
    found = list(references(index))
    for reference in found:
        end = _ending(reference)
        if end is None or not end.islower() or not end.isalpha() or purpose(reference.given) == "development":
            continue
        other = next((r for r in found if r.given.file == reference.given.file and _is_partial(r)), None)
        yield Hit(
            reference.given.from_at or reference.given.location,
            {"name": (reference.name or "").replace(HOLE, "…"), "end": f"-{end}", "variable": reference.given.name},
            related=()
            if other is None
            else (Related(other.given.from_at or other.given.location, "no suffix here either"),),
            confidence=None if other is not None else Confidence.MEDIUM,
            reason=None if other is not None else ALONE.format(end=end),
            label="read as the suffix that Secrets Manager adds",
        )


def _ending(reference: Reference) -> str | None:
    ending = _ENDING.search(reference.name or "")
    return None if ending is None else ending[1]


def _is_partial(reference: Reference) -> bool:
    """Whether a reference names a secret for certain without its suffix."""
    name = reference.name
    return bool(name) and HOLE not in (name or "")[-7:] and _ending(reference) is None
