"""FIL704: production runs a function that only says that it is not there yet."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.mocks.doubles import LEXICAL, deployables, elsewhere, runs
from filot_lint.facts import TestDouble
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.workspace.index import Index

UNFINISHED = frozenset({"unfinished", "refuses", "idle"})
SHOWN = 3


@check("FIL704")
def stub_implementation(index: Index) -> Iterator[Hit]:
    """Report unfinished functions, those of one class together, by how far production gets to them."""
    groups: dict[tuple[str, str], list[TestDouble]] = {}
    for double in index.of(TestDouble):
        signs = set(double.signs)
        if not elsewhere(double) and signs & UNFINISHED and not signs & LEXICAL and double.heirs is None:
            owner = double.symbol.rpartition(".")[0] or double.symbol
            groups.setdefault((double.file, owner), []).append(double)
    for (_, owner), group in groups.items():
        reached = [double for double in group if runs(index, double)]
        yield _hit(index, owner, reached or group)


def _hit(index: Index, owner: str, group: list[TestDouble]) -> Hit:
    first = group[0]
    severity, confidence, reason = _weight(runs(index, first), first, owner)
    where = deployables(first)
    return Hit(
        first.location,
        {"symbol": first.symbol, "state": _state(first), "where": f" by {where}" if where else ""},
        related=tuple(Related(double.location, f"`{double.symbol}`, too") for double in group[1:SHOWN]),
        severity=severity,
        confidence=confidence,
        reason=reason,
        label=_state(first),
    )


def _state(double: TestDouble) -> str:
    if "idle" in double.signs:
        return "only logs that it is a stand-in"
    return "always ends by raising that it is not implemented"


def _weight(
    reached: bool | None,  # noqa: FBT001  # an answer with three values
    double: TestDouble,
    owner: str,
) -> tuple[Severity | None, Confidence | None, str | None]:
    if reached is False:
        return Severity.INFO, Confidence.LOW, "no known deployable runs it"
    if "refuses" in double.signs and owner != double.symbol:
        return None, Confidence.LOW, "a class may refuse on purpose what its interface offers"
    if reached is None:
        return None, Confidence.MEDIUM, "no manifest says what is deployed"
    return None, None, None
