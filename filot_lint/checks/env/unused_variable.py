"""FIL102: an example file declares a variable that nothing reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.env.grouping import grouped, listed, others
from filot_lint.checks.production import is_consumed
from filot_lint.facts import EnvProvision, EnvRead
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.source import Area, SourceFile
from filot_lint.workspace.index import Index

LOST = "{file} names it and could not be analysed"
TEXT = "{file} names it in a text, and some code here reads names that are computed"
MANY = 10
"""Up to how many unused variables of one file stand for themselves."""
_QUOTED = re.compile(rb"""["'`]([A-Za-z_][A-Za-z0-9_]*)["'`]""")


@check("FIL102")
def unused_variable(index: Index) -> Iterator[Hit]:
    """Compare the declarations with the reads of every area; hosts that pass a variable on count as readers."""
    reads = index.reads
    passed = {p.name for p in index.of(EnvProvision) if p.channel == "host"}
    unused = [n for n in index.declarations if n not in reads and n not in passed and not is_consumed(index, n)]
    texts = _named_in_texts(index) if unused and index.dynamic_reads else {}
    hits = [hit for name in unused for hit in _hits(index, name, texts.get(name))]
    for group in grouped(hits, lambda hit: (hit.location.file, hit.confidence, hit.reason), MANY):
        yield group[0] if len(group) == 1 else _together(group)


def _hits(index: Index, name: str, text: str | None) -> Iterator[Hit]:
    matching, unknown = _dynamic(name, index.dynamic_reads)
    lost = next((p.file for p in index.unusable if p.file in index.files and _names(index.files[p.file], name)), None)
    for declaration in index.declarations[name]:
        if declaration.commented_out or declaration.repeats is not None:
            continue
        given = tuple(
            Related(p.location, f"given to {_receiver(p)} here, to no effect")
            for p in index.provisions.get(name, ())
            if p.area == "production"
        )
        sure = Confidence.LOW if matching or lost or text else Confidence.MEDIUM if unknown else None
        reason = LOST.format(file=lost) if lost else TEXT.format(file=text) if text else _reason(matching or unknown)
        yield Hit(
            declaration.location,
            {"names": f"`{name}` is", "them": "it", "name": f"`{name}`", "example": declaration.file},
            related=given[:3] + tuple(Related(r.location, "reads names that are computed") for r in matching[:1]),
            confidence=sure,
            reason=reason,
        )


def _together(hits: list[Hit]) -> Hit:
    names = listed([hit.values["name"].strip("`") for hit in hits])
    values = {
        "names": f"{len(hits)} variables ({names}) are",
        "them": "them",
        "name": "what nobody needs",
        "example": hits[0].values["example"],
    }
    return Hit(
        hits[0].location,
        values,
        related=others(hits, "and this one"),
        confidence=hits[0].confidence,
        reason=hits[0].reason,
        label="the first of them",
    )


def _named_in_texts(index: Index) -> dict[str, str]:
    """Return the code that has a name between quotes, where it may be handed to what computes names."""
    sources = [s for s in index.files.values() if s.language.is_code and s.area is not Area.TEST]
    return {name.decode(): source.path for source in sources for name in _QUOTED.findall(source.data)}


def _dynamic(name: str, reads: list[EnvRead]) -> tuple[list[EnvRead], list[EnvRead]]:
    """Return the reads whose pattern allows a name, and those of which nothing is known."""
    matching = [r for r in reads if r.pattern is not None and re.fullmatch(r.pattern, name)]
    return matching, [r for r in reads if r.pattern is None and r.area == "production"]


def _names(source: SourceFile, name: str) -> bool:
    return name.encode() in source.data


def _receiver(provision: EnvProvision) -> str:
    if provision.container:
        return f"container `{provision.container}`"
    return "the image" if provision.channel.startswith("image") else "the deployment"


def _reason(reads: list[EnvRead]) -> str | None:
    if not reads:
        return None
    read = reads[0]
    what = f"names like `{read.pattern}`" if read.pattern else "a computed name"
    return f"{read.location} reads {what}, which may be this one"
