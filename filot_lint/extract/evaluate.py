"""Expressions to values: constant folding, aliases, destructuring, look-ups and calls inside one file.

What needs another file stays a `Ref`, what needs a caller a `Parameter`; both are resolved later.
"""

from __future__ import annotations

from typing import Protocol

from filot_lint.extract.scopes import Binding, Scope, Scopes, Step
from filot_lint.models import Models, ReadModel, Selector
from filot_lint.source import SourceFile
from filot_lint.syntax import expression as x
from filot_lint.values import (
    MAX_LITERAL,
    NULL,
    UNKNOWN,
    Callable,
    Coalesce,
    Env,
    Environment,
    Instance,
    Join,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Unknown,
    Value,
    bounded,
    called_with,
    coalesce,
    join,
    member,
    options,
    substitute,
    variable,
    with_default,
)

MAX_EACH = 256
_DEPTH = 60
_STEPS = 2_000
"""What one question may cost; mutually recursive functions would otherwise be followed along every path."""

CASTS = frozenset({"Number", "parseInt", "parseFloat", "String", "Boolean", "BigInt", "Number.parseInt",
                   "Number.parseFloat", "int", "float", "str", "bool", "Decimal", "Path", "pathlib.Path", "URL",
                   "decimal.Decimal", "list", "tuple", "set", "frozenset", "sorted", "Set", "Array.from",
                   "Object.freeze", "freeze", "structuredClone", "Proxy", "os.path.expanduser", "os.path.abspath",
                   "encodeURIComponent", "path.resolve"})  # fmt: skip
"""Calls that hand on (the text of) their first argument."""

TEXT_METHODS = frozenset({"trim", "toLowerCase", "toUpperCase", "toString", "trimEnd", "trimStart", "strip", "rstrip",
                          "lstrip", "lower", "upper", "encode", "casefold", "valueOf", "as_posix", "expanduser",
                          "removesuffix", "removeprefix", "replace", "replaceAll", "split", "title", "concat",
                          "asString", "required", "get_secret_value", "unicode_string"})  # fmt: skip
_BYTES = frozenset({"Buffer.from", "bytes", "bytearray", "crypto#createSecretKey", "node:crypto#createSecretKey"})
_COPIES = frozenset({"dict", "Object.assign", "copy.copy", "copy.deepcopy", "MappingProxyType"})
_CASES = {"toUpperCase": "upper()", "upper": "upper()", "toLowerCase": "lower()", "lower": "lower()"}
_NUMBERS = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__}


class SettingsReader(Protocol):
    """Who knows the classes and schemas whose fields are variables."""

    def of_fields(self, node: x.Class) -> dict[str, Value]:
        """Return the fields of a settings class, none for other classes."""

    def of_parsed(self, call: x.Call, callee: Value, scope: Scope) -> Value | None:
        """Return what a schema makes of the environment, None for other calls."""


