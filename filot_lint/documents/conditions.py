"""What there must be for a document or a section to be written; without it there is nothing to say."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from filot_lint.documents.context import Context
from filot_lint.documents.manifest import Section
from filot_lint.documents.monitoring import emitters
from filot_lint.documents.section_views import (
    doubles_about,
    guarded_reads,
    local_defaults,
    monitoring_variables,
    replit_given,
    replit_provisions,
    replit_starts,
    temporal_switches,
    watched,
)

Need = tuple[Callable[[Context], object], str]

_TEMPORAL = ("TemporalConnection", "TemporalWorker", "TemporalStart")


def _on_replit(context: Context) -> bool:
    named = {path.name.lower() for path in context.root.iterdir()}
    return bool(replit_starts(context) or replit_provisions(context) or named & {".replit", "replit.nix", "replit.md"})


def _temporal(context: Context) -> bool:
    return any(context.of(kind) for kind in _TEMPORAL)


_REPLIT: Need = (_on_replit, "no `.replit` found")
_ASKED: Need = (
    lambda c: _on_replit(c) or c.index.profile is not None,
    "no `.replit` found, and no profile asks for it",
)

NEEDS: dict[str, tuple[Need, ...]] = {
    "mocks": ((lambda c: c.has_mocks, "no test double found in production code"),),
    "system": ((lambda c: c.deployables, "no deployable found"),),
    "gpu": ((lambda c: c.gpu, "no GPU worker found"),),
    "temporal": ((_temporal, "no use of Temporal found in production code"),),
    "queues": ((lambda c: c.queues, "no queue found in production code"),),
    "variables": ((lambda c: c.needed, "production code reads no variable"),),
    "ecs": ((lambda c: c.task_containers, "no ECS task definition found"),),
    "monitoring": (
        (
            lambda c: watched(c) or emitters(c) or monitoring_variables(c),
            "no log group, health check, log, metric or variable for monitoring found",
        ),
    ),
    "replit": (_REPLIT,),
    "modes": (
        _ASKED,
        (
            lambda c: guarded_reads(c) or local_defaults(c) or replit_given(c),
            "nothing found that differs between development and production",
        ),
    ),
    "gpu-switches": (
        _ASKED,
        (lambda c: c.gpu or doubles_about(c, "gpu", "ocr"), "no GPU worker and no stand-in for one found"),
    ),
    "temporal-switches": (
        _ASKED,
        (
            lambda c: _temporal(c) or temporal_switches(c) or doubles_about(c, "temporal", "workflow"),
            "no use of Temporal and no stand-in for it found",
        ),
    ),
    "papers": (_ASKED, (lambda c: c.papers, "no document named after a tranche found")),
}
"""What `when` means, with the reason for leaving out what lacks it."""

SETTINGS = "the settings leave it out"


def why_left_out(context: Context, key: str, when: str | None) -> str | None:
    """Return why a document or a section is not written, None where it is."""
    if key in context.manifest.dropped:
        return SETTINGS
    return next((reason for holds, reason in NEEDS.get(when or "", ()) if not holds(context)), None)


def is_written(context: Context, key: str) -> bool:
    """Whether there is a document to point to; a page in HTML is written only on demand."""
    document = context.manifest.document(key)
    return document.when != "html" and why_left_out(context, key, document.when) is None


class SectionState(msgspec.Struct, frozen=True):
    """A section, and why it is left out."""

    section: Section
    reason: str | None

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.section.file


def section_states(context: Context) -> tuple[SectionState, ...]:
    """Return all sections with what becomes of them."""
    return tuple(SectionState(s, why_left_out(context, s.id, s.when)) for s in context.manifest.sections)
