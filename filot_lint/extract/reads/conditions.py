"""Which other variable decides that code runs: `if USE_S3:` around what only S3 needs."""

from __future__ import annotations

import msgspec

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.facts import Condition
from filot_lint.secrets import may_show
from filot_lint.source import Location
from filot_lint.syntax import expression as x
from filot_lint.values import Env, Literal, Value

_CHAIN = 6


def condition(
    test: x.Expression, scope: Scope, evaluator: Evaluator, *, holds: bool, hops: int = _CHAIN
) -> Condition | None:
    """Return the variable that a test asks, where it `holds` or does not; None when it is about something else."""
    if hops == 0:
        return None
    match test:
        case x.Unary(operator="not", operand=operand):
            return condition(operand, scope, evaluator, holds=not holds, hops=hops - 1)
        case x.Assertion(value=value):
            return condition(value, scope, evaluator, holds=holds, hops=hops - 1)
        case x.Binary(operator="and" | "or" as operator, left=left, right=right):
            if holds != (operator == "and"):
                return None
            sides = (condition(side, scope, evaluator, holds=holds, hops=hops - 1) for side in (left, right))
            return next((side for side in sides if side is not None), None)
        case x.Binary(operator="==" | "!=" as operator, left=left, right=right):
            name, text = _asked(evaluator.evaluate(left, scope)), evaluator.evaluate(right, scope)
            if name is None or not isinstance(text, Literal):
                return None
            at = evaluator.source.locate(test.span)
            return _compared(name, text, at, holds=holds == (operator == "=="))
        case x.Name() | x.Member() | x.Index() | x.Call():
            name = _asked(evaluator.evaluate(test, scope))
            if name is not None:
                return Condition(name, evaluator.source.locate(test.span), holds=holds)
            bindings = (scope.lookup(test.id) or []) if isinstance(test, x.Name) else []
            held = bindings[0] if len(bindings) == 1 and bindings[0].kind == "value" else None
            if held is None or held.expression is None or held.path:
                return None
            found = condition(held.expression, held.scope, evaluator, holds=holds, hops=hops - 1)
            return found and msgspec.structs.replace(found, at=evaluator.source.locate(test.span))
        case _:
            return None


def _compared(name: str, text: Literal, at: Location, *, holds: bool) -> Condition | None:
    if text.is_empty:
        return Condition(name, at, holds=not holds)
    return Condition(name, at, text=text.text, holds=holds) if may_show(name, text.text) else None


def _asked(value: Value) -> str | None:
    """Return the variable that a value is, whatever stands in for it."""
    return value.name if isinstance(value, Env) and not isinstance(value.default, Env) else None


def chain(value: Value) -> tuple[str, ...]:
    """Return the variables of which the first that is there is taken, if nothing else stands in for them."""
    names: list[str] = []
    while isinstance(value, Env) and value.name is not None and len(names) < _CHAIN:
        names.append(value.name)
        if value.default is None or (isinstance(value.default, Literal) and value.default.is_empty):
            return tuple(dict.fromkeys(names))
        value = value.default
    return ()
