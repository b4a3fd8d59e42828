"""What addresses and namespaces of Temporal are known to be, in code, example files and manifests."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from filot_lint.checks.queues.naming import ANY, in_production, spellings
from filot_lint.facts import TemporalConnection, TemporalStart, TemporalWorker
from filot_lint.findings import Confidence
from filot_lint.secrets import is_local
from filot_lint.source import Location
from filot_lint.traits import traits_of
from filot_lint.values import Env, Literal, Value, env_names, options
from filot_lint.workspace.index import Index

CLOUD = "temporal cloud"


class Said(msgspec.Struct, frozen=True):
    """One value that a setting has somewhere: what may be told of it, and its text if code holds it.

    `variable` is what it stands in for or is given to; `default` says that code takes it when the variable is missing.
    """

    location: Location
    traits: frozenset[str]
    text: str | None = None
    shape: str | None = None
    variable: str | None = None

    @property
    def label(self) -> str:
        """What a message calls it: the text, or the variable that holds it."""
        return f"`{self.text}`" if self.text is not None else f"the value of `{self.variable}`"


def written(value: Value | None, at: Location) -> Iterator[Said]:
    """Yield the texts of a setting that stand in code."""
    for said in spellings(value) if value is not None else ():
        if said.text is not None and ANY not in said.text:
            yield Said(said.at or at, frozenset(traits_of(said.text)), said.text, None, said.variable)


def given(index: Index, value: Value | None) -> Iterator[Said]:
    """Yield what example files and manifests give to the variables of a setting."""
    for name in env_names(value):
        for line in index.declarations.get(name, ()):
            if not line.commented_out:
                yield Said(line.location, frozenset(line.traits), None, line.shape, name)
        for entry in index.provisions.get(name, ()):
            if entry.channel not in {"ci", "host", "secret"} and entry.area != "test":
                yield Said(entry.location, frozenset(entry.traits), None, entry.shape, name)


def connections(index: Index) -> list[TemporalConnection]:
    """Return the connections that production makes."""
    return in_production(index, TemporalConnection)


def is_used(index: Index) -> bool:
    """Whether the workspace has to do with Temporal at all."""
    return any(index.of(kind) for kind in (TemporalConnection, TemporalWorker, TemporalStart))


def cloud(index: Index, connection: TemporalConnection) -> tuple[Confidence, str, Location | None] | None:
    """Say why a connection is one to Temporal Cloud, and how sure that is; None when nothing shows it."""
    for said in (*written(connection.address, connection.location), *given(index, connection.address)):
        if CLOUD in said.traits:
            return Confidence.HIGH, f"{said.location} holds an address of Temporal Cloud", said.location
    if is_given(connection.api_key):
        texts = written(connection.address, connection.location)
        own = next((said.location for said in texts if is_local(said.text or "")), None)
        if own is not None:
            return Confidence.LOW, f"{own} is the address of a server of one's own", None
        return Confidence.MEDIUM, "only the API key says that this is Temporal Cloud", None
    return None


def is_given(value: Value | None) -> bool:
    """Return whether a setting is a text or a variable; what options that are made elsewhere hold is not known."""
    return value is not None and any(isinstance(option, Literal | Env) for option in options(value))


def is_off(value: Value) -> bool:
    """Whether a switch is off whatever happens."""
    found = list(options(value))
    return bool(found) and all(isinstance(o, Literal) and o.text.lower() in {"false", "null"} for o in found)
