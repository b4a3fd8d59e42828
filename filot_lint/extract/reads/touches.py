"""Members and keys of the environment: `env.NAME`, `env["NAME"]`, `{ NAME } = env`, `"NAME" in env`."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.context import Context, Recorder, Touched, Visitor
from filot_lint.facts import Access
from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import Environment, Literal, Parameter, Ref, Value


class Touches:
    """Visits what is picked out of something; one per file."""

    def __init__(self, visitor: Visitor, evaluator: Evaluator, recorder: Recorder) -> None:
        """Take who visits the rest."""
        self.visitor = visitor
        self.evaluator = evaluator
        self.recorder = recorder

    def member(self, expression: x.Member, scope: Scope, context: Context) -> Touched:
        """Visit `object.name`."""
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
        return self.visitor.expression(expression.object, scope, context.fresh())

    def index(self, expression: x.Index, scope: Scope, context: Context) -> Touched:
        """Visit `object[key]`."""
        target = self.evaluator.evaluate(expression.object, scope)
        self.visitor.expression(expression.key, scope, context.fresh())
        named = self.evaluator.key if isinstance(target, Environment) else self.evaluator.evaluate
        key = named(expression.key, scope)
        if isinstance(target, Environment):
            context = context._replace(raises=self.evaluator.python)
            return (self.recorder.read(key, target, expression.span, context, direct=_direct(expression)),)
        if isinstance(target, Parameter):
            self.recorder.member(target, key, expression.span, context, None)
        if isinstance(target, Ref):
            self.imported(target, key, expression, context._replace(raises=self.evaluator.python))
        self.visitor.expression(expression.object, scope, context.fresh())
        return ()

    def membership(self, left: x.Expression, right: x.Expression, scope: Scope, context: Context) -> None:
        """Visit `left in right`."""
        target = environment_keys(right, scope, self.evaluator)
        self.visitor.expression(left, scope, context.fresh()._replace(cast=context.cast))
        if target is not None:
            key = self.evaluator.key(left, scope)
            direct = isinstance(left, x.Text)
            self.recorder.read(key, target, left.span, context.fresh(), direct=direct, access="presence")
        else:
            self.visitor.expression(right, scope, context.fresh())

    def looked_up(self, left: x.Expression, right: x.Expression, scope: Scope, context: Context) -> bool:
        """Visit a list of names that is compared with all variables; returns whether it was one."""
        environment = environment_keys(right, scope, self.evaluator)
        if environment is None:
            return False
        self.visitor.expression(left, scope, context.fresh())
        key = self.evaluator.each(self.evaluator.evaluate(left, scope))
        self.recorder.read(key, environment, left.span, context.fresh(), direct=False, access="presence")
        return True

    def pattern(self, pattern: x.Pattern, value: Value, scope: Scope, context: Context) -> None:
        """Visit the names that a value is taken apart into."""
        if not isinstance(pattern, x.ObjectPattern):
            return
        for entry in pattern.entries:
            if entry.default is not None:
                self.visitor.expression(entry.default, scope, context)
            if entry.key is None:
                continue
            key = self.evaluator.evaluate(entry.key, scope)
            if isinstance(value, Environment):
                default = self.evaluator.evaluate(entry.default, scope) if entry.default is not None else None
                direct = isinstance(entry.key, x.Text)
                self.recorder.read(key, value, entry.key.span, context, default=default, direct=direct)
            elif isinstance(value, Ref) and value.module:
                default = self.evaluator.evaluate(entry.default, scope) if entry.default is not None else None
                self.imported(value, key, entry.key, context._replace(default=default))
            elif isinstance(value, Parameter):
                default = self.evaluator.evaluate(entry.default, scope) if entry.default is not None else None
                self.recorder.member(value, key, entry.key.span, context, default)
            elif isinstance(key, Literal):
                self.pattern(entry.target, self.evaluator.member(value, key.text), scope, context)

    def touch(self, target: x.Expression, scope: Scope, context: Context, access: Access) -> None:
        """Visit a variable that is written or deleted."""
        if isinstance(target, x.Member | x.Index):
            environment = self.evaluator.evaluate(target.object, scope)
            if isinstance(environment, Environment) and (access == "read" or not environment.copy):
                key = (
                    Literal(target.name, "string", self.evaluator.source.locate(target.name_span))
                    if isinstance(target, x.Member)
                    else self.evaluator.key(target.key, scope)
                )
                self.recorder.read(key, environment, target.span, context, direct=_direct(target), access=access)

    def imports(self, module: str, names: list[tuple[str, str, Span]], context: Context) -> None:
        """Visit an import of variables: `import { NAME } from "$env/static/private"`."""
        model = self.evaluator.models.env_modules[module]
        for exported, _, place in names:
            if exported.isupper():
                key = Literal(exported, "string", self.evaluator.source.locate(place))
                self.recorder.read(key, Environment(model.via), place, context.fresh(), model)

    def imported(self, target: Ref, key: Value, place: x.Expression, context: Context) -> None:
        """Visit a member of something imported, which may be the environment."""
        if target.module and isinstance(key, Literal) and key.type == "string":
            self.recorder.imported_member(target, key.text, x.Member(place.span, place, key.text, place.span), context)


def _direct(target: x.Member | x.Index) -> bool:
    return isinstance(target, x.Member) or isinstance(target.key, x.Text)


def environment_keys(expression: x.Expression, scope: Scope, evaluator: Evaluator) -> Environment | None:
    """Return the environment whose names an expression gives: itself, its keys, a set of them."""
    match expression:
        case x.Call(callee=x.Name(id="set" | "frozenset" | "list"), arguments=[only]):
            return environment_keys(only.value, scope, evaluator)
        case x.Call(callee=x.Member(object=x.Name(id="Object"), name="keys"), arguments=[only]):
            return environment_keys(only.value, scope, evaluator)
        case x.Call(callee=x.Member(object=inner, name="keys"), arguments=[]):
            return environment_keys(inner, scope, evaluator)
        case _:
            value = evaluator.evaluate(expression, scope)
            return value if isinstance(value, Environment) else None
