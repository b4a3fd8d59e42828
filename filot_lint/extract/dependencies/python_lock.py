"""`poetry.lock`, `uv.lock`, `pdm.lock` and `pylock.toml`: TOML that begins each package with its name and version."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from filot_lint.extract.dependencies.dependency import Bytes, Packages, words

if TYPE_CHECKING:
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_PACKAGE = re.compile(rb'\[\[packages?\]\]\r?\nname = "([^"\n]+)"\r?\nversion = "([^"\n]+)"')
_GROUPS = re.compile(rb'^(?:groups = \[([^\]\n]*)\]|category = "([^"\n]*)")', re.MULTILINE)
_MEMBER = re.compile(rb'^source = \{ (?:editable|virtual) = "([^"\n]+)" \}', re.MULTILINE)
_ALWAYS = re.compile(rb"\b(main|default)\b")


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the versions of a lock file; its text is looked through, not parsed."""
    packages, places = Packages(source, models, "pypi", "lock"), Bytes(source)
    data = source.data
    for found in _PACKAGE.finditer(data):
        name = words(found[1])
        if packages.wants(name):
            end = data.find(b"\n[[", found.end())
            groups = _GROUPS.search(data, found.end(), end if end >= 0 else len(data))
            dev = groups is not None and _ALWAYS.search(groups[1] or groups[2] or b"") is None
            packages.locked(name, words(found[2]), places.at(*found.span(1)), dev=dev)
    members = _MEMBER.findall(data) if posixpath.basename(source.path) == "uv.lock" else []
    return packages.facts(members=map(words, members))
