"""What is written in a request, by the names and types that frameworks give it."""

from __future__ import annotations

from filot_lint.extract.evaluation.scopes import Scope, children
from filot_lint.extract.reads.logs import dotted
from filot_lint.syntax import expression as x

_STEPS = 300
_REQUESTS = frozenset({"req", "request", "ctx", "context", "event", "websocket", "c"})
_TYPES = ("Request", "HTTPConnection", "WebSocket", "IncomingMessage", "Header", "Query", "Cookie", "HTTPAuthorization")
PARTS = frozenset({
    "headers", "header", "query", "query_params", "queryParams", "body", "params", "cookies", "signedCookies", "META",
    "GET", "POST", "args", "form", "json", "data", "rawBody", "text", "get", "searchParams", "nextUrl", "req",
    "request", "queryStringParameters", "credentials", "token", "authorization", "get_json", "get_data", "files",
    "values", "arrayBuffer", "url", "raw", "getHeader", "hdrs",
})  # fmt: skip
"""Members of a request, or of what holds one, that somebody outside has written."""


def is_request(expression: x.Expression, scope: Scope) -> bool:
    """Return whether an expression is a request, or something that holds one."""
    match expression:
        case x.Name(id=name):
            bindings = scope.lookup(name) or []
            if any(is_of_request(binding.annotation) for binding in bindings):
                return True
            outside = not bindings or any(b.kind in {"parameter", "import"} for b in bindings)
            return name.lstrip("_") in _REQUESTS and outside
        case x.Member(object=inner, name=name):
            return name in {"req", "request", "raw"} and (is_request(inner, scope) or _is_self(inner))
        case _:
            return False


def _is_self(expression: x.Expression) -> bool:
    return isinstance(expression, x.Name) and expression.id in {"self", "this", "c", "ctx"}


def is_of_request(annotation: x.Expression | None) -> bool:
    """Return whether a parameter is declared as something a request gives."""
    stack = [annotation] if annotation is not None else []
    for _ in range(_STEPS):
        if not stack:
            return False
        part = stack.pop()
        word = part.id if isinstance(part, x.Name) else part.name if isinstance(part, x.Member) else ""
        if word.endswith(_TYPES):
            return True
        stack.extend(children(part))
    return False


def is_injected(default: x.Expression | None) -> bool:
    """Return whether a framework fills a parameter from the request: `Header()`, `Security(api_key_header)`."""
    return isinstance(default, x.Call) and dotted(default.callee).rpartition(".")[2] in {
        "Header", "Query", "Cookie", "Security", "Form", "Body",
    }  # fmt: skip
