"""Which object store a client is for: what every rule about R2 asks first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.checks.addresses import addresses, alternatives, runs, text_of
from filot_lint.facts import ObjectStoreClient, ObjectStoreOperation
from filot_lint.secrets import is_local
from filot_lint.source import Location
from filot_lint.traits import traits_of
from filot_lint.values import Env, Instance, Join, Literal, Value, env_names, literals
from filot_lint.workspace.index import Index

NAMED = re.compile(r"(?:^|_)R2(?:_|$)|CLOUDFLARE")
ADDRESS = "its endpoint is an address of R2"
REGION = "nothing but its region, `auto`, says that it is for R2"


class Store(NamedTuple):
    """A client for R2, and how that is known; not `certain` if other stores look like this, too."""

    client: ObjectStoreClient
    evidence: str
    certain: bool


class Stores:
    """The clients and operations that production may run, and which of them are for R2."""

    def __init__(self, index: Index) -> None:
        """Sort the clients once."""
        self.index = index
        self._at: dict[Location, list[ObjectStoreClient]] = defaultdict(list)
        self._beside: dict[tuple[str, str], list[ObjectStoreClient]] = defaultdict(list)
        self._buckets: dict[Location, list[Value]] = defaultdict(list)
        for client in index.of(ObjectStoreClient):
            for place in {client.location, client.through or client.location}:
                self._at[place].append(client)
            self._beside[client.file, client.library].append(client)
        for use in index.of(ObjectStoreOperation):
            if use.bucket is not None:
                for place in _made(use):
                    self._buckets[place].append(use.bucket)
        stores = [(client.library, self._store(client)) for client in index.of(ObjectStoreClient) if runs(client)]
        self.r2 = [store for _, store in stores if store is not None]
        self._r2 = {store.client.location: store for store in self.r2}
        others = {library for library, store in stores if store is None}
        self._only = {library: store for library, store in stores if library not in others}

    def uses(self) -> Iterator[tuple[ObjectStoreOperation, Store | None]]:
        """Yield the operations, each with its store where that is R2, as far as all of its clients are."""
        for use in self.index.of(ObjectStoreOperation):
            if runs(use):
                found = [self._r2.get(client.location) for client in self.clients_of(use)]
                yield use, (found[0] if all(found) else None) if found else self._only.get(use.library)

    def clients_of(self, use: ObjectStoreOperation) -> list[ObjectStoreClient]:
        """Return the clients an operation may go through: its own, else those of its library in its file."""
        return [client for place in _made(use) for client in self._at.get(place, ())] or self._beside.get(
            (use.file, use.library), []
        )

    def _store(self, client: ObjectStoreClient) -> Store | None:
        endpoint = list(alternatives(client.endpoint))
        if any("r2" in traits_of(text_of(option)) for option in endpoint):
            return Store(client, ADDRESS, certain=True)
        buckets = [b for place in {client.location, client.through} if place for b in self._buckets.get(place, ())]
        settings = (client.endpoint, client.access_key, client.secret_key, client.region, *buckets)
        name = next((name for value in settings for name in env_names(value) if NAMED.search(name.upper())), None)
        elsewhere = [o for o in endpoint if isinstance(o, Literal | Join) and _is_elsewhere(text_of(o))]
        if name is not None and not (elsewhere and name not in env_names(client.endpoint)):
            return Store(client, f"it is made with `{name}`", certain=True)
        known = next((a for a in addresses(self.index, client.endpoint, client) if a.name and "r2" in a.traits), None)
        if known is not None:
            return Store(client, f"the value of `{known.name}` is an address of R2", certain=True)
        region = list(alternatives(client.region))
        known_region = all(isinstance(option, Literal | Env) for option in region)
        automatic = known_region and [literal.text for literal in literals(client.region)] == ["auto"]
        return Store(client, REGION, certain=False) if automatic and not elsewhere else None


def _made(use: ObjectStoreOperation) -> Iterator[Location]:
    """Yield where the client of an operation is made."""
    for option in alternatives(use.client):
        if isinstance(option, Instance) and option.at is not None:
            yield option.at


def _is_elsewhere(text: str) -> bool:
    """Whether an endpoint is that of another store; one on this machine stands in for any."""
    host = re.sub(r"^\w+://", "", text)
    return bool(host) and not host.startswith("${") and not is_local(text)
