"""What calls are given: arguments, with what the call makes of them."""

from __future__ import annotations

from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.casts import Casts, parser_of
from filot_lint.extract.reads.context import Context, Visitor
from filot_lint.extract.reads.copies import Copies
from filot_lint.extract.reads.logs import is_log
from filot_lint.facts import Access
from filot_lint.syntax import expression as x
from filot_lint.values import UNKNOWN, Callable, Value

_NOW = frozenset({"map", "forEach", "filter", "reduce", "flatMap", "some", "every", "find", "sort", "then"})
_TESTING = frozenset({"filter", "some", "every", "find", "findIndex", "findLast"})


class Given:
    """Visits arguments; one per file."""

    def __init__(self, visitor: Visitor, copies: Copies, casts: Casts) -> None:
        """Take who visits the rest."""
        self.visitor = visitor
        self.copies = copies
        self.casts = casts
        self.evaluator = copies.evaluator

    def visit(self, call: x.Call, scope: Scope, context: Context, callee: Value = UNKNOWN, skip: int = 0) -> None:
        """Visit the arguments of a call from the one after `skip` on."""
        if is_log(call.callee):
            context = context._replace(flow="log")
        method = call.callee.name if isinstance(call.callee, x.Member) else ""
        tests = isinstance(call.callee, x.Name) and call.callee.id in {"any", "all"} and self.evaluator.python
        turned, cast = self._turned(call, callee)
        for argument in call.arguments[skip:]:
            value = argument.value
            if method in _NOW and isinstance(value, x.Lambda):
                returned: Access = "presence" if method in _TESTING else "read"
                self.visitor.function(value.function, scope, context.fresh(), returned, inline=True)
            elif tests and isinstance(value, x.Comprehension | x.Array):
                self.visitor.expression(value, scope, context.fresh()._replace(usage="presence"))
            else:
                inner = self.copies.handed(call, callee, argument, scope, context)
                made, checked = cast if value is turned else None, isinstance(callee, Callable)
                self.visitor.expression(value, scope, inner.fresh()._replace(cast=made, checked=checked))

    def _turned(self, call: x.Call, callee: Value) -> tuple[x.Expression | None, str | None]:
        """Return the argument of which a call makes something else than a text, and what that is."""
        if isinstance(callee, Callable) and callee.function in self.evaluator.scopes.functions:
            found = self.casts.of_function(callee.function)
            node = self.evaluator.scopes.functions[callee.function]
            shift = 1 if callee.bound else 0
            return (self.evaluator.pick(call, node, found[0], shift), found[1]) if found is not None else (None, None)
        name = self.evaluator.qualified(callee)
        cast = parser_of(name) if name is not None and call.arguments else None
        return (call.arguments[0].value, cast) if cast is not None else (None, None)
