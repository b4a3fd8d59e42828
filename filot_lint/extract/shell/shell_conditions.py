"""Conditions in shell scripts: what happens when a tested variable is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.shell.shell_nodes import MAX_SEARCH, text

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_CLIMB = 20
_BRANCHES = {"if_statement", "case_statement", "command_substitution", "function_definition"}
_AND, _OR = {"&&", "-a"}, {"||", "-o"}


def polarity(operator: str) -> bool | None:
    """Return whether a test is true when its variable is missing; None for tests about something else."""
    return {"-z": True, "-n": False, "-v": False, "": False}.get(operator)


def when_missing(test: Node, *, missing: bool) -> list[Node]:
    """Return what a script runs because a variable is missing; the test is `missing` then.

    Tests joined to this one are followed as long as they cannot decide otherwise.
    """
    found: list[Node] = []
    if test.type == "unary_expression" and (_joint(test.children[-1]) in _AND) == missing and _joint(test.children[-1]):
        return found
    node, parent = test, test.parent
    for _ in range(MAX_CLIMB):
        if parent is None:
            return found
        match parent.type:
            case "unary_expression" | "negated_command":
                missing = missing != (text(parent.children[0]) == "!")
            case "binary_expression" | "list":
                joint = _joint(parent)
                left = parent.children[0].end_byte >= node.end_byte
                if parent.type == "list" and left and (joint == "&&") == missing:
                    found.append(parent.children[-1])
                if joint and (joint in _AND) == missing and not (found and not _is_test(parent.children[-1])):
                    return found
            case "if_statement":
                return found + _branch(parent, node, otherwise=not missing)
            case "test_command" | "parenthesized_expression":
                pass
            case _:
                return found
        node, parent = parent, parent.parent
    return found


def is_conditional(node: Node) -> bool:
    """Whether a statement runs only if something else holds."""
    parent = node.parent
    for _ in range(MAX_CLIMB):
        if parent is None or parent.type == "function_definition":
            return False
        if parent.type in {"case_item", "elif_clause", "else_clause"}:
            return True
        first = next((child for child in parent.children if child.type == "then"), None)
        if parent.type == "if_statement" and first is not None and first.start_byte < node.start_byte:
            return True
        node, parent = parent, parent.parent
    return True


def _joint(node: Node) -> str:
    """Return the word that joins two tests."""
    return next((word for child in node.children if (word := text(child)) in _AND | _OR), "")


def _is_test(node: Node) -> bool:
    return node.type == "test_command" or (
        node.type == "command" and text(node.child_by_field_name("name")) in {"test", "["}
    )


def _branch(statement: Node, condition: Node, *, otherwise: bool) -> list[Node]:
    """Return what an `if` runs; nothing when the test is not its condition."""
    later = [child for child in statement.children if child.start_byte > condition.end_byte]
    if not any(child.type == "then" for child in later):
        return []
    if otherwise:
        several = any(child.type == "elif_clause" for child in later)
        return [] if several else [child for child in later if child.type == "else_clause"]
    return [child for child in later if child.type not in {"elif_clause", "else_clause"}]


def exits(node: Node) -> bool:
    """Whether a statement surely ends the script as a failure; after `return` it depends on the caller."""
    stack = [node]
    for _ in range(MAX_SEARCH):
        if not stack:
            return False
        current = stack.pop()
        if current.type == "command":
            name, arguments = text(current.child_by_field_name("name")), current.children_by_field_name("argument")
            code = text(arguments[0]) if arguments else ""
            if (name == "exit" and code != "0") or name == "die":
                return True
        if current.type not in _BRANCHES:
            stack.extend(current.children)
    return False


def stand_in(node: Node, name: str) -> Node | None:
    """Return the value that a statement gives to a variable."""
    stack = [node]
    for _ in range(MAX_SEARCH):
        if not stack:
            return None
        current = stack.pop()
        if current.type == "variable_assignment" and text(current.child_by_field_name("name")) == name:
            return current.child_by_field_name("value")
        if current.type not in _BRANCHES:
            stack.extend(reversed(current.children))
    return None
