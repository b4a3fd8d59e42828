"""Whether a release may go out, and what to do first if not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
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


_INITIAL = re.compile(r"^[A-Z](?=[a-z ])")
"""The first letter of a sentence that is told inside another; `LPOP` is a name."""


class Step(msgspec.Struct, frozen=True):
    """One thing to repair, wherever it is needed. `item` is the line of the checklist that waits for it.

    `others` are names for which the same is to be done as for the one in the message.
    """

    code: str
    message: str
    help: str
    places: tuple[Location, ...]
    item: str | None
    others: tuple[str, ...] = ()


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
        step = Step(
            code,
            _INITIAL.sub(lambda initial: initial[0].lower(), message),
            same[0].help or "",
            tuple(f.location for f in same),
            item,
        )
        ranked.append((rank, -len(same), code, step))
    return _joined(step for *_, step in sorted(ranked, key=lambda r: r[:3]))


def _joined(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Make one step of those of one rule that say the same of several names, by the same help or at the same places."""
    kept: list[Step] = []
    for step in steps:
        match = next(((n, name) for n, known in enumerate(kept) if (name := _as_well(known, step))), None)
        if match is None:
            kept.append(step)
        else:
            number, name = match
            known = kept[number]
            places = tuple(dict.fromkeys((*known.places, *step.places)))
            kept[number] = msgspec.structs.replace(known, places=places, others=(*known.others, name))
    return tuple(kept)


def _as_well(known: Step, step: Step) -> str | None:
    """Return the one name by which a step differs from a known one."""
    if known.code != step.code:
        return None
    if known.help == step.help:
        return _odd_name(known.message, step.message)
    return _odd_name(known.help, step.help) if set(step.places) <= set(known.places) else None


def _odd_name(known: str, text: str) -> str | None:
    ours, theirs = known.split("`"), text.split("`")
    odd = [n for n, (one, other) in enumerate(zip(ours, theirs, strict=False)) if one != other]
    return theirs[odd[0]] if len(ours) == len(theirs) and len(odd) == 1 and odd[0] % 2 else None


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


def failure_findings(context: Context) -> tuple[tuple[Finding, tuple[Location, ...]], ...]:
    """Return what the rules say about the time when something is missing, down or slow, each once with its places."""
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in context.about(*_FAILURES):
        found.setdefault((finding.rule.code, finding.message), []).append(finding)
    return tuple((same[0], tuple(f.location for f in same)) for same in found.values())


NEXT_VIEWS: tuple[Callable[..., Any], ...] = (is_ready, repairs, left_to_mend, respelled, unmet, failure_findings)
