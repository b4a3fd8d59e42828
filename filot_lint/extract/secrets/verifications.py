"""Where a function checks something with a secret."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TypeGuard

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.logs import dotted
from filot_lint.extract.secrets.parts import within
from filot_lint.extract.secrets.words import last_word
from filot_lint.syntax import expression as x
from filot_lint.values import Value

_CHECKS = re.compile(r"(?i)_?(?:is_?valid|verify|validate|check|compare|authenticate|ensure|assert)(?![a-z]*_?env).*")
_MACS = frozenset({"createHmac", "hmac.new", "hmac.HMAC", "hmac.digest"})
_SIGNATURE = re.compile(
    r"(?i)_?(?:verify|validate|check)\w*(?:signature|hmac)\w*|createHmac|timingSafeEqual|compare_digest"
)
_COMPARES = re.compile(r"(?i)equal|compare|tsscmp|verify|valid")
_DEEP = 6
_MAX_TRIED = 40
_BINDINGS = 4


class Verifications:
    """Finds the checks of one file, function by function."""

    def __init__(self, evaluator: Evaluator) -> None:
        """No function is searched yet."""
        self.evaluator = evaluator
        self._known: dict[int, tuple[list[int], list[x.Binary | x.Call]]] = {}

    def between(
        self, function: x.Function, stretch: tuple[int, int], subject: x.Expression, value: Value, scope: Scope
    ) -> x.Expression | None:
        """Return the first check with a secret in a stretch of a function."""
        starts, every = self._of(function)
        first, last = bisect_left(starts, stretch[0]), bisect_left(starts, stretch[1])
        for part in every[first : min(last, first + _MAX_TRIED)]:
            operands = [part.left, part.right] if isinstance(part, x.Binary) else [a.value for a in part.arguments]
            if any(self._is(operand, subject, value, scope) for operand in operands):
                return part
        return None

    def _of(self, function: x.Function) -> tuple[list[int], list[x.Binary | x.Call]]:
        """Return what may be a check in a function, in order."""
        if id(function) not in self._known:
            found = [part for part in within(list(function.body)) if _may_check(part)]
            found.sort(key=lambda part: part.span.start)
            self._known[id(function)] = [part.span.start for part in found], found
        return self._known[id(function)]

    def _is(self, part: x.Expression, subject: x.Expression, value: Value, scope: Scope, hops: int = _DEEP) -> bool:
        """Return whether an operand is the secret, or is made of it: `Bearer ${secret}`, `Buffer.from(secret)`."""
        if hops == 0:
            return False
        match part:
            case x.Name(id=name):
                if isinstance(subject, x.Name) and subject.id == name:
                    return True
                bindings = (scope.lookup(name) or [])[:_BINDINGS]
                bound = [
                    b for b in bindings if b.kind == "value" and b.expression is not None and b.expression is not part
                ]
                return any(self._is(b.expression, subject, value, b.scope, hops - 1) for b in bound if b.expression)
            case x.Template(parts=parts):
                return any(self._is(p, subject, value, scope, hops - 1) for p in parts)
            case x.Binary(left=left, right=right):
                return any(self._is(p, subject, value, scope, hops - 1) for p in (left, right))
            case x.Call(callee=callee, arguments=arguments):
                inner = [callee.object] if isinstance(callee, x.Member) else []
                return any(
                    self._is(p, subject, value, scope, hops - 1) for p in (*inner, *(a.value for a in arguments))
                )
            case x.Assertion(value=held):
                return self._is(held, subject, value, scope, hops - 1)
            case x.Mapping(entries=entries):
                return any(self._is(e.value, subject, value, scope, hops - 1) for e in entries)
            case x.Member() | x.Index():
                return last_word(part) == last_word(subject) and self.evaluator.evaluate(part, scope) == value
            case _:
                return False


def _may_check(part: x.Expression) -> TypeGuard[x.Binary | x.Call]:
    match part:
        case x.Binary(operator="==" | "!=", left=left, right=right):
            return not any(isinstance(side, x.Constant | x.Text | x.Number) for side in (left, right))
        case x.Call(callee=callee):
            return checks_signature(callee) or _CHECKS.fullmatch(_last(callee)) is not None
        case _:
            return False


def check_in(parts: list[x.Expression]) -> x.Call | None:
    """Return the call that checks a signature, or that makes one which is then compared with another."""
    calls = [part for part in parts if isinstance(part, x.Call)]
    made = next((call for call in calls if _makes(call.callee)), None)
    known = next((call for call in calls if checks_signature(call.callee) and not _makes(call.callee)), None)
    compared = made is not None and any(
        _COMPARES.search(_last(part.callee)) if isinstance(part, x.Call) else _may_check(part) for part in parts
    )
    return made if compared else known


def checks_signature(callee: x.Expression) -> bool:
    """Return whether a function checks a signature, or makes one to compare it with."""
    return _makes(callee) or _SIGNATURE.fullmatch(_last(callee)) is not None


def _makes(callee: x.Expression) -> bool:
    return dotted(callee) in _MACS or _last(callee) == "createHmac"


def _last(callee: x.Expression) -> str:
    return dotted(callee).rpartition(".")[2] or (callee.name if isinstance(callee, x.Member) else "")
