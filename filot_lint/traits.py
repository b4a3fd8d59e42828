"""What a value says that is no secret: words of a closed list (`rules/traits.toml`), never the value."""

from __future__ import annotations

import re
from functools import cache

from filot_lint.resources import RULES

MAX_TEXT = 2048


@cache
def _traits() -> tuple[tuple[str, re.Pattern[str]], ...]:
    import tomli  # noqa: PLC0415  # only when a value must be looked at

    rows = tomli.loads((RULES / "traits.toml").read_text(encoding="utf-8"))["trait"]
    return tuple((row["says"], re.compile(row["form"])) for row in rows)


def traits_of(text: str | None) -> tuple[str, ...]:
    """Return the words that hold for a text."""
    text = (text or "")[:MAX_TEXT].strip()
    found = ((says, form.search(text)) for says, form in _traits()) if text else ()
    return tuple(says.replace("*", match[1].lower()) if "*" in says else says for says, match in found if match)
