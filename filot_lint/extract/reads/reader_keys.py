"""The name that a modelled reading call asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.models import ReadModel
from filot_lint.syntax import expression as x
from filot_lint.values import UNKNOWN, Literal, Value, join

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator


def key_of(
    evaluator: Evaluator, call: x.Call, reader: ReadModel, scope: Scope
) -> tuple[x.Expression | None, Value] | None:
    """Return where the name stands, and the name; None when the call asks for none."""
    found = evaluator.argument_expression(call, reader.name, scope)
    if found is None:
        if not reader.otherwise:
            return None
        found = None, Literal(reader.otherwise)
    if found[0] is not None:
        found = found[0], evaluator.key(found[0], scope)
    if not reader.after:
        return found
    ends = [UNKNOWN if part == "*" else Literal(part) for part in reader.after.partition("*") if part]
    return found[0], join([found[1], *ends])
