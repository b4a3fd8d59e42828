"""Calls: modelled readers and makers, functions of the language, functions of the file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.evaluation import mutations
from filot_lint.extract.evaluation.proxies import proxy
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.reader_keys import key_of
from filot_lint.models import ReadModel
from filot_lint.syntax import expression as x
from filot_lint.values import (
    UNKNOWN,
    Callable,
    Environment,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Value,
    called_with,
    copied,
    record_of,
    variable,
    with_default,
)

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

CASTS = frozenset({"Number", "parseInt", "parseFloat", "String", "Boolean", "BigInt", "Number.parseInt",
                   "Number.parseFloat", "int", "float", "str", "bool", "Decimal", "Path", "pathlib.Path", "URL",
                   "decimal.Decimal", "list", "tuple", "set", "frozenset", "sorted", "Set", "Array.from",
                   "Object.freeze", "freeze", "structuredClone", "Proxy", "os.path.expanduser", "os.path.abspath",
                   "encodeURIComponent", "path.resolve"})  # fmt: skip
"""Calls that hand on (the text of) their first argument."""

_BYTES = frozenset({
    "Buffer.from", "bytes", "bytearray", "crypto#createSecretKey", "node:crypto#createSecretKey", "atob",
    "base64.b64decode", "base64.urlsafe_b64decode", "base64.standard_b64decode", "bytes.fromhex",
    "binascii.unhexlify", "binascii.a2b_base64", "buffer#Buffer.from", "node:buffer#Buffer.from", "Uint8Array",
    "Uint8Array.from",
})  # fmt: skip
_BUILT_IN = frozenset({"enumerate", "zip", "map", "filter", "Object.fromEntries", "getattr", "Reflect.get", "Map",
                       "Proxy"})  # fmt: skip
"""Functions of the languages that only rearrange."""

_MERGES = frozenset({"dict", "Object.assign", "collections.OrderedDict", "collections.ChainMap"})
_COPIES = _MERGES | {"copy.copy", "copy.deepcopy", "MappingProxyType", "types.MappingProxyType"}


class Calls:
    """Answers what a call gives."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the values of callees and arguments."""
        self.evaluator = evaluator

    def value(self, call: x.Call, scope: Scope) -> Value:  # noqa: PLR0911  # one arm per meaning
        """Return what a call gives."""
        callee = call.callee
        if isinstance(callee, x.Member):
            target = self.evaluator.evaluate(callee.object, scope)
            found = self.evaluator.methods.of(call, callee.name, target, scope)
            if found is not None:
                return found
        if isinstance(callee, x.Name) and callee.id in {"require", "import"} and scope.lookup(callee.id) is None:
            first = self.evaluator.evaluate(call.arguments[0].value, scope) if call.arguments else UNKNOWN
            return self.evaluator.ref(first.text, ()) if isinstance(first, Literal) else UNKNOWN
        function = self.evaluator.evaluate(callee, scope)
        parsed = (
            self.evaluator.settings.of_parsed(call, function, scope) if self.evaluator.settings is not None else None
        )
        if parsed is not None:
            return parsed
        name = self.evaluator.qualified(function)
        if name is not None:
            if name == "Proxy" and call.arguments:
                return proxy(call, scope, self.evaluator)
            if name in CASTS and call.arguments:
                return self.evaluator.evaluate(call.arguments[0].value, scope)
            if name in _BYTES and call.arguments:
                return self.evaluator.evaluate(call.arguments[0].value, scope)
            if name in _COPIES and call.arguments:
                return self._copy(call, name, scope)
            rearranged = self._built_in(name, call, scope) if name in _BUILT_IN else None
            if rearranged is not None:
                return rearranged
            called = self.evaluator.called(name, call, scope)
            made = self.evaluator.models.makes.get(called)
            if made is not None:
                return self.evaluator.selection.made(made, called, call, scope)
            if name in self.evaluator.models.records:
                return self.evaluator.selection.collected(call, scope)
            maker = self.evaluator.models.environment_makers.get(name)
            if maker is not None:
                prefix = self.evaluator.argument(call, maker.prefix, scope)
                return Environment(maker.via, prefix.text if isinstance(prefix, Literal) else "")
            reader = self.evaluator.models.readers.get(name)
            if reader is not None:
                return self.read(call, reader, Environment(reader.via), scope)
        if isinstance(function, Environment):
            reader = self.evaluator.models.methods.get((function.via, "()"))
            return UNKNOWN if reader is None else self.read(call, reader, function, scope)
        return self._own(call, self.evaluator.injected.callee(function), scope)

    def _own(self, call: x.Call, function: Value, scope: Scope) -> Value:
        """Return what a function or class of the workspace gives."""
        if isinstance(function, Callable):
            return self.evaluator.apply(function, call, scope)
        if isinstance(function, Record) and (call.new or (self.evaluator.python and function.open)):
            return self.evaluator.functions.constructed(function, call, scope)
        if isinstance(function, Ref):
            given = [a.value for a in call.arguments[:4] if a.name is None and not a.spread]
            return called_with(function, [self.evaluator.evaluate(value, scope) for value in given])
        return UNKNOWN

    def _built_in(self, name: str, call: x.Call, scope: Scope) -> Value | None:
        """Return what a function that only rearranges gives."""
        values = [
            self.evaluator.evaluate(argument.value, scope) for argument in call.arguments[:3] if not argument.spread
        ]
        if name == "enumerate" and values and isinstance(values[0], Sequence):
            items = values[0].items
            numbers = [Literal(str(n), "number") if len(call.arguments) == 1 else UNKNOWN for n in range(len(items))]
            return Sequence(tuple(Sequence(pair) for pair in zip(numbers, items, strict=True)), values[0].open)
        if name == "zip" and values and all(isinstance(value, Sequence) for value in values):
            columns = [value.items for value in values if isinstance(value, Sequence)]
            return Sequence(tuple(Sequence(row) for row in zip(*columns, strict=False)))
        if name in {"map", "filter"} and self.evaluator.python:
            return self.evaluator.comprehensions.function(name, call, scope)
        if name == "Object.fromEntries" and call.arguments:
            return self._entries_of(call.arguments[0].value, scope)
        if name in {"getattr", "Reflect.get"} and len(values) > 1 and isinstance(values[1], Literal):
            found = self.evaluator.member(values[0], values[1].text)
            return with_default(found, values[2]) if name == "getattr" and len(values) > 2 else found  # noqa: PLR2004
        if name == "Map" and call.new:
            return record_of(values[0]) if values else Record(())
        return None

    def _entries_of(self, expression: x.Expression, scope: Scope) -> Value | None:
        """Return the environment whose entries an expression filters, step by step."""
        pairs = self.evaluator.evaluate(expression, scope)
        if isinstance(pairs, Sequence) and pairs.items:
            return record_of(pairs)
        while isinstance(expression, x.Call) and isinstance(expression.callee, x.Member):
            if expression.callee.name == "entries" and expression.arguments:
                value = self.evaluator.evaluate(expression.arguments[0].value, scope)
                kept = value if isinstance(value, Parameter) else None
                return copied(value) if isinstance(value, Environment) else kept
            if expression.callee.name not in {"filter", "map", "sort"}:
                return None
            expression = expression.callee.object
        return None

    def _copy(self, call: x.Call, name: str, scope: Scope) -> Value:
        """Return a copy: of anything, or the object that several make together."""
        first = self.evaluator.evaluate(call.arguments[0].value, scope)
        if name not in _MERGES:
            return copied(first) if isinstance(first, Environment) else first
        if self.evaluator.python and isinstance(first, Sequence):
            first = record_of(first)
            return (
                first
                if len(call.arguments) == 1
                else Record(first.entries if isinstance(first, Record) else (), open=True)
            )
        return self.evaluator.operators.mapping(mutations.entries(call.arguments), scope)

    def read(self, call: x.Call, reader: ReadModel, environment: Environment, scope: Scope) -> Value:
        """Return what a modelled reading call gives."""
        found = key_of(self.evaluator, call, reader, scope)
        if found is None:
            return UNKNOWN
        key = found[1]
        if reader.only and isinstance(key, Literal) and re.fullmatch(reader.only, key.text) is None:
            return UNKNOWN
        default = self.evaluator.argument(call, reader.default, scope) if reader.default else None
        return variable(key, environment.prefix + reader.prefix, default)
