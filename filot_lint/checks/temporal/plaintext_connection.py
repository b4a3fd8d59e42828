"""FIL502: a connection to Temporal Cloud, or one with an API key, has no TLS."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.temporal.cloud import cloud, connections, is_off
from filot_lint.facts import TemporalConnection
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.workspace.index import Index

OPEN = "the versions that the manifest allows differ in this"


@check("FIL502")
def plaintext_connection(index: Index) -> Iterator[Hit]:
    """Ask the argument, then the version: newer libraries switch TLS on because of the key."""
    for connection in connections(index):
        known = cloud(index, connection)
        if known is None or connection.address is None:
            continue
        if connection.tls is not None and is_off(connection.tls):
            yield _hit(connection, "`tls` is off", None, None)
        elif connection.tls is None:
            yield from _implied(connection)


def _implied(connection: TemporalConnection) -> Iterator[Hit]:
    implied = connection.by_default("tls")
    if connection.api_key is None:
        yield _hit(connection, "without `tls` and an API key TLS is off", None, None)
    elif implied is not None and implied.value is not True:
        related = (Related(implied.because, f"{implied.version}: TLS is {implied.text}"),)
        what = f"{implied.version} does not switch TLS on because of an API key"
        if implied.certainty == "certain":
            yield _hit(connection, what, None, None, related)
        else:
            sure = Confidence.MEDIUM if implied.certainty == "possible" else Confidence.LOW
            yield _hit(connection, f"not every {implied.version} switches TLS on", sure, OPEN, related)


def _hit(
    connection: TemporalConnection,
    what: str,
    confidence: Confidence | None,
    reason: str | None,
    related: tuple[Related, ...] = (),
) -> Hit:
    return Hit(
        connection.location,
        {"what": what, "setting": "tls=True" if connection.language == "python" else "tls: true"},
        related=related,
        confidence=confidence,
        reason=reason,
        label="not encrypted" if connection.api_key is None else "the API key is sent unencrypted",
    )
