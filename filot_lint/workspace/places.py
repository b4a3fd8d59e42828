"""Where the files of a command lie: in the workspace, in an image, in what a build has written."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from filot_lint.extract.manifests.programs import Program
from filot_lint.facts import EntryPoint
from filot_lint.workspace.built import Sources
from filot_lint.workspace.images import Image
from filot_lint.workspace.programs import Programs
from filot_lint.workspace.resolve import Resolver

IS_FILE = re.compile(r"\.(?:[mc]?[jt]s|[jt]sx|py)$")


class Launch(NamedTuple):
    """The source files that a command starts, the shell scripts it goes through, and the words that start it.

    `name` is what the command calls it among others, `loaded` whether the files are those that a framework runs.
    """

    targets: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    name: str | None = None
    loaded: bool = False

    @property
    def target(self) -> str | None:
        """The first file."""
        return self.targets[0] if self.targets else None


class Place(NamedTuple):
    """Where a command runs: a folder of the workspace, a folder of an image, the files of that image."""

    directory: str
    workdir: str | None = None
    bases: tuple[str, ...] | None = None
    image: Image | None = None


class Files:
    """Finds the files that the words of a command mean."""

    def __init__(self, resolver: Resolver, mains: Mapping[str, EntryPoint]) -> None:
        """`mains` are the `main` of packages by folder."""
        self.resolver = resolver
        self.mains = mains
        self.sources = Sources(resolver)
        self.programs = Programs(resolver.files)
        paths = resolver.files
        self.directories = sorted({"", *(posixpath.dirname(path) for path in paths)}, key=lambda d: (d.count("/"), d))
        self.folders = {parent for directory in self.directories for parent in parents(directory, ())}

    def inside(self, place: Place, folder: str) -> Place:
        """Return where a program runs after `cd folder`."""
        if "$" in folder or "`" in folder:
            return place
        workdir = posixpath.join(place.workdir or "", folder)
        moved = place._replace(workdir=workdir, bases=None)
        homes = self.homes(moved)
        here = posixpath.normpath(posixpath.join(place.directory, folder)) if not folder.startswith("/") else None
        return moved._replace(directory=next(iter(homes), here or place.directory).strip("."))

    def homes(self, place: Place) -> list[str]:
        """Return the folders of the workspace that the folder of an image is a copy of, the likeliest first."""
        if place.image is None:
            return []
        found = (path.strip(".") for path in place.image.origins(".", place.workdir))
        return [path for path in dict.fromkeys(found) if path in self.folders]

    def loaded(self, program: Program, words: Sequence[str], place: Place) -> Launch | None:
        """Return what a framework runs in the folder that it is given, or in its own."""
        given = [word for word in words[1:] if not word.startswith("-")]
        homes = [*self.homes(place), place.directory]
        for folder in [*(posixpath.normpath(posixpath.join(home, word)) for home in homes for word in given), *homes]:
            found = self.programs.loaded(program, folder.strip("."))
            if found:
                return Launch(found, loaded=True)
        return None

    def built(self, word: str, place: Place) -> Launch | None:
        """Return the framework that has built a file, and what it runs."""
        for path in (*self.traced(word, place), posixpath.normpath(posixpath.join(place.directory, word))):
            output = self.programs.output(path)
            if output is not None and self.sources.of(path) is None:
                found = self.programs.loaded(output.program, output.directory)
                if found:
                    return Launch(found, loaded=True)
        return None

    def traced(self, word: str, place: Place) -> Iterator[str]:
        """Yield the files of the workspace that a path in the image may be a copy of."""
        if place.image is not None:
            yield from place.image.origins(word, place.workdir)

    def module(self, module: str, place: Place) -> str | None:
        """Return the file of a Python module."""
        path = module.replace(".", "/")
        for candidate in (f"{path}.py", f"{path}/__init__.py"):
            for traced in self.traced(candidate, place):
                if traced in self.resolver.files:
                    return traced
        return self.resolver.python_module(module, place.directory)

    def application(self, word: str, place: Place, server: str) -> str | None:
        """Return the file of an application as a server is given it; Celery looks for a module of its name first."""
        module = word.split(":", 1)[0].removesuffix("()")
        usual = self.module(f"{module}.celery", place) if server == "celery" else None
        found = usual or self.module(module, place)
        if found is None and "." in module:
            found = self.module(module.rsplit(".", 1)[0], place)
        return found

    def file(self, word: str, place: Place) -> str | None:
        """Return the source of a file, or of the `main` of a folder."""
        for traced in self.traced(word, place):
            found = self.sources.of(traced) or self._package(traced)
            if found is not None:
                return found
        path, workdir = word, place.workdir
        if workdir and path.startswith(workdir.rstrip("/") + "/"):
            path = path[len(workdir.rstrip("/")) + 1 :]
        path = posixpath.normpath(path.lstrip("/")) if path.startswith("/") else posixpath.normpath(path)
        shorter = path.split("/", 1)[1] if word.startswith("/") and "/" in path else path
        others = self.directories if IS_FILE.search(word) and "/" in word.removeprefix("./") else []
        for base in place.bases or parents(place.directory, others):
            for option in dict.fromkeys((path, shorter)):
                here = posixpath.normpath(posixpath.join(base, option))
                found = self.sources.of(here) or self._package(here)
                if found is not None:
                    return found
        return None

    def _package(self, directory: str) -> str | None:
        """Return what Node.js runs for a folder: the `main` of its package."""
        main = self.mains.get("" if directory == "." else directory)
        if main is None or not main.command:
            return None
        return self.sources.of(posixpath.normpath(posixpath.join(directory, main.command[0])))


def one(target: str | None) -> Launch | None:
    """Return what starts with one file, None without it."""
    return None if target is None else Launch((target,))


def parents(directory: str, others: Sequence[str]) -> Iterable[str]:
    """Yield a directory, its parents, then every other directory of the workspace, shallow ones first."""
    seen: set[str] = set()
    current = directory
    while True:
        seen.add(current)
        yield current
        if current == (parent := posixpath.dirname(current)):
            break
        current = parent
    for other in others:
        if other not in seen:
            yield other
