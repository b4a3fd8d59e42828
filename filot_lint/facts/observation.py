"""What all facts share: the words they are told in, and their place."""

from __future__ import annotations

from functools import cache
from typing import Literal as Choice

import msgspec

from filot_lint.source import Location

SCHEMA = "filot-lint/facts/1"

AreaName = Choice["production", "test", "tooling"]
Access = Choice["read", "presence", "write", "delete", "copy"]
Flow = Choice["log", "display"]
EmptyText = Choice["kept", "replaced"]
Ecosystem = Choice["pypi", "npm"]
Unit = Choice["ms", "s", "min", "h"]
Role = Choice["producer", "consumer", "observer", "handle", "remover", "both"]
Guard = Choice["always", "production", "non-production", "test", "main", "unknown"]


def kebab(name: str) -> str:
    """Return the published kind of a fact class: `EnvRead` -> `env-read`."""
    return "".join("-" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(name))


class Implied(msgspec.Struct, frozen=True, kw_only=True):
    """What a library does by itself where the code says nothing.

    `field` is a setting of the fact or the name of a behaviour; `value` is what the argument would be, null for none,
    `text` says it in words. `certain`: one version or a closed range decides; `possible`: the versions known so far
    agree, but the range is open or another file may decide; `undetermined`: they disagree, `value` is null and `text`
    lists what they do. `version` names the package as `because` has it.
    """

    field: str
    value: str | int | float | bool | None
    text: str
    certainty: Choice["certain", "possible", "undetermined"]
    version: str
    because: Location


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=kebab):
    """What all facts share. Lines and columns count characters from 1; the end is exclusive.

    `components` are the deployables that load the file; `uncalled` are those of them in which nothing names the
    function around the fact, so that it never runs there. `through` is where a library is called when the fact stands
    at the call of a function around that, which decides the settings. `implied` is what the library in use adds to what
    is written. `guard` tells on which branch it stands, where the kind of fact knows.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    language: str
    area: AreaName
    guard: Guard = "always"
    components: tuple[str, ...] = ()
    uncalled: tuple[str, ...] = ()
    through: Location | None = None
    implied: tuple[Implied, ...] = ()

    @property
    def location(self) -> Location:
        """The place of the observation."""
        return Location(self.file, self.line, self.column, self.end_line, self.end_column)

    @property
    def is_unused(self) -> bool:
        """Whether every deployable that loads the file leaves the function around the fact alone."""
        return bool(self.components) and set(self.components) <= set(self.uncalled)

    def by_default(self, field: str) -> Implied | None:
        """Return what the library makes of a setting that is not written here, or how it behaves."""
        return next((implied for implied in self.implied if implied.field == field), None)


@cache
def required_fields(kind: type[Fact]) -> frozenset[str]:
    """Return the fields without which a fact of this kind says nothing."""
    return frozenset(field.name for field in msgspec.structs.fields(kind) if field.required)


_NULLABLE = frozenset({"retries", "timeout", "connect_timeout", "reconnect"})
"""Settings that say something when they are null: there is no end to it."""


def nullable(language: str) -> frozenset[str]:
    """Return the settings that say something when they are null; in Python also that nothing is verified."""
    return _NULLABLE | {"verify"} if language == "python" else _NULLABLE
