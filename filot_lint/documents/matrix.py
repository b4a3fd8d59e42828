"""What each deployable reads against what its containers are given."""

from __future__ import annotations

from typing import Literal as Choice

import msgspec

from filot_lint.documents.contract import Variable
from filot_lint.documents.need import reliance
from filot_lint.documents.topology import Container, Deployable
from filot_lint.facts import EnvFile, EnvProvision, EnvRead

Verdict = Choice["given", "missing", "default applies", "left out", "not determined"]


class Cell(msgspec.Struct, frozen=True):
    """One variable of one deployable; `container` is null when no task definition describes the deployable."""

    variable: Variable
    deployable: Deployable
    container: Container | None
    reads: tuple[EnvRead, ...]
    grant: EnvProvision | None
    verdict: Verdict
    reason: str
    env_file: EnvFile | None = None

    @property
    def default(self) -> EnvRead | None:
        """A read that names a default."""
        known = (r for r in self.reads if r.default is not None and r.default.kind != "null")
        return next((r for r in known if r.flow != "log"), None)


class Row(msgspec.Struct, frozen=True):
    """One variable of one deployable, in all its containers."""

    variable: Variable
    cells: tuple[Cell, ...]

    @property
    def verdicts(self) -> tuple[tuple[Verdict, str], ...]:
        """Return the distinct verdicts with their reasons."""
        return tuple(dict.fromkeys((c.verdict, c.reason) for c in self.cells))


def rows_of(cells: tuple[Cell, ...]) -> tuple[Row, ...]:
    """Join the cells of each variable."""
    found: dict[str, list[Cell]] = {}
    for cell in cells:
        found.setdefault(cell.variable.name, []).append(cell)
    return tuple(Row(own[0].variable, tuple(own)) for own in found.values())


def build_matrix(variables: tuple[Variable, ...], deployables: tuple[Deployable, ...]) -> tuple[Cell, ...]:
    """Return a cell for each variable that a deployable reads in production, per production container."""
    cells = []
    for deployable in deployables:
        for variable in variables:
            reads = tuple(r for r in variable.production if deployable.name in r.components)
            if reads:
                for container in deployable.production_containers or (None,):
                    cells.append(_cell(variable, deployable, container, reads))  # noqa: PERF401  # nested reads worse
    return tuple(cells)


def _cell(variable: Variable, deployable: Deployable, container: Container | None, reads: tuple[EnvRead, ...]) -> Cell:
    given = container.provisions if container else ()
    grant = next((p for p in (*given, *deployable.image) if p.name == variable.name), None)
    env_file = container.env_files[0] if container and container.env_files else None
    mates = {name for read in variable.mates for name in (read.name, *read.one_of)}
    other = next((p.name for p in (*given, *deployable.image) if p.name in mates), None)
    known = container is not None
    verdict, reason = _judge(variable, reads, known=known, grant=grant, other=other, env_file=env_file)
    return Cell(variable, deployable, container, reads, grant, verdict, reason, env_file)


def _judge(
    variable: Variable,
    reads: tuple[EnvRead, ...],
    *,
    known: bool,
    grant: EnvProvision | None,
    other: str | None,
    env_file: EnvFile | None,
) -> tuple[Verdict, str]:
    if grant is not None:
        return "given", CHANNELS.get(grant.channel, grant.channel)
    if not known:
        return "not determined", "no task definition describes this deployable"
    if env_file is not None:
        return "not determined", "it may come from the environment file"
    need = variable.requirement
    if need.verdict == "alternative":
        return ("left out", f"{other} is given") if other is not None else ("missing", need.reason)
    if need.verdict == "conditional":
        return "not determined", need.reason
    return _judge_absence(variable, reads)


def _judge_absence(variable: Variable, reads: tuple[EnvRead, ...]) -> tuple[Verdict, str]:
    if any(r.required for r in reads):
        return "missing", "the code demands it"
    claimed = [r for r in reads if r.unchecked]
    if claimed:
        return "missing", reliance(claimed, reads)
    reads = tuple(r for r in reads if r.flow != "log")
    kinds = {r.default.kind for r in reads if r.default is not None} - {"null"}
    if kinds - {"empty"}:
        return "default applies", "the code has a default"
    if variable.requirement.verdict == "required":
        return "missing", variable.requirement.reason + (", the code goes on with the empty text" if kinds else "")
    if kinds:
        return "missing" if variable.is_secret else "left out", "the code goes on with the empty text"
    optional = variable.requirement.verdict == "optional"
    if optional or all(r.required is False or r.access == "presence" for r in reads):
        return "left out", variable.requirement.reason if optional else "the code goes on without it"
    return "not determined", "no place says what happens without it"


CHANNELS = {
    "secret": "secret store",
    "environment": "manifest",
    "image-env": "image",
    "image-arg": "image build",
    "env-file": "environment file",
    "host": "host",
    "ci": "pipeline",
}
