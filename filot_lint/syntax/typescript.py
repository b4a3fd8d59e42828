"""TypeScript and JavaScript source to neutral syntax, by tree-sitter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from filot_lint.source import Language, SourceFile, Span
from filot_lint.syntax import expression as x
from filot_lint.syntax.embedded import scripts
from filot_lint.syntax.gaps import without_gaps
from filot_lint.syntax.grammar import errors, parse, span_of
from filot_lint.syntax.lowering import Lowering, constant, number

if TYPE_CHECKING:
    from tree_sitter import Node

_OPERATORS = {"||": "or", "??": "coalesce", "&&": "and", "===": "==", "!==": "!="}
_ASSIGNMENTS = {"||=": "or=", "??=": "coalesce=", "&&=": "and="}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "\n": ""}
_FUNCTIONS = frozenset({"function_declaration", "generator_function_declaration", "function_expression",
                        "generator_function", "arrow_function", "method_definition", "function_signature"})  # fmt: skip
_ATTRIBUTE = frozenset({"accessibility_modifier", "override_modifier", "readonly"})
_TYPES = frozenset({"interface_declaration", "type_alias_declaration", "ambient_declaration", "type_annotation",
                    "type_arguments", "type_parameters", "comment", "empty_statement", "debugger_statement",
                    "break_statement", "continue_statement", "hash_bang_line", "import_alias", "function_signature",
                    "html_comment", "optional_chain", "accessibility_modifier"})  # fmt: skip


def lower(source: SourceFile) -> x.Module:
    """Lower a TypeScript or JavaScript file; what is nested too deeply is left out and named in `truncated`."""
    grammar = {Language.TYPESCRIPT: "typescript", Language.TSX: "tsx"}.get(source.language, "javascript")
    data = scripts(source.path, source.data)
    root = parse(grammar, data)
    if root.has_error and grammar != "javascript":
        mended = without_gaps(data)
        again = parse(grammar, mended)
        if len(list(errors(again))) < len(list(errors(root))):
            root, data = again, mended
    lowering = _Lowering(data)
    body = lowering.block(root.named_children)
    language = "javascript" if source.language is Language.JAVASCRIPT else "typescript"
    return x.Module(language, body, lowering.exports, list(errors(root)), lowering.truncated)


class _Lowering(Lowering):
    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.exports: dict[str, str] = {}

    # Statements -----------------------------------------------------------------------------------------------------

    def body(self, node: Node | None) -> list[x.Statement]:
        """Lower the body of a function or branch: a block's statements, or the single statement."""
        if node is None:
            return []
        if node.type in {"statement_block", "else_clause"}:
            return self.block(node.named_children)
        return self.statement(node)

    def _expression_statement(self, node: Node) -> list[x.Statement]:
        found: list[x.Statement] = []
        for child in node.named_children:
            if child.type in _TYPES:
                continue
            if child.type in {"internal_module", "module"}:
                found.extend(self.body(child.child_by_field_name("body")))
                continue
            value = self.expression(child)
            if isinstance(value, x.Inline):
                found.append(value.statement)
            elif isinstance(value, x.Unary) and value.operator == "delete":
                found.append(x.Delete(span_of(node), [value.operand]))
            else:
                found.append(x.Evaluate(span_of(child), value))
        return found

    def _declaration(self, node: Node) -> list[x.Statement]:
        found: list[x.Statement] = []
        for child in node.named_children:
            if child.type != "variable_declarator":
                continue
            name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            if name is None:
                continue
            lowered = self.expression(value) if value is not None else None
            found.append(x.Assign(span_of(child), self.pattern(name), lowered, declares=True))
        return found

    def _function_statement(self, node: Node) -> list[x.Statement]:
        return [self.function(node)]

    def function(self, node: Node) -> x.Function:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        statements: list[x.Statement] = []
        if body is not None and body.type == "statement_block":
            statements = self.block(body.named_children)
        elif body is not None:
            statements = [x.Return(span_of(body), self.expression(body))]
        single = node.child_by_field_name("parameter")
        parameters = (
            [x.Parameter(span_of(single), self.pattern(single))]
            if single is not None
            else self.parameters(node.child_by_field_name("parameters"))
        )
        return x.Function(
            span_of(node),
            self.text(name) if name is not None else None,
            parameters,
            statements,
            [*self.decorators(node), *self._of_parameters(node.child_by_field_name("parameters"))],
            method=node.type == "method_definition",
        )

    def _of_parameters(self, node: Node | None) -> list[x.Expression]:
        """Return the decorators of parameters: `constructor(@InjectQueue("mail") queue: Queue)`."""
        children = node.named_children if node is not None else []
        return [decorator for child in children for decorator in self.decorators(child)]

    def parameters(self, node: Node | None) -> list[x.Parameter]:
        found: list[x.Parameter] = []
        for child in node.named_children if node is not None else ():
            if child.type in {"required_parameter", "optional_parameter"}:
                pattern, value = child.child_by_field_name("pattern"), child.child_by_field_name("value")
            elif child.type == "assignment_pattern":
                pattern, value = child.child_by_field_name("left"), child.child_by_field_name("right")
            else:
                pattern, value = child, None
            if pattern is None or pattern.type in {"this", "comment", "decorator"}:
                continue
            rest = pattern.type == "rest_pattern"
            if rest:
                pattern = pattern.named_children[0] if pattern.named_children else pattern
            default = self.expression(value) if value is not None else None
            annotation = self.annotation(child.child_by_field_name("type"))
            attribute = any(c.type in _ATTRIBUTE for c in child.children)
            target = self.pattern(pattern)
            found.append(x.Parameter(span_of(child), target, default, rest, annotation, attribute))
        return found

    def annotation(self, node: Node | None) -> x.Expression | None:
        """Return the name of a type, None for types without one."""
        while node is not None and node.type in {"type_annotation", "generic_type", "readonly_type"}:
            node = node.named_children[0] if node.named_children else None
        if node is None or node.type != "type_identifier":
            return None
        return x.Name(span_of(node), self.text(node))

    def decorators(self, node: Node) -> list[x.Expression]:
        return [
            self.expression(child.named_children[0])
            for child in node.named_children
            if child.type == "decorator" and child.named_children
        ]

    def _class_statement(self, node: Node) -> list[x.Statement]:
        return [self.class_(node)]

    def class_(self, node: Node) -> x.Class:
        name = node.child_by_field_name("name")
        bases: list[x.Argument] = []
        interfaces: list[str] = []
        for child in node.named_children:
            if child.type == "class_heritage":
                inner = child.named_children
                interfaces += [self.text(n) for c in inner if c.type == "implements_clause" for n in c.named_children]
                clauses = [c for c in inner if c.type == "extends_clause"] or [child]
                for clause in clauses:
                    value = clause.child_by_field_name("value")
                    found = [value] if value is not None else clause.named_children[:1]
                    named = [base for base in found if base.type != "implements_clause"]
                    bases.extend(x.Argument(span_of(base), self.expression(base)) for base in named)
        body_node = node.child_by_field_name("body")
        body: list[x.Statement] = []
        decorators: list[x.Expression] = []
        for child in body_node.named_children if body_node is not None else ():
            if child.type == "decorator":
                decorators.extend(self.expression(c) for c in child.named_children[:1])
                continue
            members = self.member(child)
            for member in members:
                if isinstance(member, x.Function):
                    member.decorators.extend(decorators)
            body.extend(members)
            decorators = []
        own = self.text(name) if name is not None else None
        return x.Class(span_of(node), own, bases, body, self.decorators(node), interfaces)

    def member(self, node: Node) -> list[x.Statement]:
        if node.type == "method_definition":
            return [self.function(node)]
        if node.type in {"public_field_definition", "field_definition"}:
            name = node.child_by_field_name("name") or node.child_by_field_name("property")
            value = node.child_by_field_name("value")
            if name is None:
                return []
            lowered = self.expression(value) if value is not None else None
            target = x.Name(span_of(name), self.text(name))
            return [x.Assign(span_of(node), target, lowered, declares=True, decorators=self.decorators(node))]
        if node.type == "class_static_block":
            return self.block(node.named_children)
        return []

    def _enum(self, node: Node) -> list[x.Statement]:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return []
        entries: list[x.Entry] = []
        for child in body.named_children:
            key = child.child_by_field_name("name") if child.type == "enum_assignment" else child
            value = child.child_by_field_name("value") if child.type == "enum_assignment" else None
            if key is None or child.type == "comment":
                continue
            lowered = self.expression(value) if value is not None else x.Opaque(span_of(child), [])
            entries.append(x.Entry(span_of(child), self.key(key), lowered))
        mapping = x.Mapping(span_of(body), entries)
        return [x.Assign(span_of(node), x.Name(span_of(name), self.text(name)), mapping, declares=True)]

    def _return(self, node: Node) -> list[x.Statement]:
        children = self.meaningful(node)
        return [x.Return(span_of(node), self.expression(children[0]) if children else None)]

    def _throw(self, node: Node) -> list[x.Statement]:
        children = self.meaningful(node)
        return [x.Raise(span_of(node), self.expression(children[0]) if children else None)]

    def _if(self, node: Node) -> list[x.Statement]:
        test = node.child_by_field_name("condition")
        return [
            x.If(
                span_of(node),
                self.expression(test) if test is not None else x.Opaque(span_of(node), []),
                self.body(node.child_by_field_name("consequence")),
                self.body(node.child_by_field_name("alternative")),
            )
        ]

    def _for_in(self, node: Node) -> list[x.Statement]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        return [
            x.Loop(
                span_of(node),
                self.pattern(left) if left is not None else None,
                self.expression(right) if right is not None else None,
                self.body(node.child_by_field_name("body")),
                keys=operator is not None and self.text(operator) == "in",
            )
        ]

    def _for(self, node: Node) -> list[x.Statement]:
        inner: list[x.Statement] = []
        for name in ("initializer", "condition", "increment"):
            part = node.child_by_field_name(name)
            if part is not None:
                inner.extend(self.statement(part))
        inner.append(x.Loop(span_of(node), None, None, self.body(node.child_by_field_name("body"))))
        return [x.Block(span_of(node), inner)]

    def _while(self, node: Node) -> list[x.Statement]:
        test = node.child_by_field_name("condition")
        body = self.body(node.child_by_field_name("body"))
        return [x.Loop(span_of(node), None, self.expression(test) if test is not None else None, body)]

    def _block(self, node: Node) -> list[x.Statement]:
        return [x.Block(span_of(node), self.block(node.named_children))]

    def _try(self, node: Node) -> list[x.Statement]:
        found: list[x.Statement] = []
        for child in node.named_children:
            inner = child.child_by_field_name("body") or child
            kind = "catch" if child.type == "catch_clause" else "try"
            found.append(x.Block(span_of(child), self.block(inner.named_children), kind))
        return found

    def _switch(self, node: Node) -> list[x.Statement]:
        value, body = node.child_by_field_name("value"), node.child_by_field_name("body")
        inner: list[x.Statement] = []
        if value is not None:
            inner.append(x.Evaluate(span_of(value), self.expression(value)))
        for case in body.named_children if body is not None else ():
            inner.extend(self.block(case.named_children))
        return [x.Block(span_of(node), inner)]

    def _labeled(self, node: Node) -> list[x.Statement]:
        return self.body(node.child_by_field_name("body"))

    def _import(self, node: Node) -> list[x.Statement]:
        source = node.child_by_field_name("source")
        names: list[tuple[str, str, Span]] = []
        type_only = any(child.type == "type" for child in node.children)
        for child in node.named_children:
            if child.type == "import_clause":
                for part in child.named_children:
                    names.extend(self.imported(part))
            elif child.type == "import_require_clause":
                identifier = next((c for c in child.named_children if c.type == "identifier"), None)
                source = child.child_by_field_name("source")
                if identifier is not None:
                    names.append(("*", self.text(identifier), span_of(identifier)))
        if source is None:
            return []
        return [x.Import(span_of(node), self.string(source), names, type_only)]

    def imported(self, node: Node) -> list[tuple[str, str, Span]]:
        if node.type == "identifier":
            return [("default", self.text(node), span_of(node))]
        if node.type == "namespace_import":
            inner = node.named_children[0]
            return [("*", self.text(inner), span_of(inner))]
        found: list[tuple[str, str, Span]] = []
        for child in node.named_children:
            if child.type == "import_specifier" and not any(c.type == "type" for c in child.children):
                name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
                if name is not None:
                    local = alias or name
                    found.append((self.string(name), self.text(local), span_of(local)))
        return found

    def _export(self, node: Node) -> list[x.Statement]:
        source = node.child_by_field_name("source")
        declaration, value = node.child_by_field_name("declaration"), node.child_by_field_name("value")
        default = any(child.type == "default" for child in node.children)
        if declaration is not None:
            statements = self.statement(declaration)
            for statement in statements:
                if isinstance(statement, x.Class):
                    statement.decorators.extend(self.decorators(node))
            self.export_names(statements, default=default)
            return statements
        if value is not None or any(child.type == "=" for child in node.children):
            inner = value or self.meaningful(node)[0]
            lowered = self.expression(inner)
            if isinstance(lowered, x.Name):
                self.exports["default"] = lowered.id
                return []
            self.exports["default"] = "default"
            return [x.Assign(span_of(node), x.Name(span_of(node), "default"), lowered, declares=True)]
        names: list[tuple[str, str]] = []
        for child in node.named_children:
            if child.type == "export_clause":
                names.extend(self.specifiers(child))
            elif child.type == "namespace_export":
                names.append(("*", self.text(child.named_children[0])))
        if source is None:
            self.exports.update({exported: local for local, exported in names})
            return []
        star = not names
        return [x.Export(span_of(node), [("*", "*")] if star else names, self.string(source))]

    def specifiers(self, node: Node) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for child in node.named_children:
            name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
            if name is not None:
                found.append((self.string(name), self.string(alias or name)))
        return found

    def export_names(self, statements: list[x.Statement], *, default: bool) -> None:
        for statement in statements:
            match statement:
                case x.Function() | x.Class():
                    if default:
                        statement.name = statement.name or "default"
                        self.exports["default"] = statement.name
                    elif statement.name:
                        self.exports[statement.name] = statement.name
                case x.Assign(target=target):
                    for name in _pattern_names(target):
                        self.exports[name] = name
                case _:
                    pass

    # Expressions ----------------------------------------------------------------------------------------------------

    def _block_value(self, node: Node) -> x.Expression:
        body = x.Function(span_of(node), None, [], self.block(node.named_children))
        return x.Lambda(span_of(node), body)

    def _name(self, node: Node) -> x.Expression:
        name = self.text(node)
        return x.Constant(span_of(node), "null") if name == "undefined" else x.Name(span_of(node), name)

    def string(self, node: Node) -> str:
        if node.type != "string":
            return self.text(node)
        parts: list[str] = []
        for child in node.named_children:
            text = self.text(child)
            parts.append(_unescape(text) if child.type == "escape_sequence" else text)
        return "".join(parts)

    def _text(self, node: Node) -> x.Expression:
        return x.Text(span_of(node), self.string(node))

    def _template(self, node: Node) -> x.Expression:
        parts: list[x.Expression] = []
        for child in node.named_children:
            if child.type == "template_substitution":
                parts.append(self.inner(child))
            else:
                raw = self.text(child)
                parts.append(x.Text(span_of(child), _unescape(raw) if child.type == "escape_sequence" else raw))
        if all(isinstance(part, x.Text) for part in parts):
            return x.Text(span_of(node), "".join(part.text for part in parts if isinstance(part, x.Text)))
        return x.Template(span_of(node), parts)

    def _member(self, node: Node) -> x.Expression:
        target, name = node.child_by_field_name("object"), node.child_by_field_name("property")
        if target is None or name is None:
            return self.opaque(node)
        return x.Member(span_of(node), self.expression(target), self.text(name), span_of(name))

    def _subscript(self, node: Node) -> x.Expression:
        target, key = node.child_by_field_name("object"), node.child_by_field_name("index")
        if target is None or key is None:
            return self.opaque(node)
        return x.Index(span_of(node), self.expression(target), self.expression(key))

    def _call(self, node: Node) -> x.Expression:
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        arguments = node.child_by_field_name("arguments")
        if function is None:
            return self.opaque(node)
        new = node.type == "new_expression"
        if arguments is not None and arguments.type == "template_string":
            return x.Opaque(span_of(node), [self.expression(function), self._template(arguments)])
        return x.Call(span_of(node), self.expression(function), self.arguments(arguments), new)

    def arguments(self, node: Node | None) -> list[x.Argument]:
        found: list[x.Argument] = []
        for child in node.named_children if node is not None else ():
            if child.type == "spread_element":
                found.append(x.Argument(span_of(child), self.inner(child), None, spread=True))
            elif child.type not in _TYPES:
                found.append(x.Argument(span_of(child), self.expression(child)))
        return found

    def _unary(self, node: Node) -> x.Expression:
        operator, argument = node.child_by_field_name("operator"), node.child_by_field_name("argument")
        word = self.text(operator) if operator is not None else ""
        if argument is None:
            return self.opaque(node)
        if argument.type == "number" and word in {"-", "+"}:
            return x.Number(span_of(node), self.text(node))
        return x.Unary(span_of(node), "not" if word == "!" else word, self.expression(argument))

    def _ternary(self, node: Node) -> x.Expression:
        test = node.child_by_field_name("condition")
        yes, no = node.child_by_field_name("consequence"), node.child_by_field_name("alternative")
        if test is None or yes is None or no is None:
            return self.opaque(node)
        return x.Choice(span_of(node), self.expression(test), self.expression(yes), self.expression(no))

    def _assertion(self, node: Node) -> x.Expression:
        inner = self.inner(node)
        constant = node.type == "as_expression" and node.children[-1].type == "const"
        return inner if constant or node.type == "satisfies_expression" else x.Assertion(span_of(node), inner)

    def _array(self, node: Node) -> x.Expression:
        items: list[x.Expression] = []
        for child in self.meaningful(node):
            if child.type == "spread_element":
                items.append(x.Spread(span_of(child), self.inner(child)))
            else:
                items.append(self.expression(child))
        return x.Array(span_of(node), items)

    def key(self, node: Node) -> x.Expression:
        if node.type == "computed_property_name":
            return self.inner(node)
        if node.type in {"string", "number"}:
            return x.Text(span_of(node), self.string(node))
        return x.Text(span_of(node), self.text(node))

    def _object(self, node: Node) -> x.Expression:
        entries: list[x.Entry] = []
        for child in self.meaningful(node):
            if child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and value is not None:
                    entries.append(x.Entry(span_of(child), self.key(key), self.expression(value)))
            elif child.type == "shorthand_property_identifier":
                key_text = x.Text(span_of(child), self.text(child))
                entries.append(x.Entry(span_of(child), key_text, self._name(child)))
            elif child.type == "spread_element":
                entries.append(x.Entry(span_of(child), None, self.inner(child)))
            elif child.type == "method_definition":
                function = self.function(child)
                key_text = x.Text(span_of(child), function.name or "")
                entries.append(x.Entry(span_of(child), key_text, x.Lambda(span_of(child), function)))
        return x.Mapping(span_of(node), entries)

    def _assignment(self, node: Node) -> x.Expression:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if left is None or right is None:
            return self.opaque(node)
        word = self.text(operator) if operator is not None else "="
        target, value = self.pattern(left), self.expression(right)
        return x.Inline(span_of(node), x.Assign(span_of(node), target, value, _ASSIGNMENTS.get(word, word)))

    def _sequence(self, node: Node) -> x.Expression:
        return x.Opaque(span_of(node), [self.expression(child) for child in self.meaningful(node)])

    def pattern(self, node: Node) -> x.Pattern:
        if node.type == "object_pattern":
            return x.ObjectPattern(
                span_of(node), [e for child in self.meaningful(node) for e in self.pattern_entry(child)]
            )
        if node.type == "array_pattern":
            return self._array_pattern(node)
        if node.type in {"parenthesized_expression", "non_null_expression", "as_expression"} and node.named_children:
            return self.pattern(node.named_children[0])
        lowered = self.expression(node)
        if isinstance(lowered, x.Name | x.Member | x.Index):
            return lowered
        return x.ArrayPattern(span_of(node), [])

    def _array_pattern(self, node: Node) -> x.Pattern:
        """Lower `[a, , b]`; what is left out keeps its place."""
        items: list[x.Pattern | None] = []
        filled = False
        for child in node.children:
            if child.type == ",":
                items += [] if filled else [None]
                filled = False
            elif child.is_named and child.type != "comment":
                filled = True
                inner = child.child_by_field_name("left") if child.type == "assignment_pattern" else child
                if child.type == "rest_pattern":
                    inner = None
                items.append(self.pattern(inner) if inner is not None else None)
        return x.ArrayPattern(span_of(node), items)

    def pattern_entry(self, node: Node) -> list[x.PatternEntry]:
        span = span_of(node)
        if node.type == "shorthand_property_identifier_pattern":
            name = self.text(node)
            return [x.PatternEntry(span, x.Text(span, name), x.Name(span, name), None)]
        if node.type == "object_assignment_pattern":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is None or right is None:
                return []
            key = span_of(left)
            name = self.text(left)
            return [x.PatternEntry(key, x.Text(key, name), x.Name(key, name), self.expression(right))]
        if node.type == "pair_pattern":
            key_node, value = node.child_by_field_name("key"), node.child_by_field_name("value")
            if key_node is None or value is None:
                return []
            default = None
            if value.type == "assignment_pattern":
                default, inner = value.child_by_field_name("right"), value.child_by_field_name("left")
                value = inner or value
            lowered = self.expression(default) if default is not None else None
            return [x.PatternEntry(span_of(key_node), self.key(key_node), self.pattern(value), lowered)]
        if node.type == "rest_pattern" and node.named_children:
            return [x.PatternEntry(span, None, self.pattern(node.named_children[0]), None)]
        return []


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), text, flags=re.DOTALL)


