"""FIL804: the command of a container runs a file that only defines."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.workspace.index import Index


@check("FIL804")
def command_starts_nothing(index: Index) -> Iterator[Hit]:
    """Report each deployable whose entry file neither calls nor loads anything that starts."""
    for component in index.components:
        inert = component.inert
        if inert is None:
            continue
        name, defined = inert.defined[0]
        confidence, reason = None, None
        if inert.makes:
            called, place = inert.makes[0]
            confidence, reason = Confidence.LOW, f"{place} calls `{called}` for a value, which may start something"
        elif inert.calls:
            called, place = inert.calls[0]
            confidence, reason = Confidence.MEDIUM, f"{place} is loaded, too, and calls `{called}`"
        yield Hit(
            inert.commands[0],
            {"component": component.name, "file": inert.file, "function": name},
            related=(
                Related(defined, "defined here, called by nothing"),
                *(Related(place, "runs it, too") for place in inert.commands[1:]),
            ),
            confidence=confidence,
            reason=reason,
            label=f"runs {inert.file}",
        )
