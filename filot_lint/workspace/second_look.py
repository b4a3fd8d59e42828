"""Which files to read although nothing in them looks like a fact: those that import what leads to one.

A wrapper, an environment or a client that one file exports is used in others under its name. A file is taken to import
it when it holds that name and imports a module with that last word; the linker decides later whether that is so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from filot_lint.facts import LINKER_ONLY, CallSite, EnvRead, Exported, Fact, Imports, RedisKey, Summary, Wrapper
from filot_lint.models import Models
from filot_lint.needles import any_of
from filot_lint.source import SourceFile
from filot_lint.values import Callable, Coalesce, Environment, Instance, Parameter, Record, Ref, Sequence, Value

_SPECIFIER = re.compile(rb"""(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*["']([^"'\n]+)["']""")
_STAR = re.compile(rb"""\bexport\s*\*[^"';]*["']([^"'\n]+)["']|\bfrom\s+([\w.]+)\s+import\s*\*""")
_IMPORT = re.compile(rb"\bfrom\s+([\w.]+)\s+import\s*(\([^)]*\)|[^\n]*)|\bimport\s+([\w.]+)")
_WORD = re.compile(rb"\w+")
_LINKS = (EnvRead, *LINKER_ONLY)
_DEPTH = 4
_FOLDERS = frozenset({"index", "__init__"})
Lead: TypeAlias = Literal["wrapper", "user", "object"]
"""A `wrapper` is the environment or reads the variable its caller names, a `user` is told what its facts are about."""

Stem: TypeAlias = tuple[bool, str]
"""The last word of a module of Python, or of TypeScript."""


class SecondLook:
    """Finds further files, round by round, until nothing new leads anywhere."""

    def __init__(self, models: Models) -> None:
        """Nothing leads anywhere yet."""
        self._useful = {label for labels in models.labels.values() for label in labels}
        self._useful |= {name.rpartition(".")[0] for name, label in models.makes.items() if label in self._useful}
        self._names: dict[Stem, dict[str, set[Lead]]] = {}
        self._files: dict[str, _Leads] = {}
        self._users: dict[Stem, list[str]] = {}
        self._unread: dict[str, _Unread] = {}

    def files(self, facts: Mapping[str, list[Fact]], sources: Mapping[str, SourceFile]) -> list[str]:
        """Return the unread files that may import what the files read so far lead to."""
        before = {stem: set(names) for stem, names in self._names.items()}
        self._learn([path for path in facts if path not in self._files], facts)
        new = {stem: names.keys() - before.get(stem, set()) for stem, names in self._names.items()}
        fresh = {stem: _words(names) for stem, names in new.items() if names}
        for path in facts:
            self._unread.pop(path, None)
        for path, source in sources.items():
            if source.language.is_code and path not in facts and path not in self._unread:
                self._unread[path] = _Unread(_is_python(path), source.data)
        return sorted(path for path, unread in self._unread.items() if unread.imports(fresh, self._names))

    def _learn(self, paths: list[str], facts: Mapping[str, list[Fact]]) -> None:
        """Add what files export; what hands it on is asked again until nothing is new."""
        for path in paths:
            self._files[path] = leads = _Leads(self, path, facts[path])
            for stem in leads.imported:
                self._users.setdefault(stem, []).append(path)
        waiting = set(paths)
        while waiting:
            grown = {stem for path in sorted(waiting) for stem in self._add(path)}
            waiting = {path for stem in grown for path in self._users.get(stem, ())}

    def _add(self, path: str) -> Iterator[Stem]:
        """Add what one file exports; yields the modules of which more is known than before."""
        leads = self._files[path]
        found = leads.found()
        own = _stems(path) if found else ()
        if "default" in found:
            for stem in own:
                if stem != ".":
                    found.setdefault(stem, set()).update(found["default"])
        for stem in own:
            known = self._names.setdefault((leads.python, stem), {})
            grown = False
            for name, kinds in found.items():
                size = len(known.get(name, ()))
                known.setdefault(name, set()).update(kinds)
                grown = grown or len(known[name]) > size
            if grown:
                yield leads.python, stem

    def of_module(self, stem: Stem) -> dict[str, set[Lead]]:
        """Return the names that lead to facts from the modules with a last word."""
        return self._names.get(stem, {})

    def is_useful(self, instance: Instance) -> bool:
        """Return whether methods of an object are facts."""
        return instance.type in self._useful


class _Unread:
    """What the bytes of an unread file say about its imports."""

    def __init__(self, python: bool, data: bytes) -> None:  # noqa: FBT001  # a property of the file
        self.data = data
        self.imported = {(python, stem) for stem in (_modules(data) if python else _specifiers(data))}
        handed_on = (match[1] or match[2] for match in _STAR.finditer(data))
        self.handed_on = {(python, _stem(module.decode(errors="replace"), python)) for module in handed_on}

    def imports(self, fresh: Mapping[Stem, re.Pattern[bytes]], names: Mapping[Stem, object]) -> bool:
        """Return whether the file may use one of the names that were learned since it was asked last."""
        known = self.imported & fresh.keys()
        return any(fresh[stem].search(self.data) for stem in known) or (
            bool(self.handed_on & names.keys()) and bool(self.imported & names.keys())
        )


