"""Across files: what an import stands for, calls of wrappers written elsewhere, values from other modules.

Extraction leaves `Ref`s; here each is followed to the export it names. A file is analysed for this only when something
refers to it.
"""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterable

import msgspec

from filot_lint.extract.evaluate import TEXT_METHODS
from filot_lint.extract.redact import default_of, redact
from filot_lint.facts import CallSite, EnvRead, Exported, Fact, Imports, MemberUse, Summary, Wrapper
from filot_lint.source import Location
from filot_lint.values import (
    MAX_LITERAL,
    NULL,
    UNKNOWN,
    Callable,
    Coalesce,
    Env,
    Environment,
    Join,
    Literal,
    Parameter,
    Record,
    Ref,
    Sequence,
    Value,
    bounded,
    coalesce,
    join,
    member,
    names_of,
    parameter_of,
    pattern,
    substitute,
    variable,
    with_default,
)
from filot_lint.workspace.resolve import Resolver

_HOPS = 12
_PARSERS = frozenset({"parse", "safeParse", "parseAsync", "safeParseAsync"})
_ROUNDS = 6
_NEEDED = frozenset({"name", "secret"})
_OBJECTS = frozenset({"tls", "workflow"})
"""Settings that may be objects; elsewhere an object means that another form of the call is used."""


