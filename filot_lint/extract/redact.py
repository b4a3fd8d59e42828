"""Values on their way into facts: what may be a secret is replaced by what it looks like."""

from __future__ import annotations

import re
from collections.abc import Callable as Function
from typing import TypeAlias

from filot_lint.facts import Default
from filot_lint.secrets import may_show, shape_of, shape_of_default
from filot_lint.values import (
    Callable,
    Coalesce,
    Env,
    Environment,
    Instance,
    Join,
    Literal,
    Lookup,
    Record,
    Sequence,
    Unknown,
    Value,
    options,
)

Kept: TypeAlias = Function[[Value], bool]
Names: TypeAlias = tuple[str | None, ...]

_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_MAX = 200
_MAX_ENTRIES = 2_000


def default_of(name: str | None, value: Value | None) -> Default | None:  # one answer per kind
    """Return the default of a read, redacted for the variable `name`."""
    if value is None:
        return None
    first = next(options(value), value)
    if isinstance(first, Env):
        return Default("env", first.name) if first.name is not None else Default("expression")
    if not isinstance(first, Literal):
        return Default("expression")
    if first.type == "null":
        return Default("null")
    if first.type == "redacted":
        return Default("redacted", None, first.text)
    if not first.text:
        return Default("empty", "")
    if not may_show(name, first.text):
        return Default("redacted", None, shape_of_default(first.text))
    return Default("literal", first.text[:_MAX])


def redact(value: Value | None, name: str | None) -> Value | None:
    """Return the value without anything that may be a secret; `name` is the variable it stands in for.

    Texts in objects that may be names of variables are kept, for the linker to follow.
    """
    return None if value is None else _redact(value, (name,), _is_variable)


def redact_all(value: Value, name: str) -> Value:
    """Return a value as it is published: `{ password: "DB_PASSWORD" }` may well be a password."""
    return _redact(value, (name,), lambda _: False)


def _redact(value: Value, names: Names, kept: Kept) -> Value:  # noqa: PLR0911  # one answer per kind
    """Redact for every variable that a value stands in for: the innermost first, each once."""
    match value:
        case Literal(text=text, type=kind, at=at):
            if kind == "string" and not all(may_show(name, text) for name in names):
                return Literal(shape_of(text), "redacted", at)
            return Literal(text[:_MAX], kind, at) if len(text) > _MAX else value
        case Env(name=inner, default=default):
            if default is None:
                return value
            outer = names if inner in names else (inner, *names)
            return Env(inner, _redact(default, outer, kept), value.pattern, value.key)
        case Coalesce(options=parts):
            return Coalesce(tuple(_redact(part, names, kept) for part in parts))
        case Join(parts=parts):
            whole = "".join(part.text if isinstance(part, Literal) else "${X}" for part in parts)
            shown = parts if all(may_show(name, whole) for name in names) else tuple(_hidden(part) for part in parts)
            return Join(tuple(_redact(part, names, kept) for part in shown))
        case Sequence(items=items, open=opened):
            return Sequence(tuple(_redact(item, names, kept) for item in items[:_MAX_ENTRIES]), opened)
        case Record(entries=entries, open=opened, keys_at=places):
            named = tuple(
                (k, _redact(v, (None if kept(v) else variable_name(k),), kept)) for k, v in entries[:_MAX_ENTRIES]
            )
            return Record(named, opened, places[:_MAX_ENTRIES])
        case Callable(function=function, bound=bound, given=given) if given:
            filled = tuple((o, tuple((i, _redact(v, (None,), kept)) for i, v in known)) for o, known in given)
            return Callable(function, bound, filled)
        case Lookup(table=table, key=key):
            rows = _redact(table, names, kept)
            return Lookup(rows if isinstance(rows, Record) else table, _redact(key, (None,), kept))
        case Instance(type=label, subject=subject, at=at) if subject is not None:
            return Instance(label, _redact(subject, (None,), kept), at)
        case Environment() | Unknown():
            return value
        case _:
            return value


def _hidden(part: Value) -> Value:
    """Return a part of a text that holds a secret as a whole: the scheme of a URL may be seen, the rest may not."""
    if not isinstance(part, Literal) or part.type != "string" or part.text.endswith("://"):
        return part
    return Literal(shape_of(part.text), "redacted", part.at)


def _is_variable(value: Value) -> bool:
    """Return whether a text is the name of a variable: `{ password: "DB_PASSWORD" }` holds no password."""
    return isinstance(value, Literal) and _VARIABLE.fullmatch(value.text) is not None


def variable_name(key: str) -> str:
    """Turn `accessKey` into `ACCESS_KEY`, the form secrets are known by."""
    return "".join("_" + c if c.isupper() and i and not key[i - 1].isupper() else c for i, c in enumerate(key)).upper()
