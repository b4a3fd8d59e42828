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
from filot_lint.needles import any_of
from filot_lint.resources import RULES
from filot_lint.values import UNKNOWN, Value

ECOSYSTEMS: dict[str, vocabulary.Ecosystem] = {"python": "pypi", "typescript": "npm"}

Selector = tuple[tuple[str, ...], ...]
"""Alternatives, first match wins; each is a path: a position or keyword, then property names."""


class ModelError(Exception):
    """A model file is wrong; the message names file and table."""


class CallModel(msgspec.Struct, frozen=True):
    """A call that is a fact: `fields` come from arguments, `constants` are the same at each site.

    `texts` are arguments kept as plain text, `otherwise` stands in for absent arguments. Without an argument for any
    field of `needs` the call says nothing, nor when the object at `settings` is made elsewhere. `receivers` are the
    conventional names (`*redis*`) of the objects whose method this is, for objects of which nothing else is known.
    `when` an argument is known, it must hold one of these texts. A setting counts only `beside` one of these names.
    `without` says which fields are not told by a call that has an argument.
    `numbered` are the fields that the first arguments are where the very first one is a number. Those of `parts` are
    put together: an object with one entry for each argument that is given.
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
    when: tuple[tuple[Selector, tuple[str, ...]], ...] = ()
    beside: tuple[str, ...] = ()
    without: tuple[tuple[Selector, tuple[str, ...]], ...] = ()
    numbered: tuple[str, ...] = ()
    parts: Mapping[str, Mapping[str, Selector]] = {}


class ReadModel(msgspec.Struct, frozen=True):
    """A call that reads one variable: where name and default stand, and what absence does.

    `only` is a regular expression of the names that are variables at all; others are keys of something else. Without
    an argument the name is `otherwise`. `after` stands after the name (`*` is anything); `also` is added to it for a
    second variable, which may be missing. `empty` is what becomes of an empty text beside a default.
    """

    via: str
    name: Selector
    default: Selector = ()
    access: vocabulary.Access = "read"
    required: bool | None = None
    prefix: str = ""
    only: str = ""
    otherwise: str = ""
    after: str = ""
    also: str = ""
    empty: vocabulary.EmptyText | None = None


class EnvironmentModel(msgspec.Struct, frozen=True):
    """A call that gives an object through which variables are read."""

    via: str
    prefix: Selector = ()


class SchemaModel(msgspec.Struct, frozen=True):
    """A call whose argument is an object with one key per variable; at `values` variables are handed over singly.

    What stands at `prefix` is the name of the application, with which the names of variables begin.
    """

    via: str
    entries: Selector
    style: str
    values: Selector = ()
    prefix: Selector = ()


class PresetModel(msgspec.Struct, frozen=True):
    """A call that reads variables of its own, which must be there."""

    via: str
    names: tuple[str, ...]


class CallbackModel(msgspec.Struct, frozen=True):
    """A call that hands the environment to a function it is given."""

    via: str
    function: Selector


class ClassModel(msgspec.Struct, frozen=True):
    """A base class whose fields are variables, or a decorator that makes a class one; then `prefix` is its argument."""

    via: str
    prefix: Selector = ()


class Consumer(msgspec.Struct, frozen=True):
    """A library or platform that reads or sets a variable by itself; `packages` are (ecosystem, name) if it is one."""

    name: str
    kind: str
    packages: tuple[tuple[str, str], ...] = ()


class DefaultModel(msgspec.Struct, frozen=True):
    """What a library does by itself from version `since` on, up to but without `before`.

    `field` is a setting of the fact, or the name of a behaviour that no setting changes. It holds where one of the
    settings `needs` is given and none of `lacks`.
    """

    fact: type[vocabulary.Fact]
    field: str
    value: str | int | float | bool | None
    text: str
    since: str | None = None
    before: str | None = None
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


class SettingsObject(msgspec.Struct, frozen=True):
    """An object whose members are those of a module of the workspace; a variable names it, set in one of `files`."""

    variable: str
    files: tuple[str, ...]


class Prefilter(msgspec.Struct, frozen=True):
    """What a file must hold to be worth reading: one of many words, or several words together."""

    single: re.Pattern[bytes]
    several: list[tuple[bytes, ...]]

    @classmethod
    def of(cls, triggers: list[tuple[bytes, ...]]) -> Prefilter:
        """Compile what the models look for."""
        single = {words[0] for words in triggers if len(words) == 1}
        return cls(re.compile(any_of(single)), [words for words in triggers if len(words) > 1])

    def passes(self, data: bytes) -> bool:
        """Return whether a file may hold a fact."""
        return self.single.search(data) is not None or any(all(word in data for word in ws) for ws in self.several)


class Models(msgspec.Struct):
    """Everything the extractors look for, and what may be assumed about a name."""

    environments: dict[str, str] = msgspec.field(default_factory=dict)
    env_modules: dict[str, ReadModel] = msgspec.field(default_factory=dict)
    mappings: set[str] = msgspec.field(default_factory=set)
    builtins: dict[str, set[str]] = msgspec.field(default_factory=dict)
    environment_makers: dict[str, EnvironmentModel] = msgspec.field(default_factory=dict)
    readers: dict[str, ReadModel] = msgspec.field(default_factory=dict)
    methods: dict[tuple[str, str], ReadModel] = msgspec.field(default_factory=dict)
    schemas: dict[str, SchemaModel] = msgspec.field(default_factory=dict)
    schema_libraries: dict[str, str] = msgspec.field(default_factory=dict)
    callbacks: dict[str, CallbackModel] = msgspec.field(default_factory=dict)
    presets: dict[str, PresetModel] = msgspec.field(default_factory=dict)
    classes: dict[str, ClassModel] = msgspec.field(default_factory=dict)
    class_decorators: dict[str, ClassModel] = msgspec.field(default_factory=dict)
    class_fields: dict[str, str] = msgspec.field(default_factory=dict)
    calls: dict[str, list[CallModel]] = msgspec.field(default_factory=dict)
    member_calls: dict[tuple[str, str], list[CallModel]] = msgspec.field(default_factory=dict)
    any_receiver: dict[tuple[str, str], list[CallModel]] = msgspec.field(default_factory=dict)
    labels: dict[tuple[str, str], list[str]] = msgspec.field(default_factory=dict)
    settings: dict[tuple[str, str], list[CallModel]] = msgspec.field(default_factory=dict)
    makes: dict[str, str] = msgspec.field(default_factory=dict)
    subjects: dict[str, tuple[Selector, str]] = msgspec.field(default_factory=dict)
    settings_objects: dict[str, SettingsObject] = msgspec.field(default_factory=dict)
    records: set[str] = msgspec.field(default_factory=set)
    by_argument: set[str] = msgspec.field(default_factory=set)
    headers: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)
    tls_options: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)
    doubles: dict[str, set[str]] = msgspec.field(default_factory=dict)
    gpu_libraries: dict[str, set[str]] = msgspec.field(default_factory=dict)
    temporal_types: dict[str, str] = msgspec.field(default_factory=dict)
    triggers: dict[str, list[tuple[bytes, ...]]] = msgspec.field(default_factory=dict)
    for_tests: set[tuple[bytes, ...]] = msgspec.field(default_factory=set)
    prefilters: dict[tuple[str, bool], Prefilter] = msgspec.field(default_factory=dict)
    consumers: dict[str, Consumer] = msgspec.field(default_factory=dict)
    defaults: dict[tuple[str, str], list[DefaultModel]] = msgspec.field(default_factory=dict)
    holders: dict[tuple[str, str, str], set[str]] = msgspec.field(default_factory=dict)
    packages: dict[tuple[str, str], tuple[str, ...]] = msgspec.field(default_factory=dict)
    known_packages: dict[str, set[str]] = msgspec.field(default_factory=dict)

    def holders_of(self, family: str, library: str, field: str) -> set[str]:
        """Return the settings that, when they are objects, may hold another one: `url` may be `{ url, timeout }`."""
        return self.holders.get((family, library, field), set())

    def packages_of(self, family: str, library: str) -> tuple[str, ...]:
        """Return the packages in which a library may come; the first that a project has decides its version."""
        return self.packages.get((family, library), (library,))

    def knows_package(self, ecosystem: str, name: str) -> bool:
        """Return whether anything here depends on a package; the name is normalised."""
        known = self.known_packages.get(ecosystem, set())
        return name in known or (ecosystem == "npm" and f"{name.partition('/')[0]}/*" in known)

    def consumer_of(self, name: str) -> Consumer | None:
        """Return the library or platform that reads or sets a variable by itself."""
        exact = self.consumers.get(name)
        if exact is not None:
            return exact
        return next((c for pattern, c in self.consumers.items() if "*" in pattern and fnmatchcase(name, pattern)), None)

    def made_by(self, label: str, name: str) -> str | None:
        """Return the label of a member of a labelled object, or of what its method returns."""
        return self.makes.get(f"{label}.{name}") or self.makes.get(f"{label}.*")

    def triggered(self, language: str, data: bytes, *, tests: bool = False) -> bool:
        """Return whether a code file can hold a fact at all; among tests a library for tests is none."""
        family = "python" if language == "python" else "typescript"
        found = self.prefilters.get((family, tests))
        if found is None:
            ignored = self.for_tests if tests else set()
            found = Prefilter.of([words for words in self.triggers.get(family, ()) if words not in ignored])
            self.prefilters[family, tests] = found
        return found.passes(data)


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


_SUBJECTS = {"name", "bucket"}
"""What an object that a call makes is about."""


def _fact_type(kind: str) -> type[vocabulary.Fact]:
    if kind not in _FACTS:
        message = f"unknown table [[{kind}]]"
        raise ValueError(message)
    return _FACTS[kind]


class _Loader:
    """Adds one file to the models."""

    def __init__(self, models: Models, path: Path) -> None:
        self.models = models
        self.family = path.parent.name
        self.library = path.stem

    def load(self, data: dict[str, Any]) -> None:
        self.library = data.pop("library", self.library)
        if self.family in ECOSYSTEMS:
            self._packages(data.pop("package", [self.library]))
        for trigger in data.pop("triggers", []):
            words = tuple(word.encode() for word in trigger.split(" & "))
            self.models.triggers.setdefault(self.family, []).append(words)
            if data.keys() == {"double-import"}:
                self.models.for_tests.add(words)
        for kind, tables in data.items():
            for table in tables:
                handler = getattr(self, "_" + kind.replace("-", "_"), None)
                if handler is not None:
                    handler(table)
                else:
                    self._fact(kind, table)

    def _packages(self, names: str | list[str]) -> None:
        ecosystem = ECOSYSTEMS[self.family]
        packages = tuple(normalised(ecosystem, name) for name in ([names] if isinstance(names, str) else names))
        self.models.packages[self.family, self.library] = packages
        self.models.known_packages.setdefault(ecosystem, set()).update(packages)

    def _default(self, table: dict[str, Any]) -> None:
        fact = _fact_type(table["fact"])
        if table["field"].replace("-", "_") not in _types(fact):
            message = f"[[default]]: {table['fact']} has no field {table['field']}"
            raise ValueError(message)
        self._assumption(fact, table["field"].replace("-", "_"), table)

    def _behaviour(self, table: dict[str, Any]) -> None:
        self._assumption(_fact_type(table["fact"]), table["name"], table)

    def _assumption(self, fact: type[vocabulary.Fact], field: str, table: dict[str, Any]) -> None:
        needs, lacks = (tuple(n.replace("-", "_") for n in table.get(key, ())) for key in ("needs", "lacks"))
        value = table.get("value")
        text = table.get("text", str(value).lower() if isinstance(value, bool) else str(value))
        model = DefaultModel(fact, field, value, text, table.get("since"), table.get("before"), needs, lacks)
        self.models.defaults.setdefault((self.family, self.library), []).append(model)

    def _environment(self, table: dict[str, Any]) -> None:
        via = table.get("via", self.library)
        for name in _expanded(table["member"]):
            self.models.environments[name] = via
        if table.get("mapping", False):
            self.models.mappings.add(via)
        self.models.builtins.setdefault(via, set()).update(table.get("builtin", ()))

    def _environment_maker(self, table: dict[str, Any]) -> None:
        prefix = selector(table["prefix"]) if "prefix" in table else ()
        for name in self._calls(table["call"]):
            self.models.environment_makers[name] = EnvironmentModel(table.get("via", self.library), prefix)

    def _env_module(self, table: dict[str, Any]) -> None:
        model = ReadModel(table.get("via", self.library), (), required=table.get("required"))
        for name in _expanded(table["module"]):
            self.models.env_modules[name] = model
            self.models.environments[f"{name}#"] = model.via

    def _env_call(self, table: dict[str, Any]) -> None:
        for name in self._calls(table["call"]):
            self.models.readers[name] = self._reader(table)

    def _env_method(self, table: dict[str, Any]) -> None:
        for name in _expanded(table["method"]):
            self.models.methods[table["on"], name] = self._reader(table)

    def _reader(self, table: dict[str, Any]) -> ReadModel:
        places, _, otherwise = table["name"].partition("'")
        return ReadModel(
            table.get("via", self.library),
            selector(places.rstrip(", ")) if places else (),
            selector(table["default"]) if "default" in table else (),
            table.get("access", "read"),
            table.get("required"),
            table.get("prefix", ""),
            table.get("only", ""),
            otherwise.rstrip("'"),
            table.get("after", ""),
            table.get("also", ""),
            table.get("empty"),
        )

    def _env_schema(self, table: dict[str, Any]) -> None:
        values, prefix = (selector(table[key]) if key in table else () for key in ("values", "prefix"))
        model = SchemaModel(table.get("via", self.library), selector(table["entries"]), table["style"], values, prefix)
        self.models.schemas.update(dict.fromkeys(self._calls(table["call"]), model))

    def _schema_library(self, table: dict[str, Any]) -> None:
        self.models.schema_libraries.update(dict.fromkeys(_expanded(table["module"]), table["style"]))

    def _env_preset(self, table: dict[str, Any]) -> None:
        model = PresetModel(table.get("via", self.library), tuple(table["name"]))
        self.models.presets.update(dict.fromkeys(self._calls(table["call"]), model))

    def _env_callback(self, table: dict[str, Any]) -> None:
        model = CallbackModel(table.get("via", self.library), selector(table["function"]))
        self.models.callbacks.update(dict.fromkeys(self._calls(table["call"]), model))

    def _env_class(self, table: dict[str, Any]) -> None:
        model = ClassModel(self.library, selector(table["prefix"]) if "prefix" in table else ())
        self.models.classes.update(dict.fromkeys(_expanded(table.get("base", [])), model))
        self.models.class_decorators.update(dict.fromkeys(_expanded(table.get("decorator", [])), model))

    def _env_field(self, table: dict[str, Any]) -> None:
        self.models.class_fields.update(dict.fromkeys(self._calls(table["call"]), table["kind"]))

    def _instance(self, table: dict[str, Any]) -> None:
        calls = self._calls(table["call"])
        self._make(calls, table["makes"])
        if "subject" in table:
            places, _, otherwise = table["subject"].partition("'")
            self.models.subjects.update(dict.fromkeys(calls, (selector(places.rstrip(", ")), otherwise.rstrip("'"))))

    def _record(self, table: dict[str, Any]) -> None:
        self.models.records.update(self._calls(table["call"]))

    def _settings_object(self, table: dict[str, Any]) -> None:
        for member in table["member"]:
            self.models.settings_objects[member] = SettingsObject(table["variable"], tuple(table["set-in"]))

    def _header(self, table: dict[str, Any]) -> None:
        self.models.headers.setdefault(self.family, {}).update(dict.fromkeys(_expanded(table["name"]), self.library))

    def _tls_option(self, table: dict[str, Any]) -> None:
        self.models.tls_options.setdefault(self.family, {}).update(dict.fromkeys(_expanded(table["key"]), table["off"]))

    def _double_import(self, table: dict[str, Any]) -> None:
        self.models.doubles.setdefault(self.family, set()).update(_expanded(table["module"]))

    def _gpu_library(self, table: dict[str, Any]) -> None:
        self.models.gpu_libraries.setdefault(self.family, set()).update(_expanded(table["module"]))

    def _temporal_type(self, table: dict[str, Any]) -> None:
        self.models.temporal_types.update(dict.fromkeys(_expanded(table["decorator"]), table["name"]))

    def _consumed(self, table: dict[str, Any]) -> None:
        packages = []
        for text in _expanded(table.get("package", [])):
            ecosystem, _, name = text.partition(":")
            packages.append((ecosystem, normalised(ecosystem, name)))
            self.models.known_packages.setdefault(ecosystem, set()).add(packages[-1][1])
        consumer = Consumer(table.get("by", self.library), table.get("kind", "library"), tuple(packages))
        for name in _expanded(table["name"]):
            self.models.consumers[name] = consumer

    def _fact(self, kind: str, table: dict[str, Any]) -> None:
        fact = _fact_type(kind)
        calls, methods = self._calls(table.pop("call", [])), self._calls(table.pop("method", []))
        settings = _expanded(table.pop("setting", []))
        on, makes, any_receiver = table.pop("on", []), table.pop("makes", None), table.pop("any-receiver", False)
        table["receivers"] = any_receiver if isinstance(any_receiver, list) else []
        model = self._model(kind, fact, table)
        labels = [on] if isinstance(on, str) else on
        for name in settings:
            self.models.settings.setdefault((self.family, name), []).append(model)
        for call in calls:
            self.models.calls.setdefault(call, []).append(model)
        for method in methods:
            for label in labels:
                self.models.member_calls.setdefault((label, method), []).append(model)
                known = self.models.labels.setdefault((self.family, method), [])
                if label not in known:
                    known.append(label)
            if any_receiver:
                self.models.any_receiver.setdefault((self.family, method), []).append(model)
        if makes is not None:
            names = [*calls, *(f"{label}.{method}" for label in labels for method in methods)]
            self._make(names, makes)
            for field in _SUBJECTS & model.fields.keys():
                subject = model.fields[field], model.otherwise.get(field, "")
                self.models.subjects.update(dict.fromkeys(names, subject))

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
        parts: dict[str, dict[str, Selector]] = {}
        constants: dict[str, Any] = {"library": self.library, "framework": self.library}
        receivers = tuple(table.pop("receivers"))
        needs = tuple(name.replace("-", "_") for name in table.pop("needs", []))
        settings = selector(table.pop("settings")) if "settings" in table else ()
        when = tuple((selector(path), tuple(texts)) for path, texts in table.pop("when", {}).items())
        beside = tuple(table.pop("beside", ()))
        without = tuple((selector(path), tuple(fields)) for path, fields in table.pop("without", {}).items())
        numbered = tuple(name.replace("-", "_") for name in table.pop("numbered", []))
        for key, content in table.items():
            name = key.replace("-", "_")
            if name not in types:
                message = f"[[{kind}]] has no field {key}"
                raise ValueError(message)
            if isinstance(content, dict) and types[name] not in {str, str | None}:
                parts[name] = {
                    part: selector(places.replace("$", part))
                    for names, places in content.items()
                    for part in _expanded([names])
                }
            elif isinstance(content, dict):
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
        for name, inner in fields.items():
            held = {other for other, outer in fields.items() if other != name and _inside(inner, outer)}
            self.models.holders.setdefault((self.family, self.library, name), set()).update(held)
        constants = {name: value for name, value in constants.items() if name in types}
        return CallModel(
            self.library, fact, fields, constants, texts, otherwise, needs, settings, receivers, when, beside,
            without, numbered, parts,
        )  # fmt: skip


def _inside(inner: Selector, outer: Selector) -> bool:
    """Return whether one selector looks into what another one takes whole."""
    return any(len(whole) < len(path) and path[: len(whole)] == whole for whole in outer for path in inner)


def _expanded(texts: list[str]) -> list[str]:
    """Write out alternatives: `{,node:}crypto#x` is `crypto#x` and `node:crypto#x`."""
    found: list[str] = []
    for text in texts:
        before, opening, rest = text.partition("{")
        inside, _, after = rest.partition("}")
        found.extend(_expanded([before + option + after for option in inside.split(",")]) if opening else [text])
    return found


def normalised(ecosystem: str, name: str) -> str:
    """Return the one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower() if ecosystem == "pypi" else name


def selector(text: str) -> Selector:
    """Parse `0.connection.url, url`: alternatives of argument paths.

    `*` is every argument or element, `@` what an object is about: `1.@` of an argument, `@` of the method's object.
    """
    alternatives = [tuple(part for part in option.strip().split(".")) for option in text.split(",")]
    if not all(re.fullmatch(r"[\w*@-]+", part) for path in alternatives for part in path):
        message = f"not a selector: {text!r}"
        raise ValueError(message)
    return tuple(alternatives)
