"""FIL306: durations of a queue that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from filot_lint.checks import check
from filot_lint.checks.queues.naming import in_production
from filot_lint.extract.libraries.durations import measure, seconds
from filot_lint.facts import ContainerSpec, Duration, EnvRead, Fact, QueueSetting, RedisConnection, RedisKey, Unit
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.secrets import tokens
from filot_lint.source import Location
from filot_lint.values import Env, Literal, Value, env_names, literals, options
from filot_lint.workspace.index import Index

VISIBILITY = 3600
STOP = 30
RENEWAL = 30
EXTENDS = frozenset({"expire", "pexpire", "getex"})
PREFIX_WORDS = 2


class Term(msgspec.Struct, frozen=True):
    """One duration: how long, as written, and where."""

    name: str
    seconds: float
    fact: Fact
    at: Location
    variables: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The duration for people."""
        return f"{self.seconds:g} s"


@check("FIL306")
def unordered_timeouts(index: Index) -> Iterator[Hit]:
    """Compare durations that are numbers with a unit: locks, stuck jobs, shutdown, Celery and BullMQ."""
    locks = [term for key in in_production(index, RedisKey) if (term := _lock(key)) is not None]
    terms = [*_constants(index), *_variables(index)]
    for role, term in terms:
        if role == "stuck":
            yield from _stuck(index, term, [lock for lock in locks if _belong(term, lock)])
        elif role == "limit":
            yield from _limit(index, term, [lock for lock in locks if _belong(term, lock)])
        elif role == "drain":
            yield from _drain(index, term)
    yield from _celery(index)
    yield from _renewal(index)


def _stuck(index: Index, term: Term, locks: list[Term]) -> Iterator[Hit]:
    for lock in locks[:1]:
        if term.seconds < lock.seconds:
            what = f"a job is taken for lost after {term.text}, but its lock lives for {lock.text}"
            yield _hit(index, term, lock, what, "the lock lives on")


def _limit(index: Index, term: Term, locks: list[Term]) -> Iterator[Hit]:
    renewed = {key.file for key in index.of(RedisKey) if key.command.lower() in EXTENDS}
    for lock in locks[:1]:
        if term.seconds > lock.seconds and lock.fact.file not in renewed:
            what = f"a job may take {term.text}, but its lock is gone after {lock.text}"
            yield _hit(index, term, lock, what, "the lock is gone by then", Confidence.MEDIUM)


def _drain(index: Index, term: Term) -> Iterator[Hit]:
    """Compare a shutdown with the time that ECS gives a container: 30 s unless its definition says more."""
    for component in index.components:
        if component.name not in term.fact.components:
            continue
        for spec in index.of(ContainerSpec):
            stop = int(spec.stop_timeout) if spec.stop_timeout is not None and spec.stop_timeout.isdecimal() else STOP
            if spec.origin == "ecs" and spec.name in component.containers and term.seconds > stop:
                given = "" if spec.stop_timeout else ", which is what ECS takes by itself"
                what = f"the shutdown may take {term.text}, but container `{spec.name}` is killed after {stop} s{given}"
                ends = Term("stopTimeout", stop, spec, spec.location)
                yield _hit(
                    index, term, ends, what, "`stopTimeout` is set here" if spec.stop_timeout else "no `stopTimeout`"
                )


def _celery(index: Index) -> Iterator[Hit]:
    """Compare the limit of tasks that are acknowledged late with the time after which Redis hands them out again."""
    found = {s.option: s for s in in_production(index, QueueSetting) if s.framework == "celery"}
    limit, late, seen = (found.get(name) for name in ("task_time_limit", "task_acks_late", "visibility_timeout"))
    brokers = [c for c in index.of(RedisConnection) if c.library == "celery"]
    if limit is None or late is None or not _is_on(late.given) or not (brokers or seen):
        return
    longest = _term(limit, limit.given, "s")
    again = _term(seen, seen.given, "s") if seen is not None else None
    if longest is None or (seen is not None and again is None):
        return
    if longest.seconds > (again.seconds if again is not None else VISIBILITY):
        given = again.text if again is not None else f"{VISIBILITY} s, the default"
        what = f"a task may take {longest.text}, but Redis hands it to another worker after {given}"
        other = again or _of(brokers[0] if brokers else limit, "visibility_timeout", VISIBILITY)
        where = "`visibility_timeout` is set here" if again else "the broker, without `visibility_timeout`"
        yield _hit(index, longest, other, what, where)


