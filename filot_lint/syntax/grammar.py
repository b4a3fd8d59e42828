"""tree-sitter parsers, one per grammar and process, and what both lowerings share."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from filot_lint.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_DEPTH = 150

_GRAMMARS = {
    "python": ("tree_sitter_python", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "javascript": ("tree_sitter_javascript", "language"),
    "bash": ("tree_sitter_bash", "language"),
}


@cache
def parser(grammar: str) -> Parser:
    """Return the parser of a grammar."""
    from tree_sitter import Language, Parser  # noqa: PLC0415  # only files with a trigger pay for it

    module, function = _GRAMMARS[grammar]
    return Parser(Language(getattr(import_module(module), function)()))


def parse(grammar: str, data: bytes) -> Node:
    """Return the root node of a text."""
    return parser(grammar).parse(data).root_node


def span_of(node: Node) -> Span:
    """Return a node's stretch."""
    row, column = node.start_point
    end_row, end_column = node.end_point
    return Span(node.start_byte, node.end_byte, row, column, end_row, end_column)


def errors(root: Node) -> Iterator[Span]:
    """Yield the stretches the grammar did not understand, at most 20."""
    if not root.has_error:
        return
    stack, found = [root], 0
    while stack and found < 20:  # noqa: PLR2004
        node = stack.pop()
        if node.is_error or node.is_missing:
            found += 1
            yield span_of(node)
        elif node.has_error:
            stack.extend(reversed(node.children))
