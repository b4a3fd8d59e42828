"""When cycles are looked for: seldom, in processes of our own; facts hold none, and there are millions of them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (200_000, 50, 100)


def settle() -> None:
    """Leave what is loaded alone for good, and look for cycles among the rest seldom; for processes of our own."""
    gc.freeze()
    gc.set_threshold(*_SELDOM)


@contextmanager
def seldom() -> Iterator[None]:
    """Look for cycles seldom until the end of a command."""
    before = gc.get_threshold()
    settle()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
