"""`pyproject.toml`: the commands a Python project installs, and the packages it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.dependencies.python_project import dependencies
from filot_lint.extract.place import place, plain
from filot_lint.extract.trees.toml_places import read, table
from filot_lint.facts import EntryPoint

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_TABLES = (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts"))


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return one entry point per command, its word being `package.module:function`, and the packages."""
    toml = read(source)
    facts: list[Fact] = []
    for path in _TABLES:
        for name, value in table(toml.data, *path).items():
            target = value.get("reference") or value.get("callable") if isinstance(value, dict) else value
            key = toml.key(".".join(path), name)
            if isinstance(target, str):
                at = place(source, 1) if key is None else place(source, key.line, key.column, len(name))
                command = (plain(target.partition("[")[0].strip()),)
                facts.append(
                    EntryPoint(component=plain(name), command=command, origin="pyproject", role="script", **at)
                )
    facts.extend(dependencies(source, models, toml))
    return facts
