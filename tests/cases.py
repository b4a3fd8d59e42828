"""Reads cases written in Markdown: files under a heading, and the findings expected in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

NAME = re.compile(r"`(?P<path>[^`]+)`:\s*")
HEADING = re.compile(r"(?P<level>#{2,6}) (?P<title>.+)")
MARKER = re.compile(r"(?:#|//) (?P<codes>FIL\d{3}(?:, FIL\d{3})*)\s*$")
TRACKED = re.compile(r"tracked by git: `(?P<path>[^`]+)`")
EXPECTS = re.compile(r"expects: (?P<code>FIL\d{3}) at (?P<file>[^\s:]+)(?::(?P<line>\d+))?\s*")


class Expected(NamedTuple):
    """A finding that must be there; any line will do when none is given."""

    file: str
    line: int | None
    code: str


class Case(NamedTuple):
    """The files under one heading that begins with Good or Bad, and what they must lead to."""

    title: str
    good: bool
    files: dict[str, str]
    expected: list[Expected]
    tracked: list[str]

    def write(self, root: Path) -> Path:
        """Write the files below a folder, as a workspace of its own."""
        (root / ".git").mkdir()
        for path, text in self.files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        if self.tracked:
            (root / ".git" / "index").write_bytes(_index(self.tracked))
        return root


def read_cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a page or case file."""
    titles: dict[int, str] = {}
    case = Case("", good=True, files={}, expected=[], tracked=[])
    lines = iter(path.read_text("utf-8").splitlines())
    for line in lines:
        if heading := HEADING.fullmatch(line):
            if case.files:
                yield case
            level = len(heading["level"])
            titles = {depth: title for depth, title in titles.items() if depth < level} | {level: heading["title"]}
            first = titles[min(titles)]
            case = Case(" / ".join(titles.values()), first.startswith("Good"), {}, [], [])
        elif name := NAME.fullmatch(line):
            assert titles[min(titles)].startswith(("Good", "Bad")), f"{path}: a file outside Good and Bad: {line}"
            _read_file(name["path"], lines, case)
        elif tracked := TRACKED.fullmatch(line):
            case.tracked.append(tracked["path"])
        elif expects := EXPECTS.fullmatch(line):
            number = int(expects["line"]) if expects["line"] else None
            case.expected.append(Expected(expects["file"], number, expects["code"]))
    if case.files:
        yield case


def _index(paths: list[str]) -> bytes:
    """Return an index of git that holds these files and nothing else about them."""
    entries = [b"\0" * 62 + path.encode() for path in sorted(paths)]
    padded = b"".join(entry + b"\0" * (8 - len(entry) % 8) for entry in entries)
    return b"DIRC" + (2).to_bytes(4, "big") + len(paths).to_bytes(4, "big") + padded


def _read_file(path: str, lines: Iterator[str], case: Case) -> None:
    """Read the next fence into the case, with the findings marked in it."""
    assert path not in case.files, f"{case.title}: {path} is there twice"
    fence = next(line for line in lines if line)
    assert fence.startswith("```"), f"{case.title}: no fence after {path}"
    content: list[str] = []
    for line in lines:
        if line == fence[: len(fence) - len(fence.lstrip("`"))]:
            break
        content.append(line)
        if marker := MARKER.search(line):
            case.expected.extend(Expected(path, len(content), code) for code in marker["codes"].split(", "))
    case.files[path] = "".join(f"{line}\n" for line in content)
