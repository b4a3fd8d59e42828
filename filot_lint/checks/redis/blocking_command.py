"""FIL210: a command that stops the server for everybody, empties it, or needs rights that managed Redis refuses."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.checks.redis.targets import UNUSED, unplaced
from filot_lint.facts import RedisCommand, RedisKey
from filot_lint.findings import Confidence, Hit, Severity
from filot_lint.workspace.index import Index

KEYS = "`KEYS` goes through all keys of the database, and nothing else is served meanwhile"
EFFECTS = {
    "flushall": ("`FLUSHALL` deletes all keys of the server, the queues among them", Severity.ERROR),
    "flushdb": ("`FLUSHDB` deletes all keys of the database, the queues among them", Severity.ERROR),
    "shutdown": ("`SHUTDOWN` stops the server", Severity.ERROR),
    "debug": ("`DEBUG` can stop the server; managed Redis refuses it", Severity.ERROR),
    "config set": ("`CONFIG SET` changes the whole server; managed Redis refuses it", Severity.WARNING),
}


@check("FIL210")
def blocking_command(index: Index) -> Iterator[Hit]:
    """Take the commands that production may send; scripts and tests may do as they like."""
    for key in index.of(RedisKey):
        if key.command == "keys" and may_run(key) and key.guard != "main":
            yield _hit(index, key, KEYS, Severity.WARNING)
    for command in index.of(RedisCommand):
        if command.command in EFFECTS and may_run(command) and command.guard != "main":
            yield _hit(index, command, *EFFECTS[command.command])


def _hit(index: Index, fact: RedisKey | RedisCommand, effect: str, severity: Severity) -> Hit:
    confidence, reason = Confidence.HIGH, None
    if fact.is_unused:
        confidence, reason = Confidence.LOW, UNUSED
    elif not fact.components:
        confidence, reason = unplaced(index)
        severity = min(severity, Severity.WARNING)
    return Hit(fact.location, {"effect": effect}, severity=severity, confidence=confidence, reason=reason,
               label=f"`{fact.command.upper()}` is sent here")  # fmt: skip
