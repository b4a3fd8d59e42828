"""FIL101: code reads a variable that no example file declares."""

from __future__ import annotations

from collections.abc import Iterator
from os.path import commonpath
from pathlib import PurePosixPath

from filot_lint.checks import check
from filot_lint.checks.env.contract import contract
from filot_lint.checks.env.grouping import grouped, listed, others
from filot_lint.checks.env.spellings import same_setting
from filot_lint.checks.production import is_provided, production_reads
from filot_lint.facts import EnvDeclaration, EnvRead
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.models import Models
from filot_lint.values import env_names
from filot_lint.workspace.index import Index

FORMER = "only stands in for another variable, which is declared"
BUNDLED = "names in this form are usually put in by a bundler"
APART = "no example file stands in a folder above this file, which may belong to something else"
HOLDERS = frozenset({"docker", ".docker", "compose", "deploy", "deployment", "config", "conf", "env", "envs", "infra",
                     ".devcontainer"})  # fmt: skip
_LINES = 2
"""Over how many lines a chain of alternatives goes on."""


@check("FIL101")
def undocumented_variable(index: Index) -> Iterator[Hit]:
    """Compare the reads with the declarations; once per file and variable, at the read that needs it most."""
    declared = contract(index)
    if not declared:
        return
    older = _former_names(index)
    examples = sorted({d.file for group in declared.values() for d in group}, key=_plainness)
    missing: list[tuple[str, Hit]] = []
    for (file, name), read in _undeclared(index, declared).items():
        above = [example for example in examples if _is_above(example, file)]
        reason = FORMER if (file, name) in older else None if above else APART
        reason = reason if name.isupper() or (name.islower() and "_" in name) else BUNDLED
        example = _nearest(above or examples, file)
        needed = _stops_the_start(index, read)
        hit = Hit(
            read.location,
            {"names": f"`{name}` is", "example": example, "them": "it", "lines": f"`{name}=`"},
            related=_near_miss(name, declared),
            severity=Severity.ERROR if needed else None,
            confidence=Confidence.LOW if reason is not None else None,
            reason=reason,
            label="required here" if read.required else "read here",
        )
        missing.append((name, hit))
    for group in grouped(missing, lambda one: (one[1].location.file, one[1].reason, one[1].severity)):
        yield group[0][1] if len(group) == 1 else _together(group)


def _undeclared(index: Index, declared: dict[str, list[EnvDeclaration]]) -> dict[tuple[str, str], EnvRead]:
    """Return the read that needs it most, by file and variable that no example file knows."""
    reads: dict[tuple[str, str], EnvRead] = {}
    for read in production_reads(index):
        name = read.name or ""
        if name in declared or is_provided(index, name) or read.via.endswith(".setdefault"):
            continue
        known = reads.setdefault((read.file, name), read)
        if _need(index, read) > _need(index, known):
            reads[read.file, name] = read
    return reads


def _together(group: list[tuple[str, Hit]]) -> Hit:
    """Return one finding for a module or class of settings that no example file knows."""
    hits = [hit for _, hit in group]
    names = f"{len(hits)} variables ({listed([name for name, _ in group])}) are"
    values = {"names": names, "example": hits[0].values["example"], "them": "them", "lines": "a line for each"}
    return Hit(
        hits[0].location,
        values,
        related=others(hits, "read here"),
        severity=hits[0].severity,
        confidence=hits[0].confidence,
        reason=hits[0].reason,
        label="the first of them",
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


def _need(index: Index, read: EnvRead) -> tuple[bool, bool, bool]:
    return (_stops_the_start(index, read), read.required is True, read.access == "read")


def _stops_the_start(index: Index, read: EnvRead) -> bool:
    """Whether the program does not come up without the variable; a function may be for a feature that is off."""
    return read.required is True and (not read.deferred or read.via in _schemas(index.models))


def _schemas(models: Models) -> set[str]:
    """Return the libraries that ask for all variables of a list at once, which programs do when they start."""
    return {schema.via for schema in models.schemas.values()} | {preset.via for preset in models.presets.values()}


def _nearest(examples: list[str], file: str) -> str:
    """Return the example file that stands nearest to a file; of several there the plainest name."""
    return max(examples, key=lambda f: len(commonpath([f"/{PurePosixPath(f).parent}", "/" + file])))


def _is_above(example: str, file: str) -> bool:
    """Return whether a file stands below an example file; one for another deployable says nothing about it."""
    return _governed(PurePosixPath(example).parent) in PurePosixPath(file).parents


def _governed(folder: PurePosixPath) -> PurePosixPath:
    """Return the folder that an example file is for: the one above, where its own holds nothing but settings."""
    while folder.name in HOLDERS:
        folder = folder.parent
    return folder


def _plainness(file: str) -> tuple[bool, int, int, str]:
    hidden = any(part.startswith(".") for part in PurePosixPath(file).parent.parts)
    return hidden, file.count("/"), len(file), file


def _near_miss(name: str, declared: dict[str, list[EnvDeclaration]]) -> tuple[Related, ...]:
    """Return a declaration that is probably meant: another spelling of the name."""
    found = [other for other in declared if same_setting(name, other)][:1]
    return tuple(Related(declared[n][0].location, f"`{n}` is declared here: the same variable?") for n in found)
