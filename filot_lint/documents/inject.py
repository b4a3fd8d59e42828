"""Managed sections in files that people own: everything outside the markers stays as it is, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MARKER = re.compile(rb"^[ \t]*<!--[ \t]*filot-lint:(begin|end)[ \t]+([A-Za-z0-9_-]+)[ \t]*-->[ \t]*$")


class MarkerError(Exception):
    """Markers that do not pair up; the message names the line and the remedy."""

    def __init__(self, line: int, message: str) -> None:
        """Keep the line."""
        self.line = line
        super().__init__(message)


def inject(data: bytes, sections: Mapping[str, str | None]) -> bytes:
    """Return the file with each section's text between its markers; new sections go to the end.

    A section without text keeps its markers, so that it comes back to its place; it is not added.

    Raises:
        MarkerError: a section begins twice, inside another, or lacks one of its markers.

    """
    ending = _line_ending(data)
    spans = find_sections(data)
    pieces = []
    position = 0
    for name, (start, end) in sorted(spans.items(), key=lambda item: item[1]):
        if name in sections:
            pieces += [data[position:start], _body(sections[name], ending)]
            position = end
    pieces.append(data[position:])
    result = b"".join(pieces)
    for name, text in sections.items():
        if name not in spans and text is not None:
            result += _separator(result, ending) + _whole(name, text, ending)
    return result


def find_sections(data: bytes) -> dict[str, tuple[int, int]]:
    """Return the stretch of bytes between the markers of each section."""
    found: dict[str, tuple[int, int]] = {}
    begun: tuple[str, int, int] | None = None
    position = 0
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        marker = _MARKER.match((line[3:] if number == 1 and line.startswith(b"\xef\xbb\xbf") else line).rstrip(b"\r\n"))
        if marker:
            name = marker[2].decode("ascii")
            if marker[1] == b"begin":
                begun = _begin(name, number, position + len(line), begun, found)
            else:
                found[name] = (_end(name, number, begun), position)
                begun = None
        position += len(line)
    if begun is not None:
        message = (
            f"section `{begun[0]}` begins here and never ends; add `{_marker('end', begun[0])}` or remove this line"
        )
        raise MarkerError(begun[2], message)
    return found


def _begin(
    name: str, line: int, position: int, begun: tuple[str, int, int] | None, found: dict[str, tuple[int, int]]
) -> tuple[str, int, int]:
    if begun is not None:
        message = f"section `{name}` begins inside section `{begun[0]}` of line {begun[2]}; end that one first"
        raise MarkerError(line, message)
    if name in found:
        message = f"section `{name}` begins a second time; remove one of the two"
        raise MarkerError(line, message)
    return name, position, line


def _end(name: str, line: int, begun: tuple[str, int, int] | None) -> int:
    if begun is None or begun[0] != name:
        message = f"section `{name}` ends here without having begun; add `{_marker('begin', name)}` or remove this line"
        raise MarkerError(line, message)
    return begun[1]


def _marker(kind: str, name: str) -> str:
    return f"<!-- filot-lint:{kind} {name} -->"


def _body(text: str | None, ending: bytes) -> bytes:
    if text is None:
        return b""
    return ending.join(line.encode() for line in text.split("\n")) + ending


def _whole(name: str, text: str, ending: bytes) -> bytes:
    return _marker("begin", name).encode() + ending + _body(text, ending) + _marker("end", name).encode() + ending


def _separator(data: bytes, ending: bytes) -> bytes:
    if not data:
        return b""
    if not data.endswith((b"\n", b"\r")):
        return ending * 2
    return b"" if data.endswith(ending * 2) else ending


def _line_ending(data: bytes) -> bytes:
    """Return the line end that most lines of the file have."""
    windows = data.count(b"\r\n")
    return b"\r\n" if windows > data.count(b"\n") - windows else b"\n"
