"""FIL407: something is asked of R2 that it does not do."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint import r2
from filot_lint.checks import check
from filot_lint.checks.storage.stores import Store, Stores
from filot_lint.facts import ObjectStoreOperation
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.values import Literal, Record, Value, options
from filot_lint.workspace.index import Index

EFFECTS = {"missing": "R2 answers 501", "ignored": "R2 ignores it", None: "needs an admin token"}
SHOWN = frozenset({"ACL", "ObjectLockMode", "ServerSideEncryption", "StorageClass"})
ADMIN = r2.Support(why="a service should hold a token for its objects alone, and leave buckets to those who run it")
CONDITIONAL = "it is asked for in some cases only"


@check("FIL407")
def unsupported_r2_operation(index: Index) -> Iterator[Hit]:
    """Look up each operation and the parameters that ask for a feature."""
    stores = Stores(index)
    for use, store in stores.uses():
        if store is None:
            continue
        support = r2.operations().get(use.operation)
        if support is not None and support.effect is not None:
            what = "Uploads by form (`POST`)" if use.operation == "PostObject" else f"`{use.operation}`"
            reads = use.operation.startswith(("Get", "List"))
            yield _hit(stores, use, store, what, support, Severity.WARNING if reads else None)
        elif support is not None and support.permission == "admin":
            yield _hit(stores, use, store, f"`{use.operation}`", ADMIN, Severity.INFO)
        elif isinstance(use.options, Record):
            for name, value in use.options.entries:
                yield from _parameter(stores, use, store, name, value)


def _parameter(stores: Stores, use: ObjectStoreOperation, store: Store, name: str, value: Value) -> Iterator[Hit]:
    support = r2.parameters().get(name)
    every = list(options(value))
    asked = (
        [o for o in every if not (isinstance(o, Literal) and (o.is_empty or o.text in support.harmless))]
        if support
        else []
    )
    if support is None or not asked:
        return
    known = all(isinstance(option, Literal) for option in asked)
    text = asked[0].text if known and isinstance(asked[0], Literal) and asked[0].type == "string" else None
    shown = f"`{name}: {text}`" if text is not None and name in SHOWN else f"`{name}`"
    severity = Severity.WARNING if support.effect == "ignored" or not known else None
    yield _hit(stores, use, store, shown, support, severity, sure=known and len(asked) == len(every))


def _hit(
    stores: Stores, use: ObjectStoreOperation, store: Store, what: str, support: r2.Support, severity: Severity | None,
    *, sure: bool = True,
) -> Hit:  # fmt: skip
    certain = sure and store.certain
    client = next(iter(stores.clients_of(use)), store.client)
    return Hit(
        use.location,
        {"what": what, "effect": EFFECTS[support.effect], "why": support.why, "evidence": store.evidence},
        related=(Related(client.location, "the client for R2"),) if client.location != use.location else (),
        severity=severity,
        confidence=None if certain else Confidence.MEDIUM,
        reason=None if certain else CONDITIONAL if store.certain else store.evidence,
        label=EFFECTS[support.effect],
    )
