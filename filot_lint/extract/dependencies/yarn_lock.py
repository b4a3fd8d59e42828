"""`yarn.lock`, classic and Berry: each version under the ranges that it satisfies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.dependencies.dependency import Bytes, Packages, words

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_ENTRY = re.compile(rb'^"?((?:@[^@/\s"]+/)?[^@\s"#,]+)@([^\n]*):\r?\n\s+version:? "?(\d[^"\s]*)', re.MULTILINE)
_LOCAL = ("workspace:", "link:", "portal:", "file:")


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the versions of a lock file, once for each range; its text is looked through, not parsed."""
    packages, places = Packages(source, models, "npm", "lock"), Bytes(source)
    for found in _ENTRY.finditer(source.data):
        name = words(found[1])
        if packages.wants(name):
            at = places.at(*found.span(1))
            for text in f"{name}@{words(found[2])}".replace('"', "").split(","):
                constraint = text.strip().removeprefix(f"{name}@").removeprefix("npm:")
                if not constraint.startswith(_LOCAL):
                    plain_range = constraint if "@" not in constraint and ":" not in constraint else None
                    packages.locked(name, words(found[3]), at, constraint=plain_range)
    return packages.facts()
