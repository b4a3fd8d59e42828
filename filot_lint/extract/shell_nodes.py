"""What single nodes of a shell script mean: expansions, tests, commands that assign."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

MAX_SEARCH = 500
MAX_CLIMB = 20


def decode(raw: bytes) -> str:
    """Return bytes of the script as text."""
    return raw.decode("utf-8", "replace")


def text(node: Node | None) -> str:
    """Return the text of a node."""
    return "" if node is None or node.text is None else decode(node.text)


def expansions(node: Node) -> Iterator[Node]:
    """Yield the outermost expansions (and substitutions) below a node, in order."""
    stack = [node]
    for _ in range(MAX_SEARCH):
        if not stack:
            return
        current = stack.pop()
        if current.type in {"expansion", "simple_expansion", "command_substitution"}:
            yield current
        else:
            stack.extend(reversed(current.children))


def constant_word(node: Node) -> tuple[str, Node]:
    """Return a constant word and the node of its text, inside the quotes if the grammar has one."""
    inner = next((child for child in node.children if child.type == "string_content"), node)
    return text(inner).strip("\"'"), inner


def operators(expansion: Node) -> list[str]:
    """Return what stands around the name in `${!X:-…}`: `!` and `:-`."""
    return [text(child) for child in expansion.children_by_field_name("operator")] or [""]


def name_of(expansion: Node) -> tuple[str, Node | None, str]:
    """Return the variable of an expansion, its node and the first operator."""
    for child in expansion.children:
        at = child.child_by_field_name("name") if child.type == "subscript" else child
        if at is not None and at.type == "variable_name":
            return text(at), at, operators(expansion)[0]
    return "", None, ""


def default_text(expansion: Node) -> str:
    """Return what stands behind the operator of `${X:-…}`."""
    operators = expansion.children_by_field_name("operator")
    if not operators or expansion.text is None:
        return ""
    return decode(expansion.text[operators[-1].end_byte - expansion.start_byte : -1])


def targets(name: str, arguments: tuple[Node, ...]) -> list[Node]:
    """Return the names that a command such as `read` assigns."""
    words = [a for a in arguments if a.type == "word" and re.fullmatch(r"[A-Za-z_]\w*", text(a))]
    if name in {"read", "mapfile", "readarray"}:
        return words
    if name == "getopts":
        return words[-1:]
    if name == "printf" and arguments and text(arguments[0]) == "-v":
        return words[:1]
    return []


def stops_at(test: Node, operator: str) -> bool:
    """Whether the script ends when the tested variable is missing."""
    node, parent = test, test.parent
    for _ in range(MAX_CLIMB):
        if parent is None or parent.type != "list":
            break
        joint = parent.children[1].type
        left = parent.children[0].start_byte == node.start_byte and parent.children[-1].end_byte != node.end_byte
        if left and ((joint == "&&") == (operator == "-z")) and _exits(parent.children[-1]):
            return True
        node, parent = parent, parent.parent
    if parent is None or parent.type != "if_statement" or operator != "-z":
        return False
    then = [c for c in parent.children if c.start_byte > node.end_byte and c.type not in {"elif_clause", "else_clause"}]
    return any(_exits(child) for child in then)


def _exits(node: Node) -> bool:
    stack = [node]
    for _ in range(MAX_SEARCH):
        if not stack:
            return False
        current = stack.pop()
        if current.type == "command":
            name, arguments = text(current.child_by_field_name("name")), current.children_by_field_name("argument")
            code = text(arguments[0]) if arguments else ""
            if (name == "exit" and code != "0") or name == "die" or (name == "return" and code not in {"", "0"}):
                return True
        stack.extend(current.children)
    return False
