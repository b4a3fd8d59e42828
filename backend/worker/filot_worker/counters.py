"""Process-wide counters, shown by the metrics endpoint."""

from collections import Counter
from threading import Lock

_lock = Lock()
_values: Counter[str] = Counter()


def increment(name: str, by: int = 1) -> None:
    with _lock:
        _values[name] += by


def snapshot() -> dict[str, int]:
    with _lock:
        return dict(_values)
