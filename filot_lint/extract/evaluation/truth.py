"""Tests that constants decide: `name != "A"`, `name in KEEP`, `name.startswith("P_")` for a known name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.scope import Scope
from filot_lint.syntax import expression as x
from filot_lint.values import Literal, Record, Sequence, Value, keys_of

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

_FALSE = frozenset({("null", "null"), ("boolean", "false"), ("string", ""), ("number", "0")})


def truth(evaluator: Evaluator, test: x.Expression, scope: Scope) -> bool | None:
    """Return whether a test holds, None when it cannot be told."""
    match test:
        case x.Unary(operator="not", operand=operand):
            found = truth(evaluator, operand, scope)
            return None if found is None else not found
        case x.Binary(operator="and" | "or" as operator, left=left, right=right):
            decisive = operator == "or"
            both = (truth(evaluator, left, scope), truth(evaluator, right, scope))
            return decisive if decisive in both else None if None in both else not decisive
        case x.Binary(operator="==" | "!=" as operator, left=left, right=right):
            first, second = evaluator.evaluate(left, scope), evaluator.evaluate(right, scope)
            if not isinstance(first, Literal) or not isinstance(second, Literal):
                return None
            return (first.text == second.text) == (operator == "==")
        case x.Binary(operator="in" | "not in" as operator, left=left, right=right):
            inside = _contains(evaluator.evaluate(right, scope), evaluator.evaluate(left, scope))
            return None if inside is None else inside == (operator == "in")
        case x.Call(callee=x.Member(object=target, name=method), arguments=[only]):
            return _method(evaluator.evaluate(target, scope), method, evaluator.evaluate(only.value, scope))
        case _:
            value = evaluator.evaluate(test, scope)
            return (value.type, value.text) not in _FALSE if isinstance(value, Literal) else None


def _contains(container: Value, item: Value) -> bool | None:
    if isinstance(container, Record):
        container = keys_of(container)
    if not isinstance(item, Literal):
        return None
    if isinstance(container, Literal):
        return item.text in container.text
    if not isinstance(container, Sequence):
        return None
    texts = [entry.text if isinstance(entry, Literal) else None for entry in container.items]
    return True if item.text in texts else None if container.open or None in texts else False


def _method(target: Value, method: str, given: Value) -> bool | None:
    if method in {"includes", "has", "__contains__"}:
        return _contains(target, given)
    if not isinstance(target, Literal):
        return None
    choices = given.items if isinstance(given, Sequence) else (given,)
    texts = tuple(choice.text for choice in choices if isinstance(choice, Literal))
    if len(texts) < len(choices):
        return None
    if method in {"startswith", "startsWith"}:
        return target.text.startswith(texts)
    return target.text.endswith(texts) if method in {"endswith", "endsWith"} else None
