"""FIL507: a workflow is started that no worker of its task queue registers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from filot_lint.checks import check
from filot_lint.checks.queues.naming import Running, display, in_production, spellings
from filot_lint.checks.temporal.registration import may_register, names_of, registered
from filot_lint.facts import TemporalStart, TemporalWorker
from filot_lint.findings import Hit, Related
from filot_lint.values import UNKNOWN, Value
from filot_lint.workspace.index import Index

MANY = 3


@check("FIL507")
def unregistered_workflow(index: Index) -> Iterator[Hit]:
    """Look for the name of each started workflow among those that the workers of its task queue register."""
    runs = Running(index)
    workers = [worker for worker in index.of(TemporalWorker) if worker.area != "test" and runs(worker)]
    if not all(_is_known(worker.task_queue) for worker in workers):
        return
    found: dict[tuple[str, str], list[TemporalStart]] = {}
    for start in in_production(index, TemporalStart):
        for name in names_of(start.workflow) if start.operation != "activity" and _is_known(start.task_queue) else ():
            if name is not None:
                found.setdefault((name, display(start.task_queue or UNKNOWN)), []).append(start)
    for (name, queue), starts in found.items():
        near = [w for w in workers if _keys(w.task_queue) & _keys(starts[0].task_queue)]
        if near and not may_register(name, near):
            yield _hit(name, queue, starts, near)


def _hit(name: str, queue: str, starts: list[TemporalStart], workers: list[TemporalWorker]) -> Hit:
    known = sorted({known for worker in workers for known in registered(worker.workflows)})
    others = [Related(start.location, "started here, too") for start in islice(starts, 1, MANY)]
    return Hit(
        starts[0].location,
        {"name": name, "queue": queue, "known": ", ".join(f"`{other}`" for other in known) or "none"},
        related=(*(Related(worker.location, f"polls `{queue}`") for worker in workers[:MANY]), *others),
        label="nobody takes it",
    )


def _keys(value: Value | None) -> set[str]:
    return {spelling.key for spelling in spellings(value) if spelling.key is not None} if value is not None else set()


def _is_known(value: Value | None) -> bool:
    """Whether all that a task queue can be called is known, a variable without default by its name."""
    return value is not None and all(spelling.key is not None for spelling in spellings(value))
