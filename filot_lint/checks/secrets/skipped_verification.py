"""FIL607: without the secret, or after an error, everything passes a check."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.checks.secrets.evidence import secret_names
from filot_lint.facts import EnvRead, SecretAbsence
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.source import Location
from filot_lint.workspace.index import Index

OPTIONAL = "the check may be meant to be optional"
IDLE = "no code of the deployables that load this file calls the function around it"


@check("FIL607")
def skipped_verification(index: Index) -> Iterator[Hit]:
    """Look for checks that are left out where their secret is missing."""
    seen: set[Location] = set()
    for fact in index.of(SecretAbsence):
        place = fact.through or fact.location
        if fact.outcome != "accepted" or not may_run(fact) or place in seen:
            continue
        names = secret_names(fact.secret, ("compare",))
        if (names or fact.form == "failure") and not all(_is_required(index, name) for name in names or ("",)):
            seen.add(place)
            yield _hit(index, fact, place, names)


def _hit(index: Index, fact: SecretAbsence, place: Location, names: tuple[str, ...]) -> Hit:
    name = names[0] if names else ""
    idle, optional = fact.is_unused, fact.form == "condition"
    related = [Related(fact.check_at, "the check that is left out")]
    if fact.outcome_at is not None:
        related.append(Related(fact.outcome_at, "goes on here"))
    if place != fact.location:
        related.append(Related(fact.location, "the secret comes from here"))
    related += [Related(r.location, "an empty text stands in here") for r in _empty(index, name)[:1]]
    return Hit(
        place,
        {"state": f"`{name}` is missing" if name else "it fails with an error"},
        related=tuple(related),
        severity=Severity.WARNING if idle else None,
        confidence=Confidence.MEDIUM if idle or optional else None,
        reason=IDLE if idle else OPTIONAL if optional else None,
        label="goes on without the check",
    )


def _is_required(index: Index, name: str) -> bool:
    """Whether some read that runs when files are loaded stops the program without the variable."""
    reads = index.reads.get(name, ())
    return any(r.required and not r.deferred and r.area == "production" and r.guard == "always" for r in reads)


def _empty(index: Index, name: str) -> list[EnvRead]:
    reads = index.reads.get(name, [])
    return [r for r in reads if r.default is not None and r.default.kind == "empty" and r.area == "production"]