class Linker:
    """Resolves values and calls over the files of a workspace.

    `facts_of` returns the facts of a file, extracting it if that has not happened yet.
    """

    def __init__(self, resolver: Resolver, facts_of: Function[[str], list[Fact]]) -> None:
        """Nothing is resolved yet."""
        self.resolver = resolver
        self.facts_of = facts_of
        self._exports: dict[str, dict[str, Value]] = {}
        self._functions: dict[str, dict[str, Summary]] = {}
        self._resolved: dict[tuple[str, str], Value | None] = {}
        self.wrappers: dict[tuple[str, str], list[Wrapper]] = {}
        self._known: set[str] = set()
        self._called: set[tuple[str, str]] = set()
        self._late: set[tuple[str, str]] = set()
        """Functions that became wrappers only here; their callers in the same file are not known yet."""

    # Files ----------------------------------------------------------------------------------------------------------

    def _learn(self, file: str) -> None:
        if file in self._known:
            return
        self._known.add(file)
        exports: dict[str, Value] = {}
        functions: dict[str, Summary] = {}
        for fact in self.facts_of(file):
            if isinstance(fact, Exported):
                exports[fact.name] = fact.value
            elif isinstance(fact, Summary):
                functions[fact.function] = fact
            elif isinstance(fact, Wrapper):
                self.wrappers.setdefault((file, fact.function), []).append(fact)
        self._exports[file] = exports
        self._functions[file] = functions

    def _export(self, file: str, name: str, hops: int) -> Value | None:
        """Return what a file exports under a name, resolved once; None when it does not, or only through itself."""
        key = (file, name)
        if hops == 0:
            return None
        if key not in self._resolved:
            self._resolved[key] = None
            found = self._find_export(file, name, hops)
            self._resolved[key] = bounded(found, MAX_LITERAL) if found is not None else None
        return self._resolved[key]

    def _find_export(self, file: str, name: str, hops: int) -> Value | None:
        self._learn(file)
        value = self._exports[file].get(name)
        if value is not None:
            return self._resolve(value, file, hops - 1)
        for fact in self.facts_of(file):
            if not isinstance(fact, Imports) or not (fact.reexport or self._is_python(file)):
                continue
            found = self._reexport(fact, file, name, hops - 1)
            if found is not None:
                return found
        return None

    def _reexport(self, fact: Imports, file: str, name: str, hops: int) -> Value | None:
        target = self.resolver.resolve(file, fact.module)
        if target is None or target == file:
            return None
        for exported, alias in fact.names:
            if alias == name:
                if exported == "*":
                    return Ref(fact.module, ())
                return self._export(target, exported, hops)
            if (exported, alias) == ("*", "*"):
                found = self._export(target, name, hops)
                if found is not None:
                    return found
        return None

    def _is_python(self, file: str) -> bool:
        return file.endswith(".py")

    # Values ---------------------------------------------------------------------------------------------------------

    def resolve(self, value: Value | None, file: str) -> Value | None:
        """Return the value with every reference into the workspace followed."""
        return None if value is None else self._resolve(value, file, _HOPS)

    def _resolve(self, value: Value, file: str, hops: int) -> Value:  # one answer per kind
        if hops == 0:
            return value
        match value:
            case Ref():
                return self._follow(value, file, hops)
            case Callable(function=function) if "::" not in function:
                return Callable(f"{file}::{function}", value.bound)
            case Env(name=name, default=default, key=key):
                inner = self._resolve(default, file, hops) if default is not None else None
                if name is None and key is not None:
                    return variable(self._resolve(key, file, hops), "", inner)
                return value if inner is default else Env(name, inner, value.pattern, key)
            case Coalesce(options=parts):
                resolved = [self._resolve(part, file, hops) for part in parts]
                return coalesce(resolved)
            case Join(parts=parts):
                return join([self._resolve(part, file, hops) for part in parts])
            case Sequence(items=items, open=opened):
                return Sequence(tuple(self._resolve(item, file, hops) for item in items), opened)
            case Record(entries=entries, open=opened, keys_at=places):
                return Record(tuple((k, self._resolve(v, file, hops)) for k, v in entries), opened, places)
            case _:
                return value

    def _follow(self, ref: Ref, file: str, hops: int) -> Value:
        target = self.resolver.resolve(file, ref.module) if ref.module else None
        if target is None:
            return self._submodule(ref, file, hops) if ref.module else ref
        path = list(ref.path)
        if not path:
            return ref
        if path[0] == "()":
            return UNKNOWN
        found = self._export(target, path[0], hops - 1)
        if found is None:
            return self._submodule(ref, file, hops)
        if isinstance(found, Ref) and found.path and found.module != ref.module:
            return found
        return self._steps(found, path[1:], ref.arguments, hops)

    def _submodule(self, ref: Ref, file: str, hops: int) -> Value:
        """Follow `package.module.name` where the package itself exports no `module`."""
        if not self._is_python(file) or not ref.path:
            return ref
        joined = f"{ref.module}.{ref.path[0]}" if not ref.module.endswith(".") else ref.module + ref.path[0]
        target = self.resolver.resolve(file, joined)
        if target is None or len(ref.path) == 1:
            return ref
        return self._follow(Ref(joined, ref.path[1:], ref.arguments), file, hops - 1)

    def _steps(self, value: Value, path: list[str], arguments: tuple[Value, ...], hops: int) -> Value:
        for index, step in enumerate(path):
            called = path[index + 1 : index + 2] == ["()"]
            if isinstance(value, Env | Literal | Join) and ((step in TEXT_METHODS and called) or step == "()"):
                continue
            if step == "()":
                last = "()" not in path[index + 1 :]
                value = self._call(value, arguments if last else (), hops)
            elif isinstance(value, Callable):
                return UNKNOWN
            else:
                value = member(value, step)
        return value

    def _call(self, value: Value, arguments: tuple[Value, ...], hops: int) -> Value:
        if not isinstance(value, Callable) or "::" not in value.function:
            return value if isinstance(value, Record) else UNKNOWN
        home, key = value.function.split("::", 1)
        self._learn(home)
        summary = self._functions[home].get(key)
        if summary is None:
            return UNKNOWN
        given: dict[int, Value] = dict.fromkeys(range(len(summary.parameters)), NULL) | dict(enumerate(arguments))
        return _preferred(self._resolve(substitute(summary.returned, key, given), home, hops - 1))

    # Reads ----------------------------------------------------------------------------------------------------------

    def link(self, files: Iterable[str]) -> list[Fact]:
        """Return the published facts of these files: references resolved, reads through other files added."""
        todo = list(files)
        for file in todo:
            self._learn(file)
        through = self._through_imports(todo)
        found = [published for file in todo for fact in self.facts_of(file) for published in self._publish(fact, file)]
        taken = {(f.file, f.line, f.column, f.name) for f in found if isinstance(f, EnvRead)}
        found.extend(read for read in through if (read.file, read.line, read.column, read.name) not in taken)
        return found

    def _through_imports(self, files: list[str]) -> list[EnvRead]:
        """Return the reads by calls of wrappers, until no further function turns out to be one."""
        reads: dict[tuple[object, ...], EnvRead] = {}
        for _ in range(_ROUNDS):
            before = (len(reads), sum(map(len, self.wrappers.values())))
            for file in files:
                for fact in self.facts_of(file):
                    for read in self._reads(fact, file):
                        place = (read.file, read.line, read.column, read.name, read.pattern)
                        known = reads.setdefault(place, read)
                        if known.access == "presence" and read.access == "read":
                            reads[place] = read
            if before == (len(reads), sum(map(len, self.wrappers.values()))):
                break
        return list(reads.values())

    def _reads(self, fact: Fact, file: str) -> list[EnvRead]:
        if isinstance(fact, MemberUse):
            target = self._resolve(fact.target, file, _HOPS)
            if isinstance(target, Environment) and isinstance(fact.key, Literal):
                required = False if fact.default is not None else fact.required
                name = target.prefix + fact.key.text
                return [
                    self._read(
                        fact, fact.location, name=name, via=target.via, default=fact.default, required=required,
                        cast=fact.cast, value=Env(name),
                    )
                ]  # fmt: skip
            return []
        if not isinstance(fact, CallSite):
            return []
        callee = fact.callee
        if isinstance(callee, Callable):
            callee = Callable(f"{file}::{callee.function}", callee.bound)
        resolved = self._resolve(callee, file, _HOPS)
        if not isinstance(resolved, Callable) or "::" not in resolved.function:
            return self._schema(fact, callee, file)
        home, key = resolved.function.split("::", 1)
        self._learn(home)
        found: list[EnvRead] = []
        for wrapper in list(self.wrappers.get((home, key), [])):
            if isinstance(fact.callee, Callable) and (home, key) not in self._late:
                continue
            found.extend(self._wrapped(fact, file, wrapper, key, bound=resolved.bound))
        return found

    def _schema(self, site: CallSite, callee: Value, file: str) -> list[EnvRead]:
        """Return what a schema of another file reads where it is parsed here."""
        if not isinstance(callee, Ref) or len(callee.path) != 2 or callee.path[1] not in _PARSERS:  # noqa: PLR2004
            return []
        environment = next((value for _, value, _ in site.arguments if isinstance(value, Environment)), None)
        home = self._home(file, callee.module, callee.path[0], _HOPS)
        if environment is None or home is None:
            return []
        wrappers = self.wrappers.get((home[0], f"schema {home[1]}"), [])
        return [read for wrapper in wrappers for read in self._given(site, wrapper, environment)]

    def _home(self, file: str, module: str, name: str, hops: int) -> tuple[str, str] | None:
        """Return the file that defines what a module exports under a name, and its name there."""
        target = self.resolver.resolve(file, module)
        if target is None or not hops:
            return None
        self._learn(target)
        if (target, f"schema {name}") in self.wrappers:
            return target, name
        for fact in self.facts_of(target):
            if isinstance(fact, Imports):
                for exported, alias in fact.names:
                    if alias in {name, "*"}:
                        found = self._home(target, fact.module, name if exported == "*" else exported, hops - 1)
                        if found is not None:
                            return found
        return None

    def _wrapped(self, site: CallSite, file: str, wrapper: Wrapper, key: str, *, bound: bool) -> list[EnvRead]:
        arguments = _bind(wrapper.parameters, site.arguments, shift=1 if bound else 0)
        values = {index: self._resolve(value, file, _HOPS) for index, (value, _) in arguments.items()}
        self._called.add((wrapper.file, wrapper.function))
        if wrapper.environment is not None:
            return self._given(site, wrapper, values.get(wrapper.environment))
        name = substitute(wrapper.key or UNKNOWN, key, values)
        given = values.get(wrapper.fallback) if wrapper.fallback is not None else None
        if isinstance(given, Literal) and given.type == "null":
            given = None
        via = wrapper.function.split("@", 1)[0]
        found: list[EnvRead] = []
        for option in names_of(name):
            if option is None:
                self._outer(file, wrapper, name, given)
                if parameter_of(name) is None:
                    found.append(self._computed(site, wrapper, name, via))
                continue
            default = default_of(option.text, given) if given is not None else site.default or wrapper.default
            required = False if default is not None else wrapper.required
            place = option.at if option.at is not None and option.at.file == file else site.location
            found.append(
                self._read(
                    site, place, name=option.text, via=via, default=default, required=required, cast=wrapper.cast,
                    access=wrapper.access, value=Env(option.text, redact(given, option.text)),
                )
            )  # fmt: skip
        return found

    def _given(self, site: CallSite, wrapper: Wrapper, environment: Value | None) -> list[EnvRead]:
        """Return what a function reads from the environment that a call hands over, where it reads it."""
        if not isinstance(environment, Environment):
            return []
        home = msgspec.structs.replace(site, file=wrapper.file, language=wrapper.language, area=wrapper.area)
        found: list[EnvRead] = []
        for key, place in wrapper.names:
            if isinstance(key, Literal):
                name = environment.prefix + key.text
                found.append(
                    self._read(
                        home, place, name=name, via=environment.via, default=wrapper.default, cast=wrapper.cast,
                        required=wrapper.required, access=wrapper.access, value=Env(name),
                    )
                )  # fmt: skip
        return found

    def _computed(self, site: CallSite, wrapper: Wrapper, name: Value, via: str) -> EnvRead:
        return self._read(
            site, site.location, name=None, pattern=pattern(name), via=via, default=site.default or wrapper.default,
            cast=wrapper.cast, access=wrapper.access, reason="the name is computed",
        )  # fmt: skip

    def _outer(self, file: str, wrapper: Wrapper, name: Value, given: Value | None) -> None:
        """Make a function that hands its own parameter to a wrapper a wrapper too, with the default it hands on."""
        found = parameter_of(name)
        owner = found.function if found is not None else None
        known = self.wrappers.setdefault((file, owner), []) if owner is not None else []
        if owner is None or any(w.key == name for w in known):
            return
        summaries = (f for f in self.facts_of(file) if isinstance(f, Summary) and f.function == owner)
        parameters = next((summary.parameters for summary in summaries), ())
        fallback = given.index if isinstance(given, Parameter) and given.function == owner else None
        default = wrapper.default if given is None or fallback is not None else default_of(None, given)
        known.append(
            msgspec.structs.replace(
                wrapper, file=file, function=owner, parameters=parameters, key=name, fallback=fallback,
                default=default, bound=False,
            )
        )  # fmt: skip
        self._late.add((file, owner))

    @staticmethod
    def _read(site: CallSite | MemberUse, place: Location, **fields: object) -> EnvRead:
        """Return a read at `place`; `fields` are those that the site itself does not tell."""
        read = EnvRead(
            file=site.file,
            line=place.line,
            column=place.column,
            end_line=place.end_line,
            end_column=place.end_column,
            language=site.language,
            area=site.area,
            name=None,
            access=site.access,
            via="",
            guard=site.guard,
            deferred=site.deferred,
        )
        return msgspec.structs.replace(read, **fields)

    def _publish(self, fact: Fact, file: str) -> list[Fact]:
        if isinstance(fact, EnvRead):
            return list(self._publish_read(fact, file))
        if isinstance(fact, Exported | CallSite | MemberUse | Wrapper | Summary):
            return []
        if isinstance(fact, Imports):
            return [msgspec.structs.replace(fact, target=self.target(fact))]
        changes: dict[str, Value | None] = {}
        for name in fact.__struct_fields__:
            value = getattr(fact, name)
            if isinstance(value, Ref | Env | Coalesce | Join | Record | Sequence):
                resolved = self._resolve(value, file, _HOPS)
                if resolved is not value:
                    changes[name] = _field(redact(resolved, None), name)
        return [msgspec.structs.replace(fact, **changes)] if changes else [fact]

    def target(self, fact: Imports) -> str | None:
        """Return the file an import loads."""
        return self.resolver.resolve(fact.file, fact.module)

    def _publish_read(self, read: EnvRead, file: str) -> Iterable[EnvRead]:
        value = read.value
        if read.name is None and isinstance(value, Env) and value.key is not None:
            owner = parameter_of(value.key)
            if owner is not None and (file, owner.function) in self._called:
                return
            key = self._resolve(value.key, file, _HOPS)
            for name in names_of(key):
                if name is None:
                    yield msgspec.structs.replace(read, pattern=pattern(key) or read.pattern)
                    continue
                yield msgspec.structs.replace(read, name=name.text, pattern=None, reason=None, value=Env(name.text))
            return
        if read.default is not None and read.default.kind == "expression" and isinstance(value, Env):
            default = self._resolve(value.default, file, _HOPS) if value.default is not None else None
            known = default_of(read.name, default)
            if known is not None and known.kind != "expression":
                yield msgspec.structs.replace(read, default=known, value=Env(read.name, redact(default, read.name)))
                return
        yield read


