"""Methods that touch variables: of environments, of their values, of what may be an environment."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import TEXT_METHODS
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.casts import cast_of, split_of
from filot_lint.extract.reads.context import Context, Recorder, Touched
from filot_lint.extract.reads.filled_texts import FilledTexts
from filot_lint.extract.reads.logs import dotted
from filot_lint.extract.reads.readers import Readers
from filot_lint.extract.reads.touches import Touches
from filot_lint.models import ReadModel
from filot_lint.syntax import expression as x
from filot_lint.values import Env, Environment, Parameter, Ref, Value

_SETS = frozenset({"difference", "issubset"})


class MethodTouches:
    """Visits calls of methods; one per file."""

    def __init__(self, readers: Readers, touches: Touches, texts: FilledTexts, recorder: Recorder) -> None:
        """Take who visits the rest."""
        self.readers = readers
        self.given = readers.given
        self.visitor = readers.visitor
        self.evaluator = readers.evaluator
        self.models = readers.evaluator.models
        self.touches = touches
        self.texts = texts
        self.recorder = recorder

    def visit(self, call: x.Call, callee: x.Member, scope: Scope, context: Context) -> Touched | None:
        """Visit a call of a method; None when nothing is known of it."""
        target = self.evaluator.evaluate(callee.object, scope)
        if isinstance(target, Environment) and callee.name == "update" and self.evaluator.python:
            self.readers.written(call, target, scope, context)
            return ()
        reader = self._reader(target, callee.name)
        if reader is not None:
            environment = target if isinstance(target, Environment) else Environment(reader.via)
            return self.readers.read(call, reader, environment, scope, context)
        self._looked_up(call, callee, target, scope, context)
        if self.texts.filled(call, callee, scope, context) or self._patched(call, callee, scope, context):
            return ()
        only = call.arguments[0].value if len(call.arguments) == 1 else callee
        if callee.name in _SETS and self.touches.looked_up(callee.object, only, scope, context):
            return ()
        if callee.name in {"includes", "has"} and self.given.casts.is_list_of_flags(callee.object, scope):
            for argument in call.arguments:
                self.visitor.expression(argument.value, scope, context.fresh()._replace(cast="boolean"))
            return ()
        return self._of_text(call, callee, target, scope, context)

    def _of_text(self, call: x.Call, callee: x.Member, target: Value, scope: Scope, context: Context) -> Touched | None:
        """Visit a method that hands on the text of a variable, with a default or as something else."""
        if callee.name in TEXT_METHODS and not isinstance(target, Environment | Ref):
            self.given.visit(call, scope, context)
            asserted = context.asserted or callee.name == "required"
            cast = context.cast or (split_of(call) if callee.name == "split" else None)
            return self.visitor.expression(callee.object, scope, context._replace(asserted=asserted, cast=cast))
        if not isinstance(target, Env):
            return None
        if callee.name == "default" and call.arguments:
            default = self.evaluator.evaluate(call.arguments[0].value, scope)
            return self.visitor.expression(callee.object, scope, context._replace(default=default))
        cast = cast_of(callee.name) if callee.name.startswith("as") else None
        if cast is None:
            return None
        self.given.visit(call, scope, context)
        return self.visitor.expression(callee.object, scope, context._replace(cast=cast))

    def _patched(self, call: x.Call, callee: x.Member, scope: Scope, context: Context) -> bool:
        """Visit `patch.dict(os.environ, {...})` of any mocking tool; returns whether it was that."""
        if callee.name != "dict" or dotted(callee.object).rpartition(".")[2] != "patch" or not call.arguments:
            return False
        environment = self.evaluator.evaluate(call.arguments[0].value, scope)
        if isinstance(environment, Environment):
            self.readers.written(call, environment, scope, context)
        return isinstance(environment, Environment)

    def _looked_up(self, call: x.Call, callee: x.Member, target: Value, scope: Scope, context: Context) -> None:
        """Record `x.get("NAME")` where x may turn out to be the environment."""
        if callee.name != "get" or not call.arguments:
            return
        key = self.evaluator.evaluate(call.arguments[0].value, scope)
        default = self.evaluator.argument(call, (("1",), ("default",)), scope)
        if isinstance(target, Parameter):
            self.recorder.member(target, key, call.span, context, default)
        if isinstance(target, Ref) and self.evaluator.python:
            self.touches.imported(target, key, call, context._replace(default=default or context.default))

    def _reader(self, target: Value, name: str) -> ReadModel | None:
        anywhere = self.models.methods.get(("*", name))
        if not isinstance(target, Environment):
            return anywhere
        return self.models.methods.get((target.via, name)) or self.models.methods.get(("environment", name)) or anywhere
