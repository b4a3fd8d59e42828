"""How the deployables hang together: which container runs which component, and what it does."""

from __future__ import annotations

import re

import msgspec

from filot_lint.facts import (
    ContainerSpec,
    EnvFile,
    EnvProvision,
    Fact,
    Listener,
    QueueUse,
    TemporalWorker,
)
from filot_lint.source import Location
from filot_lint.workspace.components import Component
from filot_lint.workspace.index import Index

_INTERPRETER = re.compile(r"python[\d.]*|node|nodejs|tsx|ts-node")


class Container(msgspec.Struct, frozen=True):
    """A container of a manifest, with what it is given."""

    spec: ContainerSpec
    provisions: tuple[EnvProvision, ...]
    env_files: tuple[EnvFile, ...]

    @property
    def secrets(self) -> int:
        """How many variables come from a secret store."""
        return sum(p.channel == "secret" for p in self.provisions)

    @property
    def settings(self) -> int:
        """How many are written in the manifest."""
        return sum(p.channel == "environment" for p in self.provisions)


class Reason(msgspec.Struct, frozen=True):
    """Why something is taken for what it is, and where that stands, if in one place."""

    words: str
    place: Location | None


def certainly_runs(component: Component, fact: Fact, components: tuple[Component, ...]) -> bool:
    """Whether code is a component's own: called, not loaded on some path only, not the entry of another one."""
    reach = component.modules.get(fact.file)
    foreign = fact.file not in component.entries and any(fact.file in other.entries for other in components)
    called = component.name not in fact.uncalled
    return called and not foreign and (reach is None or reach.certain)


def starts_nothing(component: Component) -> bool:
    """Whether the command of a component only defines; where a call for a value may start something, it is not told."""
    return component.inert is not None and not component.inert.makes


def is_program(component: Component) -> bool:
    """Whether its command gives a file to an interpreter, which calls nothing in it by name."""
    return bool(component.command) and bool(_INTERPRETER.fullmatch(component.command[0].rpartition("/")[2]))


class Deployable(msgspec.Struct, frozen=True):
    """A component with its containers and its part in the system."""

    component: Component
    containers: tuple[Container, ...]
    image: tuple[EnvProvision, ...]
    role: str
    gpu: tuple[Reason, ...]

    @property
    def name(self) -> str:
        """The component's name."""
        return self.component.name

    @property
    def named_by(self) -> tuple[Location, ...]:
        """The places of the manifests that name it."""
        pairs = [source.rpartition(":") for source in self.component.sources]
        return tuple(Location(file, int(n), 1, int(n), 1) for file, _, n in pairs if file and n.isdigit())

    @property
    def production_containers(self) -> tuple[Container, ...]:
        """Containers of task definitions; compose files describe development unless there is nothing else."""
        return tuple(c for c in self.containers if c.spec.origin == "ecs")


def build_deployables(index: Index) -> tuple[Deployable, ...]:
    """Join components with the containers and images that run them."""
    return tuple(_deployable(index, component) for component in index.components)


def _deployable(index: Index, component: Component) -> Deployable:
    containers = tuple(
        Container(
            spec,
            tuple(p for p in index.of(EnvProvision) if p.container == spec.name and p.file == spec.file),
            tuple(f for f in index.of(EnvFile) if f.container == spec.name and f.file == spec.file),
        )
        for spec in index.of(ContainerSpec)
        if spec.name in component.containers and spec.origin != "dockerfile" and spec.area == "production"
    )
    of_images = (p for p in index.of(EnvProvision) if p.channel == "image-env" and p.container is None)
    image = tuple(p for p in of_images if p.file in component.dockerfiles)
    gpu = _gpu(component, containers)
    return Deployable(component, containers, image, _role(index, component, containers), gpu)


def _role(index: Index, component: Component, containers: tuple[Container, ...]) -> str:
    """Say what a component does: one that listens (or whose container opens a port) serves, one that consumes works."""
    consumes = any(
        component.name in use.components
        and certainly_runs(component, use, index.components)
        and use.area == "production"
        and use.role in {"consumer", "both"}
        for use in index.of(QueueUse)
    ) or any(component.name in worker.components for worker in index.of(TemporalWorker))
    listens = any(component.name in listener.components for listener in index.of(Listener))
    opens = any(c.spec.ports for c in containers)
    if listens or opens:
        return "service and worker" if consumes else "service"
    return "worker" if consumes else "process"


def _gpu(component: Component, containers: tuple[Container, ...]) -> tuple[Reason, ...]:
    """Return the reasons to call a component a GPU worker."""
    reserving = [
        Reason(f"container `{c.spec.name}` reserves a GPU", c.spec.location) for c in containers if c.spec.gpus
    ]
    words = dict.fromkeys((component.name, *component.containers, *component.dockerfiles))
    return (*reserving, *(Reason(f"the name `{word}`", None) for word in words if "gpu" in word.lower()))
