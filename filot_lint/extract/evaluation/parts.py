"""The parts of an expression, and what calls and functions are for by their form alone."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.syntax import expression as x


def children(expression: x.Expression) -> Iterator[x.Expression]:
    """Yield the direct parts of an expression that opens no scope."""
    match expression:
        case x.Template(parts=parts) | x.Opaque(children=parts) | x.Array(items=parts):
            yield from parts
        case x.Member(object=inner) | x.Spread(value=inner) | x.Assertion(value=inner) | x.Unary(operand=inner):
            yield inner
        case x.Index(object=inner, key=key):
            yield inner
            yield key
        case x.Call(callee=callee, arguments=arguments):
            yield callee
            for argument in arguments:
                yield argument.value
        case x.Mapping(entries=entries):
            for entry in entries:
                if entry.key is not None:
                    yield entry.key
                yield entry.value
        case x.Binary(left=left, right=right):
            yield left
            yield right
        case x.Choice(test=test, yes=yes, no=no):
            yield test
            yield yes
            yield no
        case _:
            pass


def is_overload(function: x.Function) -> bool:
    """Return whether a function only declares another signature of the one after it."""
    last = [d.name if isinstance(d, x.Member) else d.id if isinstance(d, x.Name) else "" for d in function.decorators]
    return "overload" in last


_CALLBACKS = {"forEach": 0, "map": 0, "filter": 0, "flatMap": 0, "some": 0, "every": 0, "find": 0, "findIndex": 0,
              "findLast": 0, "reduce": 1, "reduceRight": 1}  # fmt: skip


def runs_over(call: x.Call) -> tuple[int, x.Expression] | None:
    """Return which parameter of the first argument runs over what: `names.map(f)`, `map(f, names)`."""
    if isinstance(call.callee, x.Member) and call.callee.name in _CALLBACKS:
        return _CALLBACKS[call.callee.name], call.callee.object
    if isinstance(call.callee, x.Name) and call.callee.id in {"map", "filter"} and len(call.arguments) == 2:  # noqa: PLR2004
        return 0, call.arguments[1].value
    return None
