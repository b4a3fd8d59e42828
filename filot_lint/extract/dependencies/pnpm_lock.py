"""`pnpm-lock.yaml`, versions 5 to 9: what each project of the workspace imports, then all packages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract.dependencies.dependency import Bytes, Packages, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_LINE = re.compile(rb"^( *)['\"]?([^\s'\"#:][^'\":\n]*)['\"]?:([^\n]*)$", re.MULTILINE)
_PACKAGES = re.compile(rb"^(?:packages|snapshots):", re.MULTILINE)
_SNAPSHOTS = re.compile(rb"^snapshots:", re.MULTILINE)
_PACKAGE = re.compile(rb"^  ['\"]?/?((?:@[^/\s'\"@]+/)?[^@\s/'\"(]+)[@/](\d[^:(_'\"\s]*)[^\n]*:\r?$", re.MULTILINE)
_VERSION = re.compile(r"\d[^(_\s]*")
_KINDS = {"dependencies", "devDependencies", "optionalDependencies"}
_DEPTH = 5


class _Entry(NamedTuple):
    """A key with those it stands under, its value, and where it is."""

    path: tuple[str, ...]
    value: str
    start: int
    end: int


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the versions of a lock file; its text is looked through, not parsed."""
    packages, places = Packages(source, models, "npm", "lock"), Bytes(source)
    begin = _PACKAGES.search(source.data)
    end = begin.start() if begin is not None else len(source.data)
    members, constraints = [], {}
    for entry in _entries(source.data, end):
        if entry.path[0] == "importers":
            members.append(entry.path[1] if len(entry.path) > 1 else ".")
            importer, path = members[-1], entry.path[2:]
        else:
            importer, path = ".", entry.path
        name = path[1] if len(path) > 1 else ""
        if name and path[0] == "specifiers":
            constraints[importer, name] = entry.value
        elif name and path[0] in _KINDS:
            if path[2:] == ("specifier",):
                constraints[importer, name] = entry.value
            elif (path[2:] == ("version",) or (len(path) == 2 and entry.value)) and packages.wants(name):  # noqa: PLR2004
                version = _VERSION.match(entry.value)
                constraint, folder = constraints.get((importer, name)), packages.inside(importer)
                if version is not None and folder is not None:
                    at, dev = places.at(entry.start, entry.end), path[0] == "devDependencies"
                    packages.locked(name, version[0], at, constraint=constraint, importer=folder, dev=dev)
    _transitive(packages, places, end)
    return packages.facts(members=members or ["."])


def _entries(data: bytes, end: int) -> Iterator[_Entry]:
    """Yield the keys before the list of all packages, read by their indentation."""
    stack: list[tuple[int, str, int, int]] = []
    for found in _LINE.finditer(data, 0, end):
        indent = len(found[1])
        while stack and stack[-1][0] >= indent:
            stack.pop()
        stack.append((indent, words(found[2]), *found.span(2)))
        if len(stack) <= _DEPTH:
            value = words(found[3]).strip("'\" \r")
            named = stack[-2] if stack[-1][1] in {"version", "specifier"} and len(stack) > 1 else stack[-1]
            yield _Entry(tuple(key for _, key, _, _ in stack), value, named[2], named[3])


def _transitive(packages: Packages, places: Bytes, start: int) -> None:
    """Add the packages that no project imports but others bring along."""
    imported = packages.names
    snapshots = _SNAPSHOTS.search(places.data, start)
    end = snapshots.start() if snapshots is not None else len(places.data)
    for found in _PACKAGE.finditer(places.data, start, end):
        name = words(found[1])
        if name not in imported:
            packages.locked(name, words(found[2]), places.at(*found.span(1)))
