"""FIL207: a command waits in Redis for longer than its client waits for an answer."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.checks.redis.targets import UNUSED, connections_of
from filot_lint.facts import Fact, Implied, QueueUse, RedisConnection
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.values import Literal, Value, options
from filot_lint.workspace.index import Index

IN_MILLISECONDS = frozenset({"xread", "xreadgroup"})
BY_DEFAULT = "the time of the block is a default, which a variable may change"
OPEN_RANGE = "the version that is installed may be another"


@check("FIL207")
def short_read_timeout(index: Index) -> Iterator[Hit]:
    """Compare each blocking command with the read timeout of every client it may go through."""
    for use in index.of(QueueUse):
        block = _seconds(use.block, per_second=1000 if use.command in IN_MILLISECONDS else 1)
        if block is None or use.framework != "redis" or not may_run(use):
            continue
        clients = connections_of(index, use.client)
        limits = [_timeout(client) for client in clients]
        known = [limit for limit in limits if limit is not None]
        if known and len(known) == len(limits) and all(block == 0 or block >= limit for limit in known):
            yield _hit(use, clients[0], block, max(known))


def _seconds(value: Value | None, *, per_second: int) -> float | None:
    """Return a time in seconds, None when it is not known."""
    numbers = [_number(option) for option in options(value)] if value is not None else []
    known = [number for number in numbers if number is not None]
    return known[-1] / per_second if known else None


def _number(option: Value) -> float | None:
    try:
        return float(option.text) if isinstance(option, Literal) and option.type in {"number", "string"} else None
    except ValueError:
        return None


def _timeout(connection: RedisConnection) -> float | None:
    """Return how long a client waits for an answer, in seconds; None for ever, or when that is not known."""
    if connection.timeout is not None:
        return _seconds(connection.timeout, per_second=1 if connection.language == "python" else 1000)
    implied = _implied(connection)
    return float(implied.value) if implied is not None and isinstance(implied.value, int | float) else None


def _implied(connection: RedisConnection) -> Implied | None:
    return connection.by_default("timeout") if connection.timeout is None else None


def _hit(use: QueueUse, client: RedisConnection, block: float, limit: float) -> Hit:
    implied = _implied(client)
    confidence, reason = _confidence(use, implied)
    because = (Related(implied.because, "this version"),) if implied is not None else ()
    return Hit(
        use.location,
        {
            "command": (use.command or "").upper(),
            "block": "for ever" if block == 0 else f"for {block:g} s",
            "limit": f"{limit:g} s",
            "source": f"by default in {implied.version}" if implied is not None else "as it is told",
        },
        related=(Related(client.location, "its client"), *because),
        severity=Severity.WARNING if block == limit else None,
        confidence=confidence,
        reason=reason,
        label="waits here",
    )


def _confidence(use: Fact, implied: Implied | None) -> tuple[Confidence | None, str | None]:
    if use.is_unused:
        return Confidence.LOW, UNUSED
    if isinstance(use, QueueUse) and not isinstance(use.block, Literal):
        return Confidence.MEDIUM, BY_DEFAULT
    if implied is not None and implied.certainty != "certain":
        return Confidence.MEDIUM, OPEN_RANGE
    return None, None
