"""FIL705: a fake or a made-up value takes over where something is missing or has failed."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.mocks.doubles import elsewhere, runs
from filot_lint.extract.libraries.doubles import words
from filot_lint.facts import Substitute
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.workspace.index import Index

DUMMY = "a `dummy` often only keeps the place of an optional part"
IDENTITY = "a caller that never hands the identity on would not notice"
NOWHERE = "no known deployable reaches this place"


@check("FIL705")
def fake_fallback(index: Index) -> Iterator[Hit]:
    """Report what is swapped in silently in production code."""
    for fact in index.of(Substitute):
        if elsewhere(fact):
            continue
        reached = runs(index, fact)
        severity, confidence, reason = _weight(fact, reached)
        when = _when(fact)
        yield Hit(
            fact.location,
            {"symbol": _what(fact), "when": when},
            related=(Related(fact.test_at, "decided here"),) if fact.test_at and fact.form == "double" else (),
            severity=severity,
            confidence=confidence,
            reason=reason,
            label=f"used when {when}",
        )


def _weight(fact: Substitute, reached: bool | None) -> tuple[Severity | None, Confidence | None, str | None]:  # noqa: FBT001
    if reached is False:
        return Severity.WARNING, Confidence.LOW, NOWHERE
    if fact.where == "answer":
        return Severity.WARNING, Confidence.MEDIUM, IDENTITY
    if "dummy" in words(fact.symbol):
        return Severity.WARNING, Confidence.LOW, DUMMY
    if fact.form == "sample":
        return None, Confidence.MEDIUM, "only the words of the text say that it is made up"
    if not fact.names:
        return Severity.WARNING, Confidence.MEDIUM, "no variable of the environment decides here"
    return (None, None, None) if reached else (Severity.WARNING, None, None)


def _what(fact: Substitute) -> str:
    if fact.where == "answer":
        return "an identity made from the clock" if fact.form == "clock" else "a random identity"
    return fact.symbol if fact.form == "sample" else f"`{fact.symbol}`"


def _when(fact: Substitute) -> str:
    if fact.where == "error":
        return "an error occurs"
    names = " and ".join(f"`{name}`" for name in fact.names[:3])
    if fact.where == "answer":
        return f"the answer has no {names}"
    return f"{names} is missing" if len(fact.names) == 1 else f"{names} are missing" if names else "it is missing"
