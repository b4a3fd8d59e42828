"""What a model's selector picks from a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.models import Selector
from filot_lint.syntax import expression as x
from filot_lint.values import (
    NULL,
    UNKNOWN,
    Callable,
    Coalesce,
    Instance,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Value,
    coalesce,
    options,
)

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator


class Selection:
    """Looks up arguments by position, keyword and setting."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the values that arguments are evaluated with."""
        self.evaluator = evaluator

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
            expression = select(call, path[0])
            value = (
                self.evaluator.evaluate(expression, scope)
                if expression is not None
                else self._spread(call, path[0], scope)
            )
            if value is None:
                continue
            if len(path) == 1 and isinstance(value, Record) and any(p[0] == path[0] and p[1:] for p in selector):
                continue
            if len(path) > 1:
                expression, value = None, self.inside(value, path[1:])
            if value == UNKNOWN:
                continue
            if len(path) > 1 and isinstance(value, Ref):
                uncertain.append(value)
                continue
            return (expression, value) if not uncertain else (None, coalesce([*uncertain, value]))
        return (None, coalesce(uncertain)) if uncertain else None

    def called(self, name: str, call: x.Call, scope: Scope) -> str:
        """Return the name models use for a call: `boto3.client(s3)`, `register(@fastify/jwt#default)`."""
        if name not in self.evaluator.models.by_argument or not call.arguments:
            return name
        first = self.evaluator.evaluate(call.arguments[0].value, scope)
        chosen = first.text if isinstance(first, Literal) else self.evaluator.qualified(first)
        return f"{name}({chosen})" if chosen is not None else name

    def collected(self, call: x.Call, scope: Scope) -> Record:
        """Return the keyword arguments of a call that only collects them."""
        named = tuple((a.name, self.evaluator.evaluate(a.value, scope)) for a in call.arguments if a.name is not None)
        return Record(named, open=any(a.spread or a.name is None for a in call.arguments))

    def inside(self, value: Value, path: tuple[str, ...]) -> Value:
        """Return what stands at a path in an argument; `*` is each element of a list."""
        for index, step in enumerate(path):
            lists = [option for option in options(value) if option != NULL] if step == "*" else []
            if lists and all(isinstance(option, Sequence | Record) for option in lists):
                parts = [part for option in lists for part in _parts(option)]
                found = [item for part in parts if (item := self.inside(part, path[index + 1 :])) != UNKNOWN]
                more = len(found) < len(parts) or any(isinstance(o, Sequence) and o.open for o in lists)
                return Sequence(tuple(found), more) if found else UNKNOWN
            value = self._setting(value, step)
        return value

    def made(self, label: str, name: str, call: x.Call, scope: Scope, receiver: Instance | None = None) -> Instance:
        """Return the object that a modelled call makes, with what the call says that it is about."""
        places, otherwise = self.evaluator.models.subjects.get(name, ((), ""))
        subject = self.argument(call, places, scope) if places else None
        if subject is None and otherwise:
            subject = Literal(otherwise)
        if subject is None and receiver is not None:
            subject = receiver.subject
        if receiver is not None and label != name:
            return Instance(label, subject, receiver.at)
        return Instance(label, subject, self.evaluator.source.locate(call.span))

    def _setting(self, value: Value, step: str) -> Value:
        """Return one setting of an options object, unknown when it is not given."""
        if isinstance(value, Instance) and step == "@":
            return value.subject or UNKNOWN
        if isinstance(value, Callable) and value.function in self.evaluator.scopes.functions:
            value = self.evaluator.returned(value.function)
        if isinstance(value, Record):
            return value.get(step) or UNKNOWN
        if isinstance(value, Coalesce | Ref | Parameter | Sequence):
            return self.evaluator.member(value, step)
        return UNKNOWN

    def _spread(self, call: x.Call, name: str, scope: Scope) -> Value | None:
        for argument in call.arguments:
            if argument.spread:
                value = self.evaluator.evaluate(argument.value, scope)
                given = [option.get(name) for option in options(value) if isinstance(option, Record)]
                found = [entry for entry in given if entry is not None]
                if found:
                    return coalesce(found)
        return None


def select(call: x.Call, selector: str) -> x.Expression | None:
    """Return the argument at a position or with a keyword; `-1` is the last one of several.

    `word-NX` is the constant text NX among the positions, `after-EX` what stands behind the constant text EX.
    """
    if selector.startswith(("word-", "after-")):
        return _word(call, *selector.split("-", 1))
    if selector == "-1":
        positional = [a for a in call.arguments if a.name is None]
        return positional[-1].value if len(positional) > 1 and not positional[-1].spread else None
    if selector.isdigit():
        index = int(selector)
        positional = [a for a in call.arguments if a.name is None]
        if any(a.spread for a in positional[: index + 1]):
            return None
        return positional[index].value if index < len(positional) else None
    return next((a.value for a in call.arguments if a.name == selector), None)


def _word(call: x.Call, which: str, word: str) -> x.Expression | None:
    values = [a.value for a in call.arguments if a.name is None and not a.spread]
    at = next((i for i, v in enumerate(values) if i and isinstance(v, x.Text) and v.text.upper() == word), None)
    index = None if at is None else at + (which == "after")
    return values[index] if index is not None and index < len(values) else None


def _parts(value: Value) -> list[Value]:
    """Return the elements of a list, the entries of an object."""
    match value:
        case Sequence(items=items):
            return list(items)
        case Record(entries=entries):
            return [entry for _, entry in entries]
        case _:
            return []
