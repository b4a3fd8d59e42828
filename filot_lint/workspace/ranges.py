"""What a version constraint allows: PEP 440, Poetry and npm ranges as spans of versions."""

from __future__ import annotations

import re
from typing import NamedTuple

from filot_lint.facts import Ecosystem

Key = tuple[int, ...]
"""Four numbers of a release, then -1 for a preview of it, 0 for itself and 1 for just above it."""

LOWEST: Key = (0, 0, 0, 0, -1)
_VERSION = re.compile(r"v?(\d{1,9})((?:\.\d{1,9}){0,3})(?P<rest>[\w.+!-]*)")
_PREVIEW = re.compile(r"[.-]?(a|b|c|rc|alpha|beta|dev|next|canary|pre|preview|insiders|experimental|\d)", re.IGNORECASE)
_CLAUSE = re.compile(r"(?P<op>===?|~=|!=|<=|>=|<|>|\^|~>?|=)?\s*v?(?P<version>\d[\w.*+!-]*|[*xX])")
_HYPHEN = re.compile(r"\s*(\S+)\s+-\s+(\S+)\s*")
_WILD = re.compile(r"\.[*xX]")
_MAX_CLAUSES = 50


class Span(NamedTuple):
    """Versions from `low` up to but without `high`; without end when that is null."""

    low: Key
    high: Key | None


EVERYTHING = Span(LOWEST, None)


def key_of(version: str) -> Key | None:
    """Return a version in a form that can be compared, None when it is none."""
    found = _VERSION.match(version.strip())
    if found is None:
        return None
    numbers = [int(found[1]), *(int(part) for part in found[2].split(".")[1:])]
    numbers += [0] * (4 - len(numbers))
    rest = found["rest"].partition("+")[0]
    preview = not rest.startswith((".post", "-post")) and _PREVIEW.match(rest) is not None
    return (*numbers, -1 if preview else 0)


def exactly(version: str) -> Span:
    """Return the span of one version; of all versions when it cannot be understood."""
    key = key_of(version)
    return EVERYTHING if key is None else Span(key, (*key[:-1], key[-1] + 1))


def spans(constraint: str | None, ecosystem: Ecosystem) -> tuple[Span, ...]:
    """Return what a constraint allows, alternatives apart; everything when it says nothing about versions."""
    if constraint is None:
        return (EVERYTHING,)
    found = [_all_of(part, ecosystem) for part in constraint.split("||")[:_MAX_CLAUSES]]
    return tuple(span for span in found if span is not None) or (EVERYTHING,)


def _all_of(text: str, ecosystem: Ecosystem) -> Span | None:
    hyphen = _HYPHEN.fullmatch(text)
    text = f">={hyphen[1]} <={hyphen[2]}" if hyphen is not None else text
    low, high = EVERYTHING
    for clause in list(_CLAUSE.finditer(text))[:_MAX_CLAUSES]:
        span = _clause(clause["op"] or "", clause["version"], ecosystem)
        low = max(low, span.low)
        high = span.high if high is None else high if span.high is None else min(high, span.high)
    return None if high is not None and high <= low else Span(low, high)


def _clause(op: str, version: str, ecosystem: Ecosystem) -> Span:  # one answer per operator
    wild = _WILD.search(version)
    key, parts = key_of(version[: wild.start()] if wild else version), version.split(".")
    if key is None or op == "!=":
        return EVERYTHING
    written = len(parts) if wild is None else version[: wild.start()].count(".") + 1
    partial = wild is not None or (ecosystem == "npm" and written < 3 and op in {"", "=", "<=", ">"})  # noqa: PLR2004
    after = _raised(key, written) if partial else (*key[:-1], key[-1] + 1)
    match op:
        case ">=":
            return Span(key, None)
        case ">":
            return Span(after, None)
        case "<":
            return Span(LOWEST, (*key[:-1], -1))
        case "<=":
            return Span(LOWEST, after)
        case "^":
            return Span(key, _raised(key, next((i for i in range(written) if key[i]), written - 1) + 1))
        case "~=":
            return Span(key, _raised(key, max(written - 1, 1)))
        case "~" | "~>":
            return Span(key, _raised(key, min(written, 2)))
        case _:
            return Span((*key[:-1], -1) if partial else key, after)


def _raised(key: Key, count: int) -> Key:
    """Return the first version, previews included, whose leading `count` numbers are higher."""
    return (*key[: count - 1], key[count - 1] + 1, *[0] * (4 - count), -1)
