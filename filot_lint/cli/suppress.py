"""`filot-lint suppress`: the suppressions there are, and new ones for what is found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

from filot_lint.cli import Defect, Exit, Failure
from filot_lint.cli.look import Look, Order, look
from filot_lint.cli.silencing import Refused, Silenced, silence
from filot_lint.cli.target import Target, find_target, open_workspace, settings_of
from filot_lint.cli.words import complete_codes
from filot_lint.engine import selected
from filot_lint.files import replace
from filot_lint.findings import Finding
from filot_lint.fingerprints import first_fingerprint
from filot_lint.reporters.safe_text import safe_text
from filot_lint.source import SourceFile, readable
from filot_lint.suppression import Suppression, find_suppressions

PATH = click.Path(path_type=Path)


@click.command()
@click.argument("paths", nargs=-1, type=PATH)
@click.option("--add", is_flag=True, help="Write a suppression for each finding of --select.")
@click.option("--select", multiple=True, metavar="CODES", shell_complete=complete_codes, help="Which rules to silence.")
@click.option("--reason", metavar="TEXT", help="Why; it stands behind the codes.")
@click.option("--config", "config_file", type=PATH, help="Settings: a filot-lint.toml.")
@click.option("-C", "--workspace", type=PATH, help="The workspace; PATHS then narrow it down.")
def suppress(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    reason: str | None,
    config_file: Path | None,
    workspace: Path | None,
    *,
    add: bool,
) -> None:
    """List the suppressions of a workspace, or add some.

    A comment goes beside the code or, where comments need a line of their own, above it. A file whose meaning it would
    change is left as it is.

    Exit codes: 0 done, 1 some findings could not be silenced, 2 wrong usage or settings, 3 internal error.
    """
    target = find_target(paths, workspace)
    if not add:
        if select or reason is not None:
            message = "--select and --reason need --add"
            raise click.UsageError(message)
        _list(target, open_workspace(target, config_file).files)
        return
    if not select:
        message = "--add needs --select: which rules are to be silenced?"
        raise click.UsageError(message)
    wanted = {rule.code for rule in selected(settings_of(target, config_file, select=select).select, ())}
    order = Order(target=target, config_file=config_file, select=("ALL", *select))
    seen = _sound(look(order))
    reason = _reason(reason, required=seen.run.index.config.require_reason)
    found = [f for f in seen.run.findings if f.rule.code in wanted and not f.rule.name.endswith("-suppression")]
    todo = _planned(seen, found, reason)
    refused = [pair for silenced in todo.values() for pair in silenced.refused]
    written = {path: silenced for path, silenced in todo.items() if silenced.done}
    refused += _write(target, seen, written)
    refused += _undone(order, seen, written)
    _tell(target, len(found), refused)
    raise click.exceptions.Exit(Exit.FINDINGS if refused else Exit.CLEAN)


def _list(target: Target, files: Mapping[str, SourceFile]) -> None:
    found = [s for s in find_suppressions(files, noqa=False) if target.covers(s.location.file)]
    for suppression in found:
        click.echo(safe_text(f"{target.prefix}{suppression.location}: {_described(suppression)}"))
    click.echo(f"{len(found)} suppression{'' if len(found) == 1 else 's'}.")


def _described(suppression: Suppression) -> str:
    if suppression.flaw is not None:
        return f"malformed: {suppression.flaw}"
    parts = [",".join(suppression.codes) or "every rule"]
    parts += ["in the whole file"] if suppression.lines is None else []
    parts += [f"until {suppression.until}"] if suppression.until else []
    return " ".join(parts) + (f": {suppression.reason}" if suppression.reason else "")


def _reason(given: str | None, *, required: bool) -> str | None:
    """Return the reason as it can stand in a comment."""
    text = (given or "").strip()
    if required and not text:
        message = "the settings say `require-reason`: add --reason TEXT"
        raise Failure(message)
    if safe_text(text) != text or "*/" in text:
        message = "--reason must be one line of plain text"
        raise click.UsageError(message)
    return text or None


def _sound(seen: Look) -> Look:
    if seen.broken:
        message = f"internal error: {seen.broken}; nothing was changed"
        raise Defect(message)
    return seen


def _planned(seen: Look, findings: Iterable[Finding], reason: str | None) -> dict[str, Silenced]:
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(finding.location.file, []).append(finding)
    files = seen.run.index.files
    missing = "the file could not be read"
    return {
        path: silence(files[path], members, reason)
        if path in files
        else Silenced(b"", (), tuple((f, missing) for f in members))
        for path, members in by_file.items()
    }


def _write(target: Target, seen: Look, written: dict[str, Silenced]) -> list[Refused]:
    """Write every file that is still as it was read; the others leave `written`."""
    refused: list[Refused] = []
    for path, silenced in list(written.items()):
        flaw = _exchange(target.root / path, seen.run.index.files[path], silenced.data)
        if flaw is not None:
            del written[path]
            refused += [(finding, flaw) for finding in silenced.done]
    return refused


def _exchange(path: Path, old: SourceFile, new: bytes) -> str | None:
    """Replace the bytes of a file; return what stands in the way."""
    try:
        if path.is_symlink():
            return "the file is a symbolic link"
        data = path.read_bytes()
        if data != old.data:
            same = readable(data, old.language) == old.data
            return "it is not in UTF-8, or CR alone ends its lines" if same else "the file has changed meanwhile"
        replace(path, new)
    except OSError as error:
        return f"the file cannot be written: {error.strerror or type(error).__name__}"
    return None


def _undone(order: Order, seen: Look, written: dict[str, Silenced]) -> list[Refused]:
    """Look again; put back every file where something is still found or is new."""
    if not written:
        return []
    try:
        again = _sound(look(order))
    except BaseException:
        _put_back(order.target, seen, written)
        raise
    left = Counter(map(first_fingerprint, seen.run.findings))
    left.subtract(first_fingerprint(finding) for silenced in written.values() for finding in silenced.done)
    now = Counter(map(first_fingerprint, again.run.findings))
    bad = {f.location.file for f in again.run.findings if now[first_fingerprint(f)] > left[first_fingerprint(f)]}
    failed = {path: silenced for path, silenced in written.items() if path in bad}
    _put_back(order.target, seen, failed)
    flaw = "a comment did not silence it; the file was put back"
    return [(finding, flaw) for silenced in failed.values() for finding in silenced.done]


def _put_back(target: Target, seen: Look, written: dict[str, Silenced]) -> None:
    for path, silenced in written.items():
        source = seen.run.index.files[path]
        _exchange(target.root / path, SourceFile(path, silenced.data, source.language), source.data)


def _tell(target: Target, found: int, refused: Iterable[Refused]) -> None:
    left = list(refused)
    for finding, flaw in sorted(left, key=lambda pair: pair[0].sort_key):
        click.echo(safe_text(f"{target.prefix}{finding.location}: {finding.rule.code} not silenced: {flaw}"))
    done = found - len(left)
    click.echo(f"Silenced {done} finding{'' if done == 1 else 's'}" + (f", {len(left)} not." if left else "."))
