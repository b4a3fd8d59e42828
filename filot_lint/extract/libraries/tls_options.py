"""Entries of objects that switch the check of certificates off, whatever library the object is for."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.extract.place import place_at
from filot_lint.facts import Guard, TlsSetting
from filot_lint.syntax import expression as x
from filot_lint.values import Literal, literals


class TlsOptions:
    """Finds them in one file."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing is found yet."""
        self.evaluator = evaluator
        self.known = evaluator.models.tls_options.get("python" if evaluator.python else "typescript", {})
        self.facts: list[TlsSetting] = []

    def mapping(self, mapping: x.Mapping, scope: Scope, guard: Guard) -> None:
        """Record the entries of one object."""
        for entry in mapping.entries:
            if not isinstance(entry.key, x.Text) or entry.key.text not in self.known:
                continue
            value = self.evaluator.evaluate(entry.value, scope)
            off = self.known[entry.key.text]
            if any(literal.text == off for literal in literals(value)):
                place = place_at(self.evaluator.source, self.evaluator.source.locate(entry.key.span))
                verify = Literal("false", "boolean") if value == Literal(off, "boolean") else value
                self.facts.append(TlsSetting(**place, guard=guard, argument=entry.key.text, verify=verify))
