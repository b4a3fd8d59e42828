"""Names: what is bound to them here, what they are by their type, what a star import may have brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.calls import CASTS
from filot_lint.extract.evaluation.scopes import Binding, Scope, Step
from filot_lint.syntax import expression as x
from filot_lint.values import (
    UNKNOWN,
    Callable,
    Env,
    Environment,
    Instance,
    Literal,
    Parameter,
    Ref,
    Value,
    coalesce,
    item_at,
    options,
    the_environment,
    with_default,
)

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator


class Names:
    """Answers what a name stands for."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the values that names are bound to."""
        self.evaluator = evaluator
        self._pending: dict[tuple[int, int], list[Value]] = {}
        """What a name that is bound again and again is known to be so far, while its next value builds on that."""

    def named(self, name: str, scope: Scope, at: int | None = None) -> Value:
        """Return what a name stands for in a scope, with what was put into it before a place, or ever."""
        home = scope.home(name)
        if home is None:
            return self._starred(name) or self.evaluator.ref("", (name,))
        bindings = self.evaluator.scopes.bindings_at(home.bindings[name], at)
        return self.evaluator.changes.applied(self.bound(bindings), name, home, scope, at)

    def bound(self, bindings: list[Binding]) -> Value:
        """Return what several bindings give together; an empty start value says nothing."""
        now = [b for b in bindings if self.evaluator.frames.element(b.expression) is not None]
        if now or len(bindings) == 1:
            return self.binding((now or bindings)[-1])
        key = (id(bindings), id(self.evaluator.frames.current))
        values = self._pending.get(key)
        if values is not None:
            self.evaluator.cuts += 1
            return coalesce(list(values))
        values = self._pending[key] = []
        given = [b for b in bindings if b.expression is not None or b.kind != "value"]
        for binding in given or bindings:
            values.append(self.binding(binding))  # the next one may build on it
        del self._pending[key]
        found = [value for value in values if not (isinstance(value, Literal) and value.is_empty)]
        return the_environment(coalesce(found or values))

    def _starred(self, name: str) -> Value | None:
        """Return what a star import may have brought: a modelled name, or anything when there is but one."""
        stars = self.evaluator.scopes.stars
        for module in stars:
            found = self.evaluator.ref(module, (name,))
            if (
                isinstance(found, Environment)
                or (self.evaluator.qualified(found) or "") in self.evaluator.models.readers
            ):
                return found
        return Ref(stars[0], (name,)) if len(stars) == 1 and name not in CASTS else None

    def binding(self, binding: Binding) -> Value:
        """Return what one binding gives its name."""
        match binding.kind:
            case "value":
                value = self.evaluator.evaluate(binding.expression, binding.scope)
                return self._follow(value, binding)
            case "element" | "keys":
                element = self.evaluator.frames.element(binding.expression)
                return self._follow(self._any(binding) if element is None else element, binding)
            case "import":
                if binding.module in self.evaluator.models.env_modules and binding.exported.isupper():
                    return Env(binding.exported)
                path = () if binding.exported == "*" else (binding.exported,)
                return self.evaluator.ref(binding.module, path)
            case "parameter":
                return self._parameter(binding)
            case "function" if isinstance(binding.node, x.Function):
                return Callable(self.evaluator.scopes.key(binding.node))
            case "class" if isinstance(binding.node, x.Class):
                return self.evaluator.class_record(binding.node)
            case _:
                return UNKNOWN

    def _any(self, binding: Binding) -> Value:
        """Return what a variable that runs over something can be: all its elements."""
        if binding.expression is not None:
            members = self.evaluator.classes.members(binding.expression, binding.scope)
            if members is not None:
                return self.evaluator.each(members)
        value = self.evaluator.evaluate(binding.expression, binding.scope)
        return self.evaluator.each(value, keys=binding.kind == "keys")

    def _parameter(self, binding: Binding) -> Value:
        default = self.evaluator.evaluate(binding.expression, binding.scope) if binding.expression is not None else None
        if isinstance(default, Environment):
            return default
        typed = self._typed(binding) or self.evaluator.classes.own(binding)
        if typed is not None:
            return typed
        given = Parameter(binding.function, binding.index, tuple(str(step) for step in binding.path))
        return with_default(given, default) if binding.path and isinstance(default, Literal) else given

    def _typed(self, binding: Binding) -> Value | None:
        """Return the modelled object that a parameter is by its type: what frameworks inject."""
        return None if binding.annotation is None else self.of_type(binding.annotation, binding.scope)

    def of_type(self, type_: x.Expression, scope: Scope) -> Value | None:
        """Return the modelled object that a container gives for a type."""
        name = self.evaluator.qualified(self.evaluator.evaluate(type_, scope)) or ""
        maker = self.evaluator.models.environment_makers.get(name)
        if maker is not None:
            return Environment(maker.via)
        made = self.evaluator.models.makes.get(name)
        return Instance(made) if made is not None else None

    def _follow(self, value: Value, binding: Binding) -> Value:
        for step in binding.path:
            value = self._step(value, step)
        if binding.default is not None and binding.path:
            return with_default(value, self.evaluator.evaluate(binding.default, binding.scope))
        return value

    def _step(self, value: Value, step: Step) -> Value:
        if isinstance(step, str):
            return self.evaluator.member(value, step)
        return coalesce([item_at(option, step) for option in options(value)])
