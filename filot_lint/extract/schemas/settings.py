"""Classes of settings to variables: inheritance, prefixes, aliases, nested classes. Files do not matter here."""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import msgspec

from filot_lint.facts import ModelClass, ModelField
from filot_lint.source import Location
from filot_lint.values import Env, Literal, Record, Ref, Value, coalesce

Find = Function[[ModelClass, Value], ModelClass | None]
"""Finds the class that another one names."""

_DEEPEST = 8
_MOST = 2_000
_TALLEST = 40
"""How many classes may build on each other."""

_TRUE = Literal("true", "boolean")


class Variable(NamedTuple):
    """One field of settings: the names it may have in the environment, tried in order."""

    path: tuple[str, ...]
    names: tuple[tuple[str, Location], ...]
    default: Value | None
    required: bool
    cast: str | None


class Family(NamedTuple):
    """What a class and all it extends come down to."""

    via: str | None
    options: dict[str, Value]
    fields: dict[str, tuple[ModelField, ModelClass]]


_NOTHING = Family(None, {}, {})


class Hierarchy:
    """Answers what classes come to; each class is put together once, one that extends itself is cut there."""

    def __init__(self, find: Find) -> None:
        """Nothing is put together yet."""
        self.find = find
        self._families: dict[tuple[str, str, int], Family] = {}
        self._members: dict[tuple[str, str, int], Record] = {}
        self._told: dict[tuple[str, str, int], list[Variable]] = {}
        self._depth = 0

    def family(self, model: ModelClass) -> Family:
        """Return what a class is with everything inherited; of the options of several bases those of the last count."""
        key = _key(model)
        if key in self._families or self._depth == _TALLEST:
            return self._families.get(key, _NOTHING)
        self._families[key] = _NOTHING
        self._depth += 1
        self._families[key] = self._family(model)
        self._depth -= 1
        return self._families[key]

    def _family(self, model: ModelClass) -> Family:
        via, options = model.via, dict[str, Value]()
        fields: dict[str, tuple[ModelField, ModelClass]] = {}
        known = [self.family(found) for base in model.bases if (found := self.find(model, base)) is not None]
        for base in known:
            via = via or base.via
            options = {**({} if base.via else options), **base.options}
        for base in reversed(known):
            fields.update(base.fields)
        options.update(model.options)
        fields.update((field.name, (field, model)) for field in model.fields)
        return Family(via, options, fields)

    def variables(self, model: ModelClass) -> list[Variable]:
        """Return what a class of settings reads, none for other classes."""
        key = _key(model)
        if key not in self._told:
            found = self.family(model)
            self._told[key] = self._variables(found, _Naming(found.options)) if found.via else []
        return self._told[key]

    def named(self, model: ModelClass, prefix: str) -> list[Variable]:
        """Return what a class reads whose variables, those of its parts too, are called after an application."""
        options: dict[str, Value] = {"env_prefix": Literal(prefix), "env_nested_delimiter": Literal("_")}
        return self._variables(self.family(model), _Naming(options))

    def exact(self, model: ModelClass) -> list[Variable]:
        """Return what a class reads that is filled from the environment as it is: its fields by their own names."""
        return self._variables(self.family(model), _Naming({"case_sensitive": _TRUE}))

    def members(self, model: ModelClass) -> Record:
        """Return settings as a record: each field as the variable it is read from, nested settings as records."""
        key = _key(model)
        if key not in self._members:
            self._members[key] = Record((), open=True)
            if self._depth == _TALLEST:
                return self._members.pop(key)
            self._depth += 1
            own = _tree(self.variables(model))
            known = {name for name, _ in own.entries}
            nested = [(name, held) for name, held in self._nested(model) if held.entries and name not in known]
            self._members[key] = Record((*own.entries, *nested), open=True)
            self._depth -= 1
        return self._members[key]

    def _nested(self, model: ModelClass) -> Iterator[tuple[str, Record]]:
        for name, (field, home) in self.family(model).fields.items():
            held = self.find(home, field.type) if field.type is not None else None
            if held is not None:
                yield name, self.members(held)

    def _variables(self, found: Family, naming: _Naming) -> list[Variable]:
        every = (
            leaf
            for field, owner in found.fields.values()
            for leaf in self._leaves(field, owner, naming, naming.names(field), (field.name,))
        )
        return list(islice(every, _MOST))

    def _leaves(
        self, field: ModelField, owner: ModelClass, naming: _Naming, names: list[tuple[str, Location]],
        path: tuple[str, ...],
    ) -> Iterator[Variable]:  # fmt: skip
        """Yield a field, or those of the class it holds where these have names of their own."""
        held = self.find(owner, field.type) if field.type is not None and len(path) < _DEEPEST else None
        inner = self.family(held) if held is not None else None
        if inner is not None and inner.via is not None and not field.required:
            return
        if inner is None or not inner.fields or not naming.delimiter or len(path) > naming.splits:
            yield Variable(path, tuple(names), field.default, field.required, field.cast)
            return
        given = dict(field.given)
        for one, home in inner.fields.values():
            default = given.get(one.name, one.default)
            required = one.required and field.required and default is None
            leaf = msgspec.structs.replace(one, default=default, required=required)
            yield from self._leaves(leaf, home, naming, naming.inside(names, one), (*path, one.name))


