"""FIL505: workflows are started on a task queue that no worker polls."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import msgspec

from filot_lint.checks import check
from filot_lint.checks.queues.naming import ANY, Running, display, in_production, spellings
from filot_lint.facts import TemporalStart, TemporalWorker
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.values import UNKNOWN
from filot_lint.workspace.index import Index

UNREACHED = "no known deployable reaches the code that starts them"
NONE = "no worker is here at all, so that it may be in another repository"


@check("FIL505")
def unserved_task_queue(index: Index) -> Iterator[Hit]:
    """Compare the task queues that workflows are started on with those that workers poll."""
    runs = Running(index)
    workers = [worker for worker in index.of(TemporalWorker) if worker.area != "test"]
    running = [worker for worker in workers if runs(worker)]
    polled: set[str] = set().union(*(_names(worker) for worker in running))
    unserved: dict[str, list[TemporalStart]] = {}
    for start in in_production(index, TemporalStart):
        names = _names(start)
        if not names or any(_meets(name, polled) for name in names):
            continue
        external = index.config.external_task_queues
        if not any(fnmatchcase(name, pattern) for name in names for pattern in external):
            unserved.setdefault(display(start.task_queue or UNKNOWN), []).append(start)
    for name, starts in sorted(unserved.items()):
        hit = _hit(name, starts, workers, running)
        if index.components and not any(start.components for start in starts):
            hit = msgspec.structs.replace(hit, severity=Severity.WARNING, confidence=Confidence.LOW, reason=UNREACHED)
        yield hit


def _hit(name: str, starts: list[TemporalStart], workers: list[TemporalWorker], running: list[TemporalWorker]) -> Hit:
    idle = [worker for worker in workers if worker not in running and _names(worker) & _names(starts[0])]
    unknown = next((w for w in running if any(s.text is None for s in spellings(w.task_queue or UNKNOWN))), None)
    configured = any(s.text is None for s in spellings(starts[0].task_queue or UNKNOWN))
    related = [Related(start.location, "started here, too") for start in starts[1:3]]
    confidence, reason, what = None, None, "no worker polls it"
    if idle:
        what = f"the worker at {idle[0].location} is never started"
        related.insert(0, Related(idle[0].location, "stands in a function that nothing calls"))
    if unknown is not None or (configured and running and not idle):
        place = (unknown or running[0]).location
        confidence, reason = Confidence.LOW, f"the task queue of the worker at {place} may be this one"
    elif not running and not idle:
        confidence, reason = Confidence.MEDIUM, NONE
    elif not idle:
        related += [Related(w.location, f"polls `{display(w.task_queue or UNKNOWN)}`") for w in running[:2]]
    return Hit(
        starts[0].location,
        {"name": name, "what": what},
        related=tuple(related),
        severity=Severity.WARNING if confidence is not None else None,
        confidence=confidence,
        reason=reason,
        label=f"goes to `{name}`",
    )


def _names(fact: TemporalStart | TemporalWorker) -> set[str]:
    found = list(spellings(fact.task_queue)) if fact.task_queue is not None else []
    return {key for said in found if (key := said.key) is not None} | {f"${s.variable}" for s in found if s.variable}


def _meets(name: str, others: set[str]) -> bool:
    return name in others or any(
        fnmatchcase(name, other) or fnmatchcase(other, name) for other in others if ANY in name or ANY in other
    )
