"""The modules that Python code names in texts: `include("shop.urls")`, `INSTALLED_APPS`, `DJANGO_SETTINGS_MODULE`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract.manifests.programs import naming
from filot_lint.syntax.grammar import parse

if TYPE_CHECKING:
    from tree_sitter import Node

_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_LONGEST = 200


class Named(NamedTuple):
    """What a file names: modules or things in them, applications, and which modules of applications are loaded."""

    modules: tuple[str, ...]
    applications: tuple[str, ...]
    loads: tuple[str, ...]


def named_in(data: bytes) -> Named | None:
    """Return the modules that a Python file names in texts, None where it names none."""
    if not _trigger().search(data):
        return None
    known = naming()
    modules: dict[str, None] = {}
    applications: dict[str, None] = {}
    settings = any(re.search(rb"(?m)^\s*" + name.encode() + rb"\s*(?::[^=\n]+)?\+?=", data) for name in known.settings)
    for text, around in _texts(parse("python", data)):
        word = text.partition(":")[0]
        if not _MODULE.fullmatch(word):
            continue
        listed = any(name.endswith(known.applications) for name in around.assigned)
        chosen = ("." in word and around.calls & known.calls) or around.assigned & known.names
        if listed and settings:
            applications[word] = None
        if chosen or (settings and "." in word):
            modules[word] = None
    discovers = any(name.encode() in data for name in known.discovers)
    loads = (*(known.loads if settings else ()), *(known.tasks if discovers else ()))
    return Named(tuple(modules), tuple(applications), loads)


class _Around(NamedTuple):
    """The functions whose arguments, and the names whose values, a text is part of."""

    calls: frozenset[str]
    assigned: frozenset[str]


def _texts(root: Node) -> Iterator[tuple[str, _Around]]:
    """Yield the texts of a file."""
    stack = [(root, _Around(frozenset(), frozenset()))]
    while stack:
        node, around = stack.pop()
        match node.type:
            case "string":
                yield _content(node), around
                continue
            case "call":
                name = _last(node.child_by_field_name("function"))
                first = next(iter(_strings(node)), "")
                assigned = around.assigned | ({first} if name == "setdefault" else set())
                around = _Around(around.calls | {name}, assigned)
            case "assignment" | "augmented_assignment" | "keyword_argument":
                target = node.child_by_field_name("left") or node.child_by_field_name("name")
                around = around._replace(assigned=around.assigned | {_last(target)})
            case _:
                pass
        stack.extend((child, around) for child in reversed(node.children))


def _last(node: Node | None) -> str:
    """Return the last word of a name, the key of an item."""
    if node is None or node.text is None:
        return ""
    words = re.findall(r"\w+", node.text[-_LONGEST:].decode(errors="replace"))
    return words[-1] if words else ""


def _strings(call: Node) -> Iterator[str]:
    arguments = call.child_by_field_name("arguments")
    yield from (_content(child) for child in (arguments.children if arguments else ()) if child.type == "string")


def _content(node: Node) -> str:
    text = (node.text or b"")[: _LONGEST + 2].decode(errors="replace")
    return text.strip("\"'")


@cache
def _trigger() -> re.Pattern[bytes]:
    known = naming()
    calls = (rf"\b{re.escape(name)}\s*\(" for name in known.calls)
    return re.compile("|".join(sorted((*calls, *known.settings, *known.names))).encode())
