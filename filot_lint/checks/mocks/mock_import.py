"""FIL701: production code imports a library, or a file, that is there for tests."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.mocks.doubles import deployables, elsewhere, runs
from filot_lint.extract.libraries.doubles import is_about_mocks
from filot_lint.facts import Imports, TestDouble
from filot_lint.findings import Confidence, Hit, Severity
from filot_lint.workspace.index import Index

LAZY = "it is imported inside a function, which may run in tests only"
ALWAYS_THERE = ("unittest", "node:test")
"""Modules of the language itself, which are installed in production, too."""
NOWHERE = "no known deployable loads this file"


@check("FIL701")
def mock_import(index: Index) -> Iterator[Hit]:
    """Report imports of libraries for tests, and of doubles beside tests, in what production loads."""
    imports = {(fact.file, fact.line, fact.module): fact for fact in index.of(Imports)}
    for double in index.of(TestDouble):
        fact = imports.get((double.file, double.line, double.symbol))
        own = double.form == "import" and not elsewhere(double) and not is_about_mocks(double.file)
        if own and fact is not None and fact.target is None:
            yield _hit(index, fact, f"`{double.symbol}`, a library for tests")
    doubles = {double.file for double in index.of(TestDouble) if double.area == "test" and "folder" in double.signs}
    for fact in index.of(Imports):
        if fact.target in doubles and not fact.type_only and not elsewhere(fact):
            yield _hit(index, fact, f"{fact.target}, which stands in for something in tests")


def _hit(index: Index, fact: Imports, what: str) -> Hit:
    reached = runs(index, fact)
    severity, confidence, reason = None, None, None
    if reached is False:
        severity, confidence, reason = Severity.WARNING, Confidence.LOW, NOWHERE
    elif fact.lazy:
        severity, confidence, reason = Severity.WARNING, Confidence.MEDIUM, LAZY
    elif fact.module.startswith(ALWAYS_THERE):
        severity = Severity.WARNING
    elif reached is None:
        severity, confidence, reason = Severity.WARNING, Confidence.MEDIUM, "no manifest says what is deployed"
    where = deployables(fact)
    return Hit(
        fact.location,
        {"what": what, "where": f", loaded by {where}" if where else ""},
        severity=severity,
        confidence=confidence,
        reason=reason,
        label="imported here",
    )
