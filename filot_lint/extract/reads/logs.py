"""Calls that only write a message for people."""

from __future__ import annotations

import re

from filot_lint.syntax import expression as x

_METHODS = frozenset({"log", "info", "debug", "warn", "warning", "error", "trace", "fatal", "critical", "exception"})
_LOGGER = re.compile(r"^(console|log|_?logger|logging|winston|pino|structlog)$|[lL]og(ger)?$")


def is_log(callee: x.Expression) -> bool:
    """Return whether a call of this only writes a message."""
    words = dotted(callee).split(".")
    if words[-1] == "print":
        return len(words) == 1
    return len(words) > 1 and words[-1] in _METHODS and any(_LOGGER.search(word) for word in words[:-1])


def dotted(expression: x.Expression) -> str:
    """Return `a.b.c` as it is written, with nothing for the parts that are no names."""
    if isinstance(expression, x.Name):
        return expression.id
    if isinstance(expression, x.Member):
        return f"{dotted(expression.object)}.{expression.name}"
    return ""
