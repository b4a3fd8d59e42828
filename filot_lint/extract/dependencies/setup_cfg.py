"""`setup.cfg`: the packages a Python project needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.dependencies.dependency import Packages
from filot_lint.extract.dependencies.requirements import is_development, require
from filot_lint.extract.place import readable

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_SECTION = re.compile(r"\[(?P<name>[^\]]+)\]")
_KEY = re.compile(r"(?P<key>[\w.-]+)\s*[=:](?P<rest>.*)")
_EXTRAS = "options.extras_require"
MAX_LINE = 10_000


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return what `install_requires` and `extras_require` list."""
    readable(source)
    packages = Packages(source, models, "pypi", "manifest")
    section = key = ""
    listed = False
    for number, line in enumerate(source.lines, start=1):
        if len(line) > MAX_LINE or not line.strip() or line.lstrip().startswith(("#", ";")):
            continue
        header, entry = _SECTION.match(line), _KEY.match(line)
        column, text = 1, line
        if header is not None:
            section, key = header["name"].strip(), ""
            continue
        if entry is not None:
            key, text, column = entry["key"], entry["rest"], entry.start("rest") + 1
        if (section, key) == ("options", "install_requires") or section == _EXTRAS:
            listed = True
            require(packages, text, number, column, dev=section == _EXTRAS and is_development(key))
    return packages.facts() if listed else []
