"""Which parsers read a file of variables, as far as code, scripts and manifests tell."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from filot_lint.checks.production import is_production
from filot_lint.facts import (
    CommittedEnvFile,
    EnvDeclaration,
    EnvFile,
    EnvRead,
    Fact,
    Imports,
)
from filot_lint.source import Location
from filot_lint.workspace.index import Index
from filot_lint.workspace.ranges import key_of

_MARKS = frozenset({"", "dist", "example", "sample", "schema", "template"})
_CHANNELS = {"compose": "compose", "ecs": "ecs", "docker": "docker"}
_PROGRAMS = {"node": "node", "dotenv-cli": "dotenv-expand", "dotenvx": "dotenv", "env-cmd": "dotenv",
             "bundler": "bundler", "shell": "shell", "xargs": "xargs", "docker": "docker",
             "compose": "compose"}  # fmt: skip
_MODULES = {
    "typescript": {"dotenv": "dotenv", "dotenv/config": "dotenv", "@dotenvx/dotenvx": "dotenv",
                   "@dotenvx/dotenvx/config": "dotenv", "dotenv-flow": "dotenv", "dotenv-safe": "dotenv",
                   "@nestjs/config": "nestjs", "dotenv-expand": "dotenv-expand",
                   "dotenv-expand/config": "dotenv-expand", "@next/env": "dotenv-expand"},
    "python": {"dotenv": "python-dotenv", "environs": "python-dotenv", "decouple": "decouple",
               "environ": "django-environ", "starlette.config": "starlette"},
}  # fmt: skip
MAX_ALIKE = 3
MAX_PARTIAL = 30
_SOME = 3
_UNPLACED = re.compile(r"^(?:arn:|[a-z0-9]+://|/|~|\$)")


class Reader(NamedTuple):
    """What reads a file, and where that is said; only these `names` count, all when null."""

    parser: str
    location: Location
    family: str | None = None
    names: frozenset[str] | None = None


class Readers:
    """The readers of each file of variables of a workspace."""

    def __init__(self, index: Index) -> None:
        """Look at everything that says so."""
        self.index = index
        self._targets: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._found: dict[str, dict[str, list[Reader]]] = defaultdict(dict)
        self._unserved: dict[str, Location | None] = {}
        committed = {fact.file for fact in index.of(CommittedEnvFile)}
        for file in sorted({fact.file for fact in index.of(EnvDeclaration)} | committed):
            folder, name = posixpath.split(file)
            names = {name} if file in committed else {name, copied_to(name), ".env"}
            for each in names:
                self._targets[folder, each].append(file)
        for path, reader in self._said():
            for file in self._files(path, reader):
                alike = self._found[file].setdefault(reader.parser, [])
                limit = MAX_ALIKE if reader.names is None else MAX_PARTIAL
                if len(alike) < limit and reader not in alike:
                    alike.append(reader)

    def of(self, file: str) -> tuple[Reader, ...]:
        """Return what reads a file, by place; of one parser a few."""
        found = (reader for alike in self._found.get(file, {}).values() for reader in alike)
        return tuple(sorted(found, key=lambda reader: (reader.location, reader.parser)))

    def unserved(self, file: str) -> Location | None:
        """Return where code of a language, below a file, reads variables of it that nothing in that language loads."""
        if file not in self._unserved:
            self._unserved[file] = self._find_unserved(file)
        return self._unserved[file]

    def _find_unserved(self, file: str) -> Location | None:
        families = {reader.family for reader in self.of(file)}
        if None in families:
            return None
        folder = posixpath.join(posixpath.dirname(file), "")
        names = {fact.name for fact in self.index.of(EnvDeclaration) if fact.file == file}
        for family, reads in self._reads.items():
            wanted = {r.name: r.location for r in reads if r.name in names and r.file.startswith(folder)}
            if family not in families and len(wanted) >= _SOME:
                return min(wanted.values())
        return None

    @cached_property
    def _reads(self) -> dict[str, list[EnvRead]]:
        found: dict[str, list[EnvRead]] = {"python": [], "typescript": []}
        for read in self.index.of(EnvRead):
            if is_production(read) and read.language in {"python", "typescript", "javascript"}:
                found["python" if read.language == "python" else "typescript"].append(read)
        return found

    def _said(self) -> Iterator[tuple[str, Reader]]:
        paths: dict[str, list[EnvFile]] = defaultdict(list)
        for file in self.index.of(EnvFile):
            parser = _CHANNELS.get(file.channel) if file.reader is None else _PROGRAMS[file.reader]
            if file.channel == "code":
                paths[file.file].append(file)
            elif parser is not None and _counts(file):
                yield file.path, Reader(parser, file.location, "typescript" if file.reader == "bundler" else None)
        loaders = list(self._loaders())
        for reader in loaders:
            for path, at in [(f.path, f.location) for f in paths[reader.location.file]] or [(".env", reader.location)]:
                yield path, reader._replace(location=at)
        served = {reader.location.file for reader in loaders}
        for file in (file for group in paths.values() for file in group if file.file not in served and _counts(file)):
            if file.language == "python":
                yield file.path, Reader("python-dotenv", file.location, "python")
        yield from self._by_itself()

    def _loaders(self) -> Iterator[Reader]:
        """Yield the libraries that modules import to load a file; dotenv counts no more beside dotenv-expand."""
        found: dict[str, dict[str, Reader]] = defaultdict(dict)
        for fact in self.index.of(Imports):
            family = "python" if fact.language == "python" else "typescript"
            parser = _MODULES[family].get(fact.module)
            if parser == "nestjs" and all(name != "ConfigModule" for name, _ in fact.names):
                continue
            if parser is not None and _counts(fact) and not fact.type_only:
                found[fact.file].setdefault(parser, Reader(self._dated(parser, fact), fact.location, family))
        for parsers in found.values():
            yield from (
                reader for name, reader in parsers.items() if name != "dotenv" or "dotenv-expand" not in parsers
            )

    def _dated(self, parser: str, fact: Imports) -> str:
        """Return the dialect of the version of dotenv that is in use."""
        resolution = self.index.versions.resolve(fact.file, "npm", "dotenv") if parser == "dotenv" else None
        limit = key_of("15")
        spans = resolution.spans if resolution is not None and fact.module.startswith("dotenv") else ()
        old = limit is not None and spans and all(span.high is not None and span.high <= limit for span in spans)
        return "dotenv-14" if old else parser

    def _by_itself(self) -> Iterator[tuple[str, Reader]]:
        """Yield Vite and compose, which read the `.env` beside them without being told."""
        substituted: dict[str, list[EnvRead]] = defaultdict(list)
        bundled: dict[str, EnvRead] = {}
        for read in self.index.of(EnvRead):
            if read.via == "compose" and read.language == "compose" and read.name is not None and _counts(read):
                substituted[read.file].append(read)
            elif read.via == "import.meta.env" and _counts(read):
                bundled.setdefault(posixpath.dirname(read.file), read)
        for reads in substituted.values():
            names = frozenset(read.name for read in reads if read.name is not None)
            yield ".env", Reader("compose", reads[0].location, None, names)
        for read in bundled.values():
            yield ".env", Reader("bundler", read.location, "typescript", self._public)

    @cached_property
    def _public(self) -> frozenset[str]:
        reads = self.index.of(EnvRead)
        return frozenset(read.name for read in reads if read.via == "import.meta.env" and read.name is not None)

    def _files(self, path: str, reader: Reader) -> list[str]:
        """Return the files that a path may mean: below the folder of the reader, or one of those above it."""
        folder, name = posixpath.split(path)
        if _UNPLACED.match(path):
            found = [files for (_, target), files in self._targets.items() if target == name]
            return found[0] if len(found) == 1 else []
        for above in _upwards(posixpath.dirname(reader.location.file)):
            files = self._targets.get((_joined(above, folder), name), [])
            if files or reader.parser == "compose":
                return files
        return []


def copied_to(name: str) -> str:
    """Return what an example is copied to: `.env` for `.env.example`, `.env.prod` for `.env.prod.sample`."""
    parts = [part for part in name.split(".") if part not in _MARKS]
    return "." + ".".join(parts) if parts[:1] == ["env"] else ".".join(parts)


def _counts(fact: Fact) -> bool:
    return fact.area != "test" and fact.guard != "test"


def _joined(above: str, folder: str) -> str:
    path = posixpath.normpath(posixpath.join(above, folder))
    return "" if path == "." else path


def _upwards(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