class Evaluator:
    """Answers what an expression can be, for one file."""

    def __init__(self, source: SourceFile, scopes: Scopes, models: Models) -> None:
        """Nothing is evaluated yet."""
        self.source = source
        self.scopes = scopes
        self.models = models
        self.python = scopes.python
        self.settings: SettingsReader | None = None
        self._memo: dict[tuple[int, int], Value] = {}
        self._returns: dict[str, Value] = {}
        self._busy: set[tuple[int, int] | str] = set()
        self._depth = 0
        self._steps = 0
        self._classes: dict[int, Value] = {}
        self._cuts = 0

    # Names ----------------------------------------------------------------------------------------------------------

    def qualified(self, value: Value | None) -> str | None:
        """Return the name models use: `os.environ` in Python; `process.env` or `ioredis#default` in TypeScript."""
        if not isinstance(value, Ref) or "()" in value.path:
            return None
        path = ".".join(value.path)
        if self.python or not value.module:
            return f"{value.module}.{path}".strip(".")
        return f"{value.module}#{path}"

    def _ref(self, module: str, path: tuple[str, ...]) -> Value:
        value = Ref(module, path)
        name = self.qualified(value)
        via = self.models.environments.get(name or "")
        return value if via is None else Environment(via)

    # Expressions ----------------------------------------------------------------------------------------------------

    def evaluate(self, expression: x.Expression | None, scope: Scope) -> Value:
        """Return what an expression can be; `Unknown` for loops and beyond the depth limit."""
        if expression is None:
            return UNKNOWN
        key = (id(expression), id(scope))
        known = self._memo.get(key)
        if known is not None:
            return known
        if not self._depth:
            self._steps = 0
        self._steps += 1
        if self._depth > _DEPTH or self._steps > _STEPS:
            return UNKNOWN
        if key in self._busy:
            self._cuts += 1
            return UNKNOWN
        cuts = self._cuts
        self._busy.add(key)
        self._depth += 1
        try:
            value = self._evaluate(expression, scope)
        finally:
            self._busy.discard(key)
            self._depth -= 1
        if cuts == self._cuts or not self._depth:
            self._memo[key] = value
        return value

    def _evaluate(self, expression: x.Expression, scope: Scope) -> Value:  # noqa: PLR0911  # one arm per kind
        match expression:
            case x.Text(text=text, span=span):
                return Literal(text, "string", self.source.locate(span))
            case x.Number(text=text):
                return Literal(text.replace("_", ""), "number")
            case x.Constant(kind=kind):
                return NULL if kind == "null" else Literal(kind, "boolean")
            case x.Template(parts=parts):
                return join([self.evaluate(part, scope) for part in parts])
            case x.Name(id=name):
                return self.named(name, scope)
            case x.Member(object=x.Name(id="this" | "self" | "cls"), name=name) if scope.enclosing_class() is not None:
                return self._attribute(scope, name)
            case x.Member(object=target, name=name):
                return self.member(self.evaluate(target, scope), name)
            case x.Index(object=target, key=key):
                return self._index(self.evaluate(target, scope), self.evaluate(key, scope))
            case x.Assertion(value=inner) | x.Spread(value=inner):
                return self.evaluate(inner, scope)
            case x.Binary():
                return self._binary(expression, scope)
            case x.Choice(yes=yes, no=no):
                return self._choice(expression.test, self.evaluate(yes, scope), self.evaluate(no, scope))
            case x.Array(items=items):
                return self._array(items, scope)
            case x.Mapping(entries=entries):
                return self._mapping(entries, scope)
            case x.Lambda(function=function):
                return Callable(self.scopes.key(function))
            case x.ClassValue(body=body):
                return self.class_record(body)
            case x.Inline(statement=statement):
                return self.evaluate(statement.value, scope)
            case x.Comprehension(element=element):
                return Sequence((self.evaluate(element, self.scopes.of(expression)),), open=True)
            case x.Call():
                return self._call(expression, scope)
            case _:
                return UNKNOWN

    def named(self, name: str, scope: Scope) -> Value:
        """Return what a name stands for in a scope."""
        bindings = scope.lookup(name)
        if bindings is None:
            return self._starred(name) or self._ref("", (name,))
        if len(bindings) == 1:
            return self.binding(bindings[0])
        values = [self.binding(binding) for binding in bindings]
        found = [value for value in values if not (isinstance(value, Literal) and value.is_empty)]
        return _environment(coalesce(found or values))

    def _starred(self, name: str) -> Value | None:
        """Return what a star import may have brought: a modelled name, or anything when there is but one."""
        stars = self.scopes.stars
        for module in stars:
            found = self._ref(module, (name,))
            if isinstance(found, Environment) or (self.qualified(found) or "") in self.models.readers:
                return found
        return Ref(stars[0], (name,)) if len(stars) == 1 and name not in CASTS else None

    def binding(self, binding: Binding) -> Value:
        """Return what one binding gives its name."""
        match binding.kind:
            case "value":
                value = self.evaluate(binding.expression, binding.scope)
                return self._follow(value, binding)
            case "element" | "keys":
                value = self.evaluate(binding.expression, binding.scope)
                return self._follow(self.each(value, keys=binding.kind == "keys"), binding)
            case "import":
                path = () if binding.exported == "*" else (binding.exported,)
                return self._ref(binding.module, path)
            case "parameter":
                return self._parameter(binding)
            case "function" if isinstance(binding.node, x.Function):
                return Callable(self.scopes.key(binding.node))
            case "class" if isinstance(binding.node, x.Class):
                return self.class_record(binding.node)
            case _:
                return UNKNOWN

    def _parameter(self, binding: Binding) -> Value:
        default = self.evaluate(binding.expression, binding.scope) if binding.expression is not None else None
        if isinstance(default, Environment):
            return default
        typed = self._typed(binding)
        if typed is not None:
            return typed
        path = tuple(str(step) for step in binding.path)
        return Parameter(binding.function, binding.index, path)

    def _typed(self, binding: Binding) -> Value | None:
        """Return the modelled object that a parameter is by its type: what frameworks inject."""
        return None if binding.annotation is None else self._of_type(binding.annotation, binding.scope)

    def _of_type(self, type_: x.Expression, scope: Scope) -> Value | None:
        """Return the modelled object that a container gives for a type."""
        name = self.qualified(self.evaluate(type_, scope)) or ""
        maker = self.models.environment_makers.get(name)
        if maker is not None:
            return Environment(maker.via)
        made = self.models.makes.get(name)
        return Instance(made) if made is not None else None

    def _follow(self, value: Value, binding: Binding) -> Value:
        for step in binding.path:
            value = self._step(value, step)
        if binding.default is not None and binding.path:
            return with_default(value, self.evaluate(binding.default, binding.scope))
        return value

    def _step(self, value: Value, step: Step) -> Value:
        if isinstance(step, str):
            return self.member(value, step)
        return coalesce([_item(option, step) for option in options(value)])

    def each(self, value: Value, *, keys: bool = False) -> Value:
        """Return an element of an iterable: the alternatives are all its elements."""
        found: list[Value] = []
        for option in options(value):
            if isinstance(option, Sequence):
                found.extend(option.items[:MAX_EACH])
            elif isinstance(option, Record) and (keys or self.python):
                found.extend(_keys(option).items[:MAX_EACH])
            elif isinstance(option, Parameter) or (isinstance(option, Ref) and option.module):
                found.append(member(option, "*"))
            else:
                found.append(UNKNOWN)
        return coalesce(found)

    def _binary(self, expression: x.Binary, scope: Scope) -> Value:
        left, right = self.evaluate(expression.left, scope), self.evaluate(expression.right, scope)
        match expression.operator:
            case "or" | "coalesce":
                return _environment(with_default(left, right))
            case "and":
                return right
            case "+" if _text(left) or _text(right):
                return join([left, right])
            case "+" if isinstance(left, Sequence) and isinstance(right, Sequence):
                return Sequence((*left.items, *right.items), left.open or right.open)
            case "%" if isinstance(left, Literal) and left.text.count("%s") == 1:
                before, after = left.text.split("%s")
                return join([Literal(before, "string", left.at), right, Literal(after)])
            case "|" if isinstance(left, Record) and isinstance(right, Record):
                return Record((*left.entries, *right.entries), open=left.open or right.open)
            case operator:
                return _arithmetic(operator, left, right)

    def _choice(self, test: x.Expression, yes: Value, no: Value) -> Value:
        if isinstance(test, x.Unary) and test.operator == "not":
            yes, no = no, yes
        if isinstance(yes, Env) and yes.default is None:
            return with_default(yes, no)
        return _environment(coalesce([yes, no]))

    def _array(self, items: list[x.Expression], scope: Scope) -> Value:
        found: list[Value] = []
        opened = False
        for item in items:
            value = self.evaluate(item, scope)
            if isinstance(item, x.Spread):
                if isinstance(value, Sequence):
                    found.extend(value.items)
                    opened = opened or value.open
                else:
                    opened = True
            else:
                found.append(value)
        return bounded(Sequence(tuple(found), opened), MAX_LITERAL)

    def _mapping(self, entries: list[x.Entry], scope: Scope) -> Value:
        found: list[tuple[str, Value]] = []
        keys_at: list[tuple[str, x.Expression]] = []
        opened = False
        for entry in entries:
            value = self.evaluate(entry.value, scope)
            if entry.key is None:
                if isinstance(value, Environment):
                    return _copied(value)
                if isinstance(value, Record):
                    found.extend(value.entries)
                opened = opened or not isinstance(value, Record) or value.open
                continue
            key = self.evaluate(entry.key, scope)
            if isinstance(key, Literal):
                found.append((key.text, value))
                keys_at.append((key.text, entry.key))
            else:
                opened = True
        places = tuple((key, self.source.locate(expression.span)) for key, expression in keys_at)
        return bounded(Record(tuple(found), opened, places), MAX_LITERAL)

    def class_record(self, node: x.Class) -> Value:
        """Return a class as a record of its constants, attributes and methods; computed once."""
        known = self._classes.get(id(node))
        if known is not None:
            return known
        self._classes[id(node)] = UNKNOWN
        scope = self.scopes.of(node)
        found = [(name, self._bound(bindings)) for name, bindings in scope.bindings.items()]
        found.extend((name, self._method_value(method)) for name, method in _methods(node))
        if self.settings is not None:
            found.extend(self.settings.of_fields(node).items())
        self._classes[id(node)] = bounded(Record(tuple(found), open=True), MAX_LITERAL)
        return self._classes[id(node)]

    def _bound(self, bindings: list[Binding]) -> Value:
        values = [self.binding(binding) for binding in bindings]
        kept = [value for value in values if not (isinstance(value, Literal) and value.is_empty)]
        return _environment(coalesce(kept or values))

    def _method_value(self, method: x.Function) -> Value:
        static = any(isinstance(d, x.Name) and d.id == "staticmethod" for d in method.decorators)
        return Callable(self.scopes.key(method), bound=self.python and not static)

    def _attribute(self, scope: Scope, name: str) -> Value:
        """Return `self.name` inside a class."""
        owner = scope.enclosing_class()
        if owner is None:
            return UNKNOWN
        bindings = self.scopes.of(owner).bindings.get(name)
        if bindings is not None:
            return self._bound(bindings)
        method = next((method for known, method in _methods(owner) if known == name), None)
        return UNKNOWN if method is None else self._method_value(method)

    # Members --------------------------------------------------------------------------------------------------------

    def member(self, value: Value, name: str) -> Value:
        """Return `value.name`; a member of a module may be the environment."""
        if isinstance(value, Ref):
            found = self._ref(value.module, (*value.path, name))
            return Ref(value.module, (*value.path, name), value.arguments) if isinstance(found, Ref) else found
        if isinstance(value, Coalesce):
            return coalesce([self.member(part, name) for part in value.options])
        if isinstance(value, Instance):
            made = self.models.makes.get(f"{value.type}.{name}")
            return UNKNOWN if made is None else Instance(made)
        if isinstance(value, Environment) and self.python:
            return Ref("os", ("environ", name)) if value.via == "os.environ" and not value.prefix else UNKNOWN
        return member(value, name)

    def _index(self, value: Value, key: Value) -> Value:
        if isinstance(value, Environment):
            return variable(key, value.prefix)
        if isinstance(key, Literal) and key.type == "string":
            return self.member(value, key.text)
        if isinstance(key, Literal) and key.text.isdigit():
            return _item(value, int(key.text))
        if isinstance(value, Record):
            return coalesce([entry for _, entry in value.entries[:MAX_EACH]])
        if isinstance(value, Sequence):
            return coalesce(list(value.items[:MAX_EACH]))
        return UNKNOWN

    # Calls ----------------------------------------------------------------------------------------------------------

    def argument(self, call: x.Call, selector: Selector, scope: Scope) -> Value | None:
        """Return the value a selector picks from a call, None when no alternative matches."""
        found = self.argument_expression(call, selector, scope)
        return found[1] if found is not None else None

    def argument_expression(
        self, call: x.Call, selector: Selector, scope: Scope
    ) -> tuple[x.Expression | None, Value] | None:
        """Return what a selector picks, with the expression when it is an argument itself.

        A setting of something imported may turn out not to exist; then the later alternatives count.
        """
        uncertain: list[Value] = []
        for path in selector:
            expression = _pick(call, path[0])
            value = self.evaluate(expression, scope) if expression is not None else self._spread(call, path[0], scope)
            if value is None:
                continue
            if len(path) == 1 and isinstance(value, Record) and any(p[0] == path[0] and p[1:] for p in selector):
                continue
            for step in path[1:]:
                expression, value = None, self._setting(value, step)
            if value == UNKNOWN:
                continue
            if len(path) > 1 and isinstance(value, Ref):
                uncertain.append(value)
                continue
            return (expression, value) if not uncertain else (None, coalesce([*uncertain, value]))
        return (None, coalesce(uncertain)) if uncertain else None

    def _setting(self, value: Value, step: str) -> Value:
        """Return one setting of an options object, unknown when it is not given."""
        if isinstance(value, Record):
            return value.get(step) or UNKNOWN
        if isinstance(value, Coalesce | Ref | Parameter | Sequence):
            return self.member(value, step)
        return UNKNOWN

    def _spread(self, call: x.Call, name: str, scope: Scope) -> Value | None:
        for argument in call.arguments:
            if argument.spread:
                value = self.evaluate(argument.value, scope)
                if isinstance(value, Record):
                    found = value.get(name)
                    if found is not None:
                        return found
        return None

    def _built_in(self, name: str, call: x.Call, scope: Scope) -> Value | None:
        """Return what a function that only rearranges gives."""
        values = [self.evaluate(argument.value, scope) for argument in call.arguments[:3] if not argument.spread]
        if name == "enumerate" and values and isinstance(values[0], Sequence):
            return Sequence(tuple(Sequence((UNKNOWN, item)) for item in values[0].items), values[0].open)
        if name == "zip" and values and all(isinstance(value, Sequence) for value in values):
            columns = [value.items for value in values if isinstance(value, Sequence)]
            return Sequence(tuple(Sequence(row) for row in zip(*columns, strict=False)))
        if name == "Object.fromEntries" and call.arguments:
            return self._entries_of(call.arguments[0].value, scope)
        if name == "Proxy" and values and isinstance(values[0], Environment):
            return values[0]
        return None

    def _entries_of(self, expression: x.Expression, scope: Scope) -> Value | None:
        """Return the environment whose entries an expression filters, step by step."""
        while isinstance(expression, x.Call) and isinstance(expression.callee, x.Member):
            if expression.callee.name == "entries" and expression.arguments:
                value = self.evaluate(expression.arguments[0].value, scope)
                kept = value if isinstance(value, Parameter) else None
                return _copied(value) if isinstance(value, Environment) else kept
            if expression.callee.name not in {"filter", "map", "sort"}:
                return None
            expression = expression.callee.object
        return None

    def _call(self, call: x.Call, scope: Scope) -> Value:  # noqa: PLR0911  # one arm per meaning
        callee = call.callee
        if isinstance(callee, x.Member):
            target = self.evaluate(callee.object, scope)
            found = self._method(call, callee.name, target, scope)
            if found is not None:
                return found
        if isinstance(callee, x.Name) and callee.id in {"require", "import"} and scope.lookup(callee.id) is None:
            first = self.evaluate(call.arguments[0].value, scope) if call.arguments else UNKNOWN
            return self._ref(first.text, ()) if isinstance(first, Literal) else UNKNOWN
        function = self.evaluate(callee, scope)
        parsed = self.settings.of_parsed(call, function, scope) if self.settings is not None else None
        if parsed is not None:
            return parsed
        name = self.qualified(function)
        if name is not None:
            if name in CASTS and call.arguments:
                return self.evaluate(call.arguments[0].value, scope)
            if name in _BYTES and call.arguments:
                return self.evaluate(call.arguments[0].value, scope)
            if name in _COPIES:
                return self._copy(call, scope)
            rearranged = self._built_in(name, call, scope)
            if rearranged is not None:
                return rearranged
            made = self.models.makes.get(self.called(name, call, scope))
            if made is not None:
                return Instance(made)
            if name in self.models.records:
                return self._record(call, scope)
            maker = self.models.environment_makers.get(name)
            if maker is not None:
                prefix = self.argument(call, maker.prefix, scope)
                return Environment(maker.via, prefix.text if isinstance(prefix, Literal) else "")
            reader = self.models.readers.get(name)
            if reader is not None:
                return self.read(call, reader, Environment(reader.via), scope)
        if isinstance(function, Environment):
            reader = self.models.methods.get((function.via, "()"))
            return UNKNOWN if reader is None else self.read(call, reader, function, scope)
        if isinstance(function, Callable):
            return self.apply(function, call, scope)
        if isinstance(function, Record) and call.new:
            return function
        if isinstance(function, Record) and self.python and function.open:
            return function
        if isinstance(function, Ref):
            return called_with(function, [self.evaluate(a.value, scope) for a in call.arguments[:4] if not a.spread])
        return UNKNOWN

    def _method(self, call: x.Call, name: str, target: Value, scope: Scope) -> Value | None:  # noqa: PLR0911  # one answer per kind
        if isinstance(target, Environment):
            reader = self.models.methods.get((target.via, name)) or self.models.methods.get(("environment", name))
            if reader is not None:
                return self.read(call, reader, target, scope)
            return _copied(target) if name in {"copy", "toObject", "items", "entries"} else None
        if isinstance(target, Instance):
            made = self.models.makes.get(f"{target.type}.{self.called(name, call, scope)}")
            return Instance(made) if made is not None else None
        if name in {"get", "resolve"} and len(call.arguments) == 1 and isinstance(call.arguments[0].value, x.Name):
            provided = self._of_type(call.arguments[0].value, scope)
            if provided is not None:
                return provided
        if name in {"keys", "values", "items", "entries"} and isinstance(target, Record) and not call.arguments:
            return _view(target, name)
        if name == "encode" and isinstance(target, Ref) and target.path[:1] == ("TextEncoder",) and call.arguments:
            return self.evaluate(call.arguments[0].value, scope)
        if isinstance(target, Ref) and target == Ref("", ("Object",)) and call.arguments:
            first = self.evaluate(call.arguments[0].value, scope)
            if name in {"keys", "values", "entries"} and isinstance(first, Record):
                return _view(first, name)
        if isinstance(target, Sequence) and name in {"filter", "concat", "slice", "sort", "toSorted", "map", "flatMap"}:
            return self._list_method(call, name, target, scope)
        if name == "get" and isinstance(target, Record) and self.python and call.arguments:
            return self._index(target, self.evaluate(call.arguments[0].value, scope))
        if name == "default" and isinstance(target, Env) and call.arguments:
            return with_default(target, self.evaluate(call.arguments[0].value, scope))
        if name in _CASES and isinstance(target, Literal | Join | Parameter):
            return member(target, _CASES[name])
        if name in TEXT_METHODS and isinstance(target, Env | Coalesce | Join | Literal | Parameter):
            return target
        if name == "format" and isinstance(target, Literal) and target.text.count("{}") == 1 and call.arguments:
            before, after = target.text.split("{}")
            middle = self.evaluate(call.arguments[0].value, scope)
            return join([Literal(before, "string", target.at), middle, Literal(after)])
        return None

    def _list_method(self, call: x.Call, name: str, target: Sequence, scope: Scope) -> Value:
        if name in {"map", "flatMap"}:
            return Sequence((), open=True)
        if name != "concat":
            return target
        values = [self.evaluate(argument.value, scope) for argument in call.arguments]
        items = [item for value in values for item in (value.items if isinstance(value, Sequence) else (value,))]
        return Sequence((*target.items, *items), target.open or any(argument.spread for argument in call.arguments))

    def called(self, name: str, call: x.Call, scope: Scope) -> str:
        """Return the name models use for a call: `boto3.client(s3)` where the first argument decides."""
        if name not in self.models.by_argument or not call.arguments:
            return name
        first = self.evaluate(call.arguments[0].value, scope)
        return f"{name}({first.text})" if isinstance(first, Literal) else name

    def _record(self, call: x.Call, scope: Scope) -> Record:
        """Return the keyword arguments of a call that only collects them."""
        named = tuple((a.name, self.evaluate(a.value, scope)) for a in call.arguments if a.name is not None)
        return Record(named, open=any(a.spread for a in call.arguments))

    def read(self, call: x.Call, reader: ReadModel, environment: Environment, scope: Scope) -> Value:
        """Return what a modelled reading call gives."""
        key = self.argument(call, reader.name, scope)
        if key is None:
            return UNKNOWN
        default = self.argument(call, reader.default, scope) if reader.default else None
        return variable(key, environment.prefix, default)

    def _copy(self, call: x.Call, scope: Scope) -> Value:
        values = [self.evaluate(argument.value, scope) for argument in call.arguments]
        environment = next((value for value in values if isinstance(value, Environment)), None)
        if environment is not None:
            return _copied(environment)
        records = [value for value in values if isinstance(value, Record)]
        return Record(tuple(entry for record in records for entry in record.entries), open=True)

    def apply(self, function: Callable, call: x.Call, scope: Scope) -> Value:
        """Return what a function of this file returns for these arguments."""
        returned = self.returned(function.function)
        shift = 1 if function.bound else 0
        arguments: dict[int, Value] = {}
        node = self.scopes.functions[function.function]
        for index, parameter in enumerate(node.parameters):
            picked = self.pick(call, node, index, shift)
            if parameter.rest:
                arguments[index] = self.rest(call, index - shift, scope)
            elif picked is not None:
                arguments[index] = self.evaluate(picked, scope)
            else:
                default = node.parameters[index].default
                arguments[index] = self.evaluate(default, self.scopes.of(node)) if default is not None else NULL
        return substitute(returned, function.function, arguments)

    def rest(self, call: x.Call, start: int, scope: Scope) -> Value:
        """Return the arguments that a rest parameter collects."""
        given = [argument for argument in call.arguments if argument.name is None][max(start, 0) :]
        values = [self.evaluate(argument.value, scope) for argument in given]
        items: list[Value] = []
        for argument, value in zip(given, values, strict=True):
            items.extend(value.items if argument.spread and isinstance(value, Sequence) else (value,))
        return Sequence(tuple(items))

    @staticmethod
    def pick(call: x.Call, function: x.Function, index: int, shift: int = 0) -> x.Expression | None:
        """Return the argument a call gives for a parameter of a function, by keyword or position."""
        target = function.parameters[index].target
        if isinstance(target, x.Name):
            named = _pick(call, target.id)
            if named is not None:
                return named
        return _pick(call, str(index - shift)) if index >= shift else None

    def returned(self, key: str) -> Value:
        """Return what a function of this file can return, in terms of its parameters."""
        known = self._returns.get(key)
        if known is not None:
            return known
        if key in self._busy:
            self._cuts += 1
            return UNKNOWN
        cuts = self._cuts
        self._busy.add(key)
        try:
            node = self.scopes.functions[key]
            found = [self.evaluate(r.value, s) for r, s in self.return_statements(node.body, self.scopes.of(node))]
        finally:
            self._busy.discard(key)
        environment_first = sorted(found, key=lambda value: not isinstance(value, Env | Instance))
        kept = [v for v in environment_first if not (isinstance(v, Literal) and v.is_empty)]
        value = bounded(coalesce(kept or environment_first)) if found else NULL
        if cuts == self._cuts:
            self._returns[key] = value
        return value

    def return_statements(self, body: list[x.Statement], scope: Scope) -> list[tuple[x.Return, Scope]]:
        """Return the statements that give a value, each with its scope; nested functions are left out."""
        found: list[tuple[x.Return, Scope]] = []
        for statement in body:
            match statement:
                case x.Return(value=value) if value is not None:
                    found.append((statement, scope))
                case x.If(then=then, otherwise=otherwise):
                    found += self.return_statements(then, self.scopes.opens(statement, 0, scope))
                    found += self.return_statements(otherwise, self.scopes.opens(statement, 1, scope))
                case x.Loop(body=inner) | x.Block(body=inner):
                    found += self.return_statements(inner, self.scopes.opens(statement, 0, scope))
                case _:
                    pass
        return found


