"""FIL303: a name that the queue's library refuses or changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.queues.naming import ANY, Running, Spelling, spellings
from filot_lint.facts import QueueUse
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.source import Location
from filot_lint.workspace.index import Index

DRAMATIQ = re.compile(r"[A-Za-z_][A-Za-z0-9._-]*")
DROPPED = re.compile(r"[^A-Za-z0-9]")


@check("FIL303")
def rejected_queue_name(index: Index) -> Iterator[Hit]:
    """Look at the names that are written out, each once."""
    running = Running(index)
    seen: set[tuple[str, Location]] = set()
    huey: dict[str, tuple[str, Location]] = {}
    for use in index.of(QueueUse):
        if use.area != "production" or not running(use):
            continue
        for said in spellings(use.name):
            at = said.at or use.location
            if said.text is None or (use.framework, at) in seen:
                continue
            seen.add((use.framework, at))
            if use.framework == "bullmq" and ":" in said.text:
                yield from _colon(use, said, at)
            elif use.framework == "dramatiq" and ANY not in said.text and not DRAMATIQ.fullmatch(said.text):
                yield Hit(at, {"name": said.text, "what": "dramatiq raises for a name like this"}, label="refused")
            elif use.framework == "huey" and ANY not in said.text:
                yield from _dropped(huey, said.text, at)


def _colon(use: QueueUse, said: Spelling, at: Location) -> Iterator[Hit]:
    implied = use.by_default("colon-in-name")
    if implied is None or said.text is None:
        return
    known = (Related(implied.because, f"{implied.version}"), *_used(use, at))
    if implied.value == "accepted":
        what = f"{implied.version} accepts the colon, BullMQ 5.12.12 and later refuse it"
        yield Hit(at, {"name": said.text, "what": what}, related=known, severity=Severity.INFO, label="a colon")
        return
    sure = implied.certainty == "certain"
    yield Hit(
        at,
        {"name": said.text, "what": f"{implied.version} refuses a name with a colon"},
        related=known,
        confidence=None if sure else Confidence.MEDIUM,
        reason=None if sure else "the manifest allows several versions",
        label="refused",
    )


def _used(use: QueueUse, at: Location) -> tuple[Related, ...]:
    return (
        () if use.location.file == at.file and use.location.line == at.line else (Related(use.location, "used here"),)
    )


def _dropped(known: dict[str, tuple[str, Location]], name: str, at: Location) -> Iterator[Hit]:
    kept = DROPPED.sub("", name)
    other, place = known.setdefault(kept, (name, at))
    if other != name:
        what = f"huey drops all but letters and digits, so that this is the same queue as `{other}`"
        yield Hit(at, {"name": name, "what": what}, related=(Related(place, f"`{other}`"),), label="one queue")
