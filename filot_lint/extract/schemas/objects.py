"""Schemas as objects: one key per variable, put together by merging, extending, picking and spreading."""

from __future__ import annotations

from collections.abc import Callable as Function

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.schemas.classes import Classes
from filot_lint.extract.schemas.documents import document, members, settings_tree
from filot_lint.extract.schemas.entry import HOPS, At, Dialect, Entry, Field, Part, Shape, defined, last_word
from filot_lint.extract.schemas.fields import Fields
from filot_lint.extract.schemas.validated import validated
from filot_lint.syntax import expression as x
from filot_lint.values import Callable, Literal, Record, Ref, Sequence, names_of

_OBJECTS = frozenset({"object", "strictObject", "looseObject", "objectWithRest", "Object", "type", "Struct", "struct",
                      "strict", "exact", "interface"})  # fmt: skip
_MAKES = frozenset({"object", "strictObject", "looseObject", "Object", "Struct"})
_FUNCTIONS = frozenset({"preprocess", "lazy", "pipe"})
_JOINS = frozenset({"merge", "extend", "and", "safeExtend", "augment", "concat", "append", "keys", "shape", "assign",
                    "intersection", "intersect", "Composite", "Intersect", "mergeRight"})  # fmt: skip
_UNIONS = frozenset({"union", "or", "discriminatedUnion", "variant", "Union", "xor"})
_MEMBERS = frozenset({"shape", "entries", "fields", "properties", "_def", "def"})
"""Members of a schema that hold its fields."""
_LOOSE = frozenset({"partial", "deepPartial", "Partial", "optional"})
_PICKS = {"pick": Shape.picked, "Pick": Shape.picked, "omit": Shape.omitted, "Omit": Shape.omitted}
_BUDGET = 2_000


