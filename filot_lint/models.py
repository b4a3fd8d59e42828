"""Library knowledge as data: which call, member or class of which library means what (`rules/models`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from filot_lint import facts as vocabulary
from filot_lint.resources import RULES
from filot_lint.values import UNKNOWN, Value

Selector = tuple[tuple[str, ...], ...]
"""Alternatives, first match wins; each is a path: a position or keyword, then property names."""


class ModelError(Exception):
    """A model file is wrong; the message names file and table."""


class CallModel(msgspec.Struct, frozen=True):
    """A call that is a fact: `fields` come from arguments, `constants` are the same at each site.

    `texts` are arguments kept as plain text, `otherwise` stands in for absent arguments. Without an argument for any
    field of `needs` the call says nothing, nor when the object at `settings` is made elsewhere. `receivers` are the
    conventional names of the objects whose method this is, for objects that other files make.
    """

    library: str
    fact: type[vocabulary.Fact]
    fields: Mapping[str, Selector]
    constants: Mapping[str, Any]
    texts: Mapping[str, Selector] = {}
    otherwise: Mapping[str, str] = {}
    needs: tuple[str, ...] = ()
    settings: Selector = ()
    receivers: tuple[str, ...] = ()


class ReadModel(msgspec.Struct, frozen=True):
    """A call that reads one variable: where name and default stand, and what absence does.

    `only` is a regular expression of the names that are variables at all; others are keys of something else.
    """

    via: str
    name: Selector
    default: Selector = ()
    access: vocabulary.Access = "read"
    required: bool | None = None
    prefix: str = ""
    only: str = ""


class EnvironmentModel(msgspec.Struct, frozen=True):
    """A call that gives an object through which variables are read."""

    via: str
    prefix: Selector = ()


class SchemaModel(msgspec.Struct, frozen=True):
    """A call whose argument is an object with one key per variable."""

    via: str
    entries: Selector
    style: str


class ClassModel(msgspec.Struct, frozen=True):
    """A base class whose fields are variables."""

    via: str
    style: str


class Consumer(msgspec.Struct, frozen=True):
    """A library or platform that reads or sets a variable by itself."""

    name: str
    kind: str


class Models(msgspec.Struct):
    """Everything the extractors look for, and what may be assumed about a name."""

    environments: dict[str, str] = msgspec.field(default_factory=dict)
    builtins: dict[str, set[str]] = msgspec.field(default_factory=dict)
    environment_makers: dict[str, EnvironmentModel] = msgspec.field(default_factory=dict)
    readers: dict[str, ReadModel] = msgspec.field(default_factory=dict)
    methods: dict[tuple[str, str], ReadModel] = msgspec.field(default_factory=dict)
    schemas: dict[str, SchemaModel] = msgspec.field(default_factory=dict)
    classes: dict[str, ClassModel] = msgspec.field(default_factory=dict)
    calls: dict[str, list[CallModel]] = msgspec.field(default_factory=dict)
    member_calls: dict[tuple[str, str], list[CallModel]] = msgspec.field(default_factory=dict)
    any_receiver: dict[tuple[str, str], list[CallModel]] = msgspec.field(default_factory=dict)
    makes: dict[str, str] = msgspec.field(default_factory=dict)
    records: set[str] = msgspec.field(default_factory=set)
    by_argument: set[str] = msgspec.field(default_factory=set)
    doubles: dict[str, set[str]] = msgspec.field(default_factory=dict)
    triggers: dict[str, list[tuple[bytes, ...]]] = msgspec.field(default_factory=dict)
    consumers: dict[str, Consumer] = msgspec.field(default_factory=dict)

    def consumer_of(self, name: str) -> Consumer | None:
        """Return the library or platform that reads or sets a variable by itself."""
        exact = self.consumers.get(name)
        if exact is not None:
            return exact
        return next((c for pattern, c in self.consumers.items() if "*" in pattern and fnmatchcase(name, pattern)), None)

    def triggered(self, language: str, data: bytes) -> bool:
        """Return whether a code file can hold a fact at all."""
        family = "python" if language == "python" else "typescript"
        return any(all(word in data for word in words) for words in self.triggers.get(family, ()))


@cache
def load_models() -> Models:
    """Read every model file.

    Raises:
        ModelError: a model is malformed.

    """
    import tomli  # noqa: PLC0415  # start-up time in editors

    models = Models()
    for path in sorted((RULES / "models").glob("*/*.toml")):
        try:
            data = tomli.loads(path.read_text(encoding="utf-8"))
            _Loader(models, path).load(data)
        except (tomli.TOMLDecodeError, KeyError, ValueError) as error:
            message = f"{path.name}: {error}"
            raise ModelError(message) from error
    return models


_FACTS = {vocabulary.kebab(c.__name__): c for c in vars(vocabulary).values() if isinstance(c, type)
          and issubclass(c, vocabulary.Fact)}  # fmt: skip


@cache
def _types(fact: type[vocabulary.Fact]) -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(fact)}


class _Loader:
    """Adds one file to the models."""

    def __init__(self, models: Models, path: Path) -> None:
        self.models = models
        self.family = path.parent.name
        self.library = path.stem

    def load(self, data: dict[str, Any]) -> None:
        self.library = data.pop("library", self.library)
        for trigger in data.pop("triggers", []):
            words = tuple(word.encode() for word in trigger.split(" & "))
            self.models.triggers.setdefault(self.family, []).append(words)
        for kind, tables in data.items():
            for table in tables:
                handler = getattr(self, "_" + kind.replace("-", "_"), None)
                if handler is not None:
                    handler(table)
                else:
                    self._fact(kind, table)

    def _environment(self, table: dict[str, Any]) -> None:
        via = table.get("via", self.library)
        for name in _expanded(table["member"]):
            self.models.environments[name] = via
        self.models.builtins.setdefault(via, set()).update(table.get("builtin", ()))

    def _environment_maker(self, table: dict[str, Any]) -> None:
        prefix = selector(table["prefix"]) if "prefix" in table else ()
        for name in self._calls(table["call"]):
            self.models.environment_makers[name] = EnvironmentModel(table.get("via", self.library), prefix)

    def _env_call(self, table: dict[str, Any]) -> None:
        for name in self._calls(table["call"]):
            self.models.readers[name] = self._reader(table)

    def _env_method(self, table: dict[str, Any]) -> None:
        for name in _expanded(table["method"]):
            self.models.methods[table["on"], name] = self._reader(table)

    def _reader(self, table: dict[str, Any]) -> ReadModel:
        return ReadModel(
            table.get("via", self.library),
            selector(table["name"]),
            selector(table["default"]) if "default" in table else (),
            table.get("access", "read"),
            table.get("required"),
            table.get("prefix", ""),
            table.get("only", ""),
        )

    def _env_schema(self, table: dict[str, Any]) -> None:
        for name in self._calls(table["call"]):
            via = table.get("via", self.library)
            self.models.schemas[name] = SchemaModel(via, selector(table["entries"]), table["style"])

    def _env_class(self, table: dict[str, Any]) -> None:
        for name in table["base"]:
            self.models.classes[name] = ClassModel(self.library, table["style"])

    def _instance(self, table: dict[str, Any]) -> None:
        self._make(self._calls(table["call"]), table["makes"])

    def _record(self, table: dict[str, Any]) -> None:
        self.models.records.update(self._calls(table["call"]))

    def _double_import(self, table: dict[str, Any]) -> None:
        self.models.doubles.setdefault(self.family, set()).update(_expanded(table["module"]))

    def _consumed(self, table: dict[str, Any]) -> None:
        for name in _expanded(table["name"]):
            self.models.consumers[name] = Consumer(table.get("by", self.library), table.get("kind", "library"))

    def _fact(self, kind: str, table: dict[str, Any]) -> None:
        fact = _FACTS.get(kind)
        if fact is None:
            message = f"unknown table [[{kind}]]"
            raise ValueError(message)
        calls, methods = self._calls(table.pop("call", [])), self._calls(table.pop("method", []))
        on, makes, any_receiver = table.pop("on", []), table.pop("makes", None), table.pop("any-receiver", False)
        table["receivers"] = any_receiver if isinstance(any_receiver, list) else []
        model = self._model(kind, fact, table)
        labels = [on] if isinstance(on, str) else on
        for call in calls:
            self.models.calls.setdefault(call, []).append(model)
        for method in methods:
            for label in labels:
                self.models.member_calls.setdefault((label, method), []).append(model)
            if any_receiver:
                self.models.any_receiver.setdefault((self.family, method), []).append(model)
        if makes is not None:
            self._make([*calls, *(f"{label}.{method}" for label in labels for method in methods)], makes)

    def _calls(self, texts: list[str]) -> list[str]:
        names = _expanded(texts)
        self.models.by_argument.update(name.partition("(")[0] for name in names if "(" in name)
        return names

    def _make(self, names: list[str], label: str) -> None:
        """`*` labels the result of each call with the call's own name."""
        for name in names:
            self.models.makes[name] = name if label == "*" else label

    def _model(self, kind: str, fact: type[vocabulary.Fact], table: dict[str, Any]) -> CallModel:
        types = _types(fact)
        fields: dict[str, Selector] = {}
        texts: dict[str, Selector] = {}
        otherwise: dict[str, str] = {}
        constants: dict[str, Any] = {"library": self.library, "framework": self.library}
        receivers = tuple(table.pop("receivers"))
        needs = tuple(name.replace("-", "_") for name in table.pop("needs", []))
        settings = selector(table.pop("settings")) if "settings" in table else ()
        for key, content in table.items():
            name = key.replace("-", "_")
            if name not in types:
                message = f"[[{kind}]] has no field {key}"
                raise ValueError(message)
            if isinstance(content, dict):
                texts[name] = selector(content["argument"])
            elif content == "?":
                constants[name] = UNKNOWN
            elif isinstance(content, str) and types[name] in {Value, Value | None}:
                places, _, default = content.partition("'")
                fields[name] = selector(places.rstrip(", ")) if places else ()
                if default:
                    otherwise[name] = default.rstrip("'")
            else:
                constants[name] = content
        constants = {name: value for name, value in constants.items() if name in types}
        return CallModel(self.library, fact, fields, constants, texts, otherwise, needs, settings, receivers)


def _expanded(texts: list[str]) -> list[str]:
    """Write out alternatives: `{,node:}crypto#x` is `crypto#x` and `node:crypto#x`."""
    found: list[str] = []
    for text in texts:
        before, opening, rest = text.partition("{")
        inside, _, after = rest.partition("}")
        found.extend(_expanded([before + option + after for option in inside.split(",")]) if opening else [text])
    return found


def selector(text: str) -> Selector:
    """Parse `0.connection.url, url`: alternatives of argument paths; `*` is every argument."""
    alternatives = [tuple(part for part in option.strip().split(".")) for option in text.split(",")]
    if not all(re.fullmatch(r"[\w*-]+", part) for path in alternatives for part in path):
        message = f"not a selector: {text!r}"
        raise ValueError(message)
    return tuple(alternatives)
