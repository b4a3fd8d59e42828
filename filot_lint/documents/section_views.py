"""Questions that the managed sections of README and REPLIT ask of the shared context."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.quote import quote
from filot_lint.documents.topology import Deployable
from filot_lint.facts import (
    ContainerSpec,
    EntryPoint,
    EnvDeclaration,
    EnvProvision,
    EnvRead,
    ImageBuild,
    ServiceSpec,
    TestDouble,
)
from filot_lint.secrets import is_local
from filot_lint.source import Location

Provisions = tuple[EnvProvision, ...]

MOST_PLACES = 4
_MONITORING = re.compile(
    r"(?:^|_)(?:METRICS?|SENTRY|OTEL|DATADOG|DD|STATSD|PROMETHEUS|ALERTMANAGER|PAGERDUTY|OPSGENIE|HEARTBEAT|TRACING)(?:_|$)"
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


def watched(context: Context) -> tuple[ContainerSpec, ...]:
    """Return containers that say where they log or how they are checked, and those of task definitions that do not."""
    specs = (s for s in context.of("ContainerSpec") if isinstance(s, ContainerSpec))
    return tuple(s for s in specs if s.log_group or s.health_check or s.origin == "ecs")


def replit_starts(context: Context) -> tuple[EntryPoint, ...]:
    """Return what Replit runs."""
    return tuple(e for e in context.index.of(EntryPoint) if e.origin == "replit")


def replit_provisions(context: Context) -> tuple[EnvProvision, ...]:
    """Return what `.replit` sets."""
    return tuple(p for p in context.index.of(EnvProvision) if p.language == "replit")


def guarded_reads(context: Context) -> tuple[EnvRead, ...]:
    """Return reads of production code that stand on a branch for one kind of environment, each line once."""
    chosen = {"production", "non-production"}
    reads = (r for r in context.index.of(EnvRead) if r.name and r.area == "production" and r.guard in chosen)
    return tuple({(r.name, r.guard, r.file, r.line): r for r in reads}.values())


def local_defaults(context: Context) -> tuple[tuple[Variable, EnvRead], ...]:
    """Return defaults that mean this very machine."""
    return tuple(
        (v, r) for v in context.needed for r in v.defaults if r.default and r.default.text and is_local(r.default.text)
    )


def doubles_about(context: Context, *words: str) -> tuple[TestDouble, ...]:
    """Return test doubles whose own name has one of some words."""
    return tuple(d for d in context.index.of(TestDouble) if any(w in d.symbol.lower() for w in words))


def replit_given(context: Context) -> tuple[tuple[Variable, Provisions, Provisions], ...]:
    """Return variables of production with what gives them on Replit and in task definitions."""
    rows = []
    for variable in context.variables:
        near = tuple(p for p in variable.provisions if p.language == "replit")
        if near and variable.production:
            rows.append((variable, near, tuple(p for p in variable.provisions if p.language == "ecs")))
    return tuple(rows)


def replit_needs(context: Context) -> tuple[Variable, ...]:
    """Return the required variables of the code that Replit runs; of all code where that is not known."""
    starts = {e.target for e in replit_starts(context)}
    names = {d.name for d in context.deployables if starts & set(d.component.entries)}
    required = tuple(v for v in context.needed if v.requirement.verdict == "required")
    return tuple(v for v in required if not names or names & set(v.components))


def idle_deployables(context: Context) -> tuple[Deployable, ...]:
    """Return deployables that read nothing and that no container runs."""
    reading = {name for v in context.needed for name in v.components}
    return tuple(d for d in context.deployables if d.name not in reading and not d.production_containers)


def stored(context: Context) -> tuple[EnvProvision, ...]:
    """Return what task definitions take from a secret store."""
    return tuple(p for p in context.index.of(EnvProvision) if p.language == "ecs" and p.channel == "secret")


def asked(context: Context, variable: Variable, most: int = MOST_PLACES) -> tuple[tuple[EnvRead, str], ...]:
    """Return the deciding reads of a variable with their line, where it may be shown."""
    first = {(r.file, r.line): r for r in reversed(variable.deciding)}
    reads = [first[place] for place in sorted(first)][:most]
    return tuple((r, "".join(quote(context.root, r.file, r.line)).strip()) for r in reads)


class HealthCheck(msgspec.Struct, frozen=True):
    """One command that checks containers of one kind of manifest."""

    origin: str
    command: str
    names: tuple[str, ...]
    places: tuple[Location, ...]


def health_checks(context: Context) -> tuple[HealthCheck, ...]:
    """Return the health checks of production, those with the same command as one."""
    found: dict[tuple[str, str], list[ContainerSpec]] = {}
    for spec in watched(context):
        if spec.health_check:
            found.setdefault((spec.origin, " ".join(spec.health_check)), []).append(spec)
    return tuple(
        HealthCheck(
            origin,
            command,
            tuple(dict.fromkeys(s.name for s in specs)),
            tuple(s.health_check_at or s.location for s in specs),
        )
        for (origin, command), specs in found.items()
    )


def set_on_replit(context: Context, name: str) -> EnvProvision | None:
    """Return where `.replit` sets a variable."""
    return next((p for p in replit_provisions(context) if p.name == name), None)


def builds(context: Context, deployable: Deployable) -> tuple[ImageBuild, ...]:
    """Return the places that build the images of a deployable."""
    names = {file.rpartition("/")[2] for file in deployable.component.dockerfiles}
    files = set(deployable.component.dockerfiles)
    return tuple(b for b in context.index.of(ImageBuild) if b.dockerfile in files or b.dockerfile in names)


def services_of(context: Context, deployable: Deployable) -> tuple[ServiceSpec, ...]:
    """Return the ECS services that run the task definitions of a deployable."""
    families = {c.spec.family for c in deployable.production_containers if c.spec.family}
    return tuple(s for s in context.index.of(ServiceSpec) if (s.task_definition or "").split(":")[0] in families)


def temporal_switches(context: Context) -> tuple[Variable, ...]:
    """Return variables that switch Temporal."""
    return tuple(v for v in context.group("temporal") if v.production and _TEMPORAL_SWITCH.search(v.name))


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
    replit_given,
    replit_needs,
    idle_deployables,
    stored,
    asked,
    watched,
    health_checks,
    set_on_replit,
    builds,
    services_of,
)
