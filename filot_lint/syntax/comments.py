"""Comments of any language: what stands in them, and whether they have their line to themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.source import Language, Location, SourceFile
from filot_lint.syntax.grammar import parse, span_of

if TYPE_CHECKING:
    from tree_sitter import Node

_GRAMMARS = {
    Language.PYTHON: "python",
    Language.TYPESCRIPT: "typescript",
    Language.TSX: "tsx",
    Language.JAVASCRIPT: "javascript",
}
_WITHOUT = frozenset({Language.PACKAGE_JSON, Language.TSCONFIG, Language.PACKAGE_LOCK, Language.PIPFILE_LOCK})
_HASH = re.compile(r"(?:^|(?<=\s))#+(?P<text>.*)")
_SLASHES = re.compile(r"(?:^|(?<=\s))//+(?P<text>.*)")
_HOSTING_JSON = (".json", ".jsonc")


class Comment(NamedTuple):
    """One comment without its marks; `alone` when nothing else stands on its first line."""

    location: Location
    text: str
    alone: bool


def comments(source: SourceFile) -> Iterator[Comment]:
    """Yield the comments of a file, in order; of an `.env` file those with a line of their own."""
    grammar = _GRAMMARS.get(source.language)
    if grammar is not None:
        yield from _of_code(source, grammar)
    elif source.language not in _WITHOUT and not source.path.endswith(_HOSTING_JSON):
        yield from _of_lines(source, _SLASHES if source.language is Language.PRISMA else _HASH)


def _of_code(source: SourceFile, grammar: str) -> Iterator[Comment]:
    for node in _nodes(parse(grammar, source.data)):
        location = source.locate(span_of(node))
        text = source.data[node.start_byte : node.end_byte].decode("utf-8", "replace")
        before = source.lines[location.line - 1][: location.column - 1] if location.line <= len(source.lines) else ""
        yield Comment(location, _bare(text), alone=not before.strip(" \t{"))


def _nodes(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "comment":
            yield node
        stack.extend(reversed(node.children))


def _bare(text: str) -> str:
    if text.startswith("/*"):
        return text.removeprefix("/*").removesuffix("*/").strip("* \t\n")
    return text.lstrip("#/").strip()


def _of_lines(source: SourceFile, form: re.Pattern[str]) -> Iterator[Comment]:
    for number, line in enumerate(source.lines, 1):
        found = form.search(line)
        if found is None:
            continue
        alone = not line[: found.start()].strip()
        if alone or source.language not in {Language.DOTENV, Language.ENV_FILE}:
            place = source.at_line(number, found.start() + 1, len(line) - found.start())
            yield Comment(place, found["text"].strip(), alone)
