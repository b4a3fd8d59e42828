"""`valueFrom` of ECS: what it takes, and from where. What is filled in later is not looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.facts import EnvProvision
from filot_lint.workspace.index import Index

SUFFIX = 6
HIDDEN = "?"
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"
_HOLES = re.compile(
    r"\$\{\{.*?\}\}|\{\{.*?\}\}|\$\{[^{}]*\}|<[^<>]*>|\$[A-Za-z_]\w*|__\w+?__|%\w+%|\.{3}|\N{HORIZONTAL ELLIPSIS}"
)
_TAG = re.compile(r"!(?:Fn::)?\w+\s+")
_COMPUTED = re.compile(r"!(?:Ref|GetAtt|ImportValue|Select|If|FindInMap|Join)\b")


class Reference(NamedTuple):
    """One reference; `service` is null for a bare name, `rest` what stands behind region and account."""

    given: EnvProvision
    text: str
    service: str | None
    rest: str

    @property
    def name(self) -> str | None:
        """The name of a secret in Secrets Manager, with the random suffix if it is there."""
        parts = self.rest.split(":")
        return parts[1] if self.service == "secretsmanager" and parts[0] == "secret" and len(parts) > 1 else None

    @property
    def tail(self) -> list[str]:
        """What follows the name: JSON key, version stage and version."""
        return self.rest.split(":")[2:]


def references(index: Index) -> Iterator[Reference]:
    """Yield what ECS containers take from a store, with `HOLE` where the text is filled in later."""
    for given in index.of(EnvProvision):
        if given.language == "ecs" and given.channel == "secret" and given.reference is not None:
            found = read(given, given.reference)
            if found is not None:
                yield found


def read(given: EnvProvision, reference: str) -> Reference | None:
    """Cut a reference into its parts; null when nothing of it is known."""
    if reference == "<redacted>":
        return Reference(given, HIDDEN, None, HIDDEN)
    if _COMPUTED.match(reference):
        return None
    text = _HOLES.sub(HOLE, _TAG.sub("", reference, count=1))
    parts = text.split(":", 5)
    if parts[0] == "arn":
        whole = len(parts) == 6  # noqa: PLR2004  # arn, partition, service, region, account, the rest
        return Reference(given, text, parts[2], parts[5]) if whole else Reference(given, text, "", "")
    return None if text.startswith(HOLE) else Reference(given, text, None, text)


def secret_name(name: str) -> str:
    """Return a name without the six characters that Secrets Manager adds."""
    stem, hyphen, end = name.rpartition("-")
    return stem if hyphen and len(end) == SUFFIX and not end.islower() else name
