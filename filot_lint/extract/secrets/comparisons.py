"""Comparisons of secrets and of digests with what somebody sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal as Choice

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.context import Context
from filot_lint.extract.redact import redact
from filot_lint.extract.secrets.origins import Origin, Origins, Serialised
from filot_lint.extract.secrets.parts import bodies
from filot_lint.extract.secrets.words import last_word, may_be_secret
from filot_lint.facts import SecretComparison
from filot_lint.syntax import expression as x
from filot_lint.values import Value

Lengths = Choice["checked", "equal", "caught", "unchecked"]

CONSTANT_TIME = frozenset({
    "hmac.compare_digest", "secrets.compare_digest", "_hashlib.compare_digest",
    "django.utils.crypto.constant_time_compare",
})  # fmt: skip
_SAME_LENGTH = re.compile(r"(?:node:)?crypto#(?:default\.)?timingSafeEqual")
_CAREFUL = re.compile(
    r"(?i)_?(?:timing_?safe|constant_?time|safe|secure)_?(?:string_?|str_?)?(?:equals?|compare|eq)|tsscmp"
)
_COMPARES_LENGTHS = re.compile(
    rb"\b(?:length|byteLength)\s*(?:[!=]==?|<|>)|[!=]==?\s*[\w.$]{1,80}\.(?:length|byteLength)\b"
)


class Comparisons:
    """Collects the comparisons of one file; they are looked at when all of it is known."""

    def __init__(self, evaluator: Evaluator, origins: Origins) -> None:
        """Nothing is compared yet."""
        self.evaluator = evaluator
        self.origins = origins
        self._found: list[tuple[x.Binary | x.Call, str, list[x.Expression], Scope, Context]] = []

    def operator(self, expression: x.Binary, scope: Scope, context: Context) -> None:
        """Remember an `==` or `!=` of two things that are no constants."""
        sides = [expression.left, expression.right]
        if not any(isinstance(side, x.Text | x.Number | x.Constant) or _is_measure(side) for side in sides):
            self._found.append((expression, expression.operator, sides, scope, context))

    def call(self, call: x.Call, callee: Value, scope: Scope, context: Context) -> None:
        """Remember a call of a function that compares in constant time."""
        name = self.evaluator.qualified(callee) or ""
        called = last_word(call.callee) or ""
        known = name in CONSTANT_TIME or _SAME_LENGTH.fullmatch(name) is not None
        if len(call.arguments) > 1 and (known or _CAREFUL.fullmatch(called)):
            operator = name.rpartition("#")[2].rpartition(".")[2] if known else "a function that compares"
            self._found.append((call, operator, [argument.value for argument in call.arguments[:2]], scope, context))

    def facts(self) -> Iterator[SecretComparison]:
        """Yield what is compared with a secret."""
        keyed = b"hmac" in self.evaluator.source.data.lower()
        for node, operator, sides, scope, context in self._found:
            if not keyed and operator in {"==", "!="} and not any(self._is_secret(side, scope) for side in sides):
                continue
            origins = [self.origins.of(side, scope) for side in sides]
            for index in (0, 1) if origins[0].macs or not origins[1].macs else (1, 0):
                fact = self._fact(node, operator, sides[index], origins[index], origins[1 - index], scope, context)
                if fact is not None:
                    yield fact
                    break

    def _fact(  # the parts of one comparison
        self, node: x.Binary | x.Call, operator: str, secret: x.Expression, own: Origin, other: Origin, scope: Scope,
        context: Context,
    ) -> SecretComparison | None:  # fmt: skip
        lengths = self._lengths(node, own, other, context) if operator == "timingSafeEqual" else None
        serialised = next((s for mac in own.macs for s in self._serialised(mac.messages)), None)
        value = self.evaluator.evaluate(secret, scope) if self._is_secret(secret, scope) and not own.macs else None
        if not own.macs and lengths != "unchecked" and (value is None or other.sender is None):
            return None
        if own.macs and other.macs and other.sender != "request":
            return None  # two digests of its own: nobody sends one
        return SecretComparison(
            **place_at(self.evaluator.source, self.evaluator.source.locate(node.span)),
            guard=context.guard,
            operator=operator,
            given=other.sender or own.sender or "elsewhere",
            name=last_word(secret),
            secret=redact(value, None),
            lengths=lengths,
            body=serialised.body if serialised is not None else None,
            serialised_at=self.evaluator.source.locate(serialised.call.span) if serialised is not None else None,
        )

    def _is_secret(self, side: x.Expression, scope: Scope) -> bool:
        """Return whether an operand is, or may turn out to be, a variable whose name suggests a secret."""
        return may_be_secret(self.evaluator.evaluate(side, scope), last_word(side))

    def _serialised(self, messages: list[tuple[x.Expression, Scope]]) -> Iterator[Serialised]:
        for message, scope in messages:
            found = self.origins.serialised(message, scope)
            if found is not None:
                yield found

    def _lengths(self, node: x.Binary | x.Call, own: Origin, other: Origin, context: Context) -> Lengths:
        if own.sender is None and other.sender is None:
            return "equal"
        function = self.origins.scopes.functions.get(context.function or "")
        if function is None:
            return "checked"
        data = self.evaluator.source.data[function.span.start : function.span.end]
        if _COMPARES_LENGTHS.search(data):
            return "checked"
        caught = any(
            isinstance(s, x.Block) and s.kind in {"try", "caught"} and _holds(s, node) for s in bodies(function)
        )
        return "caught" if caught else "unchecked"


def _holds(outer: x.Node, inner: x.Node) -> bool:
    return outer.span.start <= inner.span.start and inner.span.end <= outer.span.end


def _is_measure(side: x.Expression) -> bool:
    return isinstance(side, x.Member) and side.name in {"length", "byteLength", "size"}
