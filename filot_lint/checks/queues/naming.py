"""What the name of a queue or key can be, and which uses mean the same one."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice, product
from typing import TypeVar

import msgspec

from filot_lint.checks.production import ELSEWHERE
from filot_lint.facts import Fact, QueueUse
from filot_lint.source import Location
from filot_lint.values import Coalesce, Env, Join, Literal, Lookup, Value
from filot_lint.workspace.index import Index

F = TypeVar("F", bound=Fact)
ANY = "*"
_MOST = 24
_KINDS = {"x": "stream", "z": "delayed", "bz": "delayed", "publish": "channel", "spublish": "channel"}


class Spelling(msgspec.Struct, frozen=True):
    """One thing a name can be: `text` with `*` for computed parts, None when nothing of it is known.

    `variable` is what overrides the text, or a part of it; `at` is where a text is written. `told` is the name with
    variables in the place of what they override.
    """

    text: str | None
    variable: str | None = None
    at: Location | None = None
    told: str | None = None

    @property
    def key(self) -> str | None:
        """What two uses of one name share."""
        return self.text if self.text is not None else self.alias

    @property
    def alias(self) -> str | None:
        """What uses of a name share that one variable overrides."""
        return self.told or (None if self.variable is None else f"${self.variable}")


def spellings(value: Value | None, variable: str | None = None) -> Iterator[Spelling]:
    """Yield everything a name can be; defaults know the variable they stand in for."""
    match value:
        case Literal(text=text, type="string", at=at) if text:
            yield Spelling(text, variable, at)
        case Env(name=name, default=None):
            yield Spelling(None, variable or name)
        case Env(name=name, default=default):
            yield from spellings(default, variable or name)
        case Coalesce(options=parts):
            for part in parts:
                yield from spellings(part, variable)
        case Lookup(table=table):
            for _, entry in table.entries:
                yield from spellings(entry, variable)
        case Join(parts=parts):
            every = (list(islice(spellings(part), _MOST)) or [Spelling(None)] for part in parts)
            for chosen in islice(product(*every), _MOST):
                yield _joined(chosen, variable)
        case _:
            yield Spelling(None, variable)


def _joined(parts: tuple[Spelling, ...], variable: str | None) -> Spelling:
    text = "".join(ANY if part.text is None else part.text for part in parts)
    known = bool(text.strip(ANY))
    overriding = (part.variable for part in parts if part.variable is not None and known is (part.text is not None))
    longest = max(parts, key=lambda part: len(part.text or ""))
    told = "".join(part.alias or part.text or ANY for part in parts) if any(part.alias for part in parts) else None
    return Spelling(text if known else None, variable or next(overriding, None), longest.at, told)


def display(value: Value) -> str:
    """Return the name as a message shows it."""
    found = list(spellings(value))
    text = next((s.text for s in found if s.text is not None), None)
    variable = next((s.variable for s in found if s.variable is not None), None)
    return text or (f"${variable}" if variable else "a computed name")


def kind_of(use: QueueUse) -> str:
    """Return what holds the queue: names of different kinds of Redis keys are different things."""
    if use.framework != "redis":
        return use.framework
    command = (use.command or "").lower()
    if "subscribe" in command or "publish" in command:
        return "channel"
    return next((kind for start, kind in _KINDS.items() if command.startswith(start)), "list")


class Running:
    """Tells what production may get to."""

    def __init__(self, index: Index) -> None:
        """Ask this index."""
        self._index = index

    def __call__(self, fact: Fact) -> bool:
        """Return whether a fact is no test, on no branch for development and in no function that nobody calls."""
        return fact.area != "test" and fact.guard not in ELSEWHERE and not self._index.is_idle(fact)


def in_production(index: Index, kind: type[F]) -> list[F]:
    """Return the facts of a kind that production gets to."""
    running = Running(index)
    return [fact for fact in index.of(kind) if fact.area == "production" and running(fact)]


class Queue(msgspec.Struct):
    """All uses of one queue, those that never run in `idle`. `names` are what it may be called.

    `open`: a part of it is computed, so that it may be called anything; `configured`: a variable without default says.
    """

    kind: str
    names: set[str]
    uses: list[QueueUse]
    idle: list[QueueUse]
    open: bool = False
    configured: bool = False

    def by(self, *roles: str) -> list[QueueUse]:
        """Return the uses with one of these roles."""
        return [use for use in self.uses if use.role in roles]

    @property
    def producers(self) -> list[QueueUse]:
        """Who puts in."""
        return self.by("producer", "both")

    @property
    def senders(self) -> list[QueueUse]:
        """Who puts in, else the objects through which somebody may."""
        return self.producers or self.by("handle")

    @property
    def consumers(self) -> list[QueueUse]:
        """Who takes out."""
        return self.by("consumer", "both")


def queues(uses: list[QueueUse], running: Running) -> list[Queue]:
    """Group uses by what they mean; one of which nothing is known is a queue of its own."""
    found: list[Queue] = []
    by_key: dict[tuple[str, str], Queue] = {}
    for use in uses:
        kind = kind_of(use)
        said = list(spellings(use.name))
        keys = {key for s in said for key in (s.key, s.alias) if key is not None}
        known = list({id(q): q for key in keys if (q := by_key.get((kind, key))) is not None}.values())
        queue = known[0] if known else Queue(kind, set(), [], [])
        if not known:
            found.append(queue)
        for other in known[1:]:
            queue.names |= other.names
            queue.uses += other.uses
            queue.idle += other.idle
            queue.open |= other.open
            queue.configured |= other.configured
            found = [q for q in found if q is not other]
        queue.names |= keys
        (queue.uses if running(use) else queue.idle).append(use)
        queue.open |= any(s.key is None for s in said)
        queue.configured |= any(s.text is None and s.variable is not None for s in said)
        by_key.update(dict.fromkeys(((kind, name) for name in queue.names), queue))
    return found


def alike(one: Queue, other: Queue) -> bool:
    """Whether a computed name of one queue may be that of the other."""
    pairs = ((a, b) for a in one.names for b in other.names if ANY in a or ANY in b)
    return any(fnmatchcase(a, _glob(b)) or fnmatchcase(b, _glob(a)) for a, b in pairs)


def _glob(text: str) -> str:
    return text.replace("[", "[[]").replace("?", "[?]")
