"""FIL301: a queue is filled that nobody empties, or the other way round, or both sides spell it differently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from filot_lint.checks import check
from filot_lint.checks.queues.naming import ANY, Queue, Running, alike, display, queues
from filot_lint.facts import QueueUse
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import tokens
from filot_lint.workspace.index import Index

READERS = frozenset({"lrange", "lindex", "lpos", "xrange", "xrevrange", "zrangebyscore"})
BY_HAND = frozenset({"DEAD", "DEADLETTER", "DLQ", "DLX", "FAILED", "FAILURES", "POISON", "QUARANTINE"})
PUT_BACK = "what that file puts in may be more than it took out"
CONFIGURED = "the queues of the settings"
_SEPARATORS = re.compile(r"[^a-z0-9*$]+")


@check("FIL301")
def one_sided_queue(index: Index) -> Iterator[Hit]:
    """Group the uses of each queue; report the side that stands alone, or the two sides that just miss each other."""
    found = queues([use for use in index.of(QueueUse) if use.area != "test"], Running(index))
    lonely = [q for q in found if bool(q.senders) != bool(q.consumers) and q.names and not _is_external(index, q)]
    filled, emptied = [q for q in lonely if q.senders], [q for q in lonely if q.consumers]
    missed: list[Queue] = []
    for queue in filled:
        twin = next((other for other in emptied if _is_twin(queue, other)), None)
        if twin is not None:
            missed.append(twin)
            yield _mismatch(queue, twin)
        elif not _is_emptied(queue, found):
            yield _unemptied(index, queue, found)
    for queue in emptied:
        if queue not in missed and queue.kind not in {"celery", "channel"}:
            yield _unfilled(index, queue, found)
    yield from (hit for queue in found if not _is_external(index, queue) for hit in _refilled(index, queue, found))


def _refilled(index: Index, queue: Queue, found: list[Queue]) -> Iterator[Hit]:
    """Yield a queue whose way in is never called, so that only the file that takes from it puts something back."""
    takers = [use for use in queue.consumers if use.components and not index.callers.is_orphan(use)]
    files = {use.file for use in takers}
    fills = queue.by("producer", "handle")
    unused = [use for use in queue.idle if use.role == "producer"]
    entrance = next((use for use in (*unused, *fills) if use in unused or index.callers.is_orphan(use)), None)
    if entrance is None or not takers or not fills or queue.by("both"):
        return
    if all(use.file in files and index.callers.is_private(use) for use in fills):
        use = _shown(takers)
        confidence, reason = _certainty(index, queue, found, use, "producer")
        because = f"what fills it, at {entrance.location}, is never called; only {use.file} itself puts anything in"
        yield Hit(
            use.location,
            {"what": f"`{display(use.name)}` is waited for here, but {because}"},
            related=(Related(entrance.location, "stands in a function that nothing calls"),),
            severity=Severity.WARNING,
            confidence=min(confidence, Confidence.MEDIUM),
            reason=reason or PUT_BACK,
            label=f"waits at `{display(use.name)}`",
        )


def _mismatch(queue: Queue, twin: Queue) -> Hit:
    sender, taker = _shown(queue.senders), _shown(twin.consumers)
    name = display(sender.name)
    return Hit(
        sender.location,
        {"what": f"`{name}` is {_done(sender)} here, but {taker.location} waits at `{display(taker.name)}`"},
        related=(Related(taker.location, f"waits at `{display(taker.name)}` here"),),
        severity=Severity.ERROR,
        label=f"{_doing(sender)} `{name}`",
    )


def _unemptied(index: Index, queue: Queue, found: list[Queue]) -> Hit:
    use = _shown(queue.senders)
    idle = [u for u in queue.idle if u.role == "consumer"]
    workers = [u for q in found if q.kind == queue.kind for u in q.consumers]
    name = display(use.name)
    because, related = (
        "nothing takes from it",
        tuple(Related(u.location, f"{_done(u)} here, too") for u in queue.senders[1:3]),
    )
    confidence, reason = _certainty(index, queue, found, use, "consumer")
    if idle:
        because = f"what takes from it, at {idle[0].location}, is never called"
        related = (Related(idle[0].location, "stands in a function that nothing calls"), *related)
    elif queue.kind in {"channel", "stream", "list", "delayed"}:
        confidence = min(confidence, Confidence.MEDIUM)
        reason = reason or "a script inside Redis or a program that is not here may do so"
    elif not workers:
        confidence = min(confidence, Confidence.LOW if queue.kind == "celery" else Confidence.MEDIUM)
        reason = f"no worker of {queue.kind} is here at all, so that they may be elsewhere"
    else:
        related += (Related(workers[0].location, f"waits at `{display(workers[0].name)}` only"),)
    if queue.kind == "channel":
        because = "nothing listens to it"
    return Hit(
        use.location,
        {"what": f"`{name}` is {_done(use)} here, but {because}"},
        related=related,
        severity=None if idle or confidence is Confidence.HIGH else Severity.WARNING,
        confidence=confidence,
        reason=reason,
        label=f"{_doing(use)} `{name}`",
    )


def _unfilled(index: Index, queue: Queue, found: list[Queue]) -> Hit:
    use = _shown(queue.consumers)
    idle = [u for u in queue.idle if u.role == "producer"]
    confidence, reason = _certainty(index, queue, found, use, "producer")
    because = f"what fills it, at {idle[0].location}, is never called" if idle else "nothing fills it"
    return Hit(
        use.location,
        {"what": f"`{display(use.name)}` is waited for here, but {because}"},
        related=tuple(Related(u.location, "stands in a function that nothing calls") for u in idle[:1]),
        severity=Severity.WARNING,
        confidence=min(confidence, Confidence.MEDIUM),
        reason=reason or "something that is not here may fill it",
        label=f"waits at `{display(use.name)}`",
    )


def _certainty(
    index: Index, queue: Queue, found: list[Queue], use: QueueUse, side: str
) -> tuple[Confidence, str | None]:
    """Say how sure it is that the other side is not one of those whose names are not known."""
    for other in found:
        ends = other.consumers if side == "consumer" else other.producers
        unsure = other.open or other.configured or queue.open or queue.configured or alike(queue, other)
        if other.kind == queue.kind and unsure and not all(_is_configured(end) for end in ends):
            return Confidence.LOW, f"the name of the {side} at {ends[0].location} is computed or configured"
    if index.components and not use.components:
        return Confidence.MEDIUM, f"no deployable that is known here loads {use.file}"
    return Confidence.HIGH, None


def _done(use: QueueUse) -> str:
    return "opened" if use.role == "handle" else "filled"


def _doing(use: QueueUse) -> str:
    return "opens" if use.role == "handle" else "fills"


def _is_configured(use: QueueUse) -> bool:
    return getattr(use.name, "reason", None) == CONFIGURED


def _is_emptied(queue: Queue, found: list[Queue]) -> bool:
    """Return whether members are read or removed one by one, left for people, or taken by a worker told by settings."""
    if queue.by("remover"):
        return True
    if any((use.command or "").lower() in READERS for use in queue.by("observer")):
        return True
    if any(BY_HAND & set(tokens(name)) for name in queue.names):
        return True
    default = any(use.command == "task_default_queue" for use in queue.producers) or "celery" in queue.names
    return default and any(_is_configured(u) for q in found if q.kind == queue.kind for u in q.consumers)


def _is_external(index: Index, queue: Queue) -> bool:
    return any(fnmatchcase(name, pattern) for name in queue.names for pattern in index.config.external_queues)


def _is_twin(one: Queue, other: Queue) -> bool:
    """Return whether two names differ by case, separators or a prefix alone."""
    if one.kind != other.kind or one.kind == "channel":
        return False
    pairs = [(_plain(a), _plain(b)) for a in one.names for b in other.names if not {"$", ANY} & {a[0], b[0], *a, *b}]
    return any(a == b or (min(len(a), len(b)) > 3 and (a.endswith(f" {b}") or b.endswith(f" {a}"))) for a, b in pairs)  # noqa: PLR2004


def _plain(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()
    return _SEPARATORS.sub(" ", spaced).strip()


def _shown(uses: list[QueueUse]) -> QueueUse:
    """Return the use that most surely runs in production."""
    return min(uses, key=lambda use: (use.area != "production", not use.components, bool(use.uncalled)))
