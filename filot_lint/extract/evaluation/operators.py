"""Operators and literals: what binary expressions, choices, lists and mappings give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.evaluation import texts
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.syntax import expression as x
from filot_lint.values import (
    MAX_LITERAL,
    NULL,
    Env,
    Environment,
    Join,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Unknown,
    Value,
    bounded,
    coalesce,
    copied,
    join,
    options,
    the_environment,
    with_default,
)

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

ELSEWHERE = frozenset({"non-production", "test"})
_NUMBERS = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__}


class Operators:
    """Combines the values of parts."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the values of the parts."""
        self.evaluator = evaluator

    def binary(self, expression: x.Binary, scope: Scope) -> Value:
        """Return what an operator with two operands gives."""
        left, right = self.evaluator.evaluate(expression.left, scope), self.evaluator.evaluate(expression.right, scope)
        match expression.operator:
            case "or" | "coalesce":
                return the_environment(with_default(left, right))
            case "and":
                return right
            case "+" if _text(left) or _text(right) or (_may_be_text(left) and _may_be_text(right)):
                return join([left, right])
            case "+" if isinstance(left, Sequence) and isinstance(right, Sequence):
                return Sequence((*left.items, *right.items), left.open or right.open)
            case "%" if isinstance(left, Literal) and left.type == "string":
                return texts.percent(left, right)
            case "|" if isinstance(left, Environment):
                return copied(left)
            case "|" if isinstance(left, Record) and isinstance(right, Record):
                return Record((*left.entries, *right.entries), open=left.open or right.open)
            case operator:
                return _arithmetic(operator, left, right)

    def choice(self, choice: x.Choice, scope: Scope) -> Value:
        """Return what `test ? yes : no` gives, in production where the test asks for the stage."""
        test, guards = choice.test, self.evaluator.guards
        if guards.of(test, scope) in ELSEWHERE:
            return self.evaluator.evaluate(choice.no, scope)
        if guards.otherwise(test, scope) in ELSEWHERE:
            return self.evaluator.evaluate(choice.yes, scope)
        yes, no = self.evaluator.evaluate(choice.yes, scope), self.evaluator.evaluate(choice.no, scope)
        if isinstance(test, x.Unary) and test.operator == "not":
            yes, no = no, yes
        if isinstance(yes, Env) and yes.default is None:
            return with_default(yes, no)
        return the_environment(coalesce([yes, no]))

    def array(self, items: list[x.Expression], scope: Scope) -> Value:
        """Return a list; what is spread into it counts when it is known."""
        found: list[Value] = []
        opened = False
        for item in items:
            value = self.evaluator.part(item, scope)
            if isinstance(item, x.Spread):
                if isinstance(value, Sequence):
                    found.extend(value.items)
                    opened = opened or value.open
                else:
                    opened = True
            else:
                found.append(value)
        return bounded(Sequence(tuple(found), opened), MAX_LITERAL)

    def mapping(self, entries: list[x.Entry], scope: Scope) -> Value:
        """Return a record, or the environment when that is spread into it."""
        found: dict[str, Value] = {}
        keys_at: list[tuple[str, x.Expression]] = []
        opened = False
        for entry in entries:
            value = self.evaluator.part(entry.value, scope)
            if entry.key is None:
                if isinstance(value, Environment):
                    return copied(value)
                opened = _spread(found, value, entry.value) or opened
                continue
            key = self.evaluator.evaluate(entry.key, scope)
            if isinstance(key, Literal):
                found[key.text] = value
                keys_at.append((key.text, entry.key))
            else:
                opened = True
        places = tuple((key, self.evaluator.source.locate(expression.span)) for key, expression in keys_at)
        return bounded(Record(tuple(found.items()), opened, places), MAX_LITERAL)


def _spread(found: dict[str, Value], value: Value, written: x.Expression) -> bool:
    """Add what is spread into an object, some of it perhaps; returns whether there may be more."""
    every = list(options(value))
    records = [option for option in every if isinstance(option, Record)]
    nothing = [option for option in every if isinstance(option, Literal)]
    if nothing or (isinstance(written, x.Binary) and written.operator == "and"):
        records.append(Record(()))
    for key in dict.fromkeys(key for record in records for key, _ in record.entries):
        given = [record.get(key) for record in records]
        entries = [entry for entry in given if entry is not None]
        found[key] = coalesce(entries if None not in given else [*entries, found.get(key, NULL)])
    return len(records) < len(every) - len(nothing) or any(record.open for record in records)


def _text(value: Value) -> bool:
    return (isinstance(value, Literal) and value.type == "string") or isinstance(value, Join)


def _may_be_text(value: Value) -> bool:
    """Return whether a value of another function or file may be a text."""
    return isinstance(value, Parameter | Env | Join) or (isinstance(value, Ref) and bool(value.module))


def _arithmetic(operator: str, left: Value, right: Value) -> Value:
    fold = _NUMBERS.get(operator) or (_quotient if operator in {"/", "//"} else None)
    if fold is None or not isinstance(left, Literal) or not isinstance(right, Literal):
        return Unknown("computed")
    if not (left.text.isdigit() and right.text.isdigit() and len(left.text) + len(right.text) < 30):  # noqa: PLR2004
        return Unknown("computed")
    number = fold(int(left.text), int(right.text))
    return Unknown("computed") if number is None else Literal(str(number), "number")


def _quotient(left: int, right: int) -> int | None:
    """Return what a division gives where nothing is left over."""
    return left // right if right and not left % right else None
