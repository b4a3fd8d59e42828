"""Every expression that some statements hold."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.extract.evaluation.scopes import children
from filot_lint.syntax import expression as x

_MAX = 20_000


def within(statements: list[x.Statement]) -> Iterator[x.Expression]:
    """Yield the expressions of statements, in order, with their parts; functions inside are entered."""
    stack: list[x.Statement | x.Expression] = list(reversed(statements))
    for _ in range(_MAX):
        if not stack:
            return
        node = stack.pop()
        if isinstance(node, x.Expression):
            yield node
        stack.extend(reversed(list(_inside(node))))


def _inside(node: x.Statement | x.Expression) -> Iterator[x.Statement | x.Expression]:
    match node:
        case x.Evaluate(value=value) | x.Assert(test=value):
            yield value
        case x.Return(value=optional) | x.Raise(value=optional) | x.Assign(value=optional):
            if optional is not None:
                yield optional
        case x.If(test=test, then=then, otherwise=otherwise):
            yield test
            yield from then
            yield from otherwise
        case x.Loop(iterable=iterable, body=body):
            if iterable is not None:
                yield iterable
            yield from body
        case x.Block(body=body) | x.Function(body=body) | x.Class(body=body) | x.Lambda(function=x.Function(body=body)):
            yield from body
        case x.Inline(statement=statement):
            yield statement
        case x.Comprehension(element=element, clauses=clauses):
            for clause in clauses:
                yield clause.iterable
                yield from clause.tests
            yield element
        case x.Delete() | x.Outer() | x.Import() | x.Export() | x.ClassValue():
            pass
        case _:
            yield from children(node)


def bodies(function: x.Function) -> Iterator[x.Statement]:
    """Yield every statement of a function, not those of functions inside it."""
    stack = list(reversed(function.body))
    while stack:
        statement = stack.pop()
        yield statement
        stack.extend(reversed(parts(statement)))


def parts(statement: x.Statement) -> list[x.Statement]:
    """Return the statements that a statement holds."""
    match statement:
        case x.If(then=then, otherwise=otherwise):
            return [*then, *otherwise]
        case x.Loop(body=body) | x.Block(body=body):
            return body
        case _:
            return []
