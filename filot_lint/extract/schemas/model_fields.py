"""The fields of one class: annotated ones, with their aliases and defaults; those that a library's call makes."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.schemas.annotations import calls_in, cast_by, is_of_class, may_be_none, parts_of, types_of
from filot_lint.extract.schemas.entry import last_word
from filot_lint.facts import ModelField
from filot_lint.source import Location, Span
from filot_lint.syntax import expression as x
from filot_lint.values import NULL, Callable, Literal, Record, Ref, Sequence, Value, substitute

_OPTIONS = frozenset({"model_config", "Config"})
_FIELDS = frozenset({"Field", "PrivateAttr", "field", "attrib", "ib"})
_GENERATORS = {"to_upper": str.upper, "upper": str.upper, "to_lower": str.lower, "lower": str.lower}


class ModelFields:
    """Reads fields of the classes of one file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Defaults are evaluated with the file's values."""
        self.evaluator = evaluator
        self.spans: dict[Location, Span] = {}

    def of(self, node: x.Class, configured: dict[str, Value]) -> Iterator[ModelField]:
        """Yield the fields of a class."""
        scope = self.evaluator.scopes.of(node)
        for statement in node.body:
            if not isinstance(statement, x.Assign) or not isinstance(statement.target, x.Name):
                continue
            name, annotation = statement.target.id, statement.annotation
            if name in _OPTIONS or name.startswith("_"):
                continue
            if annotation is None:
                made = self._made(statement, name, scope)
                yield from [made] if made is not None else []
            elif not is_of_class(annotation):
                yield self._field(statement, name, annotation, scope, configured)

    def _field(
        self, statement: x.Assign, name: str, annotation: x.Expression, scope: Scope, configured: dict[str, Value]
    ) -> ModelField:
        types = list(types_of(annotation))
        calls = [statement.value] if isinstance(statement.value, x.Call) else []
        described = [call for call in (*calls, *calls_in(annotation)) if _is_field(call)]
        aliases = next((found for call in described if (found := self._aliases(call, scope))), [])
        default = self._default(statement.value, described, scope)
        aliases = aliases or self._configured(name, configured) or self._generated(name, configured)
        optional = default is None and configured.get("optional") is not None and may_be_none(annotation)
        return ModelField(
            name=name,
            at=self._at(statement.target.span),
            aliases=tuple((alias.text, self._place(alias, statement)) for alias in aliases),
            default=NULL if optional else default,
            required=default is None and not optional,
            cast=next((cast for t in types if (cast := cast_by(t)) is not None), None),
            type=self._class(types, scope),
            given=self._given(statement.value, scope),
        )

    def _default(self, value: x.Expression | None, described: list[x.Call], scope: Scope) -> Value | None:
        """Return what stands in for a missing variable, None when nothing does."""
        if value is not None and not _is_field(value):
            return None if isinstance(value, x.Opaque) else self.evaluator.evaluate(value, scope)
        for call in described:
            named = {a.name: a.value for a in call.arguments if a.name is not None}
            first = next((a.value for a in call.arguments if a.name is None), None)
            given = named.get("default", first)
            if given is not None:
                return None if isinstance(given, x.Opaque) else self.evaluator.evaluate(given, scope)
            factory = named.get("default_factory", named.get("factory"))
            if factory is not None:
                made = self.evaluator.evaluate(factory, scope)
                return self.evaluator.returned(made.function) if isinstance(made, Callable) else made
        return None

    def _given(self, value: x.Expression | None, scope: Scope) -> tuple[tuple[str, Value], ...]:
        """Return what a default like `Redis(url="x")` hands to the class of the field."""
        if isinstance(value, x.Call) and _is_field(value):
            named = {a.name: a.value for a in value.arguments}
            value = named.get("default", next((a.value for a in value.arguments if a.name is None), None))
        if not isinstance(value, x.Call):
            return ()
        return tuple((a.name, self.evaluator.evaluate(a.value, scope)) for a in value.arguments if a.name is not None)

    def _class(self, types: list[x.Expression], scope: Scope) -> Value | None:
        """Return the one class that an annotation names, None for lists and the like."""
        if len(types) != 1 or not isinstance(types[0], x.Name | x.Member):
            return None
        value = self.evaluator.evaluate(types[0], scope)
        if isinstance(value, Ref):
            return value if value.module else None
        bindings = scope.lookup(types[0].id) if isinstance(types[0], x.Name) else None
        here = bindings is not None and isinstance(bindings[-1].node, x.Class)
        return Ref("", (types[0].id,)) if here and isinstance(types[0], x.Name) else None

    # Names ----------------------------------------------------------------------------------------------------------

    def _aliases(self, call: x.Call, scope: Scope) -> list[Literal]:
        named = {a.name: a.value for a in call.arguments if a.name is not None}
        for keyword in ("validation_alias", "alias", "env"):
            if keyword in named:
                return self._names(named[keyword], scope)
        return []

    def _names(self, expression: x.Expression, scope: Scope) -> list[Literal]:
        word = last_word(expression.callee) if isinstance(expression, x.Call) else ""
        if isinstance(expression, x.Call) and word in {"AliasChoices", "AliasPath"}:
            arguments = expression.arguments if word == "AliasChoices" else expression.arguments[:1]
            return [name for a in arguments for name in self._names(a.value, scope)]
        value = self.evaluator.evaluate(expression, scope)
        items = value.items if isinstance(value, Sequence) else (value,)
        return [item for item in items if isinstance(item, Literal) and item.type == "string"]

    @staticmethod
    def _configured(name: str, configured: dict[str, Value]) -> list[Literal]:
        """Return what `class Config: fields = {"size": {"env": "PAGE_SIZE"}}` says."""
        fields = configured.get("fields")
        entry = fields.get(name) if isinstance(fields, Record) else None
        named = entry.get("env") if isinstance(entry, Record) else entry
        items = named.items if isinstance(named, Sequence) else (named,)
        return [item for item in items if isinstance(item, Literal)]

    def _generated(self, name: str, configured: dict[str, Value]) -> list[Literal]:
        """Return the alias that a function of the class makes of a name."""
        generator = configured.get("alias_generator")
        if isinstance(generator, Callable):
            returned = self.evaluator.returned(generator.function)
            made = substitute(returned, generator.function, {0: Literal(name)})
            return [made] if isinstance(made, Literal) and made.type == "string" else []
        last = generator.path[-1] if isinstance(generator, Ref) and generator.path else ""
        return [Literal(_GENERATORS[last](name))] if last in _GENERATORS else []

    def _made(self, statement: x.Assign, name: str, scope: Scope) -> ModelField | None:
        """Return a field that is no annotation but a call: `host = environ.var("localhost")`."""
        call = statement.value
        callee = self.evaluator.evaluate(call.callee, scope) if isinstance(call, x.Call) else None
        kind = self.evaluator.models.class_fields.get(self.evaluator.qualified(callee) or "")
        if kind is None or not isinstance(call, x.Call):
            return None
        named = {a.name: a.value for a in call.arguments if a.name is not None}
        first = next((a.value for a in call.arguments if a.name is None), None)
        at = self._at(statement.target.span)
        if kind == "group":
            held = self._class([first], scope) if first is not None else None
            return ModelField(name=name, at=at, type=held, required="optional" not in named)
        given = named.get("default", first)
        default = self.evaluator.evaluate(given, scope) if given is not None else None
        aliases = self._names(named["name"], scope) if "name" in named else []
        return ModelField(
            name=name, at=at, default=default, required=default is None,
            aliases=tuple((alias.text, self._place(alias, statement)) for alias in aliases),
        )  # fmt: skip

    # Places ---------------------------------------------------------------------------------------------------------

    def _at(self, span: Span) -> Location:
        place = self.evaluator.source.locate(span)
        self.spans[place] = span
        return place

    def _place(self, alias: Literal, statement: x.Assign) -> Location:
        """Return where an alias is written inside its field, the place of the field when that is elsewhere."""
        stack: list[x.Expression] = [e for e in (statement.value, statement.annotation) if e is not None]
        while stack:
            node = stack.pop()
            if isinstance(node, x.Text) and self.evaluator.source.locate(node.span) == alias.at:
                return self._at(node.span)
            stack.extend(parts_of(node))
        return self._at(statement.target.span)


def _is_field(value: x.Expression | None) -> bool:
    return isinstance(value, x.Call) and last_word(value.callee) in _FIELDS
