"""What a call means to the models: settings picked from its arguments, put into facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from filot_lint.extract.libraries.arguments import MAYBE, Arguments, Path
from filot_lint.extract.libraries.registered import registered_name, registered_names
from filot_lint.extract.place import place_at
from filot_lint.extract.redact import redact
from filot_lint.facts import (
    DatabaseConnection,
    Fact,
    Guard,
    Listener,
    ObjectStoreOperation,
    QueueUse,
    RedisCommand,
    RedisConnection,
    RedisKey,
    nullable,
    required_fields,
)
from filot_lint.models import CallModel, Selector
from filot_lint.source import SourceFile
from filot_lint.values import (
    NULL,
    UNKNOWN,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Value,
    literals,
)

_OF_THE_URL = ("host", "port", "db", "username")
_SCHEMES: dict[type[Fact], tuple[str, ...]] = {
    RedisConnection: ("redis:", "rediss:", "redis+", "unix:", "valkey:", "valkeys:", "sentinel:"),
    DatabaseConnection: ("postgres:", "postgresql:", "postgresql+", "postgres+"),
}

_ASKED = {
    "client": Arguments.made,
    "reconnect": Arguments.outcome,
    "workflow": registered_name,
    "workflows": registered_names,
    "activities": registered_names,
}
"""Fields that are no plain values."""

_NAMES = ("name", "task_queue")
"""Fields of which a list means one fact each."""


class Meaning:
    """Makes facts of calls, for one file."""

    def __init__(self, source: SourceFile) -> None:
        """Take the file the facts are of."""
        self.source = source
        self.guard: Guard = "always"

    def of(self, arguments: Arguments, models: list[CallModel], name: str, *, method: bool = False) -> list[Fact]:
        """Return the facts of a call; `name` is that of the callee."""
        return [fact for model in models for fact in self._facts(arguments, model, name, method=method)]

    def usual(self, arguments: Arguments, models: list[CallModel], name: str) -> list[Fact]:
        """Return the facts of a method of any object: what it needs is written out at the call."""
        for library in dict.fromkeys(model.library for model in models):
            written = [m for m in models if m.library == library and _written(arguments, m)]
            found = self.of(arguments, written, name, method=True)
            if found:
                return found
        return []

    def _facts(self, arguments: Arguments, model: CallModel, name: str, *, method: bool) -> list[Fact]:
        if not all(arguments.written(path) for path in model.settings) or not _fits(arguments, model):
            return []
        fields: dict[str, Any] = {**model.constants, **_implied(model, name, method=method)}
        for field, selector in model.texts.items():
            text = arguments.text(selector)
            if text is not None:
                fields[field] = _operation(text) if field == "operation" else text
        if "client" in model.fact.__struct_fields__:
            fields["client"] = arguments.client
        whole = {path for selector in model.fields.values() for path in selector}
        for field, selector in model.fields.items():
            ask = _ASKED.get(field)
            value = arguments.value(selector, whole) if ask is None else ask(arguments, selector)
            if value is None and field in model.otherwise:
                told = any(arguments.holds(path) or arguments.calls_back(path) for path in selector if len(path) > 1)
                value = UNKNOWN if told else Literal(model.otherwise[field])
            fields[field] = None if self._says_nothing(field, value) else value
        fields |= {field: _together(arguments, parts, whole) for field, parts in model.parts.items()}
        for path, unsaid in model.without:
            if arguments.evaluator.argument(arguments.call, path, arguments.scope) is not None:
                fields |= dict.fromkeys(unsaid)
        if model.numbered and arguments.starts_with_number():
            fields |= {"url": None} | {f: arguments.value(((str(i),),), set()) for i, f in enumerate(model.numbered)}
            fields = {f: None if isinstance(v, Record) and f in model.numbered else v for f, v in fields.items()}
        if fields.get("url") not in (None, MAYBE):
            fields = {f: None if v is MAYBE and f in _OF_THE_URL else v for f, v in fields.items()}
        if not _complete(model, fields) or _contradicted(model.fact, fields):
            return []
        place = place_at(self.source, self.source.locate(arguments.call.span))
        named = next((field for field in _NAMES if fields.get(field) is not None), None)
        every = [fields] if named is None else [{**fields, named: name} for name in each_name(fields[named])]
        return [
            model.fact(**place, guard=self.guard, **{field: _clean(value) for field, value in each.items()})
            for each in every
        ]

    def _says_nothing(self, field: str, value: Value | None) -> bool:
        """Return whether an argument is as good as none: `undefined`, or an object where a URL stands."""
        if isinstance(value, Literal) and value.type == "null":
            return field not in nullable(self.source.language.value)
        return field == "url" and isinstance(value, Record | Sequence)


def _together(arguments: Arguments, parts: Mapping[str, Selector], whole: set[Path]) -> Value | None:
    """Return the arguments that are surely given, as one object."""
    found = ((name, arguments.value(places, whole)) for name, places in parts.items())
    entries = tuple((n, v) for n, v in found if v is not None and v not in (MAYBE, NULL) and not _is_open(n, v))
    return Record(entries) if entries else None


def _is_open(name: str, value: Value) -> bool:
    """Return whether a value is what an object that nobody knows would hold under this name."""
    return isinstance(value, Parameter | Ref) and value.path[-1:] == (name,)


def _written(arguments: Arguments, model: CallModel) -> bool:
    """Return whether one of the settings that a model needs stands at the call itself."""
    paths = [path for name in model.needs for path in model.fields.get(name, ())]
    return not paths or any(arguments.holds(path) for path in paths)


def _fits(arguments: Arguments, model: CallModel) -> bool:
    """Return whether the call is about what the model is about, as far as constants tell."""
    for selector, texts in model.when:
        value = arguments.evaluator.argument(arguments.call, selector, arguments.scope)
        known = [literal.text for literal in literals(value) if literal.text]
        if known and not any(part in text for part in texts for text in known):
            return False
    return True


def _implied(model: CallModel, name: str, *, method: bool) -> dict[str, str]:
    """Return what the name of a call says: the command of a queue, the operation of an object store."""
    if model.fact is RedisKey:
        return {"command": name.lower()}
    if model.fact is RedisCommand and "command" not in model.constants:
        return {"command": name.lower()}
    if model.fact is QueueUse and method:
        return {"command": name.lower() if model.constants.get("framework") == "redis" else name}
    if model.fact is ObjectStoreOperation and "operation" not in model.constants:
        return {"operation": _operation(name)}
    return {}


def _complete(model: CallModel, fields: dict[str, Any]) -> bool:
    """Return whether there is an argument for what the fact is about."""
    required = [name for name in model.fields if name in required_fields(model.fact)]
    some = not model.needs or any(fields.get(name) not in (None, MAYBE) for name in model.needs)
    return some and all(fields[name] not in (None, MAYBE) for name in required)


def _contradicted(fact: type[Fact], fields: dict[str, Any]) -> bool:
    """Return whether a constant shows that the call is about something else: another database, not a port."""
    if fact is Listener:
        ports = list(literals(fields.get("port")))
        return bool(ports) and not any(port.text.isdigit() or "/" in port.text for port in ports)
    urls = [literal.text.lower() for literal in literals(fields.get("url")) if "://" in literal.text]
    return fact in _SCHEMES and bool(urls) and not any(url.startswith(_SCHEMES[fact]) for url in urls)


def each_name(name: Value) -> list[Value]:
    """Return one value per name: a list of names, or the keys of an object, are as many queues."""
    if isinstance(name, Sequence):
        return [*name.items, UNKNOWN] if name.open or not name.items else list(name.items)
    if isinstance(name, Record):
        return [Literal(key) for key, _ in name.entries] or [UNKNOWN]
    return [name]


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
