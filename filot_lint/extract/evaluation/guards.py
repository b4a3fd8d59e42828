"""Which branches run in production: `if (NODE_ENV !== "production")` and its many spellings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.facts import Guard
from filot_lint.syntax import expression as x
from filot_lint.values import Literal, env_names

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

_STAGE = re.compile(r"(^|_)(ENV|ENVIRONMENT|STAGE|APP_MODE|DEPLOY_ENV|RAILS_ENV|RUNTIME_ENV)$")
_PRODUCTION = frozenset({"production", "prod", "live"})
_DEVELOPMENT = frozenset({"development", "dev", "local", "localhost"})
_TEST = frozenset({"test", "testing", "ci"})
_TEST_NAMES = frozenset({"VITEST", "JEST_WORKER_ID", "PYTEST_CURRENT_TEST", "NODE_TEST_CONTEXT"})
_PRODUCTION_NAME = re.compile(r"^is_?prod(uction)?$|^prod(uction)?$", re.IGNORECASE)
_DEVELOPMENT_NAME = re.compile(r"^is_?dev(elopment)?$|^is_?local$|^dev_?mode$|^debug$|^__dev__$", re.IGNORECASE)
_TEST_NAME = re.compile(r"^is_?test(ing)?$|^testing$|^test_?mode$", re.IGNORECASE)

_OPPOSITE: dict[Guard, Guard] = {"production": "non-production", "non-production": "production"}
"""Only production has a clear opposite."""


def is_main(test: x.Expression) -> bool:
    """Return whether a test is true only where the file itself is started."""
    if not isinstance(test, x.Binary) or test.operator != "==":
        return False
    match test.left, test.right:
        case (x.Name(id="__name__"), x.Text(text="__main__")):
            return True
        case (x.Member(object=x.Name(id="require"), name="main"), x.Name(id="module")):
            return True
        case _:
            return False


def _agreed(first: Guard, second: Guard) -> Guard:
    return first if first == second else "always"


class Guards:
    """Reads tests; one per file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the values that tests are evaluated with."""
        self.evaluator = evaluator

    def of(self, test: x.Expression, scope: Scope, hops: int = 2) -> Guard:  # one answer per kind
        """Return on which stage a test is true; `always` when it says nothing about stages."""
        match test:
            case x.Unary(operator="not", operand=operand):
                return self.otherwise(operand, scope, hops)
            case x.Binary() if is_main(test):
                return "main"
            case x.Binary(operator="==" | "!=" as operator, left=left, right=right):
                guard = self._compared(left, right, scope)
                return guard if operator == "==" else _OPPOSITE.get(guard, "always")
            case x.Binary(operator="and", left=left, right=right):
                first = self.of(left, scope, hops)
                return first if first != "always" else self.of(right, scope, hops)
            case x.Binary(operator="or", left=left, right=right):
                return _agreed(self.of(left, scope, hops), self.of(right, scope, hops))
            case x.Binary(operator="in", left=left, right=right):
                return self._member_of(left, right, scope)
            case x.Call(callee=x.Member(object=target, name="includes"), arguments=[only]):
                return self._member_of(only.value, target, scope)
            case x.Name(id=name):
                return self._named(name, test, scope, hops)
            case x.Member(name=name):
                names = env_names(self.evaluator.evaluate(test, scope))
                if names and names[0] in _TEST_NAMES:
                    return "test"
                return _by_name(name)
            case x.Call(callee=x.Member(name=name)) | x.Call(callee=x.Name(id=name)):
                return _by_name(name)
            case _:
                return "always"

    def otherwise(self, test: x.Expression, scope: Scope, hops: int = 2) -> Guard:
        """Return on which stage a test is false."""
        match test:
            case x.Unary(operator="not", operand=operand):
                return self.of(operand, scope, hops)
            case x.Binary(operator="or", left=left, right=right):
                first = self.otherwise(left, scope, hops)
                return first if first != "always" else self.otherwise(right, scope, hops)
            case x.Binary(operator="and", left=left, right=right):
                return _agreed(self.otherwise(left, scope, hops), self.otherwise(right, scope, hops))
            case _:
                return _OPPOSITE.get(self.of(test, scope, hops), "always")

    def alone(self, test: x.Expression, scope: Scope) -> Guard:
        """Return on which stage a test is true that asks for nothing else."""
        return "always" if isinstance(test, x.Binary) and test.operator in {"and", "or"} else self.of(test, scope)

    def _named(self, name: str, test: x.Name, scope: Scope, hops: int) -> Guard:
        bindings = scope.lookup(name) or []
        if hops and len(bindings) == 1 and bindings[0].kind == "value" and bindings[0].expression is not None:
            found = self.of(bindings[0].expression, bindings[0].scope, hops - 1)
            if found != "always":
                return found
        names = env_names(self.evaluator.evaluate(test, scope))
        if names and names[0] in _TEST_NAMES:
            return "test"
        return _by_name(name)

    def _compared(self, left: x.Expression, right: x.Expression, scope: Scope) -> Guard:
        for subject, constant in ((left, right), (right, left)):
            value = self.evaluator.evaluate(constant, scope)
            if isinstance(value, Literal) and self._is_stage(subject, scope):
                return _stage(value.text)
        return "always"

    def _member_of(self, left: x.Expression, right: x.Expression, scope: Scope) -> Guard:
        if not self._is_stage(left, scope) or not isinstance(right, x.Array):
            return "always"
        stages = {_stage(item.text) for item in right.items if isinstance(item, x.Text)}
        if stages == {"production"}:
            return "production"
        return "non-production" if stages and "production" not in stages and "always" not in stages else "always"

    def _is_stage(self, subject: x.Expression, scope: Scope) -> bool:
        names = env_names(self.evaluator.evaluate(subject, scope))
        if names:
            return _STAGE.search(names[0]) is not None
        name = subject.name if isinstance(subject, x.Member) else subject.id if isinstance(subject, x.Name) else ""
        return bool(name) and (_STAGE.search(name.upper()) is not None or name in {"nodeEnv", "appEnv", "NODE_ENV"})


def _stage(text: str) -> Guard:
    word = text.lower()
    if word in _PRODUCTION:
        return "production"
    if word in _DEVELOPMENT:
        return "non-production"
    return "test" if word in _TEST else "always"


def _by_name(name: str) -> Guard:
    if _PRODUCTION_NAME.match(name):
        return "production"
    if _DEVELOPMENT_NAME.match(name):
        return "non-production"
    return "test" if _TEST_NAME.match(name) else "always"
