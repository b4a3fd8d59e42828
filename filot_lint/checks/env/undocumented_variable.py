"""FIL101: code reads a variable that no example file declares."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import commonpath
from pathlib import PurePosixPath

from filot_lint.checks import check
from filot_lint.checks.production import is_provided, production_reads
from filot_lint.facts import EnvDeclaration, EnvRead
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.values import env_names
from filot_lint.workspace.index import Index

_LINES = 2
"""Over how many lines a chain of alternatives goes on."""


@check("FIL101")
def undocumented_variable(index: Index) -> Iterator[Hit]:
    """Compare the reads with the declarations; once per file and variable, at the read that needs it most."""
    declared = index.declarations
    if not declared:
        return
    older = _former_names(index)
    reads: dict[tuple[str, str], EnvRead] = {}
    for read in production_reads(index):
        name = read.name or ""
        if name in declared or is_provided(index, name) or read.via.endswith(".setdefault"):
            continue
        known = reads.setdefault((read.file, name), read)
        if _need(read) > _need(known):
            reads[read.file, name] = read
    for (file, name), read in reads.items():
        yield Hit(
            read.location,
            {"name": name, "example": _example(file, index)},
            related=_near_miss(name, declared),
            severity=Severity.ERROR if read.required else None,
            confidence=Confidence.LOW if (file, name) in older else None,
            reason="only stands in for another variable, which is declared" if (file, name) in older else None,
            label="required here" if read.required else "read here",
        )


def _former_names(index: Index) -> set[tuple[str, str]]:
    """Return, by file, the variables that only stand in for a declared one: whoever sets that needs no other name."""
    stand_ins: dict[tuple[str, str], list[EnvRead]] = {}
    for read in production_reads(index):
        if read.default is not None and read.name in index.declarations:
            for name in env_names(read.value)[1:]:
                stand_ins.setdefault((read.file, name), []).append(read)
    return {
        (file, name)
        for (file, name), preferred in stand_ins.items()
        if all(any(_continues(r, p) for p in preferred) for r in index.reads.get(name, ()) if r.file == file)
    }


def _continues(read: EnvRead, first: EnvRead) -> bool:
    """Return whether a read is the rest of an expression that starts with another."""
    return 0 <= read.line - first.line <= _LINES


def _need(read: EnvRead) -> tuple[bool, bool]:
    return (read.required is True, read.access == "read")


def _example(file: str, index: Index) -> str:
    """Return the example file that stands nearest to a file; of several there the plainest name."""
    files = sorted({d.file for d in index.of(EnvDeclaration)}, key=_plainness)
    return max(files, key=lambda f: len(commonpath([f"/{PurePosixPath(f).parent}", "/" + file])))


def _plainness(file: str) -> tuple[bool, int, int, str]:
    hidden = any(part.startswith(".") for part in PurePosixPath(file).parent.parts)
    return hidden, file.count("/"), len(file), file


def _near_miss(name: str, declared: dict[str, list[EnvDeclaration]]) -> tuple[Related, ...]:
    """Return a declaration that is probably meant: the same name but for one or two letters."""
    from difflib import get_close_matches  # noqa: PLC0415  # only on the way to a finding

    found = get_close_matches(name, declared, 1, 0.88) if len(name) > 5 else []  # noqa: PLR2004  # short names collide
    return tuple(Related(declared[n][0].location, f"`{n}` is declared here: the same variable?") for n in found)