class Objects:
    """Reads the schema objects of one file."""

    def __init__(self, evaluator: Evaluator, classes: Classes) -> None:
        """Nothing is read yet."""
        self.evaluator = evaluator
        self.classes = classes
        self.fields = Fields(evaluator)
        self._left = 0

    def shape(self, at: At, style: str = "fields") -> Shape:
        """Return the variables that a schema describes, written in one of the styles that models name."""
        self._left = _BUDGET
        if style == "fields":
            return self._schema(at, Dialect(), HOPS)
        if style == "options":
            return self._schema(at, Dialect(style="options"), HOPS)
        if style == "class":
            return self._of_class(at)
        read: Function[[Objects, At], Shape] = document if style == "json-schema" else settings_tree
        return read(self, at)

    def named(self, at: At, prefix: str) -> Shape:
        """Return the variables of a class of this file whose names begin with that of an application."""
        bindings = at.scope.lookup(at.node.id) if isinstance(at.node, x.Name) else None
        node = bindings[-1].node if bindings else None
        return Shape(tuple(self.classes.exactly(node, at.scope, prefix))) if isinstance(node, x.Class) else Shape()

    def guessed(self, at: At) -> Shape:
        """Return the variables of what may be a schema: made by a library, an object of fields, a document, a class."""
        found = defined(at)
        if isinstance(found.node, x.Call):
            return self.shape(at) if self._is_made(found) else Shape()
        if isinstance(found.node, x.Mapping):
            inside = members(found)
            if "properties" in inside:
                return self.shape(found, "json-schema")
            return self.shape(found, "fields" if any(map(self._is_made, inside.values())) else "convict")
        return self.shape(at, "class")

    def _is_made(self, at: At) -> bool:
        """Return whether a schema library makes what a call gives."""
        found = defined(at)
        value = self.evaluator.evaluate(found.node, found.scope) if isinstance(found.node, x.Call) else None
        if not isinstance(value, Ref) or "()" not in value.path:
            return False
        return self.fields.dialect(value) is not None or not _MAKES.isdisjoint(value.path)

    def _spent(self) -> bool:
        self._left -= 1
        return self._left < 0

    def _schema(self, at: At, dialect: Dialect, hops: int) -> Shape:
        """Read a schema: a call of a library, an object of fields, or a name for one elsewhere."""
        if self._spent() or not hops:
            return Shape()
        at = defined(at)
        match at.node:
            case x.Mapping():
                return self._mapping(at.node, at, dialect, hops)
            case x.Call():
                return self._call(at.node, at, dialect, hops - 1)
            case x.Choice(yes=yes, no=no):
                first = self._schema(At(yes, at.scope), dialect, hops - 1)
                return first.either(self._schema(At(no, at.scope), dialect, hops - 1))
            case x.Binary(operator="and", right=right):
                return self._schema(At(right, at.scope), dialect, hops - 1).either(Shape())
            case x.Member(object=owner, name=name) if name in _MEMBERS:
                return self._schema(At(owner, at.scope), dialect, hops - 1)
            case x.Name() | x.Member():
                shape = self.elsewhere(at)
                return shape if shape.parts else self._of_class(at)
            case _:
                return Shape()

    def elsewhere(self, at: At) -> Shape:
        """Return what another file holds."""
        value = self.evaluator.evaluate(at.node, at.scope)
        known = (
            isinstance(value, Ref)
            and value.module
            and "()" not in value.path
            and value.module not in self.fields.libraries
        )
        return Shape(parts=(Part(value, at.node.span),)) if known and isinstance(value, Ref) else Shape()

    def _of_class(self, at: At) -> Shape:
        """Read a class whose fields are variables by their names."""
        at = defined(at)
        bindings = at.scope.lookup(at.node.id) if isinstance(at.node, x.Name) else None
        node = bindings[0].node if bindings is not None and len(bindings) == 1 else None
        if isinstance(node, x.Class) and self.evaluator.python:
            return Shape(tuple(self.classes.exactly(node, at.scope)))
        if isinstance(node, x.Class):
            return validated(self.evaluator, node)
        return self.elsewhere(at)

    def _call(self, call: x.Call, at: At, dialect: Dialect, hops: int) -> Shape:
        callee = self.evaluator.evaluate(call.callee, at.scope)
        dialect = self.fields.dialect(callee) or dialect
        if isinstance(callee, Callable):
            return self._made(callee, call, at, dialect, hops)
        owner = call.callee.object if isinstance(call.callee, x.Member) else None
        word = last_word(call.callee)
        if word in {"reduce", "fromEntries"}:
            return self._computed(call, dialect, hops)
        if owner is None:
            word = callee.path[-1] if isinstance(callee, Ref) and callee.path else word
        elif not self._is_library(owner, word, at):
            return self._method(word, self._schema(At(owner, at.scope), dialect, hops), call, at, dialect, hops)
        given = [At(argument.value, at.scope) for argument in call.arguments]
        if not given:
            return Shape()
        if word in _PICKS or (word in _LOOSE and not isinstance(defined(given[0]).node, x.Mapping)):
            return self._method(word, self._schema(given[0], dialect, hops), call, at, dialect, hops, own=1)
        if word in _LOOSE:
            return self._schema(given[0], dialect, hops).loosened(None)
        if word in _JOINS or word in _UNIONS:
            return self._several(word, given, dialect, hops)
        return self._schema(given[-1 if word == "preprocess" else 0], dialect, hops)

    def _is_library(self, owner: x.Expression, word: str, at: At) -> bool:
        """Return whether a member belongs to a library, not to a schema of this file or another."""
        value = self.evaluator.evaluate(owner, at.scope)
        if not isinstance(value, Ref) or "()" in value.path:
            return False
        return value.module in self.fields.libraries or word in _OBJECTS or word in _FUNCTIONS

    def _method(
        self, word: str, shape: Shape, call: x.Call, at: At, dialect: Dialect, hops: int, *, own: int = 0
    ) -> Shape:
        """Return a schema after one call on it; `own` is the position of the call's own argument."""
        given = [At(argument.value, at.scope) for argument in call.arguments[own:]]
        names = self._names(given[0]) if given else None
        if word in _PICKS:
            return _PICKS[word](shape, names) if names is not None else shape
        if word in _LOOSE:
            return shape.loosened(names)
        if word == "prop" and len(given) > 1:
            return shape.with_(self._property(given[0], given[1], dialect))
        if word in _JOINS:
            for other in given:
                shape = shape.with_(self._schema(other, dialect, hops))
        elif word in _UNIONS:
            for other in given:
                shape = shape.either(self._schema(other, dialect, hops))
        return shape

    def _several(self, word: str, given: list[At], dialect: Dialect, hops: int) -> Shape:
        """Read `intersect([a, b])`, `union([a, b])`, `discriminatedUnion("KIND", [a, b])`, `assign(a, b)`."""
        listed = next((defined(at) for at in given if isinstance(defined(at).node, x.Array)), None)
        items = [At(i, listed.scope) for i in listed.node.items] if listed is not None else given  # type: ignore[union-attr]
        shape = self._schema(items[0], dialect, hops) if items else Shape()
        for other in items[1:]:
            read = self._schema(other, dialect, hops)
            shape = shape.either(read) if word in _UNIONS else shape.with_(read)
        return shape

    def _names(self, at: At) -> frozenset[str] | None:
        """Return the names in `{ A: true }` or `["A"]`."""
        value = self.evaluator.evaluate(at.node, at.scope)
        if isinstance(value, Record) and not value.open:
            return frozenset(key for key, entry in value.entries if entry != Literal("false", "boolean"))
        if isinstance(value, Sequence) and not value.open:
            return frozenset(item.text for item in value.items if isinstance(item, Literal))
        return None

    def _made(self, function: Callable, call: x.Call, at: At, dialect: Dialect, hops: int) -> Shape:
        """Read the schema that a function of this file makes, or the one it is given and hands on."""
        shape = Shape()
        node = self.evaluator.scopes.functions.get(function.function)
        if node is not None:
            for statement, scope in self.evaluator.return_statements(node.body, self.evaluator.scopes.of(node))[:3]:
                if statement.value is not None:
                    shape = shape.with_(self._schema(At(statement.value, scope), dialect, hops // 2))
        for argument in call.arguments[:1]:
            shape = self._schema(At(argument.value, at.scope), dialect, hops - 1).with_(shape)
        return shape

    # Fields ---------------------------------------------------------------------------------------------------------

    def _mapping(self, mapping: x.Mapping, at: At, dialect: Dialect, hops: int) -> Shape:
        """Read one variable per key of an object; spreads of other objects are followed."""
        shape = Shape()
        for entry in mapping.entries:
            if self._spent():
                break
            if entry.key is None:
                shape = shape.with_(self._schema(At(entry.value, at.scope), dialect, hops - 1))
            else:
                shape = shape.with_(self._property(At(entry.key, at.scope), At(entry.value, at.scope), dialect))
        return shape

    def _computed(self, call: x.Call, dialect: Dialect, hops: int) -> Shape:
        """Read fields made for each of several names: `Object.fromEntries(names.map((name) => [name, field]))`."""
        inner = call.arguments[0].value if call.arguments else None
        if isinstance(inner, x.Call) and last_word(inner.callee) == "map" and inner.arguments:
            inner = inner.arguments[0].value
        shape = Shape()
        if not isinstance(inner, x.Lambda):
            return shape
        body = inner.function.body
        for statement, scope in self.evaluator.return_statements(body, self.evaluator.scopes.of(inner.function)):
            match statement.value:
                case x.Array(items=[key, value]):
                    shape = shape.with_(self._property(At(key, scope), At(value, scope), dialect))
                case x.Mapping():
                    shape = shape.with_(self._schema(At(statement.value, scope), dialect, hops))
                case _:
                    pass
        return shape

    def _property(self, key: At, value: At, dialect: Dialect) -> Shape:
        names = [name.text for name in names_of(self.evaluator.evaluate(key.node, key.scope)) if name is not None]
        field = self.fields.read(value, dialect) if names else Field()
        place = defined(key).node.span
        optional = field._replace(required=False)
        each = ((name.removesuffix("?"), optional if name.endswith("?") else field) for name in names if name)
        return Shape(tuple(Entry(name, place, *kind) for name, kind in each))
