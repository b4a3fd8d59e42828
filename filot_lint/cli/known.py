"""Writing, shrinking and complaining about the baseline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from filot_lint.baseline import Entry, entries_of, read_baseline, written
from filot_lint.cli import Defect
from filot_lint.cli.look import Judge, Look
from filot_lint.cli.running import save
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
    save(path.resolve(), written(entries).encode(), _files(seen))
    number = sum(entry.count for entry in entries)
    click.echo(f"{safe_text(str(path))}: {_count(number)} known from now on.")


def shrink_baseline(path: Path, seen: Look) -> None:
    """Take out of a baseline what is gone, and follow files that were renamed; nothing is ever added."""
    _refuse_half(path, seen)
    if seen.comparison.outdated:
        save(path.resolve(), written(seen.comparison.kept).encode(), _files(seen))
        gone = sum(entry.count for entry in seen.comparison.stale)
        moved = sum(now.count for _, now in seen.comparison.moved)
        left = sum(entry.count for entry in seen.comparison.kept)
        words = [f"{_count(gone)} gone"] * bool(gone) + [f"{_count(moved)} moved"] * bool(moved) + [f"{left} left"]
        click.echo(f"{safe_text(str(path))}: {', '.join(words)}.", err=True)


def stale_warnings(path: Path, seen: Look) -> Iterator[str]:
    """Say which entries of a baseline hold for nothing any more, or for another file."""
    told = [f"no longer found: {entry.rule} in {entry.path}{_times(entry)}" for entry in seen.comparison.stale]
    told += [f"moved: {old.rule} from {old.path} to {now.path}{_times(now)}" for old, now in seen.comparison.moved]
    yield from (f"{path}: {line}" for line in told[:MOST])
    if len(told) > MOST:
        yield f"{path}: … and {len(told) - MOST} more entries"
    if told:
        yield f"{path}: --update-baseline brings it up to date"


def _times(entry: Entry) -> str:
    return f" ({entry.count} times)" if entry.count > 1 else ""


def _files(seen: Look) -> list[str]:
    return [f"{seen.run.prefix}{file}" for file in seen.run.index.files]


def _refuse_half(path: Path, seen: Look) -> None:
    if seen.broken:
        message = f"internal error: {seen.broken}; {path} is left as it is"
        raise Defect(message)


def _count(number: int) -> str:
    return f"{number} finding{'' if number == 1 else 's'}"
