"""Questions that the managed sections of README and REPLIT ask of the shared context."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from filot_lint.documents import survey
from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.facts import ContainerSpec, EntryPoint, EnvDeclaration, EnvProvision, EnvRead, TestDouble
from filot_lint.secrets import is_local

_MONITORING = re.compile(
    r"(?:^|_)(?:METRICS?|SENTRY|OTEL|DATADOG|DD|STATSD|PROMETHEUS|HEARTBEAT|ALERTS?|TRACING)(?:_|$)"
)
_TEMPORAL_SWITCH = re.compile(r"(?:^|_)(?:ENABLED?|DISABLED?|MOCK|MODE|STUB|USE|SKIP)(?:_|$)")


def trailing_comments(context: Context) -> tuple[EnvDeclaration, ...]:
    """Return declarations with a comment behind the value, in the example file."""
    return tuple(d for d in context.index.of(EnvDeclaration) if d.inline_comment and d.file == context.example)


def unclaimed_containers(context: Context) -> tuple[ContainerSpec, ...]:
    """Return containers of task definitions that run no known deployable."""
    claimed = {c.spec for d in context.deployables for c in d.containers}
    return tuple(s for s in context.task_containers if s not in claimed)


def monitoring_variables(context: Context) -> tuple[Variable, ...]:
    """Return variables whose name is about monitoring."""
    return tuple(v for v in context.needed if v.production and _MONITORING.search(v.name))


def replit_starts(context: Context) -> tuple[EntryPoint, ...]:
    """Return what Replit runs."""
    return tuple(e for e in context.index.of(EntryPoint) if e.origin == "replit")


def replit_provisions(context: Context) -> tuple[EnvProvision, ...]:
    """Return what `.replit` sets."""
    return tuple(p for p in context.index.of(EnvProvision) if p.language == "replit")


def guarded_reads(context: Context) -> tuple[EnvRead, ...]:
    """Return reads of production code that stand on a branch for one kind of environment."""
    chosen = {"production", "non-production"}
    return tuple(r for r in context.index.of(EnvRead) if r.name and r.area == "production" and r.guard in chosen)


def local_defaults(context: Context) -> tuple[tuple[Variable, EnvRead], ...]:
    """Return defaults that mean this very machine."""
    return tuple(
        (v, r) for v in context.needed for r in v.defaults if r.default and r.default.text and is_local(r.default.text)
    )


def doubles_about(context: Context, *words: str) -> tuple[TestDouble, ...]:
    """Return test doubles whose symbol or file names one of some words."""
    return tuple(d for d in context.index.of(TestDouble) if any(w in f"{d.symbol} {d.file}".lower() for w in words))


def temporal_switches(context: Context) -> tuple[Variable, ...]:
    """Return variables that switch Temporal."""
    return tuple(v for v in context.group("temporal") if v.production and _TEMPORAL_SWITCH.search(v.name))


def paper_folders(context: Context) -> tuple[str, ...]:
    """Return the folders searched for documents people wrote."""
    return survey.paper_folders(context.docs)


SECTION_VIEWS: tuple[Callable[..., Any], ...] = (
    trailing_comments,
    unclaimed_containers,
    monitoring_variables,
    replit_starts,
    replit_provisions,
    guarded_reads,
    local_defaults,
    doubles_about,
    temporal_switches,
    paper_folders,
)
