"""Many findings of one kind in one file become one that names them."""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterable, Iterator
from typing import TypeVar

from filot_lint.findings import Hit, Related

FEW = 4
"""Up to how many findings in one file stand for themselves."""
NAMED = 12
SHOWN = 5

T = TypeVar("T")


def grouped(items: Iterable[T], key: Function[[T], object], few: int = FEW) -> Iterator[list[T]]:
    """Yield the items of each kind together, where they are many; the others one by one."""
    groups: dict[object, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    for group in groups.values():
        if len(group) > few:
            yield group
        else:
            yield from ([item] for item in group)


def listed(names: list[str]) -> str:
    """Return names for a sentence: `A`, `B` and 3 others."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) > NAMED:
        return f"{', '.join(quoted[: NAMED - 1])} and {len(quoted) - NAMED + 1} others"
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}" if len(quoted) > 1 else quoted[0]


def others(hits: list[Hit], label: str) -> tuple[Related, ...]:
    """Return the places of all findings of a group but the first."""
    return tuple(Related(hit.location, label) for hit in hits[1 : SHOWN + 1])
