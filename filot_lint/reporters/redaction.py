"""What of a line may be shown. Lines of manifests and env files keep their keys, lines of code their harmless texts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from filot_lint.secrets import is_secret, looks_secret, may_show
from filot_lint.source import Language

HIDDEN = "…"
LONGEST = 20_000

_JSON = re.compile(r'(?P<key>"(?:[^"\\]|\\.)*"\s*:\s*)?"(?P<text>(?:[^"\\]|\\.)*)("|$)')
_JSON_SHOWN = frozenset({"name", "family", "image", "valueFrom", "awslogs-group", "networkMode", "type"})
_KEY = re.compile(r"""\s*(?:-\s+)*(?:#\s*)?(?:export\s+)?["']?[\w.${}-]+["']?\s*(?:=|:(?=\s|$))\s*""")
_YAML_SHOWN = frozenset({"image", "dockerfile", "context", "container_name"})
_ASSIGNMENT = re.compile(r"""\b[A-Za-z_]\w*=(?P<text>"(?:[^"\\]|\\.)*("|$)|'[^']*('|$)|[^\s"']+)""")
_KEYED = frozenset({Language.KUBERNETES, Language.HOSTING, Language.REPLIT, Language.BUILDSPEC})
_NAMED = frozenset({"name", "key", "kind", "image", "path", "command"})
_LOGIN = re.compile(
    r"""(?:(?:^|\s)(?:-u|--user|--proxy-user)(?:\s+|=)["']?[^\s"':]+:|\b(?:[Bb]earer|[Bb]asic)\s+)(?P<text>[^\s"'$]+)"""
)
_REFERENCE = re.compile(r"[\w./:${}<>!?*@+=-]+")
_OLD_ENV = re.compile(r"\s*ENV\s+\w+\s+(?P<text>[^=\s].*)", re.IGNORECASE)
_FALLBACK = re.compile(r"\$\{(?P<name>\w+):?[-=](?P<text>[^}]+)")
_STRING = re.compile(r"""(?P<quote>["'`])(?P<text>(?:(?!(?P=quote))[^\\]|\\.)*)((?P=quote)|$)""")
_COMMENT = re.compile(r"(?:^|\s)(?:#|//|/?\*+)")
_TEMPLATE_PREFIX = re.compile(r"\b(?i:rf|fr|f|t)$")
_HOLE = re.compile(r"\$?\{[^{}]*(?:\}|$)")
_WORD = re.compile(r"[A-Za-z_]\w+")
_PIECE = re.compile(r"""[^\s"'`,;()\[\]{}<>]+""")


class Edit(NamedTuple):
    """A stretch of a line (0-based, end exclusive) that is replaced."""

    start: int
    end: int
    text: str = HIDDEN


def redact(
    line: str, language: Language, names: Collection[str], concealed: tuple[int, int] | None = None
) -> list[Edit]:
    """Return what to replace in a line; `names` are the variables of the workspace, whose names may be shown.

    `concealed` is a stretch that must not be shown, whatever it looks like.
    """
    if len(line) > LONGEST:
        return [Edit(0, len(line))]
    match language:
        case Language.DOTENV | Language.ENV_FILE:
            edits = _after_key(line, frozenset())
        case Language.ECS:
            edits = _json(line)
        case Language.COMPOSE:
            edits = _after_key(line, _YAML_SHOWN)
        case _ if language in _KEYED:
            edits = _after_key(line, _NAMED)
        case Language.DOCKERFILE:
            hidden = (_ASSIGNMENT, _OLD_ENV, _LOGIN)
            edits = [edit for form in hidden for edit in _group(form, line)] + _secret_words(line)
        case Language.MARKDOWN:
            edits = _prose(line)
        case Language.SHELL:
            edits = _shell(line)
        case _:
            edits = _code(line, names)
    return list(_merge([*edits, *([Edit(*concealed)] if concealed is not None else [])]))


def _merge(edits: list[Edit]) -> Iterator[Edit]:
    """Yield the edits in order, without those inside or across an earlier one."""
    end = 0
    for edit in sorted(edits, key=lambda e: (e.start, -e.end)):
        if edit.start >= end:
            yield edit
        elif edit.end > end:
            yield Edit(end, edit.end, "")
        end = max(end, edit.end)


def _group(form: re.Pattern[str], line: str) -> Iterator[Edit]:
    for match in form.finditer(line):
        yield Edit(*match.span("text"))


def _after_key(line: str, shown: frozenset[str]) -> list[Edit]:
    """Keep the key of `KEY=value` or `key: value`; of any other line only its indentation and a comment's mark."""
    if not line.strip() or line.strip() == "-":
        return []
    match = _KEY.match(line)
    if match is None or looks_secret(match[0].strip().rstrip("=: ")):
        return [Edit(len(line) - len(line.lstrip()), len(line))]
    word = _WORD.search(match[0])
    if match.end() == len(line) or (
        word is not None and word[0] in shown and "{" not in match[0] and not looks_secret(line)
    ):
        return []
    return [Edit(match.end(), len(line))]


def _json(line: str) -> list[Edit]:
    edits = []
    for match in _JSON.finditer(line):
        key = (match["key"] or "").partition('"')[2].partition('"')[0]
        is_key = match["key"] is None and line[match.end() :].lstrip().startswith(":")
        told = key in _JSON_SHOWN and not (key == "valueFrom" and _REFERENCE.fullmatch(match["text"]) is None)
        if not is_key and (not told or looks_secret(match["text"])):
            edits.append(Edit(*match.span("text")))
    return edits


def _shell(line: str) -> list[Edit]:
    edits = [Edit(*m.span("text")) for m in _FALLBACK.finditer(line) if is_secret(m["name"])]
    edits += [Edit(*m.span("text")) for m in _ASSIGNMENT.finditer(line) if is_secret(m[0].partition("=")[0])]
    return [*edits, *_group(_LOGIN, line), *_secret_words(line)]


def _prose(line: str) -> list[Edit]:
    """Hide what is assigned, and all that follows the name of a secret."""
    secret = next((m for m in _WORD.finditer(line) if is_secret(m[0])), None)
    rest = [Edit(secret.end(), len(line))] if secret is not None and secret.end() < len(line) else []
    return [*_group(_ASSIGNMENT, line), *_secret_words(line), *rest]


def _secret_words(line: str) -> list[Edit]:
    return [Edit(*m.span()) for m in _PIECE.finditer(line) if looks_secret(m[0])]


def _code(line: str, names: Collection[str]) -> list[Edit]:
    """Hide string literals that look secret, and beside the name of a secret all that may be its value."""
    secrets = {m[0] for m in _WORD.finditer(line) if is_secret(m[0])}
    edits = [edit for start, text in _literals(line) for edit in _literal(start, text, names, secrets)]
    if secrets:
        edits += _comment(line)
    return edits + _secret_words(line)


def _comment(line: str) -> list[Edit]:
    """Hide a comment: beside the name of a secret it may quote one."""
    strings = [match.span() for match in _STRING.finditer(line)]
    for match in _COMMENT.finditer(line):
        if not any(start <= match.start() < end for start, end in strings):
            return [Edit(match.end(), len(line))]
    return []


def _literal(start: int, text: str, names: Collection[str], secrets: Collection[str]) -> Iterator[Edit]:
    if text and text not in names and (looks_secret(text) or not all(may_show(name, text) for name in secrets)):
        yield Edit(start, start + len(text))


def _literals(line: str) -> Iterator[tuple[int, str]]:
    """Yield the texts of strings with their columns; of templates the constant parts, and the strings inside."""
    for match in _STRING.finditer(line):
        start, text = match.start("text"), match["text"]
        is_template = match["quote"] == "`" or _TEMPLATE_PREFIX.search(line, 0, match.start()) is not None
        position = 0
        for hole in _HOLE.finditer(text) if is_template else ():
            yield start + position, text[position : hole.start()]
            yield from ((start + hole.start() + column, inner) for column, inner in _literals(hole[0]))
            position = hole.end()
        yield start + position, text[position:]
