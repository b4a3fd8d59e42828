"""`Pipfile`: the packages a Python project of pipenv needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.dependencies.dependency import Packages
from filot_lint.extract.dependencies.python_project import tabled
from filot_lint.extract.trees.toml_places import read

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return what `[packages]` and `[dev-packages]` list."""
    toml = read(source)
    packages = Packages(source, models, "pypi", "manifest")
    tabled(packages, toml, ("packages",))
    tabled(packages, toml, ("dev-packages",), dev=True)
    return packages.facts()
