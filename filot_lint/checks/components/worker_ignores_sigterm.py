"""FIL806: a worker takes jobs and does not see to the end of its process."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.facts import ContainerSpec, QueueUse
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.workspace.components import Component
from filot_lint.workspace.index import Index

FRAMEWORKS = frozenset({"bullmq", "bull", "bee-queue", "redis"})
"""Those that leave signals to the program; launchers such as `celery` and `rq` deal with them."""
TAKING = frozenset({"blpop", "brpop", "lpop", "rpop", "lmove", "blmove", "rpoplpush", "brpoplpush", "zpopmin",
                    "zpopmax", "bzpopmin", "bzpopmax", "xreadgroup"})  # fmt: skip
REASON = "a library may deal with the signal"


@check("FIL806")
def worker_ignores_sigterm(index: Index) -> Iterator[Hit]:
    """Report each deployable on an orchestrator that takes jobs and whose code names no signal."""
    for component in index.components:
        spec = _orchestrated(index, component)
        if spec is None or component.signals or component.inert is not None or not _is_plain(component):
            continue
        use = next((use for use in index.of(QueueUse) if _takes(component, use)), None)
        if use is not None:
            yield Hit(
                use.location,
                {"component": component.name, "platform": "ECS" if spec.origin == "ecs" else "Kubernetes"},
                related=(Related(spec.location, "gets SIGTERM when it is replaced"),),
                confidence=Confidence.MEDIUM,
                reason=REASON,
                label="jobs are taken here",
            )


def _orchestrated(index: Index, component: Component) -> ContainerSpec | None:
    specs = (s for s in index.of(ContainerSpec) if s.origin in {"ecs", "kubernetes"} and s.area == "production")
    return next((spec for spec in specs if spec.name in component.containers), None)


def _is_plain(component: Component) -> bool:
    """Whether an interpreter runs the program, so that nothing else handles signals for it."""
    first = component.command[0].rpartition("/")[2] if component.command else ""
    return first in {"node", "nodejs", "tsx", "ts-node", "bun", "deno"} or first.startswith("python")


def _takes(component: Component, use: QueueUse) -> bool:
    running = component.name in use.components and component.name not in use.uncalled
    taking = use.role in {"consumer", "both"} and use.framework in FRAMEWORKS
    return running and taking and (use.command is None or use.command.lower() in TAKING)
