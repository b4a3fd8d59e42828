"""FIL703: a switch that chooses a fake is on, in a manifest or where nobody says anything."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.mocks.doubles import elsewhere, runs
from filot_lint.checks.production import production_reads
from filot_lint.extract.libraries.mock_flags import is_mock_flag
from filot_lint.facts import CommittedVariable, EnvDeclaration, EnvProvision, EnvRead, Fact, TestDouble
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.source import Language
from filot_lint.workspace.index import Index

ON = frozenset({"true", "1", "yes", "on"})
COMPOSE = "compose files often describe development"


@check("FIL703")
def mock_by_default(index: Index) -> Iterator[Hit]:
    """Report switches for fakes that production turns on, or does not turn off."""
    reads: dict[str, EnvRead] = {}
    for read in production_reads(index):
        if is_mock_flag(read.name or "") and read.guard in {"always", "production"}:
            if read.name not in reads or _on(read):
                reads[read.name or ""] = read
            if _on(read):
                yield _code(index, read, read.name or "", "its default is on")
    for flag in index.of(TestDouble):
        if flag.form == "flag" and not elsewhere(flag):
            yield _code(index, flag, flag.symbol, "only a word for no turns it off")
    yield from _given(index, reads)


def _on(read: EnvRead) -> bool:
    default = read.default
    return default is not None and default.kind == "literal" and (default.text or "").strip().lower() in ON


def _code(index: Index, fact: Fact, name: str, state: str) -> Hit:
    reached = runs(index, fact)
    low = reached is False
    return Hit(
        fact.location,
        {"name": name, "state": state},
        severity=Severity.WARNING,
        confidence=Confidence.LOW if low else None,
        reason="no known deployable runs this" if low else None,
        label=state,
    )


def _given(index: Index, reads: dict[str, EnvRead]) -> Iterator[Hit]:
    """Yield what manifests and templates of production turn on and code of production reads."""
    given: list[EnvProvision | EnvDeclaration | CommittedVariable] = [
        *index.of(EnvProvision), *index.of(EnvDeclaration), *index.of(CommittedVariable)]  # fmt: skip
    for fact in given:
        read = reads.get(fact.name)
        if read is None or "on" not in fact.traits or not _describes_production(fact):
            continue
        compose = fact.language == Language.COMPOSE.published and "prod" not in fact.file.lower()
        yield Hit(
            fact.location,
            {"name": fact.name, "state": "it is turned on here"},
            related=(Related(read.location, "read here"),),
            severity=Severity.WARNING if compose else Severity.ERROR,
            confidence=Confidence.LOW if compose else None,
            reason=COMPOSE if compose else None,
            label="turned on here",
        )


def _describes_production(fact: EnvProvision | EnvDeclaration | CommittedVariable) -> bool:
    if fact.area != "production":
        return False
    if isinstance(fact, EnvProvision):
        return fact.channel in {"image-env", "environment"} and fact.container != "replit"
    return "prod" in fact.file.lower() and not (isinstance(fact, EnvDeclaration) and fact.commented_out)
