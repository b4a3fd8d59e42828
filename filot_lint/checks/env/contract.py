"""What the example files for production declare; those beside tests and samples are for these alone."""

from __future__ import annotations

from filot_lint.facts import EnvDeclaration
from filot_lint.workspace.index import Index


def contract(index: Index) -> dict[str, list[EnvDeclaration]]:
    """Return the declarations that production goes by, by name, active ones before commented-out ones."""
    found = {name: [d for d in group if d.area == "production"] for name, group in index.declarations.items()}
    return {name: group for name, group in found.items() if group}
