"""What the code of a GPU worker does about its GPU, as far as source shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.keys import Span, durations
from filot_lint.documents.matrix import Cell, Row
from filot_lint.documents.quote import quote
from filot_lint.documents.topology import Deployable, starts_nothing
from filot_lint.documents.views import rows, switches
from filot_lint.facts import EnvProvision, EnvRead, GpuBranch, GpuUse, Listener
from filot_lint.findings import Finding
from filot_lint.source import Location
from filot_lint.workspace.demands import Answer

_AROUND = 3
_COUNTED = re.compile(r"metric|counter|incr|statsd|histogram|gauge|record[A-Z_]|\.inc$", re.IGNORECASE)
_ATTEMPTS = re.compile(r"(?:^|_)(?:ATTEMPTS|RETRIES|RETRY_LIMIT|RETRY_COUNT|MAX_RETRY)$")
_AT_ONCE = re.compile(r"(?:^|_)(?:CONCURRENCY|WORKERS|PARALLEL\w*|BATCH_SIZE|PREFETCH\w*|THREADS)(?:_|$)")


class Branch(msgspec.Struct, frozen=True):
    """One place that asks a switch: the lines there, verbatim, and what containers are given."""

    variable: Variable
    read: EnvRead
    lines: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def grants(self) -> tuple[EnvProvision, ...]:
        """Where it is given."""
        return tuple(dict.fromkeys(cell.grant for cell in self.cells if cell.grant is not None))


def branches(context: Context, name: str) -> tuple[Branch, ...]:
    """Return the places at which a deployable asks its switches, in the order of the code."""
    found: dict[tuple[str, int], Branch] = {}
    sites = {(r.file, r.line) for r in context.index.of(EnvRead)}
    for row in switches(context, name):
        for read in _reads(row):
            after = (n for n in range(1, _AROUND) if (read.file, read.line + n) in sites)
            lines = quote(context.root, read.file, read.line, next(after, _AROUND))
            found.setdefault((read.file, read.line), Branch(row.variable, read, lines, row.cells))
    return tuple(branch for _, branch in sorted(found.items()))


def _reads(row: Row) -> tuple[EnvRead, ...]:
    return () if row.variable.is_secret else row.cells[0].reads


def gpu_paths(context: Context, name: str) -> tuple[GpuBranch, ...]:
    """Return what the code of a deployable does on each side of its questions about the GPU, in its order."""
    found = (f for f in context.index.of(GpuBranch) if name in f.components and name not in f.uncalled)
    return tuple(sorted((f for f in found if f.area == "production"), key=lambda f: (f.file, f.line, f.column)))


def counters_in(_context: Context, branch: GpuBranch) -> tuple[str, ...]:
    """Return the calls of a branch that look like metrics by their names."""
    return tuple(name for name in branch.calls if _COUNTED.search(name))


def bounds_of(context: Context, name: str) -> tuple[Row, ...]:
    """Return the variables of a deployable that are called a number of attempts."""
    return tuple(row for row in rows(context, name) if _ATTEMPTS.search(row.variable.name))


def sizes_of(context: Context, name: str) -> tuple[Row, ...]:
    """Return the variables of a deployable that are called a number of jobs at once."""
    return tuple(row for row in rows(context, name) if _AT_ONCE.search(row.variable.name))


def times_of(context: Context, deployable: Deployable) -> tuple[Span, ...]:
    """Return the lengths of time that concern a deployable, by its code and its containers."""
    own = {c.spec.location for c in deployable.containers}
    return tuple(
        s
        for s in durations(context)
        if s.fact.location in own or (deployable.name in s.fact.components and deployable.name not in s.fact.uncalled)
    )


def demands_of(context: Context, name: str) -> tuple[Answer, ...]:
    """Return the demands of the profile that the code of a deployable answers, with the places in that code."""
    read = {row.variable.name: row.cells[0].reads for row in rows(context, name)}
    found = []
    for answer in context.demands:
        names = tuple(n for n in answer.names if n in read)
        places = tuple(r.location for n in names for r in read[n][:1])
        if names:
            found.append(msgspec.structs.replace(answer, names=names, places=places))
    return tuple(found)


def probes(context: Context, name: str) -> tuple[GpuUse, ...]:
    """Return where a deployable loads a library that can use a GPU, or names the command that lists them."""
    found = [use for use in context.index.of(GpuUse) if name in use.components and use.area == "production"]
    return tuple({(use.library, use.file): use for use in found}.values())


def fallback_findings(context: Context, deployable: Deployable) -> tuple[Finding, ...]:
    """Return what rules say about the choice between GPU and CPU in the code of a deployable."""
    return tuple(f for f in context.about("FIL803") if f.location.file in deployable.component.modules)


def idle_command(_context: Context, deployable: Deployable) -> bool:
    """Whether the command of a deployable only defines."""
    return starts_nothing(deployable.component)


def listeners_of(context: Context, name: str) -> tuple[Listener, ...]:
    """Return where a deployable listens."""
    return tuple(f for f in context.index.of(Listener) if name in f.components and name not in f.uncalled)


def signal_places(context: Context, deployable: Deployable) -> tuple[tuple[str, Location], ...]:
    """Return the words about the end of the process in the code of a deployable, each where it stands first."""
    found = []
    entries = deployable.component.entries
    for word in deployable.component.signals:
        for path in sorted(deployable.component.modules, key=lambda path: (path not in entries, path)):
            source = context.index.files.get(path)
            lines = source.lines if source is not None else ()
            number = next((n for n, line in enumerate(lines, 1) if word in line), None)
            if number is not None:
                found.append((word, Location(path, number, 1, number, 1)))
                break
    return tuple(found)


GPU_VIEWS: tuple[Callable[..., Any], ...] = (
    branches,
    gpu_paths,
    counters_in,
    bounds_of,
    sizes_of,
    times_of,
    demands_of,
    probes,
    fallback_findings,
    idle_command,
    listeners_of,
    signal_places,
)
