"""Requirements and constraints files of pip: `requirements.txt`, `constraints.txt`, `requirements/base.in`."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from filot_lint.extract.dependencies.dependency import Packages
from filot_lint.extract.place import readable

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

MAX_LINE = 10_000
REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?P<at>@)?\s*\(?(?P<constraint>[^;#()]*)\)?"
)
_INCLUDE = re.compile(r"\s*(?:-r|-c|--requirement|--constraint)[\s=]*(?P<path>[^\s#]+)")
_OPTION = re.compile(r"\s--?\w|\\\s*$")
_DEVELOPMENT = re.compile(r"(^|[/_.-])(dev|develop|development|tests?|testing|local|lint|docs?|ci|typing)([/_.-]|$)")


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the packages a file lists; those of files it includes are those files' own."""
    readable(source)
    packages = Packages(source, models, "pypi", "manifest")
    includes = []
    dev = is_development(posixpath.basename(source.path))
    for number, line in enumerate(source.lines, start=1):
        if len(line) > MAX_LINE:
            continue
        include = _INCLUDE.match(line)
        if include is not None:
            includes.append(include["path"])
            continue
        require(packages, line, number, dev=dev)
    return packages.facts(includes=includes)


def require(packages: Packages, text: str, line: int, column: int = 1, *, dev: bool = False) -> None:
    """Add one requirement, `redis[hiredis]>=5,<6; python_version > "3.8"`, when it is one."""
    found = REQUIREMENT.match(text)
    if found is None or not packages.wants(found["name"]):
        return
    constraint = "" if found["at"] else _OPTION.split(found["constraint"], maxsplit=1)[0]
    if found["at"]:
        constraint = "@"
    at = packages.source.at_line(line, column + found.start("name"), len(found["name"]))
    packages.asked(found["name"], constraint, at, dev=dev)


def is_development(name: str) -> bool:
    """Return whether a file or a group of requirements is not for production, by its name."""
    return _DEVELOPMENT.search(name.lower()) is not None
