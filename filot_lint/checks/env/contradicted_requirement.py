"""FIL105: an example file and the code do not agree on whether a variable must be there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.env.guarded import is_demanded
from filot_lint.checks.production import deciding_reads, is_production
from filot_lint.facts import EnvDeclaration, EnvRead
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.secrets import is_local, is_secret, may_show
from filot_lint.source import CODE
from filot_lint.workspace.index import Index

PROGRAMS = frozenset(language.value for language in CODE)
MARKED = 3
"""So many markers, or names in a list, are a habit."""
SAID = "FIL110 and FIL602 judge the default itself"
GIVEN = "the example file has a value for it, which a copy starts with"
OPEN = frozenset({"empty", "placeholder", "absent"})
INSIDE = "the program stops only where the function around it runs"
OFF = "it is declared in a comment, which may mean that it is optional"
UNMARKED = "others in the file are marked, so that a missing marker may mean that it is optional"


@check("FIL105")
def contradicted_requirement(index: Index) -> Iterator[Hit]:
    """Compare the markers with defaults, optional fields and demands; once per variable."""
    habit = Counter(d.file for d in index.of(EnvDeclaration) if d.required)
    reads: dict[str, list[EnvRead]] = {}
    for read in deciding_reads(index):
        if read.language in PROGRAMS:
            reads.setdefault(read.name or "", []).append(read)
    for declarations in index.declarations.values():
        declaration = declarations[0]
        if declaration.repeats is not None or any(d.required != declaration.required for d in declarations):
            continue
        if declaration.required and not declaration.commented_out:
            yield from _too_strict(index, declaration, reads.get(declaration.name, []))
        else:
            yield from _too_lax(index, declaration, marks=habit[declaration.file] >= MARKED)


def _too_strict(index: Index, declaration: EnvDeclaration, reads: list[EnvRead]) -> Iterator[Hit]:
    """Report a variable that is marked as required, and that the code does without."""
    if declaration.condition not in {None, "production"}:
        return
    if any(is_demanded(index, read) for read in reads):
        return
    found = next((read for read in reads if _does_without(read)), None)
    if found is not None:
        reason = SAID if _judged_elsewhere(found) else GIVEN if declaration.shape not in OPEN else None
        yield Hit(
            found.location,
            {"name": declaration.name, "contradiction": f"is marked as required, but {_way(found)}"},
            related=(Related(declaration.location, "marked as required here"),),
            confidence=Confidence.LOW if reason else None,
            reason=reason,
            label="goes on without it",
        )


def _does_without(read: EnvRead) -> bool:
    """Whether the code has something of its own in place of a variable, or a schema lets it be missing."""
    if read.default is not None:
        return read.default.kind in {"literal", "redacted"} and read.access == "read"
    return read.required is False and read.access == "read" and not read.tested and read.cast is not None


def _way(read: EnvRead) -> str:
    text = read.default.text if read.default is not None else None
    if read.default is None:
        return "the code lets it be missing"
    return f"defaults to `{text}` here" if text and may_show(read.name, text) else "has a default here"


def _judged_elsewhere(read: EnvRead) -> bool:
    default = read.default
    if default is None:
        return False
    local = (default.shape or "").startswith("localhost") or (default.text is not None and is_local(default.text))
    return local or is_secret(read.name or "")


def _too_lax(index: Index, declaration: EnvDeclaration, *, marks: bool) -> Iterator[Hit]:
    """Report a variable that the program stops without, and that is declared as one that may be missing."""
    if declaration.condition is not None:
        return
    optional = declaration.required is False
    forgotten = marks and declaration.required is None and declaration.shape in OPEN
    if not (optional or declaration.commented_out or forgotten):
        return
    demand = _demand(index, declaration.name)
    if demand is None:
        return
    confidence, reason = _sureness(demand, declaration, optional=optional)
    said = (
        "marked as optional" if optional else "commented out" if declaration.commented_out else "not marked as required"
    )
    yield Hit(
        declaration.location,
        {
            "name": declaration.name,
            "contradiction": f"is {said}, but the program stops without it at {demand.location}",
        },
        related=(Related(demand.location, "required here"),),
        confidence=confidence,
        reason=reason,
        label=said,
    )


def _demand(index: Index, name: str) -> EnvRead | None:
    """Return the plainest place where production stops without a variable."""
    demands = [
        read
        for read in index.reads.get(name, ())
        if read.required and is_production(read) and read.guard == "always" and read.language in PROGRAMS
    ]
    called = [read for read in demands if not read.components or set(read.components) - set(read.uncalled)]
    return min(called, key=lambda read: read.deferred, default=None)


def _sureness(demand: EnvRead, declaration: EnvDeclaration, *, optional: bool) -> tuple[Confidence | None, str | None]:
    if demand.deferred:
        return Confidence.LOW, INSIDE
    if optional:
        return None, None
    return (Confidence.MEDIUM, OFF) if declaration.commented_out else (Confidence.MEDIUM, UNMARKED)
