"""Switches that choose a fake, and those of them that are on unless somebody says no."""

from __future__ import annotations

from filot_lint.extract.evaluation.evaluate import Evaluator
from filot_lint.extract.evaluation.scopes import Scope
from filot_lint.syntax import expression as x
from filot_lint.values import Env

_MOCKS = frozenset({"MOCK", "MOCKS", "MOCKED", "FAKE", "FAKES", "STUB", "STUBS", "DUMMY", "SIMULATE", "SIMULATED"})
_INSTEAD = ("ALWAYS_EAGER",)
_NO = frozenset({"false", "0", "no", "off"})


def is_mock_flag(name: str) -> bool:
    """Return whether a variable is called after mocks, or runs jobs in the process that should queue them."""
    return not _MOCKS.isdisjoint(name.upper().split("_")) or name.upper().endswith(_INSTEAD)


def on_unless_told(node: object, scope: Scope, evaluator: Evaluator) -> str | None:
    """Return the switch that a test takes for on where it is missing: `X !== "false"`, `X not in ("0", "no")`."""
    match node:
        case x.Binary(operator="!=", left=left, right=x.Text(text=text)) if text.lower() in _NO:
            pass
        case x.Binary(operator="not in", left=left, right=x.Array(items=[x.Text(text=text), *_])) if text in _NO:
            pass
        case _:
            return None
    value = evaluator.evaluate(left, scope)
    name = value.name if isinstance(value, Env) and value.default is None else None
    return name if name is not None and is_mock_flag(name) else None
