"""Tests of a variable's name: `k in KEEP`, `k.startswith("P_")`, `/^P_/.test(k)`, and what they let through."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract.evaluation.scope import Scope
from filot_lint.syntax import expression as x
from filot_lint.values import (
    UNKNOWN,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Value,
    coalesce,
    constant,
    join,
    keys_of,
    options,
)

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator

_STARTS = frozenset({"startswith", "startsWith"})
_ENDS = frozenset({"endswith", "endsWith"})
_HOLDS = frozenset({"includes", "has", "__contains__"})
_MATCHES = frozenset({"match", "test", "search", "fullmatch", "exec"})
_CUTS = frozenset({"slice", "substring", "substr"})
_LENGTH = re.compile(r"(?:(?P<number>\d+)|len\([\w.]+\)|[\w.]+\.length)")
_WRITTEN = re.compile(rb"/(?P<text>[^\n]+)/[a-z]*")
_HEAD = re.compile(r"(?:\((?:\?:)?(?P<choices>[\w|-]+)\))?(?P<text>[\w-]*)")


class Key(NamedTuple):
    """How the name of a variable is written: a name, or the first of a pair."""

    name: str
    of_pair: bool

    def matches(self, node: x.Expression) -> bool:
        """Return whether an expression is the name of the variable."""
        if self.of_pair:
            return (
                isinstance(node, x.Index)
                and isinstance(node.key, x.Number)
                and node.key.text == "0"
                and (isinstance(node.object, x.Name) and node.object.id == self.name)
            )
        return isinstance(node, x.Name) and node.id == self.name


class KeyTests:
    """Says what tests let through, as a key."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the values that names are compared with."""
        self.evaluator = evaluator

    def every(self, found: list[Value | None]) -> Value | None:
        """Return what several tests let through together; a list says more than a prefix."""
        known = [value for value in found if value is not None]
        return next((value for value in known if isinstance(value, Sequence)), known[0] if known else None)

    def listed(self, value: Value) -> Value | None:
        """Return the names in a list, a set or the keys of an object."""
        found: list[Value] = []
        for option in options(value):
            several = keys_of(option) if isinstance(option, Record) else option
            if isinstance(several, Sequence):
                found.extend(item for item in several.items if item != UNKNOWN)
            elif isinstance(several, Literal) and several.type == "string":
                found.append(several)
            elif isinstance(several, Parameter | Ref):
                found.append(self.evaluator.each(several))
        return Sequence(tuple(found)) if found else None

    def of(self, test: x.Expression, key: Key, scope: Scope) -> Value | None:  # one arm per test
        """Return the names for which a test holds, None when it does not look at the name."""
        match test:
            case x.Binary(operator="and", left=left, right=right):
                return self.every([self.of(left, key, scope), self.of(right, key, scope)])
            case x.Binary(operator="or", left=left, right=right):
                return self._either([self.of(left, key, scope), self.of(right, key, scope)])
            case x.Binary(operator="in", left=left, right=right) if key.matches(left):
                return self._container(right, scope)
            case x.Binary(operator="in", left=left, right=right) if key.matches(right):
                return self._around(left, scope, before=True, after=True)
            case x.Binary(operator="==", left=left, right=right):
                return self._equal(left, right, key, scope) or self._equal(right, left, key, scope)
            case x.Binary(operator="!=", left=left, right=x.Constant(kind="null")):
                return self.of(left, key, scope)
            case x.Call(callee=x.Member(), arguments=[_, *_]):
                return self._method(test, key, scope)
            case x.Call(callee=x.Name(id="any" | "bool" | "Boolean"), arguments=[x.Argument(value=inner)]):
                return self.of(inner, key, scope)
            case x.Comprehension(element=element):
                return self.of(element, key, self.evaluator.scopes.of(test))
            case x.Assertion(value=inner):
                return self.of(inner, key, scope)
            case _:
                return None

    def of_opposite(self, test: x.Expression, key: Key, scope: Scope) -> Value | None:
        """Return the names for which a test does not hold."""
        match test:
            case x.Unary(operator="not", operand=operand):
                return self.of(operand, key, scope)
            case x.Binary(operator="or", left=left, right=right):
                return self.every([self.of_opposite(left, key, scope), self.of_opposite(right, key, scope)])
            case x.Binary(operator="and", left=left, right=right):
                return self._either([self.of_opposite(left, key, scope), self.of_opposite(right, key, scope)])
            case x.Binary(operator="not in", left=left, right=right) if key.matches(left):
                return self._container(right, scope)
            case x.Binary(operator="!=", left=left, right=right):
                return self._equal(left, right, key, scope) or self._equal(right, left, key, scope)
            case _:
                return None

    def _value(self, node: x.Expression, scope: Scope) -> Value:
        return self.evaluator.evaluate(node, scope)

    def _container(self, node: x.Expression, scope: Scope) -> Value | None:
        """Return the names in a container; a part of a text is no name."""
        value = self._value(node, scope)
        return None if any(isinstance(option, Literal) for option in options(value)) else self.listed(value)

    @staticmethod
    def _either(found: list[Value | None]) -> Value | None:
        known = [value for value in found if value is not None]
        return coalesce(known) if len(known) == len(found) else None

    def _equal(self, subject: x.Expression, other: x.Expression, key: Key, scope: Scope) -> Value | None:
        """Return what `k == "A"`, `k[:2] == "P_"` and `k.indexOf("P_") === 0` let through."""
        match subject:
            case _ if key.matches(subject):
                return self.listed(self._value(other, scope))
            case x.Index(object=inner) if key.matches(inner):
                start, colon, length = self._source(subject.key).partition(":")
                return self._cut(other, length.strip(), scope) if colon and start.strip() in {"", "0"} else None
            case x.Call(
                callee=x.Member(object=inner, name=name), arguments=[x.Argument(value=x.Number(text="0")), end]
            ) if key.matches(inner) and name in _CUTS:
                return self._cut(other, self._source(end.value), scope)
            case x.Call(callee=x.Member(object=inner, name="indexOf"), arguments=[only]) if key.matches(inner):
                starts = isinstance(other, x.Number) and other.text == "0"
                return self._around(only.value, scope, after=True) if starts else None
            case _:
                return None

    def _cut(self, other: x.Expression, length: str, scope: Scope) -> Value | None:
        """Return what a comparison with the first characters of the name lets through."""
        match, value = _LENGTH.fullmatch(length), self._value(other, scope)
        fits = match is not None and (match["number"] is None or match["number"] == str(len(constant(value) or "")))
        return self._around(other, scope, after=True) if fits else None

    def _around(self, node: x.Expression, scope: Scope, *, before: bool = False, after: bool = False) -> Value | None:
        """Return the names with a text in them; `before` and `after` say where there may be more."""
        given = [o.items if isinstance(o, Sequence) else (o,) for o in options(self._value(node, scope))]
        texts = [text for items in given for text in items if text not in (UNKNOWN, Literal(""))]
        found = [join([*([UNKNOWN] if before else []), text, *([UNKNOWN] if after else [])]) for text in texts]
        return coalesce(found) if found else None

    def _method(self, call: x.Call, key: Key, scope: Scope) -> Value | None:
        """Return what a method of the name, of a list or of a regular expression lets through."""
        target, method = (call.callee.object, call.callee.name) if isinstance(call.callee, x.Member) else (call, "")
        first, last = call.arguments[0].value, call.arguments[-1].value
        if key.matches(target):
            if method in _STARTS | _ENDS:
                return self._around(first, scope, before=method in _ENDS, after=method in _STARTS)
            if method in _HOLDS:
                return self._around(first, scope, before=True, after=True)
            return self._matched(first, scope, anchored=False) if method in _MATCHES else None
        if method in _HOLDS and key.matches(first):
            return self._container(target, scope)
        if method in _MATCHES and key.matches(last):
            pattern = target if len(call.arguments) == 1 else first
            return self._matched(pattern, scope, anchored=self.evaluator.python and method != "search")
        if method == "some" and isinstance(first, x.Lambda):
            returned = first.function.body[0] if len(first.function.body) == 1 else None
            inner = self.evaluator.scopes.of(first.function)
            return self.of(returned.value, key, inner) if isinstance(returned, x.Return) and returned.value else None
        return None

    def _matched(self, node: x.Expression, scope: Scope, *, anchored: bool) -> Value | None:
        """Return the names that a regular expression matches, as far as it starts with plain text."""
        text = self._pattern(node, scope)
        if text is None:
            return None
        anchored = anchored or text.startswith("^")
        text = text.removeprefix("^")
        head = _HEAD.match(text)
        rest = text[head.end() :] if head is not None else ""
        if head is None or "|" in rest or rest[:1] in {"?", "*", "{"}:
            return None
        found: list[Value] = []
        for choice in (head["choices"] or "").split("|"):
            literal = Literal(choice + head["text"])
            if not literal.text:
                return None
            exact = anchored and rest == "$"
            found.append(literal if exact else join([*([] if anchored else [UNKNOWN]), literal, UNKNOWN]))
        return Sequence(tuple(found)) if all(isinstance(v, Literal) for v in found) else coalesce(found)

    def _pattern(self, node: x.Expression, scope: Scope) -> str | None:
        """Return the text of a regular expression, written here or where a name is bound."""
        if isinstance(node, x.Name):
            bindings = scope.lookup(node.id) or []
            if len(bindings) == 1 and isinstance(bindings[0].expression, x.Opaque):
                node = bindings[0].expression
        if isinstance(node, x.Opaque):
            written = _WRITTEN.fullmatch(self.evaluator.source.data[node.span.start : node.span.end])
            return written["text"].decode("utf-8", "replace") if written is not None else None
        value = self._value(node, scope)
        if isinstance(value, Ref) and value.path[-2:] in {("compile", "()"), ("RegExp", "()")} and value.arguments:
            value = value.arguments[0]
        return value.text if isinstance(value, Literal) else None

    def _source(self, node: x.Expression) -> str:
        return self.evaluator.source.data[node.span.start : node.span.end].decode("utf-8", "replace").strip()
