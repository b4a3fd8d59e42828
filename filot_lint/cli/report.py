"""`filot-lint report`: the documents."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import click

from filot_lint import engine
from filot_lint.cli import Exit, Failure
from filot_lint.cli.progress import progress
from filot_lint.cli.running import findings_of, wants_colour
from filot_lint.cli.target import Target, find_target, open_workspace
from filot_lint.config import nearest
from filot_lint.documents.conditions import is_written
from filot_lint.documents.context import Context, build_context
from filot_lint.documents.describe import count
from filot_lint.documents.inventory import Inventory, aws_inventory, read_env_values, read_inventory
from filot_lint.documents.manifest import load_manifest
from filot_lint.documents.next_steps import is_ready
from filot_lint.documents.plan import document_ids, plan
from filot_lint.documents.survey import ReportError
from filot_lint.documents.write import STALE, Change, compare, diff, strays, write
from filot_lint.reporters.safe_text import safe_text
from filot_lint.workspace.index import Index

MOST = 10
START = "summary"


@click.command()
@click.argument("workspace", default=".", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 with a diff when a document is out of date.")
@click.option("--diff", "show_diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write below this folder instead.")
@click.option("--only", multiple=True, metavar="ID", help="Only this document; may be repeated.")
@click.option("--html", is_flag=True, help="Write the explorer, too: one page to search and filter.")
@click.option("--force", is_flag=True, help="Replace files that filot-lint did not write.")
@click.option(
    "--inventory",
    "inventory_file",
    metavar="FILE|aws",
    type=click.Path(path_type=Path),
    help="Names of the entries that the secret store holds: one on each line, or JSON; `aws` asks Secrets Manager.",
)
@click.option(
    "--env-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A file of values: the documents say what it sets, never to what.",
)
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Settings: a filot-lint.toml.")
@click.option("--strict", is_flag=True, help="Exit 3 when a file cannot be used.")
def report(  # one parameter for each option  # noqa: PLR0913
    workspace: Path,
    out: Path | None,
    only: tuple[str, ...],
    inventory_file: Path | None,
    env_file: Path | None,
    config_file: Path | None,
    *,
    check: bool,
    show_diff: bool,
    html: bool,
    force: bool,
    strict: bool,
) -> None:
    """Write the documents on production configuration.

    Exit codes: 0 written, whatever was found; 1 out of date with --check; 2 wrong usage or settings, or a file that may
    not be replaced; 3 internal error or, with --strict, unusable files.
    """
    target = find_target((workspace,))
    if target.only:
        message = f"{workspace}: is not a folder; name the workspace that holds it"
        raise Failure(message)
    with progress("reading the workspace"):
        index = open_workspace(target, config_file)
    with progress("running the rules"):
        findings, broken = findings_of(index)
    try:
        context = build_context(
            target.root,
            index,
            findings,
            load_manifest(),
            inventory=_inventory(inventory_file),
            env_values=read_env_values(env_file) if env_file else None,
        )
    except ReportError as error:
        raise Failure(str(error)) from None
    base = out.resolve() if out is not None else target.root
    with progress("drawing the documents"):
        planned = plan(target.root, context, _chosen(context, only), html=html)
        changes = compare(target.root, planned, base, force=force)
    if check or show_diff:
        for change in changes:
            click.echo(_printable(diff(change)), nl=False)
    else:
        changes = write(base, changes)
    _tell(context, target, changes, base, preview=check or show_diff)
    for path in strays(base, context):
        click.echo(safe_text(f"{path} is of an earlier run and no longer written; remove it."))
    raise click.exceptions.Exit(_exit(index, changes, broken, check=check, strict=strict))


def _inventory(given: Path | None) -> Inventory | None:
    if given is None:
        return None
    return aws_inventory() if given == Path("aws") else read_inventory(given)


def _chosen(context: Context, only: tuple[str, ...]) -> frozenset[str]:
    known = document_ids(context)
    for name in only:
        if name not in known:
            hint = nearest(name, known)
            advice = f"did you mean `{hint}`?" if hint else f"there are {', '.join(known)}"
            message = f"no document is called `{name}`; {advice}"
            raise Failure(message)
    return frozenset(only)


def _exit(index: Index, changes: tuple[Change, ...], broken: str, *, check: bool, strict: bool) -> Exit:
    if broken:
        message = f"internal error: {broken}; this is a defect of filot-lint, the documents hold all other findings"
        click.echo(safe_text(message), err=True)
        return Exit.INTERNAL
    if strict and index.unusable:
        return Exit.INTERNAL
    if any(change.state == "refused" for change in changes):
        return Exit.USAGE
    return Exit.FINDINGS if check and any(change.state in STALE for change in changes) else Exit.CLEAN


def _tell(context: Context, target: Target, changes: tuple[Change, ...], base: Path, *, preview: bool) -> None:
    click.echo(_verdict(context))
    _tell_example(context)
    _tell_problems(context)
    _tell_findings(context, target)
    click.echo("")
    _tell_changes(changes, preview=preview)
    click.echo("\n" + safe_text(_closing(context, target, changes, base, preview=preview)))


def _closing(context: Context, target: Target, changes: tuple[Change, ...], base: Path, *, preview: bool) -> str:
    """Say what to do next."""
    stale = any(change.state in STALE for change in changes)
    if preview:
        again = f"Out of date; `filot-lint report {target.label}` brings it up to date."
        return again if stale else "Everything is up to date."
    refused = [change for change in changes if change.state == "refused"]
    if refused:
        return f"{count(len(refused), 'file')} not written; the reasons stand above."
    folder = Path(os.path.relpath(base / context.docs)).as_posix()
    start = context.manifest.document(START).file
    told = is_written(context, START) and (base / context.docs / start).is_file()
    return f"The documents are in {folder}{f'; start with {start}' if told else ''}."


def _verdict(context: Context) -> str:
    by = Counter(finding.severity.word for finding in context.findings)
    counts = [count(by[word], word) for word in ("error", "warning") if by[word]]
    found = " and ".join(counts) or "no error and no warning"
    results = Counter(result.verdict for result in context.checklist)
    ready = "Nothing found that blocks production" if is_ready(context) else "Not ready for production"
    return safe_text(
        f"{context.name}: {ready}: {found} in {count(context.file_count, 'file')}; checklist: "
        f"{results['holds']} hold, {results['fails']} fail, {results['not determined']} not determined from source."
    )


def _tell_example(context: Context) -> None:
    if context.example is None:
        click.echo(
            "There is no .env.example: nothing says which variables are meant to be set. "
            f"{context.manifest.document('prod-env-template').file} lists what the code reads; "
            "copy its names into a .env.example."
        )


def _tell_problems(context: Context) -> None:
    problems = context.index.problems
    for problem in problems[:MOST]:
        click.echo(safe_text(f"{problem.file}:{problem.line}: not used: {problem.message}"))
    if len(problems) > MOST:
        click.echo(f"… and {len(problems) - MOST} more files that could not be used.")


def _tell_findings(context: Context, target: Target) -> None:
    shown = engine.shown(context.findings)
    ordered = sorted(shown, key=lambda f: (-f.severity, -f.confidence, f.rule.code, f.sort_key))
    if ordered:
        click.echo("")
    for finding in ordered[:MOST]:
        place = f"{target.prefix}{finding.location}"
        click.echo(safe_text(f"  {finding.severity.word:<7} {finding.rule.code}  {finding.message}  ({place})"))
    if len(ordered) > MOST:
        click.echo(safe_text(f"  … and {len(ordered) - MOST} more: filot-lint check {target.label}"))


def _tell_changes(changes: tuple[Change, ...], *, preview: bool) -> None:
    width = max((len(change.path) for change in changes), default=0)
    for change in changes:
        word = f"{'would be ' if preview and change.state in STALE else ''}{change.state}"
        reason = f": {change.reason}" if change.reason else ""
        click.echo(safe_text(f"  {change.path:<{width}}  {word}{reason}"))
    counts = Counter(change.state for change in changes)
    click.echo("  " + ", ".join(f"{number} {state}" for state, number in counts.items()))


def _printable(text: str) -> str:
    """Keep the line ends of a diff, make everything else harmless."""
    colour = wants_colour()
    return "".join(_line(safe_text(line), colour=colour) + "\n" for line in text.split("\n")[:-1])


def _line(line: str, *, colour: bool) -> str:
    if not colour or line[:3] in {"+++", "---"}:
        return line
    return click.style(line, fg={"+": "green", "-": "red"}.get(line[:1]))
