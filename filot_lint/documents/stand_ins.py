"""Real or stand-in: for each part of the system, the code that does it and what takes its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from filot_lint.documents.context import Context
from filot_lint.documents.contract import Variable
from filot_lint.documents.diagram import names_a_service
from filot_lint.documents.topology import starts_nothing
from filot_lint.facts import Fact, Imports, Substitute, TemporalConnection, TemporalWorker, TestDouble
from filot_lint.source import Location

_SWITCH = re.compile(r"(?:^|_)(?:MOCK\w*|STUB\w*|FAKE\w*|DUMMY|SIMULATE\w*|DISABLED|DRY_RUN|SANDBOX)(?:_|$)")
_LOOSE = ", loaded by no deployable"
_UNBUILT = frozenset({"unfinished", "refuses", "idle"})


class Part(msgspec.Struct, frozen=True):
    """One part: a verdict, the real code with its places, and what stands in for it."""

    name: str
    verdict: str
    real: tuple[tuple[str, tuple[Location, ...]], ...]
    stand_ins: tuple[tuple[str, Location], ...]


class Removal(msgspec.Struct, frozen=True):
    """A double to take out, with the doubles inside it if it is a `whole` file, and who imports it.

    `unbuilt` when it is unfinished work of production rather than a helper of tests.
    """

    double: TestDouble
    inside: tuple[TestDouble, ...]
    users: tuple[Imports, ...]
    whole: bool
    unbuilt: bool


def parts(context: Context) -> tuple[Part, ...]:
    """Return the services, GPU workers and Temporal ends of the workspace, with what is real about them."""
    return (*_services(context), *_workers(context), *_temporal(context))


def _services(context: Context) -> Iterable[Part]:
    """Yield the services that a profile asks for, and those that something stands in for."""
    asked = {name for answer in context.demands for name in answer.names}
    for variable in context.needed:
        places = [read for read in variable.production if read.access == "read" and read.components]
        if not names_a_service(variable) or not places:
            continue
        word = variable.name.rpartition("_API")[0] or variable.name.rpartition("_")[0]
        fakes = _fakes(context, word.lower(), reachable=True)
        if not fakes and variable.name not in asked:
            continue
        verdict = "real, beside stand-ins" if fakes else "real"
        users = tuple(dict.fromkeys(p.location for p in places))
        yield Part(f"client of `{word}`", verdict, ((f"reads the address in `{variable.name}`", users),), fakes)


def _workers(context: Context) -> Iterable[Part]:
    for deployable in context.gpu:
        component = deployable.component
        entries = tuple(Location(entry, 1, 1, 1, 1) for entry in component.entries)
        fakes = tuple(
            (f"`{d.symbol}`", d.location)
            for d in stand_ins(context)
            if deployable.name in d.components and d.file in component.entries
        )
        if not entries:
            yield Part(f"`{deployable.name}`", "not determined: its entry file is not known", (), fakes)
        elif starts_nothing(component) and component.inert is not None:
            what = f"`{component.inert.defined[0][0]}` does the work, and nothing calls it"
            yield Part(f"`{deployable.name}`", "not started", ((what, (component.inert.defined[0][1],)),), fakes)
        else:
            verdict = "real, beside stand-ins" if fakes else "real"
            yield Part(f"`{deployable.name}`", verdict, (("its command runs this file", entries),), fakes)


def _temporal(context: Context) -> Iterable[Part]:
    clients = [c for c in context.index.of(TemporalConnection) if c.area == "production"]
    workers = [w for w in context.index.of(TemporalWorker) if w.area == "production"]
    if not clients and not workers:
        return
    own = [c for c in clients if c.components]
    fakes = _fakes(context, "temporal", reachable=False)
    near = any(not words.endswith(_LOOSE) for words, _ in fakes)
    verdict = ("real, beside stand-ins" if near else "real") if own else "real code that no deployable loads"
    yield Part("Temporal client", verdict, (("connects here", tuple(c.location for c in own or clients)),), fakes)
    served = [w for w in workers if w.components]
    if served:
        yield Part("Temporal worker", "real", (("polls here", tuple(w.location for w in served)),), ())
    else:
        where = tuple(w.location for w in workers)
        verdict = "real code that no deployable loads" if workers else "none here"
        yield Part("Temporal worker", verdict, (("polls here", where),) if workers else (), ())


def _fakes(context: Context, word: str, *, reachable: bool) -> tuple[tuple[str, Location], ...]:
    """Return doubles and made-up values that are about something, by name or file."""
    doubles = [
        (f"`{d.symbol}`" + ("" if d.components else _LOOSE), d)
        for d in stand_ins(context)
        if d.form != "module" and (d.components or not reachable)
    ]
    made = [
        (f"{s.symbol} made from the {s.form}" if s.form in {"clock", "random"} else f"`{s.symbol}` takes over", s)
        for s in substitutes(context)
    ]
    found: dict[tuple[str, int], tuple[str, Location]] = {}
    pairs: list[tuple[str, Fact]] = [*doubles, *made]
    for words, fact in pairs:
        if word in f"{words} {fact.file}".lower():
            found.setdefault((fact.file, fact.line), (words, fact.location))
    return tuple(found.values())


def substitutes(context: Context) -> tuple[Substitute, ...]:
    """Return the made-up values of production."""
    return tuple(s for s in context.index.of(Substitute) if s.area == "production")


def mock_switches(context: Context) -> tuple[Variable, ...]:
    """Return variables by whose name something is turned off or replaced."""
    return tuple(v for v in context.variables if v.production and _SWITCH.search(v.name))


def stand_ins(context: Context) -> tuple[TestDouble, ...]:
    """Return the doubles of production; a base that others build on is none, nor a name that only holds such a word."""
    return context.doubles


def lookalikes(context: Context) -> tuple[TestDouble, ...]:
    """Return what only holds the word of a double in its name."""
    return context.lookalikes


def to_remove(context: Context) -> tuple[Removal, ...]:
    """Return the doubles as they would go: files that are doubles as a whole, else single names."""
    found = stand_ins(context)
    whole = {d.file for d in found if d.form == "module"}
    alone = [d for d in found if d.form == "module" or d.file not in whole]
    return tuple(_removal(context, d, [o for o in found if o.file == d.file and o != d]) for d in alone)


def _removal(context: Context, double: TestDouble, beside: list[TestDouble]) -> Removal:
    whole = double.form == "module"
    inside = tuple(d for d in beside if whole)
    unbuilt = any(_UNBUILT & set(d.signs) for d in (double, *inside))
    return Removal(double, inside, _users(context, double), whole, unbuilt)


def _users(context: Context, double: TestDouble) -> tuple[Imports, ...]:
    """Return the production imports that bring a double; of a file with other things in it, those that name it."""
    own = double.form == "function" and "." not in double.symbol
    return tuple(
        i
        for i in context.index.of(Imports)
        if i.area == "production"
        and i.target == double.file
        and not i.type_only
        and (not own or not i.names or any(exported in {double.symbol, "*"} for exported, _ in i.names))
    )


STAND_IN_VIEWS: tuple[Callable[..., Any], ...] = (parts, substitutes, mock_switches, stand_ins, lookalikes, to_remove)
