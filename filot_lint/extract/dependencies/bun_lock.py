"""`bun.lock`: the folders of the workspace, then each package under the path by which it is found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.dependencies.dependency import Bytes, Packages, words

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_FOLDER = re.compile(rb'^    "([^"\n]*)": \{\s*(?:"name": "([^"\n]+)")?', re.MULTILINE)
_PACKAGE = re.compile(rb'^    "([^"\n]+)": \["([^"\n]+)@([^"@\n]+)"', re.MULTILINE)


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the versions of a lock file; its text is looked through, not parsed."""
    packages, places = Packages(source, models, "npm", "lock"), Bytes(source)
    data = source.data
    start = max(data.find(b'\n  "packages": {'), 0)
    folders = {words(found[2] or b""): words(found[1]) for found in _FOLDER.finditer(data, 0, start)}
    for found in _PACKAGE.finditer(data, start):
        key, name = words(found[1]), words(found[2])
        owner = key.removesuffix(name).rstrip("/")
        if packages.wants(name) and key.endswith(name) and (not owner or owner in folders):
            importer = packages.inside(folders[owner] if owner else ".")
            packages.locked(name, words(found[3]), places.at(*found.span(1)), importer=importer)
    return packages.facts(members=folders.values())
