"""Across files: the facts of a workspace as they are published."""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterable

import msgspec

from filot_lint.extract.libraries.library import RECEIVER
from filot_lint.extract.libraries.meaning import each_name
from filot_lint.extract.redact import default_of, redact
from filot_lint.facts import (
    LINKER_ONLY,
    DatabaseConnection,
    EnvRead,
    Fact,
    Imports,
    MethodCall,
    QueueUse,
    RedisConnection,
    RedisKey,
)
from filot_lint.models import Models
from filot_lint.values import (
    NULL,
    UNKNOWN,
    Callable,
    Coalesce,
    Env,
    Environment,
    Instance,
    Join,
    Literal,
    Lookup,
    Parameter,
    Record,
    Ref,
    Sequence,
    Value,
    coalesce,
    inherited,
    is_value,
    names_of,
    options,
    parameter_of,
    parameters_of,
    pattern,
    substitute,
)
from filot_lint.workspace.decorators import Decorators
from filot_lint.workspace.exports import Exports
from filot_lint.workspace.registered import FIELDS, Registered
from filot_lint.workspace.resolve import Resolver
from filot_lint.workspace.results import absent
from filot_lint.workspace.wrapped import Wrapped

_SETTINGS = ("url", "host", "port", "db", "username", "password", "tls")
_MAX_VALUES = 12
"""More alternatives than that are a table that somebody looks something up in."""

_NEEDED = frozenset({"name", "secret", "given", "length"})
_OBJECTS = frozenset({"expires", "options", "tls", "workflow", "exposed"})
"""Settings that may be objects; elsewhere an object means that another form of the call is used."""


class Linker:
    """Publishes the facts of files: references resolved, reads through other files added.

    `facts_of` returns the facts of a file, extracting it if that has not happened yet.
    """

    def __init__(self, resolver: Resolver, facts_of: Function[[str], list[Fact]], models: Models) -> None:
        """Nothing is resolved yet."""
        self.resolver = resolver
        self.facts_of = facts_of
        self.exports = Exports(resolver, facts_of, models)
        self.wrapped = Wrapped(self.exports)
        self.decorators = Decorators(self.exports)
        self.registered = Registered(self.exports)

    def link(self, files: Iterable[str]) -> list[Fact]:
        """Return the published facts of these files."""
        todo = list(files)
        through = [*self.wrapped.reads(todo), *self.exports.schemas.reads(todo), *self.exports.settings.reads(todo),
                   *self.decorators.reads(todo)]  # fmt: skip
        found = [published for file in todo for fact in self.facts_of(file) for published in self.publish(fact, file)]
        taken = {(f.file, f.line, f.column, f.name) for f in found if isinstance(f, EnvRead)}
        found.extend(read for read in through if (read.file, read.line, read.column, read.name) not in taken)
        return found

    def publish(self, fact: Fact, file: str) -> list[Fact]:
        """Return a fact as other files see it: none for what only links, its references followed otherwise."""
        if isinstance(fact, EnvRead):
            return list(self._publish_read(fact, file))
        if isinstance(fact, MethodCall):
            return [published for meant in self._meant(fact, file) for published in self.publish(meant, file)]
        if isinstance(fact, LINKER_ONLY):
            return []
        if isinstance(fact, Imports):
            return [msgspec.structs.replace(fact, target=self.target(fact))]
        changes: dict[str, Value | None] = {}
        whole: Value = UNKNOWN
        for name in fact.__struct_fields__:
            value = getattr(fact, name)
            if not is_value(value):
                continue
            if name in FIELDS and isinstance(value, Ref | Sequence | Coalesce):
                changes[name] = redact(self.registered.resolve(name, value, file), None)
            elif isinstance(value, Ref | Env | Coalesce | Join | Record | Sequence | Parameter | Lookup):
                resolved = self.exports.resolve(value, file)
                if resolved is not value or isinstance(value, Parameter):
                    changes[name] = _field(redact(resolved, None), name)
                    whole = resolved if name == "url" else whole
        replaced = msgspec.structs.replace(fact, **changes) if changes else fact
        replaced = _filled(replaced, whole)
        if not isinstance(replaced, QueueUse | RedisKey):
            return [replaced]
        return [msgspec.structs.replace(replaced, name=name) for name in each_name(replaced.name)]

    def _meant(self, call: MethodCall, file: str) -> Iterable[Fact]:
        """Return what a call of a method is, once its object is known as far as it can be."""
        found = list(options(self.exports.resolve(call.receiver, file)))
        based = (base for kind in found if isinstance(kind, Record) and kind.get(call.method) is None
                 for base in inherited(kind))  # fmt: skip
        kinds = [*found, *based]
        objects = [kind for kind in kinds if isinstance(kind, Instance)]
        if objects:
            meanings = dict(call.meanings)
            made = next((kind for kind in objects if kind.type in meanings), None)
            return () if made is None else [f for fact in meanings[made.type] for f in _about(fact, made)]
        return () if all(_is_other(kind, call.method) for kind in kinds) else call.otherwise

    def target(self, fact: Imports) -> str | None:
        """Return the file an import loads."""
        return self.resolver.resolve(fact.file, fact.module)

    def _publish_read(self, read: EnvRead, file: str) -> Iterable[EnvRead]:
        if self.wrapped.follows(read):
            return
        value = read.value
        if read.name is None and isinstance(value, Env) and value.key is not None:
            owner = parameter_of(value.key)
            if owner is not None and self.wrapped.called(file, owner.function):
                return
            key = self.exports.resolve(value.key, file)
            for name in names_of(key):
                if name is None:
                    yield msgspec.structs.replace(read, pattern=pattern(key) or read.pattern)
                    continue
                yield msgspec.structs.replace(read, name=name.text, pattern=None, reason=None, value=Env(name.text))
            return
        if read.default is not None and read.default.kind == "expression" and isinstance(value, Env):
            default = self.exports.resolve(value.default, file) if value.default is not None else None
            known = default_of(read.name, default)
            if known is not None and known.kind != "expression":
                yield msgspec.structs.replace(read, default=known, value=Env(read.name, redact(default, read.name)))
                return
        yield read


