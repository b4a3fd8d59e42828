"""Proxies that answer for members their target does not have: `new Proxy(store, { get: (s, name) => s.get(name) })`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.syntax import expression as x
from filot_lint.values import ANY_MEMBER, Callable, Record, Value

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator


def proxy(call: x.Call, scope: Scope, evaluator: Evaluator) -> Value:
    """Return what a proxy is: its target, with the method that is asked for any other member."""
    target = evaluator.evaluate(call.arguments[0].value, scope)
    handler = evaluator.evaluate(call.arguments[1].value, scope) if len(call.arguments) > 1 else None
    trap = handler.get("get") if isinstance(handler, Record) else None
    if not isinstance(target, Record) or not isinstance(trap, Callable):
        return target
    asked = target.get(_method(evaluator.scopes.functions[trap.function], evaluator) or "")
    return Record((*target.entries, (ANY_MEMBER, asked)), target.open) if isinstance(asked, Callable) else target


def _method(trap: x.Function, evaluator: Evaluator) -> str | None:
    """Return the method of the target that a trap calls with the name of the member."""
    names = [p.target.id for p in trap.parameters[:2] if isinstance(p.target, x.Name)]
    if len(names) < 2:  # noqa: PLR2004
        return None
    for statement, _ in evaluator.return_statements(trap.body, evaluator.scopes.of(trap)):
        match _alternatives(statement.value):
            case [*_, x.Call(callee=x.Member(object=x.Name(id=owner), name=method), arguments=[first, *_])]:
                argument = first.value.value if isinstance(first.value, x.Assertion) else first.value
                if owner == names[0] and isinstance(argument, x.Name) and argument.id == names[1]:
                    return method
            case _:
                pass
    return None


def _alternatives(value: x.Expression | None) -> list[x.Expression | None]:
    """Return what a choice may give, the calls last."""
    while isinstance(value, x.Assertion):
        value = value.value
    parts = [value.yes, value.no] if isinstance(value, x.Choice) else [value]
    return sorted(parts, key=lambda part: isinstance(part, x.Call) and _is_plain(part))


def _is_plain(call: x.Call) -> bool:
    return isinstance(call.callee, x.Member) and not (
        isinstance(call.callee.object, x.Name) and call.callee.object.id == "Reflect"
    )
