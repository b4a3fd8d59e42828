"""FIL608: a signature is checked over a body that was parsed and written out again."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.facts import SecretComparison
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.source import Location
from filot_lint.workspace.index import Index

HANDED = "what is written out again is a parameter; that it is a parsed body is likely, not certain"


@check("FIL608")
def reserialised_signed_body(index: Index) -> Iterator[Hit]:
    """Report where the text that is signed is made."""
    seen: set[Location] = set()
    for fact in index.of(SecretComparison):
        place = fact.serialised_at
        if place is None or place in seen or not may_run(fact) or fact.given == "elsewhere":
            continue
        seen.add(place)
        sure = fact.body == "request"
        yield Hit(
            place,
            {"writer": "json.dumps" if fact.language == "python" else "JSON.stringify"},
            related=(Related(fact.location, "the signature is compared here"),),
            confidence=None if sure else Confidence.MEDIUM,
            reason=None if sure else HANDED,
            label="not the bytes that were signed",
        )
