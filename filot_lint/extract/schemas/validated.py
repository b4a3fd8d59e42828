"""Classes whose fields are variables by their own names: what decorators validate, what a library fills."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.reads.casts import cast_of
from filot_lint.extract.schemas.entry import HOPS, Entry, Shape, last_word
from filot_lint.syntax import expression as x


def validated(evaluator: Evaluator, node: x.Class, hops: int = HOPS) -> Shape:
    """Return the fields of a class with decorators, those of its bases in this file first."""
    shape = Shape()
    scope = evaluator.scopes.of(node)
    for base in node.bases:
        bindings = scope.lookup(base.value.id) if isinstance(base.value, x.Name) else None
        parent = bindings[0].node if bindings is not None and len(bindings) == 1 else None
        if isinstance(parent, x.Class) and hops:
            shape = shape.with_(validated(evaluator, parent, hops - 1))
    fields = tuple(
        _field(evaluator, statement, statement.target.id, node)
        for statement in node.body
        if isinstance(statement, x.Assign) and isinstance(statement.target, x.Name) and statement.decorators
    )
    return shape.with_(Shape(fields))


def _field(evaluator: Evaluator, statement: x.Assign, name: str, node: x.Class) -> Entry:
    words = {last_word(d.callee) if isinstance(d, x.Call) else last_word(d) for d in statement.decorators}
    default = evaluator.evaluate(statement.value, evaluator.scopes.of(node)) if statement.value is not None else None
    required: bool | None = True
    if default is not None or "IsOptional" in words:
        required = False
    elif "ValidateIf" in words:
        required = None
    cast = next((cast for word in sorted(words) if (cast := cast_of(word.removeprefix("Is"))) is not None), None)
    return Entry(name, statement.target.span, default, required, cast)
