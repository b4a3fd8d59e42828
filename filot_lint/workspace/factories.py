"""Facts behind functions: where a library's settings are parameters, each caller says what they are."""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from filot_lint.facts import Call, Fact, Factory, QueueUse, TemporalStart, TemporalWorker, nullable, required_fields
from filot_lint.values import (
    CONSTRUCTORS,
    NULL,
    UNKNOWN,
    Callable,
    Parameter,
    Record,
    Ref,
    Value,
    env_names,
    is_value,
    literals,
    parameters_of,
    pattern,
    substitute,
)
from filot_lint.workspace.exports import Exports

_ROUNDS = 4
_MAX_CALLS = 200
_NAMED = (QueueUse, TemporalStart, TemporalWorker)
"""Facts of a name: one caller of whom the name is not known keeps the fact as it is, beside those of the others."""
_PLACE = ("file", "line", "column", "end_line", "end_column", "language", "area")

Publish = Function[[Fact, str], list[Fact]]


class _Waiting(NamedTuple):
    """A fact that parameters of a function decide, with the file of that function.

    `sources` are the facts that a caller who says more replaces. One that `stays` is told where it is: the library is
    called in another method of the object that a caller makes.
    """

    fact: Fact
    home: str
    owner: str
    sources: tuple[int, ...]
    stays: bool = False


class Factories:
    """Replaces the facts of factories by facts at their callers.

    `publish` resolves the references of a fact, from the point of view of a file.
    """

    def __init__(self, exports: Exports, publish: Publish) -> None:
        """No factory is known yet."""
        self.exports = exports
        self.publish = publish
        self._factories: dict[tuple[str, str], Factory] = {}
        self._calls: dict[tuple[str, str], list[tuple[Call, bool]]] = {}

    def expand(self, facts: list[Fact], files: Iterable[str]) -> list[Fact]:
        """Return the facts with those of factories told by their callers; what nobody calls stays as it is."""
        waiting = [
            _Waiting(fact, fact.file, owner, (id(fact),)) for fact in facts if (owner := _owner(fact)) is not None
        ]
        if not waiting:
            return facts
        self._learn(files)
        replaced: set[int] = set()
        nameless: set[int] = set()
        added: dict[object, Fact] = {}
        alive = [waiting]  # what is known by its identity must not give it to another fact
        by_default: list[tuple[tuple[int, ...], Fact]] = []
        for _ in range(_ROUNDS):
            next_round: dict[tuple[Fact, str], _Waiting] = {}
            for known in waiting:
                for told, home, stays in dict.fromkeys(self._told(known)):
                    adds = _adds(told, known.fact)
                    kept = told
                    if adds:
                        kept = added.setdefault(_identity(told) if stays else told, told)
                        replaced.update(known.sources if told.area in {known.fact.area, "production"} else ())
                    elif _leaves_default(told, known.fact):
                        by_default.append((known.sources, told))
                    further = _owner(told)
                    if not adds and further is None and isinstance(known.fact, _NAMED):
                        nameless.update(known.sources)
                    if further is not None:
                        sources = (id(kept),) if adds else (*known.sources, id(told))
                        next_round[told, home] = _Waiting(told, home, further, sources, stays)
            waiting = list(next_round.values())
            alive.append(waiting)
        added |= {told: told for sources, told in by_default if replaced.issuperset(sources) and told not in added}
        gone = replaced - nameless
        return [fact for fact in _distinct([*facts, *added.values()]) if id(fact) not in gone]

    def _learn(self, files: Iterable[str]) -> None:
        every = list(files)
        for file in every:
            for fact in self.exports.facts_of(file):
                if isinstance(fact, Factory):
                    self._factories[file, fact.function] = fact
        names = {name for factory in self._factories.values() for name in factory.names} | {"default"}
        for file in every:
            for fact in self.exports.facts_of(file):
                if isinstance(fact, Call) and _may_be(fact.callee, names):
                    found = self._target(fact.callee, file)
                    if found is not None and found[0] in self._factories:
                        self._calls.setdefault(found[0], []).append((fact, found[1]))

    def _target(self, callee: Value, file: str) -> tuple[tuple[str, str], bool] | None:
        if isinstance(callee, Callable) and "::" not in callee.function:
            return (file, callee.function), callee.bound
        resolved = self.exports.resolve(callee, file)
        if isinstance(resolved, Record):
            resolved = next((found for c in CONSTRUCTORS if (found := resolved.get(c)) is not None), UNKNOWN)
        if not isinstance(resolved, Callable) or "::" not in resolved.function:
            return None
        home, key = resolved.function.split("::", 1)
        return (home, key), resolved.bound

    def _told(self, known: _Waiting) -> Iterator[tuple[Fact, str, bool]]:
        """Yield what each caller of a factory makes of its fact, the caller's file, and whether it stays in place."""
        fact, owner = known.fact, known.owner
        factory = self._factories.get((known.home, owner))
        for call, bound in self._calls.get((known.home, owner), [])[:_MAX_CALLS]:
            if factory is None:
                return
            given = _given(factory, call, shift=1 if bound else 0)
            stays = known.stays or _in_a_method(fact, factory)
            changes = {
                name: None if _left_out(value, given) else substitute(value, owner, given)
                for name, value in _settings(fact)
                if any(parameter.function == owner for parameter in parameters_of(value))
            }
            if stays:
                told = msgspec.structs.replace(fact, **changes)
                if call.area not in {fact.area, "production"}:
                    continue
            else:
                place = {name: getattr(call, name) for name in _PLACE}
                place |= {"guard": fact.guard if call.guard == "always" else call.guard}
                told = msgspec.structs.replace(fact, **changes, **place, through=fact.through or fact.location)
            yield from ((_without_nothing(one), call.file, stays) for one in self.publish(told, call.file))


