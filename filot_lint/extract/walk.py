"""One traversal of a lowered file: every place where the environment or a modelled library is touched.

The walk knows how a value is used around it (default, cast, test, guard, function); the recorder turns what it finds
into facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, Protocol, TypeAlias

from filot_lint.extract.evaluate import CASTS, TEXT_METHODS, Evaluator
from filot_lint.extract.guards import Guards, opposite
from filot_lint.extract.scopes import Scope, Scopes, children
from filot_lint.facts import Access, Flow, Guard
from filot_lint.models import ReadModel
from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import (
    Callable,
    Coalesce,
    Env,
    Environment,
    Literal,
    Parameter,
    Record,
    Ref,
    Value,
    names_of,
    with_default,
)

_NOW = frozenset({"map", "forEach", "filter", "reduce", "flatMap", "some", "every", "find", "sort", "then"})
_INVARIANT = re.compile(
    r"(assert(\.ok)?|invariant|ok)|(node:)?assert(/strict)?#(default|ok|strict)(\.ok)?|(tiny-)?invariant#default"
)
_OF_FIRST: dict[str, Access] = {"Object.hasOwn": "presence", "Object.prototype.hasOwnProperty.call": "presence",
                                "Reflect.has": "presence", "Reflect.get": "read"}  # fmt: skip
_TESTING = frozenset({"filter", "some", "every", "find", "findIndex", "findLast"})
_EXITS = frozenset({"process.exit", "sys.exit", "exit", "quit", "os._exit", "os.abort"})
_LOG_METHODS = frozenset(
    {"log", "info", "debug", "warn", "warning", "error", "trace", "fatal", "critical", "exception"}
)
_LOGGER = re.compile(r"^(console|log|_?logger|logging|winston|pino|structlog)$|[lL]og(ger)?$")
_BOOLEANS = frozenset({"Boolean", "bool"})


class Context(NamedTuple):
    """How the value of an expression is used."""

    default: Value | None = None
    usage: Access = "read"
    cast: str | None = None
    guard: Guard = "always"
    function: str | None = None
    deferred: bool = False
    asserted: bool = False
    raises: bool = False
    caught: bool = False
    returned: Access = "read"
    flow: Flow | None = None

    def fresh(self) -> Context:
        """Return the context of a part whose value is used for itself."""
        return self._replace(default=None, usage="read", cast=None, asserted=False, raises=False)


Touched: TypeAlias = tuple[object, ...]
"""The touches of the environment that are the value of an expression."""


class Recorder(Protocol):
    """Who is told what the walk finds."""

    def read(  # the parts of one observation
        self, key: Value, environment: Environment, place: Span, context: Context, model: ReadModel | None = None,
        default: Value | None = None, *, direct: bool = True, access: Access | None = None,
    ) -> object:  # fmt: skip
        """One touch of one variable."""

    def assigned(self, name: str, scope: Scope, touched: object) -> None:
        """Remember that a touch is the value of a local name."""

    def used(self, name: str, scope: Scope, context: Context) -> None:
        """Remember how a local name is used."""

    def demanded(self, names: Iterable[str], function: str | None) -> None:
        """Remember that the program stops when these variables are missing."""

    def member(self, parameter: Parameter, key: Value, place: Span, context: Context, default: Value | None) -> None:
        """Remember that a parameter is used as if it were an environment."""

    def imported_member(self, target: Ref, name: str, place: x.Member, context: Context) -> None:
        """Take a member of something imported, which may be the environment."""

    def call(self, call: x.Call, callee: Value, scope: Scope, context: Context) -> None:
        """Take a call, for all that is not the environment."""

    def class_(self, node: x.Class, scope: Scope, context: Context) -> None:
        """Take a class definition."""


class Walk:
    """The traversal."""

    def __init__(self, evaluator: Evaluator, scopes: Scopes, recorder: Recorder) -> None:
        """Nothing is visited yet."""
        self.evaluator = evaluator
        self.scopes = scopes
        self.recorder = recorder
        self.guards = Guards(evaluator)
        self.models = evaluator.models

    # Statements -----------------------------------------------------------------------------------------------------

    def statements(self, body: list[x.Statement], scope: Scope, context: Context) -> None:
        """Visit statements in order; an early return changes the guard of the rest."""
        for statement in body:
            self.statement(statement, scope, context)
            if isinstance(statement, x.If) and not statement.otherwise and self._leaves(statement.then):
                guard = opposite(self.guards.of(statement.test, scope))
                if guard != "always":
                    context = context._replace(guard=guard)

    def statement(self, statement: x.Statement, scope: Scope, context: Context) -> None:  # one arm per kind
        """Visit one statement."""
        match statement:
            case x.Assign():
                self.assign(statement, scope, context)
            case x.Function():
                self.function(statement, scope, context._replace(deferred=True))
            case x.Class():
                self.class_(statement, scope, context)
            case x.If():
                self._if(statement, scope, context)
            case x.Loop(iterable=iterable, body=body):
                if iterable is not None:
                    tested: Access = "read" if statement.target is not None else "presence"
                    self.expression(iterable, scope, context.fresh()._replace(usage=tested))
                self.statements(body, self.scopes.opens(statement, 0, scope), context)
            case x.Block(body=body, kind=kind):
                inner = context._replace(caught=True) if kind == "caught" else context
                self.statements(body, self.scopes.opens(statement, 0, scope), inner)
            case x.Evaluate(value=value):
                self._evaluate(value, scope, context.fresh())
            case x.Return(value=value):
                if value is not None:
                    self.expression(value, scope, context.fresh()._replace(usage=context.returned))
            case x.Raise(value=value):
                if value is not None:
                    self.expression(value, scope, context.fresh())
            case x.Assert(test=test):
                self.expression(test, scope, context.fresh()._replace(usage="presence"))
                self.recorder.demanded(self.tested(test, scope, missing=False), context.function)
            case x.Delete(targets=targets):
                for target in targets:
                    self._touch(target, scope, context, "delete")
            case _:
                pass

    def _evaluate(self, value: x.Expression, scope: Scope, context: Context) -> None:
        """Visit an expression for its effect: `os.environ.pop("X")` then only removes."""
        if isinstance(value, x.Call) and isinstance(value.callee, x.Member) and value.callee.name == "pop":
            environment = self.evaluator.evaluate(value.callee.object, scope)
            if isinstance(environment, Environment) and value.arguments:
                target = x.Index(value.span, value.callee.object, value.arguments[0].value)
                self._touch(target, scope, context, "delete")
                return
        self.expression(value, scope, context)

    def _if(self, statement: x.If, scope: Scope, context: Context) -> None:
        self.expression(statement.test, scope, context.fresh()._replace(usage="presence"))
        guard = self.guards.of(statement.test, scope)
        inner = context._replace(guard=guard) if guard != "always" else context
        self.statements(statement.then, self.scopes.opens(statement, 0, scope), inner)
        other = opposite(guard)
        outer = context._replace(guard=other) if other != "always" else context
        self.statements(statement.otherwise, self.scopes.opens(statement, 1, scope), outer)
        if (
            self.stops(statement.then)
            and not _rethrows(statement.then, scope)
            and guard == "always"
            and context.guard == "always"
        ):
            self.recorder.demanded(self.tested(statement.test, scope, missing=True), context.function)
        if self.stops(statement.otherwise) and guard == "always" and context.guard == "always":
            self.recorder.demanded(self.tested(statement.test, scope, missing=False), context.function)

    def assign(self, statement: x.Assign, scope: Scope, context: Context) -> Touched:
        """Visit an assignment: writes to the environment, destructuring, or a plain value."""
        target, value = statement.target, statement.value
        if isinstance(target, x.Member | x.Index):
            environment = self.evaluator.evaluate(target.object, scope)
            if isinstance(environment, Environment):
                self._touch(target, scope, context, "write")
                if statement.operator in {"or=", "coalesce="} and value is not None:
                    default = self.evaluator.evaluate(value, scope)
                    self._touch(target, scope, context.fresh()._replace(default=default), "read")
                elif statement.operator != "=":
                    self._touch(target, scope, context.fresh(), "read")
            elif isinstance(target, x.Index):
                self.expression(target.key, scope, context.fresh())
        if value is None:
            return ()
        touched = self.expression(value, scope, context.fresh())
        if isinstance(target, x.Name):
            for touch in touched:
                self.recorder.assigned(target.id, scope, touch)
        if isinstance(target, x.ObjectPattern):
            self._pattern(target, self.evaluator.evaluate(value, scope), scope, context.fresh())
        return touched

    def _pattern(self, pattern: x.Pattern, value: Value, scope: Scope, context: Context) -> None:
        if not isinstance(pattern, x.ObjectPattern):
            return
        for entry in pattern.entries:
            if entry.default is not None:
                self.expression(entry.default, scope, context)
            if entry.key is None:
                continue
            key = self.evaluator.evaluate(entry.key, scope)
            if isinstance(value, Environment):
                default = self.evaluator.evaluate(entry.default, scope) if entry.default is not None else None
                direct = isinstance(entry.key, x.Text)
                self.recorder.read(key, value, entry.key.span, context, default=default, direct=direct)
            elif isinstance(value, Ref) and value.module:
                default = self.evaluator.evaluate(entry.default, scope) if entry.default is not None else None
                self._imported(value, key, entry.key, context._replace(default=default))
            elif isinstance(value, Parameter):
                default = self.evaluator.evaluate(entry.default, scope) if entry.default is not None else None
                self.recorder.member(value, key, entry.key.span, context, default)
            elif isinstance(key, Literal):
                self._pattern(entry.target, self.evaluator.member(value, key.text), scope, context)

    def _touch(self, target: x.Expression, scope: Scope, context: Context, access: Access) -> None:
        if isinstance(target, x.Member | x.Index):
            environment = self.evaluator.evaluate(target.object, scope)
            if isinstance(environment, Environment) and (access == "read" or not environment.copy):
                key = (
                    Literal(target.name, "string", self.evaluator.source.locate(target.name_span))
                    if isinstance(target, x.Member)
                    else self.evaluator.evaluate(target.key, scope)
                )
                self.recorder.read(key, environment, target.span, context, direct=_direct(target), access=access)

    def function(self, function: x.Function, scope: Scope, context: Context, returned: Access = "read") -> None:
        """Visit a function: decorators and defaults where it stands, its body as deferred work.

        `returned` is how its result is used, where that is known.
        """
        for decorator in function.decorators:
            self.expression(decorator, scope, context.fresh())
        inner = self.scopes.of(function)
        key = self.scopes.key(function)
        for index, parameter in enumerate(function.parameters):
            if parameter.default is not None:
                self.expression(parameter.default, scope, context.fresh())
                default = self.evaluator.evaluate(parameter.default, inner)
                self._pattern(parameter.target, default, inner, context.fresh())
            elif isinstance(parameter.target, x.ObjectPattern):
                self._pattern(parameter.target, Parameter(key, index), inner, context.fresh()._replace(function=key))
        body = context.fresh()._replace(function=key, caught=False, returned=returned)
        self.statements(function.body, inner, body)

    def class_(self, node: x.Class, scope: Scope, context: Context) -> None:
        """Visit a class: its body runs at once, its methods later."""
        self.recorder.class_(node, scope, context)
        for argument in node.bases:
            self.expression(argument.value, scope, context.fresh())
        for decorator in node.decorators:
            self.expression(decorator, scope, context.fresh())
        self.statements(node.body, self.scopes.of(node), context)

    # Expressions ----------------------------------------------------------------------------------------------------

    def expression(self, expression: x.Expression, scope: Scope, context: Context) -> Touched:  # noqa: PLR0911  # one arm per kind
        """Visit an expression; returns the touch of the environment that is its value, if it is one."""
        match expression:
            case x.Member():
                return self._member(expression, scope, context)
            case x.Index():
                return self._index(expression, scope, context)
            case x.Call():
                return self._call(expression, scope, context)
            case x.Binary():
                return self._binary(expression, scope, context)
            case x.Unary(operator=operator, operand=operand):
                if operator == "delete":
                    self._touch(operand, scope, context, "delete")
                    return ()
                usage: Access = "presence" if operator in {"not", "typeof"} else "read"
                self.expression(operand, scope, context.fresh()._replace(usage=usage))
                return ()
            case x.Choice():
                return self._choice(expression, scope, context)
            case x.Assertion(value=value):
                return self.expression(value, scope, context._replace(asserted=True))
            case x.Spread(value=value):
                return self.expression(value, scope, context.fresh())
            case x.Lambda(function=function):
                self.function(function, scope, context._replace(deferred=True))
                return ()
            case x.ClassValue(body=body):
                self.class_(body, scope, context)
                return ()
            case x.Inline(statement=statement):
                return self.assign(statement, scope, context)
            case x.Comprehension(element=element, key=key, clauses=clauses):
                inner = self.scopes.of(expression)
                for clause in clauses:
                    self.expression(clause.iterable, inner, context.fresh())
                    for test in clause.tests:
                        self.expression(test, inner, context.fresh()._replace(usage="presence"))
                if key is not None:
                    self.expression(key, inner, context.fresh())
                self.expression(element, inner, context.fresh()._replace(usage=context.usage))
                return ()
            case x.Name(id=name):
                self.recorder.used(name, scope, context)
                return ()
            case _:
                for child in children(expression):
                    self.expression(child, scope, context.fresh())
                return ()

    def _member(self, expression: x.Member, scope: Scope, context: Context) -> Touched:
        target = self.evaluator.evaluate(expression.object, scope)
        if isinstance(target, Environment) and self.evaluator.python:
            return ()
        if isinstance(target, Environment):
            key = Literal(expression.name, "string", self.evaluator.source.locate(expression.name_span))
            return (self.recorder.read(key, target, expression.span, context),)
        if isinstance(target, Parameter) and not self.evaluator.python:
            key = Literal(expression.name, "string", self.evaluator.source.locate(expression.name_span))
            self.recorder.member(target, key, expression.span, context, None)
        whole = self.evaluator.evaluate(expression, scope)
        if isinstance(target, Ref) and target.module:
            self.recorder.imported_member(target, expression.name, expression, context)
        if isinstance(whole, Environment):
            return ()
        return self.expression(expression.object, scope, context.fresh())

    def _index(self, expression: x.Index, scope: Scope, context: Context) -> Touched:
        target = self.evaluator.evaluate(expression.object, scope)
        self.expression(expression.key, scope, context.fresh())
        key = self.evaluator.evaluate(expression.key, scope)
        if isinstance(target, Environment):
            context = context._replace(raises=self.evaluator.python)
            return (self.recorder.read(key, target, expression.span, context, direct=_direct(expression)),)
        if isinstance(target, Parameter):
            self.recorder.member(target, key, expression.span, context, None)
        if isinstance(target, Ref):
            self._imported(target, key, expression, context._replace(raises=self.evaluator.python))
        self.expression(expression.object, scope, context.fresh())
        return ()

    def _imported(self, target: Ref, key: Value, place: x.Expression, context: Context) -> None:
        if target.module and isinstance(key, Literal) and key.type == "string":
            self.recorder.imported_member(target, key.text, x.Member(place.span, place, key.text, place.span), context)

    def _binary(self, expression: x.Binary, scope: Scope, context: Context) -> Touched:
        left, right = expression.left, expression.right
        match expression.operator:
            case "or" | "coalesce":
                if context.usage == "presence":
                    self.expression(left, scope, context)
                    return self.expression(right, scope, context)
                if self._never_returns(right, scope):
                    self.expression(right, scope, context.fresh())
                    return self.expression(left, scope, context._replace(asserted=True))
                default = self.evaluator.evaluate(right, scope)
                if context.default is not None:
                    default = with_default(default, context.default)
                touched = self.expression(left, scope, context._replace(default=default))
                other = self.expression(right, scope, context)
                return (*touched, *other)
            case "and":
                self.expression(left, scope, context.fresh()._replace(usage="presence"))
                guard = self.guards.of(left, scope)
                inner = context._replace(guard=guard) if guard != "always" else context
                return self.expression(right, scope, inner)
            case "in" | "not in":
                self._membership(left, right, scope, context)
                return ()
            case "==" | "!=":
                for side, other_side in ((left, right), (right, left)):
                    empty = isinstance(other_side, x.Constant) or (
                        isinstance(other_side, x.Text) and (not other_side.text or _is_typeof(side))
                    )
                    usage: Access = "presence" if empty else "read"
                    self.expression(side, scope, context.fresh()._replace(usage=usage))
                return ()
            case _:
                self.expression(left, scope, context.fresh())
                self.expression(right, scope, context.fresh())
                return ()

    def _never_returns(self, expression: x.Expression, scope: Scope) -> bool:
        """Return whether an expression is the call of a function that only throws."""
        function = self.evaluator.evaluate(expression.callee, scope) if isinstance(expression, x.Call) else None
        return isinstance(function, Callable) and self.stops(self.scopes.functions[function.function].body)

    def _membership(self, left: x.Expression, right: x.Expression, scope: Scope, context: Context) -> None:
        target = self.evaluator.evaluate(right, scope)
        self.expression(left, scope, context.fresh())
        if isinstance(target, Environment):
            key = self.evaluator.evaluate(left, scope)
            direct = isinstance(left, x.Text)
            self.recorder.read(key, target, left.span, context.fresh(), direct=direct, access="presence")
        else:
            self.expression(right, scope, context.fresh())

    def _choice(self, expression: x.Choice, scope: Scope, context: Context) -> Touched:
        self.expression(expression.test, scope, context.fresh()._replace(usage="presence"))
        yes, no = expression.yes, expression.no
        if isinstance(expression.test, x.Unary) and expression.test.operator == "not":
            yes, no = no, yes
        guard = self.guards.of(expression.test, scope)
        first, second = context, context
        if guard != "always":
            first = context._replace(guard=guard)
            other = opposite(guard)
            second = context._replace(guard=other) if other != "always" else context
        elif isinstance(self.evaluator.evaluate(yes, scope), Env):
            first = context._replace(default=self.evaluator.evaluate(no, scope))
        touched = self.expression(yes, scope, first)
        return (*touched, *self.expression(no, scope, second))

    # Calls ----------------------------------------------------------------------------------------------------------

    def _call(self, call: x.Call, scope: Scope, context: Context) -> Touched:
        callee = call.callee
        if isinstance(callee, x.Member):
            target = self.evaluator.evaluate(callee.object, scope)
            if isinstance(target, Environment) and callee.name == "update" and self.evaluator.python:
                self._written(call, target, scope, context)
                return ()
            reader = self._method(target, callee.name)
            if reader is not None and isinstance(target, Environment):
                return self._modelled(call, reader, target, scope, context)
            if isinstance(target, Parameter) and callee.name == "get" and call.arguments:
                key = self.evaluator.evaluate(call.arguments[0].value, scope)
                default = self.evaluator.argument(call, (("1",), ("default",)), scope)
                self.recorder.member(target, key, call.span, context, default)
            if isinstance(target, Ref) and callee.name == "get" and call.arguments and self.evaluator.python:
                key = self.evaluator.evaluate(call.arguments[0].value, scope)
                default = self.evaluator.argument(call, (("1",), ("default",)), scope) or context.default
                self._imported(target, key, call, context._replace(default=default))
            if callee.name in TEXT_METHODS and not isinstance(target, Environment | Ref):
                self._arguments(call, scope, context)
                asserted = context.asserted or callee.name == "required"
                return self.expression(callee.object, scope, context._replace(asserted=asserted))
            if callee.name == "default" and isinstance(target, Env) and call.arguments:
                default = self.evaluator.evaluate(call.arguments[0].value, scope)
                return self.expression(callee.object, scope, context._replace(default=default))
        function = self.evaluator.evaluate(callee, scope)
        name = self.evaluator.qualified(function)
        if name is not None:
            reader = self.models.readers.get(name)
            if reader is not None:
                return self._modelled(call, reader, Environment(reader.via), scope, context)
            if name in CASTS and call.arguments:
                usage: Access = "presence" if name in _BOOLEANS else context.usage
                self._arguments(call, scope, context, skip=1)
                inner = context._replace(cast=name, usage=usage)
                return self.expression(call.arguments[0].value, scope, inner)
            if self._by_name(name, call, scope, context):
                return ()
            if _INVARIANT.fullmatch(name) and call.arguments:
                tested = self.tested(call.arguments[0].value, scope, missing=False)
                self.recorder.demanded(tested, context.function)
                self.expression(call.arguments[0].value, scope, context.fresh()._replace(usage="presence"))
                self._arguments(call, scope, context, skip=1)
                return ()
        if isinstance(function, Environment):
            reader = self.models.methods.get((function.via, "()"))
            if reader is not None:
                return self._modelled(call, reader, function, scope, context)
        self.recorder.call(call, function, scope, context)
        if isinstance(callee, x.Lambda):
            self.function(callee.function, scope, context.fresh())
        elif not isinstance(callee, x.Name):
            self.expression(callee, scope, context.fresh())
        self._arguments(call, scope, context)
        return (call,) if isinstance(function, Callable) else ()

    def _by_name(self, name: str, call: x.Call, scope: Scope, context: Context) -> bool:
        """Visit the calls of the language that touch variables; returns whether it was one."""
        values = [self.evaluator.evaluate(argument.value, scope) for argument in call.arguments[:2]]
        if len(values) < 2:  # noqa: PLR2004
            return False
        first, second = values
        direct = isinstance(call.arguments[1].value, x.Text)
        if isinstance(first, Environment) and name in _OF_FIRST:
            self.recorder.read(second, first, call.span, context, direct=direct, access=_OF_FIRST[name])
            return True
        if isinstance(first, Environment) and name == "Object.assign":
            self._written(call, first, scope, context)
            return True
        if isinstance(first, Ref) and name in {"map", "filter", "functools.partial"}:
            reader = self.models.readers.get(self.evaluator.qualified(first) or "")
            if reader is not None:
                key = second if name == "functools.partial" else self.evaluator.each(second)
                self.recorder.read(key, Environment(reader.via), call.span, context.fresh(), reader, direct=direct)
                return True
        return False

    def _written(self, call: x.Call, environment: Environment, scope: Scope, context: Context) -> None:
        """Visit a call that sets several variables at once."""
        for argument in call.arguments:
            self.expression(argument.value, scope, context.fresh())
            if environment.copy:
                continue
            value = self.evaluator.evaluate(argument.value, scope)
            if argument.name is not None:
                key = Literal(argument.name, "string", self.evaluator.source.locate(argument.span))
                self.recorder.read(key, environment, argument.span, context, access="write")
            elif isinstance(value, Record):
                for name, place in value.keys_at:
                    key = Literal(name, "string", place)
                    self.recorder.read(key, environment, argument.span, context, direct=False, access="write")

    def _method(self, target: Value, name: str) -> ReadModel | None:
        if not isinstance(target, Environment):
            return None
        return self.models.methods.get((target.via, name)) or self.models.methods.get(("environment", name))

    def _modelled(
        self, call: x.Call, reader: ReadModel, environment: Environment, scope: Scope, context: Context
    ) -> Touched:
        found = self.evaluator.argument_expression(call, reader.name, scope)
        if found is None:
            self._arguments(call, scope, context)
            return ()
        expression, key = found
        default = self.evaluator.argument(call, reader.default, scope) if reader.default else None
        for argument in call.arguments:
            if argument.value is not expression:
                self.expression(argument.value, scope, context.fresh())
        if reader.only and isinstance(key, Literal) and re.fullmatch(reader.only, key.text) is None:
            return ()
        direct = isinstance(expression, x.Text)
        access: Access | None = reader.access if reader.access != "read" else None
        if isinstance(call.callee, x.Member) and call.callee.name == "pop" and len(call.arguments) == 1:
            context = context._replace(raises=True)
        return (
            self.recorder.read(key, environment, call.span, context, reader, default, direct=direct, access=access),
        )

    def _arguments(self, call: x.Call, scope: Scope, context: Context, skip: int = 0) -> None:
        if _is_log(call.callee):
            context = context._replace(flow="log")
        method = call.callee.name if isinstance(call.callee, x.Member) else ""
        tests = isinstance(call.callee, x.Name) and call.callee.id in {"any", "all"} and self.evaluator.python
        for argument in call.arguments[skip:]:
            if method in _NOW and isinstance(argument.value, x.Lambda):
                returned: Access = "presence" if method in _TESTING else "read"
                self.function(argument.value.function, scope, context.fresh(), returned)
            elif tests and isinstance(argument.value, x.Comprehension | x.Array):
                self.expression(argument.value, scope, context.fresh()._replace(usage="presence"))
            else:
                self.expression(argument.value, scope, context.fresh())

    # Tests ----------------------------------------------------------------------------------------------------------

    def tested(self, test: x.Expression, scope: Scope, *, missing: bool) -> list[str]:
        """Return the variables whose absence makes `test` true (`missing`) or false."""
        match test:
            case x.Unary(operator="not", operand=operand):
                return self.tested(operand, scope, missing=not missing)
            case x.Binary(operator="or", left=left, right=right) if missing:
                return [*self.tested(left, scope, missing=True), *self.tested(right, scope, missing=True)]
            case x.Binary(operator="and", left=left, right=right) if not missing:
                return [*self.tested(left, scope, missing=False), *self.tested(right, scope, missing=False)]
            case x.Binary(operator="==" | "!=" as operator, left=left, right=x.Constant(kind="null") | x.Text(text="")):
                return self.tested(left, scope, missing=False) if (operator == "==") == missing else []
            case x.Binary(operator="in" | "not in" as operator, left=left, right=right):
                if isinstance(self.evaluator.evaluate(right, scope), Environment) and (operator == "not in") == missing:
                    return [name.text for name in names_of(self.evaluator.evaluate(left, scope)) if name is not None]
            case x.Name() | x.Member() | x.Index() | x.Call() if not missing:
                value = self.evaluator.evaluate(test, scope)
                several = isinstance(value, Coalesce) and not isinstance(test, x.Name)
                every = value.options if several and isinstance(value, Coalesce) else (value,)
                return [label for option in every for label in _missed(option)]
        return []

    def _leaves(self, body: list[x.Statement]) -> bool:
        return bool(body) and (isinstance(body[-1], x.Return | x.Raise) or self.stops(body))

    def stops(self, body: list[x.Statement]) -> bool:
        """Return whether a block ends by raising or by ending the process."""
        if not body:
            return False
        last = body[-1]
        if isinstance(last, x.Raise):
            return True
        if isinstance(last, x.Block) and last.kind == "block":
            return self.stops(last.body)
        return any(ends(statement) for statement in body)


def _rethrows(body: list[x.Statement], scope: Scope) -> bool:
    """Return whether a block only passes on the error that is being handled."""
    last = body[-1]
    if not isinstance(last, x.Raise):
        return False
    name = last.value.id if isinstance(last.value, x.Name) else ""
    return last.value is None or (bool(name) and not name[0].isupper() and scope.lookup(name) is None)


def _missed(value: Value) -> list[str]:
    """Return the variable that is missing when a value is; a fallback that a caller may leave out does not count."""
    if not isinstance(value, Env) or not (value.default is None or isinstance(value.default, Parameter)):
        return []
    return [value.name] if value.name is not None else [] if value.key is None else [label(value.key)]


def label(key: Value) -> str:
    """Return what stands for a name that is not known yet."""
    return f"\0{key!r}"


def ends(statement: x.Statement) -> bool:
    """Return whether a statement ends the process."""
    return (
        isinstance(statement, x.Evaluate)
        and isinstance(statement.value, x.Call)
        and _dotted(statement.value.callee) in _EXITS
    )


def _is_log(callee: x.Expression) -> bool:
    """Return whether a call only writes a message for people."""
    words = _dotted(callee).split(".")
    if words[-1] == "print":
        return len(words) == 1
    return len(words) > 1 and words[-1] in _LOG_METHODS and any(_LOGGER.search(word) for word in words[:-1])


def _direct(target: x.Member | x.Index) -> bool:
    return isinstance(target, x.Member) or isinstance(target.key, x.Text)


def _is_typeof(expression: x.Expression) -> bool:
    return isinstance(expression, x.Unary) and expression.operator == "typeof"


def _dotted(expression: x.Expression) -> str:
    if isinstance(expression, x.Name):
        return expression.id
    if isinstance(expression, x.Member):
        return f"{_dotted(expression.object)}.{expression.name}"
    return ""
