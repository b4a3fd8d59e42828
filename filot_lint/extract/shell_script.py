"""A parsed shell script: what it assigns, what it reads, which commands it runs."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract.shell_nodes import (
    constant_word,
    decode,
    default_text,
    expansions,
    name_of,
    operators,
    stops_at,
    targets,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node, Parser

MAX_NODES = 400_000
MAX_RESOLVED = 4096
MAX_ASSIGNMENTS = 200
MAX_CALLS = 20
_DECLARES = {"local", "declare", "typeset", "readonly"}
_TEST_NAMES = {"test", "["}


class Assignment(NamedTuple):
    """A place where the script itself sets a variable; `itself` when from its own earlier value (`X=${X:-d}`)."""

    name: str
    node: Node
    function: int | None
    itself: bool = False
    local: bool = False
    exported: bool = False


class Use(NamedTuple):
    """A place where a variable is read; `operator` is the one of `${X:-…}`, `test` the one of `[ -z … ]`."""

    name: str
    node: Node
    function: int | None
    expansion: Node | None = None
    operator: str = ""
    test: str = ""
    stops: bool = False
    assigning: str | None = None


class Run(NamedTuple):
    """One command with its arguments as nodes."""

    name: str
    node: Node
    arguments: tuple[Node, ...]
    exporting: bool
    function: int | None


class _Context(NamedTuple):
    function: int | None = None
    test: str = ""
    stops: bool = False
    assigning: str | None = None
    exporting: bool = False
    loops: tuple[tuple[str, tuple[tuple[str, Node], ...]], ...] = ()


class Script:
    """What one walk over the tree finds."""

    def __init__(self, code: bytes) -> None:
        """Parse and walk."""
        self.root = _parser().parse(code).root_node
        self.assignments: dict[str, list[Assignment]] = defaultdict(list)
        self.uses: list[Use] = []
        self.runs: list[Run] = []
        self.truncated = False
        self._constants: dict[str, str] = {}
        self._functions: dict[int, str] = {}
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
                self._functions[node.start_byte] = text(node.child_by_field_name("name"))
                context = context._replace(function=node.start_byte)
            case "variable_assignment":
                context = self._assignment(node, parent, context)
            case "declaration_command":
                self._declaration(node, context)
                context = context._replace(exporting=node.children[0].type == "export")
            case "for_statement" | "select_statement":
                context = self._loop(node, context)
            case "command":
                context = self._command(node, context)
            case "unary_expression":
                context = self._test(node, context)
            case "expansion" | "simple_expansion":
                self._expansion(node, context)
            case "variable_name" if parent.type in _ARITHMETIC:
                self._use(text(node), node, context)
            case _:
                pass
        return context

    def _assignment(self, node: Node, parent: Node, context: _Context) -> _Context:
        name = text(node.child_by_field_name("name")).partition("[")[0]
        if parent.type == "command":
            return context
        kind = parent.children[0].type if parent.type == "declaration_command" else ""
        value = node.child_by_field_name("value")
        itself = value is not None and any(name_of(found)[0] == name for found in expansions(value))
        self._assign(Assignment(name, node, context.function, itself, kind in _DECLARES, kind == "export"))
        return context._replace(assigning=name)

    def _declaration(self, node: Node, context: _Context) -> None:
        if node.children[0].type in _DECLARES:
            for child in node.children:
                if child.type == "variable_name":
                    self._assign(Assignment(text(child), child, context.function, local=True))

    def _loop(self, node: Node, context: _Context) -> _Context:
        variable = text(node.child_by_field_name("variable"))
        self._assign(Assignment(variable, node.children[0], context.function))
        items: list[tuple[str, Node]] = []
        for value in node.children_by_field_name("value"):
            items.extend(self._items(value))
        return context._replace(loops=(*context.loops, (variable, tuple(items))))

    def _items(self, node: Node) -> Iterator[tuple[str, Node]]:
        """Yield the constant words a loop goes over, through an array of the script if need be."""
        if node.type in {"word", "raw_string"} or (node.type == "string" and not any(True for _ in expansions(node))):
            yield constant_word(node)
            return
        for found in expansions(node):
            for assignment in self.assignments.get(name_of(found)[0], ()):
                value = assignment.node.child_by_field_name("value")
                if value is not None and value.type == "array":
                    yield from (constant_word(c) for c in value.children if c.type in {"word", "string", "raw_string"})

    def _command(self, node: Node, context: _Context) -> _Context:
        arguments = tuple(node.children_by_field_name("argument"))
        name = text(node.child_by_field_name("name"))
        self.runs.append(Run(name, node, arguments, context.exporting, context.function))
        for target in targets(name, arguments):
            self._assign(Assignment(text(target), target, context.function))
        if name in _TEST_NAMES and arguments and text(arguments[0]) in {"-z", "-n"}:
            operator = text(arguments[0])
            return context._replace(test=operator, stops=stops_at(node, operator))
        return context

    def _test(self, node: Node, context: _Context) -> _Context:
        operator = text(node.child_by_field_name("operator"))
        if operator not in {"-z", "-n", "-v"}:
            return context
        holder: Node | None = node
        while holder is not None and holder.type != "test_command":
            holder = holder.parent
        inner = context._replace(test=operator, stops=holder is not None and stops_at(holder, operator))
        if operator == "-v" and node.children[-1].type == "word":
            self._use(text(node.children[-1]), node.children[-1], inner)
        return inner

    def _expansion(self, node: Node, context: _Context) -> None:
        name, at, operator = name_of(node)
        if at is None:
            return
        if operator == "!":
            for variable, items in context.loops:
                if variable == name:
                    for item, place in items:
                        self._use(item, place, context, node, operators(node)[-1])
        self._use(name, at, context, node, operator)

    def _use(self, name: str, at: Node, context: _Context, expansion: Node | None = None, operator: str = "") -> None:
        self.uses.append(
            Use(name, at, context.function, expansion, operator, context.test, context.stops, context.assigning)
        )

    def is_inherited(self, use: Use) -> bool:
        """Whether a read can see the environment: the script has not set the variable by then."""
        found = [a for a in self.assignments.get(use.name, ()) if not (a.local and a.function != use.function)]
        before = [a for a in found if a.node.end_byte <= use.node.start_byte]
        if use.assigning == use.name:
            return not any(not a.itself for a in before)
        if before:
            return False
        return use.function is None or all(a.function == use.function for a in found)

    def calls(self, function: int | None) -> list[dict[str, str]]:
        """Return what `$1`, `$2`, … are at each call of a function; one empty record outside of functions."""
        name = self._functions.get(function) if function is not None else None
        found = [run for run in self.runs if name is not None and run.name == name][:MAX_CALLS]
        return [{str(n): self.resolve(a) for n, a in enumerate(run.arguments, start=1)} for run in found] or [{}]

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
        if name not in constants:
            constants[name] = f"${{{name}}}"
            for assignment in self.assignments.get(name, ()):
                value = assignment.node.child_by_field_name("value")
                if value is not None and value.type != "array":
                    constants[name] = self.resolve(value, constants)
                    break
        known = constants[name]
        if known != f"${{{name}}}" or operator not in {":-", "-", ":=", "="}:
            return known
        default = default_text(found).strip("\"'")
        return known if "$" in default or "`" in default else default


_ARITHMETIC = {"binary_expression", "arithmetic_expansion", "ternary_expression", "parenthesized_expression"}


@cache
def _parser() -> Parser:
    import tree_sitter  # noqa: PLC0415  # native code, loaded with the first script only
    import tree_sitter_bash  # noqa: PLC0415

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))
