"""FIL909: what is no secret is kept in Secrets Manager, one secret for each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from filot_lint.checks import check
from filot_lint.checks.manifests.purpose import purpose
from filot_lint.checks.manifests.references import references
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.secrets import classify, tokens
from filot_lint.workspace.index import Index

SETTINGS = frozenset({"BUCKET", "ENDPOINT", "REGION", "PORT", "MODE", "PROVIDER", "PREFIX", "LEVEL", "ENABLED",
                      "TIMEOUT", "CONCURRENCY"})  # fmt: skip
BY_NAME = "only the names say so"
MAX_NAMES = 4


@check("FIL909")
def setting_among_secrets(index: Index) -> Iterator[Hit]:
    """Take whole secrets by their name; a key of a JSON secret may be there to be with the others."""
    found = [
        reference.given
        for reference in references(index)
        if reference.name and not reference.tail and purpose(reference.given) != "development"
    ]
    settings = [given for given in found if _is_setting(given.name)]
    for (_, container), group in groupby(settings, key=lambda given: (given.file, given.container)):
        first, *others = group
        names = ", ".join(f"`{given.name}`" for given in (first, *others)[:MAX_NAMES])
        more = f" and {len(others) + 1 - MAX_NAMES} more" if len(others) >= MAX_NAMES else ""
        yield Hit(
            first.location,
            {"names": f"{names}{more}", "container": container or ""},
            related=tuple(Related(given.location, "a setting, too") for given in others),
            confidence=Confidence.MEDIUM,
            reason=BY_NAME,
        )


def _is_setting(name: str) -> bool:
    words = [word for word in tokens(name) if word != "NAME"]
    return bool(words) and words[-1] in SETTINGS and classify(name).kind == "config"
