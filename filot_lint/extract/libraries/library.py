"""Calls of modelled libraries to facts: Redis, queues, object storage, Temporal, databases, secrets, listeners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

import msgspec

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.libraries.arguments import Arguments
from filot_lint.extract.libraries.headers import Headers
from filot_lint.extract.libraries.meaning import Meaning
from filot_lint.extract.place import place_at
from filot_lint.facts import (
    Fact,
    Guard,
    MethodCall,
    ObjectStoreOperation,
)
from filot_lint.models import CallModel
from filot_lint.source import Language, Location, SourceFile
from filot_lint.syntax import expression as x
from filot_lint.values import (
    UNKNOWN,
    Callable,
    Instance,
    Parameter,
    Record,
    Ref,
    Unknown,
    Value,
    coalesce,
    inherited,
)

RECEIVER = Parameter("@", 0)
"""What an object is about that another file makes."""


class Library:
    """Turns calls into facts, for one file."""

    def __init__(self, source: SourceFile, evaluator: Evaluator) -> None:
        """Nothing is found yet."""
        self.source = source
        self.evaluator = evaluator
        self.scopes = evaluator.scopes
        self.injected = evaluator.injected
        self.meaning = Meaning(source)
        self.headers = Headers(evaluator)
        self.models = evaluator.models
        self.family = "python" if source.language is Language.PYTHON else "typescript"
        self.elsewhere: list[Fact] = []
        self._found: list[Fact] = []
        self._signed: dict[Location, Fact] = {}
        self._sent: dict[Location, Value | None] = {}

    @property
    def facts(self) -> list[Fact]:
        """What was found; a command that is only made to be signed is no operation of its own."""
        return [*self._operations(), *self.headers.facts]

    def _operations(self) -> Iterator[Fact]:
        """Yield what was found, commands with the client that sends them, signatures with what the command asks for."""
        commands = {f.location: f for f in self._found if isinstance(f, ObjectStoreOperation) and not f.presign}
        asked = {id(fact): commands[at].options for at, fact in self._signed.items() if at in commands}
        for fact in self._found:
            if not isinstance(fact, ObjectStoreOperation):
                yield fact
            elif fact.presign:
                yield msgspec.structs.replace(fact, options=fact.options or asked.get(id(fact)))
            elif fact.location in self._sent or fact.location not in self._signed:
                yield msgspec.structs.replace(fact, client=fact.client or self._sent.get(fact.location))

    def call(self, call: x.Call, callee: Value, scope: Scope, guard: Guard = "always") -> None:
        """Record what a call means to the models, on the branch that it stands on."""
        self.meaning.guard = guard
        arguments = Arguments(call, scope, self.evaluator)
        name = self.evaluator.qualified(callee)
        names = self._base(call, scope) or ([name] if name is not None else [])
        called = [alias for one in names for alias in dict.fromkeys((self.evaluator.called(one, call, scope), one))]
        models = [model for alias in called for model in self.models.calls.get(alias, [])]
        found = self.meaning.of(arguments, models, name or "")
        self._found.extend(found)
        self.headers.call(call, scope)
        signing = next((f for f in found if isinstance(f, ObjectStoreOperation) and f.presign), None)
        self._commands(arguments, signing)
        if isinstance(call.callee, x.Member) and not models and not isinstance(callee, Callable):
            self._method(arguments, call.callee)

    def _base(self, call: x.Call, scope: Scope) -> list[str]:
        """Return the names of the classes whose constructor `super(...)` calls, through mixins too."""
        match call.callee:
            case x.Name(id="super") if not self.evaluator.python:
                owner = scope.enclosing_class()
            case x.Member(object=x.Call(callee=x.Name(id="super")), name="__init__"):
                owner = scope.enclosing_class()
            case _:
                return []
        if owner is None:
            return []
        outer = self.scopes.of(owner).parent or scope
        values = [self.evaluator.evaluate(base.value, outer) for base in owner.bases]
        mixed = [inner for value in values if isinstance(value, Ref) for inner in (value, *value.arguments)]
        return [name for value in mixed if (name := self.evaluator.qualified(value)) is not None]

    def setting(self, call: x.Call, models: list[CallModel], scope: Scope, guard: Guard = "always") -> None:
        """Record what a setting that a framework reads means, on the branch that it stands on."""
        self.meaning.guard = guard
        self._found.extend(self.meaning.of(Arguments(call, scope, self.evaluator), models, ""))

    def _method(self, arguments: Arguments, callee: x.Member) -> None:
        """Record what a method means: now if its object is made here, else for each kind of object it may be."""
        aliases = dict.fromkeys((self.evaluator.called(callee.name, arguments.call, arguments.scope), callee.name))
        found = list(self.injected.kinds(callee.object, arguments.scope))
        classes = [kind for kind in found if isinstance(kind, Record) and kind.get(callee.name) is None]
        kinds = [*found, *(base for record in classes for base in inherited(record))]
        made = next((kind for kind in kinds if isinstance(kind, Instance)), None)
        if made is not None:
            arguments.subject, arguments.client = made.subject or UNKNOWN, made
            self._found.extend(self.meaning.of(arguments, self._members(made.type, aliases), callee.name, method=True))
            return
        if any(isinstance(kind, Record) and kind.get(callee.name) is not None for kind in kinds):
            return
        unknown = any(isinstance(kind, Ref | Parameter | Unknown | Callable) for kind in kinds)
        usual = [m for alias in aliases for m in self._usual(callee.object, alias)] if unknown else []
        otherwise = self.meaning.usual(arguments, usual, callee.name)
        elsewhere = [kind for kind in kinds if isinstance(kind, Ref) and kind.module]
        if not elsewhere:
            self._found.extend(otherwise)
            return
        arguments.subject = RECEIVER
        meanings = {
            label: self.meaning.of(arguments, self._members(label, aliases), callee.name, method=True)
            for label in dict.fromkeys(n for alias in aliases for n in self.models.labels.get((self.family, alias), []))
        }
        if otherwise or any(meanings.values()):
            self.elsewhere.append(
                MethodCall(
                    **place_at(self.source, self.source.locate(arguments.call.span)),
                    guard=self.meaning.guard,
                    receiver=coalesce(list[Value](elsewhere)),
                    method=callee.name,
                    meanings=tuple((label, tuple(facts)) for label, facts in meanings.items() if facts),
                    otherwise=tuple(otherwise),
                )
            )

    def _members(self, label: str, aliases: Iterable[str]) -> list[CallModel]:
        return [model for alias in aliases for model in self.models.member_calls.get((label, alias), [])]

    def _commands(self, arguments: Arguments, signing: Fact | None) -> None:
        """Remember the commands that a call is given: to sign them, or to send them."""
        for argument in arguments.call.arguments:
            value = self.evaluator.evaluate(argument.value, arguments.scope)
            if isinstance(value, Instance) and value.at is not None and signing is not None:
                self._signed[value.at] = signing
            elif isinstance(value, Instance) and value.at is not None:
                self._sent[value.at] = self._sender(arguments)

    def _sender(self, arguments: Arguments) -> Value | None:
        """Return the object whose method is called, made here or in another file."""
        if not isinstance(arguments.call.callee, x.Member):
            return None
        kinds = self.injected.kinds(arguments.call.callee.object, arguments.scope)
        found = [kind for kind in kinds if isinstance(kind, Instance | Ref)]
        return coalesce(list[Value](found)) if found else None

    def _usual(self, expression: x.Expression, method: str) -> list[CallModel]:
        """Return what a method means on any object, or on objects with such a name."""
        found = self.models.any_receiver.get((self.family, method), [])
        name = _last_word(expression)
        return [
            model
            for model in found
            if not model.receivers or any(fnmatchcase(name, pattern) for pattern in model.receivers)
        ]


def _last_word(expression: x.Expression) -> str:
    if isinstance(expression, x.Member):
        return expression.name
    return expression.id if isinstance(expression, x.Name) else ""
