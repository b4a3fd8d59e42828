"""FIL111: a README documents a variable that nothing reads and nothing declares."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.env.spellings import same_setting
from filot_lint.facts import EnvMention
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.workspace.index import Index

ENOUGH = 2
"""A table or block is about this workspace's variables where so many of them, and half, are known."""
SEARCHED = "programs in other languages are not searched"
COMPUTED = "{place} reads a computed name, which may be this one"


@check("FIL111")
def phantom_variable(index: Index) -> Iterator[Hit]:
    """Look at tables and blocks whose other variables are known; once per name, at the first mention."""
    groups: dict[tuple[str, int], list[EnvMention]] = {}
    for mention in index.of(EnvMention):
        if mention.area == "production":
            groups.setdefault((mention.file, mention.group), []).append(mention)
    unknown: dict[str, list[EnvMention]] = {}
    for group in groups.values():
        known = {mention.name for mention in group if _is_known(index, mention.name)}
        if len(known) >= ENOUGH and 2 * len(known) >= len({mention.name for mention in group}):
            for mention in group:
                if mention.name not in known:
                    unknown.setdefault(mention.name, []).append(mention)
    for name, mentions in unknown.items():
        if not _occurs(index, name):
            yield _hit(index, name, mentions)


def _hit(index: Index, name: str, mentions: list[EnvMention]) -> Hit:
    dynamic = next((read for read in index.dynamic_reads if read.pattern is None and read.area == "production"), None)
    meant = [read for other, reads in index.reads.items() if same_setting(name, other) for read in reads[:1]]
    return Hit(
        mentions[0].location,
        {"name": name},
        related=(
            *(Related(read.location, f"`{read.name}` is read here: the same variable?") for read in meant[:1]),
            *(Related(mention.location, "documented here, too") for mention in mentions[1:3]),
        ),
        confidence=Confidence.LOW if dynamic is not None else None,
        reason=COMPUTED.format(place=dynamic.location) if dynamic is not None else SEARCHED,
    )


def _is_known(index: Index, name: str) -> bool:
    """Whether anything reads, declares, gives or sets a variable, or could by a name that is computed in part."""
    for spelling in (name, name.removesuffix("_FILE")):
        if spelling in index.reads or spelling in index.declarations or spelling in index.provisions:
            return True
    if index.models.consumer_of(name) is not None or index.config.is_external(name):
        return True
    return any(read.pattern is not None and re.fullmatch(read.pattern, name) for read in index.dynamic_reads)


def _occurs(index: Index, name: str) -> bool:
    """Whether a name stands anywhere in a file that is no text for people: what is not understood may still read it."""
    word = name.encode()
    return any(word in source.data for source in index.files.values() if source.language != "markdown")
