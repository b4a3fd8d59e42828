"""The logic of the rules: one module per rule, found by walking this package."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import TypeAlias

import msgspec

from filot_lint.findings import Hit
from filot_lint.suppression import Suppression
from filot_lint.workspace.index import Index


class Outcome(msgspec.Struct, frozen=True):
    """Our own suppressions, and those of all that could have silenced something in this run and did not."""

    own: tuple[Suppression, ...]
    unused: tuple[Suppression, ...]


Check: TypeAlias = Callable[[Index], Iterator[Hit]]
LastCheck: TypeAlias = Callable[[Index, Outcome], Iterator[Hit]]

_CHECKS: dict[str, Check] = {}
_LAST: dict[str, LastCheck] = {}


def check(code: str) -> Callable[[Check], Check]:
    """Register a function as the check of a rule."""

    def register(function: Check) -> Check:
        if code in _CHECKS:
            message = f"two checks claim {code}"
            raise RuntimeError(message)
        _CHECKS[code] = function
        return function

    return register


def last_check(code: str) -> Callable[[LastCheck], LastCheck]:
    """Register a function as the check of a rule on the outcome of all others."""

    def register(function: LastCheck) -> LastCheck:
        _LAST[code] = function
        return function

    return register


@cache
def load_checks() -> dict[str, Check]:
    """Import every module of this package and return the checks by code."""
    for module in pkgutil.walk_packages(__path__, prefix=f"{__name__}."):
        import_module(module.name)
    return dict(sorted(_CHECKS.items()))


def last_checks() -> dict[str, LastCheck]:
    """Return the checks on the outcome of all others."""
    load_checks()
    return dict(sorted(_LAST.items()))
