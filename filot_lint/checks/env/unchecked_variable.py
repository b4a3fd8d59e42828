"""FIL106: a variable that must be there is used without a look whether it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from filot_lint.checks import check
from filot_lint.checks.env.contract import contract
from filot_lint.checks.env.grouping import grouped, listed, others
from filot_lint.checks.env.guarded import demands_of, deployables_of, left_open, tests_of
from filot_lint.checks.env.silent_sinks import Sink, silent_sinks, told_at_clients
from filot_lint.checks.production import deciding_reads, is_provided
from filot_lint.facts import EnvDeclaration, EnvRead, Fact
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import classify
from filot_lint.source import CODE
from filot_lint.workspace.index import Index

PROGRAMS = frozenset(language.value for language in CODE)
CLAIMED = "only the claim in the code says that it must be there"
DEFERRED = "only a claim in a function says that it must be there, and the function may be for a feature that is off"
BUNDLED = "its value is fixed when the bundle for browsers is built"
TESTED = "{place} looks whether it is there, but nothing shows that the program stops without it"
GIVEN = "{place} gives it to a container"


class _Case(NamedTuple):
    """A read that goes on without its variable, and why that matters."""

    read: EnvRead
    sink: Sink | None
    declaration: EnvDeclaration | None


@check("FIL106")
def unchecked_variable(index: Index) -> Iterator[Hit]:
    """Look at reads that go on without a variable that a claim, a marker or a silent sink says must be there."""
    sinks, told = silent_sinks(index), told_at_clients(index)
    declared = contract(index)
    hits: dict[tuple[str, str | None], Hit] = {}
    for read in deciding_reads(index):
        key = (read.file, read.name)
        if key in hits or read.language not in PROGRAMS or is_provided(index, read.name or ""):
            continue
        if any(_meet(read, client) for client in told.get(read.name or "", ())):
            continue
        sink = next((s for s in sinks.get(read.name or "", ()) if _meet(read, s.fact)), None)
        declaration = next((d for d in declared.get(read.name or "", ()) if _is_required(d)), None)
        reasons = ((sink is not None and not sink.meant), read.unchecked, declaration is not None)
        if _goes_on(read) and any(reasons):
            hit = _hit(index, _Case(read, sink, declaration))
            if hit is not None:
                hits[key] = hit
    for group in grouped(_by_variable(hits.values()), lambda hit: (hit.location.file, hit.severity, hit.confidence)):
        yield group[0] if len(group) == 1 else _together(group)


def _by_variable(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Return one finding for each variable: one test at the start is enough for all its places."""
    for same in grouped(hits, lambda hit: (hit.values["names"], hit.severity, hit.confidence), few=1):
        first = same[0]
        yield msgspec.structs.replace(first, related=(*first.related, *others(same, "and here")))


def _goes_on(read: EnvRead) -> bool:
    """Whether nothing in sight of the read happens when the variable is missing."""
    if read.access != "read" or read.required:
        return False
    kind = read.default.kind if read.default is not None else None
    bare = kind is None and read.required is None and not read.tested
    return read.unchecked or bare or (kind == "empty" and not read.tested)


def _is_required(declaration: EnvDeclaration) -> bool:
    said = declaration.required is True and not declaration.commented_out
    return said and declaration.condition in {None, "production"}


def _meet(read: EnvRead, fact: Fact) -> bool:
    mine, theirs = set(read.components), set(fact.components)
    return read.file == fact.file or not mine or not theirs or bool(mine & theirs)


def _hit(index: Index, case: _Case) -> Hit | None:
    read, sink, declaration = case
    place = _state(index, read)
    if place is None:
        return None
    confidence, reason, programs = place
    if confidence is None and sink is None and declaration is None:
        confidence, reason = _of_claim(read)
    related = []
    if declaration is not None:
        related.append(Related(declaration.location, "marked as required here"))
    if sink is not None:
        related.append(Related(sink.fact.location, sink.label))
    effect = f"; {sink.effect}" if sink is not None else ""
    return Hit(
        read.location,
        {"names": f"`{read.name}`", "state": f"nothing stops {programs or 'the program'} without it{effect}"},
        related=tuple(related),
        severity=Severity.ERROR if sink is not None else None,
        confidence=confidence,
        reason=reason,
        label=_label(read),
    )


def _of_claim(read: EnvRead) -> tuple[Confidence, str]:
    """Return how much a claim is worth: in a function, it may be made for a feature that is only there when set up."""
    if classify(read.name or "").kind == "public":
        return Confidence.LOW, BUNDLED
    return (Confidence.LOW, DEFERRED) if read.deferred else (Confidence.MEDIUM, CLAIMED)


def _label(read: EnvRead) -> str:
    if read.unchecked:
        return "claimed to be there"
    return "the empty text stands in" if read.default is not None else "used as it comes"


def _state(index: Index, read: EnvRead) -> tuple[Confidence | None, str | None, str] | None:
    """Return how sure it is that some deployable goes on without the variable, and which if others look after it.

    None when each of them stops.
    """
    places, demands = deployables_of(read), list(demands_of(index, read))
    if not left_open(read, demands) or (demands and not places[0]):
        return None
    tests = [other for other in tests_of(index, read) if other.location != read.location]
    untested = left_open(read, [*demands, *tests])
    if not untested:
        return Confidence.LOW, TESTED.format(place=tests[0].location), ""
    named = listed(untested) if len(untested) < len(places) else ""
    given = [
        p for p in index.provisions.get(read.name or "", ()) if p.channel != "ci" and set(p.components) & set(untested)
    ]
    if given:
        return Confidence.MEDIUM, GIVEN.format(place=given[0].location), named
    return None, None, named


def _together(hits: list[Hit]) -> Hit:
    """Return one finding for many of a file."""
    names = [hit.values["names"].strip("`") for hit in hits]
    return Hit(
        hits[0].location,
        {"names": listed(names), "state": "nothing stops the program without them"},
        related=others(hits, "and here"),
        severity=hits[0].severity,
        confidence=hits[0].confidence,
        reason=hits[0].reason,
        label=hits[0].label,
    )
