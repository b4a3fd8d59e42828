"""What a module exports, and what a value that refers to other modules is.

Extraction leaves `Ref`s; here each is followed to the export it names. A file is analysed for this only when something
refers to it.
"""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterator

from filot_lint.extract.schemas.classes import SETTINGS
from filot_lint.extract.schemas.entry import PARSERS, parsed
from filot_lint.facts import Exported, Fact, Imports, Summary
from filot_lint.models import Models
from filot_lint.values import (
    MAX_LITERAL,
    UNKNOWN,
    Callable,
    Coalesce,
    Env,
    Environment,
    Instance,
    Join,
    Lookup,
    Record,
    Ref,
    Sequence,
    Value,
    bounded,
    coalesce,
    join,
    looked_up,
    variable,
)
from filot_lint.workspace.chosen import Chosen
from filot_lint.workspace.resolve import Resolver
from filot_lint.workspace.results import Results
from filot_lint.workspace.schemas import Schemas
from filot_lint.workspace.settings import Settings

HOPS = 12


class Exports:
    """Resolves values over the files of a workspace.

    `facts_of` returns the facts of a file, extracting it if that has not happened yet.
    """

    def __init__(self, resolver: Resolver, facts_of: Function[[str], list[Fact]], models: Models) -> None:
        """Nothing is resolved yet."""
        self.resolver = resolver
        self.models = models
        self.facts_of = facts_of
        self.settings = Settings(resolver, facts_of)
        self.schemas = Schemas(resolver, facts_of, self.settings)
        self.chosen = Chosen(resolver, facts_of, models)
        self.results = Results(self)
        self._exports: dict[str, dict[str, Value]] = {}
        self._summaries: dict[str, dict[str, Summary]] = {}
        self._handed_on: dict[str, dict[str, list[tuple[int, Imports]]]] = {}
        """The imports that a module hands on, numbered, by the name it gives them; `*` for all of another module."""
        self._resolved: dict[tuple[str, str], Value | None] = {}
        self._followed: dict[tuple[str, Ref], Value] = {}

    def _learn(self, file: str) -> None:
        if file in self._exports:
            return
        facts = self.facts_of(file)
        self._exports[file] = {fact.name: fact.value for fact in facts if isinstance(fact, Exported)}
        self._summaries[file] = {fact.function: fact for fact in facts if isinstance(fact, Summary)}
        handed_on = self._handed_on[file] = {}
        for number, fact in enumerate(facts):
            if isinstance(fact, Imports) and (fact.reexport or self._is_python(file)):
                for alias in dict.fromkeys(alias for _, alias in fact.names):
                    handed_on.setdefault(alias, []).append((number, fact))

    def summary(self, file: str, function: str) -> Summary | None:
        """Return what a function of a file returns, None when that is not known."""
        self._learn(file)
        return self._summaries[file].get(function)

    def _export(self, file: str, name: str, hops: int) -> Value | None:
        """Return what a file exports under a name, resolved once; None when it does not, or only through itself."""
        key = (file, name)
        if hops == 0:
            return None
        if key not in self._resolved:
            self._resolved[key] = None
            found = self._find_export(file, name, hops)
            self._resolved[key] = bounded(found, MAX_LITERAL) if found is not None else None
        return self._resolved[key]

    def _find_export(self, file: str, name: str, hops: int) -> Value | None:
        self._learn(file)
        value = self._exports[file].get(name)
        if value is not None:
            return self.resolve_in(value, file, hops - 1)
        handed_on = self._handed_on[file]
        candidates = dict([*handed_on.get(name, ()), *handed_on.get("*", ())])
        for fact in (candidates[number] for number in sorted(candidates)):
            found = self._reexport(fact, file, name, hops - 1)
            if found is not None:
                return found
        return None

    def _reexport(self, fact: Imports, file: str, name: str, hops: int) -> Value | None:
        target = self.resolver.resolve(file, fact.module)
        if target is None or target == file:
            return None
        for exported, alias in fact.names:
            if alias == name:
                if exported == "*":
                    return Ref(fact.module, ())
                return self._export(target, exported, hops)
            if (exported, alias) == ("*", "*"):
                found = self._export(target, name, hops)
                if found is not None:
                    return found
        return None

    def _is_python(self, file: str) -> bool:
        return file.endswith(".py")

    def resolve(self, value: Value, file: str) -> Value:
        """Return the value with every reference into the workspace followed; each reference of a file once."""
        if not isinstance(value, Ref):
            return self.resolve_in(value, file, HOPS)
        key = (file, value)
        if key not in self._followed:
            self._followed[key] = self.resolve_in(value, file, HOPS)
        return self._followed[key]

    def resolve_in(self, value: Value, file: str, hops: int) -> Value:  # one answer per kind
        """Return the value, following at most so many references one after another."""
        if hops == 0:
            return value
        match value:
            case Ref():
                return self._follow(value, file, hops)
            case Callable(function=function) if "::" not in function:
                given = ((owner, tuple((i, self.resolve_in(v, file, hops)) for i, v in k)) for owner, k in value.given)
                return Callable(f"{file}::{function}", value.bound, tuple(given))
            case Env(name=name, default=default, key=key):
                inner = self.resolve_in(default, file, hops) if default is not None else None
                if name is None and key is not None:
                    return variable(self.resolve_in(key, file, hops), "", inner)
                return value if inner is default else Env(name, inner, value.pattern, key)
            case Coalesce(options=parts):
                resolved = [self.resolve_in(part, file, hops) for part in parts]
                return coalesce(resolved)
            case Join(parts=parts):
                return join([self.resolve_in(part, file, hops) for part in parts])
            case Sequence(items=items, open=opened):
                return Sequence(tuple(self.resolve_in(item, file, hops) for item in items), opened)
            case Record(entries=entries, open=opened, keys_at=places):
                return Record(tuple(self._entries(entries, file, hops)), opened, places)
            case Lookup(table=table, key=key):
                entries = tuple((name, self.resolve_in(entry, file, hops)) for name, entry in table.entries)
                return looked_up(Record(entries, table.open), self.resolve_in(key, file, hops))
            case Instance(type=label, subject=subject, at=at) if subject is not None:
                return Instance(label, self.resolve_in(subject, file, hops), at)
            case _:
                return value

    def _entries(self, entries: tuple[tuple[str, Value], ...], file: str, hops: int) -> Iterator[tuple[str, Value]]:
        """Yield resolved entries; `...` holds what other files add."""
        for key, value in entries:
            resolved = self.resolve_in(value, file, hops)
            if key != "...":
                yield key, resolved
            elif isinstance(resolved, Sequence):
                kinds = tuple(item for item in resolved.items if isinstance(item, Instance))
                if kinds:
                    yield key, Sequence(kinds)
                yield from (entry for item in resolved.items if isinstance(item, Record) for entry in item.entries)

    def _follow(self, ref: Ref, file: str, hops: int) -> Value:
        if ref.path[:1] == (SETTINGS,):
            return self.settings.record(file, ref.path[1]) or ref
        target = self.resolver.resolve(file, ref.module) if ref.module else None
        named = self.chosen.of(ref, file) if target is None else None
        if named is not None:
            return self._follow(named, file, hops - 1)
        if target is None:
            return self._submodule(ref, file, hops) if ref.module else ref
        path = list(ref.path)
        if not path:
            return ref
        if path[0] == "()":
            return UNKNOWN
        if path[2:3] == ["()"] and path[1] in PARSERS and ref.arguments and isinstance(ref.arguments[0], Environment):
            record = self.schemas.record(file, Ref(ref.module, ref.path[:1]), ref.arguments[0])
            if record is not None:
                return self.results.follow(parsed(record, path[1]), path[3:], (), hops)
        found = self._export(target, path[0], hops - 1)
        if found is None:
            return self._submodule(ref, file, hops)
        if isinstance(found, Ref) and found.path and found.module != ref.module:
            return found
        return self.results.follow(found, path[1:], ref.arguments, hops)

    def _submodule(self, ref: Ref, file: str, hops: int) -> Value:
        """Follow `package.module.name` where the package itself exports no `module`."""
        if not self._is_python(file) or not ref.path:
            return ref
        joined = f"{ref.module}.{ref.path[0]}" if not ref.module.endswith(".") else ref.module + ref.path[0]
        target = self.resolver.resolve(file, joined)
        if target is None or len(ref.path) == 1:
            return ref
        return self._follow(Ref(joined, ref.path[1:], ref.arguments), file, hops - 1)
