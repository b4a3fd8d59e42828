"""FIL103: one setting goes by two names, and the places do not agree which one counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from filot_lint.checks import check
from filot_lint.checks.env.spellings import same_setting
from filot_lint.checks.production import deciding_reads, is_consumed, is_provided, production_reads
from filot_lint.facts import EnvDeclaration, EnvRead
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.values import Env, options
from filot_lint.workspace.index import Index

STAND_INS = "they may be two settings, each of which stands in for the other"
BY_NAME = "only the names say that they are one setting"


@check("FIL103")
def drifting_name(index: Index) -> Iterator[Hit]:
    """Compare the order of alternatives, and what is read but not declared with what is declared but not read."""
    yield from _orders(index)
    yield from _spellings(index)


def _orders(index: Index) -> Iterator[Hit]:
    found: dict[tuple[str, str], dict[bool, list[EnvRead]]] = defaultdict(lambda: defaultdict(list))
    for read in deciding_reads(index):
        for first, second in combinations(_alternatives(read), 2):
            pair = (min(first, second), max(first, second))
            found[pair][first < second].append(read)
    for (one, other), orders in sorted(found.items()):
        if len(orders) > 1:
            yield _order(index, one, other, orders)


def _order(index: Index, one: str, other: str, orders: dict[bool, list[EnvRead]]) -> Hit:
    """Return the finding for one pair, at the less usual order."""
    usual = max(orders, key=lambda way: (len(orders[way]), ((one if way else other) in index.declarations)))
    here, there = orders[not usual][0], orders[usual][0]
    winner, loser = (other, one) if usual else (one, other)
    sure = same_setting(one, other)
    return Hit(
        here.location,
        {"name": winner, "problem": f"comes before `{loser}` here, but after it at {there.location}"},
        related=(
            Related(there.location, f"`{loser}` counts here"),
            *(Related(read.location, f"`{winner}` counts here, too") for read in orders[not usual][1:3]),
        ),
        confidence=None if sure else Confidence.MEDIUM,
        reason=None if sure else STAND_INS,
        label=f"`{winner}` counts here",
    )


def _alternatives(read: EnvRead) -> list[str]:
    """Return the variables of which the first that is set is taken, in order."""
    if read.access != "read" or read.value is None:
        return []
    return list(dict.fromkeys(o.name for o in options(read.value) if isinstance(o, Env) and o.name is not None))


def _spellings(index: Index) -> Iterator[Hit]:
    unread = [d for name, found in index.declarations.items() for d in found[:1]
              if not (name in index.reads or d.commented_out or is_consumed(index, name))]  # fmt: skip
    undeclared: dict[str, EnvRead] = {}
    for read in production_reads(index):
        name = read.name or ""
        if name not in index.declarations and not is_provided(index, name):
            undeclared.setdefault(name, read)
    for declaration in unread:
        meant = [read for name, read in undeclared.items() if same_setting(name, declaration.name)]
        if len(meant) == 1:
            yield _spelling(declaration, meant[0])


def _spelling(declaration: EnvDeclaration, read: EnvRead) -> Hit:
    problem = f"is declared and never read, but `{read.name}` is read at {read.location} and never declared"
    return Hit(
        declaration.location,
        {"name": declaration.name, "problem": problem},
        related=(Related(read.location, f"`{read.name}` is read here"),),
        confidence=Confidence.MEDIUM,
        reason=BY_NAME,
        label="never read",
    )
