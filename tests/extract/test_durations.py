"""Which constants are durations of jobs."""

from __future__ import annotations

import pytest

from filot_lint.extract.libraries.durations import Measure, measure, seconds
from filot_lint.values import UNKNOWN, Literal


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("STUCK_JOB_TIMEOUT_MS", Measure("stuck", "ms")),
        ("lockTtlSeconds", Measure("lock", "s")),
        ("SHUTDOWN_TIMEOUT_S", Measure("drain", "s")),
        ("JOB_TIMEOUT_MINUTES", Measure("limit", "min")),
        ("STUCK_JOB_TIMEOUT", None),
        ("STUCK_CHECK_INTERVAL_MS", None),
        ("REQUEST_TIMEOUT_MS", None),
        ("LOCKS", None),
        ("", None),
    ],
)
def test_names(name: str, found: Measure | None) -> None:
    assert measure(name) == found


def test_numbers() -> None:
    assert seconds(Literal("300_000", "number"), "ms") == 300
    assert seconds(Literal("2"), "h") == 7200
    assert seconds(Literal("1e999"), "s") is None
    assert seconds(Literal("five"), "s") is None
    assert seconds(UNKNOWN, "s") is None
