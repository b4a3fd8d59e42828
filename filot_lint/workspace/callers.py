"""Who names a function: the files that no deployable loads, and those besides its own.

A file that no deployable loads may run all the same: a worker, a job or a page whose start no manifest here shows.
Words are taken from bytes, so that nothing needs to be read closely for the questions to be answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

from filot_lint.facts import Definition, Fact, Imports
from filot_lint.source import Area, Language, SourceFile
from filot_lint.workspace.calls import Idle, aliases, inside, reached
from filot_lint.workspace.components import Component

_WORD = re.compile(rb"[A-Za-z_$][\w$]*")
Key: TypeAlias = tuple[str, int, int]


class Callers:
    """Answers by words, as `calls` does; tests call nothing."""

    def __init__(
        self,
        components: Iterable[Component],
        idle: Mapping[str, Idle],
        facts: Mapping[str, list[Fact]],
        files: Mapping[str, SourceFile],
    ) -> None:
        """Nothing is looked up before the first question."""
        self._loaded = {path for component in components for path in component.modules}
        self._idle = idle
        self._facts = facts
        self._files = files

    def calls(self, fact: Fact) -> bool:
        """Return whether a file that no deployable loads leads to the functions around a fact."""
        around = [key for key, definition in self._waiting.get(fact.file, {}).items() if inside(definition, fact)]
        return bool(around) and self._called.issuperset(around)

    def is_private(self, fact: Fact) -> bool:
        """Return whether no other file names the function around a fact."""
        around = self._around(fact)
        if around is None:
            return False
        names = b"|".join(re.escape(name).encode() for name in around.names)
        named = re.compile(rb"(?<![\w$])(?:" + names + rb")(?![\w$])")
        return not any(named.search(s.data) for s in self._sources(_is_python(fact.file)) if s.path != fact.file)

    def is_orphan(self, fact: Fact) -> bool:
        """Return whether its own file does not name the function around a fact either."""
        around = self._around(fact)
        others = (d for d in self._definitions(fact.file) if d is not around)
        mentioned = around is None or any(set(around.names) & set(other.mentions) for other in others)
        return not mentioned and self.is_private(fact)

    def _around(self, fact: Fact) -> Definition | None:
        """Return the function around a fact, if somebody must name it for it to run."""
        every = (d for d in self._definitions(fact.file) if inside(d, fact))
        inner = max(every, key=lambda d: (d.line, d.column), default=None)
        return inner if inner is not None and inner.names and not inner.registered else None

    def _definitions(self, path: str) -> Iterator[Definition]:
        return (fact for fact in self._facts.get(path, ()) if isinstance(fact, Definition))

    def _sources(self, python: bool) -> Iterator[SourceFile]:  # noqa: FBT001  # a family of languages, no switch
        for source in self._files.values():
            own = (source.language is Language.PYTHON) is python
            if own and source.language.is_code and source.area is not Area.TEST:
                yield source

    @cached_property
    def _waiting(self) -> dict[str, dict[Key, Definition]]:
        """The functions that some deployable does not call, by file."""
        found: dict[str, dict[Key, Definition]] = {}
        for left in self._idle.values():
            for path, definitions in left.definitions.items():
                found.setdefault(path, {}).update((_key(definition), definition) for definition in definitions)
        return found

    @cached_property
    def _called(self) -> set[Key]:
        """Those of them that lead from files which no deployable loads."""
        return self._reached(python=True) | self._reached(python=False)

    def _reached(self, *, python: bool) -> set[Key]:
        others = [source for source in self._sources(python) if source.path not in self._loaded]
        words = {word.decode() for source in others for word in set(_WORD.findall(source.data))}
        renamed = aliases(f for path in self._loaded for f in self._facts.get(path, ()) if isinstance(f, Imports))
        waiting = [d for path, every in self._waiting.items() if _is_python(path) is python for d in every.values()]
        found = reached(waiting, words, renamed)
        return {_key(definition) for definition in waiting if id(definition) in found}


def _is_python(path: str) -> bool:
    return path.endswith(".py")


def _key(definition: Definition) -> Key:
    return definition.file, definition.line, definition.column
