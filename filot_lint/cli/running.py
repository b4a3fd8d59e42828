"""What the commands share when they run the rules and write to a terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Collection
from pathlib import Path

from filot_lint import engine
from filot_lint.cli import Failure
from filot_lint.files import replace
from filot_lint.findings import Finding
from filot_lint.workspace.index import Index


def findings_of(index: Index) -> tuple[list[Finding], str]:
    """Return the findings and, when a rule broke, what broke; the other rules' findings stand."""
    try:
        return engine.run(index, index.config), ""
    except engine.InternalError as error:
        return error.findings, str(error)


def wants_colour() -> bool:
    """Return whether somebody sees colours: a terminal that did not refuse them, or whoever asked for them."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (sys.stdout.isatty() and os.environ.get("TERM") != "dumb")


def in_pipeline() -> bool:
    """Return whether nobody is there to commit what would be written."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


def columns() -> int | None:
    """Return how wide the terminal is that is written to, None where it is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def save(path: Path, data: bytes, inputs: Collection[str] = ()) -> None:
    """Write a file that somebody named: whole or not at all, never through a link, never over what was read.

    `inputs` are the paths from here of the files that were read.

    Raises:
        Failure: it cannot be written there.

    """
    refuse(path, inputs)
    try:
        replace(path, data)
    except OSError as error:
        message = f"{path}: cannot be written: {error.strerror or type(error).__name__}"
        raise Failure(message) from None


def refuse(path: Path, inputs: Collection[str] = ()) -> None:
    """Refuse a path where nothing can be written, best before the work is done.

    Raises:
        Failure: with the reason.

    """
    flaw = _unfit(path, inputs)
    if flaw is not None:
        message = f"{path}: {flaw}"
        raise Failure(message)


def _unfit(path: Path, inputs: Collection[str]) -> str | None:
    """Say why a path is none for output; the same as of documents."""
    if path.is_symlink():
        return "is a symbolic link; name the file it leads to"
    if path.exists() and not path.is_file():
        return "is not a regular file"
    if not path.parent.is_dir():
        return f"there is no folder {path.parent}"
    if any(os.path.abspath(path) == os.path.abspath(file) for file in inputs):  # noqa: PTH100  # links stay
        return "is a file that was read; write elsewhere"
    return None
