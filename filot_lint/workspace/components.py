"""Deployables: entry points and everything they import."""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterable

import msgspec

from filot_lint.config import Config
from filot_lint.facts import ContainerSpec, Definition, EntryPoint, Fact, ImageBuild, Imports
from filot_lint.source import Language
from filot_lint.workspace.commands import Commands, Launch
from filot_lint.workspace.inert import Inert, inert
from filot_lint.workspace.resolve import Resolver

_ORIGINS = ("config", "ecs", "kubernetes", "compose", "dockerfile", "procfile", "hosting", "package-json", "pyproject",
            "replit", "shell")  # fmt: skip
"""Whose name a component takes, best first."""
_SIGNALS = frozenset({
    "SIGTERM", "SIGINT", "enableShutdownHooks", "add_signal_handler", "closeWithGrace", "createTerminus", "terminus",
    "createLightship", "gracefulShutdown", "GracefulShutdown", "GracefulKiller", "shutdownSignals", "exitHook",
})  # fmt: skip
"""What code mentions that sees to the end of its process."""
_PRISMA = re.compile(r"(?:^|/)@?prisma/client$|(?:^|/)generated/prisma(?:$|/)")
"""Modules that are clients made from a schema."""


class Reach(msgspec.Struct, frozen=True):
    """How a component reaches a file: through which file, and whether it runs at start for certain."""

    via: str | None
    certain: bool


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
    """What is known about one entry file while components are being found."""

    names: list[tuple[int, str]]
    containers: dict[str, None]
    dockerfiles: dict[str, None]
    sources: dict[str, None]
    scripts: dict[str, None]
    command: tuple[str, ...] = ()
    launches: list[tuple[EntryPoint, tuple[str, ...]]] = []


def find_components(
    facts: Iterable[Fact], config: Config, resolver: Resolver, facts_of: Callable[[str], list[Fact]]
) -> list[Component]:
    """Return the deployables of a workspace, by name."""
    return _Finder(list(facts), config, resolver, facts_of).run()


def entry_targets(facts: Iterable[Fact], resolver: Resolver) -> dict[EntryPoint, str | None]:
    """Return the source file each entry point starts."""
    return {entry: launch.target for entry, launch in _launches(list(facts), resolver).items()}


def _launches(facts: list[Fact], resolver: Resolver) -> dict[EntryPoint, Launch]:
    commands = Commands(resolver, facts)
    return {fact: commands.launch(fact) for fact in facts if isinstance(fact, EntryPoint)}


