"""Objects and lists as they are where a name is used: with what was put into them after they were made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice, product
from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.scope import Change, Part, Scope
from filot_lint.syntax import expression as x
from filot_lint.values import (
    MAX_LITERAL,
    NULL,
    Coalesce,
    Literal,
    Parameter,
    Record,
    Sequence,
    Value,
    bounded,
    coalesce,
    options,
    with_default,
)

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

MAX_CHANGES = 256
MAX_DOUBTFUL = 32
MAX_ROUNDS = 128


class Changes:
    """Applies the changes that reach a use."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the values that are put in."""
        self.evaluator = evaluator
        self._known: dict[tuple[int, str], tuple[Value, list[Change], Value]] = {}
        self._entered: list[tuple[Scope, str, str | None]] = []

    def applied(self, value: Value, name: str, home: Scope, use: Scope | None = None, at: int | None = None) -> Value:
        """Return what a name of `home` holds at a place of a scope, or in the end."""
        changes = home.changes.get(name, [])[:MAX_CHANGES]
        value = self._collected(value) if changes else value
        if not changes or not any(isinstance(o, Record | Sequence) or changes[0].rebuilt for o in options(value)):
            return value
        function = use.function if use is not None else None
        if self.evaluator.exhausted or not self._may_enter(home, name, function, at):
            return value
        if use is not None and at is not None:
            changes = [change for change in changes if change.at <= at or change.scope.function != function]
        self._entered.append((home, name, function))
        value = self._after(value, changes, name, home, at)
        self._entered.pop()
        return value

    def _after(self, value: Value, changes: list[Change], name: str, home: Scope, at: int | None) -> Value:
        """Return what is there after several changes; what is certain anywhere is done once."""
        known = self._known.get((id(home), name))
        plain = self.evaluator.frames.current.outer is None
        done = 0
        if known is not None and plain and known[0] is value and changes[: len(known[1])] == known[1]:
            value, done = known[2], len(known[1])
        start, cuts, doubtful = (known[0] if known is not None and done else value), self.evaluator.cuts, 0
        for number, change in enumerate(changes[done:], done + 1):
            is_certain = all(part in home.around for part in change.around)
            doubtful += not is_certain
            if doubtful > MAX_DOUBTFUL:
                break
            value = bounded(self._changed(value, change, name, home, at), MAX_LITERAL)
            plain = plain and is_certain and cuts == self.evaluator.cuts and not self.evaluator.exhausted
            if plain:
                self._known[id(home), name] = (start, changes[:number], value)
        return value

    def _may_enter(self, home: Scope, name: str, function: str | None, at: int | None) -> bool:
        """Return whether changes are not being applied already, or only later ones of the same function."""
        around = [entry[2] for entry in self._entered if entry[0] is home and entry[1] == name]
        return not around or (at is not None and around[-1] == function)

    def _collected(self, value: Value) -> Value:
        """Return the keyword arguments that a function collects as an object that can change."""
        if not isinstance(value, Parameter) or value.path or not self.evaluator.python:
            return value
        parameter = self.evaluator.scopes.functions[value.function].parameters[value.index]
        return coalesce([value, Record((), open=True)]) if parameter.keywords else value

    def _changed(self, value: Value, change: Change, name: str, home: Scope, at: int | None) -> Value:
        certain = all(self._runs(part, name, home, at) for part in change.around)
        path: list[str] = []
        for step in change.path:
            key = self.evaluator.evaluate(step, change.scope)
            if not isinstance(key, Literal):
                return value
            path.append(key.text)
        for put in self._put(change, home):
            if change.rebuilt and isinstance(put, Record) and not any(isinstance(o, Record) for o in options(value)):
                value = coalesce([value, Record(put.entries, open=True, keys_at=put.keys_at)])
            else:
                value = _put_at(value, path, put, certain=certain, weak=change.weak)
        return value

    @staticmethod
    def _runs(part: Part, name: str, home: Scope, at: int | None) -> bool:
        """Return whether a part of the file runs whenever a use is reached, or whenever the object is made at all."""
        if part in home.around or part.loop is not None or _holds(part, at):
            return True
        return any(b.expression is not None and _holds(part, b.expression.span.start) for b in home.bindings[name])

    def _put(self, change: Change, home: Scope) -> Iterator[Value]:
        """Yield what a change puts in: once, or once per element of the loops around it."""
        loops = [part for part in change.around if part.loop is not None and part not in home.around]
        rows = product(*(self._elements(part) for part in loops)) if _varies(change.value) else iter(((),))
        for row in islice(rows, MAX_ROUNDS):
            with ExitStack() as stack:
                for part, element in zip(loops, row, strict=False):
                    if part.loop is not None and element is not None:
                        stack.enter_context(self.evaluator.frames.entered(part.span, part.loop, element))
                yield self.evaluator.evaluate(change.value, change.scope)

    def _elements(self, part: Part) -> tuple[Value | None, ...]:
        """Return what a loop runs over, None for an element nobody knows."""
        known = self.evaluator.elements(part.loop, part.scope) if part.loop and part.scope else None
        return (None,) if known is None else (*known.items, *((None,) if known.open else ()))


def _holds(part: Part, at: int | None) -> bool:
    return at is not None and part.span.start <= at < part.span.end


def _varies(value: x.Mapping | x.Array) -> bool:
    """Return whether another element means another entry."""
    return isinstance(value, x.Array) or any(not isinstance(entry.key, x.Text) for entry in value.entries)


def _put_at(value: Value, path: list[str], put: Value, *, certain: bool, weak: bool) -> Value:
    """Return an object with something put in at a path; a change that may not happen leaves both possible."""
    if isinstance(value, Coalesce):
        return coalesce([_put_at(o, path, put, certain=certain, weak=weak) for o in value.options])
    if path and isinstance(value, Record):
        inner = value.get(path[0])
        if inner is None:
            inner = Record((), open=True)
        kept = {**dict(value.entries), path[0]: _put_at(inner, path[1:], put, certain=certain, weak=weak)}
        return Record(tuple(kept.items()), value.open, value.keys_at)
    if isinstance(value, Record):
        return _merged(value, put, certain=certain, weak=weak) if isinstance(put, Record) else _opened(value)
    if isinstance(value, Sequence) and not path:
        items = put.items if isinstance(put, Sequence) else ()
        return Sequence((*value.items, *items), value.open or not isinstance(put, Sequence) or put.open)
    return value


def _merged(value: Record, put: Record, *, certain: bool, weak: bool) -> Record:
    kept = dict(value.entries)
    for key, entry in put.entries:
        before = kept.get(key)
        if weak and before is not None:
            kept[key] = with_default(before, entry)
        else:
            kept[key] = entry if certain else coalesce([entry, NULL if before is None else before])
    return Record(tuple(kept.items()), value.open or put.open, (*value.keys_at, *put.keys_at))


def _opened(value: Record) -> Record:
    return Record(value.entries, open=True, keys_at=value.keys_at)
