"""Everything about the secrets of one file, told by the walk."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.guards import Guards
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.context import Context
from filot_lint.extract.secrets.absences import Absences
from filot_lint.extract.secrets.comparisons import Comparisons
from filot_lint.extract.secrets.exposures import Exposures
from filot_lint.extract.secrets.hashes import Hashes
from filot_lint.extract.secrets.literals import Literals
from filot_lint.extract.secrets.origins import Origins
from filot_lint.facts import Fact
from filot_lint.syntax import expression as x
from filot_lint.values import Value


class Secrets:
    """Collects what a file does with secrets."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is found yet."""
        guards = Guards(evaluator)
        self.origins = Origins(evaluator)
        self.comparisons = Comparisons(evaluator, self.origins)
        self.absences = Absences(evaluator, self.origins, guards)
        self.exposures = Exposures(evaluator)
        self.hashes = Hashes(evaluator)
        self.literals = Literals(evaluator, guards)

    def call(self, call: x.Call, callee: Value, scope: Scope, context: Context) -> None:
        """Take a call."""
        self.comparisons.call(call, callee, scope, context)
        self.exposures.call(call, scope, context)
        self.hashes.call(call, callee, scope, context)
        if isinstance(call.callee, x.Member) and call.callee.name == "update" and call.arguments:
            target = call.callee.object
            bindings = scope.lookup(target.id) if isinstance(target, x.Name) else None
            if bindings is not None:
                self.origins.updates.setdefault(id(bindings), []).append((call.arguments[0].value, scope))

    def facts(self, body: list[x.Statement]) -> Iterator[Fact]:
        """Yield the facts, once the whole file is known."""
        yield from self.comparisons.facts()
        yield from self.absences.facts()
        yield from self.exposures.facts
        yield from self.hashes.facts
        yield from self.literals.facts(body)
