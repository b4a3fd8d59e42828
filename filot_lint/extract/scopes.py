"""Names and what they are bound to: one pass over a lowered file, before anything is evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from filot_lint.syntax import expression as x

Step = str | int


@dataclass(slots=True, eq=False)
class Binding:
    """One way a name gets its value.

    `kind`: `value` (expression, then the destructuring path), `element` (of an iterable), `keys` (of an object),
    `import`, `parameter`, `function`, `class` or `unknown`.
    """

    kind: str
    scope: Scope
    expression: x.Expression | None = None
    path: tuple[Step, ...] = ()
    default: x.Expression | None = None
    node: x.Function | x.Class | None = None
    module: str = ""
    exported: str = ""
    function: str = ""
    index: int = 0
    annotation: x.Expression | None = None


@dataclass(slots=True, eq=False)
class Scope:
    """A region in which names are bound."""

    kind: str
    parent: Scope | None
    function: str | None = None
    owner: x.Class | None = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    outer: set[str] = field(default_factory=set)

    def lookup(self, name: str) -> list[Binding] | None:
        """Return the bindings of a name, innermost scope first; class bodies do not reach into methods."""
        scope: Scope | None = self
        first = True
        while scope is not None:
            if (first or scope.kind != "class") and name in scope.bindings:
                return scope.bindings[name]
            first = False
            scope = scope.parent
        return None

    def bind(self, name: str, binding: Binding) -> None:
        """Add a binding here."""
        self.bindings.setdefault(name, []).append(binding)

    def enclosing_class(self) -> x.Class | None:
        """Return the class whose method we are in."""
        scope: Scope | None = self
        while scope is not None:
            if scope.owner is not None:
                return scope.owner
            scope = scope.parent
        return None


class Scopes:
    """All scopes of a file; `of` finds the one a node opens."""

    def __init__(self, module: x.Module) -> None:
        """Bind every name of the file."""
        self.python = module.language == "python"
        self.module = Scope("module", None)
        self.functions: dict[str, x.Function] = {}
        self.imports: list[tuple[x.Import, Scope]] = []
        self._opened: dict[tuple[int, int], Scope] = {}
        self._later: list[tuple[str, Scope, Binding]] = []
        self.stars: list[str] = []
        self._statements(module.body, self.module)
        for name, scope, binding in self._later:
            found = scope.lookup(name)
            if found is not None:
                found.append(binding)
            elif self.python:
                scope.bind(name, binding)

    def of(self, node: x.Node, part: int = 0) -> Scope:
        """Return the scope that a function, class, branch, loop or block opens."""
        return self._opened[id(node), part]

    def opens(self, node: x.Node, part: int, scope: Scope) -> Scope:
        """Return the scope of a part, or the surrounding one where the part opens none."""
        return self._opened.get((id(node), part), scope)

    @staticmethod
    def key(function: x.Function) -> str:
        """Return the key of a function: its name and where it starts."""
        return f"{function.name or '<lambda>'}@{function.span.start}"

    def _open(self, node: x.Node, part: int, kind: str, parent: Scope) -> Scope:
        if kind == "block" and self.python:
            return parent
        scope = Scope(kind, parent, parent.function if kind == "block" else None)
        self._opened[id(node), part] = scope
        return scope

    def _statements(self, statements: list[x.Statement], scope: Scope) -> None:
        for statement in statements:
            self._statement(statement, scope)

    def _statement(self, statement: x.Statement, scope: Scope) -> None:  # noqa: C901  # one arm per kind
        match statement:
            case x.Assign():
                self._assign(statement, scope)
            case x.Function():
                self._function(statement, scope)
                if statement.name and not statement.method and not _overload(statement):
                    scope.bind(statement.name, Binding("function", scope, node=statement))
            case x.Class():
                self._class(statement, scope)
                if statement.name:
                    scope.bind(statement.name, Binding("class", scope, node=statement))
            case x.Import(module=module, names=names):
                self.imports.append((statement, scope))
                for exported, local, _ in names:
                    if local == "*":
                        self.stars.append(module)
                    else:
                        scope.bind(local, Binding("import", scope, module=module, exported=exported))
            case x.Outer(names=outer):
                scope.outer.update(outer)
            case x.If(test=test, then=then, otherwise=otherwise):
                self._expression(test, scope)
                self._statements(then, self._open(statement, 0, "block", scope))
                self._statements(otherwise, self._open(statement, 1, "block", scope))
            case x.Loop(target=target, iterable=iterable, body=body, keys=keys):
                inner = self._open(statement, 0, "block", scope)
                if iterable is not None:
                    self._expression(iterable, scope)
                    if target is not None:
                        self._pattern(target, inner, iterable, (), "keys" if keys else "element", scope)
                self._statements(body, inner)
            case x.Block(body=body):
                self._statements(body, self._open(statement, 0, "block", scope))
            case x.Delete(targets=targets):
                for expression in targets:
                    self._expression(expression, scope)
            case x.Evaluate(value=value) | x.Assert(test=value):
                self._expression(value, scope)
            case x.Return(value=optional) | x.Raise(value=optional):
                if optional is not None:
                    self._expression(optional, scope)
            case x.Export():
                pass

    def _assign(self, statement: x.Assign, scope: Scope) -> None:
        if statement.value is not None:
            if isinstance(statement.value, x.Lambda) and isinstance(statement.target, x.Name):
                statement.value.function.name = statement.value.function.name or statement.target.id
            self._expression(statement.value, scope)
        elif not (statement.declares and isinstance(statement.target, x.Name)):
            return
        target = statement.target
        if isinstance(target, x.Member | x.Index):
            self._expression(target, scope)
            self._attribute(target, statement.value, scope)
            return
        kind = "value" if statement.operator in {"=", "or=", "coalesce="} else "unknown"
        if isinstance(target, x.Name):
            binding = Binding(kind, scope, statement.value)
            if (statement.declares and statement.operator == "=") and target.id not in scope.outer:
                if statement.value is None and target.id in scope.bindings:
                    return
                scope.bind(target.id, binding)
            else:
                self._later.append((target.id, scope.parent or scope if target.id in scope.outer else scope, binding))
            return
        self._pattern(target, scope, statement.value, (), kind, scope)

    @staticmethod
    def _attribute(target: x.Member | x.Index, value: x.Expression | None, scope: Scope) -> None:
        """Bind `this.name = value` in the class whose method we are in."""
        if isinstance(target, x.Member) and isinstance(target.object, x.Name) and target.object.id in {"this", "self"}:
            outer: Scope | None = scope
            while outer is not None and outer.owner is None:
                outer = outer.parent
            if outer is not None:
                outer.bind(target.name, Binding("value", scope, value))

    def _pattern(
        self,
        pattern: x.Pattern,
        scope: Scope,
        value: x.Expression | None,
        path: tuple[Step, ...],
        kind: str,
        home: Scope,
        default: x.Expression | None = None,
    ) -> None:
        match pattern:
            case x.Name(id=name):
                scope.bind(name, Binding(kind, home, value, path, default))
            case x.ObjectPattern(entries=entries):
                for entry in entries:
                    if entry.default is not None:
                        self._expression(entry.default, scope)
                    if entry.key is None:
                        self._pattern(entry.target, scope, value, path, kind, home)
                    elif isinstance(entry.key, x.Text):
                        step = (*path, entry.key.text)
                        self._pattern(entry.target, scope, value, step, kind, home, entry.default)
            case x.ArrayPattern(items=items):
                for index, item in enumerate(items):
                    if item is not None:
                        self._pattern(item, scope, value, (*path, index), kind, home)
            case _:
                pass

    def _function(self, function: x.Function, scope: Scope, elements: tuple[int, x.Expression] | None = None) -> None:
        """Bind what a function binds; `elements` says which parameter runs over what."""
        key = self.key(function)
        self.functions[key] = function
        inner = self._open(function, 0, "function", scope)
        inner.function = key
        for decorator in function.decorators:
            self._expression(decorator, scope)
        for index, parameter in enumerate(function.parameters):
            if parameter.default is not None:
                self._expression(parameter.default, scope)
            if elements is not None and elements[0] == index:
                self._pattern(parameter.target, inner, elements[1], (), "element", scope)
            else:
                self._parameter(parameter.target, inner, key, index, (), parameter)
        self._statements(function.body, inner)

    def _parameter(
        self, target: x.Pattern, scope: Scope, key: str, index: int, path: tuple[Step, ...], parameter: x.Parameter
    ) -> None:
        match target:
            case x.Name(id=name):
                default = parameter.default if not path else None
                binding = Binding("parameter", scope, default, path, function=key, index=index)
                binding.annotation = parameter.annotation if not path else None
                scope.bind(name, binding)
                if parameter.attribute and scope.parent is not None and scope.parent.owner is not None:
                    scope.parent.bind(name, binding)
            case x.ObjectPattern(entries=entries):
                for entry in entries:
                    if entry.default is not None:
                        self._expression(entry.default, scope)
                    if isinstance(entry.key, x.Text):
                        self._parameter(entry.target, scope, key, index, (*path, entry.key.text), parameter)
            case _:
                pass

    def _class(self, node: x.Class, scope: Scope) -> None:
        inner = self._open(node, 0, "class", scope)
        inner.owner = node
        for argument in [*node.bases, *(x.Argument(d.span, d) for d in node.decorators)]:
            self._expression(argument.value, scope)
        self._statements(node.body, inner)

    def _call(self, call: x.Call, scope: Scope) -> None:
        elements = _elements(call)
        for child in children(call):
            if elements is not None and isinstance(child, x.Lambda) and child is call.arguments[0].value:
                self._function(child.function, scope, elements)
            else:
                self._expression(child, scope)

    def _expression(self, expression: x.Expression, scope: Scope) -> None:
        match expression:
            case x.Lambda(function=function):
                self._function(function, scope)
            case x.ClassValue(body=body):
                self._class(body, scope)
            case x.Call():
                self._call(expression, scope)
            case x.Inline(statement=statement):
                self._assign(statement, scope)
            case x.Comprehension(element=element, key=key, clauses=clauses):
                inner = Scope("block", scope, scope.function)
                self._opened[id(expression), 0] = inner
                for clause in clauses:
                    self._expression(clause.iterable, inner)
                    self._pattern(clause.target, inner, clause.iterable, (), "element", inner)
                    for test in clause.tests:
                        self._expression(test, inner)
                self._expression(element, inner)
                if key is not None:
                    self._expression(key, inner)
            case _:
                for child in children(expression):
                    self._expression(child, scope)


def _overload(function: x.Function) -> bool:
    """Return whether a function only declares another signature of the one after it."""
    last = [d.name if isinstance(d, x.Member) else d.id if isinstance(d, x.Name) else "" for d in function.decorators]
    return "overload" in last


_CALLBACKS = {"forEach": 0, "map": 0, "filter": 0, "flatMap": 0, "some": 0, "every": 0, "find": 0, "findIndex": 0,
              "findLast": 0, "reduce": 1, "reduceRight": 1}  # fmt: skip


def _elements(call: x.Call) -> tuple[int, x.Expression] | None:
    """Return which parameter of the first argument runs over what: `names.map(f)`, `map(f, names)`."""
    if isinstance(call.callee, x.Member) and call.callee.name in _CALLBACKS:
        return _CALLBACKS[call.callee.name], call.callee.object
    if isinstance(call.callee, x.Name) and call.callee.id in {"map", "filter"} and len(call.arguments) == 2:  # noqa: PLR2004
        return 0, call.arguments[1].value
    return None


def children(expression: x.Expression) -> Iterator[x.Expression]:
    """Yield the direct parts of an expression that opens no scope."""
    match expression:
        case x.Template(parts=parts) | x.Opaque(children=parts) | x.Array(items=parts):
            yield from parts
        case x.Member(object=inner) | x.Spread(value=inner) | x.Assertion(value=inner) | x.Unary(operand=inner):
            yield inner
        case x.Index(object=inner, key=key):
            yield inner
            yield key
        case x.Call(callee=callee, arguments=arguments):
            yield callee
            for argument in arguments:
                yield argument.value
        case x.Mapping(entries=entries):
            for entry in entries:
                if entry.key is not None:
                    yield entry.key
                yield entry.value
        case x.Binary(left=left, right=right):
            yield left
            yield right
        case x.Choice(test=test, yes=yes, no=no):
            yield test
            yield yes
            yield no
        case _:
            pass
