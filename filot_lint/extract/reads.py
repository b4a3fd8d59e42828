"""Touches of the environment: recorded by the walk, then followed through the functions of the file into facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from filot_lint.extract.evaluate import Evaluator
from filot_lint.extract.place import place_at
from filot_lint.extract.redact import default_of, redact
from filot_lint.extract.scopes import Scope, Scopes
from filot_lint.extract.walk import Context, ends, label
from filot_lint.facts import Access, CallSite, Default, EnvRead, Fact, MemberUse, Wrapper
from filot_lint.models import ReadModel
from filot_lint.source import Location, SourceFile, Span
from filot_lint.syntax import expression as x
from filot_lint.values import (
    UNKNOWN,
    Callable,
    Coalesce,
    Env,
    Environment,
    Join,
    Literal,
    Parameter,
    Ref,
    Sequence,
    Value,
    names_of,
    options,
    parameter_of,
    pattern,
    substitute,
    with_default,
)

_ROUNDS = 8


@dataclass(slots=True, eq=False)
class Touch:
    """One touch of one variable, while the file is still being walked."""

    key: Value
    via: str
    prefix: str
    place: Location
    context: Context
    access: Access
    default: Value | None
    direct: bool
    required: bool | None
    note: str | None = None
    fixed: Default | None = None
    cut: bool = False


@dataclass(slots=True)
class _LocalCall:
    function: Callable
    call: x.Call
    scope: Scope
    context: Context


class Reads:
    """Collects touches of one file and resolves what stays inside it."""

    def __init__(self, source: SourceFile, scopes: Scopes, evaluator: Evaluator) -> None:
        """Nothing is recorded yet."""
        self.source = source
        self.scopes = scopes
        self.evaluator = evaluator
        self.touches: list[Touch] = []
        self.calls: list[_LocalCall] = []
        self.wrappers: dict[tuple[str, Value, Access], Wrapper] = {}
        self.members: dict[tuple[str, int], list[tuple[Value, Location, Context, Value | None]]] = {}
        self._uses: dict[int, set[str]] = {}
        self._assigned: list[tuple[int, Touch]] = []
        self._results: dict[int, int] = {}
        self._followed: set[str] = set()
        self._demanded: set[tuple[str, str | None]] = set()

    # Recording ------------------------------------------------------------------------------------------------------

    def read(  # the parts of one observation
        self,
        key: Value,
        environment: Environment,
        place: Span,
        context: Context,
        model: ReadModel | None = None,
        default: Value | None = None,
        *,
        direct: bool = True,
        access: Access | None = None,
    ) -> Touch:
        """Record a touch."""
        own = default
        if own is not None and context.default is not None:
            own = with_default(own, context.default)
        touch = Touch(
            key=key,
            via=model.via if model is not None else environment.via,
            prefix=environment.prefix + (model.prefix if model is not None else ""),
            place=self.source.locate(place),
            context=context,
            access=access or context.usage,
            default=own if own is not None else context.default,
            direct=direct,
            required=self._required(model, context, own),
        )
        self.touches.append(touch)
        return touch

    def _required(self, model: ReadModel | None, context: Context, default: Value | None) -> bool | None:
        if context.raises and default is None and context.default is None:
            return not context.caught
        if context.usage == "presence":
            return None
        if default is not None:
            return False
        if model is not None and model.required is not None:
            return model.required
        if context.default is not None:
            return False
        if context.asserted:
            return True
        return None

    def assigned(self, name: str, scope: Scope, touched: object) -> None:
        """Remember that a touch became the value of a local name."""
        bindings = scope.lookup(name)
        if bindings is not None and len(bindings) == 1 and isinstance(touched, Touch):
            self._assigned.append((id(bindings), touched))
        elif bindings is not None and len(bindings) == 1 and isinstance(touched, x.Call):
            self._results[id(touched)] = id(bindings)

    def used(self, name: str, scope: Scope, context: Context) -> None:
        """Remember how a local name is used."""
        bindings = scope.lookup(name)
        if bindings is not None:
            self._uses.setdefault(id(bindings), set()).add(context.usage)

    def demanded(self, names: Iterable[str], function: str | None) -> None:
        """Remember that the program stops without these."""
        self._demanded.update((name, function) for name in names)

    def member(self, parameter: Parameter, key: Value, place: Span, context: Context, default: Value | None) -> None:
        """Remember that a parameter is used as an environment may be."""
        if not parameter.path:
            record = (key, self.source.locate(place), context, default if default is not None else context.default)
            self.members.setdefault((parameter.function, parameter.index), []).append(record)

    def call(self, call: x.Call, callee: Value, scope: Scope, context: Context) -> None:
        """Remember a call of a function of this file."""
        if isinstance(callee, Callable):
            self.calls.append(_LocalCall(callee, call, scope, context))

    # Following ------------------------------------------------------------------------------------------------------

    def facts(self) -> list[Fact]:
        """Follow parameters to their callers and return all facts."""
        self._settle()
        seen: set[tuple[int, Value, Access]] = set()
        for _ in range(_ROUNDS):
            before = len(self.touches), len(self.wrappers)
            self._find_wrappers()
            self._follow_calls(seen)
            if before == (len(self.touches), len(self.wrappers)):
                break
        found: dict[tuple[object, ...], EnvRead] = {}
        for touch in self.touches:
            for fact in self._env_reads(touch):
                key = (fact.name, fact.pattern, fact.line, fact.column, fact.access)
                known = found.get(key)
                if known is None or (known.default is None and fact.default is not None):
                    found[key] = fact
        return [*_without_weaker(found.values()), *self.wrappers.values(), *self._environment_wrappers()]

    def _environment_wrappers(self) -> list[Fact]:
        """Return the parameters that a caller in another file may give the environment for."""
        found: list[Fact] = []
        for (owner, index), members in self.members.items():
            function = self.scopes.functions[owner]
            found.extend(
                Wrapper(
                    **place_at(self.source, self.source.locate(function.span)),
                    function=owner,
                    parameters=_names(function),
                    bound=function.method and self.scopes.python,
                    environment=index,
                    names=((key, place),),
                    access=context.usage,
                    default=default_of(key.text, default),
                    required=False if default is not None else None,
                    cast=context.cast,
                )
                for key, place, context, default in members
                if isinstance(key, Literal) and key.text.isupper()
            )
        return found

    def _settle(self) -> None:
        """Turn reads whose local name is only ever tested into presence tests, demanded ones into required ones."""
        for bindings, touch in self._assigned:
            self._settle_uses(touch, bindings)
        asked = {_asked(touch) for touch in self.touches if touch.access == "presence"}
        for touch in self.touches:
            if touch.context.raises and touch.access == "read" and _asked(touch) in asked:
                touch.required = False
            self._settle_demand(touch)

    def _settle_uses(self, touch: Touch, bindings: int | None) -> None:
        uses = self._uses.get(bindings, set()) if bindings is not None else set()
        if uses == {"presence"} and touch.access == "read":
            touch.access = "presence"
        elif "presence" in uses and touch.required is None:
            touch.required = False

    def _settle_demand(self, touch: Touch) -> None:
        fallback = isinstance(touch.default, Parameter) and touch.default.function == _owner(touch.key)
        if touch.required or not (touch.default is None or fallback):
            return
        names = [touch.prefix + n.text if n is not None else label(touch.key) for n in names_of(touch.key)]
        where = (touch.context.function, None)
        if names and all(any((name, place) in self._demanded for place in where) for name in names):
            touch.required = True

    def _find_wrappers(self) -> None:
        for touch in self.touches:
            owner = _owner(touch.key)
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
        name_index = -1 if name is None else name.index
        returned = list(options(self.evaluator.returned(owner)))
        others = (o for o in (*options(touch.default or UNKNOWN), *returned) if isinstance(o, Parameter) and not o.path)
        fallback = next((o.index for o in others if o.function == owner and o.index != name_index), None)
        default = touch.fixed or default_of(None, _strip(touch.default, owner))
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
            cast=touch.context.cast,
        )

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

    def _arguments(self, local: _LocalCall) -> dict[int, Value]:
        function = self.scopes.functions[local.function.function]
        shift = 1 if local.function.bound else 0
        found: dict[int, Value] = {}
        for index, parameter in enumerate(function.parameters):
            picked = self.evaluator.pick(local.call, function, index, shift)
            if parameter.rest:
                found[index] = self.evaluator.rest(local.call, index - shift, local.scope)
            elif picked is not None:
                found[index] = self.evaluator.evaluate(picked, local.scope)
            elif function.parameters[index].default is not None:
                found[index] = self.evaluator.evaluate(function.parameters[index].default, self.scopes.of(function))
        return found

    def _follow(self, local: _LocalCall, wrapper: Wrapper) -> None:
        arguments = self._arguments(local)
        key = substitute(wrapper.key or UNKNOWN, wrapper.function, arguments)
        if key == UNKNOWN:
            return
        self._followed.add(wrapper.function)
        given = arguments.get(wrapper.fallback) if wrapper.fallback is not None else None
        if isinstance(given, Literal) and given.type == "null":
            given = None
        context = local.context
        name = wrapper.function.split("@", 1)[0]
        default = given if given is not None else context.default
        fixed = wrapper.default if default is None else None
        required = False if default is not None or fixed is not None else context.asserted or wrapper.required
        hands_on = any(isinstance(o, Env) for o in options(self.evaluator.returned(wrapper.function)))
        tested = context.usage == "presence" and hands_on and default is None
        access: Access = "presence" if tested else wrapper.access
        touch = Touch(key, name, "", self.source.locate(local.call.span), context, access, default,
                      direct=False, required=required, fixed=fixed)  # fmt: skip
        if hands_on:
            self._settle_uses(touch, self._results.get(id(local.call)))
            self._settle_demand(touch)
        if wrapper.cast is not None and context.cast is None:
            touch.context = context._replace(cast=wrapper.cast)
        self.touches.append(touch)

    def _environment_arguments(self, local: _LocalCall, seen: set[tuple[int, Value, Access]]) -> None:
        for index, value in self._arguments(local).items():
            identity = (id(local.call), Parameter(local.function.function, index), "read")
            if not isinstance(value, Environment) or identity in seen:
                continue
            seen.add(identity)  # type: ignore[arg-type]
            for key, place, context, default in self.members.get((local.function.function, index), []):
                required = False if default is not None else None
                self.touches.append(Touch(key, value.via, value.prefix, place, context, context.usage, default,
                                          direct=True, required=required))  # fmt: skip

    # Facts ----------------------------------------------------------------------------------------------------------

    def _env_reads(self, touch: Touch) -> list[EnvRead]:
        if touch.cut and all(_owner(option) for option in options(touch.key)):
            return [self._dynamic(touch)] if _owner(touch.key) not in self._followed else []
        found: list[EnvRead] = []
        for name in names_of(touch.key):
            if name is not None:
                found.append(self._env_read(touch, touch.prefix + name.text, name.at))
            elif not touch.cut:
                found.append(self._dynamic(touch))
        constants = self.evaluator.models.builtins.get(touch.via, set())
        return [read for read in found if read.name is None or (_is_name(read.name) and read.name not in constants)]

    def _env_read(self, touch: Touch, name: str, at: Location | None) -> EnvRead:
        place = touch.place if touch.direct or at is None else at
        default = touch.fixed or default_of(name, touch.default)
        value = Env(name, redact(touch.default, name)) if touch.default is not None else Env(name)
        return self._fact(touch, place, name=name, default=default, value=value)

    def _dynamic(self, touch: Touch) -> EnvRead:
        unresolved = next((o for o in options(touch.key) if not isinstance(o, Literal)), touch.key)
        known = pattern(unresolved)
        value = Env(None, None, known, redact(touch.key, None))
        reason = "the name is computed"
        return self._fact(touch, touch.place, name=None, pattern=known, value=value, reason=reason,
                          default=touch.fixed or default_of(None, touch.default))  # fmt: skip

    def _fact(  # the fields of one fact
        self,
        touch: Touch,
        place: Location,
        *,
        name: str | None,
        default: Default | None,
        value: Value,
        pattern: str | None = None,
        reason: str | None = None,
    ) -> EnvRead:
        return EnvRead(
            **place_at(self.source, place),
            name=name,
            pattern=pattern,
            access=touch.access,
            via=touch.via,
            default=default if touch.access == "read" else None,
            required=touch.required if touch.access == "read" else (True if touch.required else None),
            cast=touch.context.cast,
            guard=touch.context.guard,
            deferred=touch.context.deferred,
            flow=touch.context.flow,
            value=value,
            reason=reason,
        )

    def call_site(self, call: x.Call, callee: Value, scope: Scope, context: Context) -> CallSite | None:
        """Return the call of an imported function, when an argument may name a variable or is the environment."""
        local = isinstance(callee, Callable)
        if not local and not (isinstance(callee, Ref) and callee.module):
            return None
        arguments: list[tuple[str | None, Value, Location]] = []
        for argument in call.arguments[:6]:
            value = self.evaluator.evaluate(argument.value, scope)
            arguments.append((argument.name, redact(value, None) or UNKNOWN, self.source.locate(argument.value.span)))
        if not any(_may_name(value) for _, value, _ in arguments):
            return None
        return CallSite(
            **place_at(self.source, self.source.locate(call.span)),
            callee=callee,
            arguments=tuple(arguments),
            access=context.usage,
            default=default_of(None, context.default),
            guard=context.guard,
            deferred=context.deferred,
        )

    def member_use(self, target: Ref, name: str, place: x.Member, context: Context) -> MemberUse | None:
        """Return the use of an imported object's member whose name may be a variable's."""
        if not (name.isupper() and len(name) > 1) or len(target.path) > 2:  # noqa: PLR2004
            return None
        return MemberUse(
            **place_at(self.source, self.source.locate(place.span)),
            target=target,
            key=Literal(name, "string", self.source.locate(place.name_span)),
            access=context.usage,
            default=default_of(name, context.default),
            guard=context.guard,
            deferred=context.deferred,
            cast=context.cast,
            required=self._required(None, context, None),
        )


def _names(function: x.Function) -> tuple[str, ...]:
    return tuple(p.target.id if isinstance(p.target, x.Name) else "" for p in function.parameters)


def _asked(touch: Touch) -> tuple[str | None, str | Value]:
    """Return what tells touches of one variable in one function from others."""
    return touch.context.function, touch.key.text if isinstance(touch.key, Literal) else touch.key


def _without_weaker(reads: Iterable[EnvRead]) -> list[EnvRead]:
    """Drop a presence test that stands exactly where a read does."""
    kept = list(reads)
    real = {(r.name, r.line, r.column) for r in kept if r.access == "read"}
    return [r for r in kept if r.access != "presence" or (r.name, r.line, r.column) not in real]


def _is_name(name: str) -> bool:
    return 0 < len(name) <= 200 and name.replace("_", "a").replace(".", "a").replace("-", "a").isalnum()  # noqa: PLR2004


def _may_name(value: Value) -> bool:
    if isinstance(value, Environment | Parameter):
        return True
    if isinstance(value, Literal):
        text = value.text
        return value.type == "string" and text.isidentifier() and ("_" in text or text.isupper()) and len(text) > 1
    if isinstance(value, Join):
        texts = [part.text for part in value.parts if isinstance(part, Literal)]
        return bool(texts) and all(text.replace("_", "A").isalnum() and text.upper() == text for text in texts)
    if isinstance(value, Coalesce | Sequence):
        return any(_may_name(option) for option in (value.options if isinstance(value, Coalesce) else value.items))
    return False


def _owner(key: Value) -> str | None:
    """Return the function whose parameter a key depends on."""
    found = parameter_of(key)
    return None if found is None else found.function


def _strip(value: Value | None, function: str) -> Value | None:
    """Drop the parameters of a function from the alternatives of a default."""
    if value is None:
        return None
    kept = [o for o in options(value) if not (isinstance(o, Parameter) and o.function == function)]
    return kept[0] if kept else None
