"""FIL203: Celery is given a `rediss://` URL that does not say how to verify the certificate."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.redis.targets import addresses, connections
from filot_lint.facts import TlsSetting
from filot_lint.findings import Hit, Related
from filot_lint.source import Location
from filot_lint.workspace.index import Index

EFFECTS = {
    "broker": ("broker", "connects without verifying the certificate"),
    "results": ("result backend", "refuses to start"),
}
SETTINGS = {"broker": "broker_use_ssl", "results": "redis_backend_use_ssl"}


@check("FIL203")
def celery_without_verification(index: Index) -> Iterator[Hit]:
    """Look at the URLs of Celery; a setting beside them speaks for all of its kind."""
    said = {fact.argument for fact in index.of(TlsSetting) if fact.library == "celery"}
    seen: set[tuple[Location, str]] = set()
    for connection in connections(index):
        if connection.purpose is None or connection.verify is not None or SETTINGS[connection.purpose] in said:
            continue
        for address in addresses(index, connection):
            secure = "scheme=rediss" in address.traits
            silent = not any(trait.startswith("ssl_cert_reqs=") for trait in address.traits)
            if secure and silent and (address.location, connection.purpose) not in seen:
                seen.add((address.location, connection.purpose))
                part, effect = EFFECTS[connection.purpose]
                yield Hit(
                    address.location,
                    {"part": part, "effect": effect, "setting": SETTINGS[connection.purpose]},
                    related=(Related(connection.location, "this Celery"),) if address.channel != "code" else (),
                    label="no `ssl_cert_reqs`",
                )
