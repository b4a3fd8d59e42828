"""ECS services: which task definition they keep running."""

from __future__ import annotations

from filot_lint.facts import ContainerSpec, ServiceSpec


def runs(service: ServiceSpec, spec: ContainerSpec) -> bool:
    """Whether a service runs the task that a container belongs to, by its family or its file."""
    given = service.task_definition or ""
    family = given.rpartition("/")[2].partition(":")[0]
    return bool(given) and (family == spec.family or given == spec.file)
