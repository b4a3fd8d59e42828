"""Pages that a bundler fills in: `%VITE_TITLE%` becomes the value of a variable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.place import place, readable
from filot_lint.facts import EnvRead

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

MAX_LINE = 20_000
_FILLED = re.compile(
    r"%(?:sveltekit\.env\.)?(?P<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)%|<%[=-]?\s*(?P<other>VUE_APP_\w+)\s*%>"
)


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the variables that one page names."""
    readable(source)
    return [
        EnvRead(
            name=match["name"] or match["other"],
            access="read",
            via="html",
            flow="display",
            **place(source, row, match.start(match.lastgroup or 0) + 1, len(match["name"] or match["other"])),
        )
        for row, line in enumerate(source.lines, 1)
        if len(line) <= MAX_LINE
        for match in _FILLED.finditer(line)
    ]
