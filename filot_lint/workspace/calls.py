"""Which functions of a deployable nothing calls: their names stand nowhere in the code that runs.

The question is answered by words, not by types: a function counts as called as soon as any code that runs mentions its
name, even in a text. So "nobody calls it" is certain up to names that are put together at run time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from filot_lint.facts import Definition, Fact, Imports, TestDouble
from filot_lint.workspace.components import Component

_WORD = re.compile(r"[A-Za-z_$][\w$]*")


class Idle(NamedTuple):
    """The functions of a deployable that no code of it can reach, by file, and the words of the code that runs."""

    definitions: dict[str, list[Definition]]
    words: frozenset[str]

    def holds(self, fact: Fact) -> bool:
        """Return whether a fact never runs: its function is not called, or nothing mentions the double it is."""
        if isinstance(fact, TestDouble) and fact.form in {"class", "function"}:
            return not self.words.issuperset(fact.symbol.split("."))
        return any(inside(definition, fact) for definition in self.definitions.get(fact.file, ()))


def uncalled(component: Component, facts_of: Callable[[str], list[Fact]]) -> Idle:
    """Return what no code of a deployable can reach."""
    facts = [fact for path in component.modules for fact in facts_of(path)]
    definitions = [fact for fact in facts if isinstance(fact, Definition)]
    renamed = aliases(fact for fact in facts if isinstance(fact, Imports))
    words = {word for part in component.command for word in _WORD.findall(part)}
    waiting = definitions
    while True:
        fresh = [d for d in waiting if is_called(d, words) or _is_entry(d, component)]
        if not fresh:
            break
        mentioned = {word for definition in fresh for word in definition.mentions}
        words |= mentioned | {name for word in mentioned for name in renamed.get(word, ())}
        called = {id(definition) for definition in fresh}
        waiting = [definition for definition in waiting if id(definition) not in called]
    found: dict[str, list[Definition]] = {}
    for definition in waiting:
        found.setdefault(definition.file, []).append(definition)
    return Idle(found, frozenset(words))


def inside(definition: Definition, fact: Fact) -> bool:
    """Return whether a fact stands in a function."""
    start, end = (definition.line, definition.column), (definition.end_line, definition.end_column)
    return start <= (fact.line, fact.column) <= end


def is_called(definition: Definition, words: set[str]) -> bool:
    """Return whether one of these words is the name of a function, or something calls it without its name."""
    if not definition.names:
        return True
    if definition.owner is not None and definition.owner not in words:
        return False
    return definition.registered or not words.isdisjoint(definition.names)


def _is_entry(definition: Definition, component: Component) -> bool:
    """Return whether a function stands in the file that a process starts with, where the host may call it."""
    return definition.owner is None and definition.file in component.entries


def aliases(imports: Iterable[Imports]) -> dict[str, set[str]]:
    """Return the names that things have where they come from, by the names that importing files give them."""
    found: dict[str, set[str]] = {}
    for fact in imports:
        for exported, local in fact.names:
            if exported not in {local, "*", "default"}:
                found.setdefault(local, set()).add(exported)
    return found
