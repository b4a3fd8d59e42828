"""FIL102: an example file declares a variable that nothing reads."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import is_consumed
from filot_lint.facts import EnvProvision, EnvRead
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.source import SourceFile
from filot_lint.workspace.index import Index


@check("FIL102")
def unused_variable(index: Index) -> Iterator[Hit]:
    """Compare the declarations with the reads of every area; hosts that pass a variable on count as readers."""
    reads = index.reads
    passed = {p.name for p in index.of(EnvProvision) if p.channel == "host"}
    for name, declarations in index.declarations.items():
        if name in reads or name in passed or is_consumed(index, name):
            continue
        matching, unknown = _dynamic(name, index.dynamic_reads)
        lost = next(
            (p.file for p in index.unusable if p.file in index.files and _names(index.files[p.file], name)), None
        )
        for declaration in declarations:
            if declaration.commented_out or declaration.repeats is not None:
                continue
            given = tuple(
                Related(p.location, f"given to {_receiver(p)} here, to no effect")
                for p in index.provisions.get(name, ())
                if p.area == "production"
            )
            yield Hit(
                declaration.location,
                {"name": name, "example": declaration.file},
                related=given[:3] + tuple(Related(r.location, "reads names that are computed") for r in matching[:1]),
                confidence=Confidence.LOW if matching or lost else Confidence.MEDIUM if unknown else None,
                reason=f"{lost} names it and could not be analysed" if lost else _reason(matching or unknown),
            )


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
