"""Schemas and settings classes: an object or class whose keys are variable names.

zod, t3-env, envalid and convict describe variables as object entries; pydantic-settings as class fields. Each style is
one function that turns an entry into name, default and required-ness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.extract.evaluate import Evaluator
from filot_lint.extract.place import place_at
from filot_lint.extract.redact import default_of
from filot_lint.extract.scopes import Scope
from filot_lint.facts import CallSite, Fact, Wrapper
from filot_lint.models import ClassModel, SchemaModel
from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import NULL, Callable, Env, Environment, Literal, Record, Ref, Sequence, Value, coalesce, options

_PARSERS = frozenset({"parse", "safeParse", "parseAsync", "safeParseAsync", "decode", "validate", "validateAsync"})
_KEEPS = frozenset({"strict", "passthrough", "strip", "loose", "catchall", "superRefine", "refine", "transform", "pipe",
                    "readonly", "partial", "required", "brand", "describe", "check", "omit", "pick", "unknown",
                    "options", "prefs"})  # fmt: skip
_JOINS = frozenset({"merge", "extend", "and", "safeExtend", "augment"})
_MODEL_FIELDS = frozenset({"model_config", "Config"})
_ROUNDS = 12


class Entry(NamedTuple):
    """One variable of a schema."""

    name: str
    place: Span
    default: Value | None
    required: bool | None
    cast: str | None = None


class Schemas:
    """Reads schemas of one file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Schemas are evaluated with the file's values."""
        self.evaluator = evaluator
        self.models = evaluator.models
        evaluator.settings = self
        self._environment_of_call: Environment | None = None
        self._parts: list[tuple[Ref, Environment, Span]] = []

    def of_call(self, call: x.Call, callee: Value, scope: Scope) -> Iterator[tuple[str, Entry]]:
        """Yield the variables that a call reads through a schema, with the library's name."""
        name = self.evaluator.qualified(callee)
        model = self.models.schemas.get(name or "")
        if model is not None:
            yield from self._modelled(call, model, scope)
            return
        target = call.callee
        if isinstance(target, x.Member) and target.name in _PARSERS and call.arguments:
            schema, argument = target.object, self._environment(call.arguments[0].value, scope)
            if argument is None and len(call.arguments) > 1:
                schema, argument = call.arguments[0].value, self._environment(call.arguments[1].value, scope)
            if argument is not None:
                self._environment_of_call = argument
                for entry in self.object_entries(schema, scope, _ROUNDS):
                    yield argument.via, entry
                self._environment_of_call = None

    def _environment(self, expression: x.Expression, scope: Scope) -> Environment | None:
        """Return the environment an expression is, or a cleaned copy of it."""
        value = self.evaluator.evaluate(expression, scope)
        if isinstance(value, Environment):
            return value
        if isinstance(expression, x.Call):
            for argument in expression.arguments:
                found = self._environment(argument.value, scope)
                if found is not None:
                    return found
        if isinstance(expression, x.Choice):
            return self._environment(expression.yes, scope) or self._environment(expression.no, scope)
        return None

    def _modelled(self, call: x.Call, model: SchemaModel, scope: Scope) -> Iterator[tuple[str, Entry]]:
        for path in model.entries:
            expression = self._walk(call, path, scope)
            if expression is None:
                continue
            self._environment_of_call = Environment(model.via)
            made = isinstance(self._resolve(expression, scope), x.Call)
            for entry in (
                self.object_entries(expression, scope, _ROUNDS)
                if made
                else self.entries(expression, scope, model.style, _ROUNDS)
            ):
                yield model.via, entry
            self._environment_of_call = None

    def _walk(self, call: x.Call, path: tuple[str, ...], scope: Scope) -> x.Expression | None:
        index = int(path[0])
        found: x.Expression | None = call.arguments[index].value if index < len(call.arguments) else None
        for step in path[1:]:
            found = self._resolve(found, scope) if found is not None else None
            if not isinstance(found, x.Mapping):
                return None
            found = next((e.value for e in found.entries if isinstance(e.key, x.Text) and e.key.text == step), None)
        return found

    def _resolve(self, expression: x.Expression, scope: Scope) -> x.Expression:
        """Follow a name to the expression it is bound to, once bound."""
        for _ in range(_ROUNDS):
            if not isinstance(expression, x.Name):
                break
            bindings = scope.lookup(expression.id)
            if bindings is None or len(bindings) != 1 or bindings[0].kind != "value" or bindings[0].path:
                break
            if bindings[0].expression is None:
                break
            expression, scope = bindings[0].expression, bindings[0].scope
        return expression

    def object_entries(self, expression: x.Expression, scope: Scope, rounds: int) -> Iterator[Entry]:
        """Yield the variables of a zod object: `z.object({...})`, merged, extended, refined or spread."""
        if rounds == 0:
            return
        expression = self._resolve(expression, scope)
        if not isinstance(expression, x.Call) or not isinstance(expression.callee, x.Member):
            if isinstance(expression, x.Call):
                for argument in expression.arguments[:1]:
                    yield from self.object_entries(argument.value, scope, rounds - 1)
            self._part(expression, scope)
            return
        method = expression.callee.name
        if method in {"object", "strictObject", "looseObject"}:
            library = self.evaluator.evaluate(expression.callee.object, scope)
            lax = isinstance(library, Ref) and re.search(r"\bjoi\b|\byup\b", library.module, re.IGNORECASE)
            style = "joi" if lax else "zod"
            for argument in expression.arguments[:1]:
                yield from self.entries(argument.value, scope, style, rounds - 1)
        elif method in _KEEPS:
            yield from self.object_entries(expression.callee.object, scope, rounds - 1)
        elif method in _JOINS:
            yield from self.object_entries(expression.callee.object, scope, rounds - 1)
            for argument in expression.arguments[:1]:
                value = self._resolve(argument.value, scope)
                if isinstance(value, x.Mapping):
                    yield from self.entries(value, scope, "zod", rounds - 1)
                else:
                    yield from self.object_entries(value, scope, rounds - 1)
        elif method in {"intersection", "union"}:
            for argument in expression.arguments:
                yield from self.object_entries(argument.value, scope, rounds - 1)

    # Other files ----------------------------------------------------------------------------------------------------

    def _part(self, expression: x.Expression, scope: Scope) -> None:
        """Remember that a part of a schema is written in another file."""
        if self._environment_of_call is not None and isinstance(expression, x.Name):
            value = self.evaluator.evaluate(expression, scope)
            if isinstance(value, Ref) and value.module and value.path:
                self._parts.append((value, self._environment_of_call, expression.span))

    def linked(self, module: x.Module) -> list[Fact]:
        """Return what other files need to know of the schemas here, and what is to be looked up in others."""
        found: list[Fact] = []
        for ref, environment, span in self._parts:
            place = self.evaluator.source.locate(span)
            target = Ref(ref.module, (*ref.path, "parse"))
            arguments = ((None, environment, place),)
            found.append(CallSite(**place_at(self.evaluator.source, place), callee=target, arguments=arguments))
        scope = self.evaluator.scopes.module
        for exported, local in module.exports.items():
            bindings = scope.lookup(local) or []
            expression = bindings[0].expression if len(bindings) == 1 else None
            if expression is not None and self._is_schema(expression, scope):
                found.extend(self._exported(exported, expression, scope))
        return found

    def _is_schema(self, expression: x.Expression, scope: Scope) -> bool:
        """Return whether an expression is a zod object, or an object of zod fields."""
        if isinstance(expression, x.Mapping):
            return any(isinstance(e.value, x.Call) and self._is_schema(e.value, scope) for e in expression.entries)
        value = self.evaluator.evaluate(expression, scope) if isinstance(expression, x.Call) else None
        return isinstance(value, Ref) and "zod" in value.module

    def _exported(self, name: str, expression: x.Expression, scope: Scope) -> Iterator[Fact]:
        every = (
            self.entries(expression, scope, "zod", _ROUNDS)
            if isinstance(expression, x.Mapping)
            else self.object_entries(expression, scope, _ROUNDS)
        )
        source = self.evaluator.source
        for entry in every:
            place = source.locate(entry.place)
            yield Wrapper(
                **place_at(source, place),
                function=f"schema {name}",
                parameters=(),
                environment=0,
                names=((Literal(entry.name, "string", place), place),),
                default=default_of(entry.name, entry.default),
                required=entry.required,
                cast=entry.cast,
            )

    # Objects --------------------------------------------------------------------------------------------------------

    def entries(self, expression: x.Expression, scope: Scope, style: str, rounds: int) -> Iterator[Entry]:
        """Yield one entry per key of an object literal; spreads of other objects are followed."""
        expression = self._resolve(expression, scope)
        if rounds == 0 or not isinstance(expression, x.Mapping):
            self._part(expression, scope)
            return
        for entry in expression.entries:
            if entry.key is None:
                spread = entry.value
                if isinstance(spread, x.Member) and spread.name == "shape":
                    yield from self.object_entries(spread.object, scope, rounds - 1)
                else:
                    yield from self.entries(spread, scope, style, rounds - 1)
                continue
            key = self.evaluator.evaluate(entry.key, scope)
            if isinstance(key, Literal):
                reader = {"zod": self._zod, "joi": self._joi}.get(style, self._options)
                place = self._resolve(entry.key, scope).span
                yield reader(key.text, place, self._resolve(entry.value, scope), scope)

    def _zod(self, name: str, place: Span, field: x.Expression, scope: Scope) -> Entry:
        default: Value | None = None
        required: bool | None = True
        cast = None
        while isinstance(field, x.Call):
            callee = field.callee
            method = callee.name if isinstance(callee, x.Member) else ""
            if method in {"default", "catch", "prefault"} and field.arguments:
                default = default or self.evaluator.evaluate(field.arguments[0].value, scope)
                required = False
            elif method in {"optional", "nullish", "nullable", "exactOptional"}:
                required = False
                if len(field.arguments) == 2:  # noqa: PLR2004
                    default = default or self.evaluator.evaluate(field.arguments[1].value, scope)
            elif method in {"number", "boolean", "stringbool", "date", "bigint", "url", "email"}:
                cast = method
            if method in {"optional", "nullish", "pipe", "preprocess"} and field.arguments:
                inner = self._resolve(field.arguments[-1 if method == "preprocess" else 0].value, scope)
                field = inner if method != "pipe" else callee.object if isinstance(callee, x.Member) else inner
            else:
                inner = callee.object if isinstance(callee, x.Member) else self._made(field, scope)
                field = self._resolve(inner, scope)
        return Entry(name, place, default, required, cast)

    def _joi(self, name: str, place: Span, field: x.Expression, scope: Scope) -> Entry:
        """Read a field of joi or yup: optional unless it says `required()`."""
        entry = self._zod(name, place, field, scope)
        required = False
        while isinstance(field, x.Call) and isinstance(field.callee, x.Member):
            required = required or field.callee.name == "required"
            field = self._resolve(field.callee.object, scope)
        return entry._replace(required=required and entry.default is None)

    def _made(self, call: x.Call, scope: Scope) -> x.Expression:
        """Return the field that a function of this file makes."""
        function = self.evaluator.evaluate(call.callee, scope)
        if isinstance(function, Callable):
            node = self.evaluator.scopes.functions[function.function]
            returned = self.evaluator.return_statements(node.body, self.evaluator.scopes.of(node))
            if returned and returned[0][0].value is not None:
                return returned[0][0].value
        return call.callee

    def _options(self, name: str, place: Span, field: x.Expression, scope: Scope) -> Entry:
        """Read an envalid validator: `str({ default: "x" })`."""
        default: Value | None = None
        required: bool | None = True
        cast = field.callee.id if isinstance(field, x.Call) and isinstance(field.callee, x.Name) else None
        if isinstance(field, x.Call) and field.arguments:
            settings = self.evaluator.evaluate(field.arguments[0].value, scope)
            if isinstance(settings, Record):
                default = settings.get("default")
                required = default is None
        return Entry(name, place, default, required, cast if cast != "str" else None)

    # Classes --------------------------------------------------------------------------------------------------------

    def of_class(self, node: x.Class, scope: Scope) -> Iterator[tuple[str, Entry]]:
        """Yield the variables that a settings class reads."""
        model = self._class_model(node, scope, _ROUNDS)
        if model is not None:
            for _, entries in self._fields(node, scope):
                for entry in entries:
                    yield model.via, entry

    def _fields(self, node: x.Class, scope: Scope) -> Iterator[tuple[str, list[Entry]]]:
        """Yield each field of a settings class with its variable, or several where it has aliases."""
        if self._class_model(node, scope, _ROUNDS) is None:
            return
        settings = self._settings(node, scope)
        inner = self.evaluator.scopes.of(node)
        for statement in node.body:
            if (
                isinstance(statement, x.Assign)
                and isinstance(statement.target, x.Name)
                and statement.annotation is not None
                and statement.target.id not in _MODEL_FIELDS
                and not statement.target.id.startswith("_")
                and not _class_variable(statement.annotation)
            ):
                entries = list(self._field(statement, inner, settings))
                if entries:
                    yield statement.target.id, entries

    def of_fields(self, node: x.Class) -> dict[str, Value]:
        """Return each field of a settings class as the variable it is read from, nested settings as records."""
        parent = self.evaluator.scopes.of(node).parent
        found: dict[str, Value] = {}
        for statement, entries in self._fields(node, parent) if parent is not None else ():
            default = entries[0].default
            parts = options(default) if default is not None else ()
            nested = next((option for option in parts if isinstance(option, Record)), None)
            aliases: list[Value] = [Env(entry.name) for entry in entries[:-1]]
            last: Value = Env(entries[-1].name, default)
            found[statement] = nested or coalesce([*aliases, last])
        return found

    def of_parsed(self, call: x.Call, callee: Value, scope: Scope) -> Value | None:
        """Return what a schema makes of the environment: a record with one variable per key."""
        entries = [entry for _, entry in self.of_call(call, callee, scope)]
        if not entries:
            return None
        record = Record(tuple((entry.name, Env(entry.name, entry.default)) for entry in entries), open=True)
        safe = isinstance(call.callee, x.Member) and call.callee.name.startswith("safe")
        return Record((("data", record),), open=True) if safe else record

    def _class_model(self, node: x.Class, scope: Scope, rounds: int) -> ClassModel | None:
        for base in node.bases:
            if base.name is not None:
                continue
            name = self.evaluator.qualified(self.evaluator.evaluate(base.value, scope))
            model = self.models.classes.get(name or "")
            if model is not None:
                return model
            if rounds and isinstance(base.value, x.Name):
                for binding in scope.lookup(base.value.id) or []:
                    if isinstance(binding.node, x.Class) and binding.node is not node:
                        model = self._class_model(binding.node, binding.scope, rounds - 1)
                        if model is not None:
                            return model
                    elif binding.kind == "import":
                        module = f"{binding.module}.{binding.exported}"
                        if module in self.models.classes:
                            return self.models.classes[module]
        return None

    def _settings(self, node: x.Class, scope: Scope) -> dict[str, Value]:
        """Return what the class configures: `model_config`, the inner `Config`, keywords, and what bases say."""
        found: dict[str, Value] = {}
        for base in node.bases:
            if base.name is not None:
                found[base.name] = self.evaluator.evaluate(base.value, scope)
            elif isinstance(base.value, x.Name):
                for binding in scope.lookup(base.value.id) or []:
                    if isinstance(binding.node, x.Class) and binding.node is not node:
                        found = {**self._settings(binding.node, binding.scope), **found}
        inner = self.evaluator.scopes.of(node)
        for statement in node.body:
            if isinstance(statement, x.Assign) and isinstance(statement.target, x.Name):
                if statement.target.id == "model_config" and isinstance(statement.value, x.Call):
                    for argument in statement.value.arguments:
                        if argument.name is not None:
                            found[argument.name] = self.evaluator.evaluate(argument.value, inner)
                elif statement.target.id == "model_config" and isinstance(statement.value, x.Mapping):
                    value = self.evaluator.evaluate(statement.value, inner)
                    found.update(value.entries if isinstance(value, Record) else ())
            if isinstance(statement, x.Class) and statement.name == "Config":
                value = self.evaluator.class_record(statement)
                found.update(value.entries if isinstance(value, Record) else ())
        return found

    def _field(self, statement: x.Assign, scope: Scope, settings: dict[str, Value]) -> Iterator[Entry]:
        if not isinstance(statement.target, x.Name):
            return
        prefix = _constant(settings.get("env_prefix"))
        target = _constant(settings.get("env_prefix_target")) or "variable"
        insensitive = settings.get("case_sensitive") != Literal("true", "boolean")
        default, aliases = self._default(statement, scope, settings)
        required = default is None
        if aliases:
            names = [((prefix if target in {"alias", "all"} else "") + a.text, a.at) for a in aliases]
        else:
            name = (prefix if target in {"variable", "all"} else "") + statement.target.id
            names = [(name.upper() if insensitive else name, None)]
        shown = None if isinstance(default, Literal) and default.type == "null" else default
        for name, at in names:
            place = statement.target.span
            if at is not None:
                place = _at(statement, at.line, place)
            yield Entry(name, place, shown if not required else None, required, None)

    def _default(
        self, statement: x.Assign, scope: Scope, settings: dict[str, Value]
    ) -> tuple[Value | None, list[Literal]]:
        value = statement.value
        aliases = self._aliases(statement.annotation, scope)
        if isinstance(value, x.Call) and _called(value) in {"Field", "PrivateAttr"}:
            named = {a.name: a.value for a in value.arguments if a.name is not None}
            for keyword in ("validation_alias", "alias", "env"):
                if keyword in named:
                    aliases = self._names(named[keyword], scope)
                    break
            positional = [a.value for a in value.arguments if a.name is None]
            given = named.get("default") or (positional[0] if positional else None)
            if given is None:
                return (self.evaluator.evaluate(named["default_factory"], scope)
                        if "default_factory" in named else None), aliases  # fmt: skip
            if isinstance(given, x.Opaque):  # `...`
                return None, aliases
            return self.evaluator.evaluate(given, scope), aliases
        fields = settings.get("fields")
        if isinstance(fields, Record) and isinstance(statement.target, x.Name):
            entry = fields.get(statement.target.id)
            name = entry.get("env") if isinstance(entry, Record) else None
            if isinstance(name, Literal):
                aliases = [name]
        if value is None:
            return None, aliases
        found = self.evaluator.evaluate(value, scope)
        return found if found != NULL else NULL, aliases

    def _aliases(self, annotation: x.Expression | None, scope: Scope) -> list[Literal]:
        """Return the aliases in `Annotated[str, Field(alias="X")]`."""
        stack = [annotation] if annotation is not None else []
        while stack:
            node = stack.pop()
            if isinstance(node, x.Call) and _called(node) == "Field":
                for argument in node.arguments:
                    if argument.name in {"validation_alias", "alias"}:
                        return self._names(argument.value, scope)
            elif isinstance(node, x.Opaque):
                stack.extend(node.children)
            elif isinstance(node, x.Index):
                stack.extend([node.object, node.key])
        return []

    def _names(self, expression: x.Expression, scope: Scope) -> list[Literal]:
        if isinstance(expression, x.Call) and _called(expression) in {"AliasChoices", "AliasPath"}:
            arguments = expression.arguments if _called(expression) == "AliasChoices" else expression.arguments[:1]
            return [name for a in arguments for name in self._names(a.value, scope)]
        value = self.evaluator.evaluate(expression, scope)
        if isinstance(value, Sequence):
            return [item for item in value.items if isinstance(item, Literal)]
        return [value] if isinstance(value, Literal) else []


