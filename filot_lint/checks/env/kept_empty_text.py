"""FIL107: a variable that is set to nothing stays empty although the code has a default for it."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import deciding_reads, is_provided
from filot_lint.facts import EnvDeclaration, EnvRead
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.secrets import shape_of
from filot_lint.source import CODE
from filot_lint.workspace.index import Index

PROGRAMS = frozenset(language.value for language in CODE)
PARSED = {
    "number": "an empty text is no number",
    "integer": "an empty text is no number",
    "url": "an empty text is no URL",
    "json": "an empty text is no JSON",
    "date": "an empty text is no date",
}
FORMED = frozenset({"url", "integer", "number", "duration", "path", "host:port"})
YES = frozenset({"true", "yes", "on", "1"})
TEXT = "an empty text may be meant"


@check("FIL107")
def kept_empty_text(index: Index) -> Iterator[Hit]:
    """Look at defaults for what is missing alone, where an example file sets the variable to nothing."""
    told: set[tuple[str, str | None]] = set()
    for read in deciding_reads(index):
        key = (read.file, read.name)
        if key in told or read.empty != "kept" or read.language not in PROGRAMS or read.tested:
            continue
        declaration = _emptied(index, read.name or "")
        harm = _harm(read)
        if declaration is not None and harm is not None and not is_provided(index, read.name or ""):
            told.add(key)
            yield _hit(read, declaration, *harm)


def _emptied(index: Index, name: str) -> EnvDeclaration | None:
    """Return the line that sets a variable to nothing, unless people are told to fill it in."""
    declared = [d for d in index.declarations.get(name, ()) if not d.commented_out]
    if any(d.required for d in declared):
        return None
    return next((d for d in declared if d.shape == "empty"), None)


def _harm(read: EnvRead) -> tuple[str, Confidence | None] | None:
    """Return what becomes of the empty text, and how sure that is; None when nothing does."""
    default = read.default
    if default is None or default.kind in {"empty", "null", "expression"}:
        return None
    if default.kind == "env":
        return f"`{default.text}` does not stand in", Confidence.MEDIUM
    if read.cast == "boolean":
        return ("an empty text is not yes", None) if (default.text or "").lower() in YES else None
    if read.cast in PARSED:
        return PARSED[read.cast], None
    shape = default.shape or shape_of(default.text or "")
    formed = shape in FORMED or shape.startswith("localhost")
    return "the default is not used", Confidence.MEDIUM if formed else Confidence.LOW


def _hit(read: EnvRead, declaration: EnvDeclaration, harm: str, confidence: Confidence | None) -> Hit:
    return Hit(
        read.location,
        {"name": read.name or "", "example": declaration.file, "harm": harm},
        related=(Related(declaration.location, "set to nothing here"),),
        confidence=confidence,
        reason=TEXT if confidence is not None else None,
        label="for a missing variable alone",
    )
