"""Which files to read although nothing in them looks like a fact: those that import what leads to one.

A wrapper, an environment or a client that one file exports is used in others under its name. A file is taken to import
it when it holds that name and imports a module with that last word; the linker decides later whether that is so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from filot_lint.facts import LINKER_ONLY, CallSite, EnvRead, Exported, Fact, Imports, RedisKey, Summary, Wrapper
from filot_lint.models import Models
from filot_lint.source import SourceFile
from filot_lint.values import Callable, Coalesce, Environment, Instance, Parameter, Record, Ref, Sequence, Value

_SPECIFIER = re.compile(rb"""(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*["']([^"'\n]+)["']""")
_STAR = re.compile(rb"""\bexport\s*\*[^"';]*["']([^"'\n]+)["']|\bfrom\s+([\w.]+)\s+import\s*\*""")
_IMPORT = re.compile(rb"\bfrom\s+([\w.]+)\s+import\s*(\([^)]*\)|[^\n]*)|\bimport\s+([\w.]+)")
_WORD = re.compile(rb"\w+")
_DEPTH = 4
_FOLDERS = frozenset({"index", "__init__"})
Lead: TypeAlias = Literal["wrapper", "user", "object"]
"""A `wrapper` is the environment or reads the variable its caller names, a `user` is told what its facts are about."""


class SecondLook:
    """Finds further files, round by round, until nothing new leads anywhere."""

    def __init__(self, models: Models) -> None:
        """Nothing leads anywhere yet."""
        self._useful = {label for labels in models.labels.values() for label in labels}
        self._useful |= {name.rpartition(".")[0] for name, label in models.makes.items() if label in self._useful}
        self._names: dict[tuple[bool, str], dict[str, Lead]] = {}
        self._searches: dict[tuple[bool, str], re.Pattern[bytes]] = {}
        self._imported: dict[str, set[str]] = {}

    def files(self, facts: Mapping[str, list[Fact]], sources: Mapping[str, SourceFile]) -> list[str]:
        """Return the unread files that may import what the files read so far lead to."""
        while sum(self._learn(path, known) for path, known in facts.items()):
            pass
        if not self._names:
            return []
        self._searches = {key: _words(names.keys() - {"default"}) for key, names in self._names.items()}
        return sorted(
            path
            for path, source in sources.items()
            if source.language.is_code and path not in facts and self._imports(path, source.data)
        )

    def _imports(self, path: str, data: bytes) -> bool:
        python = _is_python(path)
        if path not in self._imported:
            self._imported[path] = _modules(data) if python else _specifiers(data)
        known = [stem for stem in self._imported[path] if (python, stem) in self._names]
        if any("default" in self._names[python, stem] or self._searches[python, stem].search(data) for stem in known):
            return True
        handed_on = (match[1] or match[2] for match in _STAR.finditer(data)) if known else ()
        return any(self.of_module(module.decode(errors="replace"), python) for module in handed_on)

    def _learn(self, path: str, facts: list[Fact]) -> bool:
        """Add what a file exports; returns whether anything is new."""
        python = _is_python(path)
        lead = _Leads(self, python, facts)
        found: dict[str, Lead] = {}
        for fact in facts:
            kind = lead.of(fact.value) if isinstance(fact, Exported) else None
            if isinstance(fact, Exported) and kind is not None:
                found[fact.name] = kind
            elif isinstance(fact, Imports) and (fact.reexport or path.endswith("__init__.py")):
                found.update(self._handed_on(fact, python))
        own = _stems(path)
        if "default" in found:
            found.update({stem: found["default"] for stem in own if stem != "."})
        new = False
        for stem in own if found else ():
            known = self._names.setdefault((python, stem), {})
            new = new or not found.keys() <= known.keys()
            known.update(found)
        return new

    def _handed_on(self, fact: Imports, python: bool) -> dict[str, Lead]:  # noqa: FBT001  # a property of the file
        names = self.of_module(fact.module, python)
        found: dict[str, Lead] = {}
        for exported, alias in fact.names:
            if (exported, alias) == ("*", "*"):
                found.update({name: lead for name, lead in names.items() if name != "default"})
            elif exported in names:
                found[alias] = names[exported]
        return found

    def of_module(self, module: str, python: bool) -> dict[str, Lead]:  # noqa: FBT001  # a property of the file
        """Return the names that lead to facts from a module, as it is written in an import."""
        return self._names.get((python, _stem(module, python)), {})

    def is_useful(self, instance: Instance) -> bool:
        """Return whether methods of an object are facts."""
        return instance.type in self._useful


class _Leads:
    """Tells for one file whether a value leads to facts."""

    def __init__(self, look: SecondLook, python: bool, facts: list[Fact]) -> None:  # noqa: FBT001
        self.look = look
        self.python = python
        self.wrappers = {fact.function for fact in facts if isinstance(fact, Wrapper) and fact.environment is None}
        self.users: set[str] = set()
        self.returned = {fact.function: fact.returned for fact in facts if isinstance(fact, Summary)}
        for fact in facts:
            if isinstance(fact, CallSite):
                if isinstance(fact.callee, Ref) and self._known(fact.callee) == "wrapper":
                    given = [value for _, value, _ in fact.arguments if isinstance(value, Parameter)]
                    self.wrappers.update(parameter.function for parameter in given)
            elif not isinstance(fact, (EnvRead, *LINKER_ONLY)):
                self.users.update(_deciding(fact))

    def of(self, value: Value, depth: int = _DEPTH) -> Lead | None:
        """Return what a value is, holds or returns: an object with methods that are facts, or a wrapper."""
        match value:
            case Environment():
                return "wrapper"
            case Instance():
                return "object" if self.look.is_useful(value) else None
            case Ref(path=path):
                known = self._known(value)
                return known if known == "object" or "()" not in path else None
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

    def _known(self, ref: Ref) -> Lead | None:
        return self.look.of_module(ref.module, self.python).get(ref.path[0]) if ref.path else None


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


def _words(words: Iterable[str]) -> re.Pattern[bytes]:
    options = b"|".join(re.escape(word.encode()) for word in sorted(words)) or rb"(?!)"
    return re.compile(rb"\b(?:" + options + rb")\b")
