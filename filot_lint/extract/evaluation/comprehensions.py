"""Lists and objects made element by element: comprehensions, `map`, `filter`, `reduce`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.calls import CASTS
from filot_lint.extract.evaluation.scope import Scope
from filot_lint.extract.evaluation.truth import truth
from filot_lint.syntax import expression as x
from filot_lint.values import (
    MAX_LITERAL,
    UNKNOWN,
    Callable,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Value,
    bounded,
    called_with,
    coalesce,
    keys_of,
    member,
    options,
    record_of,
    substitute,
)

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

MAX_ELEMENTS = 256


class Comprehensions:
    """Evaluates what is done with each element, one after the other."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the values of elements."""
        self.evaluator = evaluator

    def elements(self, iterable: x.Expression, scope: Scope) -> Sequence | None:
        """Return what a loop over something runs over, None when no element is known."""
        found: list[Value] = []
        opened = False
        for option in options(self.evaluator.classes.members(iterable, scope) or self._evaluate(iterable, scope)):
            several = keys_of(option) if isinstance(option, Record) and not _is_object(option) else option
            if not isinstance(several, Sequence):
                return None
            found.extend(several.items)
            opened = opened or several.open
        if len(found) > MAX_ELEMENTS or (opened and not found):
            return None
        return Sequence(tuple(found), opened)

    def each(self, value: Value, *, keys: bool = False) -> Value:
        """Return an element of an iterable: the alternatives are all its elements."""
        found: list[Value] = []
        for option in options(value):
            if isinstance(option, Sequence):
                found.extend(option.items[:MAX_ELEMENTS])
            elif isinstance(option, Record) and (keys or self.evaluator.python) and not _is_object(option):
                found.extend(keys_of(option).items[:MAX_ELEMENTS])
            elif isinstance(option, Parameter) or (isinstance(option, Ref) and option.module):
                found.append(member(option, "*"))
            else:
                found.append(UNKNOWN)
        return coalesce(found)

    def comprehension(self, expression: x.Comprehension, scope: Scope) -> Value:
        """Return the list or object that a comprehension makes."""
        inner = self.evaluator.scopes.of(expression)
        rows: list[Sequence] = []
        opened = self._rows(expression, 0, inner, rows)
        if opened is None:
            copy = self.evaluator.kept.copy(expression, scope)
            return copy or Sequence((self._evaluate(expression.element, inner),), open=True)
        if expression.key is not None:
            return record_of(Sequence(tuple(rows), opened))
        return bounded(Sequence(tuple(row.items[1] for row in rows), opened), MAX_LITERAL)

    def _rows(self, expression: x.Comprehension, index: int, scope: Scope, rows: list[Sequence]) -> bool | None:
        """Collect the pairs from one clause on; returns whether there may be more, None when too little is known."""
        if index == len(expression.clauses):
            key = self._evaluate(expression.key, scope) if expression.key is not None else UNKNOWN
            rows.append(Sequence((key, self._evaluate(expression.element, scope))))
            return None if len(rows) > MAX_ELEMENTS or self.evaluator.exhausted else False
        clause = expression.clauses[index]
        elements = self.elements(clause.iterable, scope)
        opened = None if elements is None else elements.open
        for element in elements.items if elements is not None else ():
            with self.evaluator.frames.entered(expression.span, clause.iterable, element):
                if any(truth(self.evaluator, test, scope) is False for test in clause.tests):
                    continue
                inner = self._rows(expression, index + 1, scope, rows)
            if inner is None:
                return None
            opened = opened or inner
        return opened

    def callback(self, name: str, call: x.Call, scope: Scope) -> Value | None:
        """Return what `items.map(f)` and its like give, None when no element is known."""
        if not isinstance(call.callee, x.Member) or not call.arguments:
            return None
        return self._each(name, call.callee.object, call.arguments, scope)

    def function(self, name: str, call: x.Call, scope: Scope) -> Value | None:
        """Return what Python's `map(f, items)` and `filter(f, items)` give."""
        if len(call.arguments) != 2:  # noqa: PLR2004
            return None
        return self._each(name, call.arguments[1].value, call.arguments[:1], scope)

    def _each(self, name: str, iterable: x.Expression, given: list[x.Argument], scope: Scope) -> Value | None:
        elements = self.elements(iterable, scope)
        if elements is None:
            return None
        if name == "filter":
            kept = [e for i, e in enumerate(elements.items) if self._test(given[0].value, iterable, e, i, scope)]
            return Sequence(tuple(kept), elements.open)
        results = [self._result(given[0].value, iterable, e, i, scope) for i, e in enumerate(elements.items)]
        if self.evaluator.exhausted:
            return None
        if name == "reduce":
            start = self._evaluate(given[1].value, scope) if len(given) > 1 else UNKNOWN
            return _reduced(start, results, open=elements.open)
        if name == "flatMap":
            flat = [r.items if isinstance(r, Sequence) else (r,) for r in results]
            opened = elements.open or any(isinstance(r, Sequence) and r.open for r in results)
            return bounded(Sequence(tuple(item for items in flat for item in items), opened), MAX_LITERAL)
        return bounded(Sequence(tuple(results), elements.open), MAX_LITERAL)

    def _result(
        self, function: x.Expression, iterable: x.Expression, element: Value, index: int, scope: Scope
    ) -> Value:
        """Return what a callback returns for one element."""
        if isinstance(function, x.Lambda):
            key = self.evaluator.scopes.key(function.function)
            with self.evaluator.frames.entered(function.function.span, iterable, element):
                returned = self.evaluator.returned(key)
            return substitute(returned, key, {1: Literal(str(index), "number")})
        value = self._evaluate(function, scope)
        if isinstance(value, Callable):
            return substitute(self.evaluator.returned(value.function), value.function, {int(value.bound): element})
        if isinstance(value, Ref):
            is_cast = self.evaluator.qualified(value) in CASTS
            return element if is_cast else called_with(value, [element])
        return UNKNOWN

    def _test(self, function: x.Expression, iterable: x.Expression, element: Value, index: int, scope: Scope) -> bool:
        """Return whether a filter may keep an element."""
        if isinstance(function, x.Lambda) and len(function.function.body) == 1:
            only = function.function.body[0]
            if isinstance(only, x.Return) and only.value is not None:
                with self.evaluator.frames.entered(function.function.span, iterable, element):
                    inner = self.evaluator.scopes.of(function.function)
                    return truth(self.evaluator, only.value, inner) is not False
        value = self._result(function, iterable, element, index, scope)
        return not (isinstance(value, Literal) and (value.is_empty or value == Literal("false", "boolean")))

    def _evaluate(self, expression: x.Expression, scope: Scope) -> Value:
        return self.evaluator.evaluate(expression, scope)


def _is_object(record: Record) -> bool:
    """Return whether a record is a class or an object of one, which is no mapping."""
    return record.open and any(isinstance(entry, Callable) and entry.bound for _, entry in record.entries)


def _reduced(start: Value, results: list[Value], *, open: bool) -> Value:  # noqa: A002  # as in Record
    """Return the object or list that every round adds to."""
    if isinstance(start, Record) and all(isinstance(r, Record) for r in results):
        entries = [entry for r in (start, *results) if isinstance(r, Record) for entry in r.entries]
        places = [place for r in results if isinstance(r, Record) for place in r.keys_at]
        return bounded(Record(tuple(entries), open, tuple(places)), MAX_LITERAL)
    if isinstance(start, Sequence) and all(isinstance(r, Sequence) for r in results):
        items = [item for r in (start, *results) if isinstance(r, Sequence) for item in r.items]
        return bounded(Sequence(tuple(items), open), MAX_LITERAL)
    return coalesce([start, *results])
