"""What single nodes of a shell script mean: expansions, words, commands that assign."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

MAX_SEARCH = 500
DEFAULTS = frozenset({":-", "-", ":=", "="})
PRESENT = frozenset({":+", "+"})
DEMANDED = frozenset({":?", "?"})
_NAME = re.compile(r"(?=[^A-Z]*[A-Z])[A-Z_][A-Z0-9_]*|(?:https?|no|all|ftp)_proxy")
_INTERNAL = re.compile(
    r"IFS|BASH\w*|RANDOM|SRANDOM|SECONDS|EPOCH\w+|LINENO|OPT(?:ARG|IND|ERR)|E?UID|PPID|FUNC(?:NAME|NEST)|PIPESTATUS|REPLY"
    r"|COLUMNS|LINES|COMP_\w+|DIRSTACK|GROUPS|HOSTTYPE|MACHTYPE|OSTYPE|SHLVL|SHELLOPTS|OLDPWD|MAPFILE|PS[0-4]|TIMEFORMAT"
)


def is_environment_name(name: str) -> bool:
    """Whether a variable may come from the environment, judged by its name."""
    return _NAME.fullmatch(name) is not None and _INTERNAL.fullmatch(name) is None


def decode(raw: bytes) -> str:
    """Return bytes of the script as text."""
    return raw.decode("utf-8", "replace")


def text(node: Node | None) -> str:
    """Return the text of a node."""
    return "" if node is None or node.text is None else decode(node.text)


def span_of(node: Node) -> Span:
    """Return the place of a node."""
    start, end = node.start_point, node.end_point
    return Span(node.start_byte, node.end_byte, start.row, start.column, end.row, end.column)


def inside(node: Node, start: int, end: int) -> Span:
    """Return the place of a stretch of a node's bytes."""
    raw = node.text or b""
    before, within = raw[:start], raw[start:end]
    row = node.start_point.row + before.count(b"\n")
    column = len(before.rpartition(b"\n")[2]) + (0 if b"\n" in before else node.start_point.column)
    last = row + within.count(b"\n")
    end_column = len(within.rpartition(b"\n")[2]) + (0 if b"\n" in within else column)
    return Span(node.start_byte + start, node.start_byte + end, row, column, last, end_column)


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


def is_constant(node: Node) -> bool:
    """Whether a word or string is the same at each run."""
    words = {"word", "raw_string", "string", "number", "concatenation"}
    return node.type in words and next(expansions(node), None) is None


def words_in(node: Node) -> Iterator[tuple[str, Span]]:
    """Yield the words of a constant text, as a loop over `$LIST` takes them."""
    for found in re.finditer(rb"[^\s\"']+", node.text or b""):
        yield decode(found[0]), inside(node, *found.span())


def constant_word(node: Node) -> tuple[str, Span]:
    """Return a constant word and the place of its text, inside the quotes."""
    raw = node.text or b""
    quoted = len(raw) > 1 and raw[:1] == raw[-1:] and raw[:1] in {b'"', b"'"}
    content = text(node).strip("\"'") if quoted else text(node).replace('"', "").replace("'", "")
    return content, inside(node, 1, len(raw) - 1) if quoted else span_of(node)


def operators(expansion: Node) -> list[str]:
    """Return what stands around the name in `${!X:-…}`: `!` and `:-`."""
    return [text(child) for child in expansion.children_by_field_name("operator")] or [""]


def name_of(expansion: Node) -> tuple[str, Node | None, str]:
    """Return the variable of an expansion, its node and the first operator."""
    for child in expansion.children:
        at = child.child_by_field_name("name") if child.type == "subscript" else child
        if at is not None and at.type in {"variable_name", "special_variable_name"}:
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


class Branch(NamedTuple):
    """A branch of an `if` or a `case`, with its patterns and whether the first argument of the script chooses it.

    `lines` are that of the whole and that of the branch.
    """

    lines: tuple[int, int]
    patterns: tuple[str, ...] = ()
    positional: bool = False


def branch_of(node: Node, statement: Node) -> Branch:
    """Return the branch that a node begins in a statement."""
    lines = statement.start_point.row + 1, node.start_point.row + 1
    if node.type != "case_item":
        return Branch(lines)
    patterns = tuple(text(pattern).strip("\"'") for pattern in node.children_by_field_name("value"))
    subject = text(statement.child_by_field_name("value"))
    return Branch(lines, patterns, positional=re.search(r"\$\{?1\b", subject) is not None)
