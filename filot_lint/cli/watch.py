"""`filot-lint check --watch`: look again when files change, and tell what is new and what is fixed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NoReturn

import click

from filot_lint.baseline import BaselineError
from filot_lint.cli import Failure
from filot_lint.cli.look import Order, chosen_baseline, look
from filot_lint.cli.target import settings_of
from filot_lint.config import FILE, ConfigError, upwards
from filot_lint.engine import UnknownRuleError
from filot_lint.findings import Finding
from filot_lint.fingerprints import fingerprints
from filot_lint.reporters.frame import title
from filot_lint.reporters.run import Run
from filot_lint.reporters.safe_text import safe_text
from filot_lint.reporters.text import BLUE, RED, Painter, closing
from filot_lint.workspace.discover import discover

PAUSE = 1.0
SHARE = 5
"""A look for changes may take a fifth of the time; large trees are looked at less often."""

Snapshot = dict[str, tuple[int, int]]


def watch(order: Order) -> NoReturn:
    """Stay until interrupted."""
    before: tuple[Finding, ...] | None = None
    failed = False
    while True:
        state = snapshot(order)
        try:
            run = look(order).run
        except (ConfigError, UnknownRuleError, BaselineError, Failure) as error:
            if before is None:
                raise
            click.echo(f"Error: {safe_text(error.message if isinstance(error, Failure) else str(error))}", err=True)
            failed = True
        else:
            for line in list(told(before, run)) or [closing(run)] * failed:
                click.echo(line)
            before, failed = run.findings, False
        _wait(order, state)


def told(before: tuple[Finding, ...] | None, run: Run) -> Iterator[str]:
    """Yield what came and what went since the look before, and the closing line; nothing where nothing did."""
    if before is None:
        yield closing(run)
        yield "Watching; Ctrl-C ends it."
        return
    paint = Painter(colour=run.colour)
    old = dict(zip(fingerprints(before), before, strict=True))
    now = dict(zip(fingerprints(run.findings), run.findings, strict=True))
    gone = [_line(paint("fixed", BLUE), finding, run) for key, finding in old.items() if key not in now]
    come = [_line(paint("new  ", RED), finding, run) for key, finding in now.items() if key not in old]
    if gone or come:
        yield from (*gone, *come, closing(run))


def snapshot(order: Order) -> Snapshot:
    """Return time and size of every file that a look depends on."""
    found: Snapshot = {}
    root = order.target.root
    try:
        paths = [root / file.path for file in discover(root, settings_of(order.target, order.config_file)).files]
        given = (order.config_file, chosen_baseline(order))
    except (ConfigError, UnknownRuleError, Failure):
        paths, given = [], (order.config_file, order.baseline)
    settings = [folder / name for folder in upwards(root) for name in (FILE, "pyproject.toml")]
    for path in (*paths, *settings, *filter(None, given)):
        try:
            status = path.lstat()
        except OSError:
            continue
        found[str(path)] = (status.st_mtime_ns, status.st_size)
    return found


def _wait(order: Order, state: Snapshot) -> None:
    while True:
        began = time.monotonic()
        if snapshot(order) != state:
            return
        time.sleep(max(PAUSE, (time.monotonic() - began) * SHARE))


def _line(word: str, finding: Finding, run: Run) -> str:
    return f"{word}  {title(finding.location, run.prefix)}: {finding.rule.code} {safe_text(finding.message)}"
