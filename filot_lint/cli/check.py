"""`filot-lint check`: findings, and an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from filot_lint import engine
from filot_lint.cli import Defect, Exit, Failure
from filot_lint.cli.running import findings_of, wants_colour
from filot_lint.cli.target import Target, find_target, open_workspace
from filot_lint.reporters.run import FOR_PEOPLE, FORMS, Run, write
from filot_lint.reporters.safe_text import safe_text
from filot_lint.reporters.text import closing
from filot_lint.workspace.index import Index


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--select", multiple=True, metavar="CODES", help="Only these rules: FIL101, FIL1, ALL; comma-separated.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these rules.")
@click.option(
    "--output-format", "form", type=click.Choice(tuple(FORMS)), default="full", show_default=True, help="The form."
)
@click.option("-o", "--output-file", "output", type=click.Path(path_type=Path), help="Write to a file instead.")
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Settings: a filot-lint.toml.")
@click.option("-C", "--workspace", type=click.Path(path_type=Path), help="The workspace; PATHS then narrow it down.")
@click.option("--pedantic", is_flag=True, help="Show findings of low confidence, too.")
@click.option("--strict", is_flag=True, help="Exit 3 when a file cannot be used or nothing was checked.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even with findings.")
def check(  # one parameter for each option
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    form: str,
    output: Path | None,
    config_file: Path | None,
    workspace: Path | None,
    *,
    pedantic: bool,
    strict: bool,
    exit_zero: bool,
) -> None:
    """Check a workspace.

    One folder is taken for the workspace itself. Several paths, or files, are parts of the workspace around here: all
    of it is read, and what concerns them is shown.

    Exit codes: 0 clean, 1 findings, 2 wrong usage or settings, 3 internal error or, with --strict, unusable files.
    """
    target = find_target(paths, workspace)
    index = open_workspace(target, config_file, select=select, ignore=ignore)
    found, broken = findings_of(index)
    covered = [finding for finding in found if target.covers(finding.location.file)]
    findings = engine.shown(covered, pedantic=pedantic)
    silenced = tuple(finding for finding in covered if finding.suppressed is not None)
    files = sum(target.covers(file) for file in index.files)
    run = Run(
        findings=tuple(findings),
        index=index,
        files=files,
        suppressed=silenced,
        hidden=len(covered) - len(silenced) - len(findings),
        workspace=target.label,
        prefix=target.prefix,
        colour=wants_colour() and output is None,
    )
    _write(run, form, output)
    for warning in _warnings(index, target, files):
        click.echo(f"warning: {safe_text(warning)}", err=True)
    if broken:
        message = f"internal error: {broken}; this is a defect of filot-lint, the findings of all other rules are above"
        raise Defect(message)
    if strict and (not files or any(target.covers(problem.file) for problem in index.unusable)):
        raise click.exceptions.Exit(Exit.INTERNAL)
    raise click.exceptions.Exit(Exit.FINDINGS if findings and not exit_zero else Exit.CLEAN)


def _write(run: Run, form: str, output: Path | None) -> None:
    """Write to the terminal, or to a file that is there whole or not at all."""
    if output is None:
        for line in write(run, form):
            click.echo(line)
        return
    text = "".join(f"{line}\n" for line in write(run, form))
    draft = output.with_name(f".{output.name}.part")
    try:
        draft.write_text(text, encoding="utf-8", errors="backslashreplace")
        draft.replace(output)
    except OSError as error:
        message = f"{output}: cannot be written: {error.strerror or type(error).__name__}"
        raise Failure(message) from None
    if form not in FOR_PEOPLE:
        click.echo(closing(run))


def _warnings(index: Index, target: Target, files: int) -> Iterator[str]:
    """Say what was not looked at, lest silence pass for a clean bill."""
    if not files:
        yield f"{target.label}: found no file to check"
    elif index.reads and not index.declarations:
        yield (
            f"{target.label}: found no file like .env.example, so nothing says which variables are documented; "
            "add one, or name yours in `example-files`"
        )
