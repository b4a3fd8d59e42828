"""Rules and findings: what is wrong, where, with the other ends."""

from __future__ import annotations

from enum import IntEnum, StrEnum

import msgspec

from filot_lint.source import Location


class Severity(IntEnum):
    """How bad it is; higher is worse."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The lower-case word."""
        return self.name.lower()


class Confidence(IntEnum):
    """How sure the tool is; default output shows high and medium."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """The lower-case word."""
        return self.name.lower()


class Scope(StrEnum):
    """What a check needs to see: one file, or the workspace."""

    FILE = "file"
    WORKSPACE = "workspace"


class Rule(msgspec.Struct, frozen=True):
    """One rule of the catalogue, read from its page."""

    code: str
    name: str
    severity: Severity
    confidence: Confidence
    scope: Scope
    since: str
    message: str
    help: str
    family: str
    page: str


class Related(msgspec.Struct, frozen=True):
    """Another end of a finding, with a word for it ("declared here")."""

    location: Location
    label: str


class Hit(msgspec.Struct, frozen=True):
    """What a check yields: where, the values of the message, the other ends.

    `severity` and `confidence` override the page's when facts make it better or worse; `reason` says why the
    confidence is what it is. With `concealed`, the text at the location is a secret that no output may quote.
    """

    location: Location
    values: dict[str, str]
    related: tuple[Related, ...] = ()
    severity: Severity | None = None
    confidence: Confidence | None = None
    reason: str | None = None
    label: str | None = None
    concealed: bool = False


class Suppressed(msgspec.Struct, frozen=True):
    """Where a finding is silenced, and why."""

    location: Location
    reason: str | None = None


class Finding(msgspec.Struct, frozen=True):
    """Rule + location + message + related locations; final. `suppressed` ones are counted, not shown."""

    rule: Rule
    location: Location
    message: str
    help: str
    severity: Severity
    confidence: Confidence
    related: tuple[Related, ...] = ()
    reason: str | None = None
    label: str | None = None
    concealed: bool = False
    suppressed: Suppressed | None = None

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order for output: by place, then code."""
        return (self.location.file, self.location.line, self.location.column, self.rule.code, self.message)
