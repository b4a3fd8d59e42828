"""FIL302: a queue or key can be renamed by a variable in one place and is written out in another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from filot_lint.checks import check
from filot_lint.checks.queues.naming import ANY, Running, Spelling, kind_of, spellings
from filot_lint.facts import QueueUse, RedisKey, TemporalStart, TemporalWorker
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.source import Location
from filot_lint.values import Value
from filot_lint.workspace.index import Index

Use: TypeAlias = QueueUse | RedisKey | TemporalStart | TemporalWorker
_SHORT = 3
SHORT = "the name is short, so that the two may be different things"


@check("FIL302")
def split_queue_name(index: Index) -> Iterator[Hit]:
    """Compare the texts that are written out with the defaults of variables, per kind of queue."""
    running = Running(index)
    settled: dict[tuple[str, str], list[tuple[Use, Spelling]]] = {}
    fixed: dict[tuple[str, str, Location], list[Use]] = {}
    for use, kind in _uses(index):
        for said in spellings(_name(use)) if use.area != "test" else ():
            if said.text is None or not said.text.strip(ANY):
                continue
            if said.variable is not None:
                settled.setdefault((kind, said.text), []).append((use, said))
            elif running(use):
                fixed.setdefault((kind, said.text, said.at or use.location), []).append(use)
    for (kind, text, at), uses in sorted(fixed.items()):
        known = settled.get((kind, text), [])
        if known:
            yield _hit(text, at, uses, known)


def _hit(text: str, at: Location, uses: list[Use], known: list[tuple[Use, Spelling]]) -> Hit:
    use, said = next(((u, s) for u, s in known if not set(u.components) & set(uses[0].components)), known[0])
    place = said.at or use.location
    short = len(text.strip(ANY)) <= _SHORT
    return Hit(
        at,
        {"text": text, "name": said.variable or "", "place": str(place)},
        related=(
            Related(place, f"`{said.variable}` overrides it here"),
            *(Related(u.location, "used here") for u in uses[:3] if u.location.line != at.line or u.file != at.file),
        ),
        confidence=Confidence.LOW if short else None,
        reason=SHORT if short else None,
        label=f"stays as it is when `{said.variable}` is set",
    )


def _uses(index: Index) -> Iterator[tuple[Use, str]]:
    """Yield what is outside tests; Redis has one space of names for queues and all other keys, but not for channels."""
    for queue in index.of(QueueUse):
        kind = kind_of(queue)
        yield queue, "key" if queue.framework == "redis" and kind != "channel" else kind
    yield from ((key, "key") for key in index.of(RedisKey))
    yield from ((start, "task queue") for start in index.of(TemporalStart))
    yield from ((worker, "task queue") for worker in index.of(TemporalWorker))


def _name(use: Use) -> Value | None:
    return use.name if isinstance(use, QueueUse | RedisKey) else use.task_queue
