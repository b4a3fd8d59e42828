"""Functions that decide on another attempt to connect: whether they give up after some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.guards import Guards
from filot_lint.extract.evaluation.parts import children
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.stops import ends
from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import Literal, Value

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

_ELSEWHERE = frozenset({"non-production", "test"})
_DEPTH = 40


class Attempts:
    """Reads such functions, for one file.

    The first parameter counts. What is given up for another reason (a flag that the program is closing) is left out.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the functions of the file."""
        self.evaluator = evaluator
        self.guards = Guards(evaluator)

    def outcome(self, key: str) -> Value | None:
        """Return null, with its place, if the function gives up after some attempts."""
        function = self.evaluator.scopes.functions.get(key)
        if function is None:
            return None
        first = function.parameters[0].target if function.parameters else None
        counter = first.id if isinstance(first, x.Name) else None
        spans = self._statements(function.body, self.evaluator.scopes.of(function), counter)
        found = next(iter(spans), None)
        if found is None and not function.method and not _leaves(function.body, 0):
            found = function.span
        return None if found is None else Literal("null", "null", self.evaluator.source.locate(found))

    def _statements(self, body: list[x.Statement], scope: Scope, counter: str | None, depth: int = 0) -> Iterator[Span]:
        for statement in body if depth < _DEPTH else ():
            match statement:
                case x.Return(value=None):
                    yield statement.span
                case x.Return(value=value) if value is not None:
                    yield from _expression(value, counter)
                case x.If(test=test, then=then, otherwise=otherwise):
                    counts = _mentions(test, counter)
                    for part, guard in (
                        (then, self.guards.of(test, scope)),
                        (otherwise, self.guards.otherwise(test, scope)),
                    ):
                        if counts and guard not in _ELSEWHERE and not any(ends(inner) for inner in part):
                            yield from self._statements(part, scope, counter, depth + 1)
                    if not counts and _leaves(then, depth):
                        return
                case x.Block(body=inner):
                    yield from self._statements(inner, scope, counter, depth + 1)
                case _:
                    pass


def _expression(value: x.Expression, counter: str | None) -> Iterator[Span]:
    """Yield where an expression that is returned gives up."""
    for _ in range(_DEPTH):
        match value:
            case x.Assertion(value=inner):
                value = inner
            case x.Binary(operator="or" | "coalesce", right=right):
                value = right
            case x.Binary(operator="and", left=left, right=right):
                if _mentions(left, counter):
                    yield left.span
                value = right
            case x.Choice(test=test, yes=yes, no=no) if _mentions(test, counter):
                yield from _expression(yes, counter)
                value = no
            case x.Constant(kind="null" | "false") | x.Call(new=True, callee=x.Name(id="Error")):
                yield value.span
                return
            case _:
                return


def _mentions(expression: x.Expression, counter: str | None) -> bool:
    stack = [expression]
    while stack:
        part = stack.pop()
        if isinstance(part, x.Name) and part.id == counter:
            return True
        stack.extend(children(part))
    return False


def _leaves(body: list[x.Statement], depth: int) -> bool:
    """Return whether the end of a body is never reached."""
    if not body or depth > _DEPTH:
        return False
    match body[-1]:
        case x.Return() | x.Raise():
            return True
        case x.If(then=then, otherwise=otherwise):
            return _leaves(then, depth + 1) and _leaves(otherwise, depth + 1)
        case x.Block(body=inner):
            return _leaves(inner, depth + 1)
        case _:
            return any(ends(statement) for statement in body)
