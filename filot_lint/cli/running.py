"""What the commands share when they run the rules and write to a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection
from pathlib import Path

from filot_lint import engine
from filot_lint.cli import Failure
from filot_lint.findings import Finding
from filot_lint.workspace.index import Index


def findings_of(index: Index) -> tuple[list[Finding], str]:
    """Return the findings and, when a rule broke, what broke; the other rules' findings stand."""
    try:
        return engine.run(index, index.config), ""
    except engine.InternalError as error:
        return error.findings, str(error)


def wants_colour() -> bool:
    """Return whether somebody sees colours: a terminal that did not refuse them."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def put(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    from filot_lint.documents.write import replace  # noqa: PLC0415  # it brings all documents along

    replace(path, data)


def save(path: Path, data: bytes, inputs: Collection[str] = ()) -> None:
    """Write a file that somebody named: whole or not at all, never through a link, never over what was read.

    `inputs` are the paths from here of the files that were read.

    Raises:
        Failure: it cannot be written there.

    """
    try:
        flaw = _unfit(path, inputs)
        if flaw is None:
            put(path, data)
            return
    except OSError as error:
        flaw = f"cannot be written: {error.strerror or type(error).__name__}"
    message = f"{path}: {flaw}"
    raise Failure(message)


def _unfit(path: Path, inputs: Collection[str]) -> str | None:
    """Say why a path is none for output; the same as of documents."""
    if path.is_symlink():
        return "is a symbolic link; name the file it leads to"
    if path.exists() and not path.is_file():
        return "is not a regular file"
    if any(os.path.abspath(path) == os.path.abspath(file) for file in inputs):  # noqa: PTH100  # links stay
        return "is a file that was read; write elsewhere"
    return None
