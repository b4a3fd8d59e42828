"""What both lowerings share: the walk by node type, its depth limit, and what is not understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.syntax.grammar import MAX_DEPTH, span_of

if TYPE_CHECKING:
    from tree_sitter import Node


class Lowering:
    """Turns the nodes of one file into neutral syntax; a language fills the tables and the set of silent nodes."""

    silent: ClassVar[frozenset[str]]
    statements: ClassVar[dict[str, Callable[[Any, Node], list[x.Statement]]]]
    operators: ClassVar[dict[str, str]]
    expressions: ClassVar[dict[str, Callable[[Any, Node], x.Expression]]]

    def __init__(self, data: bytes) -> None:
        """Keep the bytes; nodes hold offsets into them."""
        self.data = data
        self.depth = 0
        self.truncated: list[Span] = []

    def text(self, node: Node) -> str:
        """Return the text of a node."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def meaningful(self, node: Node) -> list[Node]:
        """Return the named children that carry something."""
        return [child for child in node.named_children if child.type not in self.silent]

    def block(self, nodes: Iterable[Node]) -> list[x.Statement]:
        """Lower statements in order."""
        return [statement for node in nodes for statement in self.statement(node)]

    def statement(self, node: Node) -> list[x.Statement]:
        """Lower one statement; what has no handler is an expression."""
        self.depth += 1
        try:
            if self.depth > MAX_DEPTH:
                self.truncated.append(span_of(node))
                return []
            handler = self.statements.get(node.type)
            if handler is not None:
                return handler(self, node)
            if node.type in self.silent:
                return []
            return [x.Evaluate(span_of(node), self.expression(node))]
        finally:
            self.depth -= 1

    def expression(self, node: Node) -> x.Expression:
        """Lower one expression; beyond the depth limit it is opaque and noted in `truncated`."""
        self.depth += 1
        try:
            if self.depth > MAX_DEPTH:
                self.truncated.append(span_of(node))
                return x.Opaque(span_of(node), [])
            handler = self.expressions.get(node.type)
            return handler(self, node) if handler is not None else self.opaque(node)
        finally:
            self.depth -= 1

    def opaque(self, node: Node) -> x.Expression:
        """Lower a node of no special meaning: its parts still matter."""
        return x.Opaque(span_of(node), [self.expression(child) for child in self.meaningful(node)])

    def inner(self, node: Node) -> x.Expression:
        """Lower the first part of a node that adds nothing itself: parentheses, `await`."""
        children = self.meaningful(node)
        return self.expression(children[0]) if children else x.Opaque(span_of(node), [])

    def binary(self, node: Node) -> x.Expression:
        """Lower an operation on two operands; the operator takes its neutral name."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if left is None or right is None or operator is None:
            return self.opaque(node)
        word = self.text(operator)
        return x.Binary(span_of(node), self.operators.get(word, word), self.expression(left), self.expression(right))


def constant(kind: str) -> Callable[[Lowering, Node], x.Expression]:
    """Return the handler of a constant."""
    return lambda _, node: x.Constant(span_of(node), kind)


def number(lowering: Lowering, node: Node) -> x.Expression:
    """Lower a number as written."""
    return x.Number(span_of(node), lowering.text(node))
