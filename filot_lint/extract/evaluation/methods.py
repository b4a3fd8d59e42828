"""Methods of environments, clients, records, lists and texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.evaluation import texts
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.syntax import expression as x
from filot_lint.values import (
    Coalesce,
    Env,
    Environment,
    Instance,
    Join,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Value,
    coalesce,
    copied,
    keys_of,
    member,
    with_default,
)

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

TEXT_METHODS = frozenset({"trim", "toLowerCase", "toUpperCase", "toString", "trimEnd", "trimStart", "strip", "rstrip",
                          "lstrip", "lower", "upper", "encode", "casefold", "valueOf", "as_posix", "expanduser",
                          "removesuffix", "removeprefix", "replace", "replaceAll", "split", "title", "concat",
                          "asString", "required", "get_secret_value", "unicode_string"})  # fmt: skip
_CALLBACKS = frozenset({"map", "flatMap", "filter", "reduce"})
_OF_LISTS = frozenset({"filter", "concat", "slice", "sort", "toSorted", "map", "flatMap", "join"})


class Methods:
    """Answers what a method gives, where the receiver is known."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the values of receivers and arguments."""
        self.evaluator = evaluator

    def of(self, call: x.Call, name: str, target: Value, scope: Scope) -> Value | None:  # noqa: PLR0911  # one answer per kind
        """Return what a method gives, None where the receiver does not decide it."""
        if isinstance(target, Environment):
            reader = self.evaluator.models.methods.get((target.via, name)) or self.evaluator.models.methods.get(
                ("environment", name)
            )
            if reader is not None:
                return self.evaluator.read(call, reader, target, scope)
            return copied(target) if name in {"copy", "toObject", "items", "entries"} else None
        if name in {"get", "resolve"} and len(call.arguments) == 1 and isinstance(call.arguments[0].value, x.Name):
            provided = self.evaluator.of_type(call.arguments[0].value, scope)
            if provided is not None:
                return provided
        if isinstance(target, Instance):
            method = self.evaluator.called(name, call, scope)
            made = self.evaluator.models.made_by(target.type, method)
            named = f"{target.type}.{method}"
            return self.evaluator.selection.made(made, named, call, scope, target) if made is not None else None
        if name in {"keys", "values", "items", "entries"} and isinstance(target, Record) and not call.arguments:
            return _view(target, name)
        if name == "encode" and isinstance(target, Ref) and target.path[:1] == ("TextEncoder",) and call.arguments:
            return self.evaluator.evaluate(call.arguments[0].value, scope)
        if isinstance(target, Ref) and target == Ref("", ("Object",)) and call.arguments:
            first = self.evaluator.evaluate(call.arguments[0].value, scope)
            if name in {"keys", "values", "entries"} and isinstance(first, Record):
                return _view(first, name)
            if name in {"keys", "values"} and isinstance(first, Ref) and first.module:
                return member(first, f"{name}()")
        if name in _CALLBACKS and isinstance(call.callee, x.Member):
            found = self.evaluator.comprehensions.callback(name, call, scope)
            if found is not None:
                return found
        if isinstance(target, Sequence) and name in _OF_LISTS:
            return self._list(call, name, target, scope)
        if name == "get" and isinstance(target, Record | Parameter) and call.arguments:
            return self._got(call, target, scope)
        if name == "default" and isinstance(target, Env) and call.arguments:
            return with_default(target, self.evaluator.evaluate(call.arguments[0].value, scope))
        return self._text(call, name, target, scope)

    def _got(self, call: x.Call, target: Record | Parameter, scope: Scope) -> Value | None:
        """Return `record.get(key, default)`; also of a `Map`."""
        if isinstance(target, Parameter) and not self.evaluator.python:
            return None
        found = self.evaluator.index(target, self.evaluator.evaluate(call.arguments[0].value, scope))
        if len(call.arguments) == 1:
            return found
        return with_default(found, self.evaluator.evaluate(call.arguments[1].value, scope))

    def _list(self, call: x.Call, name: str, target: Sequence, scope: Scope) -> Value | None:
        values = [self.evaluator.evaluate(argument.value, scope) for argument in call.arguments]
        if name in {"map", "flatMap"}:
            return Sequence((), open=True)
        if name == "join":
            return texts.joined(values[0] if values else Literal(","), target)
        if name != "concat":
            return target
        items = [item for value in values for item in (value.items if isinstance(value, Sequence) else (value,))]
        return Sequence((*target.items, *items), target.open or any(argument.spread for argument in call.arguments))

    def _text(self, call: x.Call, name: str, target: Value, scope: Scope) -> Value | None:
        """Return what a method of a text gives."""
        if name not in TEXT_METHODS and name not in {"format", "join", "capitalize"}:
            return None
        values = [
            self.evaluator.evaluate(argument.value, scope) for argument in call.arguments if argument.name is None
        ]
        if isinstance(target, Literal) and name == "format":
            named = {a.name: self.evaluator.evaluate(a.value, scope) for a in call.arguments if a.name is not None}
            return texts.formatted(target, values, named)
        if isinstance(target, Literal) and name == "join":
            return texts.joined(target, values[0]) if values else None
        pattern = self._written(call.arguments[0].value) if call.arguments else b""
        every = target.options if isinstance(target, Coalesce) else (target,)
        python = self.evaluator.python
        found = [texts.method(option, name, values, pattern, python=python) for option in every]
        computed = [option for option in found if option is not None]
        if len(computed) == len(found):
            return coalesce(computed)
        return target if isinstance(target, Env | Coalesce | Join | Literal | Parameter) else None

    def _written(self, expression: x.Expression) -> bytes:
        """Return the source of what is no value here: a regular expression."""
        span = expression.span
        return self.evaluator.source.data[span.start : span.end] if isinstance(expression, x.Opaque) else b""


def _view(record: Record, name: str) -> Value:
    keys = keys_of(record)
    if name == "keys":
        return keys
    values = tuple(value for _, value in record.entries)
    if name == "values":
        return Sequence(values, record.open)
    return Sequence(tuple(Sequence(pair) for pair in zip(keys.items, values, strict=True)), record.open)
