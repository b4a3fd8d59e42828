"""FIL604: a secret goes into a log, an answer or the query of a URL."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from filot_lint.checks import check
from filot_lint.checks.production import may_run
from filot_lint.checks.secrets.evidence import secret_names
from filot_lint.facts import SecretExposure
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import classify
from filot_lint.workspace.index import Index

SINKS = {"log": "written to the log", "response": "sent in an answer", "url": "put into the query of a URL"}
REMEDIES = {
    "log": "say that it is set, or show a masked form",
    "response": "leave it out of the answer",
    "url": "send it in a header, for URLs are logged on the way",
}
QUERY = "some services take their key nowhere else"
ADDRESS = "whether the address carries a password, the code does not say"


@check("FIL604")
def exposed_secret(index: Index) -> Iterator[Hit]:
    """Look at what is given away: the whole environment, settings that hold secrets, single secrets."""
    sent: dict[tuple[str, ...], list[Hit]] = {}
    for fact in index.of(SecretExposure):
        if not may_run(fact):
            continue
        names = [name for name in secret_names(fact.exposed) if not _masks_itself(index, name)]
        if fact.sink == "url" and names:
            sent.setdefault(tuple(names), []).append(_hit(fact, names))
        elif names or fact.whole:
            yield _hit(fact, names)
    for first, *others in sent.values():
        related = tuple(Related(other.location, "here, too") for other in others)
        yield msgspec.structs.replace(first, related=related)


def _hit(fact: SecretExposure, names: list[str]) -> Hit:
    address = bool(names) and all(_is_address(name) for name in names)
    doubt = QUERY if fact.sink == "url" else ADDRESS if address else None
    return Hit(
        fact.location,
        {
            "subject": "the whole environment" if fact.whole else _subject(names),
            "sink": SINKS[fact.sink],
            "remedy": REMEDIES[fact.sink],
        },
        severity=Severity.WARNING if doubt else None,
        confidence=Confidence.MEDIUM if doubt else None,
        reason=doubt,
        label=SINKS[fact.sink],
    )


def _subject(names: list[str]) -> str:
    more = len(names) - 1
    others = f" and {more} other secret{'s' if more > 1 else ''}" if more else ""
    return f"the secret `{names[0]}`{others}"


def _masks_itself(index: Index, name: str) -> bool:
    """Whether a variable is kept in a type that shows stars."""
    reads = [read for read in index.reads.get(name, ()) if read.access == "read"]
    return bool(reads) and all(read.cast == "secret" for read in reads)


def _is_address(name: str) -> bool:
    """Whether a variable is the URL of a store, which may or may not hold a password."""
    return all("carries credentials" in reason for reason in classify(name).reasons)
