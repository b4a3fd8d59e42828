"""What files that list packages have in common: which packages are kept, and what is said of each."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from typing import Literal as Choice

from filot_lint.extract.place import place, place_at, plain
from filot_lint.facts import Dependency, DependencyFile
from filot_lint.models import normalised
from filot_lint.source import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filot_lint.facts import Ecosystem, Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

Origin = Choice["lock", "manifest"]

MAX_KEPT = 2000
_EXACT = {
    "pypi": re.compile(r"={2,3}\s*v?(\d[\w.!+-]*)"),
    "npm": re.compile(r"=?\s*v?(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)"),
}
_RANGE = re.compile(r"[\w.*+!<>=~^|, -]{0,200}")


class Packages:
    """Collects what one file says about the packages that the models know of."""

    def __init__(self, source: SourceFile, models: Models, ecosystem: Ecosystem, origin: Origin) -> None:
        """Nothing is listed yet."""
        self.source = source
        self.models = models
        self.ecosystem: Ecosystem = ecosystem
        self.origin: Origin = origin
        self.folder = posixpath.dirname(source.path)
        self._found: dict[tuple[object, ...], Dependency] = {}

    def wants(self, name: str) -> bool:
        """Return whether anything depends on a package, so that its entry is worth a look."""
        return self.models.knows_package(self.ecosystem, normalised(self.ecosystem, name))

    def locked(
        self,
        name: str,
        version: str,
        at: Location,
        *,
        constraint: str | None = None,
        importer: str | None = None,
        dev: bool = False,
    ) -> None:
        """Add an entry of a lock file; links to folders and addresses have no version."""
        if version[:1].isdigit():
            self._add(name, at, plain(version), _range(constraint), importer, dev=dev)

    def asked(self, name: str, constraint: str, at: Location, *, exact: str | None = None, dev: bool = False) -> None:
        """Add an entry of a manifest; `exact` is the version if the notation itself tells."""
        constraint = constraint.strip()
        pinned = _EXACT[self.ecosystem].fullmatch(constraint)
        version = exact or (pinned[1] if pinned is not None and "*" not in constraint else None)
        self._add(name, at, version, _range(constraint), None, dev=dev)

    def _add(
        self, name: str, at: Location, version: str | None, constraint: str | None, importer: str | None, *, dev: bool
    ) -> None:
        name = normalised(self.ecosystem, name)
        key = (name, version, constraint, importer, dev)
        if key in self._found or len(self._found) >= MAX_KEPT or not self.wants(name):
            return
        self._found[key] = Dependency(
            name=plain(name),
            ecosystem=self.ecosystem,
            origin=self.origin,
            version=version,
            constraint=None if constraint is None else plain(constraint),
            importer=importer,
            dev=dev,
            **place_at(self.source, at),
        )

    @property
    def names(self) -> set[str]:
        """The packages added so far."""
        return {dependency.name for dependency in self._found.values()}

    def inside(self, folder: str) -> str | None:
        """Return a folder that the file names, relative to the root; None outside of it."""
        path = posixpath.normpath(posixpath.join(self.folder, folder))
        return None if path.startswith(("..", "/")) else plain("" if path == "." else path)

    def facts(self, *, includes: Iterable[str] = (), members: Iterable[str] | None = None) -> list[Fact]:
        """Return the file, then its packages."""
        folders = None if members is None else {f for m in members if (f := self.inside(m)) is not None}
        files = {f for name in includes if (f := self.inside(name)) is not None}
        listing = DependencyFile(
            ecosystem=self.ecosystem,
            origin=self.origin,
            includes=tuple(sorted(files)),
            members=None if folders is None else tuple(sorted(folders)),
            **place(self.source, 1),
        )
        return [listing, *self._found.values()]


def _range(constraint: str | None) -> str | None:
    """Return a constraint; not an address, which says nothing about versions and may hold a password."""
    return constraint if constraint is not None and _RANGE.fullmatch(constraint) else None


class Bytes:
    """Places in a long file, asked for from top to bottom; it is not split into lines of text."""

    def __init__(self, source: SourceFile) -> None:
        """Nothing is counted yet."""
        self.source = source
        self.data = source.data
        self._line, self._counted = 1, 0

    def at(self, start: int, end: int) -> Location:
        """Return the place of some bytes of one line."""
        if start < self._counted:
            self._line, self._counted = 1, 0
        self._line += self.data.count(b"\n", self._counted, start)
        self._counted = start
        begin = self.data.rfind(b"\n", 0, start) + 1
        return Location(self.source.path, self._line, start - begin + 1, self._line, end - begin + 1)


def words(data: bytes) -> str:
    """Return a name or version of a lock file as text."""
    return data.decode("utf-8", "replace")
