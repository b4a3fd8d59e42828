"""FIL402: the endpoint of R2 is written in a way that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.addresses import Address, addresses, runs
from filot_lint.facts import ObjectStoreClient
from filot_lint.findings import Hit, Related
from filot_lint.workspace.index import Index

FLAWS = {
    "r2 without a scheme": "has no `https://`, which the SDK demands",
    "r2 over plain http": "is not encrypted: it begins with `http://`",
    "r2 with a path": "has a path; the SDK puts the bucket behind it, and requests name the bucket twice",
    "r2 of no jurisdiction": "names a jurisdiction that R2 does not have; there are `eu` and `fedramp`",
    "r2.dev": "is a public address of a bucket, which does not speak S3",
}
HOSTS_ONLY = frozenset({"minio"})
SCHEME = "has a scheme, while this library takes a host and `secure`"


@check("FIL402")
def malformed_r2_endpoint(index: Index) -> Iterator[Hit]:
    """Look at what may be told of each text that the endpoint of a client can have."""
    seen: set[tuple[object, str]] = set()
    for client in index.of(ObjectStoreClient):
        for address in addresses(index, client.endpoint, client) if runs(client) else ():
            for flaw in _flaws(client, address):
                if (address.location, flaw) not in seen:
                    seen.add((address.location, flaw))
                    yield _hit(client, address, flaw)


def _flaws(client: ObjectStoreClient, address: Address) -> Iterator[str]:
    bare = client.library in HOSTS_ONLY
    if bare and "r2" in address.traits and {"scheme=https", "scheme=http"} & set(address.traits):
        yield SCHEME
    for trait, flaw in FLAWS.items():
        if trait in address.traits and not (bare and trait == "r2 without a scheme"):
            yield flaw


def _hit(client: ObjectStoreClient, address: Address, flaw: str) -> Hit:
    subject = f"The value of `{address.name}`" if address.name is not None else "The endpoint"
    return Hit(
        address.location,
        {"subject": subject, "flaw": flaw},
        related=(Related(client.location, "the client"),) if address.location != client.location else (),
        label=flaw.partition(";")[0].partition(",")[0],
    )
