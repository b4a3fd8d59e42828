"""FIL503: a namespace that does not exist on Temporal Cloud."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.queues.naming import in_production
from filot_lint.checks.temporal.cloud import Said, cloud, connections, given, written
from filot_lint.facts import TemporalConnection, TemporalWorker
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.source import Location
from filot_lint.values import Instance, Value
from filot_lint.workspace.index import Index

ACCOUNT = "name.account"
ALONE = "a worker does not take the namespace of its connection: without one it polls `default`, which is none"
ENDPOINT = re.compile(r"(?P<namespace>[a-z0-9-]+\.[a-z0-9]+)\.tmprl\.cloud(?::\d+)?", re.IGNORECASE)


Known = tuple[Confidence, str, Location | None]


@check("FIL503")
def unknown_namespace(index: Index) -> Iterator[Hit]:
    """Look at the namespaces of clients of Temporal Cloud, and at workers that are given none."""
    found = connections(index)
    clouds = _clouds(index, found)
    seen: set[Location] = set()
    for connection in found:
        behind = clouds.get(connection.location) or _behind(clouds, connection.client)
        if behind is None:
            continue
        known = behind[1]
        for said in (*written(connection.namespace, connection.location), *given(index, connection.namespace)):
            if said.location not in seen and (flaw := _flaw(said)) is not None:
                seen.add(said.location)
                yield _hit(connection, said.location, f"{said.label} {flaw}", known, default=said.variable is not None)
        yield from _other_endpoint(connection)
        if connection.namespace is None and (connection.language == "python" or connection.client is not None):
            yield _hit(behind[0], connection.location, "without a namespace this is `default`, which is none", known)
    for worker in in_production(index, TemporalWorker):
        behind = _behind(clouds, worker.client)
        if worker.namespace is None and behind is not None and worker.language != "python":
            yield _hit(behind[0], worker.location, ALONE, behind[1])


def _clouds(index: Index, found: list[TemporalConnection]) -> dict[Location, tuple[TemporalConnection, Known]]:
    """Return the connections to Temporal Cloud, by the places where they are made."""
    return {
        place: (connection, known)
        for connection in found
        if (known := cloud(index, connection)) is not None
        for place in (connection.location, connection.through)
        if place is not None
    }


def _behind(
    clouds: dict[Location, tuple[TemporalConnection, Known]], client: Value | None
) -> tuple[TemporalConnection, Known] | None:
    """Return the connection to Temporal Cloud that a client or a worker of TypeScript is made from."""
    return clouds.get(client.at) if isinstance(client, Instance) and client.at is not None else None


def _flaw(said: Said) -> str | None:
    if "default" in said.traits:
        return "does not exist on Temporal Cloud"
    if said.text is None:
        bare = said.shape == "word" and ACCOUNT not in said.traits
        return "is not of the form `<name>.<account>`" if bare else None
    return None if not said.text or ACCOUNT in said.traits else "is not of the form `<name>.<account>`"


def _other_endpoint(connection: TemporalConnection) -> Iterator[Hit]:
    """Compare the endpoint of a namespace with the namespace, where both are written out."""
    addresses = list(written(connection.address, connection.location))
    namespaces = list(written(connection.namespace, connection.location))
    if len(addresses) == len(namespaces) == 1 and ACCOUNT in namespaces[0].traits:
        endpoint = ENDPOINT.fullmatch(addresses[0].text or "")
        if endpoint is not None and endpoint["namespace"].lower() != namespaces[0].text:
            what = f"`{namespaces[0].text}` is not the namespace whose endpoint the connection takes"
            yield Hit(
                namespaces[0].location,
                {"what": what},
                related=(Related(addresses[0].location, f"the endpoint of `{endpoint['namespace']}`"),),
                label="another namespace",
            )


def _hit(
    connection: TemporalConnection,
    at: Location,
    what: str,
    known: Known,
    *,
    default: bool = False,
) -> Hit:
    confidence, reason, place = known
    related = [Related(connection.location, "the connection")] if connection.location != at else []
    if place is not None:
        related.append(Related(place, "an address of Temporal Cloud"))
    sure = confidence is Confidence.HIGH
    return Hit(
        at,
        {"what": what},
        related=tuple(related),
        severity=None if sure or not default else Severity.WARNING,
        confidence=None if sure else confidence,
        reason=None if sure else reason,
        label="used when the variable is missing" if default else "not on Temporal Cloud",
    )
