"""Which functions of a deployable nothing calls: their names stand nowhere in the code that runs.

The question is answered by words, not by types: a function counts as called as soon as any code that runs mentions its
name, even in a text. So "nobody calls it" is certain up to names that are put together at run time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
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
    called = reached(definitions, words, renamed, lambda definition: _is_entry(definition, component))
    waiting = (definition for definition in definitions if id(definition) not in called)
    found: dict[str, list[Definition]] = {}
    for definition in waiting:
        found.setdefault(definition.file, []).append(definition)
    return Idle(found, frozenset(words))


def reached(
    definitions: Iterable[Definition],
    words: set[str],
    renamed: Mapping[str, set[str]],
    is_entry: Callable[[Definition], bool] = lambda _: False,
) -> set[int]:
    """Return the identities of the functions that these words lead to; the words grow by what those mention."""
    waiting: dict[str, list[Definition]] = {}
    fresh: list[Definition] = []
    for definition in definitions:
        if is_entry(definition) or is_called(definition, words):
            fresh.append(definition)
        else:
            for name in {*definition.names, *([definition.owner] if definition.owner is not None else [])}:
                waiting.setdefault(name, []).append(definition)
    found: set[int] = set()
    while fresh:
        definition = fresh.pop()
        if id(definition) in found:
            continue
        found.add(id(definition))
        mentioned = set(definition.mentions).union(*(renamed.get(word, ()) for word in definition.mentions))
        new = mentioned - words
        words |= new
        fresh.extend(other for word in new for other in waiting.get(word, ()) if is_called(other, words))
    return found


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
