"""`package-lock.json` in all its versions: where each package is installed decides who gets it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.dependencies.dependency import Bytes, Packages, words

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_INSTALLED = re.compile(
    rb'node_modules/((?:@[^"/\n]+/)?[^"/\n]+)"\s*:\s*\{\s*(?:"name"\s*:\s*"[^"\n]*",\s*)?"version"\s*:\s*"([^"\n]+)"'
)
_LINKED = re.compile(rb'"resolved"\s*:\s*"([^"\n]+)",\s*"link"\s*:\s*true')
_DEV = re.compile(rb'[^{}]{0,1000}?"dev"\s*:\s*true')
_UNIT = re.compile(rb"\n([ \t]+)")
_FOLDER = 300


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the versions of a lock file; its text is looked through, not parsed."""
    packages, places = Packages(source, models, "npm", "lock"), Bytes(source)
    if b'"node_modules/' not in source.data:
        _nested(packages, places)
        return packages.facts(members=())
    for found in _INSTALLED.finditer(source.data):
        name = words(found[1])
        if not packages.wants(name):
            continue
        quote = source.data.rfind(b'"', max(found.start() - _FOLDER, 0), found.start())
        folder = words(source.data[quote + 1 : found.start()]).rstrip("/")
        importer = None if quote < 0 or "node_modules" in folder else packages.inside(folder)
        if importer is not None:
            dev = _DEV.match(source.data, found.end()) is not None
            packages.locked(name, words(found[2]), places.at(*found.span(1)), importer=importer, dev=dev)
    return packages.facts(members=[words(link) for link in _LINKED.findall(source.data)])


def _nested(packages: Packages, places: Bytes) -> None:
    """Add the outer packages of version 1, where each holds the packages that only it uses."""
    unit = _UNIT.search(places.data)
    indent = re.escape(unit[1] * 2) if unit is not None else b""
    entry = re.compile(rb'^%b"([^"\n]+)"\s*:\s*\{\s*"version"\s*:\s*"([^"\n]+)"' % indent, re.MULTILINE)
    for found in entry.finditer(places.data):
        dev, at = _DEV.match(places.data, found.end()) is not None, places.at(*found.span(1))
        packages.locked(words(found[1]), words(found[2]), at, importer=packages.folder, dev=dev)
