"""The logic of the rules: one module per rule, found by the rule's family and name."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import TypeAlias

import msgspec

from filot_lint.findings import Hit, Rule
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
    return _CHECKS


def last_checks() -> dict[str, LastCheck]:
    """Return the checks on the outcome of all others."""
    load_checks()
    return _LAST


def checks_of(rules: Iterable[Rule]) -> tuple[dict[str, Check], dict[str, LastCheck]]:
    """Return the checks of some rules, and those on the outcome; only their modules are imported."""
    codes = []
    for rule in rules:
        import_module(f"{__name__}.{rule.family}.{rule.name.replace('-', '_')}")
        codes.append(rule.code)
    return {code: _CHECKS[code] for code in codes if code in _CHECKS}, {c: _LAST[c] for c in codes if c in _LAST}
