"""FIL404: a URL for an upload carries the checksum of an empty body."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.storage.stores import Store, Stores
from filot_lint.facts import ObjectStoreClient, ObjectStoreOperation
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.source import Location
from filot_lint.values import constant
from filot_lint.workspace.index import Index

UPLOADS = frozenset({"PutObject", "UploadPart"})
LIBRARY = "@aws-sdk/client-s3"
AMBIENT = "AWS_REQUEST_CHECKSUM_CALCULATION"
CONFIDENCE = {"certain": Confidence.HIGH, "possible": Confidence.MEDIUM, "undetermined": Confidence.LOW}


@check("FIL404")
def presigned_empty_checksum(index: Index) -> Iterator[Hit]:
    """Look at the clients that sign uploads; what a client does by itself depends on its version."""
    if any(AMBIENT in known for known in (index.provisions, index.declarations)):
        return
    seen: set[Location] = set()
    stores = Stores(index)
    for use, store in stores.uses():
        if store is None or not use.presign or use.operation not in UPLOADS or use.library != LIBRARY:
            continue
        for client in stores.clients_of(use):
            if client.location not in seen:
                seen.add(client.location)
                yield from _hits(client, use, store)


def _hits(client: ObjectStoreClient, use: ObjectStoreOperation, store: Store) -> Iterator[Hit]:
    implied = client.by_default("checksums")
    written = (constant(client.checksums) or "").upper() == "WHEN_SUPPORTED"
    if not written and (implied is None or implied.value == "WHEN_REQUIRED"):
        return
    version: tuple[Related, ...] = ()
    reason: str | None = None
    confidence, why = Confidence.HIGH, "is told to"
    if implied is not None:
        confidence, why = CONFIDENCE[implied.certainty], f"does so by default ({implied.version})"
        version = (Related(implied.because, "this version"),)
        reason = None if implied.certainty == "certain" else f"only part of {implied.version} may do so"
    if not store.certain:
        confidence, reason = min(confidence, Confidence.MEDIUM), reason or store.evidence
    yield Hit(
        client.location,
        {"evidence": store.evidence, "why": why},
        related=(Related(use.location, "signs an upload here"), *version),
        confidence=confidence,
        reason=reason,
        label="adds a checksum to what it signs",
    )