def _preferred(value: Value) -> Value:
    """Read a result that is a variable or something else as a variable with a default."""
    if not isinstance(value, Coalesce):
        return value
    kept = [option for option in value.options if not _absent(option)]
    if not kept:
        return UNKNOWN
    if isinstance(kept[0], Env) and kept[0].default is None and len(kept) > 1:
        return with_default(kept[0], coalesce(kept[1:]))
    return coalesce(kept)


def _field(value: Value | None, name: str) -> Value | None:
    """Return a resolved setting; None when it turned out not to be given."""
    kept = [
        option
        for option in (value.options if isinstance(value, Coalesce) else (value,))
        if option is not None and not _absent(option) and not (isinstance(option, Record) and name not in _OBJECTS)
    ]
    if kept:
        return coalesce(kept)
    return UNKNOWN if value == UNKNOWN or name in _NEEDED else None


def _absent(value: Value) -> bool:
    return value == UNKNOWN or (isinstance(value, Literal) and value.type == "null")


def _bind(
    parameters: tuple[str, ...], arguments: tuple[tuple[str | None, Value, Location], ...], shift: int
) -> dict[int, tuple[Value, Location]]:
    found: dict[int, tuple[Value, Location]] = {}
    position = shift
    for name, value, place in arguments:
        if name is None:
            found[position] = (value, place)
            position += 1
        elif name in parameters:
            found[parameters.index(name)] = (value, place)
    return found
