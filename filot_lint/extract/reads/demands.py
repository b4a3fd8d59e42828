"""What a test demands of the environment: the variables whose absence decides it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.guards import Guards
from filot_lint.extract.evaluation.scopes import Scope, Scopes
from filot_lint.extract.reads.conditions import chain
from filot_lint.extract.reads.context import Demand
from filot_lint.extract.reads.logs import dotted
from filot_lint.extract.reads.missing import Missing
from filot_lint.extract.reads.stops import Stops
from filot_lint.extract.reads.touch import label
from filot_lint.syntax import expression as x
from filot_lint.values import Callable, Coalesce, Env, Literal, Parameter, Ref, Value, options

_INVARIANT = re.compile(
    r"(assert(\.ok)?|invariant|ok)|(node:)?assert(/strict)?#(default|ok|strict)(\.ok)?|(tiny-)?invariant#default"
)
_EVERY = frozenset({"every", "all"})
_SOME = frozenset({"some", "any", "find", "findIndex", "findLast"})
_CLAIMS = frozenset({"bool", "Boolean"})
_HOPS = 8
_STEPS = 400
"""What one test may cost; names that are made of each other would otherwise be followed along every path."""
_ROUNDS = 4


class Demands:
    """Reads tests; one per file."""

    def __init__(self, evaluator: Evaluator, scopes: Scopes, guards: Guards, stops: Stops) -> None:
        """Take the values that tests are evaluated with."""
        self.evaluator = evaluator
        self.scopes = scopes
        self.guards = guards
        self.stops = stops
        self.missing = Missing(self, evaluator, scopes)
        self._steps = 0
        self._checked: dict[str, frozenset[int]] = {}

    def tested(self, test: x.Expression, scope: Scope, *, missing: bool, hops: int = _HOPS) -> list[Demand]:
        """Return the variables whose absence makes `test` true (`missing`) or false."""
        self._steps = _STEPS if hops == _HOPS else self._steps - 1
        if hops == 0 or self._steps <= 0:
            return []
        match test:
            case x.Unary(operator="not", operand=operand):
                return self.tested(operand, scope, missing=not missing, hops=hops)
            case x.Assertion(value=value):
                return self.tested(value, scope, missing=missing, hops=hops)
            case x.Inline(statement=x.Assign(value=value)) if value is not None:
                return self._through(value, scope, missing=missing, hops=hops)
            case x.Binary(operator="or" | "and"):
                return self._combined(test, scope, missing=missing, hops=hops)
            case x.Binary():
                return self._compared(test, scope, missing=missing, hops=hops)
            case x.Member(name="length" | "size", object=collection) if missing:
                return self.missing.filled(collection, scope, hops - 1)
            case x.Call():
                return self._called(test, scope, missing=missing, hops=hops)
            case x.Name():
                return self._named(test, scope, missing=missing, hops=hops)
            case x.Member() | x.Index() if not missing:
                return _valued(self.evaluator.evaluate(test, scope), each=True)
        return []

    def either(self, test: x.Expression, scope: Scope, *, missing: bool) -> tuple[str, ...]:
        """Return the variables of which all must be absent for `test` to be true (`missing`) or false."""
        match test:
            case x.Unary(operator="not", operand=operand):
                return self.either(operand, scope, missing=not missing)
            case x.Assertion(value=value):
                return self.either(value, scope, missing=missing)
            case x.Binary(operator="and" | "or" as operator) if missing == (operator == "and"):
                sides = [self.tested(side, scope, missing=missing) for side in _operands(test)]
                names = dict.fromkeys(demand.name for side in sides for demand in side)
                known = all(len(side) == 1 for side in sides) and all(name.isidentifier() for name in names)
                return tuple(names) if known else ()
            case x.Binary(operator="==" as operator, left=left, right=x.Constant(kind="null")) if missing:
                return self.either(left, scope, missing=False)
            case _:
                return () if missing else chain(self.evaluator.evaluate(test, scope))

    def _combined(self, test: x.Binary, scope: Scope, *, missing: bool, hops: int) -> list[Demand]:
        """Read `a or b`, `a and b`; a stage on one side says when the other side decides."""
        if missing == (test.operator == "or"):
            sides = _operands(test)
            return [demand for side in sides for demand in self.tested(side, scope, missing=missing, hops=hops - 1)]
        for stage, other in ((test.left, test.right), (test.right, test.left)):
            guard = self.guards.of(stage, scope) if missing else self.guards.otherwise(stage, scope)
            if guard != "always":
                found = self.tested(other, scope, missing=missing, hops=hops - 1)
                return [demand._replace(guard=guard) for demand in found]
        return []

    def _compared(self, test: x.Binary, scope: Scope, *, missing: bool, hops: int) -> list[Demand]:
        left, right, operator = test.left, test.right, test.operator
        size = _sized(left)
        if size is not None and isinstance(right, x.Number):
            decides = operator in (("!=", ">", ">=") if missing else ("==", "<", "<="))
            return self.missing.filled(size, scope, hops - 1) if decides else []
        match right:
            case x.Constant(kind="null") | x.Text(text=""):
                found = left
            case x.Text(text="undefined" | "string" as kind) if isinstance(left, x.Unary) and left.operator == "typeof":
                found = left.operand
                missing = missing if kind == "undefined" else not missing
            case x.Array(items=items) if operator in {"in", "not in"} and any(_is_nothing(item) for item in items):
                among = (operator == "in") == missing
                return self.tested(left, scope, missing=False, hops=hops - 1) if among else []
            case _:
                return self.missing.member_of(test, scope, missing=missing)
        decides = (operator == "==") == missing and operator in {"==", "!="}
        return self.tested(found, scope, missing=False, hops=hops - 1) if decides else []

    def _called(self, call: x.Call, scope: Scope, *, missing: bool, hops: int) -> list[Demand]:
        name = dotted(call.callee)
        method = call.callee.name if isinstance(call.callee, x.Member) else name
        if method in (_SOME if missing else _EVERY):
            return self.missing.of_each(call, scope, missing=missing, hops=hops - 1)
        if name in _CLAIMS and call.arguments:
            return self.tested(call.arguments[0].value, scope, missing=missing, hops=hops - 1)
        if name == "isinstance" and call.arguments and not missing:
            return self.tested(call.arguments[0].value, scope, missing=False, hops=hops - 1)
        if name == "len" and call.arguments and missing:
            return self.missing.filled(call.arguments[0].value, scope, hops - 1)
        if method in {"issubset", "difference"}:
            return self.missing.member_of(call, scope, missing=missing)
        return [] if missing else _valued(self.evaluator.evaluate(call, scope), each=True)

    def _named(self, test: x.Name, scope: Scope, *, missing: bool, hops: int) -> list[Demand]:
        found = self.missing.left_behind(test, scope, truthy=missing)
        bindings = scope.lookup(test.id) or []
        only = bindings[0] if len(bindings) == 1 else None
        if only is not None and only.kind == "value" and only.expression is not None and not only.path:
            found += self._through(only.expression, only.scope, missing=missing, hops=hops)
        if not missing:
            found += _valued(self.evaluator.evaluate(test, scope), each=only is not None and only.kind == "element")
        return list(dict.fromkeys(found))

    def _through(self, value: x.Expression, scope: Scope, *, missing: bool, hops: int) -> list[Demand]:
        """Read the expression that a tested name holds; in Python a list is true when it holds something."""
        found = self.tested(value, scope, missing=missing, hops=hops - 1)
        if missing and self.evaluator.python and not found:
            found = self.missing.filled(value, scope, hops - 1)
        return found

    # Functions ------------------------------------------------------------------------------------------------------

    def of_call(self, call: x.Call, callee: Value, scope: Scope) -> list[Demand]:
        """Return the variables without which a call stops the program, because it tests what it is given."""
        if is_invariant(self.evaluator.qualified(callee)) and call.arguments:
            return self.tested(call.arguments[0].value, scope, missing=False)
        if not isinstance(callee, Callable) or callee.function not in self.scopes.functions:
            return []
        node = self.scopes.functions[callee.function]
        found: list[Demand] = []
        for index in sorted(self._tests(callee.function)):
            given = self.evaluator.pick(call, node, index, 1 if callee.bound else 0)
            if given is not None:
                found += self.tested(given, scope, missing=False)
        return found

    def _tests(self, key: str) -> frozenset[int]:
        """Return the parameters without which a function of this file stops the program."""
        if key not in self._checked:
            self._checked[key] = frozenset()
            function = self.scopes.functions[key]
            names = {demand.name for demand in self._demanded(function.body, self.scopes.of(function), _ROUNDS)}
            every = range(len(function.parameters))
            self._checked[key] = frozenset(i for i in every if _given(Parameter(key, i)) in names)
        return self._checked[key]

    def _demanded(self, body: list[x.Statement], scope: Scope, rounds: int) -> Iterator[Demand]:
        for statement in body:
            match statement:
                case x.If(test=test, then=then):
                    if self.stops.always(then, self.scopes.opens(statement, 0, scope)):
                        yield from self.tested(test, scope, missing=True)
                case x.Assert(test=test):
                    yield from self.tested(test, scope, missing=False)
                case x.Evaluate(value=x.Call() as call):
                    yield from self.of_call(call, self.evaluator.evaluate(call.callee, scope), scope)
                case x.Block(body=inner, kind="block") if rounds:
                    yield from self._demanded(inner, self.scopes.opens(statement, 0, scope), rounds - 1)
                case _:
                    pass


def is_invariant(name: str | None) -> bool:
    """Return whether a function stops the program unless its first argument is true."""
    return name is not None and _INVARIANT.fullmatch(name) is not None


def _is_nothing(item: x.Expression) -> bool:
    """Return whether an element of a list is what a missing variable becomes."""
    return isinstance(item, x.Constant) and item.kind == "null"


def _operands(test: x.Binary) -> list[x.Expression]:
    """Return what stands between the operators of a chain: `a or b or c`."""
    found: list[x.Expression] = []
    left: x.Expression = test
    while isinstance(left, x.Binary) and left.operator == test.operator:
        found.append(left.right)
        left = left.left
    return [left, *reversed(found)]


def _sized(expression: x.Expression) -> x.Expression | None:
    """Return what an expression gives the size of."""
    match expression:
        case x.Member(name="length" | "size", object=collection):
            return collection
        case x.Call(callee=x.Name(id="len"), arguments=[only]):
            return only.value
        case _:
            return None


def _valued(value: Value, *, each: bool) -> list[Demand]:
    """Return the variable that is missing when a value is; of several alternatives only where `each` is tested."""
    every = value.options if each and isinstance(value, Coalesce) else (value,)
    return [Demand(name) for option in every for name in _missed(option)]


def _missed(value: Value) -> list[str]:
    """Return what is missing when a value is; a fallback that a caller may leave out does not count."""
    if isinstance(value, Parameter):
        return [_given(value)]
    if isinstance(value, Ref) and value.module:
        return [label(value)]
    if not isinstance(value, Env):
        return []
    default = next(options(value.default), None) if value.default is not None else None
    if not (default is None or isinstance(default, Parameter) or (isinstance(default, Literal) and default.is_empty)):
        return []
    return [value.name] if value.name is not None else [] if value.key is None else [label(value.key)]


def _given(parameter: Parameter) -> str:
    """Return what stands for the variable that a caller gives the value of."""
    return f"\1{parameter!r}"
