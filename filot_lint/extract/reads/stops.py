"""Which blocks stop the program, and on which stage."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.guards import Guards
from filot_lint.extract.evaluation.scopes import Scope, Scopes
from filot_lint.extract.reads.logs import dotted
from filot_lint.facts import Guard
from filot_lint.syntax import expression as x
from filot_lint.values import Callable

_EXITS = frozenset({
    "process.exit", "process.abort", "Deno.exit", "sys.exit", "exit", "quit", "os._exit", "os.abort",
})  # fmt: skip


class Stops:
    """Reads blocks; one per file."""

    def __init__(self, evaluator: Evaluator, scopes: Scopes, guards: Guards) -> None:
        """Take the values that callees are evaluated with."""
        self.evaluator = evaluator
        self.scopes = scopes
        self.guards = guards
        self._never: dict[str, bool] = {}

    def always(self, body: list[x.Statement], scope: Scope) -> bool:
        """Return whether a block ends by raising or by ending the process, itself or in a function it calls."""
        if not body:
            return False
        last = body[-1]
        if isinstance(last, x.Raise):
            return True
        if isinstance(last, x.Block) and last.kind == "block":
            return self.always(last.body, self.scopes.opens(last, 0, scope))
        return any(ends(statement) or self._hands_over(statement, scope) for statement in body)

    def on(self, body: list[x.Statement], scope: Scope) -> Guard | None:
        """Return on which stage a block stops the program, None when it goes on."""
        if self.always(body, scope):
            return "always"
        for statement in body:
            if isinstance(statement, x.If):
                guard = self.guards.alone(statement.test, scope)
                if guard != "always" and self.always(statement.then, self.scopes.opens(statement, 0, scope)):
                    return guard
        return None

    def leaves(self, body: list[x.Statement], scope: Scope) -> bool:
        """Return whether nothing after a block runs."""
        return bool(body) and (isinstance(body[-1], x.Return | x.Raise) or self.always(body, scope))

    def never_returns(self, expression: x.Expression | None, scope: Scope) -> bool:
        """Return whether an expression is the call of a function that only throws."""
        function = self.evaluator.evaluate(expression.callee, scope) if isinstance(expression, x.Call) else None
        if not isinstance(function, Callable) or function.function not in self.scopes.functions:
            return False
        key = function.function
        if key not in self._never:
            self._never[key] = False
            node = self.scopes.functions[key]
            self._never[key] = self.always(node.body, self.scopes.of(node))
        return self._never[key]

    def _hands_over(self, statement: x.Statement, scope: Scope) -> bool:
        value = statement.value if isinstance(statement, x.Evaluate | x.Return) else None
        return self.never_returns(value, scope)


def rethrows(body: list[x.Statement], scope: Scope) -> bool:
    """Return whether a block only passes on the error that is being handled."""
    last = body[-1] if body else None
    if not isinstance(last, x.Raise):
        return False
    name = last.value.id if isinstance(last.value, x.Name) else ""
    return last.value is None or (bool(name) and not name[0].isupper() and scope.lookup(name) is None)


def ends(statement: x.Statement) -> bool:
    """Return whether a statement ends the process."""
    return (
        isinstance(statement, x.Evaluate)
        and isinstance(statement.value, x.Call)
        and dotted(statement.value.callee) in _EXITS
    )
