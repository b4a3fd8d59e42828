"""What an expression can be at run time, without running it.

The lattice is small on purpose. Checks and documents ask values questions (`env_names`, `literals`) and never look
at syntax. `Parameter`, `Environment`, `Callable` and `Instance` occur only while a file is analysed or linked; facts
that leave the linker hold the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from filot_lint.source import Location

MAX_TEXT = 4096
MAX_OPTIONS = 24
MAX_PATH = 24
MAX_SIZE = 400
MAX_LITERAL = 4_000
MAX_NAMES = 256


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
    """The n-th parameter of the function with this key; followed at each call."""

    function: str
    index: int
    path: tuple[str, ...] = ()


class Environment(_Value, frozen=True, tag="environment"):
    """The process environment itself, or a copy of it: what is written to a copy stays there."""

    via: str
    prefix: str = ""
    copy: bool = False


class Callable(_Value, frozen=True, tag="callable"):
    """A function of this file, by key; `bound` methods get their instance for the first parameter."""

    function: str
    bound: bool = False


class Instance(_Value, frozen=True, tag="instance"):
    """An object made by a modelled library, by its qualified name (`ioredis.Redis`)."""

    type: str


Value: TypeAlias = (
    Literal | Env | Coalesce | Join | Ref | Record | Sequence | Unknown | Parameter | Environment | Callable | Instance
)

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
        case Record(entries=entries):
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
            case Record(entries=entries):
                stack.extend(entry for _, entry in entries)
            case Env(default=default) if default is not None:
                stack.append(default)
            case _:
                pass
    return value


def join(parts: list[Value]) -> Value:
    """Concatenate: neighbouring constants melt into one, within `MAX_TEXT`."""
    merged: list[Value] = []
    for part in parts:
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

    `*` is any element of a list, `upper()` and `lower()` the text in capitals or small letters.
    """
    if name in _STEPS:
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
        case Literal() if name in {"value", "name"}:
            return value
        case Literal() | Env() | Join() | Instance():
            return NULL
        case _:
            return UNKNOWN


_STEPS = frozenset({"*", "upper()", "lower()"})


def _step(value: Value, name: str) -> Value:
    match value:
        case Ref(module=module, path=path, arguments=arguments):
            return Ref(module, (*path, name), arguments)
        case Parameter(function=function, index=index, path=path):
            return Parameter(function, index, (*path, name))
        case Coalesce(options=parts):
            return coalesce([_step(part, name) for part in parts])
        case Join(parts=parts) if name != "*":
            return join([_step(part, name) for part in parts])
        case Sequence(items=items) if name == "*":
            return coalesce(list(items))
        case Literal(text=text, type="string", at=at) if name != "*":
            return Literal(text.upper() if name == "upper()" else text.lower(), "string", at)
        case _:
            return UNKNOWN


def parameter_of(value: Value) -> Parameter | None:
    """Return the first parameter that a computed name depends on."""
    if isinstance(value, Parameter):
        return value
    if isinstance(value, Join | Coalesce):
        parts = value.parts if isinstance(value, Join) else value.options
        return next((found for found in map(parameter_of, parts) if found is not None), None)
    return None


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
        case Coalesce(options=parts):
            return coalesce([substitute(part, function, arguments) for part in parts])
        case Join(parts=parts):
            return join([substitute(part, function, arguments) for part in parts])
        case Sequence(items=items, open=opened):
            return Sequence(tuple(substitute(item, function, arguments) for item in items), opened)
        case Record(entries=entries, open=opened, keys_at=places):
            kept = tuple((key, substitute(item, function, arguments)) for key, item in entries)
            return Record(kept, opened, places)
        case Ref(module=module, path=path, arguments=given):
            return Ref(module, path, tuple(substitute(item, function, arguments) for item in given))
        case _:
            return value


def _present(value: Value | None) -> Value | None:
    return None if value is None or (isinstance(value, Literal) and value.type == "null") else value