class _Leads:
    """Tells for one file whether a value leads to facts."""

    def __init__(self, look: SecondLook, path: str, facts: list[Fact]) -> None:
        self.look = look
        self.python = _is_python(path)
        self.wrappers = {fact.function for fact in facts if isinstance(fact, Wrapper) and fact.environment is None}
        self.users: set[str] = set()
        self.returned = {fact.function: fact.returned for fact in facts if isinstance(fact, Summary)}
        self.exported = [fact for fact in facts if isinstance(fact, Exported)]
        self.handed_on = [
            fact for fact in facts if isinstance(fact, Imports) and (fact.reexport or path.endswith("__init__.py"))
        ]
        self.calls: list[tuple[Ref, set[str]]] = []
        for fact in facts:
            if isinstance(fact, CallSite):
                given = {value.function for _, value, _ in fact.arguments if isinstance(value, Parameter)}
                if isinstance(fact.callee, Ref) and given:
                    self.calls.append((fact.callee, given))
            elif not isinstance(fact, _LINKS):
                self.users.update(_deciding(fact))

    @property
    def imported(self) -> set[Stem]:
        """The modules that decide what this one leads to."""
        values = [fact.value for fact in self.exported] + [*self.returned.values()]
        refs = [ref for value in values for ref in _refs(value)] + [callee for callee, _ in self.calls]
        modules = {ref.module for ref in refs} | {fact.module for fact in self.handed_on}
        return {(self.python, _stem(module, self.python)) for module in modules}

    def found(self) -> dict[str, set[Lead]]:
        """Return what the file exports that leads to facts."""
        for callee, functions in self.calls:
            if "wrapper" in self._known(callee):
                self.wrappers |= functions
        found: dict[str, set[Lead]] = {}
        for imports in self.handed_on:
            for name, kinds in self._handed_on(imports):
                found.setdefault(name, set()).update(kinds)
        for fact in self.exported:
            kind = self.of(fact.value)
            if kind is not None:
                found.setdefault(fact.name, set()).add(kind)
        return found

    def _handed_on(self, fact: Imports) -> Iterator[tuple[str, set[Lead]]]:
        names = self.look.of_module((self.python, _stem(fact.module, self.python)))
        for exported, alias in fact.names if names else ():
            if (exported, alias) == ("*", "*"):
                yield from ((name, kinds) for name, kinds in names.items() if name != "default")
            elif exported in names:
                yield alias, names[exported]

    def of(self, value: Value, depth: int = _DEPTH) -> Lead | None:
        """Return what a value is, holds or returns: an object with methods that are facts, or a wrapper."""
        match value:
            case Environment():
                return "wrapper"
            case Instance():
                return "object" if self.look.is_useful(value) else None
            case Ref(path=path):
                known = self._known(value)
                if "object" in known:
                    return "object"
                return min(known, default=None) if "()" not in path else None
            case Callable(function=function):
                if function in self.wrappers:
                    return "wrapper"
                if function in self.users:
                    return "user"
                returned = self.returned.get(function)
                inner = self.of(returned, depth - 1) if returned is not None and depth else None
                return inner if inner == "object" else None
            case Record(entries=entries) if depth:
                return next((lead for _, entry in entries if (lead := self.of(entry, depth - 1))), None)
            case Coalesce(options=parts) | Sequence(items=parts):
                return next((lead for part in parts if (lead := self.of(part, depth))), None)
            case _:
                return None

    def _known(self, ref: Ref) -> AbstractSet[Lead]:
        names = self.look.of_module((self.python, _stem(ref.module, self.python)))
        return names.get(ref.path[0], frozenset()) if ref.path else frozenset()


def _refs(value: Value, depth: int = _DEPTH) -> Iterator[Ref]:
    """Yield the references that decide what a value leads to."""
    match value:
        case Ref():
            yield value
        case Record(entries=entries) if depth:
            for _, entry in entries:
                yield from _refs(entry, depth - 1)
        case Coalesce(options=parts) | Sequence(items=parts):
            for part in parts:
                yield from _refs(part, depth)
        case _:
            pass


def _deciding(fact: Fact) -> Iterator[str]:
    """Yield the functions whose callers decide what a fact is about; part of a key decides nothing."""
    for field in fact.__struct_fields__:
        value = getattr(fact, field)
        if isinstance(value, Parameter) and not (isinstance(fact, RedisKey) and value.path):
            yield value.function


def _is_python(path: str) -> bool:
    return path.endswith(".py")


def _stem(module: str, python: bool) -> str:  # noqa: FBT001  # a property of the file
    """Return the last word of a module as an import names it, `.` for an index beside or above."""
    last = re.split(r"[./]" if python else "/", module.rstrip("/"))[-1]
    return last.removesuffix(".js") if last.strip(".") else "."


def _specifiers(data: bytes) -> set[str]:
    """Return the last words of the modules that a TypeScript file imports."""
    return {_stem(module.decode(errors="replace"), python=False) for module in _SPECIFIER.findall(data)}


def _modules(data: bytes) -> set[str]:
    """Return the last words of the modules that a Python file imports, and the names that may be modules."""
    found: set[str] = set()
    for package, names, module in _IMPORT.findall(data):
        found.add(_stem((package or module).decode(errors="replace"), python=True))
        found.update(name.decode(errors="replace") for name in _WORD.findall(names))
    return found


def _stems(path: str) -> set[str]:
    """Return the words by which importers may name a module: its own, for an index those of its folders."""
    file = PurePosixPath(path)
    stem = file.name.rpartition(".")[0]
    if stem not in _FOLDERS:
        return {stem}
    return {".", *file.parts[-3:-1]}


def _words(words: set[str]) -> re.Pattern[bytes]:
    """Return a search for names; a default export has any."""
    if "default" in words:
        return re.compile(b"")
    return re.compile(rb"\b" + any_of(word.encode() for word in words) + rb"\b")