def _key(model: ModelClass) -> tuple[str, str, int]:
    return model.file, model.name, model.line


class _Naming:
    """How fields become names of variables."""

    def __init__(self, options: dict[str, Value]) -> None:
        self.prefix = _text(options.get("env_prefix"))
        self.delimiter = _text(options.get("env_nested_delimiter"))
        self.target = _text(options.get("env_prefix_target")) or "variable"
        self.by_name = _TRUE in (options.get("populate_by_name"), options.get("validate_by_name"))
        self.sensitive = options.get("case_sensitive") == _TRUE
        self.absolute = options.get("absolute_aliases") == _TRUE
        split = options.get("env_nested_max_split")
        self.splits = int(split.text) if isinstance(split, Literal) and split.text.isdigit() else _DEEPEST

    def names(self, field: ModelField) -> list[tuple[str, Location]]:
        """Return the names of a field, tried in order."""
        plain = ((self.prefix if self.target in {"variable", "all"} else "") + field.name, field.at)
        before = self.prefix if self.target in {"alias", "all"} else ""
        named = [(before + alias, at) for alias, at in field.aliases]
        every = [*named, plain] if self.by_name or not named else named
        return [(name if self.sensitive else name.upper(), at) for name, at in every]

    def inside(self, outer: list[tuple[str, Location]], field: ModelField) -> list[tuple[str, Location]]:
        """Return the names of a field of a nested class."""
        if self.absolute and field.aliases:
            return list(field.aliases)
        own = list(field.aliases) or [(field.name, field.at)]
        every = [(name + self.delimiter + inner, at) for name, _ in outer for inner, at in own]
        return [(name if self.sensitive else name.upper(), at) for name, at in every]


def _tree(found: list[Variable]) -> Record:
    tree: dict[str, list[Variable]] = {}
    for variable in found:
        tree.setdefault(variable.path[0], []).append(variable)
    entries: list[tuple[str, Value]] = []
    for name, group in tree.items():
        if len(group[0].path) > 1:
            entries.append((name, _tree([v._replace(path=v.path[1:]) for v in group])))
        else:
            chain: list[Value] = [Env(other) for other, _ in group[0].names[:-1]]
            entries.append((name, coalesce([*chain, Env(group[0].names[-1][0], group[0].default)])))
    return Record(tuple(entries), open=True)


def chained(variable: Variable) -> Iterator[tuple[str, Location, Value | None, bool]]:
    """Yield each name with what stands in for it: the next name, for the last one the default of the field."""
    default, required = variable.default, variable.required
    found: list[tuple[str, Location, Value | None, bool]] = []
    for name, at in reversed(variable.names):
        found.append((name, at, default, required))
        default, required = Env(name, default), False
    yield from reversed(found)


def _text(value: Value | None) -> str:
    return value.text if isinstance(value, Literal) and value.type == "string" else ""


def local(ref: Value) -> str | None:
    """Return the name of a class of the same file, None for one of another."""
    return ref.path[0] if isinstance(ref, Ref) and not ref.module and len(ref.path) == 1 else None
