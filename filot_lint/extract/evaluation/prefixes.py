"""Blocks in which an environment has a prefix: `with env.prefixed("REDIS_"):`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import Environment, Literal, Value

if TYPE_CHECKING:
    from filot_lint.extract.evaluation.evaluate import Evaluator


class Prefixes:
    """Answers what an environment is where it is named."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Take the blocks of the file that change anything."""
        self.evaluator = evaluator
        self._blocks: list[tuple[x.Member, x.Expression, Span]] = [
            (entered.callee, entered.arguments[0].value, block)
            for entered, block in evaluator.scopes.entered
            if isinstance(entered, x.Call) and isinstance(entered.callee, x.Member)
            and entered.callee.name == "prefixed" and entered.arguments
        ]  # fmt: skip

    def applied(self, value: Value, at: Span) -> Value:
        """Return an environment with the prefixes that hold at a place, anything else as it is."""
        if not self._blocks or not isinstance(value, Environment):
            return value
        prefix = value.prefix
        for entered, argument, block in self._blocks:
            if block.start <= at.start < block.end and self._is_same(entered, value):
                text = self.evaluator.evaluate(argument, self.evaluator.scopes.module)
                prefix += text.text if isinstance(text, Literal) else ""
        return Environment(value.via, prefix, value.copy) if prefix != value.prefix else value

    def _is_same(self, entered: x.Member, value: Environment) -> bool:
        owner = self.evaluator.evaluate(entered.object, self.evaluator.scopes.module)
        return isinstance(owner, Environment) and owner.via == value.via
