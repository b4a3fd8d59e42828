"""Lists of what is missing, and other traces that a missing variable leaves for a later test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope, Scopes
from filot_lint.extract.reads.context import Demand
from filot_lint.extract.reads.logs import dotted
from filot_lint.extract.reads.touch import label
from filot_lint.extract.reads.touches import environment_keys
from filot_lint.facts import Guard
from filot_lint.syntax import expression as x
from filot_lint.values import Value, names_of

if TYPE_CHECKING:
    from filot_lint.extract.reads.demands import Demands

_COLLECT = frozenset({"push", "unshift", "append", "add"})
_REARRANGE = frozenset({"map", "sort", "toSorted", "slice", "flat", "keys", "values", "items"})
_AGAIN = frozenset({"list", "sorted", "tuple", "set", "frozenset", "Array.from"})


class Missing:
    """Reads collections; one per file."""

    def __init__(self, demands: Demands, evaluator: Evaluator, scopes: Scopes) -> None:
        """No trace is left yet."""
        self.demands = demands
        self.evaluator = evaluator
        self.scopes = scopes
        self._left: dict[tuple[int, bool], list[Demand]] = {}

    # Traces ---------------------------------------------------------------------------------------------------------

    def collect(self, statement: x.If, scope: Scope, guard: Guard) -> None:
        """Remember what a branch leaves behind: an entry in a list of missing ones, a flag."""
        for part, body in enumerate((statement.then, statement.otherwise)):
            traces = list(_traces(body))
            if not traces:
                continue
            found = self.demands.tested(statement.test, scope, missing=part == 0)
            demands = [demand._replace(guard=guard) if demand.guard == "always" else demand for demand in found]
            inner = self.scopes.opens(statement, part, scope)
            for name, truthy in traces:
                self._left.setdefault((id(inner.lookup(name)), truthy), []).extend(demands)

    def left_behind(self, name: x.Name, scope: Scope, *, truthy: bool) -> list[Demand]:
        """Return the variables whose absence has made a name true or false."""
        return list(self._left.get((id(scope.lookup(name.id)), truthy), ()))

    # Collections ----------------------------------------------------------------------------------------------------

    def filled(self, collection: x.Expression, scope: Scope, hops: int) -> list[Demand]:
        """Return the variables whose absence makes a collection hold something."""
        if hops <= 0:
            return []
        match collection:
            case x.Name(id=name):
                found = self.left_behind(collection, scope, truthy=True)
                bindings = scope.lookup(name) or []
                if len(bindings) == 1 and bindings[0].kind == "value" and bindings[0].expression is not None:
                    found += self.filled(bindings[0].expression, bindings[0].scope, hops - 1)
                return found
            case x.Comprehension(clauses=[x.Clause(tests=[test])]):
                return self.demands.tested(test, self.scopes.of(collection), missing=True, hops=hops)
            case x.Call(callee=x.Member(name="filter")) | x.Call(callee=x.Name(id="filter")):
                return self.of_each(collection, scope, missing=True, hops=hops)
            case x.Call(callee=x.Member(object=inner, name=method)) if method in _REARRANGE:
                return self.filled(inner, scope, hops - 1)
            case x.Call(callee=callee, arguments=[only]) if dotted(callee) in _AGAIN:
                return self.filled(only.value, scope, hops - 1)
            case x.Binary(operator="-") | x.Call():
                return self.member_of(collection, scope, missing=True)
            case _:
                return []

    def of_each(self, call: x.Call, scope: Scope, *, missing: bool, hops: int) -> list[Demand]:
        """Return the variables whose absence decides a test that is made for each element: `names.some(...)`."""
        match call.arguments[0].value if call.arguments else None:
            case x.Lambda(function=function):
                returned = self.evaluator.return_statements(function.body, self.scopes.of(function))
                if len(returned) == 1 and returned[0][0].value is not None:
                    return self.demands.tested(returned[0][0].value, returned[0][1], missing=missing, hops=hops)
            case x.Comprehension(element=element, clauses=[x.Clause(tests=[])]) as each:
                return self.demands.tested(element, self.scopes.of(each), missing=missing, hops=hops)
            case x.Array(items=items):
                return [d for item in items for d in self.demands.tested(item, scope, missing=missing, hops=hops)]
            case _:
                pass
        return []

    def member_of(self, test: x.Binary | x.Call, scope: Scope, *, missing: bool) -> list[Demand]:
        """Return the names that are looked up among all variables: `"X" in os.environ`, `names - set(os.environ)`."""
        match test:
            case x.Binary(operator="in" | "not in" as operator, left=left, right=right):
                return self._looked_up(left, right, scope) if (operator == "not in") == missing else []
            case x.Binary(operator="-", left=left, right=right) if missing:
                return self._looked_up(left, right, scope, each=True)
            case x.Binary(operator="<=", left=left, right=right) if not missing:
                return self._looked_up(left, right, scope, each=True)
            case x.Call(callee=x.Member(object=left, name=method), arguments=[only]):
                if method == ("difference" if missing else "issubset"):
                    return self._looked_up(left, only.value, scope, each=True)
            case _:
                pass
        return []

    def _looked_up(self, left: x.Expression, right: x.Expression, scope: Scope, *, each: bool = False) -> list[Demand]:
        environment = environment_keys(right, scope, self.evaluator)
        if environment is None:
            return []
        value = self.evaluator.evaluate(left, scope)
        return [Demand(environment.prefix + name) for name in _names(self.evaluator.each(value) if each else value)]


def _names(key: Value) -> list[str]:
    return [name.text if name is not None else label(key) for name in names_of(key)]


def _traces(body: list[x.Statement]) -> Iterator[tuple[str, bool]]:
    """Yield the names that a branch gives something to, and whether that makes them true."""
    for statement in body:
        match statement:
            case x.Evaluate(value=x.Call(callee=x.Member(object=x.Name(id=name), name=method))) if method in _COLLECT:
                yield name, True
            case x.Assign(target=x.Name(id=name), value=x.Constant(kind="true" | "false" as kind), operator="="):
                yield name, kind == "true"
            case _:
                pass
