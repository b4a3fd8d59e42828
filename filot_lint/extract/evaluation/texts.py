"""Methods and operators on texts, really computed where the text is known."""

from __future__ import annotations

import re

from filot_lint.values import (
    UNKNOWN,
    Join,
    Literal,
    Parameter,
    Record,
    Sequence,
    Value,
    constant,
    join,
    member,
    step_of,
)

_STEPS = {"toUpperCase": "upper", "upper": "upper", "toLowerCase": "lower", "lower": "lower", "casefold": "lower",
          "title": "title", "capitalize": "capitalize", "trim": "strip", "strip": "strip", "trimStart": "lstrip",
          "lstrip": "lstrip", "trimEnd": "rstrip", "rstrip": "rstrip", "removeprefix": "removeprefix",
          "removesuffix": "removesuffix", "replaceAll": "replace", "replace": "replace"}  # fmt: skip
"""Methods by what they do, as `member` knows it."""

_FIELD = re.compile(r"\{\{|\}\}|\{(?P<name>\w*)(?P<rest>[^{}]*)\}")
_PERCENT = re.compile(r"%%|%(?:\((?P<name>\w+)\))?(?P<kind>[sdri])")
_PLAIN = re.compile(rb"/(?P<text>[\w \-,:;@#~&=]|\\[./\-])/(?P<flags>g?)")


def method(target: Value, name: str, arguments: list[Value], pattern: bytes, *, python: bool) -> Value | None:
    """Return what a method of a text gives, None when it is none; `pattern` is a regular expression as written."""
    if name == "split" and isinstance(target, Literal):
        return _split(target, arguments)
    if name not in _STEPS or not isinstance(target, Literal | Join | Parameter):
        return None
    step, given = _STEPS[name], [constant(argument) for argument in arguments]
    plain = _PLAIN.fullmatch(pattern)
    if plain is not None and given:
        given[0] = plain["text"].decode().removeprefix("\\")
    if step == "replace" and not python and name == "replace" and not (plain is not None and plain["flags"]):
        step = "replace_first"
    if any(text is None for text in given) or (step.startswith("replace") and len(given) != 2):  # noqa: PLR2004
        return UNKNOWN if isinstance(target, Literal) else target
    if step.endswith("strip") and not isinstance(target, Literal):
        return target
    return member(target, step_of(step, [text for text in given if text is not None]))


def _split(target: Literal, arguments: list[Value]) -> Value:
    separator = constant(arguments[0]) if arguments else None
    if arguments and not separator:
        return UNKNOWN
    return Sequence(tuple(Literal(part, "string", target.at) for part in target.text.split(separator)))


def joined(separator: Value, items: Value) -> Value | None:
    """Return the items of a list as one text."""
    if not isinstance(items, Sequence) or items.open:
        return None
    parts: list[Value] = []
    for item in items.items:
        parts += [separator, item] if parts else [item]
    return join(parts)


def formatted(text: Literal, positional: list[Value], named: dict[str, Value]) -> Value:
    """Return what `"{}_{name}".format(...)` gives."""
    parts: list[Value] = []
    at = count = 0
    for match in _FIELD.finditer(text.text):
        parts.append(Literal(text.text[at : match.start()]))
        at = match.end()
        name = match["name"]
        if name is None:
            parts.append(Literal(match[0][0]))
            continue
        if not name:
            name, count = str(count), count + 1
        value = positional[int(name)] if name.isdigit() and int(name) < len(positional) else named.get(name, UNKNOWN)
        parts.append(value if not match["rest"] or match["rest"] in {"!s", ":s"} else UNKNOWN)
    return join([*parts, Literal(text.text[at:])])


def percent(text: Literal, given: Value) -> Value:
    """Return what `"%s_%s" % (a, b)` gives."""
    values = list(given.items) if isinstance(given, Sequence) else [given]
    parts: list[Value] = []
    at = 0
    for match in _PERCENT.finditer(text.text):
        parts.append(Literal(text.text[at : match.start()]))
        at = match.end()
        if match[0] == "%%":
            parts.append(Literal("%"))
        elif match["name"]:
            parts.append((given.get(match["name"]) if isinstance(given, Record) else None) or UNKNOWN)
        else:
            parts.append(values.pop(0) if values else UNKNOWN)
    return join([*parts, Literal(text.text[at:])])
