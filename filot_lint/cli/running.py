"""What the commands share when they run the rules and write to a terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from filot_lint import engine
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
