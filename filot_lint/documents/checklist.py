"""The checklist: each item holds, fails, does not apply, or is not determined and says what a person checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from typing import Literal as Choice

import msgspec

from filot_lint.checks import load_checks
from filot_lint.config import Config
from filot_lint.documents.describe import count
from filot_lint.documents.manifest import Item
from filot_lint.documents.queues import is_self_fed
from filot_lint.engine import selected
from filot_lint.facts import DatabaseConnection, Fact, ObjectStoreOperation, RedisConnection
from filot_lint.findings import Finding, Severity
from filot_lint.source import Location
from filot_lint.values import env_names, literals

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


def checked_rules(config: Config) -> frozenset[str]:
    """Return the codes that a run with these settings really checks."""
    return frozenset(rule.code for rule in selected(config.select, config.ignore)) & load_checks().keys()


def judge(context: Context, items: tuple[Item, ...], checked: frozenset[str]) -> tuple[Result, ...]:
    """Return the verdict on every item."""
    return tuple(_judge(context, item, checked) for item in items)


def _judge(context: Context, item: Item, checked: frozenset[str]) -> Result:
    examined: tuple[Location, ...] = ()
    if item.needs is not None:
        noun, places = context.examined(item.needs)
        if not places:
            return Result(item, "does not apply", f"no {noun} found in {count(context.file_count, 'file')}")
        examined = places
    ruled = _by_rules(context, item, checked, examined) if item.rules else None
    decide = _DECIDERS.get(item.id)
    if decide is not None and (ruled is None or ruled.verdict == "holds"):
        return decide(context, item)
    if ruled is not None:
        return ruled
    return Result(item, "not determined", "source does not show it", human=item.human, evidence=examined)


def _by_rules(context: Context, item: Item, checked: frozenset[str], examined: tuple[Location, ...]) -> Result:
    broken = tuple(f for f in _of(context.findings, item) if f.severity > Severity.INFO)
    if broken:
        return Result(item, "fails", _told(broken), broken, tuple(f.location for f in broken))
    run = [code for code in item.rules if code in checked]
    left = [code for code in item.rules if code not in checked]
    if left:
        clean = "nothing worse than a note" if _of(context.findings, item) else "nothing"
        note = f"not checked in this run: {_codes(left)}" + (f"; {clean} found by {_codes(run)}" if run else "")
        return Result(item, "not determined", note, human=item.human, evidence=examined)
    notes = _of(context.findings, item)
    if notes:
        note = f"nothing worse than {count(len(notes), 'note')} found by {_codes(run)}"
        examined = tuple(f.location for f in notes)
    else:
        note = f"nothing found by {_codes(run)}"
    aside = (*_of(context.suppressed, item), *_of(context.doubtful, item))
    if aside:
        note = f"nothing certain found by {_codes(run)}; {_aside(context, item)}"
        human = "Judge these places: what a comment silences, or what the tool is not sure of, is not decided here."
        return Result(item, "not determined", note, aside, tuple(f.location for f in aside), human)
    return Result(item, "not determined" if item.human else "holds", note, human=item.human, evidence=examined)


def _told(findings: tuple[Finding, ...]) -> str:
    """Return a few messages, the worst first, each once, and how many more findings there are by rule."""
    worst = sorted(findings, key=lambda f: (-f.severity, -f.confidence, f.sort_key))
    messages = Counter(f"`{f.rule.code}`: {f.message}" for f in worst)
    told = [f"{text} ({times} times)" if times > 1 else text for text, times in list(messages.items())[:_TOLD]]
    more = Counter(text[1:7] for text in list(messages)[_TOLD:] for _ in range(messages[text]))
    return "; ".join([*told, *(f"{number} more of `{code}`" for code, number in sorted(more.items()))])


def _of(findings: Iterable[Finding], item: Item) -> tuple[Finding, ...]:
    return tuple(f for f in findings if f.rule.code in item.rules)


def _aside(context: Context, item: Item) -> str:
    numbers = (
        (len(_of(context.suppressed, item)), "suppressed"),
        (len(_of(context.doubtful, item)), "of low confidence"),
    )
    return " and ".join(f"{number} {word}" for number, word in numbers if number)


def _codes(codes: list[str]) -> str:
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
    names = _codes(list(dict.fromkeys(n for c in open_ for n in env_names(c.url or c.host)))) or "these addresses"
    secured = all(c.password is not None for c in open_)
    human = f"The value decides: confirm that {names} begins with `rediss://`" + (
        "." if secured else ", and where no password is given beside it, brings one."
    )
    return _by_value(context, item, open_, human)


def _is_encrypted(connection: RedisConnection) -> bool:
    schemes = [x.text for x in literals(connection.url)]
    return connection.tls is not None or bool(schemes and not env_names(connection.url) and _all_tls(schemes))


def _all_tls(urls: list[str]) -> bool:
    return all(url.startswith("rediss://") for url in urls)


def _database_verified(context: Context, item: Item) -> Result:
    found = context.index.of(DatabaseConnection)
    open_ = tuple(c for c in found if c.area == "production" and c.tls is None)
    names = _codes(list(dict.fromkeys(n for c in open_ for n in env_names(c.url or c.host)))) or "these addresses"
    human = f"The value decides: confirm the `sslmode` of {names}, as the table of databases says what it means."
    return _by_value(context, item, open_, human)


def _by_value(context: Context, item: Item, open_: tuple[Fact, ...], human: str) -> Result:
    note = f"nothing found by {_codes(list(item.rules))}"
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
    note = f"nothing found by {_codes(list(item.rules))}"
    return Result(item, "holds", note, evidence=tuple(o.location for o in signed))


_DECIDERS: dict[str, Callable[[Context, Item], Result]] = {
    "SEC-1": _secrets_mapped,
    "RED-3": _queues_closed,
    "RED-1": _redis_encrypted,
    "R2-3": _presigned,
    "DB-1": _database_verified,
    "TMP-2": _task_queues_served,
    "DEP-2": _health_checks,
    "MOCK-1": _no_mocks,
    "GPU-1": _worker_starts,
}
