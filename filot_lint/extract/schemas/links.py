"""Schemas across files: what others need to know of those here, and what is to be looked up in others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at
from filot_lint.extract.redact import default_of, redact
from filot_lint.extract.schemas.documents import members
from filot_lint.extract.schemas.entry import At, Part, Shape, defined, last_word
from filot_lint.extract.schemas.objects import Objects
from filot_lint.extract.schemas.parsing import Source
from filot_lint.facts import Fact, Schema, SchemaField, SchemaPart, SchemaUse, Wrapper
from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import Env, Environment

_NOWHERE = Span(0, 0, 0, 0, 0, 0)


def used(evaluator: Evaluator, parts: Iterable[tuple[Part, Source]]) -> Iterator[Fact]:
    """Yield the uses of schemas that other files hold; what a parameter is parsed by, callers read."""
    for part, source in parts:
        place = place_at(evaluator.source, evaluator.source.locate(part.span))
        if isinstance(source, Environment):
            yield SchemaUse(**place, schema=_part(part), environment=source)
        elif source.function in evaluator.scopes.functions:
            function = evaluator.scopes.functions[source.function]
            names = tuple(p.target.id if isinstance(p.target, x.Name) else "" for p in function.parameters)
            yield Wrapper(
                **place, function=source.function, parameters=names, environment=source.index, schema=_part(part)
            )


def exported(objects: Objects, module: x.Module) -> Iterator[Fact]:
    """Yield the schemas that other files may use."""
    if objects.evaluator.python:
        return
    for name, at in _exports(module, objects.evaluator.scopes.module):
        shape = objects.guessed(at)
        if shape.entries or shape.parts:
            yield _schema(objects.evaluator, name, shape, defined(at).node.span)


def _exports(module: x.Module, scope: Scope) -> Iterator[tuple[str, At]]:
    """Yield what a file exports, also by `module.exports = {...}` and `exports.name = ...`."""
    for name, local in module.exports.items():
        yield name, At(x.Name(_NOWHERE, local), scope)
    for statement in module.body:
        if isinstance(statement, x.Assign) and isinstance(statement.target, x.Member) and statement.value is not None:
            owner, at = last_word(statement.target.object), At(statement.value, scope)
            if owner == "module" and statement.target.name == "exports":
                yield "default", at
                yield from members(at).items()
            elif owner == "exports":
                yield statement.target.name, at


def _schema(evaluator: Evaluator, name: str, shape: Shape, span: Span) -> Schema:
    fields = tuple(
        SchemaField(
            name=entry.name,
            at=evaluator.source.locate(entry.place),
            value=redact(Env(entry.name, entry.default), entry.name) or Env(entry.name),
            default=default_of(entry.name, entry.default),
            required=entry.required,
            cast=entry.cast,
            truth=entry.truth,
        )
        for entry in shape.entries
    )
    place = place_at(evaluator.source, evaluator.source.locate(span))
    return Schema(**place, name=name, fields=fields, parts=tuple(_part(part) for part in shape.parts))


def _part(part: Part) -> SchemaPart:
    kept = tuple(sorted(part.kept)) if part.kept is not None else None
    return SchemaPart(ref=part.ref, kept=kept, dropped=tuple(sorted(part.dropped)), loose=part.loose)
