"""What a program tells about itself: logs, metrics, errors, traces."""

from __future__ import annotations

from typing import Literal as Choice

from filot_lint.facts.observation import Fact
from filot_lint.values import Value


class MonitoringUse(Fact, frozen=True, kw_only=True):
    """A place sets up a log, names a metric, or sends errors or traces away.

    `name` is that of the metric or log, null where the library names its own. `address` is what it is sent to: a host,
    a namespace of CloudWatch, a file; `dsn` the same with a key in it, of which no literal is kept.
    """

    library: str
    signal: Choice["log", "metric", "error", "trace"]
    name: Value | None = None
    level: Value | None = None
    address: Value | None = None
    dsn: Value | None = None
