"""Putting suppressions into a text: beside the code or above it, and only where they change nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import msgspec

from filot_lint.cli.meaning import meaning
from filot_lint.findings import Finding
from filot_lint.source import CODE, Language, SourceFile
from filot_lint.suppression import find_suppressions, joined

WIDEST = 120
_END = re.compile(rb"\r\n|\r|\n")
_INDENT = re.compile(rb"[ \t]*")
_BOUND = re.compile(rb"next-line|prettier-ignore|biome-ignore|@ts-|hadolint|shellcheck|noinspection")
"""Comments of other tools that speak of the very next line."""
_SLASHES = frozenset({Language.TYPESCRIPT, Language.TSX, Language.JAVASCRIPT, Language.PRISMA})
_MARKUP = frozenset({Language.MARKDOWN, Language.HTML})
_MIXED = (".vue", ".svelte", ".astro")

Refused = tuple[Finding, str]


class Silenced(msgspec.Struct, frozen=True):
    """A text with its suppressions: the bytes, the findings they silence, and those they cannot, each with a reason."""

    data: bytes
    done: tuple[Finding, ...]
    refused: tuple[Refused, ...]


def silence(source: SourceFile, findings: Sequence[Finding], reason: str | None) -> Silenced:
    """Add a suppression for each line with findings; from the last line up, so that lines keep their numbers."""
    flaw = _unfit(source)
    if flaw is not None:
        return Silenced(source.data, (), tuple((finding, flaw) for finding in findings))
    done: list[Finding] = []
    refused: list[Refused] = []
    by_line = sorted(findings, key=lambda f: -f.location.line)
    for line, group in groupby(by_line, key=lambda f: f.location.line):
        members = list(group)
        codes = ",".join(sorted({finding.rule.code for finding in members}))
        changed = _with_comment(source, members, f"filot-lint: ignore[{codes}]" + (f" {reason}" if reason else ""))
        if changed is None:
            refused += [(finding, f"no comment can stand beside or above line {line}") for finding in members]
        else:
            source = changed
            done += members
    return Silenced(source.data, tuple(done), tuple(refused))


def _unfit(source: SourceFile) -> str | None:
    """Say why a whole file takes no suppressions."""
    if source.language in _MARKUP or source.path.endswith(_MIXED):
        return "it holds markup, where a comment of ours might be shown; add one by hand or use the settings"
    if source.language.is_lock:
        return "a package manager writes this file"
    if source.path.endswith(".json") or source.language in {Language.PACKAGE_JSON, Language.TSCONFIG, Language.ECS}:
        return "JSON has no comments; use `ignore` or `exclude` in the settings, or a baseline"
    if meaning(source) is None:
        return "it cannot be told whether a comment would change this file"
    return None


def _with_comment(source: SourceFile, findings: Sequence[Finding], text: str) -> SourceFile | None:
    """Return the text with one comment more, at the first place where it silences the findings and changes nothing."""
    before = meaning(source)
    for data, added in _candidates(source, findings[0].location.line, text):
        changed = SourceFile(source.path, data, source.language, source.area)
        if meaning(changed) == before and _holds(changed, findings, added):
            return changed
    return None


def _holds(source: SourceFile, findings: Sequence[Finding], added: int) -> bool:
    suppressions = find_suppressions({source.path: source}, noqa=False)
    return all(any(s.covers(_moved(finding, added)) for s in suppressions) for finding in findings)


def _moved(finding: Finding, lines: int) -> Finding:
    place = finding.location
    place = msgspec.structs.replace(place, line=place.line + lines, end_line=place.end_line + lines)
    return msgspec.structs.replace(finding, location=place)


def _candidates(source: SourceFile, line: int, text: str) -> Iterator[tuple[bytes, int]]:
    """Yield changed texts, the best first, and by how many lines the finding moves."""
    mark = "//" if source.language in _SLASHES else "#"
    lines = _END.split(source.data)
    if not 0 < line <= len(lines):
        return
    comment = f"{mark} {text}".encode()
    yield from _beside(source, lines, line, comment)
    yield from _on_its_own(source, lines, line, comment, text)
    for end in _ends(source, line):
        yield from _beside(source, lines, end, comment)


def _beside(source: SourceFile, lines: list[bytes], line: int, comment: bytes) -> Iterator[tuple[bytes, int]]:
    gap = b"  " if source.language is Language.PYTHON else b" "
    if source.language in CODE and not lines[line - 1].rstrip().endswith(b"\\"):
        beside = lines[line - 1].rstrip() + gap + comment
        if len(beside.decode("utf-8", "replace")) <= WIDEST:
            yield _replaced(source.data, line, lambda _: beside), 0


def _on_its_own(
    source: SourceFile, lines: list[bytes], line: int, comment: bytes, text: str
) -> Iterator[tuple[bytes, int]]:
    while line > 1 and _BOUND.search(lines[line - 2]):
        line -= 1
    continued = line > 1 and lines[line - 2].rstrip().endswith(b"\\") and source.language is not Language.DOCKERFILE
    if continued or (line == 1 and lines[0].removeprefix(b"\xef\xbb\xbf").startswith(b"#!")):
        return
    end = _END.search(source.data)
    newline = end[0] if end else b"\n"
    forms = [comment]
    if source.language in {Language.TSX, Language.JAVASCRIPT} and "*/" not in text:
        forms.append(f"{{/* {text} */}}".encode())
    for form in forms:
        yield _replaced(source.data, line, lambda old, form=form: _above(old, form, newline)), 1  # type: ignore[misc]


def _ends(source: SourceFile, line: int) -> Iterator[int]:
    """Yield where a text of Python ends that goes on behind a line."""
    if source.language is Language.PYTHON:
        yield from (last for last, first in joined(source).items() if first <= line < last)


def _above(old: bytes, comment: bytes, newline: bytes) -> bytes:
    head = b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b""
    rest = old.removeprefix(head)
    indent = _INDENT.match(rest)
    return head + (indent[0] if indent else b"") + comment + newline + rest


def _replaced(data: bytes, line: int, change: Callable[[bytes], bytes]) -> bytes:
    """Return the text with one line changed; all line ends stay as they are."""
    ends = [match.span() for match in _END.finditer(data)]
    start = ends[line - 2][1] if line > 1 else 0
    stop = ends[line - 1][0] if line <= len(ends) else len(data)
    return data[:start] + change(data[start:stop]) + data[stop:]
