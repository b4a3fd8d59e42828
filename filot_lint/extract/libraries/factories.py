"""Functions around the calls of libraries, and the calls of functions that may be such.

`connect(url)` that makes a client says nothing about the client; each of its callers does. The linker puts the two
together, within a file and across files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at
from filot_lint.extract.redact import redact
from filot_lint.facts import Call, Fact, Factory, Guard, MethodCall
from filot_lint.syntax import expression as x
from filot_lint.values import CONSTRUCTORS, UNKNOWN, Callable, Record, Ref, Value, parameters_of

MAX_ARGUMENTS = 8
_MAX_CALLS = 4_000


class Factories:
    """Collects the factories of one file, and the calls that may be of one."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is called yet."""
        self.evaluator = evaluator
        self._calls: list[tuple[Value, x.Call, Scope, Guard]] = []

    def call(self, call: x.Call, callee: Value, scope: Scope, guard: Guard = "always") -> None:
        """Remember a call of something that this workspace may define."""
        function = _constructor(callee) if isinstance(callee, Record) else callee
        known = isinstance(function, Callable) or (isinstance(function, Ref) and function.module)
        if known and len(self._calls) < _MAX_CALLS:
            self._calls.append((function or callee, call, scope, guard))

    def facts(self, found: Iterable[Fact]) -> list[Fact]:
        """Return the factories behind the facts of a file, the calls of them here and of imported functions."""
        owners = set(_owners(found))
        imported = [self._call(*known) for known in self._calls if isinstance(known[0], Ref)]
        owners.update(_handing(imported))
        local: dict[int, Call] = {}
        while True:
            fresh = [k for k in self._calls if _names(k[0], owners) and id(k[1]) not in local]
            if not fresh:
                break
            local.update({id(known[1]): self._call(*known) for known in fresh})
            owners.update(_handing(local.values()))
        factories = [self._factory(owner) for owner in sorted(owners) if owner in self.evaluator.scopes.functions]
        return [*factories, *imported, *local.values()]

    def _factory(self, owner: str) -> Factory:
        scopes = self.evaluator.scopes
        function = scopes.functions[owner]
        scope = scopes.of(function)
        class_ = scope.parent.owner if scope.parent is not None else None
        made = class_ is not None and function.name in CONSTRUCTORS
        static = any(isinstance(d, x.Name) and d.id == "staticmethod" for d in function.decorators)
        return Factory(
            **place_at(self.evaluator.source, self.evaluator.source.locate(function.span)),
            function=owner,
            names=tuple(name for name in (class_.name if made and class_ is not None else function.name,) if name),
            parameters=tuple(p.target.id if isinstance(p.target, x.Name) else "" for p in function.parameters),
            defaults=tuple(
                None if p.default is None else redact(self.evaluator.evaluate(p.default, scope), None)
                for p in function.parameters
            ),
            bound=self.evaluator.python and function.method and not static,
        )

    def _call(self, callee: Value, call: x.Call, scope: Scope, guard: Guard) -> Call:
        arguments: list[tuple[str | None, Value]] = []
        for argument in call.arguments[:MAX_ARGUMENTS]:
            if argument.spread:
                break
            value = redact(self.evaluator.evaluate(argument.value, scope), None)
            arguments.append((argument.name, value or UNKNOWN))
        place = place_at(self.evaluator.source, self.evaluator.source.locate(call.span))
        return Call(**place, guard=guard, callee=callee, arguments=tuple(arguments))


def _names(callee: Value, owners: set[str]) -> bool:
    return isinstance(callee, Callable) and callee.function in owners


def _handing(calls: Iterable[Call]) -> Iterator[str]:
    """Yield the functions that hand their own parameters on."""
    for call in calls:
        for _, value in call.arguments:
            yield from (parameter.function for parameter in parameters_of(value))


def _constructor(record: Record) -> Value | None:
    return next((found for name in CONSTRUCTORS if (found := record.get(name)) is not None), None)


def _owners(facts: Iterable[Fact]) -> Iterator[str]:
    """Yield the functions whose parameters are settings of facts."""
    for fact in facts:
        if isinstance(fact, MethodCall):
            yield from _owners(meant for _, meanings in fact.meanings for meant in meanings)
            yield from _owners(fact.otherwise)
            continue
        for field in fact.__struct_fields__:
            value = getattr(fact, field)
            if isinstance(value, Value):
                yield from (parameter.function for parameter in parameters_of(value))