def _renewal(index: Index) -> Iterator[Hit]:
    """Compare, per worker of BullMQ, how often the lock is renewed with how long it lives."""
    by_place: dict[Location, dict[str, QueueSetting]] = {}
    for setting in in_production(index, QueueSetting):
        if setting.framework == "bullmq":
            by_place.setdefault(setting.location, {})[setting.option] = setting
    for at, found in by_place.items():
        renew, lives = found.get("lockRenewTime"), found.get("lockDuration")
        every = _term(renew, renew.given, "ms") if renew is not None else None
        lock = _term(lives, lives.given, "ms") if lives is not None else None
        if every is not None and (lives is None or lock is not None):
            lock = lock or _of(every.fact, "lockDuration", RENEWAL)
            if every.seconds >= lock.seconds:
                what = f"the lock of a job is renewed every {every.text}, but it lives for {lock.text}"
                yield Hit(at, {"what": what}, label="jobs are taken for stalled while they run")


def _hit(index: Index, term: Term, other: Term, what: str, label: str, confidence: Confidence | None = None) -> Hit:
    set_in = [p.location for name in (*term.variables, *other.variables) for p in index.provisions.get(name, ())]
    confidence = Confidence.MEDIUM if set_in else confidence
    return Hit(
        term.at,
        {"what": what},
        related=(Related(other.at, label), *(Related(place, "may be set otherwise here") for place in set_in[:2])),
        confidence=confidence,
        reason=None if confidence is None else f"{set_in[0]} may set it otherwise" if set_in else
        "something else may keep the lock alive",
        label=f"{term.text}",
    )  # fmt: skip


def _constants(index: Index) -> Iterator[tuple[str, Term]]:
    for fact in in_production(index, Duration):
        term = _term(fact, fact.length, fact.unit, fact.name)
        if term is not None:
            yield fact.role, term


def _variables(index: Index) -> Iterator[tuple[str, Term]]:
    """Yield variables that name their unit and have a number for a default, where no constant tells the same."""
    told = {name for fact in index.of(Duration) for name in env_names(fact.length)}
    for read in in_production(index, EnvRead):
        said = measure(read.name) if read.name and read.name not in told else None
        text = read.default.text if read.default is not None and read.default.kind == "literal" else None
        if said is not None and text is not None:
            length = seconds(Literal(text), said.unit)
            if length is not None:
                yield said.role, Term(read.name or "", length, read, read.location, (read.name or "",))


def _lock(key: RedisKey) -> Term | None:
    """Return how long a lock lives: a key that is only set when it is not there, or is called one."""
    named = any("LOCK" in tokens(text.text) for text in literals(key.name)) or "LOCK" in _words(key.name)
    if key.access != "write" or not (key.exclusive is not None or key.command == "lock" or named):
        return None
    value, unit = (key.expires, "s") if key.expires is not None else (key.expires_ms, "ms")
    return _term(key, value, "s" if unit == "s" else "ms")


def _words(name: Value) -> set[str]:
    parts = getattr(name, "parts", ())
    return {word for part in parts for text in literals(part) for word in tokens(text.text)}


def _term(fact: Fact, value: Value | None, unit: Unit, name: str = "") -> Term | None:
    """Return a duration whose number is known: written out, or the default of a variable."""
    found = {length for option in options(value) if (length := seconds(option, unit)) is not None} if value else set()
    names = env_names(value)
    computed = [o for o in options(value) if not isinstance(o, Literal | Env)] if value else []
    return Term(name, found.pop(), fact, fact.location, names) if len(found) == 1 and not computed else None


def _of(fact: Fact, name: str, length: float) -> Term:
    return Term(name, length, fact, fact.location)


def _belong(term: Term, lock: Term) -> bool:
    """Return whether two durations are about the same jobs: one file, or variables of one prefix."""
    if term.fact.file == lock.fact.file:
        return True
    pairs = ((a.split("_"), b.split("_")) for a in term.variables for b in lock.variables)
    return any(a[:PREFIX_WORDS] == b[:PREFIX_WORDS] for a, b in pairs)


def _is_on(value: Value) -> bool:
    return isinstance(value, Literal) and value.text.lower() == "true"
