"""Calls of modelled libraries to facts: Redis, queues, object storage, Temporal, databases, secrets, listeners."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from filot_lint.extract.evaluate import Evaluator
from filot_lint.extract.place import place_at
from filot_lint.extract.redact import redact
from filot_lint.extract.scopes import Scope
from filot_lint.facts import DatabaseConnection, Fact, Listener, ObjectStoreOperation, QueueUse, RedisConnection
from filot_lint.models import CallModel, Selector
from filot_lint.source import Language, SourceFile
from filot_lint.syntax import expression as x
from filot_lint.values import (
    UNKNOWN,
    Callable,
    Environment,
    Instance,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Unknown,
    Value,
    constant,
    literals,
    options,
)

_SCHEMES = {
    RedisConnection: ("redis:", "rediss:", "redis+", "unix:", "valkey:", "valkeys:", "sentinel:"),
    DatabaseConnection: ("postgres:", "postgresql:", "postgresql+", "postgres+"),
}


class Library:
    """Turns calls into facts, for one file."""

    def __init__(self, source: SourceFile, evaluator: Evaluator) -> None:
        """Nothing is found yet."""
        self.source = source
        self.evaluator = evaluator
        self.models = evaluator.models
        self.family = "python" if source.language is Language.PYTHON else "typescript"
        self.facts: list[Fact] = []

    def call(self, call: x.Call, callee: Value, scope: Scope) -> None:
        """Record what a call means to the models."""
        name = self.evaluator.qualified(callee)
        if name is not None:
            for model in self.models.calls.get(self.evaluator.called(name, call, scope), ()):
                self._record(call, model, scope, name, None)
        if isinstance(call.callee, x.Member):
            method = self.evaluator.called(call.callee.name, call, scope)
            receiver = self.evaluator.evaluate(call.callee.object, scope)
            for model in self._member_models(receiver, call.callee.object, method):
                self._record(call, model, scope, call.callee.name, call.callee.name)

    def _member_models(self, receiver: Value, expression: x.Expression, method: str) -> list[CallModel]:
        unknown = False
        for option in options(receiver):
            if isinstance(option, Instance):
                return self.models.member_calls.get((option.type, method), [])
            unknown = unknown or isinstance(option, Ref | Parameter | Unknown | Callable)
        if not unknown:
            return []
        found = self.models.any_receiver.get((self.family, method), [])
        name = _last_word(expression)
        named = [m for m in found if not m.receivers or name in m.receivers]
        return [m for m in named if m.library == named[0].library]

    def _record(self, call: x.Call, model: CallModel, scope: Scope, name: str, method: str | None) -> None:
        fields: dict[str, Any] = dict(model.constants)
        if model.fact is QueueUse and method is not None:
            fields.setdefault("command", method.lower() if fields["framework"] == "redis" else method)
        if model.fact is ObjectStoreOperation:
            fields.setdefault("operation", _operation(name))
        for field, selector in model.texts.items():
            text = self._text(call, selector, scope)
            if text is not None:
                fields[field] = _operation(text) if field == "operation" else text
        for field, selector in model.fields.items():
            value = self._value(call, selector, scope)
            if value is None and field in model.otherwise:
                value = Literal(model.otherwise[field])
            fields[field] = value
        if not _complete(model, fields) or _contradicted(model.fact, fields):
            return
        place = place_at(self.source, self.source.locate(call.span))
        for each in _each_name(fields):
            clean = {field: _clean(value) for field, value in each.items()}
            self.facts.append(model.fact(**place, **clean))

    def _text(self, call: x.Call, selector: Selector, scope: Scope) -> str | None:
        value = self.evaluator.argument(call, selector, scope)
        return value.type if isinstance(value, Instance) else constant(value)

    def _value(self, call: x.Call, selector: Selector, scope: Scope) -> Value | None:
        """Return what an argument can be: unknown when it is computed, None when there is none."""
        value = self.evaluator.argument(call, selector, scope)
        if value is None:
            return UNKNOWN if any(self._given(call, path, scope) for path in selector) else None
        if isinstance(value, Callable | Instance | Environment) or (
            isinstance(value, Literal) and value.type == "null"
        ):
            return None
        return value

    def _given(self, call: x.Call, path: tuple[str, ...], scope: Scope) -> bool:
        """Return whether a call has this very argument, whatever it may be."""
        expressions = [a.value for a in call.arguments if a.name == path[0]]
        positional = [a for a in call.arguments if a.name is None]
        if path[0].isdigit() and int(path[0]) < len(positional):
            expressions.append(positional[int(path[0])].value)
        for expression in expressions:
            value = self.evaluator.evaluate(expression, scope)
            if len(path) == 1 and value == UNKNOWN:
                return True
            if isinstance(value, Record) and len(path) == 2 and value.get(path[1]) == UNKNOWN:  # noqa: PLR2004
                return True
        return False


def _complete(model: CallModel, fields: dict[str, Any]) -> bool:
    """Return whether there is an argument for what the fact is about."""
    required = [f.name for f in msgspec.structs.fields(model.fact) if f.required and f.name in model.fields]
    some = not model.needs or any(fields.get(name) is not None for name in model.needs)
    return some and all(fields[name] is not None for name in required)


def _contradicted(fact: type[Fact], fields: dict[str, Any]) -> bool:
    """Return whether a constant shows that the call is about something else: another database, not a port."""
    if fact is Listener:
        ports = list(literals(fields.get("port")))
        return bool(ports) and not any(port.text.isdigit() or "/" in port.text for port in ports)
    schemes = _SCHEMES.get(fact)
    if schemes is None:
        return False
    urls = [literal.text for literal in literals(fields.get("url")) if "://" in literal.text]
    return bool(urls) and not any(url.lower().startswith(schemes) for url in urls)


def _each_name(fields: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Yield the fields once per queue: a list of names, or the keys of an object, are as many queues."""
    name = fields.get("name")
    if isinstance(name, Sequence):
        names = list(name.items) or [UNKNOWN]
    elif isinstance(name, Record):
        names = [Literal(key) for key, _ in name.entries] or [UNKNOWN]
    else:
        names = [name if name is not None else UNKNOWN]
    for one in names:
        yield {**fields, "name": one} if "name" in fields else fields


def _clean(value: Any) -> Any:  # noqa: ANN401  # constants are of any type
    if isinstance(value, Record) and not value.entries:
        return Literal("{...}" if value.open else "{}", "record")
    return redact(value, None) if isinstance(value, msgspec.Struct) else value  # type: ignore[arg-type]


def _operation(name: str) -> str:
    """Return the S3 name of an operation: `PutObject` for `put_object`, `putObject` and `PutObjectCommand`."""
    last = name.rpartition("#")[2].rpartition(".")[2].removesuffix("Command")
    return "".join(word[:1].upper() + word[1:] for word in last.split("_"))


def _last_word(expression: x.Expression) -> str:
    if isinstance(expression, x.Member):
        return expression.name
    return expression.id if isinstance(expression, x.Name) else ""
