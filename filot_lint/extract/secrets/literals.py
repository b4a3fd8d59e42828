"""Texts in the source that may be secrets; only what they look like is kept."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.guards import Guards
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at
from filot_lint.extract.secrets.parts import within
from filot_lint.extract.secrets.words import last_word
from filot_lint.facts import Guard, SecretLiteral
from filot_lint.secrets import credential_of, shape_of
from filot_lint.suspicion import suspected
from filot_lint.syntax import expression as x

EXAMPLES = frozenset({"example", "examples"})
"""Arguments and keys that show the readers of a schema what a value looks like."""


class Literals:
    """Looks through the texts of one file."""

    def __init__(self, evaluator: Evaluator, guards: Guards) -> None:
        """Take the file and who knows its branches."""
        self.source = evaluator.source
        self.scopes = evaluator.scopes
        self.guards = guards

    def facts(self, body: list[x.Statement]) -> Iterator[SecretLiteral]:
        """Yield the texts of a file that may be secrets."""
        if suspected(self.source.data):
            yield from self._statements(body, self.scopes.module, "always")

    def _statements(self, body: list[x.Statement], scope: Scope, guard: Guard) -> Iterator[SecretLiteral]:
        for statement in body:
            match statement:
                case x.If(test=test, then=then, otherwise=otherwise):
                    holds, fails = self.guards.of(test, scope), self.guards.otherwise(test, scope)
                    yield from self._expressions([x.Evaluate(test.span, test)], guard)
                    inner = self.scopes.opens(statement, 0, scope)
                    yield from self._statements(then, inner, holds if holds != "always" else guard)
                    inner = self.scopes.opens(statement, 1, scope)
                    yield from self._statements(otherwise, inner, fails if fails != "always" else guard)
                case x.Loop(body=inside) | x.Block(body=inside):
                    yield from self._statements(inside, self.scopes.opens(statement, 0, scope), guard)
                case x.Function(body=inside, parameters=parameters):
                    for parameter in parameters:
                        if isinstance(parameter.default, x.Text):
                            yield from self._text(parameter.default, last_word_of(parameter.target), guard)
                    yield from self._statements(inside, self.scopes.of(statement), guard)
                case x.Class(body=inside):
                    yield from self._statements(inside, self.scopes.of(statement), guard)
                case _:
                    yield from self._expressions([statement], guard)

    def _expressions(self, statements: list[x.Statement], guard: Guard) -> Iterator[SecretLiteral]:
        names: dict[int, str | None] = {}
        shown: set[int] = set()
        for statement in statements:
            if isinstance(statement, x.Assign):
                _bind(statement.value, last_word_of(statement.target), names)
        for part in within(statements):
            match part:
                case x.Mapping(entries=entries):
                    for entry in entries:
                        if isinstance(entry.key, x.Text) and entry.key.text in EXAMPLES:
                            shown.update(id(text) for text in _texts(entry.value))
                        elif isinstance(entry.key, x.Text):
                            _bind(entry.value, entry.key.text, names)
                case x.Call(arguments=arguments):
                    for argument in arguments:
                        if argument.name in EXAMPLES:
                            shown.update(id(text) for text in _texts(argument.value))
                        elif argument.name is not None:
                            _bind(argument.value, argument.name, names)
                case x.Text() if id(part) not in shown:
                    yield from self._text(part, names.get(id(part)), guard)
                case _:
                    pass

    def _text(self, text: x.Text, name: str | None, guard: Guard) -> Iterator[SecretLiteral]:
        form = credential_of(text.text, name)
        if form is not None:
            yield SecretLiteral(
                **place_at(self.source, self.source.locate(text.span)),
                guard=guard,
                form=form,
                shape=shape_of(text.text),
                length=len(text.text),
                name=name[:80] if name is not None else None,
            )


def _texts(value: x.Expression | None) -> Iterator[x.Expression]:
    """Yield a text, or the texts of a list."""
    yield from value.items if isinstance(value, x.Array) else [] if value is None else [value]


def _bind(value: x.Expression | None, name: str | None, names: dict[int, str | None]) -> None:
    """Remember what a text is bound to, also as the fallback of something, or made bytes."""
    match value:
        case x.Text():
            names[id(value)] = name
        case x.Binary(operator="or" | "coalesce", right=right):
            _bind(right, name, names)
        case x.Assertion(value=inner):
            _bind(inner, name, names)
        case x.Call(callee=x.Member(object=x.Text() as text)):
            names[id(text)] = name
        case x.Call(arguments=[x.Argument(value=x.Text() as text), *_]):
            names[id(text)] = name
        case _:
            pass


def last_word_of(target: x.Pattern) -> str | None:
    """Return the name that an assignment or a parameter binds."""
    return last_word(target) if isinstance(target, x.Name | x.Member | x.Index) else None
