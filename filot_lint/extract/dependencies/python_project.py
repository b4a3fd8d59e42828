"""The packages that TOML files of Python projects list, as strings (PEP 621, PEP 735) or as tables (Poetry, pipenv)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filot_lint.extract.dependencies.dependency import Packages
from filot_lint.extract.dependencies.requirements import REQUIREMENT, is_development, require
from filot_lint.extract.trees.toml_places import table

if TYPE_CHECKING:
    from filot_lint.extract.trees.toml_places import Toml
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_NEAR = 300
_GROUPS = ("project.optional-dependencies", "dependency-groups", "tool.pdm.dev-dependencies")
"""Tables of lists of requirements; only the extras of a project are for production."""


def dependencies(source: SourceFile, models: Models, toml: Toml) -> list[Fact]:
    """Return what a `pyproject.toml` lists; one that lists nothing is no manifest."""
    packages = Packages(source, models, "pypi", "manifest")
    listed = [_strings(packages, toml, table(toml.data, "project").get("dependencies"), "project", "dependencies")]
    for section in _GROUPS:
        for group, value in table(toml.data, *section.split(".")).items():
            dev = is_development(group) or section != _GROUPS[0]
            listed.append(_strings(packages, toml, value, section, group, dev=dev))
    poetry = ("tool", "poetry")
    listed.append(tabled(packages, toml, (*poetry, "dependencies")))
    listed.append(tabled(packages, toml, (*poetry, "dev-dependencies"), dev=True))
    for group in table(toml.data, *poetry, "group"):
        dev = is_development(group)
        listed.append(tabled(packages, toml, (*poetry, "group", group, "dependencies"), dev=dev))
    return packages.facts() if any(listed) else []


def _strings(
    packages: Packages,
    toml: Toml,
    value: Any,  # noqa: ANN401  # TOML holds anything
    section: str,
    key: str,
    *,
    dev: bool = False,
) -> bool:
    """Add a list of requirements; return whether it is one."""
    if not isinstance(value, list):
        return False
    start = toml.key(section, key)
    line, column = (1, 1) if start is None else (start.line, start.column)
    for text in value:
        name = REQUIREMENT.match(text) if isinstance(text, str) else None
        if name is not None and packages.wants(name["name"]):
            line, column = _written(packages.source, text, line) or (line, column)
            require(packages, text, line, column, dev=dev)
    return True


def _written(source: SourceFile, text: str, start: int) -> tuple[int, int] | None:
    """Return where a string stands, at or not far below a line."""
    for number, line in enumerate(source.lines[start - 1 : start + _NEAR], start=start):
        for quote in "\"'":
            column = line.find(f"{quote}{text}{quote}")
            if column >= 0:
                return number, column + 2
    return None


def tabled(packages: Packages, toml: Toml, path: tuple[str, ...], *, dev: bool = False) -> bool:
    """Add a table of packages, `redis = "^5"` or `redis = { version = "^5" }`; return whether there is one."""
    section = ".".join(path)
    entries = table(toml.data, *path)
    for name, value in entries.items():
        key = toml.key(section, name)
        at = packages.source.at_line(1) if key is None else packages.source.at_line(key.line, key.column, len(name))
        for option in value if isinstance(value, list) else [value]:
            constraint = option.get("version", "@") if isinstance(option, dict) else option
            if isinstance(constraint, str):
                exact = constraint.strip() if constraint.strip()[:1].isdigit() else None
                pinned = exact if exact is not None and not set(exact) & set("*,|<>=~^ ") else None
                packages.asked(name, constraint, at, exact=pinned, dev=dev)
    return bool(entries)
