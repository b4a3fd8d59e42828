"""`${X}` in texts that are not shell scripts: compose files, npm scripts, Procfiles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.manifests.command import references
from filot_lint.extract.place import place, plain
from filot_lint.facts import Default, EnvRead
from filot_lint.secrets import may_show, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.extract.trees.tree import Scalar
    from filot_lint.facts import Access
    from filot_lint.source import SourceFile

MAX_LINES = 200


def reads_in(
    source: SourceFile, scalar: Scalar, via: str, *, upper: bool = False, doubled: bool = False
) -> Iterator[EnvRead]:
    """Yield the variables a value refers to, placed where they are written in the file.

    `doubled` asks for those written `$$X`, which compose leaves to the shell in the container.
    """
    if "$" not in scalar.text:
        return
    last = min(scalar.end_line, scalar.line + MAX_LINES)
    for number in range(scalar.line, last + 1):
        line = source.lines[number - 1] if number <= len(source.lines) else ""
        begin = scalar.column - 1 if number == scalar.line else 0
        end = scalar.end_column - 1 if number == scalar.end_line else len(line)
        text = _undoubled(line[:end]) if doubled else line[:end]
        yield from reads_on(source, number, text, via, begin, upper=upper)


def reads_on(
    source: SourceFile, number: int, line: str, via: str, begin: int = 0, *, upper: bool = False
) -> Iterator[EnvRead]:
    """Yield the variables that one line refers to from `begin` on."""
    for name, offset, rest in references(line[begin:]):
        if upper and name != name.upper():
            continue
        access, default, required = _meaning(name, rest)
        yield EnvRead(
            name=name,
            access=access,
            via=via,
            default=default,
            required=required,
            **place(source, number, begin + offset + 1, len(name)),
        )


def _undoubled(line: str) -> str:
    """Return a line in which only what stood behind two dollar signs still has one."""
    return re.sub(r"\$+", lambda found: " $" if len(found[0]) == 2 else " " * len(found[0]), line)  # noqa: PLR2004


def _meaning(name: str, rest: str) -> tuple[Access, Default | None, bool | None]:
    operator = rest[:2] if rest.startswith(":") else rest[:1]
    text = rest[len(operator) :]
    if operator in {":-", "-", ":=", "="}:
        if not text:
            return "read", Default("empty", ""), False
        if "$" in text:
            return "read", Default("expression"), False
        shown = may_show(name, text)
        return "read", Default("literal", plain(text)) if shown else Default("redacted", None, shape_of(text)), False
    if operator in {":?", "?"}:
        return "read", None, True
    if operator in {":+", "+"}:
        return "presence", None, False
    return "read", None, None
