"""What programs that watch over others are told to start: supervisord, uWSGI, s6."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from filot_lint.extract.manifests.command import safe, steps
from filot_lint.extract.place import place, plain, readable
from filot_lint.facts import EntryPoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_SECTION = re.compile(r"\[(?:program:(?P<name>[^\]\s]+)|(?P<uwsgi>uwsgi))\]")
_SETTING = re.compile(r"(?P<key>[a-z][a-z-]*)\s*=\s*(?P<value>\S.*)")
_APPLICATION = {"module": "--module", "wsgi": "--module", "wsgi-file": "--wsgi-file", "file": "--wsgi-file"}
_DAEMONS = {"attach-daemon", "attach-daemon2", "smart-attach-daemon"}
MAX_LINE = 16_384


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the programs; they run where a command starts what is told so with this file."""
    readable(source)
    if posixpath.basename(source.path) == "type":
        return list(_service(source))
    facts: list[Fact] = []
    name: str | None = None
    given: list[tuple[str, int, str]] = []
    for number, line in enumerate((*source.lines, "["), start=1):
        if line.startswith("["):
            facts.extend(_section(source, name, given))
            found = _SECTION.match(line)
            name, given = None if found is None else found["name"] or "", []
        elif len(line) <= MAX_LINE and (setting := _SETTING.match(line)) is not None:
            given.append((setting["key"], number, setting["value"].partition(" ;")[0]))
    return facts


def _section(source: SourceFile, name: str | None, given: list[tuple[str, int, str]]) -> Iterator[Fact]:
    """Yield the programs of a section: that of supervisord has a name, that of uWSGI has none."""
    if name is None:
        return
    last = {key: value for key, _, value in given}
    if name:
        commands = [(name, number, value) for key, number, value in given if key == "command"][-1:]
        yield from _programs(source, commands, last.get("directory"))
        return
    served = [("web", number, f"uwsgi {_APPLICATION[key]} {value}") for key, number, value in given
              if key in _APPLICATION][-1:]  # fmt: skip
    daemons = [("", number, value) for key, number, value in given if key in _DAEMONS]
    yield from _programs(source, [*served, *daemons], last.get("chdir"))


def _programs(source: SourceFile, commands: list[tuple[str, int, str]], folder: str | None) -> Iterator[Fact]:
    for name, number, command in commands:
        run = steps(command)
        if run:
            workdir = run[-1].workdir or folder or None
            yield EntryPoint(
                component=plain(name or next((word for word in run[-1].words[1:] if word[0] not in "-%"), "daemon")),
                command=safe(run[-1].words),
                origin="supervisor",
                workdir=None if workdir is None else plain(workdir),
                role="script",
                **place(source, number, 1, len(source.lines[number - 1].partition("=")[0].rstrip())),
            )


def _service(source: SourceFile) -> Iterator[Fact]:
    """Yield the service of s6 whose kind a file `type` tells: the script `run` beside it."""
    if source.data.strip() == b"longrun":
        folder = posixpath.dirname(source.path)
        yield EntryPoint(
            component=plain(posixpath.basename(folder)),
            command=(plain(f"{folder}/run"),),
            origin="supervisor",
            role="script",
            **place(source, 1, 1, len("longrun")),
        )