class _Finder:
    def __init__(
        self, facts: list[Fact], config: Config, resolver: Resolver, facts_of: Callable[[str], list[Fact]]
    ) -> None:
        self.config = config
        self.resolver = resolver
        self.facts_of = facts_of
        self.launches = _launches(facts, resolver)
        self.containers = [f for f in facts if isinstance(f, ContainerSpec) and f.origin != "dockerfile"]
        self.builds = [f for f in facts if isinstance(f, ImageBuild)]
        self.dockerfiles = sorted({e.file for e in self.launches if e.origin == "dockerfile"})
        self.schemas = sorted({f.file for f in facts if f.language == Language.PRISMA})
        self.groups: dict[str, _Group] = {}

    def run(self) -> list[Component]:
        for entry, launch in self.launches.items():
            if launch.target is not None and entry.role == "deployable":
                self._add(entry, launch.target, launch)
        for container in self.containers:
            self._container(container)
        self._configured()
        found: list[Component] = []
        taken: set[str] = set()
        for target, group in sorted(self.groups.items()):
            name = min(group.names)[1]
            if name in taken:
                name = f"{name}-{posixpath.splitext(posixpath.basename(target))[0]}"
            taken.add(name)
            closure = self.closure([target])
            found.append(
                Component(
                    name=name,
                    entries=(target,),
                    modules=closure | {script: Reach(None, certain=True) for script in group.scripts},
                    containers=tuple(group.containers),
                    dockerfiles=tuple(group.dockerfiles),
                    sources=tuple(sorted(group.sources)),
                    command=group.command,
                    scripts=tuple(sorted(group.scripts)),
                    inert=self._inert(target, group, closure),
                    signals=self._signals(closure),
                )
            )
        return sorted(found, key=lambda component: component.name)

    def _signals(self, closure: dict[str, Reach]) -> tuple[str, ...]:
        facts = (fact for path in closure for fact in self.facts_of(path) if isinstance(fact, Definition))
        return tuple(sorted(_SIGNALS.intersection(word for fact in facts for word in fact.mentions)))

    def _inert(self, target: str, group: _Group, closure: dict[str, Reach]) -> Inert | None:
        loaded = [path for path, reach in closure.items() if reach.certain]
        return inert(target, group.launches, loaded, self.facts_of, self.resolver.resolve)

    def _group(self, target: str) -> _Group:
        return self.groups.setdefault(target, _Group([], {}, {}, {}, {}))

    def _add(self, entry: EntryPoint, target: str, launch: Launch) -> None:
        group = self._group(target)
        group.scripts.update(dict.fromkeys(launch.scripts))
        name = entry.component
        if entry.origin == "package-json":
            name = name.split(":", 1)[0]
        group.names.append((_ORIGINS.index(entry.origin), name.rsplit("/", 1)[-1]))
        group.sources[f"{entry.file}:{entry.line}"] = None
        group.command = group.command or entry.command
        group.launches.append((entry, launch.words))
        if entry.origin in {"ecs", "kubernetes", "compose"}:
            group.containers[entry.component] = None
        if entry.origin == "dockerfile":
            group.dockerfiles[entry.file] = None

    def _container(self, container: ContainerSpec) -> None:
        """Let a container without a command of its own run what its image runs."""
        if container.command:
            return
        dockerfile = self._dockerfile(container)
        stages = {entry.stage for entry in self.launches if entry.file == dockerfile}
        stage = next((s for s in (container.target, tag(container.image)) if s is not None and s in stages), None)
        for entry, launch in self.launches.items():
            if (
                launch.target is not None
                and dockerfile is not None
                and (entry.file, entry.stage) == (dockerfile, stage)
            ):
                group = self._group(launch.target)
                group.scripts.update(dict.fromkeys(launch.scripts))
                group.names.append((_ORIGINS.index(container.origin), container.name))
                group.containers[container.name] = None
                group.dockerfiles[dockerfile] = None
                group.sources[f"{container.file}:{container.line}"] = None

    def _dockerfile(self, container: ContainerSpec) -> str | None:
        if container.dockerfile is not None:
            return self._known(container.dockerfile)
        image = repository(container.image)
        if image is None:
            return None
        kind = tag(container.image)
        tagged = [path for path in self.dockerfiles if kind is not None and variant(path) == kind]
        if len(tagged) == 1:
            return tagged[0]
        for build in self.builds:
            if build.image == image:
                found = self._known(build.dockerfile)
                if found is not None:
                    return found
        scored = sorted(((_overlap(image, path), path) for path in self.dockerfiles), reverse=True)
        if scored and scored[0][0] > 0 and (len(scored) == 1 or scored[0][0] > scored[1][0]):
            return scored[0][1]
        plain = [path for path in self.dockerfiles if not variant(path)]
        return plain[0] if len(plain) == 1 and container.origin == "ecs" and not _third_party(image) else None

    def _known(self, path: str) -> str | None:
        """Return the Dockerfile a manifest names; scripts may name it from another directory."""
        wanted = posixpath.normpath(path)
        if wanted in self.dockerfiles:
            return wanted
        ends = [known for known in self.dockerfiles if known.endswith("/" + wanted) or wanted.endswith("/" + known)]
        return ends[0] if len(ends) == 1 else None

    def _configured(self) -> None:
        for name, settings in self.config.components.items():
            for entry in settings.entry:
                if entry in self.resolver.files:
                    group = self._group(entry)
                    group.names.append((0, name))
                    group.containers.update(dict.fromkeys(settings.containers))
                    if settings.dockerfile is not None:
                        group.dockerfiles[settings.dockerfile] = None

    # Closure --------------------------------------------------------------------------------------------------------

    def closure(self, entries: list[str]) -> dict[str, Reach]:
        """Return every file the entries import, directly or not; certain unless a lazy import stands between."""
        reached = {entry: Reach(None, certain=True) for entry in entries}
        queue = deque(entries)
        while queue:
            file = queue.popleft()
            for fact in self.facts_of(file):
                if not isinstance(fact, Imports) or fact.type_only:
                    continue
                certain = reached[file].certain and not fact.lazy
                for target in self._targets(file, fact):
                    known = reached.get(target)
                    if known is None or (certain and not known.certain):
                        reached[target] = Reach(file, certain)
                        queue.append(target)
        return dict(sorted(reached.items()))

    def _targets(self, file: str, fact: Imports) -> list[str]:
        target = self.resolver.resolve(file, fact.module)
        found = [target] if target is not None else []
        if _PRISMA.search(fact.module):
            shared = {schema: len(posixpath.commonpath(["/" + schema, "/" + file])) for schema in self.schemas}
            found += [schema for schema, length in shared.items() if length == max(shared.values())]
        if file.endswith(".py"):
            separator = "" if fact.module.endswith(".") else "."
            for exported, _ in fact.names:
                submodule = self.resolver.resolve(file, f"{fact.module}{separator}{exported}")
                if exported != "*" and submodule is not None:
                    found.append(submodule)
            for path in list(found):
                found.extend(self._packages(path))
        return list(dict.fromkeys(found))

    def _packages(self, path: str) -> list[str]:
        """Return the `__init__` files that run when a module is imported."""
        found: list[str] = []
        directory = posixpath.dirname(path)
        while directory and f"{directory}/__init__.py" in self.resolver.files:
            found.append(f"{directory}/__init__.py")
            directory = posixpath.dirname(directory)
        return found


def repository(image: str | None) -> str | None:
    """Return the repository name of an image, without registry, tag and digest."""
    if not image:
        return None
    name = image.split("@", 1)[0].rsplit("/", 1)[-1]
    return name.split(":", 1)[0] or None


def tag(image: str | None) -> str | None:
    """Return the tag of an image, which may name a build target or a variant of the Dockerfile: `api:migrate`."""
    name = (image or "").split("@", 1)[0].rsplit("/", 1)[-1]
    return name.partition(":")[2] or None


def variant(path: str) -> str:
    """Return what tells a Dockerfile from its siblings: `gpu` in `Dockerfile.gpu`, its directory otherwise."""
    name = posixpath.basename(path)
    match = re.match(r"^(?:Dockerfile|Containerfile)\.(.+)$", name) or re.match(r"^(.+)\.[dD]ockerfile$", name)
    return match[1] if match else ""


def _overlap(image: str, path: str) -> int:
    words = set(re.split(r"[^a-z0-9]+", image.lower())) - {""}
    marks = set(re.split(r"[^a-z0-9]+", (variant(path) or posixpath.dirname(path)).lower())) - {""}
    return len(words & marks)


def _third_party(image: str) -> bool:
    return image in {"redis", "postgres", "mysql", "nginx", "envoy", "datadog", "agent", "fluent-bit", "xray-daemon"}
