"""Which programs start what no command line names, and how code names modules in texts (`rules/programs.toml`)."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from filot_lint.extract.manifests.command import MANAGERS, RUNNERS, SERVERS, unwrapped
from filot_lint.extract.manifests.several import parts_of
from filot_lint.resources import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence


class Program(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program and what it runs by itself."""

    names: tuple[str, ...]
    verbs: tuple[str, ...] = ()
    loads: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()

    def runs(self, words: Sequence[str]) -> bool:
        """Return whether a command line starts this program."""
        if not words or posixpath.basename(words[0]) not in self.names:
            return False
        return not self.verbs or next((w for w in words[1:] if not w.startswith("-")), "") in self.verbs


class Naming(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How Python code names modules in texts."""

    calls: frozenset[str]
    names: frozenset[str]
    settings: frozenset[str]
    applications: str
    loads: tuple[str, ...]
    discovers: frozenset[str]
    tasks: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    program: tuple[Program, ...]
    python: Naming


@cache
def _table() -> _Table:
    import tomli  # noqa: PLC0415  # only when something is started

    return msgspec.convert(tomli.loads((RULES / "programs.toml").read_text(encoding="utf-8")), _Table)


def programs() -> tuple[Program, ...]:
    """Return every program."""
    return _table().program


def naming() -> Naming:
    """Return how Python code names modules in texts."""
    return _table().python


def program_of(words: Sequence[str]) -> Program | None:
    """Return the program of a command line, if it is one that starts what is not named."""
    bare = unwrapped(tuple(words))
    return next((program for program in programs() if program.runs(bare)), None)


def is_start(words: tuple[str, ...]) -> bool:
    """Whether a command starts programs of the workspace, as far as its first words tell."""
    name = words[0].rpartition("/")[2] if words else ""
    if name in MANAGERS and words[1:2] in (("install",), ("i",), ("ci",), ("add",)):
        return False
    known = name in RUNNERS | SERVERS | MANAGERS or re.fullmatch(r"python[\d.]*|manage\.py", name) is not None
    return known or program_of(words) is not None or bool(parts_of(words))
