"""FIL405: a signed URL is meant to live longer than the store allows."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.storage.refused_r2_signature import BOTO, CURRENT, OLD_REGIONS
from filot_lint.checks.storage.stores import Store, Stores
from filot_lint.facts import ObjectStoreClient, ObjectStoreOperation
from filot_lint.findings import Hit, Related
from filot_lint.values import Literal, Record, Value, constant, options
from filot_lint.workspace.index import Index

LIMIT = 7 * 24 * 3600
UNITS = {"weeks": 7 * 86_400, "days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}
THROWS = {"@aws-sdk/client-s3": "the SDK throws", "minio": "the library throws"}


@check("FIL405")
def presign_over_limit(index: Index) -> Iterator[Hit]:
    """Look at each lifetime that is known; seven days are the most that a signature of version 4 can have."""
    stores = Stores(index)
    for use, store in stores.uses():
        for value in options(use.expires) if use.presign and use.expires is not None else ():
            seconds = _seconds(value)
            if seconds is not None and seconds > LIMIT and _is_limited(stores, use, store):
                yield _hit(use, store, seconds)


def _hit(use: ObjectStoreOperation, store: Store | None, seconds: float) -> Hit:
    milliseconds = seconds % 1000 == 0 and seconds / 1000 <= LIMIT and seconds > 100 * LIMIT / 24
    effect = THROWS.get(use.library) or f"{'R2' if store is not None else 'the store'} refuses the URL"
    return Hit(
        use.location,
        {
            "time": f"{seconds / 86_400:,.0f} days",
            "guess": ", which looks like milliseconds where seconds are meant" if milliseconds else "",
            "effect": effect,
        },
        related=(Related(use.through, "the library is called here"),) if use.through is not None else (),
        label=f"{seconds:,.0f} seconds",
    )


def _seconds(value: Value) -> float | None:
    """Return a lifetime: a number, or `timedelta(days=7)`."""
    if isinstance(value, Record):
        known = [(UNITS.get(unit), _number(entry)) for unit, entry in value.entries]
        return None if value.open else sum((factor or 0) * (number or 0) for factor, number in known)
    return _number(value)


def _number(value: Value) -> float | None:
    text = value.text.replace("_", "") if isinstance(value, Literal) and value.type in {"number", "string"} else ""
    try:
        return float(text) if len(text) < 20 and text.replace(".", "", 1).isdigit() else None  # noqa: PLR2004
    except ValueError:
        return None


def _is_limited(stores: Stores, use: ObjectStoreOperation, store: Store | None) -> bool:
    """Whether signatures of version 2 are ruled out, which may live for ever."""
    if store is not None or use.library in THROWS:
        return True
    clients = stores.clients_of(use)
    return bool(clients) and all(_is_current(client) for client in clients)


def _is_current(client: ObjectStoreClient) -> bool:
    region = constant(client.region)
    return constant(client.signature) in CURRENT or (
        client.signature is None and client.library in BOTO and region is not None and region not in OLD_REGIONS
    )
