"""FIL504: an address of Temporal is none that the libraries can use."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.temporal.cloud import CLOUD, Said, connections, given, written
from filot_lint.facts import TemporalConnection
from filot_lint.findings import Hit, Related
from filot_lint.source import Location
from filot_lint.workspace.index import Index

PORT = "temporal without a port"
FLAWS = {
    "temporal web page": "is the web page, not the service",
    "temporal without an account": "names no account: it must be `<namespace>.<account>.tmprl.cloud:7233`",
    "temporal with a scheme": "begins with a scheme",
    "temporal with a path": "has something behind the port",
    PORT: "has no port, and the Python library adds none",
}
SCHEMES = frozenset({"scheme=http", "scheme=https"})


@check("FIL504")
def malformed_address(index: Index) -> Iterator[Hit]:
    """Look at every address that a connection may get; the TypeScript library adds the port by itself."""
    seen: set[Location] = set()
    for connection in sorted(connections(index), key=lambda c: c.language != "python"):
        for said in (*written(connection.address, connection.location), *given(index, connection.address)):
            flaw = _flaw(connection, said)
            if flaw is not None and said.location not in seen:
                seen.add(said.location)
                yield Hit(
                    said.location,
                    {"what": f"{said.label} {flaw}"},
                    related=(Related(connection.location, "connects with it"),),
                    label=flaw.partition(":")[0],
                )


def _flaw(connection: TemporalConnection, said: Said) -> str | None:
    python = connection.language == "python"
    checked = FLAWS if python else {trait: flaw for trait, flaw in FLAWS.items() if trait != PORT}
    found = next((flaw for trait, flaw in checked.items() if trait in said.traits), None)
    if found is None and CLOUD not in said.traits and (said.traits & SCHEMES or "://" in (said.text or "")):
        return FLAWS["temporal with a scheme"]
    if found is None and python and said.text is not None and said.text and ":" not in said.text:
        return FLAWS[PORT]
    return found
