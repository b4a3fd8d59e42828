"""FIL305: a job is taken off its list before anything else knows of it."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.queues.naming import Queue, Running, display, queues
from filot_lint.facts import QueueUse, RedisKey
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.workspace.index import Index

POPS = frozenset({"lpop", "rpop", "blpop", "brpop"})
PUSHES = frozenset({"lpush", "rpush", "lpushx", "rpushx", "linsert"})
MOVES = frozenset({"lmove", "blmove", "rpoplpush", "brpoplpush"})
WHOLE = frozenset({"lrange", "lindex", "ltrim"})
NEAR = 60
KEPT = "whether a lost job is found again elsewhere is not in the facts"
READ = "the list is also read as a whole, so that it may be no queue"
BOUNDED = "it is filled a few lines away, where popping may only keep it short"


@check("FIL305")
def lost_on_crash(index: Index) -> Iterator[Hit]:
    """Look for pops of lists that other code fills; a move to a second list keeps the job."""
    running = Running(index)
    uses = [use for use in index.of(QueueUse) if use.framework == "redis" and use.area != "test"]
    marks = [key for key in index.of(RedisKey) if key.access == "write" and running(key)]
    for queue in queues(uses, running):
        pushed = [use for use in queue.producers if _command(use) in PUSHES]
        for pop in queue.consumers:
            if pop.area == "production" and pushed and _command(pop) in POPS and not _holds_work(queue):
                yield _hit(pop, pushed, queue, marks)


def _hit(pop: QueueUse, pushed: list[QueueUse], queue: Queue, marks: list[RedisKey]) -> Hit:
    filled = next((use for use in pushed if use.file != pop.file), pushed[0])
    noted = next((m for m in marks if m.file == pop.file and 0 < m.line - pop.line <= NEAR), None)
    whole = any(_command(use) in WHOLE for use in queue.uses)
    bounded = all(use.file == pop.file and abs(use.line - pop.line) < 5 for use in pushed)  # noqa: PLR2004
    known = len(queue.names) > 0 and not queue.open
    reason = READ if whole else BOUNDED if bounded else KEPT
    return Hit(
        pop.location,
        {"name": display(pop.name), "command": _command(pop).upper()},
        related=(
            *((Related(noted.location, "recorded only here"),) if noted is not None else ()),
            Related(filled.location, "filled here"),
        ),
        confidence=Confidence.LOW if whole or bounded or not known else Confidence.MEDIUM,
        reason=reason,
        label="from here on the job is nowhere but in memory",
    )


def _holds_work(queue: Queue) -> bool:
    """Return whether this is the list that jobs in work are moved to: taking one off means that it is done."""
    return any(_command(use) in MOVES and use.role == "producer" for use in queue.uses)


def _command(use: QueueUse) -> str:
    return (use.command or "").lower()
