"""A line on the terminal that says what takes so long; it goes when the work is done."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 1.0
"""Seconds of work that nobody needs to be told about."""

PACE = 0.5
_CLEAR = "\r\x1b[K"


@contextmanager
def progress(what: str) -> Iterator[None]:
    """Say on a terminal what is being done, once it has taken a second.

    A timer's signal does it: a thread would keep the extraction from forking its workers.
    """
    if not _somebody_looks():
        yield
        return
    began = time.monotonic()
    told = False

    def tell(*_: object) -> None:
        nonlocal told
        told = True
        os.write(2, f"{_CLEAR}{what} … {time.monotonic() - began:.0f} s".encode())

    before = signal.signal(signal.SIGALRM, tell)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE, PACE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if told:
            os.write(2, _CLEAR.encode())


def _somebody_looks() -> bool:
    return (
        sys.stderr.isatty()
        and os.environ.get("TERM") != "dumb"
        and hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
    )
