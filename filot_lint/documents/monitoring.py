"""What tells people how the system does: logs, metrics, errors and traces, as the code sets them up."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

import msgspec

from filot_lint.documents.context import Context
from filot_lint.facts import CorsSetting, Fact, MonitoringUse, SecretComparison, SecretUse
from filot_lint.values import Value

_TITLES = {"log": "logs", "metric": "metrics", "error": "errors", "trace": "traces"}


class Emitter(msgspec.Struct, frozen=True):
    """What one library is set up to tell, in one way. `names` are those of metrics and logs, where it has any."""

    title: str
    uses: tuple[MonitoringUse, ...]

    @property
    def first(self) -> MonitoringUse:
        """The use that stands for all."""
        return self.uses[0]

    @property
    def names(self) -> tuple[Value, ...]:
        """The names, each once."""
        return tuple(dict.fromkeys(use.name for use in self.uses if use.name is not None))

    @property
    def owners(self) -> tuple[str, ...]:
        """The deployables that run any of it."""
        return tuple(dict.fromkeys(n for use in self.uses for n in use.components if n not in use.uncalled))


def emitters(context: Context) -> tuple[Emitter, ...]:
    """Return what production code sets up, by what it tells."""
    found = [f for f in context.index.of(MonitoringUse) if f.area == "production" and f.guard != "non-production"]
    return tuple(
        Emitter(title, tuple(uses))
        for signal, title in _TITLES.items()
        for _, uses in groupby(sorted((f for f in found if f.signal == signal), key=_way), key=_way)
    )


def _way(use: MonitoringUse) -> tuple[str, str, str]:
    return use.library, repr((use.level, use.address, use.dsn)), ",".join(use.components)


def cors_settings(context: Context) -> tuple[CorsSetting, ...]:
    """Return where production code says which web pages may call it."""
    return tuple(f for f in context.index.of(CorsSetting) if f.area == "production" and f.guard != "non-production")


def received_comparisons(context: Context) -> tuple[SecretComparison, ...]:
    """Return where something that is sent to production code is compared with a secret or a digest."""
    found = context.index.of(SecretComparison)
    return tuple(c for c in found if c.area == "production" and c.given in {"request", "caller"})


def keys_used(context: Context) -> tuple[Fact, ...]:
    """Return where production code uses a key, without the comparisons that `received_comparisons` tells."""
    compared = {(c.file, c.line) for c in received_comparisons(context)}
    uses = context.of("SecretUse")
    return tuple(
        u for u in uses if not (isinstance(u, SecretUse) and u.sink == "compare" and (u.file, u.line) in compared)
    )


MONITORING_VIEWS: tuple[Callable[..., Any], ...] = (emitters, cors_settings, received_comparisons, keys_used)
