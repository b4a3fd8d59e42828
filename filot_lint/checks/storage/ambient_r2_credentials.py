"""FIL408: a client for R2 takes whatever credentials the program has for AWS."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.storage.stores import Stores
from filot_lint.findings import Confidence, Hit
from filot_lint.workspace.index import Index

CHAIN = frozenset({"boto3", "s3fs", "@aws-sdk/client-s3", "aws-sdk"})
GIVEN = "`AWS_ACCESS_KEY_ID` is among the variables, and may hold keys of R2"


@check("FIL408")
def ambient_r2_credentials(index: Index) -> Iterator[Hit]:
    """Look for clients without any key; a session may bring its own."""
    given = any(index.declarations.get(n) or index.provisions.get(n) for n in ("AWS_ACCESS_KEY_ID", "AWS_PROFILE"))
    for store in Stores(index).r2:
        client = store.client
        if client.library not in CHAIN or client.session or client.access_key or client.secret_key:
            continue
        low = Confidence.LOW if given else None if store.certain else Confidence.MEDIUM
        yield Hit(
            client.location,
            {"evidence": store.evidence},
            confidence=low,
            reason=GIVEN if given else None if store.certain else store.evidence,
            label="no keys are given",
        )
