"""FIL120: a setting that the profile demands has no counterpart in the code."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.findings import Hit, Related, Severity
from filot_lint.source import Location
from filot_lint.workspace.demands import Answer
from filot_lint.workspace.index import Index


@check("FIL120")
def unmet_demand(index: Index) -> Iterator[Hit]:
    """Report demands that nothing in production reads, where such a variable is declared or would be."""
    place = _end_of_example(index)
    for answer in index.answers:
        if answer.status not in {"absent", "only declared"} or (not answer.places and place is None):
            continue
        setting = answer.setting
        yield Hit(
            answer.places[0] if answer.places else place or answer.places[0],
            {"name": setting.name, "title": setting.title, "profile": _title(index), "state": _state(answer)},
            related=tuple(Related(other, "declared here") for other in answer.places[1:]),
            severity=Severity.INFO if setting.optional else None,
            label="declared here" if answer.places else "no such variable is declared",
        )


def _title(index: Index) -> str:
    return index.profile.title if index.profile else ""


def _state(answer: Answer) -> str:
    if answer.status == "only declared":
        return f"`{answer.names[0]}` is only declared, and nothing in production reads it"
    return "production reads no variable that could be it"


def _end_of_example(index: Index) -> Location | None:
    """Return the last line of the plainest example file, else the settings' or any file's first line."""
    examples = sorted({d.file for found in index.declarations.values() for d in found}, key=lambda f: (len(f), f))
    for file in (*examples, *sorted(index.files)):
        source = index.files.get(file)
        if source is not None:
            lines = max(len(source.lines) - (not source.lines[-1]), 1)
            return source.at_line(lines if file in examples else 1)
    return None
