"""Expressions to values: constant folding, aliases, destructuring, look-ups and calls inside one file.

What needs another file stays a `Ref`, what needs a caller a `Parameter`; both are resolved later. `Evaluator` knows
names and members; its parts, a module each, know calls, methods, functions, classes and operators.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from filot_lint.extract.evaluation.calls import CASTS, Calls
from filot_lint.extract.evaluation.changes import Changes
from filot_lint.extract.evaluation.classes import Classes
from filot_lint.extract.evaluation.comprehensions import Comprehensions
from filot_lint.extract.evaluation.frames import Frames
from filot_lint.extract.evaluation.functions import Functions
from filot_lint.extract.evaluation.guards import Guards
from filot_lint.extract.evaluation.kept import Kept
from filot_lint.extract.evaluation.keys import Keys, told
from filot_lint.extract.evaluation.methods import TEXT_METHODS, Methods
from filot_lint.extract.evaluation.names import Names
from filot_lint.extract.evaluation.operators import Operators
from filot_lint.extract.evaluation.prefixes import Prefixes
from filot_lint.extract.evaluation.scopes import Scope, Scopes
from filot_lint.extract.libraries.injected import Injected
from filot_lint.extract.libraries.selection import Selection
from filot_lint.models import Models
from filot_lint.source import Oracle, SourceFile
from filot_lint.syntax import expression as x
from filot_lint.values import (
    NULL,
    UNKNOWN,
    Callable,
    Coalesce,
    Env,
    Environment,
    Instance,
    Join,
    Literal,
    Record,
    Ref,
    Sequence,
    Value,
    bounded,
    coalesce,
    item_at,
    join,
    looked_up,
    member,
    variable,
)

__all__ = ["CASTS", "TEXT_METHODS", "Evaluator"]

MAX_EACH = 256
_DEPTH = 60
_APART = 3
_TRIES = 4
_STEPS = 2_000
"""What one question may cost; mutually recursive functions would otherwise be followed along every path."""


class SettingsReader(Protocol):
    """Who knows the classes and schemas whose fields are variables."""

    def of_fields(self, node: x.Class) -> dict[str, Value]:
        """Return the fields of a settings class, none for other classes."""

    def of_parsed(self, call: x.Call, callee: Value, scope: Scope) -> Value | None:
        """Return what a schema makes of the environment, None for other calls."""


class Evaluator:
    """Answers what an expression can be, for one file."""

    def __init__(self, source: SourceFile, scopes: Scopes, models: Models, oracle: Oracle | None = None) -> None:
        """Nothing is evaluated yet; an oracle is asked for whatever the file does not show."""
        self.source = source
        self.oracle = oracle
        self.scopes = scopes
        self.models = models
        self.python = scopes.python
        self.settings: SettingsReader | None = None
        self.cuts = 0
        """How often an answer was cut short because it needs itself; such answers are not kept."""
        self.frames = Frames()
        self._busy: set[tuple[int, int]] = set()
        self._tries: dict[tuple[int, int], int] = {}
        self._depth = 0
        self._steps = 0
        self._apart = 0
        self.selection = Selection(self)
        self.argument = self.selection.argument
        self.argument_expression = self.selection.argument_expression
        self.called = self.selection.called
        self.functions = Functions(self)
        self.apply = self.functions.apply
        self.rest = self.functions.rest
        self.pick = self.functions.pick
        self.returned = self.functions.returned
        self.return_statements = self.functions.return_statements
        self.names = Names(self)
        self.prefixes = Prefixes(self)
        self.named = self.names.named
        self.binding = self.names.binding
        self.of_type = self.names.of_type
        self.classes = Classes(self)
        self.class_record = self.classes.record
        self.guards = Guards(self)
        self.operators = Operators(self)
        self.methods = Methods(self)
        self.changes = Changes(self)
        self.comprehensions = Comprehensions(self)
        self.elements = self.comprehensions.elements
        self.each = self.comprehensions.each
        self.kept = Kept(self)
        self.kept_keys = self.kept.keys
        self.key = Keys(self).of
        self.injected = Injected(self)
        self.calls = Calls(self)
        self.read = self.calls.read

    # Names ----------------------------------------------------------------------------------------------------------

    def qualified(self, value: Value | None) -> str | None:
        """Return the name models use: `os.environ` in Python; `process.env` or `ioredis#default` in TypeScript."""
        if not isinstance(value, Ref) or "()" in value.path:
            return None
        path = ".".join(value.path)
        if self.python or not value.module:
            return f"{value.module}.{path}".strip(".")
        return f"{value.module}#{path}"

    def ref(self, module: str, path: tuple[str, ...]) -> Value:
        """Return what stands at a path in a module, the environment where the models say so."""
        value = Ref(module, path)
        name = self.qualified(value)
        via = self.models.environments.get(name or "")
        return value if via is None else Environment(via)

    # Expressions ----------------------------------------------------------------------------------------------------

    def evaluate(self, expression: x.Expression | None, scope: Scope) -> Value:
        """Return what an expression can be; `Unknown` for loops and beyond the depth limit."""
        if expression is None:
            return UNKNOWN
        frame = self.frames.current
        if frame.outer is not None and frame is not (around := self.frames.around(expression)):
            with self.frames.inside(around):
                return self.evaluate(expression, scope)
        key = (id(expression), id(scope))
        known = frame.memo.get(key)
        if known is not None:
            return known
        if not self._depth:
            self._steps = 0
        self._steps += 1
        if self._depth > _DEPTH or self._steps > _STEPS:
            return UNKNOWN
        if key in self._busy:
            self.cuts += 1
            return UNKNOWN
        cuts = self.cuts
        self._busy.add(key)
        self._depth += 1
        try:
            value = self._evaluate(expression, scope)
        finally:
            self._busy.discard(key)
            self._depth -= 1
        if self.oracle is not None:
            value = told(self.oracle, self.source, expression, value)
        if isinstance(value, Coalesce | Join | Env):
            value = bounded(value)
        if cuts == self.cuts or not self._depth or self._is_tried_enough(key):
            frame.memo[key] = value
        return value

    def _is_tried_enough(self, key: tuple[int, int]) -> bool:
        """Return whether an answer that needs itself has been sought often enough; another try would cost, not add."""
        self._tries[key] = self._tries.get(key, 0) + 1
        return self._tries[key] >= _TRIES

    def part(self, expression: x.Expression | None, scope: Scope) -> Value:
        """Return one part of a list or object; what its neighbours cost does not count against it."""
        steps = self._steps
        value = self.evaluate(expression, scope)
        self._steps = steps
        return value

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Answer what is asked inside as questions of their own: a schema with many fields is no deep expression."""
        kept = self._depth, self._steps
        nested = self._apart < _APART
        self._apart += 1
        if nested:
            self._depth = 0
        try:
            yield
        finally:
            self._apart -= 1
            self._depth, self._steps = kept

    @property
    def exhausted(self) -> bool:
        """Whether the question that is answered now has cost too much already."""
        return self._steps > _STEPS

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
            case x.Name(id=name, span=span):
                return self.prefixes.applied(self.named(name, scope, span.start), span)
            case x.Member(object=target, name=name):
                own = self.classes.member(target, name, scope)
                return self.member(self.evaluate(target, scope), name) if own is None else own
            case x.Index(object=target, key=key):
                found = self.evaluate(target, scope)
                asked = self.key if isinstance(found, Environment) else self.evaluate
                return self.index(found, asked(key, scope))
            case x.Assertion(value=inner) | x.Spread(value=inner) | x.Unary(operator="+", operand=inner):
                return self.evaluate(inner, scope)
            case x.Binary():
                return self.operators.binary(expression, scope)
            case x.Choice():
                return self.operators.choice(expression, scope)
            case x.Array(items=items):
                return self.operators.array(items, scope)
            case x.Mapping(entries=entries):
                return self.operators.mapping(entries, scope)
            case x.Lambda(function=function):
                return Callable(self.scopes.key(function))
            case x.ClassValue(body=body):
                return self.class_record(body)
            case x.Inline(statement=statement):
                return self.evaluate(statement.value, scope)
            case x.Comprehension():
                return self.comprehensions.comprehension(expression, scope)
            case x.Call():
                return self.calls.value(expression, scope)
            case _:
                return UNKNOWN

    # Members --------------------------------------------------------------------------------------------------------

    def member(self, value: Value, name: str) -> Value:
        """Return `value.name`; a member of a module may be the environment."""
        if isinstance(value, Ref):
            found = self.ref(value.module, (*value.path, name))
            return Ref(value.module, (*value.path, name), value.arguments) if isinstance(found, Ref) else found
        if isinstance(value, Coalesce):
            return coalesce([self.member(part, name) for part in value.options])
        if isinstance(value, Instance):
            made = self.models.made_by(value.type, name)
            return UNKNOWN if made is None else Instance(made, value.subject, value.at)
        if isinstance(value, Record):
            return self.classes.entry(value, name)
        if isinstance(value, Environment) and self.python:
            return Ref("os", ("environ", name)) if value.via == "os.environ" and not value.prefix else UNKNOWN
        return member(value, name)

    def index(self, value: Value, key: Value) -> Value:
        """Return `value[key]`; any entry where the key is not known."""
        if isinstance(value, Environment):
            return variable(key, value.prefix)
        if isinstance(key, Literal) and key.type == "string":
            return self.member(value, key.text)
        if isinstance(key, Literal) and key.text.isdigit():
            return item_at(value, int(key.text))
        if isinstance(value, Record):
            return looked_up(value, key)
        if isinstance(value, Sequence):
            return coalesce(list(value.items[:MAX_EACH]))
        return UNKNOWN
