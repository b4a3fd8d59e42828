"""A parsed shell script: what it assigns, what it reads, which commands it runs."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract.shell.shell_conditions import exits, is_conditional, polarity, stand_in, when_missing
from filot_lint.extract.shell.shell_nodes import (
    Branch,
    branch_of,
    decode,
    default_text,
    expansions,
    inside,
    name_of,
    operators,
    span_of,
    targets,
    text,
)

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

    from filot_lint.source import Span

MAX_NODES = 400_000
MAX_ASSIGNMENTS = 200
_DECLARES = {"local", "declare", "typeset", "readonly"}
_TESTS = {"test", "["}
_ARITHMETIC = {"binary_expression", "arithmetic_expansion", "ternary_expression", "parenthesized_expression"}
_AT_LINE_START = re.compile(
    rb"(?m)^[ \t]*\"?\$(?:(?P<name>[A-Za-z_]\w*)"
    rb"|\{(?P<braced>[A-Za-z_]\w*)(?P<operator>:?[-=?+])?(?P<written>[^{}]*)\})"
)
_OTHERWISE = {"elif_clause", "else_clause"}
_REDIRECTS = {"file_redirect", "heredoc_redirect", "herestring_redirect"}


class Where(NamedTuple):
    """What surrounds a place: its function, its loops with what they go over, the outermost first, its `case`."""

    function: int | None = None
    loops: tuple[tuple[str, tuple[Node, ...]], ...] = ()
    branch: Branch | None = None


class Assignment(NamedTuple):
    """A place where the script itself sets a variable; `itself` when from its own earlier value (`X=${X:-d}`)."""

    name: str
    node: Node
    function: int | None
    itself: bool = False
    local: bool = False
    exported: bool = False

    @property
    def value(self) -> Node | None:
        """What is assigned, if it is written here."""
        return self.node.child_by_field_name("value") if self.node.type == "variable_assignment" else None


class Use(NamedTuple):
    """A place where a variable is read.

    `operator` and `written` are the parts of `${X:-…}`; `tested` when only its presence matters, `compared` when
    another test is made of it and the script goes on either way; `stops` when the script ends without it, `instead`
    what the script then takes.
    """

    name: str
    at: Span
    where: Where
    expansion: Node | None = None
    operator: str = ""
    written: str = ""
    tested: bool = False
    compared: bool = False
    stops: bool = False
    instead: Node | None = None
    assigning: str | None = None
    indirect: bool = False


class Run(NamedTuple):
    """One command with its arguments as nodes."""

    name: str
    node: Node
    arguments: tuple[Node, ...]
    exporting: bool
    where: Where
    redirects: tuple[Node, ...] = ()


class _Context(NamedTuple):
    """`missing` is what the script runs because the tested variable is, `always` whether the test is always made."""

    where: Where = Where()
    missing: tuple[Node, ...] | None = None
    always: bool = False
    compared: bool = False
    assigning: str | None = None
    exporting: bool = False


class Script:
    """What one walk over the tree finds."""

    def __init__(self, code: bytes) -> None:
        """Parse and walk."""
        self.code = code
        self.root = _parser().parse(code).root_node
        self.assignments: dict[str, list[Assignment]] = defaultdict(list)
        self.uses: list[Use] = []
        self.runs: list[Run] = []
        self.inputs: list[Node] = []
        self.functions: dict[int, str] = {}
        self.truncated = False
        self._walk()

    def _walk(self) -> None:
        stack: list[tuple[Node, Node, _Context]] = [(self.root, self.root, _Context())]
        for _ in range(MAX_NODES):
            if not stack:
                return
            node, parent, context = stack.pop()
            inner = self._enter(node, parent, context)
            stack.extend((child, node, inner) for child in reversed(node.children))
        self.truncated = True

    def _assign(self, assignment: Assignment) -> None:
        known = self.assignments[assignment.name]
        if len(known) < MAX_ASSIGNMENTS:
            known.append(assignment)

    def _enter(self, node: Node, parent: Node, context: _Context) -> _Context:
        """Record what a node is; return the context of its children."""
        match node.type:
            case "function_definition":
                self.functions[node.start_byte] = text(node.child_by_field_name("name"))
                return _Context(Where(node.start_byte))
            case "variable_assignment":
                return self._assignment(node, parent, context)
            case "declaration_command":
                self._declaration(node, context)
                return context._replace(exporting=node.children[0].type == "export")
            case "unset_command":
                self._unset(node, context)
            case "case_item" | "elif_clause" | "else_clause" | "if_statement":
                return context._replace(where=_branched(context.where, node, parent))
            case "for_statement" | "select_statement":
                return self._loop(node, context)
            case "command_substitution":
                return context._replace(missing=None, compared=False)
            case "file_redirect" if text(node.children[0]) == "<":
                self.inputs.append(node.children[-1])
            case "command":
                return self._command(node, parent, context)
            case "test_command":
                plain = [child for child in node.children if child.type in {"string", "expansion", "simple_expansion"}]
                context = _compared(context, node)
                return self._missing(node, plain[0], context) if len(node.children) == 3 and plain else context  # noqa: PLR2004
            case "unary_expression":
                return self._test(node, context)
            case "expansion" | "simple_expansion":
                self._expansion(node, context)
            case "heredoc_body":
                self._missed(node, parent, context)
            case "variable_name" if parent.type in _ARITHMETIC:
                self._use(text(node), node, context)
            case _:
                pass
        return context

    def _assignment(self, node: Node, parent: Node, context: _Context) -> _Context:
        name = text(node.child_by_field_name("name")).partition("[")[0]
        value = node.child_by_field_name("value")
        if parent.type == "command":
            return context
        kind = parent.children[0].type if parent.type == "declaration_command" else ""
        adds = any(child.type == "+=" for child in node.children)
        itself = adds or (value is not None and any(name_of(found)[0] == name for found in expansions(value)))
        if adds and value is not None and value.type != "array":
            self._use(name, node.children[0], context._replace(assigning=name))
        exported = kind == "export"
        self._assign(Assignment(name, node, context.where.function, itself, kind in _DECLARES, exported))
        return context._replace(assigning=name)

    def _declaration(self, node: Node, context: _Context) -> None:
        if node.children[0].type in _DECLARES:
            for child in node.children:
                if child.type == "variable_name":
                    self._assign(Assignment(text(child), child, context.where.function, local=True))

    def _unset(self, node: Node, context: _Context) -> None:
        for child in node.children:
            if child.type in {"variable_name", "word"}:
                self._assign(Assignment(text(child), child, context.where.function))

    def _loop(self, node: Node, context: _Context) -> _Context:
        variable = text(node.child_by_field_name("variable"))
        self._assign(Assignment(variable, node.children[0], context.where.function))
        items = tuple(node.children_by_field_name("value"))
        return context._replace(where=context.where._replace(loops=(*context.where.loops, (variable, items))))

    def _command(self, node: Node, parent: Node, context: _Context) -> _Context:
        arguments = tuple(node.children_by_field_name("argument"))
        name = text(node.child_by_field_name("name"))
        around = parent.children if parent.type == "redirected_statement" else []
        redirects = tuple(child for child in (*node.children, *around) if child.type in _REDIRECTS)
        self.runs.append(Run(name, node, arguments, context.exporting, context.where, redirects))
        for target in targets(name, arguments):
            self._assign(Assignment(text(target), target, context.where.function))
        if name in _TESTS and arguments:
            return self._words_test(node, arguments, context)
        return context._replace(exporting=context.exporting or name in {"eval", "source", "."})

    def _words_test(self, node: Node, arguments: tuple[Node, ...], context: _Context) -> _Context:
        """Read `test ! -z "$X"`."""
        flips = text(arguments[0]) == "!"
        words = arguments[flips:]
        operator = text(words[0]) if len(words) == 2 else "" if len(words) == 1 else "="  # noqa: PLR2004
        missing = polarity(operator)
        if missing is None:
            return _compared(context, node)
        return _tested(context, node, missing=missing != flips)

    def _test(self, node: Node, context: _Context) -> _Context:
        operator, operand = text(node.children[0]), node.children[-1]
        if operator == "!":
            plain = operand.type in {"string", "expansion", "simple_expansion"}
            return self._missing(node, operand, context, flips=True) if plain else context
        missing = polarity(operator)
        if missing is None:
            return context
        inner = _tested(context, node, missing=missing)
        if operator == "-v":
            found = next(expansions(operand), None)
            if found is not None:
                self._expansion(found, inner, indirect=True)
            else:
                self._use(text(operand).partition("[")[0].strip("\"'"), operand, inner)
        return inner

    def _missing(self, node: Node, operand: Node, context: _Context, *, flips: bool = False) -> _Context:
        """Read `[ "$X" ]`, which asks for presence alone."""
        if len(list(expansions(operand))) != 1:
            return context
        return _tested(context, node, missing=flips)

    def _expansion(self, node: Node, context: _Context, *, indirect: bool = False) -> None:
        name, at, operator = name_of(node)
        before = self.code[max(node.start_byte - 8, 0) : node.start_byte]
        if at is None or (len(before) - len(before.rstrip(b"\\"))) % 2:
            return
        if operator == "!":
            listing = any(child.type == "subscript" for child in node.children)
            if not listing:
                self._use(name, at, context, node, operators(node)[-1], indirect=True)
            return
        self._use(name, at, context, node, operator, indirect=indirect)
        if operator in {":=", "="}:
            self._assign(Assignment(name, node, context.where.function, itself=True))

    def _missed(self, body: Node, redirect: Node, context: _Context) -> None:
        """Record the `$X` at the beginning of a line, which the grammar takes for text behind white space."""
        start = next((child for child in redirect.children if child.type == "heredoc_start"), None)
        if text(start)[:1] in {"'", '"', "\\"}:
            return
        known = [(node.start_byte, node.end_byte) for node in expansions(body)]
        for found in _AT_LINE_START.finditer(body.text or b""):
            group = "name" if found["name"] else "braced"
            at = inside(body, *found.span(group))
            if not any(begin <= at.start < end for begin, end in known):
                operator = decode(found["operator"] or b"")
                written = decode(found["written"] or b"")
                self.uses.append(Use(decode(found[group]), at, context.where, None, operator, written))

    def _use(
        self,
        name: str,
        at: Node,
        context: _Context,
        expansion: Node | None = None,
        operator: str = "",
        *,
        indirect: bool = False,
    ) -> None:
        missing = context.missing or ()
        instead = (stand_in(node, name) for node in missing)
        self.uses.append(
            Use(
                name,
                span_of(at),
                context.where,
                expansion,
                operator,
                "" if expansion is None else default_text(expansion),
                tested=context.missing is not None,
                compared=context.compared,
                stops=context.always and any(exits(node) for node in missing),
                instead=None if indirect else next((value for value in instead if value is not None), None),
                assigning=context.assigning,
                indirect=indirect,
            )
        )

    def is_inherited(self, use: Use) -> bool:
        """Whether a read can see the environment: the script has not set the variable by then."""
        function = use.where.function
        found = [a for a in self.assignments.get(use.name, ()) if not (a.local and a.function != function)]
        before = [a for a in found if a.node.end_byte <= use.at.start]
        if use.assigning == use.name:
            return all(a.itself for a in before) and (not before or use.operator.startswith((":", "-", "=", "?")))
        if before:
            return False
        return function is None or all(a.function == function for a in found)


def _branched(where: Where, node: Node, parent: Node) -> Where:
    """Return where the children of a branch stand; of choices inside each other the outermost counts."""
    if node.type == "if_statement":
        chooses = any(child.type in _OTHERWISE for child in node.children)
        return where._replace(branch=branch_of(node, node)) if chooses and where.branch is None else where
    begins = where.branch is None or (node.type in _OTHERWISE and where.branch == branch_of(parent, parent))
    return where._replace(branch=branch_of(node, parent)) if begins else where


def _compared(context: _Context, test: Node) -> _Context:
    """Note a test whose answer is not known where the variable is missing."""
    branches = (branch for missing in (True, False) for branch in when_missing(test, missing=missing))
    return context._replace(compared=not any(exits(branch) for branch in branches))


def _tested(context: _Context, test: Node, *, missing: bool) -> _Context:
    return context._replace(missing=tuple(when_missing(test, missing=missing)), always=not is_conditional(test))


@cache
def _parser() -> Parser:
    import tree_sitter  # noqa: PLC0415  # native code, loaded with the first script only
    import tree_sitter_bash  # noqa: PLC0415

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))
