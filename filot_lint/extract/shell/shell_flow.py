"""The texts that words of a shell script can be: constants, loops over lists, arguments of functions."""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract.shell.shell_nodes import (
    DEFAULTS,
    constant_word,
    decode,
    default_text,
    expansions,
    is_constant,
    name_of,
    text,
    words_in,
)
from filot_lint.extract.shell.shell_script import Run, Where
from filot_lint.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tree_sitter import Node

    from filot_lint.extract.shell.shell_script import Assignment, Script

MAX_RESOLVED = 4096
MAX_CALLS = 20
MAX_TEXTS = 100
MAX_DEPTH = 6
MAX_PARTS = 16
MAX_STEPS = 20_000
_EVERY = {"@", "*"}


class Text(NamedTuple):
    """One text, None when it is not known, and where it is written."""

    text: str | None
    at: Span | None


class Flow:
    """Follows the variables of one script; `given` are those that its host sets to constants."""

    def __init__(self, script: Script, given: Mapping[str, str]) -> None:
        """Nothing is looked up yet."""
        self.script = script
        self.given = given
        self._constants: dict[str, str] = dict(given)
        self._steps = 0
        self._calls: dict[str, list[Run]] = {}
        for run in script.runs:
            self._calls.setdefault(run.name, []).append(run)

    def named(self, name: str, where: Where, depth: int = MAX_DEPTH) -> list[Text]:
        """Return the texts a variable can hold at a place; none when nothing is known."""
        self._steps += 1
        if depth == 0 or self._steps > MAX_STEPS:
            return []
        for variable, items in reversed(where.loops):
            if variable == name:
                return [found for item in items for found in self._items(item, where, depth - 1)][:MAX_TEXTS]
        if name.isdigit() or name in _EVERY:
            return self._arguments(name, where, depth - 1)
        found = self._assigned(name, where)
        if not found:
            return [Text(self.given[name], None)] if name in self.given else []
        texts: list[Text] = []
        for assignment in found[:MAX_CALLS]:
            value = assignment.value
            if value is None or assignment.itself:
                texts.append(Text(None, None))
            else:
                texts.extend(self._values(value, Where(assignment.function, where.loops), depth - 1))
        return texts[:MAX_TEXTS]

    def _assigned(self, name: str, where: Where) -> list[Assignment]:
        known = self.script.assignments.get(name, [])
        own = [a for a in known if a.function == where.function and where.function is not None]
        return own or [a for a in known if not a.local]

    def _values(self, value: Node, where: Where, depth: int) -> list[Text]:
        if value.type != "array":
            return self.word(value, where, depth)
        return [found for item in value.children[1:-1] for found in self._items(item, where, depth)]

    def _items(self, node: Node, where: Where, depth: int) -> list[Text]:
        """Return the words a loop goes over: each of a list that stands in a variable."""
        whole = next(expansions(node), None)
        if whole is None:
            return [Text(*constant_word(node))] if is_constant(node) else []
        name = name_of(whole)[0]
        bare = text(node).strip('"') == text(whole)
        lists = [a.value for a in self._assigned(name, where)] if bare and name not in _EVERY else []
        if len(lists) == 1 and lists[0] is not None and lists[0].type != "array" and is_constant(lists[0]):
            return [Text(*found) for found in words_in(lists[0])]
        return self.word(node, where, depth)

    def _arguments(self, name: str, where: Where, depth: int) -> list[Text]:
        """Return what `$1` or `$@` is at the calls of the function."""
        function = self.script.functions.get(where.function) if where.function is not None else None
        found: list[Text] = []
        for run in self._calls.get(function or "", [])[:MAX_TEXTS]:
            if run.where.function != where.function:
                position = int(name) - 1 if name.isdigit() else 0
                chosen = run.arguments if name in _EVERY else run.arguments[position : position + 1]
                found.extend(text for node in chosen for text in self._items(node, run.where, depth))
        return found[:MAX_TEXTS]

    def word(self, node: Node, where: Where, depth: int = MAX_DEPTH) -> list[Text]:
        """Return the texts of a word: every combination of what its expansions can be."""
        inner = list(expansions(node))
        if not inner:
            return [Text(*constant_word(node))]
        raw, parts, position = node.text or b"", list[list[Text]](), 0
        for found in inner:
            begin, end = found.start_byte - node.start_byte, found.end_byte - node.start_byte
            parts += [[Text(_bare(raw[position:begin]), None)], self._expanded(found, where, depth)]
            position = end
        parts.append([Text(_bare(raw[position:]), None)])
        return [_joined(each) for each in islice(product(*parts), MAX_TEXTS)] if len(parts) < MAX_PARTS else []

    def _expanded(self, expansion: Node, where: Where, depth: int) -> list[Text]:
        name, at, operator = name_of(expansion)
        if at is None or operator not in {"", "^^", ",,", "@", *DEFAULTS}:
            return [Text(None, None)]
        found = self.named(name, where, depth) or [Text(None, None)]
        if operator in {"^^", ",,"}:
            changed = str.upper if operator == "^^" else str.lower
            return [Text(None if t.text is None else changed(t.text), t.at) for t in found]
        return found

    # Constants ------------------------------------------------------------------------------------------------------

    def calls(self, function: int | None) -> Iterator[dict[str, str]]:
        """Yield what `$1`, `$2`, … are at each call of a function; one empty record outside of functions."""
        name = self.script.functions.get(function) if function is not None else None
        found = self._calls.get(name or "", [])[:MAX_CALLS]
        for run in found:
            yield {str(number): self.resolve(a) for number, a in enumerate(run.arguments, start=1)}
        if not found:
            yield {}

    def resolve(self, node: Node, known: dict[str, str] | None = None) -> str:
        """Return the text of a word with the script's constants put in; what is not known stays `${X}`."""
        known = self._constants if known is None else known
        raw, start = node.text or b"", node.start_byte
        parts: list[str] = []
        position = 0
        for found in expansions(node):
            begin, end = found.start_byte - start, found.end_byte - start
            parts += [decode(raw[position:begin]), self._constant(found, known)]
            position = end
        parts.append(decode(raw[position:]))
        return "".join(parts).replace('"', "").replace("'", "")[:MAX_RESOLVED]

    def _constant(self, found: Node, constants: dict[str, str]) -> str:
        name, _, operator = name_of(found)
        if not name:
            return "$(...)"
        if name not in constants:
            constants[name] = f"${{{name}}}"
            for assignment in self.script.assignments.get(name, ()):
                value = assignment.value
                if value is not None and value.type != "array":
                    constants[name] = self.resolve(value, constants)
                    break
        known = constants[name]
        if known != f"${{{name}}}" or operator not in DEFAULTS:
            return known
        default = default_text(found).strip("\"'")
        return known if "$" in default or "`" in default else default


def _bare(raw: bytes) -> str:
    return decode(raw).replace('"', "").replace("'", "")


def _joined(parts: tuple[Text, ...]) -> Text:
    """Join the parts of a word; an unknown part becomes `.*`, which no name holds."""
    places = [part.at for part in parts if part.at is not None]
    whole = "".join(".*" if part.text is None else part.text for part in parts)
    return Text(whole if re.search(r"[^.*]", whole) else None, places[0] if len(places) == 1 else None)
