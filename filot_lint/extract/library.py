"""Calls of modelled libraries to facts: Redis, queues, object storage, Temporal, databases, secrets, listeners."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from filot_lint.extract.arguments import MAYBE, Arguments
from filot_lint.extract.evaluate import Evaluator
from filot_lint.extract.place import place_at
from filot_lint.extract.redact import redact
from filot_lint.extract.scopes import Scope
from filot_lint.facts import DatabaseConnection, Fact, Listener, ObjectStoreOperation, QueueUse, RedisConnection
from filot_lint.models import CallModel
from filot_lint.source import Language, SourceFile
from filot_lint.syntax import expression as x
from filot_lint.values import (
    UNKNOWN,
    Callable,
    Instance,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Unknown,
    Value,
    literals,
    options,
)

_OF_THE_URL = ("host", "port", "db", "username")
_SCHEMES: dict[type[Fact], tuple[str, ...]] = {
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
        arguments = Arguments(call, scope, self.evaluator)
        name = self.evaluator.qualified(callee)
        models = self.models.calls.get(self.evaluator.called(name, call, scope), []) if name is not None else []
        for model in models:
            self._record(arguments, model, name or "")
        if isinstance(call.callee, x.Member) and not models and not isinstance(callee, Callable):
            method = self.evaluator.called(call.callee.name, call, scope)
            receiver = self.evaluator.evaluate(call.callee.object, scope)
            for model in self._of_method(receiver, call.callee.object, method):
                self._record(arguments, model, call.callee.name, method=True)

    def _of_method(self, receiver: Value, expression: x.Expression, method: str) -> list[CallModel]:
        unknown = False
        for option in options(receiver):
            if isinstance(option, Instance):
                return self.models.member_calls.get((option.type, method), [])
            unknown = unknown or isinstance(option, Ref | Parameter | Unknown | Callable)
        found = self.models.any_receiver.get((self.family, method), []) if unknown else []
        name = _last_word(expression)
        fitting = [model for model in found if not model.receivers or name in model.receivers]
        return [model for model in fitting if model.library == fitting[0].library]

    def _record(self, arguments: Arguments, model: CallModel, name: str, *, method: bool = False) -> None:
        if not all(arguments.written(path) for path in model.settings):
            return
        fields: dict[str, Any] = {**model.constants, **_implied(model, name, method=method)}
        for field, selector in model.texts.items():
            text = arguments.text(selector)
            if text is not None:
                fields[field] = _operation(text) if field == "operation" else text
        whole = {path for selector in model.fields.values() for path in selector}
        for field, selector in model.fields.items():
            value = arguments.value(selector, whole)
            if value is None and field in model.otherwise:
                value = Literal(model.otherwise[field])
            fields[field] = None if _says_nothing(field, value) else value
        if fields.get("url") not in (None, MAYBE):
            fields = {f: None if v is MAYBE and f in _OF_THE_URL else v for f, v in fields.items()}
        if not _complete(model, fields) or _contradicted(model.fact, fields):
            return
        place = place_at(self.source, self.source.locate(arguments.call.span))
        for each in _each_name(fields):
            self.facts.append(model.fact(**place, **{field: _clean(value) for field, value in each.items()}))


def _implied(model: CallModel, name: str, *, method: bool) -> dict[str, str]:
    """Return what the name of a call says: the command of a queue, the operation of an object store."""
    if model.fact is QueueUse and method:
        return {"command": name.lower() if model.constants.get("framework") == "redis" else name}
    if model.fact is ObjectStoreOperation and "operation" not in model.constants:
        return {"operation": _operation(name)}
    return {}


def _says_nothing(field: str, value: Value | None) -> bool:
    """Return whether an argument is as good as none: `undefined`, or an object where a URL stands."""
    if isinstance(value, Literal) and value.type == "null":
        return field != "retries"  # null means without end
    return field == "url" and isinstance(value, Record)


def _complete(model: CallModel, fields: dict[str, Any]) -> bool:
    """Return whether there is an argument for what the fact is about."""
    required = [f.name for f in msgspec.structs.fields(model.fact) if f.required and f.name in model.fields]
    some = not model.needs or any(fields.get(name) not in (None, MAYBE) for name in model.needs)
    return some and all(fields[name] not in (None, MAYBE) for name in required)


def _contradicted(fact: type[Fact], fields: dict[str, Any]) -> bool:
    """Return whether a constant shows that the call is about something else: another database, not a port."""
    if fact is Listener:
        ports = list(literals(fields.get("port")))
        return bool(ports) and not any(port.text.isdigit() or "/" in port.text for port in ports)
    urls = [literal.text.lower() for literal in literals(fields.get("url")) if "://" in literal.text]
    return fact in _SCHEMES and bool(urls) and not any(url.startswith(_SCHEMES[fact]) for url in urls)


def _each_name(fields: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Yield the fields once per queue: a list of names, or the keys of an object, are as many queues."""
    name = fields.get("name")
    names: list[Value] = []
    if isinstance(name, Sequence):
        names = list(name.items)
    elif isinstance(name, Record):
        names = [Literal(key) for key, _ in name.entries]
    elif "name" not in fields or name is not None:
        return [fields]
    return [{**fields, "name": one} for one in names or [UNKNOWN]]


def _clean(value: Any) -> Any:  # noqa: ANN401  # constants are of any type
    if isinstance(value, Record) and not value.entries:
        return Literal("{...}" if value.open else "{}", "record")
    if isinstance(value, Ref) and not value.module:
        return UNKNOWN
    return redact(value, None) if isinstance(value, msgspec.Struct) else value  # type: ignore[arg-type]


def _operation(name: str) -> str:
    """Return the S3 name of an operation: `PutObject` for `put_object`, `putObject` and `PutObjectCommand`."""
    last = name.rpartition("#")[2].rpartition(".")[2].removesuffix("Command")
    return "".join(word[:1].upper() + word[1:] for word in last.split("_"))


def _last_word(expression: x.Expression) -> str:
    if isinstance(expression, x.Member):
        return expression.name
    return expression.id if isinstance(expression, x.Name) else ""
