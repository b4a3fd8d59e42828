"""FIL121: the code calls a demanded setting by another name."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.findings import Hit, Related
from filot_lint.workspace.index import Index


@check("FIL121")
def renamed_setting(index: Index) -> Iterator[Hit]:
    """Map the spelling of the demand to that of the code."""
    for answer in index.answers:
        if answer.status == "other name":
            setting = answer.setting
            declared = index.declarations.get(answer.names[0], ())
            yield Hit(
                answer.places[0],
                {
                    "name": setting.name,
                    "title": setting.title,
                    "profile": index.profile.title if index.profile else "",
                    "actual": answer.names[0],
                    "note": f"; {setting.note}" if setting.note else "",
                },
                related=(
                    *(Related(d.location, "declared here") for d in declared[:1]),
                    *(
                        Related(place, f"`{name}` goes to the same setting")
                        for name, place in zip(answer.names[1:], answer.places[1:], strict=True)
                    ),
                ),
                label=f"the profile calls this `{setting.name}`",
            )
