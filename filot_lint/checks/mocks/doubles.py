"""What the rules on doubles share: how far production gets to one."""

from __future__ import annotations

from filot_lint.facts import Fact
from filot_lint.workspace.index import Index

DEVELOPMENT = frozenset({"non-production", "test"})
LEXICAL = frozenset({"name", "file"})
"""The signs that only words give."""


def runs(index: Index, fact: Fact) -> bool | None:
    """Whether a deployable reaches a place; None where the workspace does not say what is deployed."""
    if not index.components:
        return None
    return bool(set(fact.components) - set(fact.uncalled))


def elsewhere(fact: Fact) -> bool:
    """Whether a place belongs to tests, tooling or development."""
    return fact.area != "production" or fact.guard in DEVELOPMENT


def deployables(fact: Fact) -> str:
    """Return the deployables that reach a place, in words."""
    names = sorted(set(fact.components) - set(fact.uncalled))
    return " and ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")  # noqa: PLR2004
