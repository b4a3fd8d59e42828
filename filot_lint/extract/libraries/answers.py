"""Identities that a service should have given: what its answer is, and what is made up instead."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.libraries.definitions import parts
from filot_lint.extract.libraries.doubles import words
from filot_lint.extract.reads.logs import dotted
from filot_lint.syntax import expression as x

_CLOCKS = frozenset({"Date.now", "time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "new Date"})
_DICE = frozenset({"Math.random", "randomUUID", "crypto.randomUUID", "uuid.uuid4", "uuid4", "uuidv4", "nanoid",
                   "random.random", "random.randint", "secrets.token_hex", "randomBytes"})  # fmt: skip
_IDENTITY = frozenset({"id", "ticket", "reference", "ref", "number", "uuid", "key"})
_ASKED = frozenset({"get", "post", "put", "patch", "delete", "request", "fetch", "axios"})
_HOPS = 3


def lacking(part: x.Expression, scope: Scope) -> str | None:
    """Return the name of an identity that is taken from the answer of a service."""
    match part:
        case x.Member(object=owner, name=name) | x.Index(object=owner, key=x.Text(text=name)):
            pass
        case x.Call(callee=x.Member(object=owner, name="get"), arguments=[x.Argument(value=x.Text(text=name))]):
            pass
        case _:
            return None
    if not (set(words(name)[-1:]) & _IDENTITY):
        return None
    while isinstance(owner, x.Member | x.Index):
        owner = owner.object
    return name if _is_answer(owner, scope, _HOPS) else None


def _is_answer(value: x.Expression | None, scope: Scope, hops: int) -> bool:
    """Return whether a value is what a service answered: the body of the response to a call made here."""
    match value:
        case x.Assertion(value=inner):
            return _is_answer(inner, scope, hops)
        case x.Name(id=name) if hops:
            bindings = scope.lookup(name) or []
            if len(bindings) != 1 or bindings[0].kind != "value":
                return False
            bound = bindings[0]
            if bound.path[:1] == ("data",):
                return _is_response(bound.expression, bound.scope, hops)
            return not bound.path and _is_answer(bound.expression, bound.scope, hops - 1)
        case x.Call(callee=x.Member(object=response, name="json"), arguments=[]):
            return _is_response(response, scope, hops)
        case x.Member(object=response, name="data"):
            return _is_response(response, scope, hops)
        case _:
            return False


def _is_response(value: x.Expression | None, scope: Scope, hops: int) -> bool:
    match value:
        case x.Name(id=name) if hops:
            bindings = scope.lookup(name) or []
            only = bindings[0] if len(bindings) == 1 and not bindings[0].path else None
            return only is not None and _is_response(only.expression, only.scope, hops - 1)
        case x.Call(callee=callee):
            return not _ASKED.isdisjoint(words(dotted(callee).rpartition(".")[2]))
        case _:
            return False


def operands(chain: x.Expression) -> list[x.Expression]:
    """Return what stands between `or`, `||` and `??`."""
    found: list[x.Expression] = []
    while isinstance(chain, x.Binary) and chain.operator in {"or", "coalesce"}:
        found.append(chain.right)
        chain = chain.left
    return [chain, *reversed(found)]


def made_from(value: x.Expression) -> str | None:
    """Return what a text is made from that nobody was asked for: `clock` or `random`."""
    names = {dotted(part.callee) for part in _within(value) if isinstance(part, x.Call)}
    if not isinstance(value, x.Template | x.Call | x.Binary):
        return None
    return "clock" if names & _CLOCKS else "random" if names & _DICE else None


def _within(node: object) -> Iterator[object]:
    stack = [node]
    while stack:
        part = stack.pop()
        yield part
        if not isinstance(part, x.Lambda):
            stack.extend(parts(part))
