"""Clients that are made anew: the function that hands one out looks whether the old one has ended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from filot_lint.extract.libraries.definitions import parts
from filot_lint.extract.reads.logs import dotted
from filot_lint.syntax import expression as x
from filot_lint.values import Callable

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

_LISTENS = frozenset({"on", "once", "addListener"})
_ENDS = frozenset({"end", "close", "error"})
_STATES = frozenset({"status", "isOpen", "isReady"})


class Renewals:
    """Answers for one file whether an ended client gets a successor."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the functions of the file."""
        self.evaluator = evaluator

    def of(self, call: x.Call, gives_up: str) -> bool:
        """Return whether a client that a call makes is replaced once the function `gives_up` has given up.

        A test of its state, or of what a handler of its end sets, must stand before the next construction.
        """
        functions = list(self.evaluator.scopes.functions.values())
        around = [function for function in functions if _holds(function, call)]
        maker = min(around, key=lambda f: f.span.end - f.span.start, default=None)
        if maker is None:
            return False
        marks = set(self._marks(gives_up))
        for function in functions:
            nodes = list(_nodes(function))
            made = [node.span.start for node in nodes if node is call or _calls(node, maker)]
            tests = [node for node in nodes if isinstance(node, x.If) and _asks(node.test, marks)]
            if any(test.span.start < start for test in tests for start in made):
                return True
        return False

    def _marks(self, gives_up: str) -> Iterator[str]:
        """Yield the names that are set when a client ends."""
        handlers = [self.evaluator.scopes.functions.get(gives_up), *self._handlers()]
        for node in (node for handler in handlers if handler is not None for node in _nodes(handler)):
            if isinstance(node, x.Assign) and isinstance(node.target, x.Name | x.Member):
                yield dotted(node.target)

    def _handlers(self) -> Iterator[x.Function | None]:
        for node in (node for statement in self.evaluator.scopes.body for node in _nodes(statement)):
            match node:
                case x.Call(
                    callee=x.Member(name=method), arguments=[x.Argument(value=x.Text(text=event)), listener, *_]
                ) if method in _LISTENS and event in _ENDS:
                    yield self._function(listener.value)

    def _function(self, listener: x.Expression) -> x.Function | None:
        if isinstance(listener, x.Lambda):
            return listener.function
        value = self.evaluator.evaluate(listener, self.evaluator.scopes.module)
        return self.evaluator.scopes.functions.get(value.function) if isinstance(value, Callable) else None


def _holds(function: x.Function, call: x.Call) -> bool:
    return function.span.start <= call.span.start and call.span.end <= function.span.end


def _calls(node: object, maker: x.Function) -> bool:
    return isinstance(node, x.Call) and maker.name is not None and dotted(node.callee).split(".")[-1] == maker.name


def _asks(test: x.Expression, marks: set[str]) -> bool:
    nodes = (node for node in _nodes(test) if isinstance(node, x.Name | x.Member))
    return any(dotted(node) in marks or (isinstance(node, x.Member) and node.name in _STATES) for node in nodes)


def _nodes(root: x.Node) -> Iterator[x.Node]:
    stack: list[object] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, x.Node):
            yield node
            stack.extend(parts(node))
