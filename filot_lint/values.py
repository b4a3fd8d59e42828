"""What an expression can be at run time, without running it.

The lattice is small on purpose. Checks and documents ask values questions (`env_names`, `literals`) and never look
at syntax. `Parameter`, `Environment`, `Callable` and `Instance` occur only while a file is analysed or linked; facts
that leave the linker hold the others.
"""

from __future__ import annotations

from collections.abc import Callable as Function
from collections.abc import Iterator
from typing import TypeAlias, TypeGuard, get_args

import msgspec

from filot_lint.source import Location

MAX_TEXT = 4096
MAX_OPTIONS = 24
MAX_PATH = 24
MAX_SIZE = 400
MAX_LITERAL = 4_000
MAX_NAMES = 256
CONSTRUCTORS = ("constructor", "__init__")
_MAX_GIVEN = 40
_MAX_AROUND = 4


class _Value(msgspec.Struct, frozen=True, tag_field="value"):
    pass


class Literal(_Value, frozen=True, tag="literal"):
    """A constant; `type` is string, number, boolean, null or redacted (`text` then says what it looks like).

    `at` is where a string is written.
    """

    text: str
    type: str = "string"
    at: Location | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it is null or the empty string."""
        return self.type == "null" or (self.type == "string" and not self.text)


class Env(_Value, frozen=True, tag="env"):
    """The value of one environment variable, or of a family (`pattern`) when the name is computed.

    `key` is the computed name while a parameter or an import in it may still be resolved.
    """

    name: str | None
    default: Value | None = None
    pattern: str | None = None
    key: Value | None = None


class Coalesce(_Value, frozen=True, tag="coalesce"):
    """The first usable of several values, in order."""

    options: tuple[Value, ...]


class Join(_Value, frozen=True, tag="join"):
    """Several values as one text."""

    parts: tuple[Value, ...]


class Ref(_Value, frozen=True, tag="ref"):
    """Something another module exports; `()` in the path stands for a call."""

    module: str
    path: tuple[str, ...]
    arguments: tuple[Value, ...] = ()


class Record(_Value, frozen=True, tag="record"):
    """An object literal, a constants class or an enum; `open` when it may hold more."""

    entries: tuple[tuple[str, Value], ...]
    open: bool = False
    keys_at: tuple[tuple[str, Location], ...] = ()

    def get(self, key: str) -> Value | None:
        """Return the entry called `key`, the last one if written twice."""
        for name, value in reversed(self.entries):
            if name == key:
                return value
        return None


class Sequence(_Value, frozen=True, tag="sequence"):
    """A list, tuple or set literal; `open` when it may hold more."""

    items: tuple[Value, ...]
    open: bool = False


class Unknown(_Value, frozen=True, tag="unknown"):
    """Nothing is known; the reason is for people."""

    reason: str = "computed"


class Parameter(_Value, frozen=True, tag="parameter"):
    """The n-th parameter of the function with this key; followed at each call.

    `backed`: what stands behind it among alternatives counts only where a call gives nothing (`given ?? default`).
    """

    function: str
    index: int
    path: tuple[str, ...] = ()
    backed: bool = False


class Environment(_Value, frozen=True, tag="environment"):
    """The process environment itself, or a copy of it: what is written to a copy stays there."""

    via: str
    prefix: str = ""
    copy: bool = False


class Callable(_Value, frozen=True, tag="callable"):
    """A function of this file, by key; `bound` methods get their instance for the first parameter.

    `given` are the arguments of the functions around it, by their keys, where a call of those made it.
    """

    function: str
    bound: bool = False
    given: tuple[tuple[str, tuple[tuple[int, Value], ...]], ...] = ()


class Instance(_Value, frozen=True, tag="instance"):
    """An object made by a modelled library, by its label (`rules/models`).

    `subject` is what it is about (the name of a queue, a bucket), `at` where it is made: a client, a command that may
    be sent. A connection that a use goes through leaves the linker as this.
    """

    type: str
    subject: Value | None = None
    at: Location | None = None


class Lookup(_Value, frozen=True, tag="lookup"):
    """An entry of a table whose key a caller gives; until then it can be any of them."""

    table: Record
    key: Value


Value: TypeAlias = (
    Literal
    | Env
    | Coalesce
    | Join
    | Ref
    | Record
    | Sequence
    | Unknown
    | Parameter
    | Environment
    | Callable
    | Instance
    | Lookup
)

_KINDS = frozenset(get_args(Value))


def is_value(thing: object) -> TypeGuard[Value]:
    """Return whether something is a value; asked of every field of every fact."""
    return type(thing) in _KINDS


ANY_MEMBER = "[]"
"""The entry of a record that is asked, with its name, for any member that is not there."""
UNKNOWN = Unknown()
NULL = Literal("null", "null")


def options(value: Value) -> Iterator[Value]:
    """Yield every alternative of a value, flattened, in order of preference."""
    if isinstance(value, Coalesce):
        for option in value.options:
            yield from options(option)
    elif isinstance(value, Env) and value.default is not None:
        yield value
        yield from options(value.default)
    elif isinstance(value, Lookup):
        for _, entry in value.table.entries:
            yield from options(entry)
    else:
        yield value


def env_names(value: Value | None) -> tuple[str, ...]:
    """Return the variables a value may come from, in order, each once."""
    found: dict[str, None] = {}
    _collect_env(value, found)
    return tuple(found)


def _collect_env(value: Value | None, found: dict[str, None]) -> None:
    match value:
        case Env(name=name, default=default):
            if name is not None:
                found[name] = None
            _collect_env(default, found)
        case Coalesce(options=parts) | Join(parts=parts) | Sequence(items=parts):
            for part in parts:
                _collect_env(part, found)
        case Record(entries=entries) | Lookup(table=Record(entries=entries)):
            for _, part in entries:
                _collect_env(part, found)
        case _:
            pass


def literals(value: Value | None) -> Iterator[Literal]:
    """Yield the constants among the alternatives of a value."""
    if value is not None:
        for option in options(value):
            if isinstance(option, Literal):
                yield option


def coalesce(values: list[Value]) -> Value:
    """Combine alternatives: flatten, drop repeats, keep order; beyond `MAX_OPTIONS` computed ones nothing is added."""
    constants: dict[Literal, None] = {}
    computed: list[Value] = []
    flat: list[Value] = []
    for value in values:
        for option in value.options if isinstance(value, Coalesce) else (value,):
            if isinstance(option, Literal):
                if option not in constants and len(constants) < MAX_NAMES:
                    constants[option] = None
                    flat.append(option)
            elif len(computed) < MAX_OPTIONS and option not in computed:
                computed.append(option)
                flat.append(option)
    if not flat:
        return UNKNOWN
    return flat[0] if len(flat) == 1 else Coalesce(tuple(flat))


def the_environment(value: Value) -> Value:
    """Return the environment when a value is that or nothing: `env or os.environ`, `x ? process.env : {}`."""
    if not isinstance(value, Coalesce):
        return value
    every = list(options(value))
    found = [option for option in every if isinstance(option, Environment)]
    nothing = (Parameter, Unknown, Environment)
    if found and all(isinstance(o, nothing) or _is_global(o) or o in (NULL, Record(())) for o in every):
        return found[0]
    return value


def _is_global(value: Value) -> bool:
    """Return whether a value is something of the host: what a browser keeps in `window`."""
    return isinstance(value, Ref) and not value.module


def copied(environment: Environment) -> Environment:
    """Return a copy of the environment."""
    return Environment(environment.via, environment.prefix, copy=True)


def item_at(value: Value, index: int) -> Value:
    """Return one element of a list, as far as it is known."""
    if isinstance(value, Sequence) and index < len(value.items):
        return value.items[index]
    return UNKNOWN


def record_of(pairs: Value) -> Value:
    """Return the object that a list of pairs makes; `open` when a key is not known."""
    if not isinstance(pairs, Sequence):
        return UNKNOWN
    entries: list[tuple[str, Value]] = []
    places: list[tuple[str, Location]] = []
    opened = pairs.open
    for pair in pairs.items:
        key = item_at(pair, 0)
        if isinstance(key, Literal):
            entries.append((key.text, item_at(pair, 1)))
            places.extend([(key.text, key.at)] if key.at is not None else [])
        else:
            opened = True
    return bounded(Record(tuple(entries), opened, tuple(places)), MAX_LITERAL)


def keys_of(record: Record) -> Sequence:
    """Return the keys of a record, each with the place where it is written."""
    places = dict(record.keys_at)
    return Sequence(tuple(Literal(key, "string", places.get(key)) for key, _ in record.entries), record.open)


def called_with(function: Ref, arguments: list[Value]) -> Value:
    """Return the result of calling something imported; only simple arguments are remembered."""
    if len(function.path) > MAX_PATH:
        return UNKNOWN
    kept = tuple(a if _is_simple(a) else UNKNOWN for a in arguments)
    return Ref(function.module, (*function.path, "()"), kept)


def _is_simple(value: Value) -> bool:
    if isinstance(value, Ref):
        return not value.arguments
    return isinstance(value, Literal | Parameter | Environment) or (
        isinstance(value, Env) and isinstance(value.default, Literal | None)
    )


def bounded(value: Value, limit: int = MAX_SIZE) -> Value:
    """Return the value, or `Unknown` when it has more than `limit` parts: functions that build on each other."""
    stack, count = [value], 0
    while stack:
        count += 1
        if count > limit:
            return Unknown("too large to follow")
        match stack.pop():
            case Coalesce(options=parts) | Join(parts=parts) | Sequence(items=parts) | Ref(arguments=parts):
                stack.extend(parts)
            case Record(entries=entries) | Lookup(table=Record(entries=entries)):
                stack.extend(entry for _, entry in entries)
            case Env(default=default) if default is not None:
                stack.append(default)
            case Callable(given=given) if given:
                stack.extend(argument for _, known in given for _, argument in known)
            case _:
                pass
    return value


def looked_up(table: Record, key: Value) -> Value:
    """Return the entry of a table for a key; any entry where nobody can tell."""
    if isinstance(key, Literal):
        return member(table, key.text)
    if len(table.entries) > 1 and (parameter_of(key) is not None or (isinstance(key, Ref) and key.module)):
        return Lookup(table, key)
    return coalesce([entry for _, entry in table.entries[:MAX_NAMES]])


def join(parts: list[Value]) -> Value:
    """Concatenate: neighbouring constants melt into one, within `MAX_TEXT`; numbers alone would be added up."""
    merged: list[Value] = []
    if len(parts) > 1 and all(isinstance(part, Literal) and part.type == "number" for part in parts):
        return UNKNOWN
    for part in (inner for outer in parts for inner in (outer.parts if isinstance(outer, Join) else (outer,))):
        last = merged[-1] if merged else None
        if isinstance(part, Literal) and part.type == "null":
            return UNKNOWN
        if isinstance(part, Literal) and isinstance(last, Literal) and len(last.text) + len(part.text) <= MAX_TEXT:
            merged[-1] = Literal(last.text + part.text, "string", _written(last, part))
        else:
            merged.append(part)
    if not merged:
        return Literal("")
    if len(merged) > MAX_OPTIONS:
        return UNKNOWN
    if len(merged) == 1 and isinstance(merged[0], Literal):
        return merged[0]
    return Join(tuple(merged))


def _written(first: Literal, second: Literal) -> Location | None:
    """Return where a joined text is written; one that is put together is written nowhere."""
    return second.at if not first.text else first.at if not second.text else None


def constant(value: Value | None) -> str | None:
    """Return the text when the value is exactly one string or number, else None."""
    if isinstance(value, Literal) and value.type in {"string", "number"}:
        return value.text
    return None


def pattern(value: Value) -> str | None:
    """Return a regular expression of the texts a value can take, None when nothing of it is known."""
    import re  # noqa: PLC0415  # rare, and `re` costs start-up time in editors

    if isinstance(value, Literal):
        return re.escape(value.text)
    if isinstance(value, Join):
        parts = [re.escape(p.text) if isinstance(p, Literal) else ".*" for p in value.parts]
        return "".join(parts) if any(p != ".*" for p in parts) else None
    return None


def names_of(key: Value) -> list[Literal | None]:
    """Return the texts a key can be, None for those that cannot be told; joins of alternatives are multiplied out."""
    found: list[Literal | None] = []
    for option in options(key):
        for name in _expand(option):
            if name not in found:
                found.append(name)
    return found[:MAX_NAMES]


def _expand(value: Value) -> list[Literal | None]:
    if isinstance(value, Literal):
        return [value] if value.type == "string" else [None]
    if isinstance(value, Sequence):
        return [name for item in value.items for name in _expand(item)]
    if not isinstance(value, Join):
        return [None]
    found: list[Literal | None] = [Literal("")]
    for part in value.parts:
        texts = [o if isinstance(o, Literal) and o.type in {"string", "number"} else None for o in options(part)]
        found = [
            Literal(a.text + b.text, "string", _written(a, b)) if a is not None and b is not None else None
            for a in found
            for b in texts
        ][:MAX_NAMES]
    return found


def with_default(value: Value, default: Value) -> Value:
    """Return `value`, or `default` when it is missing."""
    match value:
        case Env(default=None):
            return Env(value.name, default, value.pattern, value.key)
        case Env(default=inner) if inner is not None:
            return Env(value.name, with_default(inner, default), value.pattern, value.key)
        case Coalesce(options=parts):
            return Coalesce((*parts[:-1], with_default(parts[-1], default)))
        case Environment():
            return value
        case Literal():
            return default if value.is_empty else value
        case Parameter(function=function, index=index, path=path):
            return coalesce([Parameter(function, index, path, backed=True), default])
        case _:
            return coalesce([value, default])


def variable(key: Value, prefix: str = "", default: Value | None = None) -> Value:
    """Return the value of the variable called `key`: one per possible name."""
    names = names_of(key)
    found: list[Value] = [Env(prefix + name.text, default) for name in names if name is not None]
    if None in names:
        found.append(Env(None, default, pattern(key), key))
    return coalesce(found)


def member(value: Value, name: str) -> Value:  # one answer per kind
    """Return `value.name`, as far as it is known here; a text or a client has no settings of its own.

    `*` is any element of a list, `upper()` and the like what becomes of a text (`step_of`).
    """
    if name == "*" or (name.endswith(")") and name != "()"):
        return _step(value, name)
    match value:
        case Environment(prefix=prefix):
            return Env(prefix + name)
        case Record():
            return value.get(name) or (UNKNOWN if value.open else NULL)
        case Sequence(items=items) if name.isdigit() and int(name) < len(items):
            return items[int(name)]
        case Ref(module=module, path=path, arguments=arguments):
            return Ref(module, (*path, name), arguments)
        case Parameter(function=function, index=index, path=path):
            return Parameter(function, index, (*path, name))
        case Coalesce(options=parts):
            return coalesce([member(part, name) for part in parts])
        case Lookup():
            return coalesce([member(part, name) for part in options(value)])
        case Literal() if name in {"value", "name"}:
            return value
        case Literal() | Env() | Join() | Instance():
            return NULL
        case _:
            return UNKNOWN


_TEXTS: dict[str, Function[..., str]] = {
    "upper": str.upper, "lower": str.lower, "title": str.title, "capitalize": str.capitalize,
          "strip": str.strip, "lstrip": str.lstrip, "rstrip": str.rstrip, "replace": str.replace,
          "replace_first": lambda text, old, new: text.replace(old, new, 1),
          "removeprefix": str.removeprefix, "removesuffix": str.removesuffix}  # fmt: skip
_PIECEWISE = ("upper(", "lower(", "replace(")
"""What may be done to the parts of a text one by one."""


def step_of(method: str, arguments: list[str]) -> str:
    """Return the step of a path that stands for a method of a text: `replace("-", "_")`."""
    return f"{method}({msgspec.json.encode(arguments).decode()[1:-1]})"


def _after(text: str, step: str) -> str | None:
    method, _, arguments = step.partition("(")
    if method not in _TEXTS:
        return None
    return _TEXTS[method](text, *msgspec.json.decode(f"[{arguments[:-1]}]"))[:MAX_TEXT]


def _step(value: Value, name: str) -> Value:
    match value:
        case Ref(module=module, path=path, arguments=arguments):
            return Ref(module, (*path, name), arguments)
        case Parameter(function=function, index=index, path=path):
            return Parameter(function, index, (*path, name))
        case Coalesce(options=parts):
            return coalesce([_step(part, name) for part in parts])
        case Lookup():
            return coalesce([_step(part, name) for part in options(value)])
        case Join(parts=parts) if name.startswith(_PIECEWISE):
            return join([_step(part, name) for part in parts])
        case Sequence(items=items) if name == "*":
            return coalesce(list(items))
        case Record() if name == "keys()":
            return keys_of(value)
        case Record(entries=entries, open=opened) if name == "values()":
            return Sequence(tuple(entry for _, entry in entries), opened)
        case Literal(text=text, type="string", at=at) if name != "*":
            after = _after(text, name)
            return UNKNOWN if after is None else Literal(after, "string", at)
        case _:
            return UNKNOWN


def parameter_of(value: Value) -> Parameter | None:
    """Return the parameter that a computed name depends on: of the innermost function, if there are several."""
    if isinstance(value, Parameter):
        return value
    if isinstance(value, Join | Coalesce):
        parts = value.parts if isinstance(value, Join) else value.options
        found = [parameter for part in parts if (parameter := parameter_of(part)) is not None]
        return max(found, key=lambda parameter: _start(parameter.function), default=None)
    return None


def _start(function: str) -> int:
    start = function.rpartition("@")[2]
    return int(start) if start.isdigit() else 0


def parameters_of(value: Value) -> Iterator[Parameter]:
    """Yield every parameter a value depends on."""
    stack: list[Value] = [value]
    while stack:
        match stack.pop():
            case Parameter() as parameter:
                yield parameter
            case Coalesce(options=parts) | Join(parts=parts) | Sequence(items=parts) | Ref(arguments=parts):
                stack.extend(parts)
            case Record(entries=entries):
                stack.extend(entry for _, entry in entries)
            case Lookup(table=table, key=key):
                stack.extend((table, key))
            case Env(default=default, key=key):
                stack.extend(part for part in (default, key) if part is not None)
            case Instance(subject=subject) if subject is not None:
                stack.append(subject)
            case _:
                pass


def substitute(value: Value, function: str, arguments: dict[int, Value]) -> Value:  # one answer per kind
    """Replace the parameters of a function by what a call gives."""
    match value:
        case Parameter(function=owner, index=index, path=path) if owner == function:
            found = arguments.get(index, UNKNOWN)
            for step in path:
                found = member(found, step)
            return found
        case Env(name=None, key=key, default=default) if key is not None:
            inner = substitute(default, function, arguments) if default is not None else None
            return variable(substitute(key, function, arguments), "", _present(inner))
        case Env(name=name, default=default) if default is not None:
            return Env(name, _present(substitute(default, function, arguments)), value.pattern, value.key)
        case Coalesce(options=(first, *_)):
            parts = [substitute(part, function, arguments) for part in value.options]
            backed = isinstance(first, Parameter) and first.backed and first.function == function
            return coalesce(_without_default(parts) if backed else parts)
        case Join(parts=parts):
            return join([substitute(part, function, arguments) for part in parts])
        case Sequence(items=items, open=opened):
            return Sequence(tuple(substitute(item, function, arguments) for item in items), opened)
        case Record(entries=entries, open=opened, keys_at=places):
            kept = tuple((key, substitute(item, function, arguments)) for key, item in entries)
            return Record(kept, opened, places)
        case Ref(module=module, path=path, arguments=given):
            return Ref(module, path, tuple(substitute(item, function, arguments) for item in given))
        case Lookup(table=table, key=key):
            entries = tuple((name, substitute(item, function, arguments)) for name, item in table.entries)
            return looked_up(Record(entries, table.open), substitute(key, function, arguments))
        case Instance(type=label, subject=subject, at=at) if subject is not None:
            return Instance(label, substitute(subject, function, arguments), at)
        case Callable(function=inner) if inner != function and arguments:
            return _closed_over(value, function, arguments)
        case _:
            return value


def _without_default(parts: list[Value]) -> list[Value]:
    """Return what is left of alternatives whose first is what a call gives: that alone, the rest, or all of them."""
    given = parts[0]
    if isinstance(given, Literal) and not given.is_empty and given.text.lower() not in {"0", "false"}:
        return [given]
    return parts[1:] if given == NULL else parts


def _closed_over(value: Callable, function: str, arguments: dict[int, Value]) -> Callable:
    """Return a function with the arguments of one around it; only small ones are remembered."""
    given = [(owner, tuple((i, substitute(v, function, arguments)) for i, v in known)) for owner, known in value.given]
    if all(owner != function for owner, _ in given):
        small = ((i, v) for i, v in sorted(arguments.items()) if not isinstance(bounded(v, _MAX_GIVEN), Unknown))
        given.append((function, tuple(small)))
    return Callable(value.function, value.bound, tuple(given[-_MAX_AROUND:]))


def inherited(record: Record) -> tuple[Value, ...]:
    """Return the base classes of a class that stand elsewhere, and the kinds of object that its objects are."""
    bases = record.get("...")
    return bases.items if isinstance(bases, Sequence) else ()


def constructor_of(record: Record) -> Callable | None:
    """Return the constructor of a class."""
    found = (record.get(name) for name in CONSTRUCTORS)
    return next((value for value in found if isinstance(value, Callable)), None)


def closed(value: Value, function: Callable) -> Value:
    """Replace the parameters of the functions around one by what they were called with."""
    for owner, known in function.given:
        value = substitute(value, owner, dict(known))
    return value


def one_by_one(key: Value, arguments: dict[int, Value]) -> Iterator[dict[int, Value]]:
    """Yield the arguments once per element of the list that `key` goes through, so that what belongs together stays."""
    parameter = parameter_of(key)
    listed = arguments.get(parameter.index) if parameter is not None and parameter.path[:1] == ("*",) else None
    if parameter is None or not isinstance(listed, Sequence):
        yield arguments
        return
    for item in listed.items[:MAX_NAMES]:
        yield {**arguments, parameter.index: Sequence((item,))}


def _present(value: Value | None) -> Value | None:
    return None if value is None or (isinstance(value, Literal) and value.type == "null") else value
