"""Who hands a job to whom: queues with both ends in deployables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from filot_lint.documents.context import Context
from filot_lint.documents.queues import Queue
from filot_lint.documents.topology import starts_nothing
from filot_lint.facts import QueueUse
from filot_lint.findings import Finding

_MISSING_END = "FIL301"
"""What this rule finds, the paragraphs below the ways say at length."""


class Handover(msgspec.Struct, frozen=True):
    """A queue with both ends: who hands a job to whom, by which commands, and what rules say about the way."""

    queue: Queue
    givers: tuple[str, ...]
    takers: tuple[str, ...]
    findings: tuple[Finding, ...]
    idle: frozenset[str]

    def verb(self, names: tuple[str, ...], word: str) -> str:
        """Say `takes`, `take`, or `would take` where the commands of all of them start nothing."""
        if self.idle.issuperset(names):
            return f"would {word}"
        return word if len(names) > 1 else f"{word}s"

    @property
    def given_by(self) -> tuple[str, ...]:
        """The commands that put a job in."""
        return _commands(self.queue.producers)

    @property
    def taken_by(self) -> tuple[str, ...]:
        """The commands that take one out."""
        return _commands(self.queue.consumers)


def handovers(context: Context) -> tuple[Handover, ...]:
    """Return the queues that have both ends in deployables."""
    found = []
    idle = frozenset(d.name for d in context.deployables if starts_nothing(d.component))
    for queue in context.queues:
        givers, taken = _owners(queue.producers), _owners(queue.consumers)
        if queue.determined and not queue.is_channel and givers and taken:
            places = {use.location for use in queue.uses}
            told = tuple(
                f for f in context.about("FIL2", "FIL3") if f.location in places and f.rule.code != _MISSING_END
            )
            found.append(Handover(queue, givers, taken, told, idle))
    return tuple(found)


def _owners(uses: tuple[QueueUse, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for use in uses for name in use.components if name not in use.uncalled))


def _commands(uses: tuple[QueueUse, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(use.command or use.framework for use in uses))


HANDOVER_VIEWS: tuple[Callable[..., Any], ...] = (handovers,)
