"""Fields whose decorator names their variable: `@Env("PORT") port: number = 3000`. Whether it does, linking decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at
from filot_lint.extract.redact import default_of, redact
from filot_lint.facts import DecoratedField
from filot_lint.syntax import expression as x
from filot_lint.values import Callable, Env, Literal, Ref

_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


def decorated(evaluator: Evaluator, node: x.Class, scope: Scope) -> Iterator[DecoratedField]:
    """Yield the fields of a class with a decorator of the workspace that is given a name in capitals."""
    for statement in node.body:
        if isinstance(statement, x.Assign):
            for decorator in statement.decorators:
                if isinstance(decorator, x.Call) and decorator.arguments:
                    yield from _field(evaluator, statement, decorator, scope)


def _field(evaluator: Evaluator, statement: x.Assign, decorator: x.Call, scope: Scope) -> Iterator[DecoratedField]:
    name = evaluator.evaluate(decorator.arguments[0].value, scope)
    callee = evaluator.evaluate(decorator.callee, scope)
    known = isinstance(callee, Callable) or (isinstance(callee, Ref) and bool(callee.module))
    if not known or not isinstance(name, Literal) or _NAME.fullmatch(name.text) is None:
        return
    default = evaluator.evaluate(statement.value, scope) if statement.value is not None else None
    place = place_at(evaluator.source, evaluator.source.locate(decorator.arguments[0].value.span))
    yield DecoratedField(
        **place,
        decorator=callee,
        name=name.text,
        value=redact(Env(name.text, default), name.text) or Env(name.text),
        default=default_of(name.text, default),
    )
