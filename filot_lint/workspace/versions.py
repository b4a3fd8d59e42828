"""Which version of a package the code in a file gets, by lock files and manifests up the tree."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal as Choice
from typing import NamedTuple

from filot_lint.facts import Dependency, DependencyFile, Ecosystem
from filot_lint.workspace.ranges import Span, exactly, spans


class Resolution(NamedTuple):
    """What decides the version of a package for one file. `certain` unless another file may decide as well."""

    dependencies: tuple[Dependency, ...]
    certain: bool

    @property
    def spans(self) -> tuple[Span, ...]:
        """The versions that are possible."""
        return tuple(dict.fromkeys(span for dependency in self.dependencies for span in allowed(dependency)))

    @property
    def label(self) -> str:
        """The package and its version, or what is asked for, in words."""
        wanted = dict.fromkeys(d.version or d.constraint or "of any version" for d in self.dependencies)
        return f"{self.dependencies[0].name} {' or '.join(wanted)}"


def allowed(dependency: Dependency) -> tuple[Span, ...]:
    """Return the versions that one entry allows."""
    if dependency.version is not None:
        return (exactly(dependency.version),)
    return spans(dependency.constraint, dependency.ecosystem)


class Versions:
    """The dependencies of a workspace, by where they count."""

    def __init__(self, files: Iterable[DependencyFile], dependencies: Iterable[Dependency]) -> None:
        """Sort them by folder."""
        self.files = {file.file: file for file in files}
        self._entries: dict[tuple[str, str], list[Dependency]] = defaultdict(list)
        self._names: set[tuple[str, str]] = set()
        for dependency in dependencies:
            self._entries[dependency.file, dependency.name].append(dependency)
            self._names.add((dependency.ecosystem, dependency.name))
        self._at: dict[str, list[DependencyFile]] = defaultdict(list)
        for file in self.files.values():
            self._at[_home(file.file)].append(file)

    def resolve(self, file: str, ecosystem: Ecosystem, name: str) -> Resolution | None:
        """Return what decides the version of a package for the code in a file; None when nothing names it.

        The nearest file up the tree counts. A lock file beats a manifest if it is the manifest's own.
        """
        if (ecosystem, name) not in self._names:
            return None
        here = next((folder for folder in _upwards(file) if self._listing(folder, ecosystem)), "")
        home, asked = self._manifest(file, ecosystem, name)
        for folder in _upwards(file):
            project = home if home is not None and _below(home, folder) else here
            for lock in self._listing(folder, ecosystem, "lock"):
                entries = _visible(self._entries[lock.file, name], file)
                if entries and _serves(lock, project):
                    return _settled(entries, asked, certain=_serves(lock, here))
        return Resolution(asked, home == here) if asked else None

    def _manifest(self, file: str, ecosystem: Ecosystem, name: str) -> tuple[str | None, tuple[Dependency, ...]]:
        """Return the nearest folder whose manifests name a package, and the entries that decide.

        Those of production beat others, and a pin, be it in a file of constraints, beats a range.
        """
        for folder in _upwards(file):
            paths = self._included(self._listing(folder, ecosystem, "manifest"))
            entries = [entry for path in paths for entry in self._entries[path, name]]
            entries = [entry for entry in entries if not entry.dev] or entries
            entries = [entry for entry in entries if entry.version is not None] or entries
            if entries:
                return folder, tuple(entries)
        return None, ()

    def _listing(
        self, folder: str, ecosystem: Ecosystem, origin: Choice["lock", "manifest"] | None = None
    ) -> list[DependencyFile]:
        return [f for f in self._at[folder] if f.ecosystem == ecosystem and origin in {None, f.origin}]

    def _included(self, files: list[DependencyFile]) -> list[str]:
        found: dict[str, None] = {}
        todo = [file.file for file in files]
        while todo:
            path = todo.pop()
            if path in self.files and path not in found:
                found[path] = None
                todo.extend(self.files[path].includes)
        return sorted(found)

    def rules_out(self, packages: Iterable[tuple[str, str]], code: set[str]) -> bool:
        """Whether lock files show that no project here has one of the packages.

        `code` are the ecosystems that code here is written for. A project without a lock file may have any of them
        through another package.
        """
        wanted = set(packages)
        scopes = {(ecosystem, name.removesuffix("*")) for ecosystem, name in wanted if name.endswith("*")}
        if not self.files or wanted & self._names:
            return False
        if any(e == ecosystem and name.startswith(scope) for e, name in self._names for ecosystem, scope in scopes):
            return False
        return all(self._is_locked(ecosystem, code) for ecosystem, _ in wanted)

    def _is_locked(self, ecosystem: str, code: set[str]) -> bool:
        files = [f for f in self.files.values() if f.ecosystem == ecosystem and f.area == "production"]
        locks = [f for f in files if f.origin == "lock"]
        homes = {_home(f.file) for f in files if f.origin == "manifest"}
        if not files:
            return ecosystem not in code
        return bool(locks) and all(
            any(_serves(lock, home) and _below(home, _home(lock.file)) for lock in locks) for home in homes
        )


def _home(path: str) -> str:
    """Return the folder whose code a file is for: that above `requirements/`."""
    folder = posixpath.dirname(path)
    return posixpath.dirname(folder) if posixpath.basename(folder) == "requirements" else folder


def _upwards(path: str) -> Iterator[str]:
    folder = posixpath.dirname(path)
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(folder + "/")


def _serves(lock: DependencyFile, folder: str) -> bool:
    """Whether a lock file is for the project in a folder; one whose format does not say is for all below it."""
    return lock.members is None or folder == _home(lock.file) or folder in lock.members


def _visible(entries: list[Dependency], file: str) -> list[Dependency]:
    """Return the entries that code in a file gets: those of the nearest folder, else those for all."""
    importers = [entry.importer for entry in entries if entry.importer is not None and _below(file, entry.importer)]
    if not importers:
        return [entry for entry in entries if entry.importer is None]
    nearest = max(importers, key=len)
    return [entry for entry in entries if entry.importer == nearest]


def _settled(entries: list[Dependency], asked: tuple[Dependency, ...], *, certain: bool) -> Resolution:
    """Choose among the versions of a lock file those that the manifest asks for."""
    constraints = {entry.constraint for entry in asked}
    same = [entry for entry in entries if entry.constraint is not None and entry.constraint in constraints]
    fitting = [e for e in same or entries if not asked or any(_within(e, span) for a in asked for span in allowed(a))]
    distinct = {entry.version: entry for entry in reversed(fitting or entries)}
    return Resolution(tuple(reversed(distinct.values())), certain and bool(fitting))


def _within(entry: Dependency, span: Span) -> bool:
    key = allowed(entry)[0].low
    return span.low <= key and (span.high is None or key < span.high)