def _pattern_names(pattern: x.Pattern) -> Iterable[str]:
    match pattern:
        case x.Name(id=name):
            yield name
        case x.ObjectPattern(entries=entries):
            for entry in entries:
                yield from _pattern_names(entry.target)
        case x.ArrayPattern(items=items):
            for item in items:
                if item is not None:
                    yield from _pattern_names(item)
        case _:
            pass


def _special(name: str) -> Callable[[_Lowering, Node], x.Expression]:
    return lambda _, node: x.Name(span_of(node), name)


_STATEMENTS: dict[str, Callable[[_Lowering, Node], list[x.Statement]]] = {
    "expression_statement": _Lowering._expression_statement,
    "lexical_declaration": _Lowering._declaration,
    "variable_declaration": _Lowering._declaration,
    "function_declaration": _Lowering._function_statement,
    "generator_function_declaration": _Lowering._function_statement,
    "class_declaration": _Lowering._class_statement,
    "abstract_class_declaration": _Lowering._class_statement,
    "enum_declaration": _Lowering._enum,
    "internal_module": lambda lowering, node: lowering.body(node.child_by_field_name("body")),
    "return_statement": _Lowering._return,
    "throw_statement": _Lowering._throw,
    "if_statement": _Lowering._if,
    "for_in_statement": _Lowering._for_in,
    "for_statement": _Lowering._for,
    "while_statement": _Lowering._while,
    "do_statement": _Lowering._while,
    "statement_block": _Lowering._block,
    "try_statement": _Lowering._try,
    "switch_statement": _Lowering._switch,
    "labeled_statement": _Lowering._labeled,
    "import_statement": _Lowering._import,
    "export_statement": _Lowering._export,
    "ERROR": lambda lowering, node: lowering.block(node.named_children),
}

