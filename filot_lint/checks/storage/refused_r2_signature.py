"""FIL403: a client for R2 signs in a way that R2 refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.storage.stores import Store, Stores
from filot_lint.facts import ObjectStoreClient, ObjectStoreOperation
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.source import Location
from filot_lint.values import Literal, constant
from filot_lint.workspace.index import Index

BOTO = frozenset({"boto3", "django-storages", "s3fs"})
ALWAYS_OLD = frozenset({"aws-sdk"})
CURRENT = frozenset({"s3v4", "v4"})
OLD_REGIONS = frozenset(
    {"ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "sa-east-1"}
    | {f"us-{side}" for side in ("east-1", "west-1", "west-2")}
)
"""Regions of AWS that once took signatures of version 2, for which botocore still makes them."""
AWS_REGION = re.compile(r"[a-z]{2}(?:-gov|-iso)?-[a-z]+-\d")
UNSET = "another file or a variable may set the region of the program"


@check("FIL403")
def refused_r2_signature(index: Index) -> Iterator[Hit]:
    """Look for URLs signed by version 2, and for regions that R2 does not have."""
    signing: dict[Location, ObjectStoreOperation] = {}
    stores = Stores(index)
    for use, store in stores.uses():
        if use.presign and store is not None:
            for client in stores.clients_of(use):
                signing.setdefault(client.location, use)
    for store in stores.r2:
        yield from _hits(store, signing)


def _hits(store: Store, signing: dict[Location, ObjectStoreOperation]) -> Iterator[Hit]:
    client, use = store.client, signing.get(store.client.location)
    region, signature = client.region, constant(client.signature)
    related = () if use is None else (Related(use.location, "signs URLs here"),)
    old = (signature is None and client.signature is None) or signature not in {*CURRENT, None}
    sure = None if store.certain else Confidence.MEDIUM
    if use is not None and old and (client.library in ALWAYS_OLD or _is_old(client)):
        unset = region is None and signature is None and client.library in BOTO
        yield Hit(
            client.location,
            {
                "flaw": f"the URLs of {client.library} are signed by version 2, which R2 refuses",
                "evidence": store.evidence,
            },
            related=related,
            confidence=Confidence.MEDIUM if unset else sure,
            reason=UNSET if unset else None if store.certain else store.evidence,
            label="signature of version 2",
        )
        return
    text = constant(region)
    if text is not None and AWS_REGION.fullmatch(text) and text != "us-east-1":
        yield Hit(
            region.at if isinstance(region, Literal) and region.at is not None else client.location,
            {"flaw": f"`{text}` is a region of AWS; that of R2 is `auto`", "evidence": store.evidence},
            related=(Related(client.location, "the client"), *related),
            severity=Severity.WARNING,
            confidence=sure,
            reason=None if store.certain else store.evidence,
            label="no region of R2",
        )


def _is_old(client: ObjectStoreClient) -> bool:
    unset = client.region is None and not client.session
    return client.library in BOTO and (unset or constant(client.region) in OLD_REGIONS)
