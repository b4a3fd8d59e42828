"""One look at a workspace: read it, run the rules, leave out what is silenced, known or doubtful."""

from __future__ import annotations

from pathlib import Path

import msgspec

from filot_lint import engine
from filot_lint.baseline import Comparison, Entry, compare, read_baseline
from filot_lint.cli.progress import progress
from filot_lint.cli.running import findings_of
from filot_lint.cli.target import Target, open_workspace
from filot_lint.reporters.run import Run
from filot_lint.workspace.index import Index


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for on the command line."""

    target: Target
    config_file: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    pedantic: bool = False
    baseline: Path | None = None
    colour: bool = False


class Look(msgspec.Struct, frozen=True):
    """What came of it; `broken` says which rules failed."""

    run: Run
    comparison: Comparison
    broken: str


def look(order: Order) -> Look:
    """Take a look."""
    entries = read_baseline(order.baseline) if order.baseline else ()
    target = order.target
    with progress("reading the workspace"):
        index = open_workspace(target, order.config_file, select=order.select, ignore=order.ignore)
    with progress("running the rules"):
        found, broken = findings_of(index)
    covered = [finding for finding in found if target.covers(finding.location.file)]
    silenced = tuple(finding for finding in covered if finding.suppressed is not None)
    open_ones = [finding for finding in covered if finding.suppressed is None]
    seen = Judge(index, target)
    comparison = compare(entries, open_ones, lambda entry: not broken and seen.judges(entry))
    findings = engine.shown(comparison.new, pedantic=order.pedantic)
    run = Run(
        findings=tuple(findings),
        index=index,
        files=sum(target.covers(file) for file in index.files),
        suppressed=silenced,
        hidden=len(comparison.new) - len(findings),
        known=len(comparison.known),
        workspace=target.label,
        prefix=target.prefix,
        colour=order.colour,
    )
    return Look(run, comparison, broken)


class Judge:
    """Knows what a run could have found: by the rules that ran, the paths asked for, and the files that were usable."""

    def __init__(self, index: Index, target: Target) -> None:
        """Ask the run for its bounds."""
        self.codes = {rule.code for rule in engine.selected(index.config.select, index.config.ignore)}
        self.unusable = {problem.file for problem in index.unusable}
        self.target = target

    def judges(self, entry: Entry) -> bool:
        """Whether the absence of an entry's findings means that they are gone."""
        from filot_lint.catalogue import rules  # noqa: PLC0415  # heavy only for this

        runs = entry.rule in self.codes or entry.rule not in rules()
        return runs and entry.path not in self.unusable and self.target.covers(entry.path)