_EXPRESSIONS: dict[str, Callable[[_Lowering, Node], x.Expression]] = {
    "identifier": _Lowering._name,
    "shorthand_property_identifier": _Lowering._name,
    "property_identifier": _Lowering._name,
    "undefined": constant("null"),
    "null": constant("null"),
    "true": constant("true"),
    "false": constant("false"),
    "this": _special("this"),
    "super": _special("super"),
    "import": _special("import"),
    "meta_property": _special("import.meta"),
    "string": _Lowering._text,
    "template_string": _Lowering._template,
    "number": number,
    "regex": lambda _, node: x.Opaque(span_of(node), []),
    "member_expression": _Lowering._member,
    "subscript_expression": _Lowering._subscript,
    "call_expression": _Lowering._call,
    "new_expression": _Lowering._call,
    "binary_expression": _Lowering.binary,
    "unary_expression": _Lowering._unary,
    "ternary_expression": _Lowering._ternary,
    "parenthesized_expression": _Lowering.inner,
    "await_expression": _Lowering.inner,
    "non_null_expression": _Lowering._assertion,
    "as_expression": _Lowering._assertion,
    "satisfies_expression": _Lowering._assertion,
    **dict.fromkeys(_FUNCTIONS, lambda lowering, node: x.Lambda(span_of(node), lowering.function(node))),
    "statement_block": _Lowering._block_value,
    "array": _Lowering._array,
    "object": _Lowering._object,
    "assignment_expression": _Lowering._assignment,
    "augmented_assignment_expression": _Lowering._assignment,
    "sequence_expression": _Lowering._sequence,
    "class": lambda lowering, node: x.ClassValue(span_of(node), lowering.class_(node)),
}

_Lowering.silent = _TYPES
_Lowering.statements = _STATEMENTS
_Lowering.expressions = _EXPRESSIONS
_Lowering.operators = _OPERATORS
