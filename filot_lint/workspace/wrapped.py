"""Reads through functions, schemas and environments that stand in other files."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from filot_lint.extract.reads.follow import given_for
from filot_lint.extract.redact import default_of, redact
from filot_lint.facts import CallSite, EnvRead, Fact, MemberUse, Wrapper
from filot_lint.values import (
    ANY_MEMBER,
    UNKNOWN,
    Callable,
    Env,
    Environment,
    Literal,
    Parameter,
    Record,
    Ref,
    Value,
    closed,
    constructor_of,
    names_of,
    one_by_one,
    parameter_of,
    pattern,
    substitute,
)
from filot_lint.workspace.environments import Environments
from filot_lint.workspace.exports import Exports
from filot_lint.workspace.sites import bind, read_at

_ROUNDS = 6


class Wrapped:
    """Finds the reads by calls of wrappers of other files, and the functions that thereby become wrappers."""

    def __init__(self, exports: Exports) -> None:
        """No file is known yet."""
        self.exports = exports
        self.facts_of = exports.facts_of
        self.environments = Environments(exports)
        self._wrappers: dict[tuple[str, str], list[Wrapper]] = {}
        self._known: set[str] = set()
        self._called: set[tuple[str, str]] = set()
        self._followed: set[tuple[str, int, int]] = set()
        self._late: set[tuple[str, str]] = set()
        """Functions that became wrappers only here; their callers in the same file are not known yet."""
        self._through: list[tuple[MemberUse | CallSite, str]] = []
        """What goes through a function, and so may turn out to read more once further functions are wrappers."""

    def called(self, file: str, function: str) -> bool:
        """Return whether a call of this wrapper told what it reads."""
        return (file, function) in self._called

    def follows(self, read: EnvRead) -> bool:
        """Return whether a hand-over of all variables goes to a function that is followed."""
        return read.access == "copy" and (read.file, read.line, read.column) in self._followed

    def _learn(self, file: str) -> None:
        if file in self._known:
            return
        self._known.add(file)
        for fact in self.facts_of(file):
            if isinstance(fact, Wrapper):
                self._wrappers.setdefault((file, fact.function), []).append(fact)

    def reads(self, files: Iterable[str]) -> list[EnvRead]:
        """Return the reads by calls of wrappers, until no further function turns out to be one."""
        todo = list(files)
        for file in todo:
            self._learn(file)
        reads: dict[tuple[object, ...], EnvRead] = {}
        sites = [
            (fact, file) for file in todo for fact in self.facts_of(file) if isinstance(fact, MemberUse | CallSite)
        ]
        for _ in range(_ROUNDS):
            before = (len(reads), sum(map(len, self._wrappers.values())))
            for fact, file in sites:
                for read in self._reads(fact, file):
                    place = (read.file, read.line, read.column, read.name, read.pattern)
                    known = reads.setdefault(place, read)
                    if known.access == "presence" and read.access == "read":
                        reads[place] = read
            if before == (len(reads), sum(map(len, self._wrappers.values()))):
                break
            sites, self._through = self._through, []
        return list(reads.values())

    def _reads(self, fact: MemberUse | CallSite, file: str) -> list[EnvRead]:
        if isinstance(fact, MemberUse):
            target = self.exports.resolve(fact.target, file)
            if isinstance(target, Record):
                return self._asked(fact, file, target)
            return self.environments.member(fact, target) if isinstance(target, Environment) else []
        callee = fact.callee
        if isinstance(callee, Callable):
            callee = Callable(f"{file}::{callee.function}", callee.bound, callee.given)
        resolved = self.exports.resolve(callee, file)
        if isinstance(resolved, Record):
            resolved = constructor_of(resolved) or UNKNOWN
        if isinstance(callee, Ref) and callee.path and not isinstance(resolved, Callable):
            return self.environments.call(fact, callee, file)
        if not isinstance(resolved, Callable) or "::" not in resolved.function:
            return []
        self._through.append((fact, file))
        home, key = resolved.function.split("::", 1)
        self._learn(home)
        whole = [place for _, value, place in fact.arguments if isinstance(value, Environment)]
        self._followed.update((place.file, place.line, place.column) for place in whole)
        found: list[EnvRead] = []
        for wrapper in list(self._wrappers.get((home, key), [])):
            if isinstance(fact.callee, Callable) and (home, key) not in self._late and wrapper.schema is None:
                continue
            found.extend(self._wrapped(fact, file, wrapper, resolved))
        return found

    def _asked(self, use: MemberUse, file: str, record: Record) -> list[EnvRead]:
        """Return what a member reads that an object does not have, but asks one of its methods for."""
        method = record.get(ANY_MEMBER)
        if not isinstance(method, Callable) or not isinstance(use.key, Literal) or record.get(use.key.text):
            return []
        self._through.append((use, file))
        home, key = method.function.split("::", 1)
        self._learn(home)
        place = {name: getattr(use, name) for name in Fact.__struct_fields__}
        site = CallSite(
            **place, callee=method, arguments=((None, use.key, use.location),), access=use.access, default=use.default,
            deferred=use.deferred,
        )  # fmt: skip
        wrappers = list(self._wrappers.get((home, key), []))
        return [read for wrapper in wrappers for read in self._wrapped(site, file, wrapper, method)]

    def _wrapped(self, site: CallSite, file: str, wrapper: Wrapper, function: Callable) -> list[EnvRead]:
        arguments = bind(wrapper.parameters, site.arguments, shift=1 if function.bound else 0)
        values = {index: self.exports.resolve(value, file) for index, value in arguments.items()}
        self._called.add((wrapper.file, wrapper.function))
        if wrapper.environment is not None:
            return self._given(site, wrapper, values.get(wrapper.environment))
        each = one_by_one(wrapper.key or UNKNOWN, values)
        return [read for one in each for read in self._named(site, file, wrapper, function, one)]

    def _named(
        self, site: CallSite, file: str, wrapper: Wrapper, function: Callable, values: dict[int, Value]
    ) -> list[EnvRead]:
        name = closed(substitute(wrapper.key or UNKNOWN, wrapper.function, values), function)
        given = given_for(wrapper, values, function)
        via = wrapper.function.split("@", 1)[0]
        found: list[EnvRead] = []
        for option in names_of(name):
            if option is None:
                self._outer(file, wrapper, name, given)
                if parameter_of(name) is None:
                    found.append(self._computed(site, wrapper, name, via))
                continue
            default = default_of(option.text, given) if given is not None else site.default or wrapper.default
            required = False if default is not None else site.required or wrapper.required
            place = option.at if option.at is not None and option.at.file == file else site.location
            found.append(
                read_at(
                    site, place, name=option.text, via=via, default=default, required=required, cast=wrapper.cast,
                    access=wrapper.access, value=Env(option.text, redact(given, option.text)),
                    unchecked=(site.unchecked or wrapper.unchecked) and required is None,
                    guard=site.guard if site.guard != "always" else wrapper.guard,
                )
            )  # fmt: skip
        return found

    def _given(self, site: CallSite, wrapper: Wrapper, environment: Value | None) -> list[EnvRead]:
        """Return what a function reads from the environment that a call hands over, where it reads it."""
        if not isinstance(environment, Environment):
            return []
        if wrapper.schema is not None:
            return self.exports.schemas.given(wrapper.file, wrapper.schema, environment)
        home = msgspec.structs.replace(site, file=wrapper.file, language=wrapper.language, area=wrapper.area)
        found: list[EnvRead] = []
        for key, place in wrapper.names:
            if isinstance(key, Literal) and wrapper.access == "copy":
                reason = f"the whole environment goes to {key.text}"
                found.append(read_at(home, place, via=environment.via, access="copy", reason=reason))
            elif isinstance(key, Literal):
                name = environment.prefix + key.text
                found.append(
                    read_at(
                        home, place, name=name, via=environment.via, default=wrapper.default, cast=wrapper.cast,
                        required=wrapper.required, access=wrapper.access, value=Env(name),
                        unchecked=wrapper.unchecked, guard=wrapper.guard,
                    )
                )  # fmt: skip
        return found

    def _computed(self, site: CallSite, wrapper: Wrapper, name: Value, via: str) -> EnvRead:
        return read_at(
            site, site.location, name=None, pattern=pattern(name), via=via, default=site.default or wrapper.default,
            cast=wrapper.cast, access=wrapper.access, reason="the name is computed",
        )  # fmt: skip

    def _outer(self, file: str, wrapper: Wrapper, name: Value, given: Value | None) -> None:
        """Make a function that hands its own parameter to a wrapper a wrapper too, with the default it hands on."""
        found = parameter_of(name)
        owner = found.function if found is not None else None
        known = self._wrappers.setdefault((file, owner), []) if owner is not None else []
        if owner is None or any(w.key == name for w in known):
            return
        summary = self.exports.summary(file, owner)
        parameters = summary.parameters if summary is not None else ()
        fallback = given if isinstance(given, Parameter) and given.function == owner else None
        default = wrapper.default if given is None or fallback is not None else default_of(None, given)
        known.append(
            msgspec.structs.replace(
                wrapper, file=file, function=owner, parameters=parameters, key=name, fallback=fallback,
                default=default, bound=False,
            )
        )  # fmt: skip
        self._late.add((file, owner))
