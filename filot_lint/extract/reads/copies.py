"""The environment as a whole: where it is copied, handed over, gone through name by name, or filtered."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.context import Context, Recorder, Visitor
from filot_lint.extract.reads.logs import dotted
from filot_lint.facts import Access
from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import Callable, Environment, Parameter, Record, Value

_COPIED = "a copy of the whole environment is made"
_THROUGH = "all variables are gone through"
_LOOKS = frozenset({"len", "isinstance", "type", "id", "bool", "Boolean", "hasattr", "getattr"})
"""Calls that ask the environment something else than what it holds."""

_COPIES = frozenset({"dict", "Object.assign", "copy.copy", "copy.deepcopy", "structuredClone", "MappingProxyType"})
_COPY_METHODS = frozenset({"copy", "toObject", "toJSON"})
_NAMES = frozenset({"list", "sorted", "tuple", "set", "frozenset"})
_VIEWS = frozenset({"items", "keys", "values", "entries"})
_TESTS = frozenset({"some", "every", "find", "findIndex"})
_FILTERS = frozenset({"filter", "map", "flatMap", "forEach", "reduce", "pick", "pickBy"})
_ASKED = _TESTS | _FILTERS | _VIEWS | _NAMES | _COPY_METHODS | _COPIES | {"assign", "deepcopy"}
_HOPS = 4
_MAY_BE = (x.Name, x.Member, x.Call, x.Mapping, x.Binary, x.Comprehension, x.Choice)


class Copies:
    """Visits what takes all variables at once; one per file."""

    def __init__(self, visitor: Visitor, evaluator: Evaluator, recorder: Recorder) -> None:
        """Take who visits the rest."""
        self.visitor = visitor
        self.evaluator = evaluator
        self.recorder = recorder

    def handed(self, call: x.Call, callee: Value, argument: x.Argument, scope: Scope, context: Context) -> Context:
        """Record that an argument gives everything away; returns the context to visit it in."""
        if context.counted or isinstance(callee, Callable) or dotted(call.callee) in _LOOKS | _COPIES:
            return context
        found = self._whole(argument.value, argument.name, scope, _HOPS)
        all_of_it = isinstance(argument.value, x.Call | x.Choice) or (found and isinstance(found[1], Environment))
        if all_of_it and self._is_schema(call, callee, scope):
            return context._replace(counted=True)
        if found is None:
            return context
        expression, value = found
        name = self.evaluator.qualified(callee) if self.evaluator.python else None
        goal = name or dotted(call.callee).lstrip(".") or _last(call.callee)
        home = scope.lookup(expression.id) if isinstance(expression, x.Name) else None
        self.recorder.whole(value, expression.span, context, goal=goal, home=home)
        return context if isinstance(value, Parameter) else context._replace(counted=True)

    def visit(self, expression: x.Expression, scope: Scope, context: Context) -> tuple[Context, object]:
        """Record an expression that copies all variables, goes through them or keeps some; the rest is visited so."""
        if context.counted:
            return context, None
        match expression:
            case x.Mapping(entries=entries):
                environment, note = self._spread(entries, scope), _COPIED
            case x.Binary(operator="|", left=left):
                environment, note = self._mapping(left, scope), _COPIED
            case x.Comprehension() | x.Call():
                environment, note = self._gone_through(expression, scope, context)
            case _:
                return context, None
        if environment is None:
            return context, None
        counted = context._replace(counted=True)
        return counted, self.recorder.whole(environment, expression.span, context, note=note) if note else None

    def loop(self, loop: x.Loop, scope: Scope, context: Context) -> Context:
        """Record a loop over all variables; returns the context to visit what it runs over in."""
        if loop.iterable is None or loop.target is None:
            return context
        if self._filtered(loop, loop.iterable.span, scope, context):
            return context._replace(counted=True)
        environment = self._viewed(loop, scope)
        if environment is not None:
            self.recorder.whole(environment, loop.iterable.span, context, note=_THROUGH)
        return context._replace(counted=environment is not None)

    def _gone_through(
        self, node: x.Comprehension | x.Call, scope: Scope, context: Context
    ) -> tuple[Environment | None, str]:
        method = _last(node.callee) if isinstance(node, x.Call) else ""
        if isinstance(node, x.Call) and (method or dotted(node.callee)) not in _ASKED:
            return None, ""
        access: Access = "presence" if method in _TESTS else "read"
        if self._filtered(node, node.span, scope, context, access):
            return Environment(""), ""
        if isinstance(node, x.Comprehension) or self._is_view(node):
            return self._viewed(node, scope), _THROUGH
        if dotted(node.callee) in _COPIES and not self._fills(node, scope):
            return self._mapping(node, scope), _COPIED
        if method in _COPY_METHODS and isinstance(node.callee, x.Member) and not node.arguments:
            return self._mapping(node.callee.object, scope), _COPIED
        return None, ""

    def _fills(self, call: x.Call, scope: Scope) -> bool:
        """Return whether a call sets variables: `Object.assign(process.env, {...})`."""
        into = dotted(call.callee) == "Object.assign" and bool(call.arguments)
        return into and self._mapping(call.arguments[0].value, scope) is not None

    def _filtered(
        self, node: x.Expression | x.Loop, place: Span, scope: Scope, context: Context, access: Access = "read"
    ) -> bool:
        """Record the variables that a filter over all of them keeps; returns whether it is one."""
        found = self.evaluator.kept_keys(node, scope)
        environment = self.evaluator.kept.environment(node, scope) if found is not None else None
        if found is None or environment is None:
            return False
        self.recorder.read(found, environment, place, context.fresh(), direct=False, access=access)
        return True

    def _is_schema(self, call: x.Call, callee: Value, scope: Scope) -> bool:
        """Return whether a call takes from the environment what a schema names."""
        settings = self.evaluator.settings
        return settings is not None and settings.of_parsed(call, callee, scope) is not None

    def _whole(
        self, value: x.Expression, name: str | None, scope: Scope, hops: int
    ) -> tuple[x.Expression, Environment | Parameter] | None:
        """Return what is the environment in an argument: itself, or a setting of options."""
        if isinstance(value, x.Mapping) and hops and self._spread(value.entries, scope) is None:
            named = [
                (e.key.text if isinstance(e.key, x.Text) else "", e.value) for e in value.entries if e.key is not None
            ]
            inner = (self._whole(item, key, scope, hops - 1) for key, item in named)
            found = next((found for found in inner if found is not None), None)
            return found or self._given(value, name, scope)
        if not isinstance(value, _MAY_BE) or (isinstance(value, x.Call) and self._is_view(value)):
            return None
        if self._is_filtered(value, scope, _HOPS):
            return None
        meant = self.evaluator.evaluate(value, scope)
        if isinstance(meant, Record) and not meant.open and isinstance(value, x.Name):
            meant = next((entry for _, entry in meant.entries if isinstance(entry, Environment)), meant)
        if isinstance(meant, Environment) and self._counts(meant):
            return value, meant
        return self._given(value, name, scope)

    def _given(self, value: x.Expression, name: str | None, scope: Scope) -> tuple[x.Expression, Parameter] | None:
        """Return the parameter that is handed on as the environment of a program: `spawn(command, { env })`."""
        if name != "env":
            return None
        spread = [entry.value for entry in value.entries if entry.key is None] if isinstance(value, x.Mapping) else []
        every = (self.evaluator.evaluate(part, scope) for part in (*spread, value))
        found = next((option for option in every if isinstance(option, Parameter) and not option.path), None)
        return None if found is None else (value, found)

    @staticmethod
    def _is_view(call: x.Call) -> bool:
        return _last(call.callee) in _VIEWS or dotted(call.callee) in _NAMES

    def _spread(self, entries: list[x.Entry], scope: Scope) -> Environment | None:
        spread = (self._mapping(entry.value, scope) for entry in entries if entry.key is None)
        return next((environment for environment in spread if environment is not None), None)

    def _viewed(self, node: x.Expression | x.Loop, scope: Scope) -> Environment | None:
        found = self.evaluator.kept.environment(node, scope)
        return found if found is not None and self._counts(found) else None

    def _mapping(self, expression: x.Expression, scope: Scope) -> Environment | None:
        value = self.evaluator.evaluate(expression, scope)
        if not isinstance(value, Environment) or not self._counts(value):
            return None
        return None if self._is_filtered(expression, scope, _HOPS) else value

    def _is_filtered(self, expression: x.Expression, scope: Scope, hops: int) -> bool:
        """Return whether a copy holds some variables only."""
        if hops == 0:
            return False
        if isinstance(expression, x.Name):
            bindings = scope.lookup(expression.id) or []
            made = bindings[0].expression if len(bindings) == 1 and bindings[0].kind == "value" else None
            return made is not None and self._is_filtered(made, bindings[0].scope, hops - 1)
        if self.evaluator.kept_keys(expression, scope) is not None:
            return True
        if not isinstance(expression, x.Call):
            return False
        parts = [argument.value for argument in expression.arguments[:1]]
        if isinstance(expression.callee, x.Member):
            parts.append(expression.callee.object)
        return any(self._is_filtered(part, scope, hops - 1) for part in parts)

    def _counts(self, environment: Environment) -> bool:
        """Return whether an environment is a mapping of all variables, not an object that looks single ones up."""
        return environment.via in self.evaluator.models.mappings


def _last(expression: x.Expression) -> str:
    return expression.name if isinstance(expression, x.Member) else ""
