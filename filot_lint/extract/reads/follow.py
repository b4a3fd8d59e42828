"""Parameters to their callers: functions through which variables are read, inside one file."""

from __future__ import annotations

from msgspec.structs import replace

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scopes
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.context import Context
from filot_lint.extract.reads.settle import Uses
from filot_lint.extract.reads.stops import ends
from filot_lint.extract.reads.touch import LocalCall, Touch, label, owner_of
from filot_lint.extract.redact import default_of
from filot_lint.facts import Access, Default, Fact, Wrapper
from filot_lint.source import Location, SourceFile
from filot_lint.syntax import expression as x
from filot_lint.values import (
    NULL,
    UNKNOWN,
    Callable,
    Env,
    Environment,
    Join,
    Literal,
    Parameter,
    Value,
    closed,
    one_by_one,
    options,
    parameter_of,
    substitute,
)

_ROUNDS = 8


class Follow:
    """Finds wrappers and follows their calls; one per file."""

    def __init__(
        self, source: SourceFile, scopes: Scopes, evaluator: Evaluator, touches: list[Touch], uses: Uses
    ) -> None:
        """Take the touches so far; those of callers are added to them."""
        self.source = source
        self.scopes = scopes
        self.evaluator = evaluator
        self.touches = touches
        self.uses = uses
        self.calls: list[LocalCall] = []
        self.wrappers: dict[tuple[str, Value, Access], Wrapper] = {}
        self.members: dict[tuple[str, int], list[tuple[Value, Location, Context, Value | None]]] = {}
        self.handed: dict[tuple[str, int], list[tuple[Location, Context, str]]] = {}
        self.followed: set[str] = set()

    def run(self) -> None:
        """Follow until nothing new is found."""
        seen: set[tuple[int, Value, Access]] = set()
        for _ in range(_ROUNDS):
            before = len(self.touches), len(self.wrappers)
            self._find_wrappers()
            self._follow_calls(seen)
            if before == (len(self.touches), len(self.wrappers)):
                break

    def environment_wrappers(self) -> list[Fact]:
        """Return the parameters that a caller in another file may give the environment for."""
        found: list[Fact] = []
        for (owner, index), members in self.members.items():
            for key, place, context, default in members:
                if isinstance(key, Literal) and key.text.isupper():
                    wrapper = self._of_environment(owner, index, key, place, context)
                    said = default_of(key.text, default)
                    required = False if default is not None else context.asserted or None
                    found.append(replace(wrapper, default=said, required=required))
        for (owner, index), places in self.handed.items():
            for place, context, goal in places:
                wrapper = self._of_environment(owner, index, Literal(goal), place, context)
                found.append(replace(wrapper, access="copy"))
        return found

    def _of_environment(self, owner: str, index: int, key: Literal, place: Location, context: Context) -> Wrapper:
        function = self.scopes.functions[owner]
        return Wrapper(
            **place_at(self.source, self.source.locate(function.span)),
            function=owner,
            parameters=_names(function),
            bound=function.method and self.scopes.python,
            environment=index,
            names=((key, place),),
            access=context.usage,
            unchecked=context.claimed and context.default is None,
            guard=context.guard,
            cast=context.cast,
        )

    def _find_wrappers(self) -> None:
        for touch in self.touches:
            owner = owner_of(touch.key)
            if owner is None or touch.cut:
                continue
            touch.cut = True
            key = touch.key if not touch.prefix else Join((Literal(touch.prefix), touch.key))
            identity = (owner, key, touch.access)
            if identity not in self.wrappers and owner in self.scopes.functions:
                self.wrappers[identity] = self._wrapper(owner, key, touch)

    def _wrapper(self, owner: str, key: Value, touch: Touch) -> Wrapper:
        function = self.scopes.functions[owner]
        name = parameter_of(key)
        returned = self._returned_for(owner, key)
        others = [o for o in (*options(touch.default or UNKNOWN), *returned) if isinstance(o, Parameter)]
        fallback = next((o for o in others if o not in (name, key) and not _is_part(o, name)), None)
        default = touch.fixed or default_of(None, _strip(touch.default, owner, fallback))
        required = touch.required
        if touch.access == "read" and default is None and self._ends_in_a_stop(function.body):
            required = True
        elif not required and default is None and fallback is None:
            empty = [o for o in self._returned_literals(function) if o.is_empty]
            default = Default("empty", "") if any(o.type == "string" for o in empty) else None
        return Wrapper(
            **place_at(self.source, self.source.locate(function.span)),
            function=owner,
            parameters=_names(function),
            bound=function.method and self.scopes.python,
            key=key,
            access=touch.access,
            fallback=fallback,
            default=default,
            required=required,
            unchecked=touch.context.claimed and required is None,
            guard=touch.context.guard,
            cast=touch.context.cast,
        )

    def _returned_for(self, owner: str, key: Value) -> list[Value]:
        """Return what a function gives back, nothing where that is about another of the variables it reads."""
        every = list(options(self.evaluator.returned(owner)))
        handed = [label(option.key) for option in every if isinstance(option, Env) and option.key is not None]
        return every if not handed or label(key) in handed else []

    def _returned_literals(self, function: x.Function) -> list[Literal]:
        scope = self.scopes.of(function)
        found: list[Literal] = []
        for statement, inner in self.evaluator.return_statements(function.body, scope):
            value = self.evaluator.evaluate(statement.value, inner)
            found.extend(o for o in options(value) if isinstance(o, Literal))
        return found

    @staticmethod
    def _ends_in_a_stop(body: list[x.Statement]) -> bool:
        """Return whether a function stops unless it returned before: `if (value) return value; throw ...`."""
        return bool(body) and (isinstance(body[-1], x.Raise) or ends(body[-1]))

    def _follow_calls(self, seen: set[tuple[int, Value, Access]]) -> None:
        for local in self.calls:
            for wrapper in [w for w in self.wrappers.values() if w.function == local.function.function]:
                identity = (id(local.call), wrapper.key or UNKNOWN, wrapper.access)
                if identity not in seen:
                    seen.add(identity)
                    self._follow(local, wrapper)
            self._environment_arguments(local, seen)

    def _follow(self, local: LocalCall, wrapper: Wrapper) -> None:
        arguments = self.evaluator.functions.arguments(local.function, local.call, local.scope)
        self._name(arguments, local, parameter_of(wrapper.key or UNKNOWN))
        for each in one_by_one(wrapper.key or UNKNOWN, arguments):
            self._follow_one(local, wrapper, each)

    def _name(self, arguments: dict[int, Value], local: LocalCall, parameter: Parameter | None) -> None:
        """Give the parameter that becomes the name of a variable what the argument can be as one."""
        if parameter is None or parameter.path or parameter.index not in arguments:
            return
        function = self.scopes.functions[local.function.function]
        given = self.evaluator.functions.pick(local.call, function, parameter.index, 1 if local.function.bound else 0)
        if given is not None:
            arguments[parameter.index] = self.evaluator.key(given, local.scope)

    def _follow_one(self, local: LocalCall, wrapper: Wrapper, arguments: dict[int, Value]) -> None:
        key = closed(substitute(wrapper.key or UNKNOWN, wrapper.function, arguments), local.function)
        if key == UNKNOWN:
            return
        self.followed.add(wrapper.function)
        given = given_for(wrapper, arguments, local.function)
        context = local.context._replace(claimed=local.context.claimed or wrapper.unchecked)
        if context.guard == "always":
            context = context._replace(guard=wrapper.guard)
        name = wrapper.function.split("@", 1)[0]
        default = given if given is not None else context.default
        fixed = wrapper.default if default is None else None
        required = context.asserted or wrapper.required if default is None else False
        if fixed is not None and not required:
            required = False
        hands_on = any(isinstance(o, Env) for o in options(self.evaluator.returned(wrapper.function)))
        tested = context.usage == "presence" and hands_on and default is None
        access: Access = "presence" if tested else wrapper.access
        touch = Touch(key, name, "", self.source.locate(local.call.span), context, access, default,
                      direct=False, required=required, fixed=fixed)  # fmt: skip
        if hands_on:
            self.uses.of_result(touch, local.call)
            self.uses.demand(touch)
        if wrapper.cast is not None and context.cast is None:
            touch.context = touch.context._replace(cast=wrapper.cast)
        self.touches.append(touch)

    def _environment_arguments(self, local: LocalCall, seen: set[tuple[int, Value, Access]]) -> None:
        for index, value in self.evaluator.functions.arguments(local.function, local.call, local.scope).items():
            identity = (id(local.call), Parameter(local.function.function, index), "read")
            if not isinstance(value, Environment) or identity in seen:
                continue
            seen.add(identity)  # type: ignore[arg-type]
            for key, place, context, default in self.members.get((local.function.function, index), []):
                required = False if default is not None else context.asserted or None
                self.touches.append(Touch(key, value.via, value.prefix, place, context, context.usage, default,
                                          direct=True, required=required))  # fmt: skip
            for place, context, goal in self.handed.get((local.function.function, index), []):
                touch = Touch.whole(value, place, context)
                touch.goes_to(goal)
                self.touches.append(touch)


def _names(function: x.Function) -> tuple[str, ...]:
    return tuple(
        ("*" if p.rest else "**" if p.keywords else "") + (p.target.id if isinstance(p.target, x.Name) else "")
        for p in function.parameters
    )


def _is_part(one: Parameter, other: Parameter | None) -> bool:
    """Return whether one parameter is the object another is taken from."""
    return other is not None and one.index == other.index and one.function == other.function and not one.path


def given_for(wrapper: Wrapper, arguments: dict[int, Value], function: Callable) -> Value | None:
    """Return the default that a call of a wrapper hands over, None when it does not."""
    if wrapper.fallback is None:
        return None
    absent = dict.fromkeys(range(len(wrapper.parameters)), NULL)
    found = closed(substitute(wrapper.fallback, wrapper.function, absent | arguments), function)
    return None if isinstance(found, Literal) and found.type == "null" else found


def _strip(value: Value | None, function: str, fallback: Parameter | None) -> Value | None:
    """Drop the parameters of a function, and the one that is known to stand in, from the alternatives of a default."""
    if value is None:
        return None
    kept = [o for o in options(value) if not (isinstance(o, Parameter) and (o.function == function or o == fallback))]
    return kept[0] if kept else None
