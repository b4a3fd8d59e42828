"""The rules as their pages describe them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from filot_lint.findings import Confidence, Rule, Scope, Severity
from filot_lint.resources import RULES

FENCE = "+++\n"
KEYS = frozenset({"code", "name", "severity", "confidence", "scope", "since", "message", "help"})
SECTIONS = ("What it does", "Why it matters", "Bad", "Good", "Fix safety", "References")


class CatalogueError(Exception):
    """A rule page that cannot be used; the message names page and flaw."""


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by code, in order."""
    return read_rules(RULES)


def read_rules(folder: Path) -> dict[str, Rule]:
    """Read all pages below a folder; `README.md` and the folder of models are not pages."""
    found: dict[str, Rule] = {}
    for path in sorted(folder.glob("*/FIL*.md"), key=lambda p: p.name):
        rule = read_page(path.read_text("utf-8"), f"{path.parent.name}/{path.name}")
        if rule.code in found:
            message = f"rules/{rule.page}: {rule.code} is taken by rules/{found[rule.code].page}"
            raise CatalogueError(message)
        found[rule.code] = rule
    return found


def read_page(text: str, page: str) -> Rule:
    """Turn the front matter of one page into a rule; `page` is its path below `rules/`."""
    import tomli  # noqa: PLC0415  # editors import this module and may never need it

    parts = text.replace("\r\n", "\n").split(FENCE, 2)
    if len(parts) != 3 or parts[0]:  # noqa: PLR2004  # nothing, front matter, body
        message = f"rules/{page}: must start with front matter between two `+++` lines"
        raise CatalogueError(message)
    try:
        data = tomli.loads(parts[1])
    except tomli.TOMLDecodeError as error:
        message = f"rules/{page}:{error.lineno + 1}: not valid TOML: {error.msg}"
        raise CatalogueError(message) from None
    if data.keys() != KEYS:
        message = f"rules/{page}: missing keys {sorted(KEYS - data.keys())}, unknown keys {sorted(data.keys() - KEYS)}"
        raise CatalogueError(message)
    try:
        return Rule(
            code=data["code"],
            name=data["name"],
            severity=Severity[data["severity"].upper()],
            confidence=Confidence[data["confidence"].upper()],
            scope=Scope(data["scope"]),
            since=data["since"],
            message=data["message"],
            help=data["help"],
            family=page.partition("/")[0],
            page=page,
        )
    except (KeyError, ValueError, AttributeError) as error:
        message = f"rules/{page}: {error} is not a severity, confidence or scope"
        raise CatalogueError(message) from None


def body(rule: Rule) -> str:
    """Return the text of a rule's page after its front matter."""
    text = (RULES / rule.page).read_text("utf-8").replace("\r\n", "\n")
    return text.split(FENCE, 2)[2].lstrip("\n")
