"""Whether a release may go out, and what to do first if not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from filot_lint.documents.context import Context
from filot_lint.documents.deciders import Result
from filot_lint.findings import Finding, Severity
from filot_lint.source import Location
from filot_lint.workspace.demands import Answer

_FAILURES = (
    "FIL106",
    "FIL110",
    "FIL206",
    "FIL207",
    "FIL208",
    "FIL305",
    "FIL306",
    "FIL401",
    "FIL607",
    "FIL705",
    "FIL803",
)
"""Rules about what a program does without a variable, a server, a GPU or the worker that died."""


class Step(msgspec.Struct, frozen=True):
    """One thing to repair, wherever it is needed. `item` is the line of the checklist that waits for it."""

    code: str
    message: str
    help: str
    places: tuple[Location, ...]
    item: str | None


def is_ready(context: Context) -> bool:
    """Whether nothing that was found blocks production."""
    return not context.by_severity("error") and not context.results("fails")


def repairs(context: Context) -> tuple[Step, ...]:
    """Return what the errors ask for, in the order of the checklist; the same error at several places is one step."""
    order = [result.item for result in context.checklist]
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in context.by_severity("error"):
        found.setdefault((finding.rule.code, finding.message), []).append(finding)
    ranked = []
    for (code, message), same in found.items():
        rank = next((n for n, item in enumerate(order) if code in item.rules), len(order))
        item = order[rank].id if rank < len(order) else None
        step = Step(code, message, same[0].help or "", tuple(f.location for f in same), item)
        ranked.append((rank, -len(same), code, step))
    return tuple(step for *_, step in sorted(ranked, key=lambda r: r[:3]))


def left_to_mend(context: Context) -> tuple[Result, ...]:
    """Return what else fails in the checklist, without the errors."""
    found = []
    for result in context.results("fails"):
        rest = tuple(f for f in result.findings if f.severity is not Severity.ERROR)
        if not result.findings:
            found.append(result)
        elif rest:
            found.append(msgspec.structs.replace(result, findings=rest, evidence=tuple(f.location for f in rest)))
    return tuple(found)


def respelled(context: Context) -> tuple[Answer, ...]:
    """Return the demands of the profile that the code meets by another name."""
    return tuple(a for a in context.demands if a.status == "other name")


def unmet(context: Context) -> tuple[Answer, ...]:
    """Return the demands of the profile that production reads by no name at all."""
    return tuple(a for a in context.demands if a.status in {"absent", "only declared"} and not a.setting.optional)


def failure_findings(context: Context) -> tuple[Finding, ...]:
    """Return what the rules say about the time when something is missing, down or slow."""
    return context.about(*_FAILURES)


NEXT_VIEWS: tuple[Callable[..., Any], ...] = (is_ready, repairs, left_to_mend, respelled, unmet, failure_findings)
