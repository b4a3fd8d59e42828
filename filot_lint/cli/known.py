"""Writing, shrinking and complaining about the baseline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from filot_lint.baseline import Entry, entries_of, read_baseline, written
from filot_lint.cli import Defect, Failure
from filot_lint.cli.look import Judge, Look
from filot_lint.cli.running import put
from filot_lint.cli.target import Target
from filot_lint.reporters.safe_text import safe_text

MOST = 5


def write_baseline(path: Path, seen: Look, target: Target) -> None:
    """Make a baseline of what a run shows; entries of an older one that the run could not judge stay."""
    old = read_baseline(path) if path.exists() else ()
    _refuse_half(path, seen)
    others = [entry for entry in old if not Judge(seen.run.index, target).judges(entry)]
    fresh = entries_of(seen.run.findings)
    known = {entry.fingerprint for entry in fresh}
    entries = [*fresh, *(entry for entry in others if entry.fingerprint not in known)]
    _save(path, entries)
    number = sum(entry.count for entry in entries)
    click.echo(f"{safe_text(str(path))}: {_count(number)} known from now on.")


def shrink_baseline(path: Path, seen: Look) -> None:
    """Take out of a baseline what is gone; nothing is ever added."""
    _refuse_half(path, seen)
    if seen.comparison.stale:
        _save(path, seen.comparison.kept)
        gone = sum(entry.count for entry in seen.comparison.stale)
        left = sum(entry.count for entry in seen.comparison.kept)
        click.echo(f"{safe_text(str(path))}: {_count(gone)} gone, {left} left.", err=True)


def stale_warnings(path: Path, seen: Look) -> Iterator[str]:
    """Say which entries of a baseline hold for nothing any more."""
    stale = seen.comparison.stale
    for entry in stale[:MOST]:
        yield f"{path}: no longer found: {entry.rule} in {entry.path}" + (
            f" ({entry.count} times)" if entry.count > 1 else ""
        )
    if len(stale) > MOST:
        yield f"{path}: … and {len(stale) - MOST} more entries"
    if stale:
        yield f"{path}: --update-baseline takes out what is gone"


def _save(path: Path, entries: Iterable[Entry]) -> None:
    try:
        put(path.resolve(), written(entries).encode())
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror or type(error).__name__}"
        raise Failure(message) from None


def _refuse_half(path: Path, seen: Look) -> None:
    if seen.broken:
        message = f"internal error: {seen.broken}; {path} is left as it is"
        raise Defect(message)


def _count(number: int) -> str:
    return f"{number} finding{'' if number == 1 else 's'}"
