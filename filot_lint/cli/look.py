"""One look at a workspace: read it, run the rules, leave out what is silenced, known or doubtful."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from filot_lint import engine
from filot_lint.baseline import Comparison, Entry, baseline_of, compare, is_gone, read_baseline
from filot_lint.cli.progress import progress
from filot_lint.cli.running import findings_of
from filot_lint.cli.target import Target, open_workspace, settings_of
from filot_lint.reporters.run import Run
from filot_lint.workspace.index import Index


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for on the command line. With `open_baseline`, that of the settings hides nothing."""

    target: Target
    config_file: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    pedantic: bool = False
    baseline: Path | None = None
    open_baseline: bool = False
    colour: bool = False
    columns: int | None = None


class Look(msgspec.Struct, frozen=True):
    """What came of it, beside which baseline; `broken` says which rules failed."""

    run: Run
    comparison: Comparison
    broken: str
    baseline: Path | None = None


def look(order: Order) -> Look:
    """Take a look."""
    target = order.target
    baseline = chosen_baseline(order)
    entries = read_baseline(baseline) if baseline is not None and (order.baseline or baseline.exists()) else ()
    with progress("reading the workspace"):
        index = open_workspace(target, order.config_file, select=order.select, ignore=order.ignore)
    with progress("running the rules"):
        found, broken = findings_of(index)
    covered = [finding for finding in found if target.covers(finding.location.file)]
    silenced = tuple(finding for finding in covered if finding.suppressed is not None)
    open_ones = [finding for finding in covered if finding.suppressed is None]
    seen = Judge(index, target)
    comparison = compare(entries, open_ones, lambda entry: not broken and seen.judges(entry), is_gone(target.root))
    findings = engine.shown(comparison.new, pedantic=order.pedantic)
    listed = set(findings)
    run = Run(
        findings=tuple(findings),
        index=index,
        files=sum(target.covers(file) for file in index.files),
        suppressed=silenced,
        hidden=tuple(finding for finding in comparison.new if finding not in listed),
        known=comparison.known,
        gone=None if baseline is None else comparison.stale,
        narrowed=bool(target.only),
        root=target.root,
        workspace=target.label,
        prefix=target.prefix,
        colour=order.colour,
        columns=order.columns,
    )
    return Look(run, comparison, broken, baseline)


def chosen_baseline(order: Order) -> Path | None:
    """Return the baseline of the command line, else that of the settings, which need not be there yet."""
    if order.baseline is not None or order.open_baseline:
        return order.baseline
    path = baseline_of(order.target.root, settings_of(order.target, order.config_file))
    return path if path is None else Path(os.path.relpath(path))


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
