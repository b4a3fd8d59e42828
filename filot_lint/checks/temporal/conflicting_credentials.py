"""FIL506: a connection to Temporal Cloud has two kinds of credentials, or none."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.temporal.cloud import cloud, connections, is_given
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.values import Literal, Record, Value, env_names, options
from filot_lint.workspace.index import Index

CERTIFICATES = frozenset({"clientCertPair", "client_cert", "client_private_key"})
EITHER = "the variable of the key may be left out where the certificate is used"
ELSEWHERE = "credentials may be among headers or options that are made elsewhere"


@check("FIL506")
def conflicting_credentials(index: Index) -> Iterator[Hit]:
    """Compare what a connection is given: an API key, a client certificate, both or neither."""
    for connection in connections(index):
        certified = _has_certificate(connection.tls)
        if is_given(connection.api_key) and certified:
            needed = any(
                read.required or read.unchecked
                for name in env_names(connection.api_key)
                for read in index.reads.get(name, ())
                if read.area == "production"
            )
            yield Hit(
                connection.location,
                {"what": "an API key and a client certificate are both given"},
                confidence=None if needed else Confidence.LOW,
                reason=None if needed else EITHER,
                label="one of them is not what the namespace expects",
            )
            continue
        known = cloud(index, connection)
        if known is None or known[0] is not Confidence.HIGH or known[2] is None or connection.api_key is not None:
            continue
        if not certified and (connection.tls is None or _is_plain(connection.tls)):
            yield Hit(
                connection.location,
                {"what": "neither an API key nor a client certificate is given"},
                related=(Related(known[2], "an address of Temporal Cloud"),),
                confidence=Confidence.MEDIUM,
                reason=ELSEWHERE,
                label="Temporal Cloud lets nobody in without one",
            )


def _has_certificate(tls: Value | None) -> bool:
    return any(
        isinstance(option, Record) and any(option.get(name) is not None for name in CERTIFICATES)
        for option in (options(tls) if tls is not None else ())
    )


def _is_plain(tls: Value) -> bool:
    """Return whether TLS is a switch, or an object that is written out and holds no certificate."""
    found = list(options(tls))
    return all(isinstance(o, Literal) or (isinstance(o, Record) and not o.open) for o in found)
