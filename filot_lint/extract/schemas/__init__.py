"""Schemas and settings classes: an object or class whose keys are variable names.

`objects` reads what schema libraries put together, `fields` one field of them, `documents` schemas that are plain
objects, `parsing` which calls use them; `classes` reads settings classes, `links` says what other files need to know.
"""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.touch import Touch
from filot_lint.extract.schemas.classes import Classes
from filot_lint.extract.schemas.decorated import decorated
from filot_lint.extract.schemas.entry import Entry, Part
from filot_lint.extract.schemas.links import exported, used
from filot_lint.extract.schemas.objects import Objects
from filot_lint.extract.schemas.parsing import Parse, Parsing, Source
from filot_lint.facts import DecoratedField, Fact
from filot_lint.source import Location
from filot_lint.syntax import expression as x
from filot_lint.values import Environment, Literal, Value, env_names

__all__ = ["Entry", "Schemas"]


class Schemas:
    """Reads schemas of one file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Schemas are evaluated with the file's values."""
        self.evaluator = evaluator
        self.classes = Classes(evaluator)
        self.objects = Objects(evaluator, self.classes)
        self.parsing = Parsing(evaluator, self.objects)
        self.of_fields = self.classes.of_fields
        self.of_parsed = self.parsing.value
        self._parts: list[tuple[Part, Source]] = []
        self._fields: list[DecoratedField] = []
        self._handed: list[tuple[Location, Entry]] = []
        evaluator.settings = self

    def of_call(self, call: x.Call, callee: Value, scope: Scope) -> Iterator[tuple[Source, Entry]]:
        """Yield the variables that a call reads through a schema, each with what it is read from."""
        preset = self.evaluator.models.presets.get(self.evaluator.qualified(callee) or "")
        for name in preset.names if preset is not None else ():
            yield Environment(preset.via if preset is not None else ""), Entry(name, call.span, None, required=True)
        for parse in self.parsing.of(call, callee, scope):
            if parse.whole:
                self._parts.extend((part, parse.source) for part in parse.shape.parts)
            for entry in parse.shape.entries:
                if self._is_key(parse, entry):
                    yield parse.source, entry

    def _is_key(self, parse: Parse, entry: Entry) -> bool:
        """Return whether a key is itself the name of a variable, not of something handed over for it."""
        at = parse.values.get(entry.name)
        if at is None:
            return parse.whole
        value = self.evaluator.evaluate(at.node, at.scope)
        names = env_names(value)
        if names:
            self._handed.append((self.evaluator.source.locate(at.node.span), entry))
        return parse.whole and (entry.name in names if names else not isinstance(value, Literal))

    def of_class(self, node: x.Class, scope: Scope) -> Iterator[tuple[Environment, Entry]]:
        """Yield the variables that a class of settings reads."""
        if self.evaluator.python:
            yield from self.classes.of_class(node, scope)
        else:
            self._fields.extend(decorated(self.evaluator, node, scope))

    def callbacks(self, call: x.Call, callee: Value, scope: Scope) -> Iterator[tuple[x.Call, Value]]:
        """Yield the functions that a call hands the environment to, each as the call that will be made of it."""
        model = self.evaluator.models.callbacks.get(self.evaluator.qualified(callee) or "")
        found = self.evaluator.argument_expression(call, model.function, scope) if model is not None else None
        if found is not None:
            span = call.span
            environment = x.Member(span, x.Name(span, "process"), "env", span)
            yield x.Call(span, call.callee, [x.Argument(span, environment)]), found[1]

    def settle(self, touches: list[Touch]) -> None:
        """Write what a schema says of a variable that is handed to it into the touch that reads the variable."""
        for place, entry in self._handed:
            for touch in touches:
                if touch.access == "read" and touch.default is None and _within(touch.place, place):
                    touch.default = entry.default
                    touch.required = entry.required

    def linked(self, module: x.Module) -> list[Fact]:
        """Return what other files need to know of the schemas here, and what is to be looked up in others."""
        parts = used(self.evaluator, self._parts)
        return [
            *parts,
            *exported(self.objects, module),
            *self.classes.facts(),
            *self.classes.env_files(),
            *self._fields,
        ]


def _within(inner: Location, outer: Location) -> bool:
    start, end = (inner.line, inner.column), (inner.end_line, inner.end_column)
    return (outer.line, outer.column) <= start and end <= (outer.end_line, outer.end_column)
