"""One traversal of a lowered file: every place where the environment or a modelled library is touched.

The walk knows how a value is used around it (default, cast, test, guard, function); the recorder turns what it finds
into facts.
"""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.guards import Guards
from filot_lint.extract.evaluation.scopes import Scope, Scopes
from filot_lint.extract.reads.conditions import condition
from filot_lint.extract.reads.context import Context, Recorder, Touched
from filot_lint.extract.reads.demands import Demands
from filot_lint.extract.reads.expressions import Expressions
from filot_lint.extract.reads.stops import Stops, rethrows
from filot_lint.facts import Access
from filot_lint.syntax import expression as x
from filot_lint.values import Environment, Parameter

__all__ = ["Context", "Walk"]


class Walk:
    """The traversal."""

    def __init__(self, evaluator: Evaluator, scopes: Scopes, recorder: Recorder) -> None:
        """Nothing is visited yet."""
        self.evaluator = evaluator
        self.scopes = scopes
        self.recorder = recorder
        self.guards = Guards(evaluator)
        self.stops = Stops(evaluator, scopes, self.guards)
        self.demands = Demands(evaluator, scopes, self.guards, self.stops)
        self.expressions = Expressions(self)
        self.expression = self.expressions.visit
        self.touches = self.expressions.touches
        self.copies = self.expressions.copies

    def statements(self, body: list[x.Statement], scope: Scope, context: Context) -> None:
        """Visit statements in order; an early return changes the guard of the rest."""
        for index, statement in enumerate(body):
            self.statement(statement, scope, context)
            if isinstance(statement, x.If):
                self.recorder.branched(statement, (body, index), scope, context)
            if not isinstance(statement, x.If) or statement.otherwise:
                continue
            inner = self.scopes.opens(statement, 0, scope)
            if self.stops.leaves(statement.then, inner):
                goes_on = self.assuming(statement.test, scope, context, holds=False)
                stops = self.stops.on(statement.then, inner) is not None
                context = goes_on._replace(condition=context.condition) if stops else goes_on

    def statement(self, statement: x.Statement, scope: Scope, context: Context) -> None:  # one arm per kind
        """Visit one statement."""
        match statement:
            case x.Assign():
                self.recorder.branch(statement, context.guard)
                self.assign(statement, scope, context)
            case x.Function():
                self.function(statement, scope, context._replace(deferred=True))
            case x.Class():
                self.class_(statement, scope, context)
            case x.If():
                self._if(statement, scope, context)
            case x.Loop(iterable=iterable, body=body):
                if iterable is not None:
                    around = self.copies.loop(statement, scope, context)
                    tested: Access = "read" if statement.target is not None else "presence"
                    self.expression(iterable, scope, around.fresh()._replace(usage=tested))
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
                self.recorder.demanded(self.demands.tested(test, scope, missing=False), context, test.span)
                self.recorder.either(self.demands.either(test, scope, missing=False), context)
            case x.Import(module=module, names=names) if module in self.evaluator.models.env_modules:
                self.touches.imports(module, names, context)
            case x.Delete(targets=targets):
                for target in targets:
                    self.touches.touch(target, scope, context, "delete")
            case _:
                pass

    def _evaluate(self, value: x.Expression, scope: Scope, context: Context) -> None:
        """Visit an expression for its effect: `os.environ.pop("X")` then only removes."""
        if isinstance(value, x.Call) and isinstance(value.callee, x.Member) and value.callee.name == "pop":
            environment = self.evaluator.evaluate(value.callee.object, scope)
            if isinstance(environment, Environment) and value.arguments:
                target = x.Index(value.span, value.callee.object, value.arguments[0].value)
                self.touches.touch(target, scope, context, "delete")
                return
        self.expression(value, scope, context)

    def _if(self, statement: x.If, scope: Scope, context: Context) -> None:
        test = statement.test
        self.expression(test, scope, context.fresh()._replace(usage="presence"))
        self._replaced(statement, scope)
        bodies = statement.then, statement.otherwise
        for part, body in enumerate(bodies):
            if body:
                inner = self.assuming(test, scope, context, holds=part == 0)
                self.statements(body, self.scopes.opens(statement, part, scope), inner)
        self.demands.missing.collect(statement, scope, context.guard)
        for part, body in enumerate(bodies):
            stage = self.stops.on(body, self.scopes.opens(statement, part, scope))
            if (
                stage is not None
                and not rethrows(body, scope)
                and not (context.caught and isinstance(body[-1], x.Raise))
            ):
                if stage == "always":
                    self.recorder.either(self.demands.either(test, scope, missing=part == 0), context)
                demands = self.demands.tested(test, scope, missing=part == 0)
                self.recorder.demanded(
                    demands, context if stage == "always" else context._replace(guard=stage), test.span
                )

    def _replaced(self, statement: x.If, scope: Scope) -> None:
        """Record what a name is given where it holds nothing: `if (!a) a = b`."""
        name = _missing_name(statement.test)
        for inner in statement.then:
            match inner:
                case x.Assign(target=x.Name(id=target), value=value, operator="=") if (
                    target == name and value is not None
                ):
                    self.recorder.replaced(target, scope, self.evaluator.evaluate(value, scope))
                case _:
                    pass

    def assuming(self, test: x.Expression, scope: Scope, context: Context, *, holds: bool) -> Context:
        """Return the context of what only runs when a test holds, or does not."""
        guard = self.guards.of(test, scope) if holds else self.guards.otherwise(test, scope)
        known = context.knowing(self.demands.tested(test, scope, missing=not holds))
        if guard != "always":
            return known._replace(guard=guard)
        asked = condition(test, scope, self.evaluator, holds=holds)
        return known if asked is None else known._replace(condition=asked)

    def assign(self, statement: x.Assign, scope: Scope, context: Context) -> Touched:
        """Visit an assignment: writes to the environment, destructuring, or a plain value."""
        target, value = statement.target, statement.value
        for decorator in statement.decorators:
            self.expression(decorator, scope, context.fresh())
        if isinstance(target, x.Member | x.Index):
            environment = self.evaluator.evaluate(target.object, scope)
            if isinstance(environment, Environment):
                self.touches.touch(target, scope, context, "write")
                if statement.operator in {"or=", "coalesce="} and value is not None:
                    default = self.evaluator.evaluate(value, scope)
                    self.touches.touch(target, scope, context.fresh()._replace(default=default), "read")
                elif statement.operator != "=":
                    self.touches.touch(target, scope, context.fresh(), "read")
            elif isinstance(target, x.Index):
                self.expression(target.key, scope, context.fresh())
        if value is None:
            return ()
        if isinstance(target, x.Name) and statement.operator in {"or=", "coalesce="}:
            self.recorder.replaced(target.id, scope, self.evaluator.evaluate(value, scope))
        back = isinstance(target, x.Member) and isinstance(self.evaluator.evaluate(target, scope), Environment)
        touched = self.expression(
            value, scope, context.fresh()._replace(counted=context.counted or back, checked=bool(statement.decorators))
        )
        if isinstance(target, x.Name):
            for touch in touched:
                self.recorder.assigned(target.id, scope, touch)
        if isinstance(target, x.ObjectPattern):
            self.touches.pattern(target, self.evaluator.evaluate(value, scope), scope, context.fresh())
        return touched

    def function(
        self, function: x.Function, scope: Scope, context: Context, returned: Access = "read", *, inline: bool = False
    ) -> None:
        """Visit a function: decorators and defaults where it stands, its body as deferred work.

        `returned` is how its result is used, where that is known; an `inline` one runs where it stands.
        """
        for decorator in function.decorators:
            self.expression(decorator, scope, context.fresh())
        inner = self.scopes.of(function)
        key = self.scopes.key(function)
        for index, parameter in enumerate(function.parameters):
            if parameter.default is not None:
                self.expression(parameter.default, scope, context.fresh())
                default = self.evaluator.evaluate(parameter.default, inner)
                self.touches.pattern(parameter.target, default, inner, context.fresh())
            elif isinstance(parameter.target, x.ObjectPattern):
                self.touches.pattern(
                    parameter.target, Parameter(key, index), inner, context.fresh()._replace(function=key)
                )
        owner = context.function if inline else key
        body = context.fresh()._replace(
            function=owner,
            caught=False,
            returned=returned,
            counted=False,
            present=context.present if inline else frozenset(),
        )
        self.statements(function.body, inner, body)

    def class_(self, node: x.Class, scope: Scope, context: Context) -> None:
        """Visit a class: its body runs at once, its methods later."""
        self.recorder.class_(node, scope, context)
        for argument in node.bases:
            self.expression(argument.value, scope, context.fresh())
        for decorator in node.decorators:
            self.expression(decorator, scope, context.fresh())
        self.statements(node.body, self.scopes.of(node), context)


def _missing_name(test: x.Expression) -> str | None:
    """Return the name that a test finds empty."""
    match test:
        case x.Unary(operator="not", operand=x.Name(id=name)):
            return name
        case x.Binary(operator="==", left=x.Name(id=name), right=x.Constant(kind="null") | x.Text(text="")):
            return name
        case _:
            return None
