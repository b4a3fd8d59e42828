"""Deployables whose command starts nothing: the file it runs only defines what others would have to call."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

import msgspec

from filot_lint.extract.libraries.doubles import words
from filot_lint.extract.manifests.command import script_of, unwrapped
from filot_lint.facts import Definition, Effect, EntryPoint, Fact, Imports
from filot_lint.source import Location

_DEPLOYS = frozenset({"dockerfile", "ecs", "kubernetes", "compose", "procfile", "hosting"})
_PYTHON = re.compile(r"python[\d.]*")
_NODE = frozenset({"node", "nodejs", "tsx", "ts-node", "nodemon"})
"""Programs that run a file and do nothing with what it exports; `bun` and `deno` serve a default export."""
_HARMLESS = re.compile(
    r"(^|/)(config|register|init|auto|metadata|instrument\w*)$|polyfill|shim|^(core-js|regenerator-runtime|newrelic|"
    r"dd-trace|zone\.js|express-async-errors|source-map-support|reflect-metadata|server-only)(/|$)"
)
"""Packages that are imported for their effect and start nothing."""
_STARTERS = ("start", "main", "run", "serve", "listen", "work", "worker", "consume", "poll")
"""First words of functions that begin the work, the likeliest first."""
_SHOWN = 3


class Inert(msgspec.Struct, frozen=True):
    """Why a deployable does nothing: its `commands`, the functions they leave uncalled, the calls that cast doubt."""

    commands: tuple[Location, ...]
    file: str
    defined: tuple[tuple[str, Location], ...]
    makes: tuple[tuple[str, Location], ...] = ()
    calls: tuple[tuple[str, Location], ...] = ()


def inert(
    target: str,
    launches: list[tuple[EntryPoint, tuple[str, ...]]],
    loaded: list[str],
    facts_of: Callable[[str], list[Fact]],
    resolve: Callable[[str, str], str | None],
) -> Inert | None:
    """Return why nothing starts, None where something does or may; `loaded` are the files that load with the target."""
    commands = tuple(entry.location for entry, words_ in launches if _interprets(entry, words_, target))
    facts = facts_of(target)
    defined = _uncalled(facts)
    own = [fact for fact in facts if isinstance(fact, Effect)]
    if not commands or not defined or any(effect.form != "makes" for effect in own):
        return None
    calls: list[Effect] = []
    for path in loaded:
        found = [fact for fact in facts_of(path) if isinstance(fact, Effect) and not fact.main]
        if path != target and any(effect.form == "starts" for effect in found):
            return None
        calls += [effect for effect in found if path != target and effect.form == "calls"]
    imported = [fact for fact in facts if isinstance(fact, Imports)]
    beside = {resolve(target, fact.module) for fact in imported if _for_effect(fact)}
    if None in beside or any(effect.file in beside for effect in calls):
        return None
    return Inert(commands, target, defined, _named(own), _named(calls))


def _named(effects: list[Effect]) -> tuple[tuple[str, Location], ...]:
    return tuple((effect.callee, effect.location) for effect in effects[:_SHOWN])


def _for_effect(fact: Imports) -> bool:
    """Return whether a module of the workspace, or one that may start something, is imported for its effect alone."""
    if fact.names or fact.reexport or fact.lazy or fact.type_only:
        return False
    return fact.module.startswith(".") or not _HARMLESS.search(fact.module)


def _interprets(entry: EntryPoint, line: tuple[str, ...], target: str) -> bool:
    """Return whether a command of production is an interpreter that is given this very file."""
    if entry.origin not in _DEPLOYS or entry.role != "deployable" or entry.area != "production":
        return False
    rest = list(unwrapped(line))
    while rest and not (_PYTHON.fullmatch(posixpath.basename(rest[0])) or posixpath.basename(rest[0]) in _NODE):
        rest.pop(0)
    if not rest:
        return False
    if posixpath.basename(rest[0]) in _NODE:
        script = script_of(tuple(rest))
        return script is not None and _stem(script[0]) == _stem(target)
    given = rest[1:]
    while given and given[0].startswith("-") and given[0] != "-m":
        given.pop(0)
    if given[:1] == ["-m"]:
        return given[1:2] == [target.removesuffix(".py").replace("/", ".")] or (
            len(given) > 1 and given[1].rpartition(".")[2] == _stem(target)
        )
    return bool(given) and _stem(given[0]) == _stem(target)


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0]


def _uncalled(facts: list[Fact]) -> tuple[tuple[str, Location], ...]:
    """Return the functions that a file defines and does not call at load, those that sound like the start first."""
    definitions = [fact for fact in facts if isinstance(fact, Definition)]
    said = {word for fact in definitions if not fact.names or "__main__" in fact.names for word in fact.mentions}
    found = [(fact.names[0], fact.location) for fact in definitions
             if fact.names and fact.owner is None and said.isdisjoint(fact.names)]  # fmt: skip
    return tuple(sorted(found, key=lambda pair: _rank(pair[0]))[:_SHOWN])


def _rank(name: str) -> int:
    first = next(iter(words(name)), "")
    return _STARTERS.index(first) if first in _STARTERS else len(_STARTERS)
