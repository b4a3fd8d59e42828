"""Functions that only pretend: they say that they do nothing, or answer without asking anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.extract.evaluation.scopes import children
from filot_lint.extract.reads.logs import dotted, is_log
from filot_lint.syntax import expression as x

_PRETENDS = re.compile(
    r"(?i)\b(?:stub(?:bed)?|mock(?:ed)?|fake|dummy|simulat(?:ed|ing|ion)|not (?:yet )?implemented)\b"
)
_IDLE_CALLS = frozenset({
    "Promise.resolve", "Date.now", "Math.random", "Math.floor", "Math.round", "time.time", "random.random",
    "random.randint", "random.choice", "random.uniform", "randomUUID", "crypto.randomUUID", "uuid.uuid4", "uuid4",
    "uuidv4", "nanoid", "sleep", "asyncio.sleep", "time.sleep", "setTimeout", "datetime.now", "datetime.utcnow",
    "Date", "Promise", "resolve", "str", "String", "toString", "toISOString", "isoformat", "substring", "substr",
})  # fmt: skip
"""Calls that ask nobody: clocks, dice and waiting."""


def is_idle(function: x.Function) -> bool:
    """Return whether a function only writes messages and returns or keeps constants."""
    return bool(function.body) and all(_is_idle(statement) for statement in function.body)


def is_made_up(function: x.Function) -> bool:
    """Return whether a function answers, and asks nothing but clocks and dice for it."""
    given = [s for s in function.body if isinstance(s, x.Return) and s.value is not None]
    plain = all(isinstance(s, x.Return | x.Evaluate | x.Assign) for s in function.body)
    calls = [call for statement in function.body for call in _calls(statement)]
    return bool(given) and plain and all(is_log(call.callee) or _asks_nobody(call) for call in calls)


def says_so(statement: x.Statement) -> bool:
    """Return whether a statement logs that something is a stand-in."""
    value = statement.value if isinstance(statement, x.Evaluate | x.Return) else None
    if not isinstance(value, x.Call) or not is_log(value.callee):
        return False
    texts = (part.text for argument in value.arguments for part in _within(argument.value) if isinstance(part, x.Text))
    return any(_PRETENDS.search(text) for text in texts)


def _is_idle(statement: x.Statement) -> bool:
    match statement:
        case x.Evaluate(value=value):
            return isinstance(value, x.Text) or (isinstance(value, x.Call) and is_log(value.callee))
        case x.Return(value=value):
            return value is None or _is_fixed(value)
        case x.Assign(target=x.Member(object=x.Name(id="this" | "self")), value=value):
            return value is not None and _is_fixed(value)
        case _:
            return False


def _is_fixed(value: x.Expression) -> bool:
    match value:
        case x.Text() | x.Number() | x.Constant():
            return True
        case x.Array(items=items):
            return all(_is_fixed(item) for item in items)
        case x.Mapping(entries=entries):
            return all(entry.key is not None and _is_fixed(entry.value) for entry in entries)
        case x.Call(callee=callee):
            return is_log(callee)
        case _:
            return False


def _asks_nobody(call: x.Call) -> bool:
    name = dotted(call.callee)
    return name in _IDLE_CALLS or name.rpartition(".")[2] in _IDLE_CALLS


def _calls(statement: x.Statement) -> Iterator[x.Call]:
    value = statement.value if isinstance(statement, x.Return | x.Evaluate | x.Assign) else None
    if value is not None:
        yield from (part for part in _within(value) if isinstance(part, x.Call))


def _within(expression: x.Expression) -> Iterator[x.Expression]:
    stack = [expression]
    while stack:
        part = stack.pop()
        yield part
        stack.extend(children(part))