def _constant(value: Value | None) -> str:
    return value.text if isinstance(value, Literal) and value.type == "string" else ""


def _called(call: x.Call) -> str:
    callee = call.callee
    return callee.id if isinstance(callee, x.Name) else callee.name if isinstance(callee, x.Member) else ""


def _class_variable(annotation: x.Expression) -> bool:
    stack: list[x.Expression] = [annotation]
    while stack:
        node = stack.pop()
        if (isinstance(node, x.Name) and node.id == "ClassVar") or (
            isinstance(node, x.Member) and node.name == "ClassVar"
        ):
            return True
        if isinstance(node, x.Opaque):
            stack.extend(node.children[:1])
        elif isinstance(node, x.Index):
            stack.append(node.object)
    return False


def _at(statement: x.Assign, line: int, fallback: Span) -> Span:
    """Return the span of the constant on `line` inside a field, for aliases."""
    stack: list[x.Expression] = [e for e in (statement.value, statement.annotation) if e is not None]
    while stack:
        node = stack.pop()
        if isinstance(node, x.Text) and node.span.row + 1 == line:
            return node.span
        if isinstance(node, x.Call):
            stack.extend(a.value for a in node.arguments)
        elif isinstance(node, x.Array):
            stack.extend(node.items)
        elif isinstance(node, x.Opaque):
            stack.extend(node.children)
        elif isinstance(node, x.Index):
            stack.extend([node.object, node.key])
    return fallback
