"""Configurations of supervisord: one program per section."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.manifests.command import safe, steps
from filot_lint.extract.place import place, plain, readable
from filot_lint.facts import EntryPoint

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_PROGRAM = re.compile(r"\[program:(?P<name>[^\]\s]+)\]")
_SETTING = re.compile(r"(?P<key>command|directory)\s*=\s*(?P<value>\S.*)")
MAX_LINE = 16_384


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the programs; they run where a command starts supervisord with this file."""
    readable(source)
    facts: list[Fact] = []
    name: str | None = None
    given: dict[str, tuple[int, str]] = {}
    for number, line in enumerate((*source.lines, "["), start=1):
        if line.startswith("["):
            facts.extend(_program(source, name, given))
            found = _PROGRAM.match(line)
            name, given = None if found is None else found["name"], {}
        elif len(line) <= MAX_LINE and (setting := _SETTING.match(line)) is not None:
            given[setting["key"]] = number, setting["value"].partition(" ;")[0]
    return facts


def _program(source: SourceFile, name: str | None, given: dict[str, tuple[int, str]]) -> list[Fact]:
    number, command = given.get("command", (1, ""))
    run = steps(command)
    if name is None or not run:
        return []
    folder = run[-1].workdir or given.get("directory", (1, ""))[1] or None
    return [
        EntryPoint(
            component=plain(name),
            command=safe(run[-1].words),
            origin="supervisor",
            workdir=None if folder is None else plain(folder),
            role="script",
            **place(source, number, 1, len("command")),
        )
    ]
