"""Procfiles: one process per line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract import problem
from filot_lint.extract.manifests.command import safe, steps
from filot_lint.extract.manifests.interpolation import reads_on
from filot_lint.extract.place import place, plain, readable
from filot_lint.facts import EntryPoint

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

MAX_LINE = 16_384
_PROCESS = re.compile(r"(?P<name>[A-Za-z0-9_-]+)[ \t]*:[ \t]*(?P<command>\S.*)")


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the processes and the variables their commands refer to."""
    readable(source)
    facts: list[Fact] = []
    for number, line in enumerate(source.lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        process = _PROCESS.match(line) if len(line) <= MAX_LINE else None
        if process is None:
            facts.append(problem(source, "this line does not name a process", number))
            continue
        run = steps(process["command"])
        if run:
            facts.append(
                EntryPoint(
                    component=process["name"],
                    command=safe(run[-1].words),
                    origin="procfile",
                    workdir=None if run[-1].workdir is None else plain(run[-1].workdir),
                    role="script" if process["name"] == "release" else "deployable",
                    **place(source, number, 1, len(process["name"])),
                )
            )
        facts.extend(reads_on(source, number, line, "procfile", process.start("command"), upper=True))
    return facts