def _identity(fact: Fact) -> tuple[object, ...]:
    """Return what tells facts of one place apart: what their settings tell, not where those are written."""
    fields = (getattr(fact, name) for name in fact.__struct_fields__)
    return (type(fact), *(_known(field) if is_value(field) else field for field in fields))


def _adds(told: Fact, fact: Fact) -> bool:
    """Return whether a caller tells anything about a setting that the fact itself does not."""
    pairs = ((getattr(told, name), getattr(fact, name)) for name in fact.__struct_fields__)
    settings = ((a, b) for a, b in pairs if is_value(a) or is_value(b))
    return any(_known(given) != _known(known) for given, known in settings)


def _leaves_default(told: Fact, fact: Fact) -> bool:
    """Return whether a caller leaves out what the fact has a default for."""
    backed = (name for name, value in _settings(fact) if any(p.backed for p in parameters_of(value)))
    return any((left := getattr(told, name)) is not None and not any(parameters_of(left)) for name in backed)


def _known(value: Value | None) -> tuple[object, ...]:
    if value is None:
        return ("absent",)
    text = pattern(value)
    return text if text != ".*" else None, env_names(value), tuple(literal.text for literal in literals(value))


def _in_a_method(fact: Fact, factory: Factory) -> bool:
    """Return whether a fact only uses what a constructor was given: it stays where it is, in another method."""
    start, end = (factory.line, factory.column), (factory.end_line, factory.end_column)
    made = factory.function.split("@", 1)[0] in CONSTRUCTORS
    return made and fact.file == factory.file and not start <= (fact.line, fact.column) <= end


def _left_out(value: Value, given: dict[int, Value]) -> bool:
    """Return whether a setting is one that the object a caller gives does not have."""
    if not isinstance(value, Parameter) or not value.path:
        return False
    options = given.get(value.index)
    for step in value.path[:-1]:
        options = options.get(step) if isinstance(options, Record) else None
    return isinstance(options, Record) and not options.open and options.get(value.path[-1]) is None


def _without_nothing(fact: Fact) -> Fact:
    """Return a fact without the settings that a caller leaves out."""
    kept = nullable(fact.language) | required_fields(type(fact))
    gone = {name: None for name, value in _settings(fact) if value == NULL and name not in kept}
    return msgspec.structs.replace(fact, **gone) if gone else fact


def _given(factory: Factory, call: Call, shift: int) -> dict[int, Value]:
    found: dict[int, Value] = {i: default or NULL for i, default in enumerate(factory.defaults)}
    position = shift
    for name, value in call.arguments:
        if name is None:
            found[position] = value
            position += 1
        elif name in factory.parameters:
            found[factory.parameters.index(name)] = value
    return found


def _settings(fact: Fact) -> Iterator[tuple[str, Value]]:
    for field in fact.__struct_fields__:
        value = getattr(fact, field)
        if is_value(value):
            yield field, value


def _owner(fact: Fact) -> str | None:
    """Return the function whose parameters decide most about a fact."""
    owners = [parameter.function for _, value in _settings(fact) for parameter in parameters_of(value)]
    return max(set(owners), key=lambda owner: (owners.count(owner), owner)) if owners else None


def _may_be(callee: Value, names: set[str]) -> bool:
    """Return whether a call can be one of a factory, by its name alone."""
    if not isinstance(callee, Ref):
        return True
    last = next((step for step in reversed(callee.path) if step != "()"), "")
    return last in names


def _distinct(facts: list[Fact]) -> Iterator[Fact]:
    seen: set[Fact] = set()
    for fact in facts:
        if fact.through is None or fact not in seen:
            seen.add(fact)
            yield fact
