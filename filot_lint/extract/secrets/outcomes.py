"""Whether a branch lets something pass or refuses it."""

from __future__ import annotations

from typing import Literal as Choice

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.reads.logs import dotted, is_log
from filot_lint.extract.reads.stops import ends
from filot_lint.extract.secrets.parts import bodies, parts, within
from filot_lint.syntax import expression as x

Verdict = Choice["accepted", "refused"]
Outcome = tuple[Verdict, x.Node | None]

_NEXT = frozenset({"next", "_next", "done", "call_next", "NextResponse.next", "ctx.next"})
_PASSES = frozenset(
    {"valid", "isValid", "is_valid", "ok", "success", "verified", "authorized", "allowed", "authenticated"}
)
_ANSWERS = frozenset({
    "status", "sendStatus", "redirect", "abort", "HttpResponse", "HttpResponseForbidden", "JSONResponse",
    "Response", "NextResponse", "json", "send", "reply", "code", "writeHead", "end", "fail", "deny", "reject",
    "HttpResponseBadRequest", "PlainTextResponse", "make_response", "jsonify", "error", "unauthorized",
    "forbidden",
})  # fmt: skip


class Outcomes:
    """Reads branches; one per file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the language of the file."""
        self.python = evaluator.python
        self._refusing: dict[int, bool] = {}

    def of(self, body: list[x.Statement], function: x.Function) -> Outcome | None:
        """Return what a branch comes to, None where that cannot be told."""
        for statement in _flat(body):
            found = self._statement(statement)
            if found is not None:
                return found, statement
        last = body[-1] if body else None
        if isinstance(last, x.Return) and _is_nothing(last.value) and self._only_refuses(function):
            return "accepted", last
        return None

    def refuses_inside(self, body: list[x.Statement]) -> bool:
        """Return whether somewhere in a branch something is refused."""
        return any(self._statement(statement) == "refused" for statement in _flat(body))

    def ends_in_refusal(self, body: list[x.Statement], index: int) -> bool:
        """Return whether what comes to the end after the statement at an index is refused."""
        rest = body[max(index + 1, len(body) - 2) :]
        last = [statement for statement in rest if isinstance(statement, x.Raise | x.Return | x.Evaluate)]
        return any(self._statement(statement) == "refused" for statement in last)

    def _only_refuses(self, function: x.Function) -> bool:
        """Return whether a function says no by raising or answering, and gives nothing back otherwise."""
        known = self._refusing.get(id(function))
        if known is not None:
            return known
        every = list(bodies(function))
        gives = any(isinstance(s, x.Return) and not _is_nothing(s.value) and self._statement(s) is None for s in every)
        self._refusing[id(function)] = not gives and any(self._statement(s) == "refused" for s in every)
        return self._refusing[id(function)]

    def _statement(self, statement: x.Statement) -> Verdict | None:
        match statement:
            case x.Raise():
                return "refused"
            case x.Evaluate() if ends(statement):
                return "refused"
            case x.Return(value=x.Constant(kind="true" | "false" as kind)):
                return "accepted" if kind == "true" else "refused"
            case x.Return(value=x.Mapping(entries=entries)):
                return _of_entries(entries)
            case x.Return(value=value) | x.Evaluate(value=value) if value is not None:
                return self._value(value, returned=isinstance(statement, x.Return))
            case _:
                return None

    def _value(self, value: x.Expression, *, returned: bool) -> Verdict | None:
        if not isinstance(value, x.Call) or is_log(value.callee):
            return None
        name = dotted(value.callee)
        if name in _NEXT or name.rpartition(".")[2] == "call_next":
            passes = not value.arguments or name.rpartition(".")[2] == "call_next" or "." in name
            return "accepted" if passes else "refused"
        calls = [part for part in within([x.Evaluate(value.span, value)]) if isinstance(part, x.Call)]
        words = {dotted(call.callee).rpartition(".")[2] or _method(call) for call in calls}
        if words & _ANSWERS and (returned or not self.python or "abort" in words):
            return "refused" if _is_refusal(value) else None
        return None


def _is_refusal(answer: x.Expression) -> bool:
    """Return whether an answer says no: its status is none of success."""
    numbers = [part.text for part in within([x.Evaluate(answer.span, answer)]) if isinstance(part, x.Number)]
    if any(number[:1] in {"4", "5"} and len(number) == 3 for number in numbers):  # noqa: PLR2004
        return True
    words = [dotted(p.callee) for p in within([x.Evaluate(answer.span, answer)]) if isinstance(p, x.Call)]
    names = [p.name for p in within([x.Evaluate(answer.span, answer)]) if isinstance(p, x.Member)]
    return any(
        w.lower().endswith(("unauthorized", "forbidden", "deny", "reject", "fail", "redirect")) for w in words
    ) or any("401" in n or "403" in n or n.upper() in {"UNAUTHORIZED", "FORBIDDEN", "BAD_REQUEST"} for n in names)


def _method(call: x.Call) -> str:
    return call.callee.name if isinstance(call.callee, x.Member) else ""


def _of_entries(entries: list[x.Entry]) -> Verdict | None:
    for entry in entries:
        if isinstance(entry.key, x.Text) and entry.key.text in _PASSES and isinstance(entry.value, x.Constant):
            return "accepted" if entry.value.kind == "true" else "refused"
    return None


def _flat(body: list[x.Statement]) -> list[x.Statement]:
    """Return the statements of a branch with those inside them, in order."""
    found: list[x.Statement] = []
    stack = list(reversed(body))
    while stack:
        statement = stack.pop()
        found.append(statement)
        stack.extend(reversed(parts(statement)))
    return found


def _is_nothing(value: x.Expression | None) -> bool:
    return value is None or (isinstance(value, x.Constant) and value.kind == "null")
