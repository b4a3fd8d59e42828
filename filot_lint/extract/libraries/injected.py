"""Objects that a framework or a container hands over: what they are by the parameter's type, or by its provider."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.scope import Scope
from filot_lint.syntax import expression as x
from filot_lint.values import Callable, Instance, Parameter, Record, Ref, Value, called_with, member, options

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

_PROVIDERS = frozenset({"Depends", "Security", "Provide", "Inject"})


class Injected:
    """Answers what a parameter is, for one file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is known yet."""
        self.evaluator = evaluator
        self._provided: dict[int, x.Call] = {}

    def kinds(self, expression: x.Expression, scope: Scope) -> Iterator[Value]:
        """Yield what an object can be, and what it is by the types of the parameters it comes from."""
        owner = scope.enclosing_class()
        if isinstance(expression, x.Name) and expression.id in {"this", "self"} and owner is not None:
            yield self.evaluator.class_record(owner)
            return
        for option in options(self.evaluator.evaluate(expression, scope)):
            yield option
            if isinstance(option, Parameter):
                yield from self.of(option)
        if isinstance(expression, x.Call) and isinstance(expression.callee, x.Member):
            for kind in self.kinds(expression.callee.object, scope):
                yield from self._result(kind, expression.callee.name)

    def _result(self, kind: Value, method: str) -> Iterator[Value]:
        if isinstance(kind, Ref) and kind.module:
            yield called_with(Ref(kind.module, (*kind.path, method)), [])
        elif isinstance(kind, Instance):
            made = self.evaluator.models.made_by(kind.type, method)
            if made is not None:
                yield Instance(made, kind.subject, kind.at)
        elif isinstance(kind, Record):
            function = kind.get(method)
            if isinstance(function, Callable):
                yield from options(self.evaluator.returned(function.function))

    def of(self, parameter: Parameter) -> Iterator[Value]:
        """Yield what a parameter, or a part of it, is by its type and its provider."""
        function = self.evaluator.scopes.functions.get(parameter.function)
        if function is None:
            return
        declared, inner = function.parameters[parameter.index], self.evaluator.scopes.of(function)
        for expression in (declared.annotation, self._provider(declared.default)):
            if expression is not None:
                value = self.evaluator.evaluate(expression, inner)
                for step in parameter.path:
                    value = self.evaluator.member(value, step) if not step.endswith(")") else member(value, step)
                yield value

    def callee(self, callee: Value) -> Value:
        """Return the method that a call of a parameter's method is by the parameter's type."""
        if not isinstance(callee, Parameter) or not callee.path:
            return callee
        found = (kind for kind in self.of(callee) if isinstance(kind, Callable) or _imported(kind))
        return next(found, callee)

    def _provider(self, default: x.Expression | None) -> x.Expression | None:
        """Return the call a framework makes for a parameter: `Depends(get_redis)`."""
        if not isinstance(default, x.Call) or not default.arguments or _last_word(default.callee) not in _PROVIDERS:
            return None
        return self._provided.setdefault(id(default), x.Call(default.span, default.arguments[0].value, []))


def _imported(kind: Value) -> bool:
    return isinstance(kind, Ref) and bool(kind.module)


def _last_word(expression: x.Expression) -> str:
    if isinstance(expression, x.Member):
        return expression.name
    return expression.id if isinstance(expression, x.Name) else ""
