"""Which calls parse the environment by a schema, and what they give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.schemas.documents import leaves
from filot_lint.extract.schemas.entry import PARSERS, At, Shape, defined, last_word, parsed
from filot_lint.extract.schemas.objects import Objects
from filot_lint.models import SchemaModel, Selector
from filot_lint.syntax import expression as x
from filot_lint.values import (
    Callable,
    Env,
    Environment,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Unknown,
    Value,
    env_names,
    with_default,
)

_MAKE_PARSERS = frozenset({"compile", "Compile", "decodeUnknownSync", "decodeUnknownEither", "decodeUnknown",
                           "decodeUnknownPromise", "decodeSync", "type", "TypeAdapter"})  # fmt: skip
Source = Environment | Parameter


class Parse(NamedTuple):
    """One use of a schema: what is parsed, and where variables are handed over one by one.

    `whole` says that keys are names of variables also where nothing is handed over for them.
    """

    source: Source
    shape: Shape
    values: dict[str, At]
    whole: bool = True


class Parsing:
    """Finds the parsing calls of one file."""

    def __init__(self, evaluator: Evaluator, objects: Objects) -> None:
        """Take what reads the schemas."""
        self.evaluator = evaluator
        self.models = evaluator.models
        self.objects = objects

    def of(self, call: x.Call, callee: Value, scope: Scope) -> Iterator[Parse]:
        """Yield the schemas that a call parses the environment by."""
        model = self._model(call, callee, scope)
        if model is not None:
            yield from self._modelled(call, model, scope)
        elif self._may_parse(call, callee, scope):
            yield from self._filled(call, scope) if call.arguments[0].spread else self._parsed(call, scope)

    def _may_parse(self, call: x.Call, callee: Value, scope: Scope) -> bool:
        if not call.arguments:
            return False
        if call.arguments[0].spread:
            return self.evaluator.python and len(call.arguments) == 1
        if not isinstance(callee, Callable) and (self._word(call, callee) in PARSERS or _is_curried(call, scope)):
            return True
        return not self.evaluator.python and len(call.arguments) > 1 and self._is_given_both(call, scope)

    def _is_given_both(self, call: x.Call, scope: Scope) -> bool:
        """Return whether a function of any name is given the environment and, written out, a schema or class."""
        at = [At(argument.value, scope) for argument in call.arguments[:4]]
        given = [isinstance(self.evaluator.evaluate(a.node, scope), Environment) for a in at]
        return any(given) and any(not env and _may_be_schema(a) for a, env in zip(at, given, strict=True))

    def value(self, call: x.Call, callee: Value, scope: Scope) -> Value | None:
        """Return what a schema makes of the environment: a record with one variable per key."""
        model = self._model(call, callee, scope)
        if model is None and not self._may_parse(call, callee, scope):
            return None
        with self.evaluator.apart():
            return self._value(call, callee, model, scope)

    def _value(self, call: x.Call, callee: Value, model: SchemaModel | None, scope: Scope) -> Value | None:
        if model is not None and model.style == "convict":
            return self._tree(call, model, scope)
        word = self._word(call, callee)
        entries: dict[str, Value] = {}
        elsewhere: list[Value] = []
        for parse in self.of(call, callee, scope):
            for entry in parse.shape.entries:
                given = parse.values.get(entry.name)
                handed = self.evaluator.evaluate(given.node, given.scope) if given is not None else None
                own = Env(entry.name, entry.default)
                entries[entry.name] = own if handed is None else _or_default(handed, entry.default)
            if isinstance(parse.source, Environment) and parse.whole:
                how = word if word in PARSERS and not parse.shape.entries else "parse"
                refs = (part.ref for part in parse.shape.parts)
                elsewhere.extend(Ref(ref.module, (*ref.path, how, "()"), (parse.source,)) for ref in refs)
        if not entries:
            certain = isinstance(call.callee, x.Member) or self._is_of_library(callee)
            return elsewhere[0] if len(elsewhere) == 1 and word in PARSERS and certain else None
        more = (("...", Sequence(tuple(elsewhere))),) if elsewhere else ()
        return parsed(Record((*entries.items(), *more), open=True), word)

    def _is_of_library(self, callee: Value) -> bool:
        return isinstance(callee, Ref) and callee.module in self.models.schema_libraries

    def _word(self, call: x.Call, callee: Value) -> str:
        if isinstance(call.callee, x.Name) and isinstance(callee, Ref) and callee.path:
            return callee.path[-1]
        return last_word(call.callee)

    # Modelled calls -------------------------------------------------------------------------------------------------

    def _model(self, call: x.Call, callee: Value, scope: Scope) -> SchemaModel | None:
        """Return what a call is to the models, by what is called or, for methods, by their name and first argument."""
        if not isinstance(callee, Ref | Unknown):
            return None
        found = self.models.schemas.get(self.evaluator.qualified(callee) or "")
        if found is None and isinstance(call.callee, x.Member) and call.callee.name in self.models.by_argument:
            found = self.models.schemas.get(self.evaluator.called(call.callee.name, call, scope))
        return found

    def _modelled(self, call: x.Call, model: SchemaModel, scope: Scope) -> Iterator[Parse]:
        environment = Environment(model.via)
        values: dict[str, At] = {}
        for at in self._picked(call, model.values, scope):
            values.update(self._pairs(at))
        name = self.evaluator.argument(call, model.prefix, scope) if model.prefix else None
        for at in self._picked(call, model.entries, scope):
            if isinstance(name, Literal):
                prefix = name.text.upper().replace("-", "_") + "_"
                yield Parse(environment, self.objects.named(at, prefix), values)
            elif not model.prefix:
                yield Parse(environment, self.objects.shape(at, model.style), values)

    def _picked(self, call: x.Call, selector: Selector, scope: Scope) -> Iterator[At]:
        """Yield what stands at each path of a selector, where it is written out in this file."""
        for path in selector:
            index = int(path[0]) if path[0].isdigit() else -1
            named = (a.value for a in call.arguments if a.name == path[0])
            found = call.arguments[index].value if 0 <= index < len(call.arguments) else next(named, None)
            at = At(found, scope) if found is not None else None
            for step in path[1:]:
                at = self._member(at, step) if at is not None else None
            if at is not None:
                yield at

    @staticmethod
    def _member(at: At, step: str) -> At | None:
        owner = defined(at)
        if not isinstance(owner.node, x.Mapping):
            return None
        found = next((e.value for e in owner.node.entries if isinstance(e.key, x.Text) and e.key.text == step), None)
        return At(found, owner.scope) if found is not None else None

    def _tree(self, call: x.Call, model: SchemaModel, scope: Scope) -> Value | None:
        """Return settings whose leaves are variables, also by their whole path: `get("redis.url")`."""
        found: dict[tuple[str, ...], Value] = {}
        for at in self._picked(call, model.entries, scope):
            for path, leaf in leaves(self.objects, at):
                found.update((path, Env(entry.name, entry.default)) for entry in leaf.entries)
        inner = {path[:depth] for path in found for depth in range(1, len(path))}
        for path in sorted(inner, key=len, reverse=True):
            below = ((key[-1], value) for key, value in found.items() if key[:-1] == path)
            found[path] = Record(tuple(below), open=True)
        return Record(tuple((".".join(path), value) for path, value in found.items()), open=True) if found else None

    # Parsing calls --------------------------------------------------------------------------------------------------

    def _parsed(self, call: x.Call, scope: Scope) -> Iterator[Parse]:
        arguments = [At(argument.value, scope) for argument in call.arguments[:4]]
        for index, at in enumerate(arguments):
            source = self._source(at)
            values = self._pairs(at) if source is None else {}
            if source is None and not values:
                continue
            others = [other for i, other in enumerate(arguments) if i != index]
            for shape in self._shapes(call, others, scope):
                if shape.entries or shape.parts:
                    yield Parse(source or Environment(""), shape, values, whole=source is not None)
                    return

    def _filled(self, call: x.Call, scope: Scope) -> Iterator[Parse]:
        """Yield the class that is made of the environment: `Model(**os.environ)`."""
        source = self._source(At(call.arguments[0].value, scope))
        shape = self.objects.guessed(At(call.callee, scope)) if source is not None else Shape()
        if source is not None and (shape.entries or shape.parts):
            yield Parse(source, shape, {})

    def _shapes(self, call: x.Call, others: list[At], scope: Scope) -> Iterator[Shape]:
        """Yield what the schema of a parsing call may be: the call before it, another argument, its object."""
        callee = defined(At(call.callee, scope))
        owner = At(call.callee.object, scope) if isinstance(call.callee, x.Member) else None
        made = callee if isinstance(callee.node, x.Call) else defined(owner) if owner is not None else callee
        if isinstance(made.node, x.Call) and last_word(made.node.callee) in _MAKE_PARSERS:
            yield from (self.objects.guessed(At(a.value, made.scope)) for a in made.node.arguments[:1])
        if isinstance(callee.node, x.Call):
            yield self.objects.shape(callee)
        local = [self.objects.guessed(other) for other in others]
        yield from (shape for shape in local if shape.entries)
        if owner is not None:
            yield self.objects.shape(owner)
        yield from local

    def _source(self, at: At) -> Source | None:
        """Return the environment an expression is, a cleaned copy of it, or the parameter that may be given it."""
        value = self.evaluator.evaluate(at.node, at.scope)
        if isinstance(value, Environment):
            return value
        if isinstance(value, Parameter):
            return value if not value.path else None
        if isinstance(at.node, x.Call):
            found = (self._source(At(argument.value, at.scope)) for argument in at.node.arguments)
            return next((source for source in found if source is not None), None)
        if isinstance(at.node, x.Choice):
            return self._source(At(at.node.yes, at.scope)) or self._source(At(at.node.no, at.scope))
        return None

    def _pairs(self, at: At) -> dict[str, At]:
        """Return the values of an object in which variables are handed over one by one."""
        at = defined(at)
        if not isinstance(at.node, x.Mapping):
            return {}
        found = {e.key.text: At(e.value, at.scope) for e in at.node.entries if isinstance(e.key, x.Text)}
        return found if any(env_names(self.evaluator.evaluate(v.node, v.scope)) for v in found.values()) else {}


def _is_curried(call: x.Call, scope: Scope) -> bool:
    """Return whether a call is that of a parser that another call made."""
    if isinstance(call.callee, x.Member):
        return False
    callee = defined(At(call.callee, scope)).node
    return isinstance(callee, x.Call) and last_word(callee.callee) in _MAKE_PARSERS


def _may_be_schema(at: At) -> bool:
    return isinstance(at.node, x.Name | x.Member | x.Call | x.Mapping)


def _or_default(handed: Value, default: Value | None) -> Value:
    return handed if default is None else with_default(handed, default)
