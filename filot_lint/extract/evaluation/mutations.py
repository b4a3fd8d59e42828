"""Statements and calls that change an object or list that a name already stands for; syntax alone decides."""

from __future__ import annotations

from typing import NamedTuple

from filot_lint.extract.evaluation.scope import Change, Scope
from filot_lint.source import Span
from filot_lint.syntax import expression as x

_WEAK = frozenset({"or=", "coalesce="})
_ADDS = frozenset({"append", "push", "add", "unshift"})
_MERGERS = frozenset(
    {"Object.assign", "_.assign", "_.merge", "_.extend", "_.defaults", "lodash.merge", "lodash.assign"}
)
SELVES = frozenset({"this", "self", "cls"})


class Mutation(NamedTuple):
    """A change, and whose: a name, or with `attribute` a member of the class around it."""

    name: str
    attribute: bool
    change: Change


def of_assignment(statement: x.Assign, scope: Scope, *, python: bool) -> Mutation | None:
    """Return what an assignment changes: `o.a = v`, `o |= {...}`, `names += [...]`, `o = {...o, a: v}`."""
    target, value, end = statement.target, statement.value, statement.span.end
    if isinstance(target, x.Member | x.Index):
        if statement.operator not in {"=", *_WEAK}:
            value = x.Opaque(statement.span, [])
        return None if value is None else _entry(target, value, end, scope, weak=statement.operator in _WEAK)
    if not isinstance(target, x.Name) or value is None:
        return None
    if statement.operator == "=" and (python or not statement.declares):
        added = _rebuilt(target.id, value)
    elif statement.operator in {"|=", "+="}:
        added = _added(value, "|" if statement.operator == "|=" else "+")
    else:
        added = None
    if added is None:
        return None
    return Mutation(target.id, attribute=False, change=Change((), added, end, scope, rebuilt=True))


def of_call(call: x.Call, scope: Scope) -> Mutation | None:
    """Return what a call changes: `o.update(a=v)`, `Object.assign(o, {...})`, `names.push(...)`."""
    callee = call.callee
    if not isinstance(callee, x.Member) or not call.arguments:
        return None
    owner = callee.object.id if isinstance(callee.object, x.Name) else ""
    weak = callee.name in {"setdefault", "defaults"}
    if f"{owner}.{callee.name}" in _MERGERS:
        target, given = call.arguments[0].value, call.arguments[1:]
    else:
        target, given = callee.object, call.arguments
    value = _given(callee.name, given, call.span) if given else None
    found = _rooted(target)
    if value is None or found is None:
        return None
    name, attribute, steps = found
    return Mutation(name, attribute, Change(tuple(steps), value, call.span.end, scope, weak=weak))


def of_delete(target: x.Expression, scope: Scope) -> Mutation | None:
    """Return what `delete o.a` and `del o["a"]` change."""
    return _entry(target, x.Constant(target.span, "null"), target.span.end, scope)


def _entry(target: x.Expression, value: x.Expression, end: int, scope: Scope, *, weak: bool = False) -> Mutation | None:
    found = _rooted(target)
    if found is None or not found[2]:
        return None
    name, attribute, (*path, last) = found
    mapping = x.Mapping(target.span, [x.Entry(target.span, last, value)])
    return Mutation(name, attribute, Change(tuple(path), mapping, end, scope, weak=weak))


def _rooted(target: x.Expression) -> tuple[str, bool, list[x.Expression]] | None:
    """Return the name at the root of `name.a["b"]`, whether it is a member of `this`, and the steps from there."""
    steps: list[x.Expression] = []
    while True:
        match target:
            case x.Assertion(value=inner):
                target = inner
            case x.Member(object=x.Name(id=owner), name=name) if owner in SELVES:
                return name, True, steps[::-1]
            case x.Member(object=inner, name=name, name_span=span):
                steps.append(x.Text(span, name))
                target = inner
            case x.Index(object=inner, key=key):
                steps.append(key)
                target = inner
            case x.Name(id=name):
                return name, False, steps[::-1]
            case _:
                return None


def _given(method: str, arguments: list[x.Argument], span: Span) -> x.Mapping | x.Array | None:
    """Return what a changing method puts in."""
    first = arguments[0].value
    match method:
        case "update" | "assign" | "merge" | "extend" | "defaults" if method != "extend" or len(arguments) > 1:
            return x.Mapping(span, entries(arguments))
        case "setdefault" | "set" if len(arguments) == 2:  # noqa: PLR2004
            return x.Mapping(span, [x.Entry(first.span, first, arguments[1].value)])
        case "pop" | "delete" if isinstance(first, x.Text):
            return x.Mapping(span, [x.Entry(first.span, first, x.Constant(span, "null"))])
        case "extend":
            return x.Array(span, [x.Spread(first.span, first)])
        case name if name in _ADDS:
            return x.Array(span, [x.Spread(a.span, a.value) if a.spread else a.value for a in arguments])
        case _:
            return None


def entries(arguments: list[x.Argument]) -> list[x.Entry]:
    """Return the entries that arguments bring into an object: `dict(a, **b, c=1)`, `Object.assign(a, {c: 1})`."""
    found: list[x.Entry] = []
    for argument in arguments:
        if argument.name is not None:
            found.append(x.Entry(argument.span, x.Text(argument.span, argument.name), argument.value))
        elif isinstance(argument.value, x.Mapping):
            found.extend(argument.value.entries)
        else:
            found.append(x.Entry(argument.span, None, argument.value))
    return found


def _rebuilt(name: str, value: x.Expression) -> x.Mapping | x.Array | None:
    """Return what is new in a copy of what a name stands for: `{...o, a: v}`, `[*names, "A"]`, `dict(o, a=v)`."""
    match value:
        case x.Mapping(entries=[x.Entry(key=None, value=x.Name(id=own)), *added]) if own == name:
            return x.Mapping(value.span, added)
        case x.Array(items=[x.Spread(value=x.Name(id=own)), *items]) if own == name:
            return x.Array(value.span, items)
        case x.Binary(operator="+" | "|" as operator, left=x.Name(id=own), right=right) if own == name:
            return _added(right, operator)
        case x.Call(callee=x.Name(id="dict"), arguments=[x.Argument(value=x.Name(id=own)), *rest]) if own == name:
            return x.Mapping(value.span, entries(rest))
        case x.Call(
            callee=x.Member(object=x.Name(id="Object"), name="assign"),
            arguments=[x.Argument(value=x.Mapping(entries=[])), x.Argument(value=x.Name(id=own)), *rest],
        ) if own == name:
            return x.Mapping(value.span, entries(rest))
        case _:
            return None


def _added(value: x.Expression, operator: str) -> x.Mapping | x.Array | None:
    if operator == "+":
        return value if isinstance(value, x.Array) else None
    return value if isinstance(value, x.Mapping) else x.Mapping(value.span, [x.Entry(value.span, None, value)])
