"""Deployables: entry points and everything they import."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from itertools import chain, count

import msgspec

from filot_lint.config import Config
from filot_lint.facts import ContainerSpec, Definition, EntryPoint, Fact
from filot_lint.source import Language
from filot_lint.workspace.closure import Closures, Reach, Reader
from filot_lint.workspace.commands import Commands
from filot_lint.workspace.dockerfiles import Dockerfiles, tag
from filot_lint.workspace.inert import Inert, inert
from filot_lint.workspace.places import Launch
from filot_lint.workspace.resolve import Resolver

_ORIGINS = ("config", "ecs", "kubernetes", "compose", "dockerfile", "procfile", "hosting", "package-json", "pyproject",
            "replit", "shell", "supervisor")  # fmt: skip
"""Whose name a component takes, best first."""
_SIGNALS = frozenset({
    "SIGTERM", "SIGINT", "enableShutdownHooks", "add_signal_handler", "closeWithGrace", "createTerminus", "terminus",
    "createLightship", "gracefulShutdown", "GracefulShutdown", "GracefulKiller", "shutdownSignals", "exitHook",
})  # fmt: skip
"""What code mentions that sees to the end of its process."""


class Component(msgspec.Struct, frozen=True):
    """One deployable.

    `entries` are the source files it starts with, `modules` the closure of their imports (path -> how it is reached),
    `containers` the names of ECS or compose containers that run it, `dockerfiles` the images it is built from,
    `sources` the manifests that say so (`file:line`), `scripts` the shell scripts that start it. `inert` says why its
    command starts nothing, `signals` are the words of its code about the end of the process.
    """

    name: str
    entries: tuple[str, ...]
    modules: dict[str, Reach]
    containers: tuple[str, ...] = ()
    dockerfiles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    inert: Inert | None = None
    signals: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


class _Group(msgspec.Struct):
    """What is known about one set of entry files while components are being found."""

    names: list[tuple[int, str]]
    containers: dict[str, None]
    dockerfiles: dict[str, None]
    sources: dict[str, None]
    scripts: dict[str, None]
    command: tuple[str, ...] = ()
    launches: list[tuple[EntryPoint, tuple[str, ...]]] = []
    loaded: bool = False


class Found(msgspec.Struct, frozen=True):
    """The deployables of a workspace, by name, and the source file that each entry point starts first."""

    components: list[Component]
    targets: dict[EntryPoint, str | None]


def find_components(
    facts: Iterable[Fact], config: Config, resolver: Resolver, reader: Reader, shells: Iterable[str]
) -> Found:
    """Return the deployables of a workspace; `shells` are all shell scripts, those that say nothing, too."""
    finder = _Finder(list(facts), config, resolver, reader, shells)
    components = finder.run()
    targets = {entry: launches[0].target if launches else None for entry, launches in finder.launches.items()}
    return Found(components, targets)


class _Finder:
    def __init__(
        self, facts: list[Fact], config: Config, resolver: Resolver, reader: Reader, shells: Iterable[str]
    ) -> None:
        self.config = config
        self.resolver = resolver
        self.reader = reader
        schemas = {fact.file for fact in facts if fact.language == Language.PRISMA}
        self.closures = Closures(resolver, reader, schemas)
        self.commands = Commands(resolver, facts, shells)
        self.launches = {fact: self.commands.launches(fact) for fact in facts if isinstance(fact, EntryPoint)}
        self.containers = [f for f in facts if isinstance(f, ContainerSpec) and f.origin != "dockerfile"]
        started = {e.file for e in self.launches if e.origin == "dockerfile"}
        self.dockerfiles = Dockerfiles(sorted(started), facts)
        self.groups: dict[tuple[str, ...], _Group] = {}

    def run(self) -> list[Component]:
        for container in self.containers:
            self._arguments(container)
        main = [entry for entry in self.launches if entry.script == "main"]
        for entry in (*(entry for entry in self.launches if entry.script != "main"), *main):
            for launch in self.launches[entry] if entry.role == "deployable" and self._starts(entry) else ():
                self._add(entry, launch)
        for container in self.containers:
            self._container(container)
        self._configured()
        found: list[Component] = []
        names = _named(self.groups)
        for targets, group in sorted(self.groups.items()):
            closure = self.closures.of(targets, closely=not group.loaded)
            found.append(
                Component(
                    name=names[targets],
                    entries=targets,
                    modules=closure | {script: Reach(None, certain=True) for script in group.scripts},
                    containers=tuple(group.containers),
                    dockerfiles=tuple(group.dockerfiles),
                    sources=tuple(sorted(group.sources)),
                    command=group.command,
                    scripts=tuple(sorted(group.scripts)),
                    inert=None if group.loaded else self._inert(targets[0], group, closure),
                    signals=self._signals(closure),
                )
            )
        return sorted(found, key=lambda component: component.name)

    def _starts(self, entry: EntryPoint) -> bool:
        """Return whether an entry point starts something; the `main` of a package only where nothing else does."""
        if entry.script != "main" or entry.area != "production":
            return entry.script is None or entry.area == "production"
        started = {source.rpartition(":")[0] for group in self.groups.values() for source in group.sources}
        known = any(launch.targets in self.groups for launch in self.launches[entry])
        return known or entry.file not in started

    def _arguments(self, container: ContainerSpec) -> None:
        """Let the script that is the entry point of an image say what the command of a container means."""
        own = [e for e in self.launches if (e.file, e.component, e.origin) == _identity(container)]
        image = self.dockerfiles.of(container) if own and not container.entry and not self.launches[own[0]] else None
        start = next((e for e in self.launches if e.file == image and e.stage is None), None)
        if start is not None and start.origin == "dockerfile":
            self.launches[own[0]] = self.commands.through(start, container.command)

    def _signals(self, closure: dict[str, Reach]) -> tuple[str, ...]:
        facts = (fact for path in closure for fact in self.reader.sketch_of(path) if isinstance(fact, Definition))
        return tuple(sorted(_SIGNALS.intersection(word for fact in facts for word in fact.mentions)))

    def _inert(self, target: str, group: _Group, closure: dict[str, Reach]) -> Inert | None:
        loaded = [path for path, reach in closure.items() if reach.certain]
        return inert(target, group.launches, loaded, self.reader.facts_of, self.resolver.resolve)

    def _group(self, launch: Launch) -> _Group:
        group = self.groups.setdefault(launch.targets, _Group([], {}, {}, {}, {}))
        group.scripts.update(dict.fromkeys(launch.scripts))
        group.loaded = group.loaded or launch.loaded
        return group

    def _add(self, entry: EntryPoint, launch: Launch) -> None:
        group = self._group(launch)
        group.names.append(self._name(entry.origin, entry.component, self.launches[entry], launch))
        group.sources[f"{entry.file}:{entry.line}"] = None
        group.command = group.command or (entry.command if len(self.launches[entry]) == 1 else launch.words)
        group.launches.append((entry, launch.words))
        if entry.origin in {"ecs", "kubernetes", "compose"}:
            group.containers[entry.component] = None
        if entry.origin == "dockerfile":
            group.dockerfiles[entry.file] = None

    def _name(self, origin: str, name: str, launches: list[Launch], launch: Launch) -> tuple[int, str]:
        """Return what an entry point calls one of the programs it starts, and how good a name that is."""
        rank = _ORIGINS.index(origin)
        if origin == "package-json":
            name = name.split(":", 1)[0]
        if len(launches) > 1:
            name = launch.name or name
            rank += 0 if launch.name else len(_ORIGINS)
        return rank, name.rsplit("/", 1)[-1]

    def _container(self, container: ContainerSpec) -> None:
        """Let a container without a command of its own run what its image runs."""
        if container.command:
            return
        dockerfile = self.dockerfiles.of(container)
        stages = {entry.stage for entry in self.launches if entry.file == dockerfile}
        stage = next((s for s in (container.target, tag(container.image)) if s is not None and s in stages), None)
        images = [e for e in self.launches if dockerfile is not None and (e.file, e.stage) == (dockerfile, stage)]
        for entry in images:
            for launch in self.launches[entry]:
                group = self._group(launch)
                group.names.append(self._name(container.origin, container.name, self.launches[entry], launch))
                group.containers[container.name] = None
                group.dockerfiles[entry.file] = None
                group.sources[f"{container.file}:{container.line}"] = None

    def _configured(self) -> None:
        for name, settings in self.config.components.items():
            for entry in settings.entry:
                if entry in self.resolver.files:
                    group = self._group(Launch((entry,)))
                    group.names.append((0, name))
                    group.containers.update(dict.fromkeys(settings.containers))
                    if settings.dockerfile is not None:
                        group.dockerfiles[settings.dockerfile] = None


def _identity(container: ContainerSpec) -> tuple[str, str, str]:
    return container.file, container.name, container.origin


def _named(groups: Mapping[tuple[str, ...], _Group]) -> dict[tuple[str, ...], str]:
    """Return a name for each deployable that no other has: with that of its file or its folder if need be."""
    found: dict[tuple[str, ...], str] = {}
    for targets, group in sorted(groups.items(), key=lambda item: (min(item[1].names), item[0])):
        name = min(group.names)[1]
        shared = posixpath.commonpath(targets) if group.loaded else posixpath.splitext(targets[0])[0]
        words = chain(reversed(shared.split("/")), map(str, count(2)))
        further = (f"{name}-{word}" for word in words if word)
        taken = set(found.values())
        found[targets] = next(option for option in chain([name], further) if option not in taken)
    return found
