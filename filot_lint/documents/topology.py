"""How the deployables hang together: queues by resolved name, which container runs which component."""

from __future__ import annotations

import msgspec

from filot_lint.facts import (
    ContainerSpec,
    EnvFile,
    EnvProvision,
    Fact,
    Listener,
    QueueUse,
    TemporalStart,
    TemporalWorker,
)
from filot_lint.source import Location
from filot_lint.values import Env, Value, env_names, literals, pattern
from filot_lint.workspace.components import Component
from filot_lint.workspace.index import Index


class Queue(msgspec.Struct, frozen=True):
    """One queue with all its ends in production. `label` is what it is called at run time, as far as known."""

    label: str
    determined: bool
    framework: str
    names: tuple[Value, ...]
    producers: tuple[QueueUse, ...] = ()
    consumers: tuple[QueueUse, ...] = ()
    observers: tuple[QueueUse, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Variables that decide its name."""
        return tuple(dict.fromkeys(name for value in self.names for name in env_names(value)))

    @property
    def uses(self) -> tuple[QueueUse, ...]:
        """Every use."""
        every = {id(use): use for use in (*self.producers, *self.consumers, *self.observers)}
        return tuple(every.values())


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


def build_queues(index: Index) -> tuple[Queue, ...]:
    """Join production uses of the same queue: equal names (or equal defaults) mean one queue."""
    found: dict[tuple[str, str], list[QueueUse]] = {}
    for use in index.of(QueueUse):
        if use.area == "production":
            found.setdefault((use.framework, queue_label(use.name)), []).append(use)
    return tuple(_queue(framework, label, uses) for (framework, label), uses in sorted(found.items()))


def _queue(framework: str, label: str, uses: list[QueueUse]) -> Queue:
    names: dict[Value, None] = dict.fromkeys(use.name for use in uses)
    return Queue(
        label=label,
        determined=not label.startswith("?"),
        framework=framework,
        names=tuple(names),
        producers=tuple(u for u in uses if u.role in {"producer", "both"}),
        consumers=tuple(u for u in uses if u.role in {"consumer", "both"}),
        observers=tuple(u for u in uses if u.role == "observer"),
    )


def queue_label(name: Value) -> str:
    """Return the name of a queue: its literal, else `$VARIABLE`, else its pattern, else `?`."""
    literal = next((option.text for option in literals(name) if option.text), None)
    if literal is not None:
        return literal
    if isinstance(name, Env) and name.name:
        return f"${name.name}"
    return "?" + (pattern(name) or "")


def is_self_fed(queue: Queue, components: tuple[Component, ...]) -> bool:
    """Whether work comes only from the entry file of a deployable that consumes the queue itself."""
    entries = {entry for component in takers_of(queue, components) for entry in component.entries}
    return queue.determined and bool(queue.producers) and all(use.file in entries for use in queue.producers)


def takers_of(queue: Queue, components: tuple[Component, ...]) -> tuple[Component, ...]:
    """Return the components that certainly consume a queue."""
    return tuple(c for c in components if any(_runs(c, use, components) for use in queue.consumers))


def _runs(component: Component, use: QueueUse, components: tuple[Component, ...]) -> bool:
    return component.name in use.components and certainly_runs(component, use, components)


class TaskQueue(msgspec.Struct, frozen=True):
    """A Temporal task queue with those who send work and those who poll."""

    label: str
    starters: tuple[TemporalStart, ...] = ()
    workers: tuple[TemporalWorker, ...] = ()

    @property
    def determined(self) -> bool:
        """Whether its name is known."""
        return not self.label.startswith("?")


def build_task_queues(index: Index) -> tuple[TaskQueue, ...]:
    """Join starters and workers of the same task queue in production; signals need none."""
    starts = [s for s in index.of(TemporalStart) if s.area == "production" and s.task_queue is not None]
    workers = [w for w in index.of(TemporalWorker) if w.area == "production"]
    labels = {_task_label(s) for s in starts} | {_task_label(w) for w in workers}
    return tuple(
        TaskQueue(
            label,
            tuple(s for s in starts if _task_label(s) == label),
            tuple(w for w in workers if _task_label(w) == label),
        )
        for label in sorted(labels)
    )


def _task_label(fact: TemporalStart | TemporalWorker) -> str:
    return queue_label(fact.task_queue) if fact.task_queue is not None else "?"


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
        if spec.name in component.containers and spec.origin != "dockerfile"
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
    return (*reserving, *(Reason(f"`{word}` is named so", None) for word in words if "gpu" in word.lower()))
