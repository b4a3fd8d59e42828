"""One field of a schema: what stands in when the variable is missing, and whether anything does."""

from __future__ import annotations

import re

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.guards import Guards
from filot_lint.extract.reads.casts import cast_of
from filot_lint.extract.schemas.entry import HOPS, At, Dialect, Field, defined, last_word
from filot_lint.syntax import expression as x
from filot_lint.values import NULL, UNKNOWN, Callable, Literal, Parameter, Record, Ref, Value, options, substitute

_DEFAULTS = frozenset({"default", "catch", "prefault", "fallback", "defaulted", "_default", "withDefault", "failover"})
_OPTIONAL = frozenset({"optional", "nullish", "exactOptional", "undefinedable", "optionalKey", "Optional",
                       "notRequired", "ReadonlyOptional", "UndefinedOr", "optionalWhen"})  # fmt: skip
_REQUIRED = frozenset({"required", "defined", "exist", "nonoptional", "nonOptional"})
_CONDITIONAL = frozenset({"when", "conditional", "requiredWhen"})
_ANYTHING = frozenset({"any", "unknown", "undefined", "void", "Any", "Unknown", "Undefined", "mixed"})
_TEXT_OF_NOTHING = frozenset({"boolean", "string"})
"""What coercion makes of nothing: false, and the text "undefined"."""
_OF_FIRST = _DEFAULTS | _OPTIONAL | frozenset({"nullable", "pipe", "lazy", "Readonly", "readonly", "coerce", "size",
                                               "trimmed", "nonempty", "min", "max", "pattern", "refine"})  # fmt: skip
"""Functions around a field, which is their first argument."""
_UNIONS = frozenset({"union", "Union", "try"})
_FIELD = (x.Call, x.Name, x.Member)
_DEFAULT_TEXT = re.compile(r"(?<![<>=!])=(?![=>])\s*(?P<value>.+)$")


