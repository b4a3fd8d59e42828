"""FIL702: a mock, stub or fake is defined among the code of production."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.mocks.doubles import deployables, elsewhere, runs
from filot_lint.extract.libraries.doubles import WORDS, words
from filot_lint.facts import Imports, Sign, Substitute, TestDouble
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.workspace.index import Index

BEHAVIOUR: dict[Sign, str] = {
    "idle": "it only logs that it is a stand-in",
    "made-up": "it asks nobody for what it answers",
    "stands-for": "it has the base or interface of what it is named after",
}
SHOWN = 3
FAMILY = 4


@check("FIL702")
def mock_definition(index: Index) -> Iterator[Hit]:
    """Report once per file what is named as a double and behaves as one; what FIL705 reports is left to it."""
    swapped = {fact.symbol for fact in index.of(Substitute) if not elsewhere(fact)}
    groups: dict[str, list[TestDouble]] = {}
    for double in index.of(TestDouble):
        if not elsewhere(double) and double.symbol not in swapped and _is_double(set(double.signs)):
            groups.setdefault(double.file, []).append(double)
    chosen = [[d for d in group if runs(index, d)] or group for group in groups.values()]
    for alike in _families(index, chosen):
        yield _hit(index, alike)


def _families(index: Index, groups: list[list[TestDouble]]) -> Iterator[list[TestDouble]]:
    """Yield the doubles of each file; where a project keeps many of one kind so, all of them are one family."""
    families: dict[tuple[str, bool], list[list[TestDouble]]] = {}
    for group in groups:
        kind = next((word for word in words(group[0].symbol) if word in WORDS), group[0].symbol)
        families.setdefault((kind, bool(runs(index, group[0]))), []).append(group)
    for family in families.values():
        yield from [[d for group in family for d in group]] if len(family) > FAMILY else family


def _is_double(signs: set[Sign]) -> bool:
    """Whether what it is called and what it does say the same; a file's name alone needs a function that admits it."""
    return ("name" in signs and bool(signs & BEHAVIOUR.keys())) or ("file" in signs and "idle" in signs)


def _hit(index: Index, group: list[TestDouble]) -> Hit:
    first = group[0]
    reached = runs(index, first)
    behaviour = next(text for sign, text in BEHAVIOUR.items() if sign in first.signs)
    files = len({double.file for double in group})
    others = group[1:] if files > 1 else group[1:SHOWN]
    what = f" and the doubles of {files - 1} other files are stand-ins" if files > 1 else " is a stand-in"
    where = deployables(first)
    importers = list(_importers(index, first))
    return Hit(
        first.location,
        {
            "symbol": f"`{first.symbol}`{what}",
            "behaviour": behaviour if files == 1 else "they are called so, and behave so",
            "where": f", and {where} may use {'it' if files == 1 else 'them'}" if reached else "",
        },
        related=(*importers, *(Related(d.location, f"`{d.symbol}`, too") for d in others)),
        severity=None if reached else Severity.INFO,
        confidence=_confidence(first, reached=bool(reached), used=bool(importers)),
        reason=_reason(reached=reached),
        label="; ".join(first.evidence),
    )


def _confidence(double: TestDouble, *, reached: bool, used: bool) -> Confidence | None:
    """Say how sure it is that production gets it; what no code of production imports may be for tests elsewhere."""
    if reached and "stands-for" in double.signs:
        return None
    alone = not used and double.form != "function"
    return Confidence.LOW if alone and not reached else Confidence.MEDIUM


def _reason(*, reached: bool | None) -> str:
    if reached is None:
        return "no manifest says what is deployed"
    return "its name and what it does tell, not its use" if reached else "no known deployable uses it"


def _importers(index: Index, double: TestDouble) -> Iterator[Related]:
    found = [i for i in index.of(Imports) if i.target == double.file and i.area == "production" and not i.type_only]
    for fact in found[:SHOWN]:
        yield Related(fact.location, "handed on here" if fact.reexport else "imported here")
