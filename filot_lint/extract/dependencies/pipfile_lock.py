"""`Pipfile.lock`: JSON with the packages of production under `default`, the others under `develop`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.dependencies.dependency import Bytes, Packages, words

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_SECTION = re.compile(rb'^[ \t]{1,4}"(\w+)": \{', re.MULTILINE)
_PACKAGE = re.compile(rb'"([\w.-]+)": \{[^{}]*?"version": "===?([^"\n]+)"')


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the versions of a lock file; its text is looked through, not parsed."""
    packages, places = Packages(source, models, "pypi", "lock"), Bytes(source)
    sections = [(found.start(), found[1]) for found in _SECTION.finditer(source.data)]
    for found in _PACKAGE.finditer(source.data):
        section = next((name for start, name in reversed(sections) if start < found.start()), b"")
        packages.locked(words(found[1]), words(found[2]), places.at(*found.span(1)), dev=section == b"develop")
    return packages.facts(members=())
