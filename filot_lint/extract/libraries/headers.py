"""Secrets in the headers of requests, whatever function sends them."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at
from filot_lint.extract.redact import redact
from filot_lint.facts import SecretUse
from filot_lint.syntax import expression as x
from filot_lint.values import UNKNOWN, Env, Literal, Record, Ref, Value, env_names, member, options

_SETTERS = frozenset({"set", "append", "setHeader", "header"})
_LONGEST = 60


class Headers:
    """Finds the headers that the calls of one file set."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is found yet."""
        self.evaluator = evaluator
        family = "python" if evaluator.python else "typescript"
        self.known = evaluator.models.headers.get(family, {})
        self.facts: list[SecretUse] = []

    def call(self, call: x.Call, scope: Scope) -> None:
        """Record the secrets that a call puts into headers."""
        for name, value in self._set(call, scope):
            if name in self.known and _may_be_of_the_service(value):
                place = place_at(self.evaluator.source, self.evaluator.source.locate(call.span))
                secret = redact(value, None) or UNKNOWN
                self.facts.append(SecretUse(**place, sink="header", library=self.known[name], secret=secret))

    def _set(self, call: x.Call, scope: Scope) -> Iterator[tuple[str, Value]]:
        for argument in call.arguments:
            value = self.evaluator.evaluate(argument.value, scope)
            given = [value] if argument.name == "headers" else []
            given += [found for option in options(value) if (found := _headers_of(option)) is not None]
            for headers in given:
                yield from self._entries(headers)
        if isinstance(call.callee, x.Member) and call.callee.name in _SETTERS and len(call.arguments) == 2:  # noqa: PLR2004
            name, value = (self.evaluator.evaluate(argument.value, scope) for argument in call.arguments)
            if isinstance(name, Literal):
                yield name.text, value
        if isinstance(call.callee, x.Name) and call.callee.id == "Headers" and call.arguments:
            yield from self._entries(self.evaluator.evaluate(call.arguments[0].value, scope))

    def _entries(self, headers: Value) -> Iterator[tuple[str, Value]]:
        for option in options(headers):
            if isinstance(option, Record):
                yield from option.entries
                common = option.get("common")
                yield from common.entries if isinstance(common, Record) else ()
            elif isinstance(option, Ref) and option.module and len(option.path) < _LONGEST:
                yield from ((name, member(option, name)) for name in ("Authorization", "authorization", "x-api-key"))


def _headers_of(value: Value) -> Value | None:
    return value.get("headers") if isinstance(value, Record) else None


def _may_be_of_the_service(value: Value) -> bool:
    return bool(env_names(value)) or any(isinstance(option, Ref | Env) for option in options(value))
