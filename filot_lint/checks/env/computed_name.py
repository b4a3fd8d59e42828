"""FIL109: a variable is read whose name nobody can see."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from filot_lint.checks import check
from filot_lint.checks.env.grouping import grouped, others
from filot_lint.checks.production import is_production
from filot_lint.facts import EnvRead
from filot_lint.findings import Hit
from filot_lint.secrets import classify
from filot_lint.source import CODE
from filot_lint.workspace.index import Index

PROGRAMS = frozenset(language.value for language in CODE)


@check("FIL109")
def computed_name(index: Index) -> Iterator[Hit]:
    """Report each place once, and one place for many calls of one reader."""
    places: dict[tuple[str, int], EnvRead] = {}
    for read in index.dynamic_reads:
        if is_production(read) and read.language in PROGRAMS and not _is_public(read):
            places.setdefault((read.file, read.line), read)
    for group in grouped(places.values(), lambda read: (read.via, read.pattern)):
        hits = [Hit(read.location, {"known": _known(read)}, label="the name is computed") for read in group]
        yield msgspec.structs.replace(hits[0], related=others(hits, "and here"))


def _is_public(read: EnvRead) -> bool:
    """Whether all variables of a prefix are meant that publishes them: `VITE_*` goes into the bundle as a whole."""
    return read.pattern is not None and classify(read.pattern.partition(".")[0]).kind == "public"


def _known(read: EnvRead) -> str:
    return f"known of its name is `{read.pattern}`" if read.pattern else "nothing is known of its name"
