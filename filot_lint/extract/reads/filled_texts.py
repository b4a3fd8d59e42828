"""Variables named inside texts: `os.path.expandvars("$X/y")`, `"{X}".format(**os.environ)`, templates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.reads.context import Context, Recorder
from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import Environment, Join, Literal, Ref, Value, options

_EXPANDED = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
_TEMPLATE = re.compile(r"\$(?:\$|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")
_FORMAT = re.compile(r"\{\{|\{([A-Za-z_]\w*)[^{}]*\}")
_PERCENT = re.compile(r"%\((\w+)\)")
_EXPANDS = frozenset({"os.path.expandvars", "posixpath.expandvars"})
_METHODS = {"format": _FORMAT, "format_map": _FORMAT, "substitute": _TEMPLATE, "safe_substitute": _TEMPLATE}
_LENIENT = frozenset({"safe_substitute"})


class FilledTexts:
    """Visits texts that are filled with variables; one per file."""

    def __init__(self, evaluator: Evaluator, recorder: Recorder) -> None:
        """Take the values of the texts."""
        self.evaluator = evaluator
        self.recorder = recorder

    def expanded(self, name: str, call: x.Call, scope: Scope, context: Context) -> bool:
        """Visit a call that replaces the names of variables in its argument; returns whether it was one."""
        if name not in _EXPANDS or not call.arguments:
            return False
        text = self.evaluator.evaluate(call.arguments[0].value, scope)
        self._read(text, _EXPANDED, Environment(name), call.span, context)
        return True

    def filled(self, call: x.Call, callee: x.Member, scope: Scope, context: Context) -> bool:
        """Visit a method that fills a text with all variables; returns whether it was one."""
        syntax = _METHODS.get(callee.name)
        if syntax is None:
            return False
        given = [self.evaluator.evaluate(argument.value, scope) for argument in call.arguments]
        environment = next((value for value in given if isinstance(value, Environment)), None)
        if environment is None:
            return False
        text = self.evaluator.evaluate(callee.object, scope)
        if isinstance(text, Ref) and text.path[-2:] == ("Template", "()") and text.arguments:
            text = text.arguments[0]
        stops = context._replace(asserted=callee.name not in _LENIENT)
        return self._read(text, syntax, environment, call.span, stops)

    def interpolated(self, left: x.Expression, right: x.Expression, scope: Scope, context: Context) -> bool:
        """Visit `"%(X)s" % os.environ`; returns whether it was that."""
        environment = self.evaluator.evaluate(right, scope)
        if not isinstance(environment, Environment):
            return False
        text = self.evaluator.evaluate(left, scope)
        return self._read(text, _PERCENT, environment, left.span, context._replace(asserted=True))

    def _read(
        self, text: Value, syntax: re.Pattern[str], environment: Environment, place: Span, context: Context
    ) -> bool:
        inner = context.fresh()._replace(asserted=context.asserted)
        names = list(_names(text, syntax))
        for name in names:
            self.recorder.read(name, environment, place, inner, direct=False)
        return bool(names)


def _names(text: Value, syntax: re.Pattern[str]) -> Iterator[Literal]:
    for option in options(text):
        for part in option.parts if isinstance(option, Join) else (option,):
            if isinstance(part, Literal) and part.type == "string":
                for match in syntax.finditer(part.text):
                    name = next((group for group in match.groups() if group), None)
                    if name is not None:
                        yield Literal(name, "string", part.at)
