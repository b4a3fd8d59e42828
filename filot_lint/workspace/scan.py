"""A workspace from its files: discover, extract, link, find components, index."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from filot_lint.config import Config
from filot_lint.extract import extract
from filot_lint.extract.doubles import suspected
from filot_lint.extract.place import place_at
from filot_lint.facts import CallSite, ContainerSpec, EntryPoint, EnvDeclaration, Exported, Fact, Problem, Wrapper
from filot_lint.models import Models
from filot_lint.source import CODE, Area, Language, SourceFile
from filot_lint.values import Callable, Environment, Parameter, Ref
from filot_lint.workspace.components import Component, entry_targets, find_components
from filot_lint.workspace.discover import Found, discover
from filot_lint.workspace.index import Index
from filot_lint.workspace.link import Linker
from filot_lint.workspace.pair import pair
from filot_lint.workspace.resolve import Resolver, load_packages, load_tsconfigs

_LONGEST_LINE = 20_000


def load_workspace(root: Path, config: Config, models: Models) -> Index:
    """Read a workspace and return its index; what cannot be read is a `Problem` in it, never an exception."""
    return _Scan(root, config, models).run()


def index_file(
    path: str,
    data: bytes,
    language: Language,
    config: Config,
    models: Models,
    declarations: Iterable[EnvDeclaration] = (),
    area: Area = Area.PRODUCTION,
) -> Index:
    """Return the index of one text alone, beside the declarations of its workspace."""
    source = SourceFile(path, data, language, area)
    facts = extract(source, models) if not language.is_code or models.triggered(language.value, data) else []
    linker = Linker(Resolver({path: language}, []), lambda _: facts)
    return Index([*linker.link([path]), *declarations], config=config, models=models, files={path: source})


class _Scan:
    """One run over a workspace."""

    def __init__(self, root: Path, config: Config, models: Models) -> None:
        self.root = root
        self.config = config
        self.models = models
        self.found = discover(root, config)
        self.by_path = {file.path: file for file in self.found.files}
        self.sources: dict[str, SourceFile] = {}
        self.facts: dict[str, list[Fact]] = {}
        self.problems: dict[str, Problem] = {}

    def run(self) -> Index:
        code = {file.path: file.language for file in self.found.files if file.language in CODE}
        manifests = [file.path for file in self.found.files if file.language is Language.PACKAGE_JSON]
        packages = load_packages(self.root, manifests)
        resolver = Resolver(code, load_tsconfigs(self.root, self.found.tsconfigs), packages)
        for file in self.found.files:
            source = self.source(file)
            if source is None:
                continue
            if file.language not in CODE or self._may_hold_facts(source):
                self.facts_of(file.path)
        self._second_look(code)
        linker = Linker(resolver, self.facts_of)
        linked = linker.link(sorted(self.facts))
        components = find_components(linked, self.config, resolver, self.facts_of)
        later = sorted(set(self.facts) - {fact.file for fact in linked})
        linked.extend(linker.link(later))
        linked = pair(linked)
        targets = entry_targets(linked, resolver)
        placed = _place(linked, components, targets)
        every = [*placed, *self.problems.values()]
        return Index(
            every,
            config=self.config,
            models=self.models,
            components=tuple(components),
            files=self.sources,
            skipped=len(self.problems),
            others=self.found.other,
        )

    def _may_hold_facts(self, source: SourceFile) -> bool:
        return self.models.triggered(source.language.value, source.data) or suspected(source.path, source.data)

    def source(self, file: Found) -> SourceFile | None:
        """Read a file once; what stands in the way becomes a problem."""
        known = self.sources.get(file.path)
        if known is not None or file.path in self.problems:
            return known
        source = SourceFile(file.path, b"", file.language, file.area)
        try:
            data = _read(self.root / file.path, self.config.max_file_size)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._problem(source, "unreadable", f"cannot be read: {reason}; check its permissions")
            return None
        if data is None:
            limit = self.config.max_file_size
            self._problem(source, "skipped", f"is larger than max-file-size ({limit} bytes) and was skipped")
            return None
        source = SourceFile(file.path, data, file.language, file.area)
        if file.language in CODE and _minified(data):
            self._problem(
                source, "skipped", f"has a line of over {_LONGEST_LINE} characters (minified?) and was skipped"
            )
            return None
        self.sources[file.path] = source
        return source

    def _problem(self, source: SourceFile, kind: Literal["unreadable", "skipped"], message: str) -> None:
        place = place_at(source, source.at_line(1))
        self.problems[source.path] = Problem(**place, problem=kind, message=message)

    def facts_of(self, path: str) -> list[Fact]:
        """Return the facts of a file, extracting them once."""
        known = self.facts.get(path)
        if known is None:
            file = self.by_path.get(path)
            source = self.source(file) if file is not None else None
            known = extract(source, self.models) if source is not None else []
            self.facts[path] = known
        return known

    def _second_look(self, code: dict[str, Language]) -> None:
        """Extract the files that name a wrapper or an exported environment of another file, until there are no more."""
        names: set[str] = set()
        while True:
            found = {name for facts in self.facts.values() for name in _leading_names(facts, names)}
            if found <= names:
                return
            names |= found
            words = rb"|".join(re.escape(name.encode()) for name in sorted(names))
            wanted = re.compile(rb"\b(?:" + words + rb")\b")
            for path in sorted(code):
                source = self.sources.get(path)
                if path not in self.facts and source is not None and wanted.search(source.data):
                    self.facts_of(path)


def _leading_names(facts: list[Fact], known: set[str]) -> set[str]:
    """Return the names a file exports through which variables are read; `known` are those of other files."""
    wrappers = {fact.function for fact in facts if isinstance(fact, Wrapper)}
    for fact in facts:
        if isinstance(fact, CallSite) and isinstance(fact.callee, Ref) and known.intersection(fact.callee.path):
            wrappers.update(value.function for _, value, _ in fact.arguments if isinstance(value, Parameter))
    leading = [fact for fact in facts if isinstance(fact, Exported) and _leads_to_reads(fact, wrappers)]
    return {_module_name(fact.file) if fact.name == "default" else fact.name for fact in leading}


def _module_name(file: str) -> str:
    """Return the word by which importers name a module; a default export has no other."""
    path = PurePosixPath(file)
    return path.parent.name if path.stem == "index" and path.parent.name else path.stem


def _leads_to_reads(fact: Exported, wrappers: set[str]) -> bool:
    value = fact.value
    if isinstance(value, Environment):
        return True
    if isinstance(value, Callable):
        return value.function in wrappers
    entries = getattr(value, "entries", ())
    return any(isinstance(entry, Callable) and entry.function in wrappers for _, entry in entries)


def _place(facts: list[Fact], components: list[Component], targets: dict[EntryPoint, str | None]) -> list[Fact]:
    """Write components and entry targets into facts."""
    owners: dict[str, list[str]] = {}
    for component in components:
        for path in (*component.modules, *component.dockerfiles):
            owners.setdefault(path, []).append(component.name)
    by_container = {name: c.name for c in components for name in c.containers}
    placed: list[Fact] = []
    for fact in facts:
        names = set(owners.get(fact.file, ()))
        container = getattr(fact, "container", None) or (fact.name if isinstance(fact, ContainerSpec) else None)
        if container in by_container:
            names.add(by_container[container])
        changes: dict[str, object] = {"components": tuple(sorted(names))}
        if isinstance(fact, EntryPoint):
            changes["target"] = targets.get(fact)
        placed.append(msgspec.structs.replace(fact, **changes))
    return placed


def _read(path: Path, limit: int) -> bytes | None:
    """Read a regular file without following a link or waiting for a pipe; None when it is too large."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            return None
        return file.read(limit + 1)


def _minified(data: bytes) -> bool:
    if len(data) < _LONGEST_LINE:
        return False
    return any(len(line) > _LONGEST_LINE for line in data.split(b"\n"))
