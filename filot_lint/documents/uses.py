"""What the values of variables are used for, and which variables stand in for each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from filot_lint.checks.production import ELSEWHERE
from filot_lint.facts import (
    DatabaseConnection,
    EnvProvision,
    EnvRead,
    Fact,
    ObjectStoreClient,
    RedisConnection,
    SecretUse,
    TemporalConnection,
)
from filot_lint.values import Coalesce, Env, Join, Value, env_names
from filot_lint.workspace.index import Index

_SYSTEMS: tuple[tuple[type[Fact], str], ...] = (
    (RedisConnection, "redis"),
    (DatabaseConnection, "postgres"),
    (ObjectStoreClient, "r2"),
    (TemporalConnection, "temporal"),
)
_ROLES = {
    ("redis", "url"): "connection-url",
    ("postgres", "url"): "connection-url",
    ("r2", "secret_key"): "s3-secret-key",
    ("temporal", "api_key"): "temporal-api-key",
}


def in_production(read: EnvRead) -> bool:
    """Whether a production process can do the read; compose fills in its `${X}` on the host that runs compose."""
    return read.area == "production" and read.guard not in ELSEWHERE and read.language != "compose"


def mates_of(index: Index) -> Mapping[str, list[EnvRead]]:
    """Return, for each variable that others may stand in for, the reads that need one of them."""
    found: dict[str, list[EnvRead]] = defaultdict(list)
    for read in index.of(EnvRead):
        if read.one_of and read.name is not None and in_production(read):
            for name in (read.name, *read.one_of):
                found[name].append(read)
    return found


def replaced_by(index: Index) -> Mapping[str, set[str]]:
    """Return, for each variable, those it stands in for."""
    found: dict[str, set[str]] = defaultdict(set)
    for read in index.of(EnvRead):
        if read.default is not None and read.default.kind == "env" and read.default.text and read.name:
            found[read.default.text].add(read.name)
    return found


def uses_of(index: Index) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return, by variable, the systems its value goes to (`systems`), as what (`uses`), by which drivers."""
    systems: dict[str, dict[str, None]] = defaultdict(dict)
    uses: dict[str, dict[str, None]] = defaultdict(dict)
    drivers: dict[str, dict[str, None]] = defaultdict(dict)
    for connection in index.of(DatabaseConnection):
        for name in env_names(connection.url) if connection.area == "production" else ():
            drivers[name][connection.library] = None
    for kind, system in _SYSTEMS:
        for fact in index.of(kind):
            if fact.area == "production":
                for field in _own_fields(fact):
                    value = getattr(fact, field)
                    parts = {name for join in _joins(value) for name in env_names(join)}
                    for name in env_names(value):
                        systems[name][system] = None
                        if name not in parts:
                            uses[name][_ROLES.get((system, field), field)] = None
    for use in index.of(SecretUse):
        for name in env_names(use.secret):
            uses[name][use.sink] = None
    for provision in index.of(EnvProvision):
        if provision.channel == "secret":
            uses[provision.name]["ecs-secret"] = None
    return {
        "systems": {name: tuple(found) for name, found in systems.items()},
        "uses": {name: tuple(found) for name, found in uses.items()},
        "drivers": {name: tuple(found) for name, found in drivers.items()},
    }


def _joins(value: Value | None) -> list[Join]:
    """Return the texts put together inside a value; their parts are not what the whole is."""
    match value:
        case Join():
            return [value]
        case Coalesce(options=options):
            return [join for option in options for join in _joins(option)]
        case Env(default=default):
            return _joins(default)
        case _:
            return []


def _own_fields(fact: Fact) -> list[str]:
    values = [field for field in fact.__struct_fields__ if field not in Fact.__struct_fields__]
    return [field for field in values if field != "library"]
