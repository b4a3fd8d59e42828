"""What a deployable is made of: its entries and everything they import."""

from __future__ import annotations

import posixpath
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from filot_lint.facts import Fact, Imports
from filot_lint.workspace.named import Named
from filot_lint.workspace.resolve import Resolver

_PRISMA = re.compile(r"(?:^|/)@?prisma/client$|(?:^|/)generated/prisma(?:$|/)")
"""Modules that are clients made from a schema."""


class Reach(msgspec.Struct, frozen=True):
    """How a component reaches a file: through which file, and whether it runs at start for certain."""

    via: str | None
    certain: bool


class Reader(NamedTuple):
    """How files are read: closely, or only for what they import and mention, and what they name in texts."""

    facts_of: Callable[[str], list[Fact]]
    sketch_of: Callable[[str], list[Fact]]
    named_in: Callable[[str], Named | None]


class Closures:
    """Follows imports, and the modules that code names in texts."""

    def __init__(self, resolver: Resolver, reader: Reader, schemas: Iterable[str]) -> None:
        """`schemas` are those of Prisma."""
        self.resolver = resolver
        self.reader = reader
        self.schemas = sorted(schemas)

    def of(self, entries: Iterable[str], *, closely: bool = True) -> dict[str, Reach]:
        """Return every file the entries load, directly or not; certain unless a lazy import stands between."""
        facts_of = self.reader.facts_of if closely else self.reader.sketch_of
        reached = {entry: Reach(None, certain=True) for entry in entries}
        queue = deque(reached)
        applications = _Applications(self.resolver)
        while queue:
            file = queue.popleft()
            named = self.reader.named_in(file)
            edges = [*self._imported(file, facts_of(file)), *(applications.loaded(file, named) if named else ())]
            for importer, target, lazy in edges:
                certain = reached[importer].certain and not lazy
                known = reached.get(target)
                if known is None or (certain and not known.certain):
                    reached[target] = Reach(importer, certain)
                    queue.append(target)
        return dict(sorted(reached.items()))

    def _imported(self, file: str, facts: list[Fact]) -> Iterator[tuple[str, str, bool]]:
        for fact in facts:
            if isinstance(fact, Imports) and not fact.type_only:
                for target in self._targets(file, fact):
                    yield file, target, fact.lazy

    def _targets(self, file: str, fact: Imports) -> list[str]:
        target = self.resolver.resolve(file, fact.module)
        found = [target] if target is not None else []
        if _PRISMA.search(fact.module):
            shared = {schema: len(posixpath.commonpath(["/" + schema, "/" + file])) for schema in self.schemas}
            found += [schema for schema, length in shared.items() if length == max(shared.values())]
        if file.endswith(".py"):
            separator = "" if fact.module.endswith(".") else "."
            for exported, _ in fact.names:
                submodule = self.resolver.resolve(file, f"{fact.module}{separator}{exported}")
                if exported != "*" and submodule is not None:
                    found.append(submodule)
            for path in list(found):
                found.extend(packages_of(path, self.resolver))
        return list(dict.fromkeys(found))


def packages_of(path: str, resolver: Resolver) -> list[str]:
    """Return the `__init__` files that run when a module is imported."""
    found: list[str] = []
    directory = posixpath.dirname(path)
    while directory and f"{directory}/__init__.py" in resolver.files:
        found.append(f"{directory}/__init__.py")
        directory = posixpath.dirname(directory)
    return found


class _Applications:
    """The packages that one deployable has as applications of Django, and which of their modules it loads."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.folders: dict[str, str] = {}
        self.modules: dict[str, str] = {}

    def loaded(self, file: str, named: Named) -> Iterator[tuple[str, str, bool]]:
        """Yield what a file loads by name: (the file that says so, what it loads, never lazily)."""
        for text in named.modules:
            for path in self._found(file, text)[:1]:
                yield from ((file, target, False) for target in (path, *packages_of(path, self.resolver)))
        folders = {folder: file for text in named.applications for folder in self._folder(file, text)}
        for folder, by in folders.items():
            self.folders.setdefault(folder, by)
        self.modules |= {module: file for module in named.loads if module not in self.modules}
        for folder, by in self.folders.items():
            for module, since in self.modules.items():
                path = f"{folder}/{module}"
                for target in (f"{path}.py", f"{path}/__init__.py"):
                    if target in self.resolver.files:
                        importer = since if by != file and since == file else by
                        yield from ((importer, each, False) for each in (target, *packages_of(target, self.resolver)))

    def _found(self, file: str, text: str) -> list[str]:
        """Return the module of a dotted name: the whole, or all but its last word."""
        options = (text, text.rpartition(".")[0])
        found = (self.resolver.resolve(file, module) for module in options if module)
        return [path for path in found if path is not None and path != file]

    def _folder(self, file: str, text: str) -> list[str]:
        """Return the folder of a package that is named by itself, or by a class of its module `apps`."""
        package = text.partition(".apps.")[0]
        found = self.resolver.resolve(file, package) or self.resolver.resolve(file, f"{package}.models")
        found = found or self.resolver.resolve(file, f"{package}.apps")
        return [] if found is None else [posixpath.dirname(found)]
