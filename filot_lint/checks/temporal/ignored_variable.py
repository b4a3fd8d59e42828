"""FIL501: settings of Temporal under a name that none of its tools reads."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import production_reads
from filot_lint.checks.temporal.cloud import is_used
from filot_lint.facts import EnvProvision, EnvRead
from filot_lint.findings import Hit, Related, Severity
from filot_lint.source import Location
from filot_lint.workspace.index import Index

OFFICIAL = {
    "TEMPORAL_TOKEN": "TEMPORAL_API_KEY", "TEMPORAL_APIKEY": "TEMPORAL_API_KEY",
    "TEMPORAL_CLOUD_API_KEY": "TEMPORAL_API_KEY", "TEMPORAL_AUTH_TOKEN": "TEMPORAL_API_KEY",
    "TEMPORAL_ENDPOINT": "TEMPORAL_ADDRESS", "TEMPORAL_HOST": "TEMPORAL_ADDRESS", "TEMPORAL_URL": "TEMPORAL_ADDRESS",
    "TEMPORAL_HOST_PORT": "TEMPORAL_ADDRESS", "TEMPORAL_HOSTPORT": "TEMPORAL_ADDRESS",
    "TEMPORAL_SERVER_ADDRESS": "TEMPORAL_ADDRESS", "TEMPORAL_CERT": "TEMPORAL_TLS_CLIENT_CERT_PATH",
    "TEMPORAL_TLS_CERT": "TEMPORAL_TLS_CLIENT_CERT_PATH", "TEMPORAL_TLS_KEY": "TEMPORAL_TLS_CLIENT_KEY_PATH",
    "TEMPORAL_NS": "TEMPORAL_NAMESPACE",
}  # fmt: skip
"""What people call the settings, and what the libraries' loaders and the command line read."""


@check("FIL501")
def ignored_variable(index: Index) -> Iterator[Hit]:
    """Report a name that code reads by hand for information, one that nothing reads as a flaw; once per name."""
    reads: dict[str, list[EnvRead]] = {}
    for read in production_reads(index):
        reads.setdefault(read.name or "", []).append(read)
    for name, official in OFFICIAL.items():
        places = _places(index, name)
        if name in reads and official not in reads:
            yield _hit(name, official, [reads[name][0].location, *places], read=True)
        elif name not in index.reads and places and (is_used(index) or official in reads):
            yield _hit(name, official, places, read=False)


def _places(index: Index, name: str) -> list[Location]:
    declared = [line.location for line in index.declarations.get(name, ()) if not line.commented_out]
    return declared + [entry.location for entry in index.provisions.get(name, ()) if _is_production(entry)]


def _is_production(entry: EnvProvision) -> bool:
    return entry.area == "production" and entry.channel not in {"ci", "host"}


def _hit(name: str, official: str, places: list[Location], *, read: bool) -> Hit:
    how = "only this code reads it; the libraries and the `temporal` command read" if read else "nothing reads it, only"
    return Hit(
        places[0],
        {"name": name, "official": official, "what": f"{how} `{official}`"},
        related=tuple(Related(place, "given here") for place in places[1:3]),
        severity=Severity.INFO if read else None,
        label=f"`{official}` everywhere else" if read else "given, to no effect",
    )
