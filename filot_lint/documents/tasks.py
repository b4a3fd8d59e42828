"""What the profile of a workspace wants delivered, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from filot_lint.documents.conditions import section_states, why_left_out
from filot_lint.documents.context import Context
from filot_lint.documents.describe import count
from filot_lint.documents.views import ran
from filot_lint.findings import Finding


class Outcome(msgspec.Struct, frozen=True):
    """One task: the documents written for it, why others are not, what was found, and by which rules."""

    title: str
    written: tuple[str, ...]
    left_out: tuple[str, ...]
    findings: tuple[Finding, ...]
    ran: tuple[str, ...]
    note: str | None = None


def tasks(context: Context) -> tuple[Outcome, ...]:
    """Return the tasks of the profile in its order; none where no profile applies."""
    profile = context.index.profile
    return tuple(_outcome(context, t.title, t.documents, t.rules) for t in (profile.tasks if profile else ()))


def _outcome(context: Context, title: str, documents: tuple[str, ...], rules: tuple[str, ...]) -> Outcome:
    whens = {d.id: d.when for d in context.manifest.documents}
    reasons = {key: why_left_out(context, key, whens[key]) for key in documents if key in whens}
    return Outcome(
        title,
        tuple(key for key, reason in reasons.items() if reason is None),
        tuple(dict.fromkeys(reason for reason in reasons.values() if reason is not None)),
        context.about(*rules) if rules else (),
        ran(context, *rules) if rules else (),
        next((_NOTES[key](context) for key in documents if key in _NOTES), None),
    )


def _checked(context: Context) -> str:
    return f"{len(context.results('fails'))} of {count(len(context.checklist), 'item')} fail"


def _sections(context: Context) -> str:
    states = section_states(context)
    return f"{sum(s.reason is None for s in states)} of {count(len(states), 'managed section')} written"


_NOTES: dict[str, Callable[[Context], str]] = {"checklist": _checked, "readme-updates": _sections}

TASK_VIEWS: tuple[Callable[..., Any], ...] = (tasks,)
