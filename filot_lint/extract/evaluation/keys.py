"""What a variable is asked for by: the value of an expression, and where that is not known what the host says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.frames import copied
from filot_lint.source import Oracle, SourceFile
from filot_lint.syntax import expression as x
from filot_lint.values import Env, Literal, Parameter, Ref, Unknown, Value, coalesce, literals, names_of, options

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator
    from filot_lint.extract.evaluation.scopes import Scope

_ASKED = (x.Name, x.Member, x.Index, x.Call)


class Keys:
    """Answers which names an expression can be; one per evaluator."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is asked yet."""
        self.evaluator = evaluator
        self._asking: Evaluator | None = None

    def of(self, expression: x.Expression, scope: Scope) -> Value:
        """Return the names; where the workspace does not tell them either, with those that an oracle knows."""
        value = self.evaluator.evaluate(expression, scope)
        source = self.evaluator.source
        if source.doubt is None or self.evaluator.oracle is not None or None not in names_of(value):
            return value
        if not source.doubt.holds(source.locate(expression.span)):
            return value
        if self._asking is None:
            made = type(self.evaluator)
            self._asking = made(source, self.evaluator.scopes, self.evaluator.models, source.doubt.oracle)
            self._asking.settings = self.evaluator.settings
        with self._asking.frames.inside(copied(self.evaluator.frames.current)):
            return self._asking.evaluate(expression, scope)


def told(oracle: Oracle, source: SourceFile, expression: x.Expression, value: Value) -> Value:
    """Return a value with what an oracle adds to it; what callers or the environment decide is not asked for."""
    every = list(options(value))
    decided = any(isinstance(option, Parameter | Env) for option in every)
    if decided or not any(_is_open(option) for option in every) or not isinstance(expression, _ASKED):
        return value
    texts = oracle.texts(source.locate(expression.span))
    if texts is None:
        return value
    known = list(literals(value))
    written = {literal.text for literal in known}
    return coalesce([*known, *(Literal(text) for text in texts if text not in written)])


def _is_open(value: Value) -> bool:
    return isinstance(value, Unknown) or (isinstance(value, Ref) and bool(value.module and value.path))
