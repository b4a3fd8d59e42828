"""Calls that the models say read or write variables."""

from __future__ import annotations

import re

import msgspec

from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.casts import cast_of
from filot_lint.extract.reads.context import Context, Recorder, Touched
from filot_lint.extract.reads.given import Given
from filot_lint.extract.reads.logs import dotted
from filot_lint.extract.reads.reader_keys import key_of
from filot_lint.facts import Access
from filot_lint.models import ReadModel
from filot_lint.syntax import expression as x
from filot_lint.values import Environment, Literal, Record, Value, join


class Readers:
    """Visits modelled calls; one per file."""

    def __init__(self, given: Given, recorder: Recorder) -> None:
        """Take who visits arguments."""
        self.given = given
        self.visitor = given.visitor
        self.evaluator = given.evaluator
        self.recorder = recorder

    def read(
        self, call: x.Call, reader: ReadModel, environment: Environment, scope: Scope, context: Context
    ) -> Touched:
        """Visit a call that reads, writes, tests or deletes a variable."""
        found = key_of(self.evaluator, call, reader, scope)
        if found is None:
            self.given.visit(call, scope, context)
            return ()
        expression, key = found
        for argument in call.arguments:
            if argument.value is not expression:
                self.visitor.expression(argument.value, scope, context.fresh())
        if reader.only and isinstance(key, Literal) and re.fullmatch(reader.only, key.text) is None:
            return ()
        default = self.evaluator.argument(call, reader.default, scope) if reader.default else None
        if default is None:
            default = self._scheme(call, key, scope)[1]
        cast = self._cast(call, key, scope)
        context = context._replace(cast=context.cast or cast, parsed=cast == "boolean")
        if isinstance(call.callee, x.Member) and call.callee.name == "pop" and len(call.arguments) == 1:
            context = context._replace(raises=True)
        direct = expression is None or isinstance(expression, x.Text)
        access: Access | None = reader.access if reader.access != "read" else None
        if reader.also:
            other = join([key, Literal(reader.also)])
            optional = msgspec.structs.replace(reader, required=False)
            self.recorder.read(other, environment, call.span, context, optional, direct=direct)
        return (
            self.recorder.read(key, environment, call.span, context, reader, default, direct=direct, access=access),
        )

    def written(self, call: x.Call, environment: Environment, scope: Scope, context: Context) -> None:
        """Visit a call that sets several variables at once."""
        for argument in call.arguments:
            value = self.evaluator.evaluate(argument.value, scope)
            if isinstance(value, Environment):
                continue
            self.visitor.expression(argument.value, scope, context.fresh())
            if environment.copy:
                continue
            if argument.name == "clear":
                continue
            if argument.name is not None and not argument.spread:
                key = Literal(argument.name, "string", self.evaluator.source.locate(argument.span))
                self.recorder.read(key, environment, argument.span, context, access="write")
            elif isinstance(value, Record):
                for name, place in value.keys_at:
                    key = Literal(name, "string", place)
                    self.recorder.read(key, environment, argument.span, context, direct=False, access="write")

    def _cast(self, call: x.Call, key: Value, scope: Scope) -> str | None:
        """Return what a reader makes of the text: `env.int("X")`, `config("X", cast=int)`, a type of the scheme."""
        said = next((a.value for a in call.arguments if a.name in {"cast", "type"}), None)
        said = self._scheme(call, key, scope)[0] if said is None else said
        if said is not None:
            name = dotted(said.callee if isinstance(said, x.Call) else said)
            return cast_of(name) or cast_of(name.rpartition(".")[2])
        return cast_of(call.callee.name) if isinstance(call.callee, x.Member) else None

    def _scheme(self, call: x.Call, key: Value, scope: Scope) -> tuple[x.Expression | None, Value | None]:
        """Return type and default that the object was made with: `Env(DEBUG=(bool, False))`."""
        owner = call.callee.object if isinstance(call.callee, x.Member) else call.callee
        bindings = scope.lookup(owner.id) if isinstance(owner, x.Name) else None
        made = bindings[0].expression if bindings is not None and len(bindings) == 1 else None
        if bindings is None or not isinstance(made, x.Call) or not isinstance(key, Literal):
            return None, None
        entry = next((a.value for a in made.arguments if a.name == key.text), None)
        if isinstance(entry, x.Array) and len(entry.items) == 2:  # noqa: PLR2004
            return entry.items[0], self.evaluator.evaluate(entry.items[1], bindings[0].scope)
        return (entry, None) if isinstance(entry, x.Name) else (None, None)
