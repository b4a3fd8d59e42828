"""Expressions: how the value of each part is used by what stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.scopes import Scope, children
from filot_lint.extract.reads.call_touches import CallTouches
from filot_lint.extract.reads.casts import Casts, is_flag
from filot_lint.extract.reads.conditions import chain
from filot_lint.extract.reads.context import Context, Touched
from filot_lint.extract.reads.copies import Copies
from filot_lint.extract.reads.touches import Touches
from filot_lint.facts import Access
from filot_lint.syntax import expression as x
from filot_lint.values import Env, with_default

if TYPE_CHECKING:
    from filot_lint.extract.reads.walk import Walk


_WORDS = frozenset({"placeholder", "helpText", "help_text", "helperText", "hint", "tooltip", "example", "examples"})
"""Keys of forms and descriptions."""


class Expressions:
    """Visits expressions; one per file."""

    def __init__(self, walk: Walk) -> None:
        """Take who visits statements."""
        self.walk = walk
        self.evaluator = walk.evaluator
        self.scopes = walk.scopes
        self.recorder = walk.recorder
        self.stops = walk.stops
        self.touches = Touches(walk, walk.evaluator, walk.recorder)
        self.copies = Copies(walk, walk.evaluator, walk.recorder)
        self.casts = Casts(walk.evaluator)
        self.calls = CallTouches(walk, self.copies, self.casts, self.touches, walk.demands, walk.recorder)

    def visit(self, expression: x.Expression, scope: Scope, context: Context) -> Touched:
        """Visit an expression; returns the touch of the environment that is its value, if it is one."""
        context, copy = self.copies.visit(expression, scope, context)
        touched = self._visit(expression, scope, context)
        return touched if copy is None else (copy,)

    def _visit(self, expression: x.Expression, scope: Scope, context: Context) -> Touched:  # noqa: PLR0911  # one arm per kind
        match expression:
            case x.Member():
                return self.touches.member(expression, scope, context)
            case x.Index():
                return self.touches.index(expression, scope, context)
            case x.Call():
                return self.calls.visit(expression, scope, context)
            case x.Binary():
                return self._binary(expression, scope, context)
            case x.Unary(operator=operator, operand=operand):
                if operator == "delete":
                    self.touches.touch(operand, scope, context, "delete")
                    return ()
                usage: Access = "presence" if operator in {"not", "typeof"} else "read"
                cast = "number" if operator == "+" else None
                self.visit(operand, scope, context.fresh()._replace(usage=usage, cast=cast))
                return ()
            case x.Choice():
                return self._choice(expression, scope, context)
            case x.Assertion(value=value):
                return self.visit(value, scope, context._replace(claimed=True))
            case x.Spread(value=value):
                return self.visit(value, scope, context.fresh())
            case x.Lambda(function=function):
                self.walk.function(function, scope, context._replace(deferred=True))
                return ()
            case x.ClassValue(body=body):
                self.walk.class_(body, scope, context)
                return ()
            case x.Inline(statement=statement):
                return self.walk.assign(statement, scope, context)
            case x.Comprehension(element=element, key=key, clauses=clauses):
                inner = self.scopes.of(expression)
                for clause in clauses:
                    self.visit(clause.iterable, inner, context.fresh())
                    for test in clause.tests:
                        self.visit(test, inner, context.fresh()._replace(usage="presence"))
                if key is not None:
                    self.visit(key, inner, context.fresh())
                self.visit(element, inner, context.fresh()._replace(usage=context.usage))
                return ()
            case x.Name(id=name):
                self.recorder.used(name, scope, context)
                return ()
            case x.Mapping():
                self.recorder.mapping(expression, scope, context)
                self._entries(expression, scope, context.fresh())
                return ()
            case _:
                for child in children(expression):
                    self.visit(child, scope, context.fresh())
                return ()

    def _entries(self, mapping: x.Mapping, scope: Scope, context: Context) -> None:
        """Visit an object; what stands in a field of a form, or describes one, is words for people."""
        for entry in mapping.entries:
            if entry.key is not None:
                self.visit(entry.key, scope, context)
            words = isinstance(entry.key, x.Text) and entry.key.text in _WORDS
            self.visit(entry.value, scope, context._replace(flow="display") if words else context)

    def _binary(self, expression: x.Binary, scope: Scope, context: Context) -> Touched:
        left, right = expression.left, expression.right
        match expression.operator:
            case "or" | "coalesce":
                if context.usage == "presence":
                    self.visit(left, scope, context)
                    return self.visit(right, scope, context)
                if self.stops.never_returns(right, scope):
                    self.visit(right, scope, context.fresh())
                    return self.visit(left, scope, context._replace(asserted=True))
                default = self.evaluator.evaluate(right, scope)
                if context.default is not None:
                    default = with_default(default, context.default)
                kept = expression.operator == "coalesce" and context.empty != "replaced"
                inner = context._replace(default=default, empty="kept" if kept else "replaced")
                touched = self.visit(left, scope, inner)
                first = chain(self.evaluator.evaluate(left, scope))
                other = self.visit(right, scope, context._replace(instead=(*context.instead, *first)))
                return (*touched, *other)
            case "and":
                self.visit(left, scope, context.fresh()._replace(usage="presence"))
                return self.visit(right, scope, self.walk.assuming(left, scope, context, holds=True))
            case "in" | "not in":
                cast = "boolean" if self.casts.is_list_of_flags(right, scope) else None
                self.touches.membership(left, right, scope, context._replace(cast=cast))
                return ()
            case "%" if self.calls.texts.interpolated(left, right, scope, context):
                return ()
            case "-" | "<=" if self.touches.looked_up(left, right, scope, context):
                return ()
            case "==" | "!=":
                self.recorder.compared(expression, scope, context)
                for side, other_side in ((left, right), (right, left)):
                    empty = isinstance(other_side, x.Constant) or (
                        isinstance(other_side, x.Text) and (not other_side.text or _is_typeof(side))
                    )
                    usage: Access = "presence" if empty else "read"
                    cast = "boolean" if is_flag(other_side) else None
                    self.visit(side, scope, context.fresh()._replace(usage=usage, cast=cast, compared=True))
                return ()
            case _:
                self.visit(left, scope, context.fresh())
                self.visit(right, scope, context.fresh())
                return ()

    def _choice(self, expression: x.Choice, scope: Scope, context: Context) -> Touched:
        self.visit(expression.test, scope, context.fresh()._replace(usage="presence"))
        test, yes, no = expression.test, expression.yes, expression.no
        if isinstance(test, x.Unary) and test.operator == "not":
            test, yes, no = test.operand, no, yes
        first, second = (self.walk.assuming(test, scope, context, holds=holds) for holds in (True, False))
        if first.guard == second.guard and isinstance(self.evaluator.evaluate(yes, scope), Env):
            first = first._replace(default=self.evaluator.evaluate(no, scope), empty=None)
        touched = self.visit(yes, scope, first)
        return (*touched, *self.visit(no, scope, second))


def _is_typeof(expression: x.Expression) -> bool:
    return isinstance(expression, x.Unary) and expression.operator == "typeof"
