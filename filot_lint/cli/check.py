"""`filot-lint check`: findings, and an exit code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
from click.core import ParameterSource

from filot_lint.cli import Defect, Exit, Failure
from filot_lint.cli.known import shrink_baseline, stale_warnings, write_baseline
from filot_lint.cli.look import Look, Order, chosen_baseline, look
from filot_lint.cli.running import columns, in_pipeline, refuse, save, wants_colour
from filot_lint.cli.settings import settings_lines
from filot_lint.cli.statistics import statistics
from filot_lint.cli.target import Target, find_target, settings_of
from filot_lint.cli.watch import watch
from filot_lint.cli.words import Word, complete_codes
from filot_lint.config import find_root
from filot_lint.reporters.run import FOR_PEOPLE, FORMS, write
from filot_lint.reporters.safe_text import safe_text
from filot_lint.reporters.text import closing

PATH = click.Path(path_type=Path)
_LISTING = ("form", "output", "counted")
EXCLUDED = {
    "baseline": ("open_baseline",),
    "new_baseline": (*_LISTING, "baseline", "update_baseline"),
    "open_baseline": ("update_baseline",),
    "show_settings": (*_LISTING, "new_baseline", "update_baseline", "watching"),
    "watching": (*_LISTING, "new_baseline", "update_baseline", "strict", "exit_zero"),
}
"""Which options mean nothing beside another."""


@click.command()
@click.argument("paths", nargs=-1, type=PATH)
@click.option(
    "--select",
    multiple=True,
    metavar="CODES",
    shell_complete=complete_codes,
    help="Only these rules: FIL101, FIL1, ALL; comma-separated.",
)
@click.option("--ignore", multiple=True, metavar="CODES", shell_complete=complete_codes, help="Not these rules.")
@click.option("--output-format", "form", type=Word(tuple(FORMS)), default="full", show_default=True, help="The form.")
@click.option("-o", "--output-file", "output", type=PATH, help="Write to a file instead.")
@click.option("--config", "config_file", type=PATH, help="Settings: a filot-lint.toml.")
@click.option("-C", "--workspace", type=PATH, help="The workspace; PATHS then narrow it down.")
@click.option("--baseline", type=PATH, help="Leave out the findings that this file knows.")
@click.option("--no-baseline", "open_baseline", is_flag=True, help="Show what the baseline of the settings knows, too.")
@click.option("--write-baseline", "new_baseline", type=PATH, help="Write what is found now to a baseline; exit 0.")
@click.option(
    "--update-baseline",
    is_flag=True,
    help="Take out of the baseline what is gone, with --strict and in a pipeline (CI is set), too.",
)
@click.option("--pedantic", is_flag=True, help="Show findings of low confidence, too.")
@click.option("--statistics", "counted", is_flag=True, help="Count per rule and deployable instead of listing.")
@click.option("--watch", "watching", is_flag=True, help="Stay, and tell what is new or fixed when files change.")
@click.option("--show-settings", is_flag=True, help="Check nothing; print every setting and where it comes from.")
@click.option(
    "--strict",
    is_flag=True,
    help="Exit 3 when a file cannot be used or nothing was checked, 1 when the baseline holds what is gone.",
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 even with findings.")
def check(  # one parameter for each option  # noqa: PLR0913
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    form: str,
    output: Path | None,
    config_file: Path | None,
    workspace: Path | None,
    baseline: Path | None,
    new_baseline: Path | None,
    *,
    open_baseline: bool,
    update_baseline: bool,
    pedantic: bool,
    counted: bool,
    watching: bool,
    show_settings: bool,
    strict: bool,
    exit_zero: bool,
) -> None:
    """Check a workspace.

    One folder is taken for the workspace itself. Several paths, or files, are parts of the workspace around here: all
    of it is read, and what concerns them is shown.

    Exit codes: 0 clean, 1 findings, 2 wrong usage or settings, 3 internal error or, with --strict, unusable files.
    """
    _refuse_nonsense(click.get_current_context())
    target = find_target(paths, workspace)
    order = Order(
        target=target,
        config_file=config_file,
        select=select,
        ignore=ignore,
        pedantic=pedantic,
        baseline=baseline,
        open_baseline=open_baseline or new_baseline is not None,
        colour=wants_colour() and output is None,
        columns=columns() if output is None else None,
    )
    if show_settings:
        _show_settings(order)
        return
    if update_baseline and chosen_baseline(order) is None:
        message = "--update-baseline needs --baseline, or `baseline` in the settings"
        raise click.UsageError(message)
    for path in filter(None, (output, new_baseline)):
        refuse(path.resolve() if path is new_baseline and path.is_symlink() else path)
    if watching:
        watch(order)
    seen = look(order)
    if new_baseline is not None:
        write_baseline(new_baseline, seen, target)
        raise click.exceptions.Exit(_exit(seen, target, stale=False, strict=strict, exit_zero=True))
    _write(seen, form, output, counted=counted)
    for warning in _warnings(seen, target):
        click.echo(f"warning: {safe_text(warning)}", err=True)
    stale = _tend(seen, asked=update_baseline, alone=not strict and not in_pipeline())
    raise click.exceptions.Exit(_exit(seen, target, stale=stale, strict=strict, exit_zero=exit_zero))


def _refuse_nonsense(ctx: click.Context) -> None:
    """Refuse options that would be ignored beside others."""
    names = {param.name: param.opts[-1] for param in ctx.command.params}
    given = [name for name in ctx.params if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    for name in given:
        for other in EXCLUDED.get(name, ()):
            if other in given:
                message = f"{names[name]} and {names[other]} exclude each other"
                raise click.UsageError(message)
    if "counted" in given and ctx.params["form"] not in FOR_PEOPLE:
        message = "--statistics counts for people; the other forms list all findings"
        raise click.UsageError(message)


def _show_settings(order: Order) -> None:
    config = settings_of(order.target, order.config_file, select=order.select, ignore=order.ignore)
    given = {"select": order.select, "ignore": order.ignore}
    for line in settings_lines(config, {name: f"--{name}" for name, codes in given.items() if codes}):
        click.echo(line)


def _tend(seen: Look, *, asked: bool, alone: bool) -> bool:
    """Shrink the baseline, when asked or left `alone`, or say that it could; return whether it holds what is gone."""
    if seen.baseline is None or not seen.comparison.outdated:
        return False
    try:
        if asked or alone:
            shrink_baseline(seen.baseline, seen)
            return False
    except Failure:
        if asked:
            raise
    for warning in stale_warnings(seen.baseline, seen):
        click.echo(f"warning: {safe_text(warning)}", err=True)
    return True


def _exit(seen: Look, target: Target, *, stale: bool, strict: bool, exit_zero: bool) -> Exit:
    if seen.broken:
        message = (
            f"internal error: {seen.broken}; this is a defect of filot-lint, the findings of all other rules are above"
        )
        raise Defect(message)
    if strict and (not seen.run.files or any(target.covers(problem.file) for problem in seen.run.index.unusable)):
        return Exit.INTERNAL
    if strict and stale:
        return Exit.FINDINGS
    return Exit.FINDINGS if seen.run.findings and not exit_zero else Exit.CLEAN


def _write(seen: Look, form: str, output: Path | None, *, counted: bool) -> None:
    """Write to the terminal, or to a file that is there whole or not at all."""
    run = seen.run
    lines = statistics(run) if counted else write(run, form)
    if output is None:
        for line in lines:
            click.echo(line)
        return
    text = "".join(f"{line}\n" for line in lines)
    inputs = [*(f"{run.prefix}{file}" for file in run.index.files), *([str(seen.baseline)] if seen.baseline else [])]
    save(output, text.encode("utf-8", "backslashreplace"), inputs)
    if form not in FOR_PEOPLE:
        click.echo(closing(run))


def _warnings(seen: Look, target: Target) -> Iterator[str]:
    """Say what was not looked at, lest silence pass for a clean bill."""
    index = seen.run.index
    if seen.baseline is not None and not seen.baseline.exists():
        yield f"{seen.baseline}: the settings name this baseline, and it is not there; --write-baseline makes one"
    if not seen.run.files:
        yield f"{', '.join(f'{target.prefix}{path}' for path in target.only) or target.label}: found no file to check"
    elif index.reads and not index.declarations:
        yield (
            f"{target.label}: found no file like .env.example, so nothing says which variables are documented; "
            "add one, or name yours in `example-files`" + _larger(target)
        )


def _larger(target: Target) -> str:
    """Say how to check a folder as a part of the workspace that it seems to belong to."""
    root = find_root(target.root)
    if root == target.root:
        return ""
    return (
        f"; `filot-lint check -C {Path(os.path.relpath(root)).as_posix()} {target.label}` checks it as a part of that"
    )
