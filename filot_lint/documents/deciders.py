"""What decides single items of the checklist beyond the findings of rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from typing import Literal as Choice

import msgspec

from filot_lint.documents.describe import count
from filot_lint.documents.manifest import Item
from filot_lint.documents.queues import is_self_fed
from filot_lint.facts import (
    DatabaseConnection,
    Fact,
    MonitoringUse,
    ObjectStoreOperation,
    RedisConnection,
    SecretComparison,
)
from filot_lint.findings import Finding
from filot_lint.source import Location
from filot_lint.values import Env, Value, env_names, literals, options

if TYPE_CHECKING:
    from filot_lint.documents.context import Context

_TOLD = 3

Verdict = Choice["holds", "fails", "does not apply", "not determined"]


class Result(msgspec.Struct, frozen=True):
    """The verdict on one item. `note` says what it rests on; `human` what is left to a person."""

    item: Item
    verdict: Verdict
    note: str
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Location, ...] = ()
    human: str | None = None


def in_words(codes: list[str]) -> str:
    """Write codes with commas."""
    return ", ".join(f"`{code}`" for code in codes)


def _secrets_mapped(context: Context, item: Item) -> Result:
    missing = tuple(g for g in context.gaps if g.is_missing)
    if missing:
        names = ", ".join(dict.fromkeys(f"`{g.variable.name}` for `{g.component}`" for g in missing))
        return Result(item, "fails", f"not mapped: {names}", evidence=_places(g.place for g in missing))
    if context.gaps:
        names = ", ".join(dict.fromkeys(f"`{g.variable.name}`" for g in context.gaps))
        human = "Look up where these deployables get their environment; no task definition here says it."
        return Result(item, "not determined", f"no manifest decides: {names}", human=human)
    references = tuple(p.location for e in context.entries for p in e.references)
    unread = tuple(v for v in context.secrets if not v.components)
    if unread and not references:
        names = ", ".join(f"`{v.name}`" for v in unread[:_TOLD]) + (" and others" if len(unread) > _TOLD else "")
        human = "Find out which program reads these secrets, and where it gets its environment."
        places = tuple(v.production[0].location for v in unread if v.production)
        return Result(item, "not determined", f"no deployable was found to read {names}", evidence=places, human=human)
    return Result(item, "holds", f"{count(len(references), 'reference')} found", evidence=references)


def _queues_closed(context: Context, item: Item) -> Result:
    own = [q for q in context.queues if is_self_fed(q, context.index.components)]
    if own:
        names = ", ".join(f"`{q.label}`" for q in own)
        note = f"{names}: all work comes from the entry file of its own consumer"
        human = "Find out what sends the first job to these queues; here only their consumer's own entry file does."
        places = tuple(u.location for q in own for u in q.producers)
        return Result(item, "not determined", note, evidence=places, human=human)
    unnamed = [u.location for q in context.queues if not q.determined for u in q.uses]
    if unnamed:
        human = "Find out the names of these queues at run time; they are computed."
        return Result(item, "not determined", "a name is computed", evidence=tuple(unnamed), human=human)
    note = f"{count(len(context.queues), 'queue')} with both ends"
    return Result(item, "holds", note, evidence=tuple(q.uses[0].location for q in context.queues))


def _task_queues_served(context: Context, item: Item) -> Result:
    unnamed = [s.location for q in context.task_queues if not q.determined for s in q.starters]
    if unnamed:
        human = "Find out the task queue at run time; its name is computed or left to the library."
        return Result(item, "not determined", "a name is computed", evidence=tuple(unnamed), human=human)
    places = tuple(w.location for q in context.task_queues for w in q.workers)
    return Result(item, "holds", f"{count(len(context.task_queues), 'task queue')} with a worker", evidence=places)


def _health_checks(context: Context, item: Item) -> Result:
    specs = context.task_containers
    bare = tuple(s for s in specs if not s.health_check)
    if bare:
        names = ", ".join(f"`{s.name}` in `{s.file}`" for s in bare)
        return Result(item, "fails", f"no health check: {names}", evidence=tuple(s.location for s in bare))
    return Result(
        item, "holds", f"{count(len(specs), 'container')} with one", evidence=tuple(s.location for s in specs)
    )


def _places(places: Iterable[Location | None]) -> tuple[Location, ...]:
    return tuple(p for p in places if p is not None)


def _no_mocks(context: Context, item: Item) -> Result:
    if context.doubles:
        note = f"{count(len(context.doubles), 'possible test double')} in production code"
        places = tuple(d.location for d in context.doubles)
        return Result(item, "not determined", note, evidence=places, human="Find out whether these places are doubles.")
    return Result(item, "holds", f"no test double in {count(context.file_count, 'file')} outside tests and tooling")


def _worker_starts(context: Context, item: Item) -> Result:
    entries = tuple(Location(entry, 1, 1, 1, 1) for d in context.gpu for entry in d.component.entries)
    unknown = [f"`{d.name}`" for d in context.gpu if not (d.component.entries and d.component.command)]
    if unknown:
        human = "Find out which file these images start, and that it begins to work."
        return Result(item, "not determined", f"command or entry file unknown: {', '.join(unknown)}", human=human)
    return Result(item, "holds", "each entry file runs something", evidence=entries)


def _redis_encrypted(context: Context, item: Item) -> Result:
    open_ = tuple(c for c in context.index.of(RedisConnection) if c.area == "production" and not _is_encrypted(c))
    whole = [_whole_urls(c.url) for c in open_]
    names = list(dict.fromkeys(n for own in whole for n in own))
    wanted = [f"{in_words(names)} begin{'' if len(names) > 1 else 's'} with `rediss://`"] if names else []
    if any(len(own) < max(len(env_names(c.url)), 1) for c, own in zip(open_, whole, strict=True)):
        wanted.append("connections whose URL is put together are encrypted")
    if any(c.password is None for c in open_):
        wanted.append("each has a password, in its URL or beside it")
    return _by_value(context, item, open_, f"The value decides: confirm that {'; that '.join(wanted)}.")


def _whole_urls(value: Value | None) -> tuple[str, ...]:
    """Return the variables that hold a URL as it is used, not a part of one."""
    found = (option for option in options(value) if isinstance(option, Env)) if value is not None else ()
    return tuple(dict.fromkeys(option.name for option in found if option.name is not None))


def _is_encrypted(connection: RedisConnection) -> bool:
    schemes = [x.text for x in literals(connection.url)]
    return connection.tls is not None or bool(schemes and not env_names(connection.url) and _all_tls(schemes))


def _all_tls(urls: list[str]) -> bool:
    return all(url.startswith("rediss://") for url in urls)


def _database_verified(context: Context, item: Item) -> Result:
    found = context.index.of(DatabaseConnection)
    open_ = tuple(c for c in found if c.area == "production" and c.tls is None)
    names = in_words(list(dict.fromkeys(n for c in open_ for n in env_names(c.url or c.host)))) or "these addresses"
    human = f"The value decides: confirm the `sslmode` of {names}; the table of databases says what its values mean."
    return _by_value(context, item, open_, human)


def _by_value(context: Context, item: Item, open_: tuple[Fact, ...], human: str) -> Result:
    note = f"nothing found by {in_words(list(item.rules))}"
    if not open_:
        _, places = context.examined(item.needs or "")
        return Result(item, "holds", note, evidence=places)
    note += "; the code leaves it to the value of a variable"
    return Result(item, "not determined", note, evidence=tuple(f.location for f in open_), human=human)


def _presigned(context: Context, item: Item) -> Result:
    signed = [o for o in context.index.of(ObjectStoreOperation) if o.area == "production" and o.presign]
    open_ = [o.location for o in signed if o.expires is not None and not any(literals(o.expires))]
    if open_:
        human = "Find out how long these URLs live; the time is computed."
        return Result(item, "not determined", "a time is computed", evidence=tuple(open_), human=human)
    note = f"nothing found by {in_words(list(item.rules))}"
    return Result(item, "holds", note, evidence=tuple(o.location for o in signed))


def _watched(context: Context, item: Item) -> Result:
    """Say what an alarm could rest on, and which alarms this system needs."""
    metrics = tuple(
        f for f in context.index.of(MonitoringUse) if f.area == "production" and f.signal in {"metric", "error"}
    )
    named = dict.fromkeys(f"`{literal.text}`" for f in metrics for literal in literals(f.name))
    told = ", ".join(list(named)[:_TOLD]) + (f" and {len(named) - _TOLD} more" if len(named) > _TOLD else "")
    by = in_words(list(dict.fromkeys(f.library for f in metrics)))
    note = f"the code tells {told or 'metrics or errors'} by {by}; alarms are not in the source" if metrics else (
        "no library for metrics or errors is set up in production code, as far as they are known here"
    )  # fmt: skip
    wanted = (
        ("a deployable that is down", True),
        ("failed requests", True),
        ("queue depth", bool(context.queues or context.task_queues)),
        ("worker count", any("worker" in d.role for d in context.deployables)),
        ("failed callbacks", any(f.rule.code in _CALLBACKS for f in context.findings) or _receives(context)),
        ("the fallback rate of the GPU", bool(context.gpu)),
    )
    words = [words for words, needed in wanted if needed]
    human = f"In the monitoring system: somebody hears an alarm for {', '.join(words[:-1])} and {words[-1]}."
    return Result(item, "not determined", note, evidence=tuple(f.location for f in metrics), human=human)


_CALLBACKS = frozenset({"FIL606", "FIL607", "FIL608"})


def _receives(context: Context) -> bool:
    return any(c.given == "request" and c.area == "production" for c in context.index.of(SecretComparison))


DECIDERS: dict[str, Callable[[Context, Item], Result]] = {
    "SEC-1": _secrets_mapped,
    "RED-3": _queues_closed,
    "RED-1": _redis_encrypted,
    "R2-3": _presigned,
    "DB-1": _database_verified,
    "TMP-2": _task_queues_served,
    "DEP-2": _health_checks,
    "MOCK-1": _no_mocks,
    "GPU-1": _worker_starts,
    "OPS-1": _watched,
}
