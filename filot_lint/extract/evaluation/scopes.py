"""Names and what they are bound to: one pass over a lowered file, before anything is evaluated."""

from __future__ import annotations

from filot_lint.extract.evaluation import mutations
from filot_lint.extract.evaluation.parts import children, is_overload, runs_over
from filot_lint.extract.evaluation.scope import Binding, Change, Part, Scope, Step
from filot_lint.source import Span
from filot_lint.syntax import expression as x

__all__ = ["Binding", "Scope", "Scopes", "Step", "children"]


class Scopes:
    """All scopes of a file; `of` finds the one a node opens."""

    def __init__(self, module: x.Module) -> None:
        """Bind every name of the file."""
        self.python = module.language == "python"
        self.body = module.body
        self.module = Scope("module", None)
        self.entered = module.entered
        self.functions: dict[str, x.Function] = {}
        self.imports: list[tuple[x.Import, Scope]] = []
        self._opened: dict[tuple[int, int], Scope] = {}
        self._later: list[tuple[str, Scope, Binding]] = []
        self._mutations: list[mutations.Mutation] = []
        self._around: list[Part] = []
        self.stars: list[str] = []
        self._bodies: dict[int, Span] = {}
        self._statements(module.body, self.module)
        for name, scope, binding in self._later:
            found = scope.lookup(name)
            if found is not None:
                found.append(binding)
            elif self.python:
                scope.bind(name, binding)
        for name, attribute, change in self._mutations:
            home = change.scope.class_scope() if attribute else change.scope.home(name)
            if home is not None and not self._of_class(home, name, change):
                home.changes.setdefault(name, []).append(change)

    def of(self, node: x.Node, part: int = 0) -> Scope:
        """Return the scope that a function, class, branch, loop or block opens."""
        return self._opened[id(node), part]

    def opens(self, node: x.Node, part: int, scope: Scope) -> Scope:
        """Return the scope of a part, or the surrounding one where the part opens none."""
        return self._opened.get((id(node), part), scope)

    def bindings_at(self, bindings: list[Binding], at: int | None) -> list[Binding]:
        """Return the bindings that count at a place: in the body of a loop that alone binds the name there, its own.

        Python's loops bind in the function around them, where another loop may use the same name.
        """
        if len(bindings) == 1 or at is None:
            return bindings
        bodies = [(body, b) for b in bindings if (body := self._bodies.get(id(b.expression))) and _holds(body, at)]
        if not bodies:
            return bindings
        body, own = min(bodies, key=lambda found: found[0].end - found[0].start)
        others = (b for b in bindings if b is not own)
        again = any(b.expression is None or _holds(body, b.expression.span.start) for b in others)
        return bindings if again else [own]

    @staticmethod
    def key(function: x.Function) -> str:
        """Return the key of a function: its name and where it starts."""
        return f"{function.name or '<lambda>'}@{function.span.start}"

    def _open(self, node: x.Node, part: int, kind: str, parent: Scope) -> Scope:
        if kind == "block" and self.python:
            return parent
        scope = Scope(kind, parent, parent.function if kind == "block" else None, around=tuple(self._around))
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
                if statement.name and not statement.method and not is_overload(statement):
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
                for part, body in enumerate((then, otherwise)):
                    self._around.append(Part.of(body))
                    self._statements(body, self._open(statement, part, "block", scope))
                    self._around.pop()
            case x.Loop(target=target, iterable=iterable, body=body, keys=keys):
                inner = self._open(statement, 0, "block", scope)
                if iterable is not None:
                    self._expression(iterable, scope)
                    if target is not None:
                        self._bodies[id(iterable)] = Part.of(body).span
                        self._pattern(target, inner, iterable, (), "keys" if keys else "element", scope)
                loop = iterable if target is not None else None
                self._around.append(Part(statement.span, loop, inner))
                self._statements(body, inner)
                self._around.pop()
            case x.Block(body=body):
                self._statements(body, self._open(statement, 0, "block", scope))
            case x.Delete(targets=targets):
                for expression in targets:
                    self._expression(expression, scope)
                    self._changed(mutations.of_delete(expression, scope))
            case x.Evaluate(value=value) | x.Assert(test=value):
                self._expression(value, scope)
            case x.Return(value=optional) | x.Raise(value=optional):
                if optional is not None:
                    self._expression(optional, scope)
            case x.Export():
                pass

    def _assign(self, statement: x.Assign, scope: Scope) -> None:
        for decorator in statement.decorators:
            self._expression(decorator, scope)
        if statement.value is not None:
            if isinstance(statement.value, x.Lambda) and isinstance(statement.target, x.Name):
                statement.value.function.name = statement.value.function.name or statement.target.id
            self._expression(statement.value, scope)
        elif not (statement.declares and isinstance(statement.target, x.Name)):
            return
        target = statement.target
        mutation = mutations.of_assignment(statement, scope, python=self.python)
        self._changed(mutation)
        if isinstance(target, x.Member | x.Index):
            self._expression(target, scope)
            self._attribute(target, statement.value, scope)
            return
        if mutation is not None:
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
        if isinstance(target, x.Member) and isinstance(target.object, x.Name) and target.object.id in mutations.SELVES:
            outer = scope.class_scope()
            if outer is not None:
                outer.bind(target.name, Binding("value", scope, value))

    def _of_class(self, home: Scope, name: str, change: Change) -> bool:
        """Bind `Class.name = value` in the class."""
        node = next((binding.node for binding in home.bindings.get(name, ()) if binding.kind == "class"), None)
        if node is None or change.path or not isinstance(change.value, x.Mapping):
            return False
        for entry in change.value.entries:
            if isinstance(entry.key, x.Text):
                self.of(node).bind(entry.key.text, Binding("value", change.scope, entry.value))
        return True

    def _changed(self, mutation: mutations.Mutation | None) -> None:
        if mutation is not None:
            mutation.change.around = tuple(self._around)
            self._mutations.append(mutation)

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
        part = Part(function.span)
        self._around.append(part)
        inner = self._open(function, 0, "function", scope)
        inner.function = key
        if elements is not None:
            self._around[-1] = part._replace(loop=elements[1], scope=inner)
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
        self._around.pop()

    def _parameter(
        self, target: x.Pattern, scope: Scope, key: str, index: int, path: tuple[Step, ...], parameter: x.Parameter,
        inner: x.Expression | None = None,
    ) -> None:  # fmt: skip
        match target:
            case x.Name(id=name):
                default = parameter.default if not path else inner
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
                        step = (*path, entry.key.text)
                        self._parameter(entry.target, scope, key, index, step, parameter, entry.default)
            case _:
                pass

    def _class(self, node: x.Class, scope: Scope) -> None:
        inner = self._open(node, 0, "class", scope)
        inner.owner = node
        for argument in [*node.bases, *(x.Argument(d.span, d) for d in node.decorators)]:
            self._expression(argument.value, scope)
        self._statements(node.body, inner)

    def _call(self, call: x.Call, scope: Scope) -> None:
        elements = runs_over(call)
        self._changed(mutations.of_call(call, scope))
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
                inner = Scope("block", scope, scope.function, around=tuple(self._around))
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


def _holds(span: Span, at: int) -> bool:
    return span.start <= at < span.end
