"""What Temporal workers register, as far as it is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from filot_lint.facts import TemporalWorker
from filot_lint.values import Literal, Sequence, Value, options


def registered(value: Value | None) -> dict[str, Literal]:
    """Return the names that a worker registers, as far as they are known."""
    items = value.items if isinstance(value, Sequence) else ()
    return {item.text: item for part in items for item in options(part) if isinstance(item, Literal)}


def is_open(value: Value | None) -> bool:
    """Whether a worker may register more than is known; one that is given nothing registers nothing."""
    if isinstance(value, Sequence):
        return value.open or not all(isinstance(item, Literal) for item in value.items)
    return value is not None


def names_of(value: Value | None) -> Iterator[str | None]:
    """Yield what a started workflow can be called, None for what is not known."""
    for option in options(value) if value is not None else (None,):
        yield option.text if isinstance(option, Literal) and option.type == "string" else None


def may_register(name: str, workers: Iterable[TemporalWorker]) -> bool:
    """Whether one of some workers registers a workflow, or may."""
    return any(
        name in registered(worker.workflows) or is_open(worker.workflows) or name in registered(worker.activities)
        for worker in workers
    )
