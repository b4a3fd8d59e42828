"""A quick look at a TypeScript file in which nothing looks like a fact: what it imports, and every word it mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.extract.place import place_at
from filot_lint.facts import Definition, Fact, Imports
from filot_lint.source import SourceFile

_STATEMENT = re.compile(
    rb"""^[ \t]*(?P<kind>import|export)\b(?P<type>[ \t]+type\b(?![ \t]*(?:,|from)))?"""
    rb"""(?P<what>[^"'`;=()]*?)(?:\bfrom\s*)?["'](?P<module>[^"'\n]+)["']""",
    re.MULTILINE,
)
_CALL = re.compile(rb"""^(?P<line>[^\n]*?)\b(?:require|import)\s*\(\s*["'`](?P<module>[^"'`\n$]+)["'`]""", re.MULTILINE)
_NAME = re.compile(rb"(?P<type>\btype\s+)?(?P<exported>[A-Za-z_$][\w$]*)(?:\s+as\s+(?P<local>[A-Za-z_$][\w$]*))?")
_WORD = re.compile(rb"[A-Za-z_$][\w$]*")


def sketch(source: SourceFile) -> list[Fact]:
    """Return the imports of a file, and one definition that runs at load and mentions every word."""
    place = place_at(source, source.at_line(1))
    words = sorted({word.decode() for word in _WORD.findall(source.data)})
    return [*_imports(source), Definition(**place, names=(), mentions=tuple(words))]


def _imports(source: SourceFile) -> Iterator[Imports]:
    data = source.data
    for found in _STATEMENT.finditer(data):
        start, _, rest = found["what"].partition(b"{")
        names = list(_NAME.finditer(rest))
        only = bool(names) and not start.strip(b" ,\t\n*") and all(name["type"] for name in names)
        yield Imports(
            **place_at(source, source.at_line(data.count(b"\n", 0, found.start("kind")) + 1)),
            module=found["module"].decode(errors="replace"),
            names=tuple((n["exported"].decode(), (n["local"] or n["exported"]).decode()) for n in names),
            type_only=found["type"] is not None or only,
            reexport=found["kind"] == b"export",
        )
    for found in _CALL.finditer(data):
        if not found["line"].lstrip().startswith((b"//", b"*", b"/*")):
            yield Imports(
                **place_at(source, source.at_line(data.count(b"\n", 0, found.start()) + 1)),
                module=found["module"].decode(errors="replace"),
                lazy=found["line"][:1].isspace() or b"=>" in found["line"],
            )
