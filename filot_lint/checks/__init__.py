"""The logic of the rules: one module per rule, found by walking this package."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import TypeAlias

from filot_lint.findings import Hit
from filot_lint.workspace.index import Index

Check: TypeAlias = Callable[[Index], Iterator[Hit]]

_CHECKS: dict[str, Check] = {}


def check(code: str) -> Callable[[Check], Check]:
    """Register a function as the check of a rule."""

    def register(function: Check) -> Check:
        if code in _CHECKS:
            message = f"two checks claim {code}"
            raise RuntimeError(message)
        _CHECKS[code] = function
        return function

    return register


@cache
def load_checks() -> dict[str, Check]:
    """Import every module of this package and return the checks by code."""
    for module in pkgutil.walk_packages(__path__, prefix=f"{__name__}."):
        import_module(module.name)
    return dict(sorted(_CHECKS.items()))
