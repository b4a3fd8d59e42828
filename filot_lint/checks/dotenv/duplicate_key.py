"""FIL161: a file of variables sets the same one twice."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.facts import EnvDeclaration
from filot_lint.findings import Hit, Related, Severity
from filot_lint.source import Location
from filot_lint.workspace.index import Index


@check("FIL161")
def duplicate_key(index: Index) -> Iterator[Hit]:
    """Report every repetition at its own line; commented-out lines repeat nothing."""
    first = {(d.file, d.line): d.location for d in index.of(EnvDeclaration)}
    for declaration in index.of(EnvDeclaration):
        line = declaration.repeats
        if line is None or declaration.commented_out:
            continue
        place = first.get((declaration.file, line), Location(declaration.file, line, 1, line, 1))
        yield Hit(
            declaration.location,
            {
                "name": declaration.name,
                "line": str(line),
                "difference": "another value than" if declaration.differs else "the same value as",
            },
            related=(Related(place, "first set here"),),
            severity=Severity.ERROR if declaration.differs else None,
            label="this one counts" if declaration.differs else None,
        )