class Fields:
    """Reads the fields of one file's schemas."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Defaults are evaluated with the file's values."""
        self.evaluator = evaluator
        self.libraries = evaluator.models.schema_libraries
        self.guards = Guards(evaluator)

    def dialect(self, ref: Value) -> Dialect | None:
        """Return the library that something imported belongs to."""
        if not isinstance(ref, Ref) or ref.module not in self.libraries:
            return None
        return Dialect(ref.module, self.libraries[ref.module])

    def read(self, at: At, dialect: Dialect, hops: int = HOPS) -> Field:
        """Return what a chain of calls, a function around it, or a type as text says."""
        at = defined(at)
        if not hops:
            return Field()
        match at.node:
            case x.Call():
                return self._call(at.node, at, dialect, hops - 1)
            case x.Choice():
                return self._choice(at.node, at, dialect, hops // 2)
            case x.Text(text=text):
                return _of_text(text)
            case x.Array(items=[first, x.Text(text="="), value]):
                field = self.read(At(first, at.scope), dialect, hops - 1)
                return field._replace(default=self.evaluator.evaluate(value, at.scope), required=False)
            case x.Array(items=[first, x.Text(text="?")]):
                return self.read(At(first, at.scope), dialect, hops - 1)._replace(required=False)
            case x.Mapping():
                return self._described(at, dialect, hops - 1)
            case _:
                return Field(required=self._at_root(self.evaluator.evaluate(at.node, at.scope), "", dialect))

    def _choice(self, choice: x.Choice, at: At, dialect: Dialect, hops: int) -> Field:
        """Return the field of production where a choice is about that, what both have in common elsewhere."""
        guard = self.guards.of(choice.test, at.scope)
        yes = self.read(At(choice.yes, at.scope), dialect, hops)
        if guard == "production":
            return yes
        no = self.read(At(choice.no, at.scope), dialect, hops)
        return no if guard in {"non-production", "test"} else yes.either(no)

    def _call(self, call: x.Call, at: At, dialect: Dialect, hops: int) -> Field:
        word = last_word(call.callee)
        owner = call.callee.object if isinstance(call.callee, x.Member) else None
        callee = self.evaluator.evaluate(call.callee, at.scope)
        if isinstance(callee, Callable) and callee.function in self.evaluator.scopes.functions:
            return self._made(callee, call, at, dialect, hops)
        method = owner is not None and not self._is_library(owner, at)
        if method and owner is not None:
            inner = self.read(At(owner, at.scope), dialect, hops)
            return (
                self._applied(word, call, at, inner, own=0)
                if word != "or"
                else self._or(call, at, inner, dialect, hops // 2)
            )
        if isinstance(callee, Ref) and callee.path and owner is None:
            word = callee.path[-1]
        wrapped = self._wrapped(word, call)
        if wrapped is not None:
            inner = self.read(At(wrapped, at.scope), dialect, hops)
            if word == "preprocess":
                inner = inner._replace(truth=False)
            if word == "preprocess" and inner.required and self._supplies(call, at):
                inner = inner._replace(required=None)
            return self._applied(word, call, at, inner, own=1)
        if word in _UNIONS and call.arguments:
            return self._union(call, at, dialect, hops)
        field = Field(required=self._at_root(callee, word, dialect))
        if owner is not None and last_word(owner) == "coerce" and word in _TEXT_OF_NOTHING:
            field = field._replace(required=False, truth=word == "boolean")
        field = self._applied(word, call, at, field, own=0)
        return self._options(call, at, field) if (self.dialect(callee) or dialect).style == "options" else field

    def _is_library(self, owner: x.Expression, at: At) -> bool:
        """Return whether a member belongs to a library itself, not to a field made with it."""
        value = self.evaluator.evaluate(owner, at.scope)
        return isinstance(value, Ref) and "()" not in value.path

    def _at_root(self, callee: Value, word: str, dialect: Dialect) -> bool | None:
        """Return whether a field is required that says nothing about it; unknown for fields made elsewhere."""
        if word in _ANYTHING:
            return False
        known = self.dialect(callee)
        if known is None and not (isinstance(callee, Ref) and callee.module == dialect.module):
            return None
        return not (known or dialect).lax

    def _supplies(self, call: x.Call, at: At) -> bool:
        """Return whether a function before a field may make something of nothing."""
        function = self.evaluator.evaluate(call.arguments[0].value, at.scope)
        made = self.evaluator.returned(function.function) if isinstance(function, Callable) else UNKNOWN
        return not all(isinstance(option, Parameter) or option == NULL for option in options(made))

    @staticmethod
    def _wrapped(word: str, call: x.Call) -> x.Expression | None:
        """Return the field that a function of the library is put around."""
        index = -1 if word == "preprocess" else 0 if word in _OF_FIRST else None
        if index is None or not call.arguments:
            return None
        found = call.arguments[index].value
        if isinstance(found, x.Lambda) and word == "lazy":
            body = found.function.body
            return body[0].value if len(body) == 1 and isinstance(body[0], x.Return) else None
        return found if isinstance(found, _FIELD) else None

    def _applied(self, word: str, call: x.Call, at: At, field: Field, own: int) -> Field:
        """Return the field after one call; `own` is the position of the call's own argument."""
        given = call.arguments[own].value if len(call.arguments) > own else None
        if word in _DEFAULTS and given is not None:
            return field._replace(default=self._value(given, at), required=False)
        if word in _OPTIONAL:
            default = self._value(given, at) if own and given is not None else field.default
            return field._replace(default=default, required=False)
        if word in _REQUIRED:
            return field._replace(required=field.default is None)
        if word in _CONDITIONAL and field.required is False and field.default is None:
            return field._replace(required=None)
        cast = cast_of(word)
        return field._replace(cast=cast) if cast is not None and field.cast in {None, "number"} else field

    def _value(self, expression: x.Expression, at: At) -> Value:
        """Return a default, also one that a function makes."""
        value = self.evaluator.evaluate(expression, at.scope)
        return self.evaluator.returned(value.function) if isinstance(value, Callable) else value

    def _or(self, call: x.Call, at: At, field: Field, dialect: Dialect, hops: int) -> Field:
        other = self.read(At(call.arguments[0].value, at.scope), dialect, hops) if call.arguments else field
        both = field.either(other)
        return both._replace(required=False) if other.required is False else both._replace(required=field.required)

    def _union(self, call: x.Call, at: At, dialect: Dialect, hops: int) -> Field:
        first = call.arguments[0].value
        items = first.items if isinstance(first, x.Array) else [a.value for a in call.arguments]
        nothing = any(self.evaluator.evaluate(item, at.scope) == NULL for item in items)
        fields = [self.read(At(item, at.scope), dialect, hops // 2) for item in items[:4]]
        optional = nothing or any(field.required is False for field in fields)
        cast = next((field.cast for field in fields if field.cast is not None), None)
        return Field(next((f.default for f in fields if f.default), None), not optional, cast)

    def _made(self, function: Callable, call: x.Call, at: At, dialect: Dialect, hops: int) -> Field:
        """Read the field that a function of this file makes."""
        node = self.evaluator.scopes.functions[function.function]
        returns = self.evaluator.return_statements(node.body, self.evaluator.scopes.of(node))
        made = [self.read(At(r.value, s), dialect, hops // 2) for r, s in returns[:3] if r.value is not None]
        if not made:
            return Field()
        field = made[0]
        for other in made[1:]:
            field = field.either(other)
        if field.default is None:
            return field
        arguments: dict[int, Value] = {}
        for index, parameter in enumerate(node.parameters):
            picked = self.evaluator.pick(call, node, index) or parameter.default
            arguments[index] = self.evaluator.evaluate(picked, at.scope) if picked is not None else NULL
        default = substitute(field.default, function.function, arguments)
        if default == NULL and isinstance(field.default, Parameter):
            return field._replace(default=None, required=None)
        return field._replace(default=default)

    def _options(self, call: x.Call, at: At, field: Field) -> Field:
        """Read settings given to the call that makes the field: `str({ default: "x" })`."""
        settings = self.evaluator.evaluate(call.arguments[-1].value, at.scope) if call.arguments else None
        if not isinstance(settings, Record):
            return field
        default = settings.get("default")
        if default is not None:
            return field._replace(default=default, required=False)
        if settings.get("optional") == Literal("true", "boolean"):
            return field._replace(required=False)
        return field._replace(required=None) if settings.get("requiredWhen") is not None else field

    def _described(self, at: At, dialect: Dialect, hops: int) -> Field:
        """Read `{ schema: field, defaults: { _: value } }`."""
        inside = {e.key.text: e.value for e in at.node.entries if isinstance(e.key, x.Text)}  # type: ignore[union-attr]
        if "schema" not in inside:
            return Field(required=not dialect.lax)
        field = self.read(At(inside["schema"], at.scope), dialect, hops)
        defaults = self.evaluator.evaluate(inside["defaults"], at.scope) if "defaults" in inside else None
        if not isinstance(defaults, Record):
            return field
        every = defaults.get("_")
        return field._replace(default=every, required=False) if every is not None else field


def _of_text(text: str) -> Field:
    """Read a type written as a text: `number.integer = 3000`."""
    match = _DEFAULT_TEXT.search(text)
    words = re.findall(r"[a-z]+", text.partition("=")[0])
    cast = next((cast for word in reversed(words) if (cast := cast_of(word)) is not None), None)
    if match is None:
        return Field(required="undefined" not in text, cast=cast)
    value = match["value"].strip()
    quoted = value[:1] in {"'", '"'} and value[-1:] == value[:1]
    return Field(Literal(value[1:-1] if quoted else value, "string" if quoted else "number"), required=False, cast=cast)
