"""Classes of the file as records of what their members hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.scopes import Binding, Scope
from filot_lint.syntax import expression as x
from filot_lint.values import (
    MAX_LITERAL,
    UNKNOWN,
    Callable,
    Instance,
    Literal,
    Record,
    Ref,
    Sequence,
    Value,
    bounded,
    coalesce,
    member,
)

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator


MAX_BASES = 8
MAX_NESTED = 16
SPREAD = "..."
"""The entry of a record for what other files add."""

_PROPERTIES = frozenset({"property", "cached_property", "computed_field", "hybrid_property"})
_LISTS = frozenset({"list", "tuple", "sorted", "set", "iter", "reversed"})
_ENUMS = ("Enum", "Choices")
_TEXTS = frozenset({"str", "StrEnum", "TextChoices"})


class Classes:
    """Evaluates class bodies, each once."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is evaluated yet."""
        self.evaluator = evaluator
        self._classes: dict[int, Value] = {}
        self._settings: dict[int, dict[str, Value]] = {}
        self._members: dict[int, Sequence] = {}
        self._busy: list[x.Class] = []

    def record(self, node: x.Class) -> Value:
        """Return a class as a record of its constants, attributes and methods; computed once."""
        known = self._classes.get(id(node))
        if known is not None:
            return known
        if node in self._busy or len(self._busy) >= MAX_NESTED:
            self.evaluator.cuts += 1
            return UNKNOWN
        self._busy.append(node)
        scope = self.evaluator.scopes.of(node)
        found = {name: entry for base in self._bases(node) for name, entry in base.entries}
        elsewhere = self._bases_elsewhere(node)
        if elsewhere:
            found[SPREAD] = Sequence(elsewhere)
        found.update((name, self._held(scope, name)) for name in scope.bindings)
        found.update((name, self.got(self._method(method))) for name, method in _methods(node))
        fields = self._fields(node)
        found.update(fields)
        more = fields.get(SPREAD)
        if isinstance(more, Sequence):
            found[SPREAD] = Sequence((*elsewhere, *more.items))
        self._busy.pop()
        self._classes[id(node)] = bounded(Record(tuple(found.items()), open=True), MAX_LITERAL)
        return self._classes[id(node)]

    def member(self, target: x.Expression, name: str, scope: Scope) -> Value | None:
        """Return a member of what is certainly this class or an enumeration, None for other expressions."""
        match target:
            case x.Name(id="this" | "self" | "cls"):
                return self._of_self(scope, name)
            case x.Name():
                return self._attribute(self._node(target, scope), name)
            case x.Member(object=x.Name(id="this" | "self"), name="__class__" | "constructor"):
                return self._of_self(scope, name)
            case x.Call(callee=x.Name(id="type"), arguments=[x.Argument(value=x.Name(id="self"))]):
                return self._of_self(scope, name)
            case x.Member(object=x.Name() as owner, name=key) if name == "name":
                return Literal(key) if self.members(owner, scope) is not None else None
            case _:
                return None

    def _of_self(self, scope: Scope, name: str) -> Value | None:
        owner = scope.enclosing_class()
        found = self._attribute(owner, name)
        return UNKNOWN if found is None and owner is not None else found

    def _fields(self, node: x.Class) -> dict[str, Value]:
        """Return the fields that a settings class reads from variables, found once."""
        if id(node) not in self._settings:
            self._settings[id(node)] = {}
            if self.evaluator.settings is not None:
                self._settings[id(node)] = self.evaluator.settings.of_fields(node)
        return self._settings[id(node)]

    def _attribute(self, owner: x.Class | None, name: str) -> Value | None:
        """Return a member of a class, its own or inherited; None when it has none that is known."""
        if owner is None:
            return None
        own = self.evaluator.scopes.of(owner)
        fields = self._fields(owner)
        if name in fields:
            return fields[name]
        if name in own.bindings:
            return self._held(own, name)
        method = next((method for known, method in _methods(owner) if known == name), None)
        if method is not None:
            return self.got(self._method(method))
        inherited = (self.evaluator.member(base, name) for base in self._bases(owner) if base.get(name) is not None)
        elsewhere = (self.evaluator.member(base, name) for base in self._bases_elsewhere(owner))
        return next(inherited, None) or next(elsewhere, None)

    def entry(self, record: Record, name: str) -> Value:
        """Return a member of a class or an object; of a class, it may stand in a base class of another file."""
        inherited = record.get(SPREAD) if record.get(name) is None else None
        if isinstance(inherited, Sequence):
            bases = [base for base in inherited.items if isinstance(base, Instance) or _is_imported(base)]
            if bases:
                return coalesce([self.evaluator.member(base, name) for base in bases])
        return self.got(member(record, name))

    def got(self, value: Value) -> Value:
        """Return what a member gives when it is looked up: a property runs its function."""
        if not isinstance(value, Callable):
            return value
        decorators = self.evaluator.scopes.functions[value.function].decorators
        is_property = any(_last_word(decorator) in _PROPERTIES for decorator in decorators)
        return self.evaluator.returned(value.function) if is_property else value

    def own(self, binding: Binding) -> Value | None:
        """Return the class that the first parameter of a class method is."""
        outer = binding.scope.parent
        if binding.index or binding.path or outer is None or outer.owner is None:
            return None
        decorators = self.evaluator.scopes.functions[binding.function].decorators
        return self.record(outer.owner) if any(_last_word(d) == "classmethod" for d in decorators) else None

    def members(self, iterable: x.Expression, scope: Scope) -> Sequence | None:
        """Return the members of an enumeration class that a loop runs over, None for anything else."""
        if isinstance(iterable, x.Call) and _last_word(iterable.callee) in _LISTS and len(iterable.arguments) == 1:
            iterable = iterable.arguments[0].value
        node = self._node(iterable, scope)
        bases = {_last_word(base.value) for base in node.bases} if node is not None else set()
        if node is None or not any(base.endswith(_ENUMS) for base in bases):
            return None
        if id(node) not in self._members:
            self._members[id(node)] = Sequence(tuple(self._enumerated(node, texts=bool(bases & _TEXTS))))
        return self._members[id(node)]

    def _enumerated(self, node: x.Class, *, texts: bool) -> Iterator[Value]:
        """Yield the members of an enumeration: texts, or objects with a name and a value."""
        inner = self.evaluator.scopes.of(node)
        for statement in node.body:
            if isinstance(statement, x.Assign) and isinstance(statement.target, x.Name):
                name = statement.target
                value = self._held(inner, name.id)
                place = self.evaluator.source.locate(name.span)
                entries = (("name", Literal(name.id, "string", place)), ("value", value))
                yield value if texts else Record(entries)

    @staticmethod
    def _node(expression: x.Expression, scope: Scope) -> x.Class | None:
        bindings = scope.lookup(expression.id) if isinstance(expression, x.Name) else None
        node = bindings[0].node if bindings and len(bindings) == 1 else None
        return node if isinstance(node, x.Class) else None

    def _bases(self, node: x.Class) -> list[Record]:
        outer = self.evaluator.scopes.of(node).parent or self.evaluator.scopes.module
        found = [self.evaluator.evaluate(base.value, outer) for base in node.bases[:MAX_BASES] if base.name is None]
        return [value for value in found if isinstance(value, Record)]

    def _bases_elsewhere(self, node: x.Class) -> tuple[Value, ...]:
        """Return the base classes that other files define."""
        outer = self.evaluator.scopes.of(node).parent or self.evaluator.scopes.module
        found = [self.evaluator.evaluate(base.value, outer) for base in node.bases[:MAX_BASES] if base.name is None]
        labels = [self.evaluator.models.makes.get(self.evaluator.qualified(value) or "") for value in found]
        return tuple(
            Instance(label) if label is not None else value
            for value, label in zip(found, labels, strict=True)
            if label is not None or (isinstance(value, Ref) and value.module)
        )

    def _held(self, scope: Scope, name: str) -> Value:
        value = self.evaluator.names.bound(scope.bindings[name])
        return self.evaluator.changes.applied(value, name, scope)

    def _method(self, method: x.Function) -> Value:
        static = any(isinstance(d, x.Name) and d.id == "staticmethod" for d in method.decorators)
        return Callable(self.evaluator.scopes.key(method), bound=self.evaluator.python and not static)


def _is_imported(value: Value) -> bool:
    return isinstance(value, Ref) and bool(value.module)


def _methods(node: x.Class) -> list[tuple[str, x.Function]]:
    return [(s.name, s) for s in node.body if isinstance(s, x.Function) and s.method and s.name]


def _last_word(expression: x.Expression) -> str:
    if isinstance(expression, x.Call):
        expression = expression.callee
    if isinstance(expression, x.Member):
        return expression.name
    return expression.id if isinstance(expression, x.Name) else ""
