"""Calls that touch variables: readers of the models, calls of the language, casts, tests of what they are given."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import CASTS
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.casts import Casts, cast_of
from filot_lint.extract.reads.context import Context, Recorder, Touched, Visitor
from filot_lint.extract.reads.copies import Copies
from filot_lint.extract.reads.demands import Demands, is_invariant
from filot_lint.extract.reads.filled_texts import FilledTexts
from filot_lint.extract.reads.given import Given
from filot_lint.extract.reads.method_touches import MethodTouches
from filot_lint.extract.reads.readers import Readers
from filot_lint.extract.reads.touches import Touches
from filot_lint.facts import Access
from filot_lint.syntax import expression as x
from filot_lint.values import Callable, Environment, Ref

_OF_FIRST: dict[str, Access] = {"Object.hasOwn": "presence", "Object.prototype.hasOwnProperty.call": "presence",
                                "Reflect.has": "presence", "Reflect.get": "read"}  # fmt: skip
_MAPS = frozenset({"map", "filter", "functools.partial"})
_BOOLEANS = frozenset({"Boolean", "bool"})
_PARSED = frozenset({"integer", "number"})


class CallTouches:
    """Visits calls; one per file."""

    def __init__(  # its parts
        self, visitor: Visitor, copies: Copies, casts: Casts, touches: Touches, demands: Demands, recorder: Recorder
    ) -> None:
        """Take who visits the rest."""
        self.visitor = visitor
        self.evaluator = copies.evaluator
        self.models = copies.evaluator.models
        self.given = Given(visitor, copies, casts)
        self.readers = Readers(self.given, recorder)
        self.texts = FilledTexts(self.evaluator, recorder)
        self.methods = MethodTouches(self.readers, touches, self.texts, recorder)
        self.demands = demands
        self.recorder = recorder

    def visit(self, call: x.Call, scope: Scope, context: Context) -> Touched:
        """Visit a call; returns the touches that are its value."""
        callee = call.callee
        if isinstance(callee, x.Member):
            touched = self.methods.visit(call, callee, scope, context)
            if touched is not None:
                return touched
        function = self.evaluator.evaluate(callee, scope)
        touched = self._by_name(self.evaluator.qualified(function), call, scope, context)
        if touched is not None:
            return touched
        if isinstance(function, Environment):
            reader = self.models.methods.get((function.via, "()"))
            if reader is not None:
                return self.readers.read(call, reader, function, scope, context)
        self.recorder.demanded(self.demands.of_call(call, function, scope), context, call.span)
        self.recorder.call(call, function, scope, context)
        if isinstance(callee, x.Lambda):
            self.visitor.function(callee.function, scope, context.fresh(), inline=True)
        elif not isinstance(callee, x.Name):
            self.visitor.expression(callee, scope, context.fresh())
        self.given.visit(call, scope, context, function)
        return (call,) if isinstance(function, Callable) else ()

    def _by_name(self, name: str | None, call: x.Call, scope: Scope, context: Context) -> Touched | None:
        """Visit a call of something that the models or the language know; None for others."""
        reader = self.models.readers.get(name or "")
        if reader is not None:
            return self.readers.read(call, reader, Environment(reader.via), scope, context)
        if name is None or not call.arguments:
            return None
        first = call.arguments[0].value
        if name in CASTS:
            cast = cast_of(name)
            usage: Access = "presence" if name in _BOOLEANS else "read" if cast in _PARSED else context.usage
            self.given.visit(call, scope, context, skip=1)
            return self.visitor.expression(first, scope, context._replace(cast=context.cast or cast, usage=usage))
        if is_invariant(name):
            self.recorder.demanded(self.demands.tested(first, scope, missing=False), context, call.span)
            self.visitor.expression(first, scope, context.fresh()._replace(usage="presence"))
            self.given.visit(call, scope, context, skip=1)
            return ()
        known = self.texts.expanded(name, call, scope, context) or self._of_language(name, call, scope, context)
        return () if known else None

    def _of_language(self, name: str, call: x.Call, scope: Scope, context: Context) -> bool:
        """Visit the calls of the language that touch variables; returns whether it was one."""
        if len(call.arguments) < 2:  # noqa: PLR2004
            return False
        first, second = [self.evaluator.evaluate(argument.value, scope) for argument in call.arguments[:2]]
        direct = isinstance(call.arguments[1].value, x.Text)
        if isinstance(first, Environment) and name in _OF_FIRST:
            self.recorder.read(second, first, call.span, context, direct=direct, access=_OF_FIRST[name])
            return True
        if isinstance(first, Environment) and name == "Object.assign":
            self.readers.written(call, first, scope, context)
            return True
        if isinstance(first, Ref) and name in _MAPS:
            reader = self.models.readers.get(self.evaluator.qualified(first) or "")
            if reader is not None:
                key = second if name == "functools.partial" else self.evaluator.each(second)
                inner = context.fresh()._replace(usage=reader.access)
                self.recorder.read(key, Environment(reader.via), call.span, inner, reader, direct=direct)
                return True
        return False
