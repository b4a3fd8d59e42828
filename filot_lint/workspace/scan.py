"""A workspace from its files: discover, extract, link, find components, index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

import msgspec

from filot_lint.config import Config
from filot_lint.extract import extract
from filot_lint.extract.libraries.doubles import suspected, swaps
from filot_lint.extract.place import place_at
from filot_lint.facts import ContainerSpec, EntryPoint, EnvDeclaration, Fact, Problem
from filot_lint.files import read_regular
from filot_lint.models import Models
from filot_lint.source import CODE, Area, Doubt, Language, Oracle, SourceFile, readable
from filot_lint.suspicion import suspected as holds_secret
from filot_lint.workspace.assumptions import imply
from filot_lint.workspace.callers import Callers
from filot_lint.workspace.calls import Idle, uncalled
from filot_lint.workspace.closure import Reader
from filot_lint.workspace.components import Component, find_components
from filot_lint.workspace.crew import extract_all
from filot_lint.workspace.decorators import decorated
from filot_lint.workspace.descent import descended
from filot_lint.workspace.discover import Found, area_by_content, discover
from filot_lint.workspace.factories import Factories
from filot_lint.workspace.index import Index
from filot_lint.workspace.link import Linker
from filot_lint.workspace.named import Named, named_in
from filot_lint.workspace.pair import pair
from filot_lint.workspace.resolve import Resolver, load_packages, load_tsconfigs
from filot_lint.workspace.seal import seal
from filot_lint.workspace.second_look import SecondLook
from filot_lint.workspace.settings import heirs
from filot_lint.workspace.sketch import sketch

_LONGEST_LINE = 20_000
_LONGEST_LOCK = 16_000_000


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
    oracle: Oracle | None = None,
    resolver: Resolver | None = None,
    facts_of: Callable[[str], list[Fact]] = lambda _: [],
) -> Index:
    """Return the index of one text, beside the declarations of its workspace and the modules that it imports.

    `resolver` finds these, `facts_of` is asked for the facts of those that matter, `oracle` for names that still cannot
    be told.
    """
    resolver = resolver or Resolver({path: language}, [])

    def index(source: SourceFile) -> Index:
        useful = not language.is_code or models.triggered(language.value, data) or holds_secret(data)
        facts = extract(source, models) if useful else []
        linker = Linker(resolver, lambda file: facts if file == path else facts_of(file), models)
        linked = pair(Factories(linker.exports, linker.publish).expand(linker.link([path]), [path]), linker.facts_of)
        return Index([*seal(linked), *declarations], config=config, models=models, files={path: source})

    area = area_by_content(area, language, data)
    found = index(SourceFile(path, data, language, area))
    doubted = tuple(read.location for read in found.dynamic_reads if read.file == path) if oracle is not None else ()
    if oracle is None or not doubted:
        return found
    return index(SourceFile(path, data, language, area, Doubt(oracle, doubted)))


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
        self.sketches: dict[str, list[Fact]] = {}
        self.problems: dict[str, Problem] = {}

    def run(self) -> Index:
        code = {file.path: file.language for file in self.found.files if file.language in CODE}
        manifests = [file.path for file in self.found.files if file.language is Language.PACKAGE_JSON]
        packages = load_packages(self.root, manifests)
        resolver = Resolver(code, load_tsconfigs(self.root, self.found.tsconfigs), packages)
        sources = [source for file in self.found.files if (source := self.source(file)) is not None]
        self._extract([s for s in sources if s.language not in CODE or self._may_hold_facts(s)])
        self._second_look()
        linker = Linker(resolver, self.facts_of, self.models)
        first = sorted(self.facts)
        linked = linker.link(first)
        reader = Reader(self.facts_of, self.sketch_of, self.named_in)
        shells = [file.path for file in self.found.files if file.language is Language.SHELL]
        started = find_components(linked, self.config, resolver, reader, shells)
        components = started.components
        later = sorted(set(self.facts) - set(first))
        linked.extend(linker.link(later))
        linked = Factories(linker.exports, linker.publish).expand(linked, sorted(self.facts))
        linked = seal(imply(pair(linked, self.facts_of), self.models))
        idle = {component.name: uncalled(component, self.sketch_of) for component in components}
        placed = _place(descended(linked, self.sources), components, started.targets, idle)
        every = [*placed, *self.problems.values()]
        return Index(
            every,
            config=self.config,
            models=self.models,
            components=tuple(components),
            files={path: source for path, source in self.sources.items() if self._tells(source)},
            callers=Callers(components, idle, self.facts, self.sources),
            skipped=len(self.problems),
            others=self.found.other,
        )

    def _tells(self, source: SourceFile) -> bool:
        """Whether a file counts as one that is read: a document only does when it documents variables."""
        return source.language is not Language.MARKDOWN or bool(self.facts.get(source.path))

    def _may_hold_facts(self, source: SourceFile) -> bool:
        tests = source.area is Area.TEST
        triggered = self.models.triggered(source.language.value, source.data, tests=tests)
        return (triggered or suspected(source.path, source.data)
                or (not tests and (swaps(source.data) or holds_secret(source.data))))  # fmt: skip

    def source(self, file: Found) -> SourceFile | None:
        """Read a file once; what stands in the way becomes a problem."""
        known = self.sources.get(file.path)
        if known is not None or file.path in self.problems:
            return known
        source = SourceFile(file.path, b"", file.language, file.area)
        limit = max(self.config.max_file_size, _LONGEST_LOCK if file.language.is_lock else 0)
        try:
            data = read_regular(self.root / file.path, limit)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self._problem(source, "unreadable", f"cannot be read: {reason}; check its permissions")
            return None
        if data is None:
            self._problem(source, "skipped", f"is larger than max-file-size ({limit} bytes) and was skipped")
            return None
        data = readable(data, file.language)
        area = area_by_content(file.area, file.language, data)
        source = SourceFile(file.path, data, file.language, area)
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

    def sketch_of(self, path: str) -> list[Fact]:
        """Return what a file imports and mentions; its facts where they are known, or where no quick look tells."""
        file = self.by_path.get(path)
        if path in self.facts or file is None or file.language not in CODE or file.language is Language.PYTHON:
            return self.facts_of(path)
        if path not in self.sketches:
            source = self.source(file)
            self.sketches[path] = sketch(source) if source is not None else []
        return self.sketches[path]

    def named_in(self, path: str) -> Named | None:
        """Return the modules that a Python file names in texts."""
        source = self.sources.get(path)
        return named_in(source.data) if source is not None and source.language is Language.PYTHON else None

    def _extract(self, sources: list[SourceFile]) -> None:
        found = dict(extract_all(sources, self.models))
        self.facts.update((source.path, found[source.path]) for source in sources)

    def _second_look(self) -> None:
        look = SecondLook(self.models)
        further = (look.files, heirs, decorated)
        while wanted := sorted({path for find in further for path in find(self.facts, self.sources)}):
            self._extract([source for path in wanted if (source := self.source(self.by_path[path])) is not None])


def _place(
    facts: list[Fact],
    components: list[Component],
    targets: dict[EntryPoint, str | None],
    idle: dict[str, Idle],
) -> list[Fact]:
    """Write components, the functions nothing calls in them, and entry targets into facts."""
    owners: dict[str, list[str]] = {}
    for component in components:
        for path in (*component.modules, *component.dockerfiles):
            owners.setdefault(path, []).append(component.name)
    by_container: dict[str, set[str]] = {}
    for component in components:
        for name in component.containers:
            by_container.setdefault(name, set()).add(component.name)
    entries = {entry for component in components for entry in component.entries}
    started = {path for component in components for path in component.scripts}
    placed: list[Fact] = []
    for fact in facts:
        names = set(owners.get(fact.file, ()))
        container = getattr(fact, "container", None) or (fact.name if isinstance(fact, ContainerSpec) else None)
        if container in by_container:
            names |= by_container[container]
        running = () if isinstance(fact, Problem) else names
        inside = (name for name in running if idle[name].holds(fact))
        changes: dict[str, object] = {"components": tuple(sorted(names)), "uncalled": tuple(sorted(inside))}
        if fact.guard == "main" and (fact.file in entries or not components):
            changes["guard"] = "always"
        if isinstance(fact, EntryPoint):
            changes["target"] = targets.get(fact)
        if fact.file in started and fact.area == "tooling":
            changes["area"] = "production"
        placed.append(msgspec.structs.replace(fact, **changes))
    return placed


def _minified(data: bytes) -> bool:
    if len(data) < _LONGEST_LINE:
        return False
    return any(len(line) > _LONGEST_LINE for line in data.split(b"\n"))