def _filled(fact: Fact, options: Value) -> Fact:
    """Return a connection with the settings of the object that turned out to stand where a URL might."""
    if not isinstance(options, Record) or not isinstance(fact, RedisConnection | DatabaseConnection):
        return fact
    given = {name: options.get("ssl" if name == "tls" and options.get(name) is None else name) for name in _SETTINGS}
    known = {name: _field(value, name) for name, value in given.items() if value is not None}
    missing = {n: v for n, v in known.items() if n in fact.__struct_fields__ and getattr(fact, n) is None}
    return msgspec.structs.replace(fact, **missing)


def _about(fact: Fact, made: Instance) -> list[Fact]:
    """Return what a method of an object does; nothing when only what the object is about would say what it is."""
    subject = made.subject
    fields = ((name, getattr(fact, name)) for name in fact.__struct_fields__)
    asking = {n: value for n, value in fields if is_value(value) and RECEIVER in parameters_of(value)}
    if asking and subject is None:
        return []
    known = {0: subject or UNKNOWN}
    changes: dict[str, Value] = {n: substitute(value, RECEIVER.function, known) for n, value in asking.items()}
    if "client" in fact.__struct_fields__:
        changes["client"] = made
    return [msgspec.structs.replace(fact, **changes)]


def _is_other(kind: Value, method: str) -> bool:
    """Return whether an object is none of a library: it has its own method of this name, or is a plain value."""
    if isinstance(kind, Record):
        return kind.get(method) is not None or not kind.open
    return isinstance(kind, Literal | Env | Join | Sequence | Environment | Callable)


def _field(value: Value | None, name: str) -> Value | None:
    """Return a resolved setting; None when it turned out not to be given."""
    every = value.options if isinstance(value, Coalesce) else (value,)
    if name == "client":
        clients = [option for option in every if isinstance(option, Instance)]
        return coalesce(list[Value](clients)) if clients else None
    kept = [
        option
        for choice in every
        for option in (options(choice) if isinstance(choice, Lookup) else (choice,))
        if option is not None and not absent(option) and not (isinstance(option, Record) and name not in _OBJECTS)
    ]
    if name == "tls" and kept and NULL in every:
        kept.append(NULL)
    if len(kept) > _MAX_VALUES:
        return UNKNOWN
    if kept:
        return coalesce(kept)
    return UNKNOWN if value == UNKNOWN or name in _NEEDED else None
