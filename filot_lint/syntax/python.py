"""Python source to neutral syntax, by tree-sitter: independent of the Python that runs, tolerant of errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from filot_lint.source import SourceFile, Span
from filot_lint.syntax import expression as x
from filot_lint.syntax.grammar import errors, parse, span_of
from filot_lint.syntax.lowering import Lowering, constant, number

if TYPE_CHECKING:
    from tree_sitter import Node

_OPERATORS = {"or": "or", "and": "and", "==": "==", "!=": "!=", "is": "==", "is not": "!=", "in": "in"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "0": "\0", "\n": ""}


def lower(source: SourceFile) -> x.Module:
    """Lower a Python file; what is nested too deeply is left out and named in `truncated`."""
    lowering = _Lowering(source.data)
    root = parse("python", source.data)
    body = lowering.block(root.named_children)
    exports = {name: name for name in _bound_names(body)}
    return x.Module("python", body, exports, list(errors(root)), lowering.truncated, lowering.entered)


def _bound_names(body: list[x.Statement]) -> Iterable[str]:
    for statement in body:
        match statement:
            case x.Assign(target=x.Name(id=name)):
                yield name
            case x.Assign(target=x.ArrayPattern(items=items)):
                yield from (item.id for item in items if isinstance(item, x.Name))
            case x.Function(name=str(name)) | x.Class(name=str(name)):
                yield name
            case x.Import(names=names):
                yield from (local for _, local, _ in names if local != "*")
            case x.If(then=then, otherwise=otherwise):
                yield from _bound_names(then)
                yield from _bound_names(otherwise)
            case x.Block(body=inner):
                yield from _bound_names(inner)
            case _:
                pass


class _Lowering(Lowering):
    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.entered: list[tuple[x.Expression, Span]] = []

    # Statements -----------------------------------------------------------------------------------------------------

    def body(self, node: Node | None) -> list[x.Statement]:
        return [] if node is None else self.block(node.named_children)

    def _expression_statement(self, node: Node) -> list[x.Statement]:
        found: list[x.Statement] = []
        for child in node.named_children:
            if child.type in {"assignment", "augmented_assignment"}:
                found.extend(self._assignment(child))
            elif child.type != "comment":
                found.append(x.Evaluate(span_of(child), self.expression(child)))
        return found

    def _assignment(self, node: Node) -> list[x.Statement]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None:
            return []
        targets = [left]
        while right is not None and right.type == "assignment":
            inner = right.child_by_field_name("left")
            if inner is not None:
                targets.append(inner)
            right = right.child_by_field_name("right")
        annotation = node.child_by_field_name("type")
        operator = node.child_by_field_name("operator")
        value = self.expression(right) if right is not None else None
        return [
            x.Assign(
                span_of(node),
                self.pattern(target),
                value,
                self.text(operator) if operator is not None else "=",
                declares=True,
                annotation=self.expression(annotation) if annotation is not None else None,
            )
            for target in targets
        ]

    def _function(self, node: Node, decorators: list[x.Expression] | None = None) -> x.Function:
        name = node.child_by_field_name("name")
        return x.Function(
            span_of(node),
            self.text(name) if name is not None else None,
            self.parameters(node.child_by_field_name("parameters")),
            self.body(node.child_by_field_name("body")),
            decorators or [],
        )

    def parameters(self, node: Node | None) -> list[x.Parameter]:
        found: list[x.Parameter] = []
        for child in node.named_children if node is not None else ():
            name, default, rest, keywords = child, None, False, False
            if child.type in {"default_parameter", "typed_default_parameter"}:
                named = child.child_by_field_name("name")
                default = child.child_by_field_name("value")
                if named is None:
                    continue
                name = named
            elif child.type == "typed_parameter":
                name = child.named_children[0]
            if name.type in {"list_splat_pattern", "dictionary_splat_pattern"}:
                rest, keywords = name.type == "list_splat_pattern", name.type == "dictionary_splat_pattern"
                name = name.named_children[0] if name.named_children else name
            if name.type in {"keyword_separator", "positional_separator", "comment"}:
                continue
            annotation, provider = self._annotation(child.child_by_field_name("type"))
            value = self.expression(default) if default is not None else provider
            found.append(x.Parameter(span_of(child), self.pattern(name), value, rest, annotation, keywords=keywords))
        return found

    def _annotation(self, node: Node | None) -> tuple[x.Expression | None, x.Expression | None]:
        """Return the name of a type, and the call that provides it: `Annotated[Redis, Depends(connect)]`."""
        inner = node.named_children[0] if node is not None and node.named_children else None
        if inner is None:
            return None, None
        if inner.type == "generic_type" and self.text(inner.named_children[0]) in {"Annotated", "Optional"}:
            parts = inner.named_children[-1].named_children
            calls = [part.named_children[0] for part in parts[1:] if part.named_children]
            provider = next((self.expression(call) for call in calls if call.type == "call"), None)
            return self._annotation(parts[0] if parts else None)[0], provider
        if inner.type == "binary_operator":
            inner = inner.child_by_field_name("left") or inner
        return (self.expression(inner), None) if inner.type in {"identifier", "attribute"} else (None, None)

    def _class(self, node: Node, decorators: list[x.Expression] | None = None) -> x.Class:
        name, bases = node.child_by_field_name("name"), node.child_by_field_name("superclasses")
        body = self.body(node.child_by_field_name("body"))
        for statement in body:
            if isinstance(statement, x.Function):
                statement.method = True
        return x.Class(
            span_of(node), self.text(name) if name is not None else None, self.arguments(bases), body, decorators or []
        )

    def _decorated(self, node: Node) -> list[x.Statement]:
        decorators = [
            self.expression(child.named_children[0])
            for child in node.named_children
            if child.type == "decorator" and child.named_children
        ]
        definition = node.child_by_field_name("definition")
        if definition is None:
            return []
        if definition.type == "class_definition":
            return [self._class(definition, decorators)]
        return [self._function(definition, decorators)]

    def _return(self, node: Node) -> list[x.Statement]:
        children = self.meaningful(node)
        return [x.Return(span_of(node), self.expression(children[0]) if children else None)]

    def _raise(self, node: Node) -> list[x.Statement]:
        parts = [self.expression(child) for child in self.meaningful(node)]
        value = parts[0] if len(parts) == 1 else x.Opaque(span_of(node), parts) if parts else None
        return [x.Raise(span_of(node), value)]

    def _delete(self, node: Node) -> list[x.Statement]:
        targets: list[x.Expression] = []
        for child in self.meaningful(node):
            nodes = child.named_children if child.type in {"expression_list", "tuple"} else [child]
            targets.extend(self.expression(target) for target in nodes)
        return [x.Delete(span_of(node), targets)]

    def _assert(self, node: Node) -> list[x.Statement]:
        children = self.meaningful(node)
        found: list[x.Statement] = [x.Assert(span_of(c), self.expression(c)) for c in children[:1]]
        return [*found, *(x.Evaluate(span_of(c), self.expression(c)) for c in children[1:])]

    def _outer(self, node: Node) -> list[x.Statement]:
        return [x.Outer(span_of(node), [self.text(child) for child in node.named_children])]

    def _if(self, node: Node) -> list[x.Statement]:
        alternatives = node.children_by_field_name("alternative")
        otherwise: list[x.Statement] = []
        for alternative in reversed(alternatives):
            if alternative.type == "else_clause":
                otherwise = self.body(alternative.child_by_field_name("body"))
            else:
                otherwise = [self._branch(alternative, otherwise)]
        return [self._branch(node, otherwise)]

    def _branch(self, node: Node, otherwise: list[x.Statement]) -> x.If:
        test = node.child_by_field_name("condition")
        return x.If(
            span_of(node),
            self.expression(test) if test is not None else x.Opaque(span_of(node), []),
            self.body(node.child_by_field_name("consequence")),
            otherwise,
        )

    def _for(self, node: Node) -> list[x.Statement]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        found: list[x.Statement] = [
            x.Loop(
                span_of(node),
                self.pattern(left) if left is not None else None,
                self.expression(right) if right is not None else None,
                self.body(node.child_by_field_name("body")),
            )
        ]
        alternative = node.child_by_field_name("alternative")
        if alternative is not None:
            found.extend(self.body(alternative.child_by_field_name("body")))
        return found

    def _while(self, node: Node) -> list[x.Statement]:
        test = node.child_by_field_name("condition")
        body = self.body(node.child_by_field_name("body"))
        return [x.Loop(span_of(node), None, self.expression(test) if test is not None else None, body)]

    def _nested(self, node: Node) -> list[x.Statement]:
        """Lower try, with and match: their parts run, in order, in the same scope."""
        inner: list[x.Statement] = []
        for child in node.named_children:
            if child.type == "with_clause":
                for item in child.named_children:
                    inner.extend(self._with_item(item))
                body = node.child_by_field_name("body")
                held = [s.value for s in inner if isinstance(s, x.Evaluate)] if body is not None else []
                self.entered.extend((value, span_of(body)) for value in held if body is not None)
            elif child.type in {"block", "finally_clause", "else_clause", "case_clause"}:
                inner.extend(self._nested(child) if child.type != "block" else self.body(child))
            elif child.type in {"except_clause", "except_group_clause"}:
                inner.append(x.Block(span_of(child), self._nested(child), "catch"))
            elif child.type not in _SILENT and not child.type.endswith("pattern"):
                inner.extend(self.statement(child))
        if node.type == "try_statement":
            return [x.Block(span_of(node), inner, "try")]
        return inner

    def _try(self, node: Node) -> list[x.Statement]:
        """Lower try; its body is a `caught` block when a handler takes a missing key and goes on."""
        statements = self._nested(node)
        body = node.child_by_field_name("body")
        handlers = [child for child in node.named_children if child.type == "except_clause"]
        if body is None or not any(self._takes_missing_keys(handler) for handler in handlers):
            return statements
        block = statements[0]
        if not isinstance(block, x.Block):
            return statements
        inside = [s for s in block.body if s.span.end <= body.end_byte]
        rest = [s for s in block.body if s.span.end > body.end_byte]
        return [x.Block(block.span, [x.Block(span_of(body), inside, "caught"), *rest], "try")]

    def _takes_missing_keys(self, handler: Node) -> bool:
        named = [child for child in handler.named_children if child.type != "block"]
        body = next((child for child in handler.named_children if child.type == "block"), None)
        words = set(re.findall(r"\w+", self.text(named[0]))) if named else {"Exception"}
        leaves = body is not None and any(child.type == "raise_statement" for child in body.named_children)
        return not leaves and bool(words & {"KeyError", "LookupError", "Exception", "BaseException"})

    def _with_item(self, node: Node) -> list[x.Statement]:
        value = node.child_by_field_name("value")
        if value is None:
            return []
        if value.type == "as_pattern":
            alias, first = value.child_by_field_name("alias"), value.named_children[0]
            if alias is not None and alias.named_children:
                target = self.pattern(alias.named_children[0])
                return [x.Assign(span_of(value), target, self.expression(first), declares=True)]
        return [x.Evaluate(span_of(value), self.expression(value))]

    def _import(self, node: Node) -> list[x.Statement]:
        found: list[x.Statement] = []
        for child in node.named_children:
            if child.type == "aliased_import":
                name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
                if name is not None and alias is not None:
                    names = [("*", self.text(alias), span_of(alias))]
                    found.append(x.Import(span_of(node), self.text(name), names))
            elif child.type == "dotted_name":
                module = self.text(child)
                top = module.split(".", 1)[0]
                found.append(x.Import(span_of(node), top, [("*", top, span_of(child))]))
                if top != module:
                    found.append(x.Import(span_of(node), module, []))
        return found

    def _import_from(self, node: Node) -> list[x.Statement]:
        module_node = node.child_by_field_name("module_name")
        module = self.text(module_node).replace(" ", "") if module_node is not None else ""
        names: list[tuple[str, str, Span]] = []
        for child in node.named_children:
            if child == module_node:
                continue
            if child.type == "wildcard_import":
                names.append(("*", "*", span_of(child)))
            elif child.type == "aliased_import":
                name, alias = child.child_by_field_name("name"), child.child_by_field_name("alias")
                if name is not None and alias is not None:
                    names.append((self.text(name), self.text(alias), span_of(alias)))
            elif child.type == "dotted_name":
                names.append((self.text(child), self.text(child), span_of(child)))
        return [x.Import(span_of(node), module, names)]

    # Expressions ----------------------------------------------------------------------------------------------------

    def _name(self, node: Node) -> x.Expression:
        return x.Name(span_of(node), self.text(node))

    def _string(self, node: Node) -> x.Expression:
        parts: list[x.Expression] = []
        prefix = self.text(node.children[0]).lower() if node.children else ""
        for child in node.children:
            if child.type == "string_content":
                raw = self.text(child)
                parts.append(x.Text(span_of(child), raw if "r" in prefix else _unescape(raw)))
            elif child.type == "interpolation":
                value = child.child_by_field_name("expression")
                inner = [value] if value is not None else child.named_children[:1]
                parts.extend(self.expression(part) for part in inner)
        if all(isinstance(part, x.Text) for part in parts):
            return x.Text(span_of(node), "".join(part.text for part in parts if isinstance(part, x.Text)))
        return x.Template(span_of(node), parts)

    def _concatenated(self, node: Node) -> x.Expression:
        parts = [self.expression(child) for child in self.meaningful(node)]
        if all(isinstance(part, x.Text) for part in parts):
            return x.Text(span_of(node), "".join(part.text for part in parts if isinstance(part, x.Text)))
        return x.Template(span_of(node), parts)

    def _attribute(self, node: Node) -> x.Expression:
        target, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
        if target is None or name is None:
            return self.opaque(node)
        return x.Member(span_of(node), self.expression(target), self.text(name), span_of(name))

    def _subscript(self, node: Node) -> x.Expression:
        value, keys = node.child_by_field_name("value"), node.children_by_field_name("subscript")
        if value is None or len(keys) != 1:
            return self.opaque(node)
        return x.Index(span_of(node), self.expression(value), self.expression(keys[0]))

    def _call(self, node: Node) -> x.Expression:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None:
            return self.opaque(node)
        if arguments is not None and arguments.type == "generator_expression":
            only = [x.Argument(span_of(arguments), self.expression(arguments))]
            return x.Call(span_of(node), self.expression(function), only)
        return x.Call(span_of(node), self.expression(function), self.arguments(arguments))

    def arguments(self, node: Node | None) -> list[x.Argument]:
        found: list[x.Argument] = []
        for child in node.named_children if node is not None else ():
            if child.type == "keyword_argument":
                name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                if name is not None and value is not None:
                    found.append(x.Argument(span_of(child), self.expression(value), self.text(name)))
            elif child.type in {"list_splat", "dictionary_splat"}:
                found.append(x.Argument(span_of(child), self.inner(child), None, spread=True))
            elif child.type not in _SILENT:
                found.append(x.Argument(span_of(child), self.expression(child)))
        return found

    def _comparison(self, node: Node) -> x.Expression:
        operands = self.meaningful(node)
        if len(operands) != 2:  # noqa: PLR2004
            return self.opaque(node)
        between = self.data[operands[0].end_byte : operands[1].start_byte].decode("utf-8", "replace")
        word = " ".join(between.split()).strip("() ")
        operator = "not in" if word == "not in" else _OPERATORS.get(word, word)
        return x.Binary(span_of(node), operator, self.expression(operands[0]), self.expression(operands[1]))

    def _not(self, node: Node) -> x.Expression:
        return x.Unary(span_of(node), "not", self.inner(node))

    def _unary(self, node: Node) -> x.Expression:
        operator = node.child_by_field_name("operator")
        inner = node.child_by_field_name("argument")
        if inner is not None and inner.type in {"integer", "float"}:
            return x.Number(span_of(node), self.text(node))
        return x.Unary(span_of(node), self.text(operator) if operator is not None else "", self.inner(node))

    def _conditional(self, node: Node) -> x.Expression:
        parts = self.meaningful(node)
        if len(parts) != 3:  # noqa: PLR2004
            return self.opaque(node)
        yes, test, no = (self.expression(part) for part in parts)
        return x.Choice(span_of(node), test, yes, no)

    def _lambda(self, node: Node) -> x.Expression:
        body = node.child_by_field_name("body")
        statements: list[x.Statement] = [x.Return(span_of(body), self.expression(body))] if body is not None else []
        parameters = self.parameters(node.child_by_field_name("parameters"))
        return x.Lambda(span_of(node), x.Function(span_of(node), None, parameters, statements))

    def _array(self, node: Node) -> x.Expression:
        items: list[x.Expression] = []
        for child in self.meaningful(node):
            if child.type == "list_splat":
                items.append(x.Spread(span_of(child), self.inner(child)))
            else:
                items.append(self.expression(child))
        return x.Array(span_of(node), items)

    def _dictionary(self, node: Node) -> x.Expression:
        entries: list[x.Entry] = []
        for child in self.meaningful(node):
            if child.type == "pair":
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and value is not None:
                    entries.append(x.Entry(span_of(child), self.expression(key), self.expression(value)))
            else:
                entries.append(x.Entry(span_of(child), None, self.inner(child)))
        return x.Mapping(span_of(node), entries)

    def _comprehension(self, node: Node) -> x.Expression:
        body = node.child_by_field_name("body")
        clauses: list[x.Clause] = []
        for child in node.named_children:
            if child.type == "for_in_clause":
                left, right = child.child_by_field_name("left"), child.child_by_field_name("right")
                if left is not None and right is not None:
                    clauses.append(x.Clause(span_of(child), self.pattern(left), self.expression(right), []))
            elif child.type == "if_clause" and clauses:
                clauses[-1].tests.append(self.inner(child))
        if body is None or not clauses:
            return self.opaque(node)
        if body.type == "pair":
            key, value = body.child_by_field_name("key"), body.child_by_field_name("value")
            if key is None or value is None:
                return self.opaque(node)
            return x.Comprehension(span_of(node), self.expression(value), self.expression(key), clauses)
        return x.Comprehension(span_of(node), self.expression(body), None, clauses)

    def _walrus(self, node: Node) -> x.Expression:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or value is None:
            return self.opaque(node)
        target = self.pattern(name)
        return x.Inline(span_of(node), x.Assign(span_of(node), target, self.expression(value), declares=True))

    def _yield(self, node: Node) -> x.Expression:
        given = [self.expression(child) for child in self.meaningful(node)]
        whole = len(given) == 1 and not any(child.type == "from" for child in node.children)
        return x.Yield(span_of(node), given) if whole else x.Opaque(span_of(node), given)

    def pattern(self, node: Node) -> x.Pattern:
        if node.type in {"pattern_list", "tuple_pattern", "list_pattern", "tuple", "expression_list", "list"}:
            items: list[x.Pattern | None] = [self.pattern(child) for child in self.meaningful(node)]
            return x.ArrayPattern(span_of(node), items)
        lowered = self.expression(node)
        if isinstance(lowered, x.Name | x.Member | x.Index):
            return lowered
        return x.ArrayPattern(span_of(node), [])


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), text, flags=re.DOTALL)


_SILENT = frozenset({"comment", "line_continuation", "pass_statement", "break_statement", "continue_statement",
                     "type_alias_statement"})  # fmt: skip

_STATEMENTS: dict[str, Callable[[_Lowering, Node], list[x.Statement]]] = {
    "expression_statement": _Lowering._expression_statement,
    "function_definition": lambda lowering, node: [lowering._function(node)],
    "class_definition": lambda lowering, node: [lowering._class(node)],
    "decorated_definition": _Lowering._decorated,
    "return_statement": _Lowering._return,
    "raise_statement": _Lowering._raise,
    "delete_statement": _Lowering._delete,
    "assert_statement": _Lowering._assert,
    "global_statement": _Lowering._outer,
    "nonlocal_statement": _Lowering._outer,
    "if_statement": _Lowering._if,
    "for_statement": _Lowering._for,
    "while_statement": _Lowering._while,
    "try_statement": _Lowering._try,
    "with_statement": _Lowering._nested,
    "match_statement": _Lowering._nested,
    "block": lambda lowering, node: lowering.body(node),
    "import_statement": _Lowering._import,
    "import_from_statement": _Lowering._import_from,
    "future_import_statement": lambda _, __: [],
    "ERROR": lambda lowering, node: lowering.block(node.named_children),
}

_EXPRESSIONS: dict[str, Callable[[_Lowering, Node], x.Expression]] = {
    "identifier": _Lowering._name,
    "string": _Lowering._string,
    "concatenated_string": _Lowering._concatenated,
    "integer": number,
    "float": number,
    "true": constant("true"),
    "false": constant("false"),
    "none": constant("null"),
    "attribute": _Lowering._attribute,
    "subscript": _Lowering._subscript,
    "call": _Lowering._call,
    "boolean_operator": _Lowering.binary,
    "binary_operator": _Lowering.binary,
    "comparison_operator": _Lowering._comparison,
    "not_operator": _Lowering._not,
    "unary_operator": _Lowering._unary,
    "conditional_expression": _Lowering._conditional,
    "lambda": _Lowering._lambda,
    "list": _Lowering._array,
    "tuple": _Lowering._array,
    "set": _Lowering._array,
    "expression_list": _Lowering._array,
    "dictionary": _Lowering._dictionary,
    "list_comprehension": _Lowering._comprehension,
    "set_comprehension": _Lowering._comprehension,
    "dictionary_comprehension": _Lowering._comprehension,
    "generator_expression": _Lowering._comprehension,
    "named_expression": _Lowering._walrus,
    "parenthesized_expression": _Lowering.inner,
    "await": _Lowering.inner,
    "yield": _Lowering._yield,
    "type": _Lowering.inner,
    "list_splat": lambda lowering, node: x.Spread(span_of(node), lowering.inner(node)),
    "assignment": lambda lowering, node: x.Opaque(
        span_of(node), [x.Inline(s.span, s) for s in lowering._assignment(node) if isinstance(s, x.Assign)]
    ),
}

_Lowering.silent = _SILENT
_Lowering.statements = _STATEMENTS
_Lowering.expressions = _EXPRESSIONS
_Lowering.operators = _OPERATORS
