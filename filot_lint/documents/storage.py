"""The object store: which operations the code uses, what R2 makes of them, and what a token must be allowed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from filot_lint import r2
from filot_lint.checks.addresses import Address, addresses
from filot_lint.checks.storage.stores import Stores
from filot_lint.documents.context import Context
from filot_lint.facts import Fact, ObjectStoreClient, ObjectStoreOperation
from filot_lint.values import Record, Value, constant

_MOST = {"read": 0, "list": 0, "write": 1, "admin": 2}
_METHODS = {"GetObject": "GET", "HeadObject": "HEAD", "PutObject": "PUT", "UploadPart": "PUT", "DeleteObject": "DELETE"}
_FLAWS = {
    "r2 without a scheme": "it has no scheme",
    "r2 over plain http": "it begins with `http://`",
    "r2 with a path": "a path stands behind the host, so that the bucket would be named twice",
    "r2 of no jurisdiction": "there is no such jurisdiction",
}
_OPEN = "not determined"
_PERMISSIONS = ("Object Read only", "Object Read & Write", "Admin Read & Write")


class Access(msgspec.Struct, frozen=True):
    """What the token of one deployable must be allowed to do; null when an operation is not known."""

    deployable: str | None
    operations: tuple[ObjectStoreOperation, ...]
    permission: str | None
    deciding: tuple[ObjectStoreOperation, ...] = ()


def operations(context: Context) -> tuple[ObjectStoreOperation, ...]:
    """Return the operations in production; a command written inside a presigning call is that call."""
    found = [o for o in context.index.of(ObjectStoreOperation) if o.area == "production"]
    signed = [o for o in found if o.presign]
    return tuple(o for o in found if o.presign or not any(_inside(o, other) for other in signed))


def _inside(inner: Fact, outer: Fact) -> bool:
    start, end = (inner.line, inner.column), (inner.end_line, inner.end_column)
    within = (outer.line, outer.column) <= start and end <= (outer.end_line, outer.end_column)
    return inner.file == outer.file and within and inner != outer


def signed_elsewhere(context: Context) -> tuple[tuple[ObjectStoreOperation, tuple[ObjectStoreOperation, ...]], ...]:
    """Return presigning calls whose command is made elsewhere in the file, with the commands it may be."""
    known = context.index.of(ObjectStoreOperation)
    shown = operations(context)
    pairs = []
    for call in (o for o in shown if o.presign and o.bucket is None and not any(_inside(k, o) for k in known)):
        mates = tuple(o for o in shown if not o.presign and (o.file, o.operation) == (call.file, call.operation))
        if mates:
            pairs.append((call, mates))
    return tuple(pairs)


def r2_support(_context: Context, operation: ObjectStoreOperation) -> str:
    """Say what R2 makes of an operation and of the features it asks for."""
    known = r2.operations().get(operation.operation)
    if known is None:
        return "not determined: not in the list of operations"
    asked = operation.options.entries if isinstance(operation.options, Record) else ()
    known_parameters = r2.parameters()
    odd = [
        (key, value, known_parameters[key])
        for key, value in asked
        if key in known_parameters and constant(value) not in known_parameters[key].harmless
    ]
    parts = [_effect(known)] if known.effect else ["supported"]
    return "; ".join([*parts, *(f"`{key}`: {_parameter(value, support)}" for key, value, support in odd)])


def _parameter(value: Value, support: r2.Support) -> str:
    """Say what R2 makes of a parameter, which may be one of those that it takes."""
    if support.harmless and constant(value) is None:
        return f"{_OPEN}: {support.why}, and the value is computed"
    return _effect(support)


def _effect(support: r2.Support) -> str:
    words = {"missing": "not supported", "ignored": "accepted and ignored"}
    return f"{words[support.effect]}: {support.why}" if support.effect else "supported"


def accesses(context: Context) -> tuple[Access, ...]:
    """Return what each deployable needs of its token, by the operations that it may run; null for code of none."""
    found: dict[str | None, list[ObjectStoreOperation]] = {}
    for operation in operations(context):
        runners: list[str | None] = [n for n in operation.components if n not in operation.uncalled]
        for name in runners if operation.components else [None]:
            found.setdefault(name, []).append(operation)
    return tuple(_access(name, tuple(found[name])) for name in sorted(found, key=lambda n: (n is None, n or "")))


def _access(name: str | None, found: tuple[ObjectStoreOperation, ...]) -> Access:
    known = r2.operations()
    if any(o.operation not in known for o in found):
        return Access(name, found, None, tuple(o for o in found if o.operation not in known))
    ranks = [(_MOST[known[o.operation].permission or "read"], o) for o in found if known[o.operation].effect is None]
    top = max((rank for rank, _ in ranks), default=0)
    return Access(name, found, _PERMISSIONS[top], tuple(o for rank, o in ranks if rank == top))


def made_for(context: Context, client: ObjectStoreClient) -> str | None:
    """Say what shows that a client is for R2; null where nothing does."""
    store = next((s for s in Stores(context.index).r2 if s.client == client), None)
    return store.evidence if store is not None else None


def refused(context: Context) -> tuple[ObjectStoreOperation, ...]:
    """Return the operations that R2 does not do as they are asked for."""
    parts = [(o, r2_support(context, o).split("; ")) for o in operations(context)]
    return tuple(o for o, said in parts if any(part != "supported" and _OPEN not in part for part in said))


def names_r2(context: Context) -> bool:
    """Whether anything says that a client of production is for R2."""
    return any(made_for(context, c) for c in context.index.of(ObjectStoreClient) if c.area == "production")


def endpoints(context: Context) -> tuple[tuple[ObjectStoreClient, Address, tuple[str, ...]], ...]:
    """Return the endpoints whose text stands in a file, with what is wrong about each for R2."""
    clients = [c for c in context.index.of(ObjectStoreClient) if c.area == "production"]
    return tuple(
        (client, address, tuple(words for trait, words in _FLAWS.items() if trait in address.traits))
        for client in clients
        for address in addresses(context.index, client.endpoint, client)
        if "r2" in address.traits
    )


def cors_methods(context: Context) -> tuple[str, ...]:
    """Return the methods that browsers need for the signed URLs of production."""
    signed = {o.operation for o in operations(context) if o.presign and not o.is_unused}
    return tuple(dict.fromkeys(_METHODS[name] for name in _METHODS if name in signed))


STORAGE_VIEWS: tuple[Callable[..., Any], ...] = (
    operations,
    signed_elsewhere,
    r2_support,
    accesses,
    made_for,
    names_r2,
    refused,
    endpoints,
    cors_methods,
)
