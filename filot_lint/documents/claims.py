"""What the documents claim, for machines: every row, item and paragraph with its verdict and its evidence.

The claims are read from the documents as they are written, so that neither can say what the other does not.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Literal as Choice
from urllib.parse import unquote

import msgspec

Verdict = Choice["holds", "fails", "not determined", "does not apply"]

_LINK = re.compile(r"\[(?P<text>(?:\\.|[^\]\\])*)\]\((?P<path>[^()\s]*?)(?:#L(?P<line>\d+)(?:-L\d+)?)?\)")
_CELL = re.compile(r"(?<!\\)\|")
_MARK = re.compile(r"\\([\\`*_{}\[\]()#+!|<>~.@-])|\*\*|`")
_RULE = re.compile(r"\bFIL\d{3}\b")
_ITEM = re.compile(r"^\s*(?:[-*]|\d+\.) (?:\[ \] )?")
_FAILING = re.compile(
    r"\*\*(?:fails|missing|nothing(?! found that)|none found|no|not|its consumer never)\b|\. It fails: |\. Now \S|"
    r"\b[1-9]\d* (?:errors?|warnings?)\b|(?:no entry|written) in the manifest|starts no(?:thing| work)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\*\*(?:(?P<fails>Not ready)|Nothing found that blocks)\b")
"""The verdict on everything; how many items are not determined does not change it."""
_WORDS: Mapping[str, Verdict] = {
    "holds": "holds",
    "fails": "fails",
    "not determined": "not determined",
    "does not apply": "does not apply",
}


class Place(msgspec.Struct, frozen=True):
    """A line that shows what a claim says."""

    file: str
    line: int


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """One row, item or paragraph of a document, without its marks.

    `columns` are the cells of a row by their headings. `fails` means that something there is wrong or missing, `rules`
    which rules say so. A claim without evidence counts or sums up what the others show.
    """

    document: str
    section: str
    text: str
    verdict: Verdict
    columns: dict[str, str] | None = None
    rules: tuple[str, ...] = ()
    evidence: tuple[Place, ...] = ()


class Claims(msgspec.Struct, frozen=True):
    """Every claim of every document of one report."""

    schema: Choice["filot-lint/claims/1"]
    generated_by: Choice["filot-lint"]
    workspace: str
    claims: tuple[Claim, ...]


def to_claims(workspace: str, documents: Mapping[str, str]) -> str:
    """Return the claims as JSON; `documents` are the texts by their paths below the workspace."""
    found = tuple(claim for path, text in documents.items() for claim in claims_of(path, text))
    data = Claims("filot-lint/claims/1", "filot-lint", workspace, found)
    return json.dumps(msgspec.to_builtins(data), indent=1, ensure_ascii=False) + "\n"


def claims_of(path: str, text: str) -> Iterator[Claim]:
    """Yield the claims of one Markdown document."""
    headings: list[str] = []
    header: list[str] | None = None
    fenced = False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        if fenced or not line.strip() or line.startswith(("```", "<!--", ">")):
            header = header if line.strip() else None
            continue
        if line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            headings = [*headings[: level - 1], _plain(line.lstrip("# "))]
            continue
        if not line.startswith("|"):
            yield _claim(path, headings, line)
            continue
        cells = [cell.strip() for cell in _CELL.split(line)[1:-1]]
        if header is None:
            header = cells
        elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            yield _claim(path, headings, line, dict(zip(header, cells, strict=False)))


def _claim(path: str, headings: list[str], line: str, cells: dict[str, str] | None = None) -> Claim:
    body = " | ".join(cells.values()) if cells else _ITEM.sub("", line, count=1)
    left = "[ ]" in line[:6]
    return Claim(
        document=path,
        section=" > ".join(headings[1:]),
        text=_plain(body),
        verdict="not determined" if left else _verdict(body, cells),
        columns={_plain(name): _plain(cell) for name, cell in cells.items()} if cells else None,
        rules=tuple(dict.fromkeys(_RULE.findall(body))),
        evidence=tuple(dict.fromkeys(_evidence(body, posixpath.dirname(path)))),
    )


def _verdict(text: str, cells: dict[str, str] | None) -> Verdict:
    cells = cells or {}
    if "Verdict" in cells:
        return _WORDS.get(_plain(cells["Verdict"]), "not determined")
    said = _WHOLE.match(text)
    if said:
        return "fails" if said["fails"] else "holds"
    if "not determined" in text or cells.get("Severity") == "info":
        return "not determined"
    return "fails" if "Rule" in cells or _FAILING.search(text) is not None else "holds"


def _evidence(text: str, folder: str) -> Iterator[Place]:
    for link in _LINK.finditer(text):
        if link["line"] and "://" not in link["path"]:
            yield Place(posixpath.normpath(posixpath.join(folder, unquote(link["path"]))), int(link["line"]))


def _plain(text: str) -> str:
    """Return Markdown without its marks; of a link its text."""
    bare = _MARK.sub(lambda m: m[1] or "", _LINK.sub(lambda m: m["text"], text))
    return unescape(bare.replace("<code>", "").replace("</code>", "")).strip()
