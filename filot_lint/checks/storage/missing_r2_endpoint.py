"""FIL401: a client for R2 whose endpoint may be missing; the SDK then goes to AWS."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import production_reads
from filot_lint.checks.storage.stores import Store, Stores
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.values import Env, Literal, Value, env_names, options
from filot_lint.workspace.index import Index

AMBIENT = ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3")
REFUSING = frozenset({"minio"})
TESTED = "its presence is tested, but nothing shows that the program stops without it"
GIVEN = "a manifest sets it, but the program starts without it, too"


@check("FIL401")
def missing_r2_endpoint(index: Index) -> Iterator[Hit]:
    """Look for clients without an endpoint, and for endpoints that come from nothing but variables nobody demands."""
    for store in Stores(index).r2:
        if store.client.library in REFUSING or any(_is_known(index, name) for name in AMBIENT):
            continue
        if store.client.endpoint is None:
            yield Hit(
                store.client.location,
                {"flaw": "has no endpoint", "evidence": f" ({store.evidence})"},
                severity=Severity.ERROR if store.certain else None,
                confidence=None if store.certain else Confidence.MEDIUM,
                reason=None if store.certain else store.evidence,
                label="goes to AWS",
            )
        elif all(_is_nothing(option, store.client.language) for option in options(store.client.endpoint)):
            yield from _unchecked(index, store)


def _unchecked(index: Index, store: Store) -> Iterator[Hit]:
    client, names = store.client, env_names(store.client.endpoint)
    places = client.components or ("",)
    states = {_state(index, names, place) for place in places}
    if not names or states == {"demanded"}:
        return
    reads = [r for name in names for r in index.reads.get(name, ()) if r.access == "read" and r.file == client.file]
    confidence, reason = (None, None) if store.certain else (Confidence.MEDIUM, store.evidence)
    if "open" not in states:
        given = "given" in states
        confidence, reason = (Confidence.MEDIUM, GIVEN) if given else (Confidence.LOW, TESTED)
    yield Hit(
        reads[0].location if reads else client.location,
        {
            "flaw": f"gets its endpoint from `{'` or `'.join(names)}`, which may be missing",
            "evidence": "" if any(f"`{name}`" in store.evidence for name in names) else f" ({store.evidence})",
        },
        related=(Related(client.location, "the client"),) if reads else (),
        confidence=confidence,
        reason=reason,
        label="nothing stops the program without it",
    )


def _state(index: Index, names: tuple[str, ...], component: str) -> str:
    """Return what is done about the variables in a deployable: `demanded`, `tested`, `given` by a manifest, `open`."""
    reads = [r for r in production_reads(index) if r.name in names and (not component or component in r.components)]
    if any(read.required for read in reads):
        return "demanded"
    if any(read.access == "presence" for read in reads):
        return "tested"
    given = (p for name in names for p in index.provisions.get(name, ()))
    return "given" if any(component and component in provision.components for provision in given) else "open"


def _is_nothing(option: Value, language: str) -> bool:
    """Whether an alternative may be no endpoint at all; botocore raises on an empty text."""
    if isinstance(option, Literal):
        return option.is_empty and (option.type == "null" or language != "python")
    return isinstance(option, Env) and option.name is not None


def _is_known(index: Index, name: str) -> bool:
    return bool(index.reads.get(name) or index.declarations.get(name) or index.provisions.get(name))
