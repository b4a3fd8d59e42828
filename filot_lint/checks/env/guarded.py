"""Whether a program looks after a variable somewhere else than where it reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from filot_lint.checks.production import is_production
from filot_lint.facts import EnvRead
from filot_lint.workspace.index import Index


def is_demanded(index: Index, read: EnvRead) -> bool:
    """Whether the program stops without the variable, at the start or where it is used."""
    return next(demands_of(index, read), None) is not None


def demands_of(index: Index, read: EnvRead) -> Iterator[EnvRead]:
    """Yield the places where a deployable that reads a variable stops without it."""
    for other in index.reads.get(read.name or "", ()):
        if other.required and is_production(other) and _together(read, other):
            yield other


def tests_of(index: Index, read: EnvRead) -> Iterator[EnvRead]:
    """Yield the places where a deployable that reads a variable looks whether it is there, and goes on."""
    for other in index.reads.get(read.name or "", ()):
        tested = other.access == "presence" or other.tested
        if tested and not other.required and is_production(other) and _together(read, other):
            yield other


def deployables_of(read: EnvRead) -> list[str]:
    """Return the deployables that come to a read; one without a name where none is known to."""
    return [name for name in read.components if name not in read.uncalled] or [""]


def left_open(read: EnvRead, others: Sequence[EnvRead]) -> list[str]:
    """Return the deployables of a read that have none of some others; what no deployable is known to load is in any."""
    places = deployables_of(read)
    covered = {name for other in others for name in other.components or places}
    return [name for name in places if name not in covered]


def _together(read: EnvRead, other: EnvRead) -> bool:
    """Whether two reads belong to one deployable; files that no deployable is known to load may belong to any."""
    if not read.components or not other.components:
        return True
    return bool(set(read.components) & set(other.components) - set(other.uncalled))
