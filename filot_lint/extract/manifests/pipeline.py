"""What CI files have in common: scripts inside YAML, and `${{ … }}` in texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.excerpt import lines_of
from filot_lint.extract.manifests.written import referred, written
from filot_lint.extract.place import place, plain
from filot_lint.facts import EnvProvision

if TYPE_CHECKING:
    from filot_lint.extract.trees.tree import Scalar
    from filot_lint.source import SourceFile

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
Lines = list[tuple[int, int, str]]


def code_of(source: SourceFile, scalar: Scalar) -> Lines:
    """Return the lines of a script in YAML with their places, free of indentation; `${{ … }}` becomes a plain word."""
    if scalar.style in {"|", ">"}:
        lines = _block(source, scalar)
    else:
        end = scalar.end_column - (scalar.style in {'"', "'"})
        lines = lines_of(source, (scalar.line, scalar.column), (scalar.end_line, end))
    if scalar.style != "|":
        lines = _folded(lines)
    return [(number, column, masked(text)) for number, column, text in lines]


def _block(source: SourceFile, scalar: Scalar) -> Lines:
    whole = lines_of(source, (scalar.line + 1, 1), (scalar.end_line, max(scalar.end_column, 1)))
    indents = [len(text) - len(text.lstrip(" ")) for _, _, text in whole if text.strip()]
    indent = indents[0] if indents else 0
    lines: Lines = []
    for number, _, text in whole:
        if text.strip() and len(text) - len(text.lstrip(" ")) < indent:
            break
        lines.append((number, indent + 1, text[indent:]))
    return lines


def _folded(lines: Lines) -> Lines:
    """Join lines that YAML joins, so that they are one command."""
    later = [*(bool(text.strip()) for _, _, text in lines[1:]), False]
    return [
        (number, column, text + (" \\" if goes_on and text.strip() else ""))
        for (number, column, text), goes_on in zip(lines, later, strict=True)
    ]


def masked(text: str) -> str:
    """Replace `${{ … }}` by as many harmless characters."""
    return EXPRESSION.sub(lambda found: "_" * len(found[0]), text)


def given(
    source: SourceFile, key: Scalar, text: str | None, scope: str, *, reference: str | None = None, channel: str = "ci"
) -> EnvProvision:
    """Return a variable that a pipeline sets."""
    filled = text is not None and "${{" in text
    told = referred(None) if reference is not None else referred() if filled else written(key.text, text)
    return EnvProvision(
        name=plain(key.text),
        channel="image-arg" if channel == "image-arg" else "ci",
        scope=plain(scope),
        reference=reference,
        manifest=source.path,
        **told,
        **place(source, key.line, key.column, len(key.text)),
    )