def _environment(value: Value) -> Value:
    """Return the environment when a value is that or nothing: `env or os.environ`, `x ? process.env : {}`."""
    if not isinstance(value, Coalesce):
        return value
    every = list(options(value))
    found = [option for option in every if isinstance(option, Environment)]
    nothing = (Parameter, Unknown, Environment)
    if found and all(isinstance(o, nothing) or o in (NULL, Record(())) for o in every):
        return found[0]
    return value


def _copied(environment: Environment) -> Environment:
    return Environment(environment.via, environment.prefix, copy=True)


def _methods(node: x.Class) -> list[tuple[str, x.Function]]:
    return [(s.name, s) for s in node.body if isinstance(s, x.Function) and s.method and s.name]


def _item(value: Value, index: int) -> Value:
    if isinstance(value, Sequence) and index < len(value.items):
        return value.items[index]
    return UNKNOWN


def _keys(record: Record) -> Sequence:
    places = dict(record.keys_at)
    return Sequence(tuple(Literal(key, "string", places.get(key)) for key, _ in record.entries), record.open)


def _view(record: Record, name: str) -> Value:
    keys = _keys(record)
    if name == "keys":
        return keys
    values = tuple(value for _, value in record.entries)
    if name == "values":
        return Sequence(values, record.open)
    return Sequence(tuple(Sequence(pair) for pair in zip(keys.items, values, strict=True)), record.open)


def _pick(call: x.Call, selector: str) -> x.Expression | None:
    if selector.isdigit():
        index = int(selector)
        positional = [a for a in call.arguments if a.name is None]
        if any(a.spread for a in positional[: index + 1]):
            return None
        return positional[index].value if index < len(positional) else None
    return next((a.value for a in call.arguments if a.name == selector), None)


def _text(value: Value) -> bool:
    return (isinstance(value, Literal) and value.type == "string") or isinstance(value, Join)


def _arithmetic(operator: str, left: Value, right: Value) -> Value:
    fold = _NUMBERS.get(operator)
    if fold is None or not isinstance(left, Literal) or not isinstance(right, Literal):
        return Unknown("computed")
    if not (left.text.isdigit() and right.text.isdigit() and len(left.text) + len(right.text) < 30):  # noqa: PLR2004
        return Unknown("computed")
    return Literal(str(fold(int(left.text), int(right.text))), "number")
