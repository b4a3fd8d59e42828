"""Values that go where others read them: logs, answers, the queries of URLs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal as Choice

from filot_lint.extract.evaluation.evaluate import CASTS, TEXT_METHODS, Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at
from filot_lint.extract.reads.context import Context
from filot_lint.extract.reads.logs import dotted, is_log
from filot_lint.extract.redact import redact
from filot_lint.extract.secrets.words import last_word, may_be_secret
from filot_lint.facts import SecretExposure
from filot_lint.syntax import expression as x
from filot_lint.values import UNKNOWN, Env, Environment, Join, Literal, Record, Ref, Value, coalesce, env_names, options

_ANSWERS = frozenset({"json", "send", "jsonify", "JSONResponse"})
_RESPONSES = frozenset({"res", "response", "reply", "Response", "NextResponse"})
_TEXTS = frozenset({"JSON.stringify", "String", "str", "repr", "json.dumps", "pprint.pformat", "util.inspect",
                    "inspect", "dict", "format", "vars"})  # fmt: skip
_SPLITS = frozenset({"toString", "model_dump", "dict", "model_dump_json", "format", "toJSON", "get_secret_value"})
_QUERY = re.compile(r"[?&]([\w.-]{0,40}(?:key|token|secret|password|passwd|signature|auth))=$", re.IGNORECASE)
_SETTINGS = re.compile(r"(?i)_?(?:settings|config|conf|env|environment|configuration|options|secrets|credentials)")
_HOPS = 6


class Exposures:
    """Collects what the calls of one file give away."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is given away yet."""
        self.evaluator = evaluator
        self.facts: list[SecretExposure] = []

    def call(self, call: x.Call, scope: Scope, context: Context) -> None:
        """Look at the arguments of a call."""
        sink: Choice["log", "response"] | None = None
        if is_log(call.callee):
            sink = "log"
        elif _answers(call.callee):
            sink = "response"
        for argument in call.arguments:
            if sink is not None:
                for part, value in self._shown(argument.value, scope, _HOPS):
                    self._add(sink, part, value, context)
            else:
                self._url(argument.value, scope, context)

    def _add(self, sink: Choice["log", "response", "url"], part: x.Expression, value: Value, context: Context) -> None:
        whole = isinstance(value, Environment)
        if not whole and not may_be_secret(value, None) and not _is_settings(value):
            return
        source = self.evaluator.source
        self.facts.append(
            SecretExposure(
                **place_at(source, source.locate(part.span)),
                guard=context.guard,
                sink=sink,
                name=last_word(part),
                exposed=UNKNOWN if whole else redact(_variables(value), None) or UNKNOWN,
                whole=whole,
            )
        )

    def _shown(self, expression: x.Expression, scope: Scope, hops: int) -> Iterator[tuple[x.Expression, Value]]:
        """Yield the values that a text shows; what is cut, masked or only tested is left out."""
        if hops == 0:
            return
        match expression:
            case x.Name() | x.Member() | x.Index():
                yield from self._named(expression, scope, hops)
            case x.Template(parts=parts) | x.Array(items=parts):
                for part in parts:
                    yield from self._shown(part, scope, hops - 1)
            case x.Mapping(entries=entries):
                for entry in entries:
                    yield from self._shown(entry.value, scope, hops - 1)
            case x.Binary(operator="+" | "%" | "or" | "coalesce", left=left, right=right):
                yield from self._shown(left, scope, hops - 1)
                yield from self._shown(right, scope, hops - 1)
            case x.Spread(value=value) | x.Assertion(value=value):
                yield from self._shown(value, scope, hops - 1)
            case x.Call():
                yield from self._called(expression, scope, hops)
            case _:
                pass

    def _called(self, call: x.Call, scope: Scope, hops: int) -> Iterator[tuple[x.Expression, Value]]:
        callee = call.callee
        if dotted(callee) in _TEXTS:
            for argument in call.arguments[:1]:
                yield from self._shown(argument.value, scope, hops - 1)
        elif isinstance(callee, x.Member) and callee.name in _SPLITS:
            yield from self._shown(callee.object, scope, hops - 1)
            for argument in call.arguments:
                yield from self._shown(argument.value, scope, hops - 1)
        elif all(isinstance(a.value, x.Text | x.Constant) for a in call.arguments):
            text = isinstance(callee, x.Member) and callee.name in TEXT_METHODS
            if not text and dotted(callee) not in CASTS:
                value = self.evaluator.evaluate(call, scope)
                if isinstance(value, Env | Environment):
                    yield call, value

    def _named(self, expression: x.Expression, scope: Scope, hops: int) -> Iterator[tuple[x.Expression, Value]]:
        value = self.evaluator.evaluate(expression, scope)
        if isinstance(expression, x.Name) and not isinstance(value, Environment):
            bindings = scope.lookup(expression.id) or []
            held = [b for b in bindings if b.kind == "value" and b.expression is not None and not b.path]
            for binding in held[:2]:
                if binding.expression is not None and isinstance(binding.expression, _FOLLOWED):
                    for _, inner in self._shown(binding.expression, binding.scope, hops - 1):
                        yield expression, inner
            if held:
                return
        known = isinstance(value, Environment | Env | Join) or (isinstance(value, Record) and env_names(value))
        if known or _is_settings(value) or may_be_secret(value, None):
            yield expression, value

    def _url(self, expression: x.Expression, scope: Scope, context: Context) -> None:
        """Look for a secret in the query of a URL."""
        if not isinstance(expression, x.Template | x.Binary | x.Name):
            return
        value = self.evaluator.evaluate(expression, scope)
        for option in options(value):
            parts = option.parts if isinstance(option, Join) else ()
            for before, part in pairwise(parts):
                if isinstance(before, Literal) and _QUERY.search(before.text) and env_names(part):
                    self._add("url", expression, part, context)
                    return


def _is_settings(value: Value) -> bool:
    """Return whether a value is an object of another file that holds settings, by its name."""
    found = [o.path[-1] for o in options(value) if isinstance(o, Ref) and o.module and o.path]
    return any(_SETTINGS.fullmatch(name) for name in found)


def _variables(value: Value) -> Value:
    """Return the variables in a text."""
    return coalesce([part for part in value.parts if env_names(part)]) if isinstance(value, Join) else value


_FOLLOWED = (x.Name, x.Member, x.Index, x.Template, x.Mapping, x.Binary, x.Call, x.Assertion, x.Array)


def _answers(callee: x.Expression) -> bool:
    name = dotted(callee).rpartition(".")[2] or (callee.name if isinstance(callee, x.Member) else "")
    if name not in _ANSWERS:
        return False
    if not isinstance(callee, x.Member):
        return True
    root = callee.object
    while isinstance(root, x.Call | x.Member):
        root = root.callee if isinstance(root, x.Call) else root.object
    return isinstance(root, x.Name) and root.id in _RESPONSES
