"""Files that list packages, and what stood in the way of reading a file."""

from __future__ import annotations

from typing import Literal as Choice

from filot_lint.facts.observation import Ecosystem, Fact


class DependencyFile(Fact, frozen=True, kw_only=True):
    """A file that lists packages; a lock file fixes their versions.

    `includes` are requirements files it takes in, `members` the folders besides its own that a lock file serves, null
    when its format does not say. Both are relative to the root.
    """

    ecosystem: Ecosystem
    origin: Choice["lock", "manifest"]
    includes: tuple[str, ...] = ()
    members: tuple[str, ...] | None = None


class Dependency(Fact, frozen=True, kw_only=True):
    """A package in such a file; only packages that the models know of are kept.

    `version` is exact, null for a range; `constraint` is what the manifest asks for, as it or the lock file says. In a
    lock file `importer` is the folder whose code gets this version, null when all do.
    """

    name: str
    ecosystem: Ecosystem
    origin: Choice["lock", "manifest"]
    version: str | None = None
    constraint: str | None = None
    importer: str | None = None
    dev: bool = False


class Problem(Fact, frozen=True, kw_only=True):
    """A file, or a part of one, that could not be used; never silence."""

    problem: Choice["unreadable", "unparsable", "partial", "skipped"]
    message: str
