"""What the comments of an `.env.example` say: sections, requirements, alternatives that are commented out."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from filot_lint.extract.place import plain
from filot_lint.secrets import is_placeholder, is_secret, looks_secret, shape_of
from filot_lint.traits import traits_of

_RULE = re.compile(r"#[ \t]*[-=*#~_+\u2500\u2550]{3,}[ \t]*#?")
_TITLED_RULE = re.compile(
    r"#[ \t]*[-=*#~\u2500\u2550]{2,}[ \t]*(?P<title>[^-=*#~\u2500\u2550\s].*?)[ \t]*[-=*#~\u2500\u2550]{2,}[ \t]*#?"
)
_DRAWN = re.compile(r"^[=*~]{3,}\s*|\s*[=*~]{3,}$")
_HEADING = re.compile(r"##+[ \t]+(?P<title>[^#\s].*?)[ \t]*#*")
_DECLARED = re.compile(r"[ \t]*#[ \t]?(?:export[ \t]+)?(?P<key>[A-Z_][A-Z0-9_]*)=(?P<value>.*)")
_DECLARED_LOWER = re.compile(r"[ \t]*#[ \t]?(?P<key>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)=(?P<value>\S*)[ \t]*")
_PROSE_WORDS = 3
_TITLE_LINES = 3
_LONG = 16

_TAG = re.compile(r"\[\s*(?P<word>REQUIRED|MANDATORY|OPTIONAL|CRITICAL)\b(?P<rest>[^\]]{0,120})\]", re.IGNORECASE)
_CONDITION = r"(?:[ \t]+(?:only[ \t]+)?(?:in|for|when|if)[ \t]+(?P<rest>[^.,;:)]{1,120}))"
_STATED = (
    re.compile(r"@(?P<word>required|optional)\b(?P<rest>=\w+)?"),
    re.compile(r"\b(?P<word>not required)\b", re.IGNORECASE),
    re.compile(r"\((?P<word>if (?:required|needed|necessary|applicable))\)", re.IGNORECASE),
    re.compile(rf"\((?P<word>required|optional)(?:{_CONDITION}|[^)]{{0,120}})?\)", re.IGNORECASE),
    re.compile(rf"^#+\s*(?P<word>required|optional)(?:{_CONDITION}|\s*(?:[.,;:\u2013\u2014-]|$))", re.IGNORECASE),
    re.compile(r"[-\u2013\u2014,;.:]\s*(?P<word>required|optional)\s*[.!]?\s*$", re.IGNORECASE),
    re.compile(r"\b(?P<word>must be set)(?P<rest> in production)?\b", re.IGNORECASE),
)
_ASSIGNED = re.compile(r"\b(?P<name>[A-Za-z][A-Za-z0-9_]{2,80})\s*[=:]\s*(?P<value>\S+)")


class Requirement(NamedTuple):
    """What a comment says about being required; null when nothing."""

    required: bool | None = None
    condition: str | None = None


UNSTATED = Requirement()


def is_rule(line: str) -> bool:
    """Whether a comment only draws a line."""
    return _RULE.fullmatch(line.strip()) is not None


def section_of(block: list[str]) -> tuple[str | None, list[str]]:
    """Return the section title that a block of comment lines holds, and the lines after it."""
    for index in range(len(block) - 1, -1, -1):
        found = _TITLED_RULE.fullmatch(block[index]) or (_HEADING.fullmatch(block[index]) if index == 0 else None)
        if found is not None and not is_rule(block[index]):
            return found["title"], block[index + 1 :]
    rules = [index for index, line in enumerate(block) if is_rule(line)]
    spans = [(a, b) for a, b in pairwise(rules) if 1 < b - a <= _TITLE_LINES + 1]
    single = [(a, b) for a, b in spans if b - a == 2]  # noqa: PLR2004
    if single or spans:
        start, end = (single or spans)[-1 if single else 0]
        return block[start + 1], block[max(end, rules[-1]) + 1 :]
    if len(block) == 2 and rules == [1]:  # noqa: PLR2004  # a title, underlined
        return block[0], []
    return None, block


def commented_declaration(line: str) -> tuple[str, int, str] | None:
    """Return name, 1-based column and raw value when a comment is a declaration switched off, not prose."""
    found = _DECLARED.fullmatch(line)
    if found is not None:
        value = found["value"]
        written = re.split(r"(?:^|\s)#", value, maxsplit=1)[0].strip()
        prose = written[:1] not in {'"', "'", "{", "["} and len(written.split()) >= _PROSE_WORDS
        return None if prose else (found["key"], found.start("key") + 1, value)
    found = _DECLARED_LOWER.fullmatch(line)
    return None if found is None else (found["key"], found.start("key") + 1, found["value"])


def requirement_of(comments: list[str]) -> Requirement:
    """Return what tags (first) and prose say about being required."""
    for text in comments:
        for tag in _TAG.finditer(text):
            if tag["word"].upper() != "CRITICAL":
                return Requirement(tag["word"].upper() != "OPTIONAL", _condition(tag["rest"]))
    for pattern in _STATED:
        for text in comments:
            found = pattern.search(text)
            if found is not None:
                word, rest = found["word"].lower(), found.groupdict().get("rest")
                if rest is not None and rest.startswith("="):
                    return Requirement((word == "required") == (rest != "=false"))
                return Requirement(word in {"required", "must be set"}, _condition(rest or ""))
    return Requirement()


def _condition(text: str) -> str | None:
    words = re.sub(r"^\W*(?:(?:only|in|for|when|if)\b\W*)*", "", text.strip(), flags=re.IGNORECASE).strip(" .:;,-")
    if not words:
        return None
    return "production" if re.fullmatch(r"prod(?:uction)?", words, re.IGNORECASE) else plain(words)


def speaks_to_us(comment: str) -> bool:
    """Whether a comment is a suppression, which says nothing about the variable."""
    return comment.lstrip("# \t").startswith("filot-lint")


def wording(comments: list[str]) -> str | None:
    """Return the comments as one text, without tags; a line that may hold a secret is left out."""
    kept = []
    for comment in comments:
        text = _DRAWN.sub("", comment.lstrip("#").strip())
        if text and not _tells(text):
            kept.append(_TAG.sub("", text).strip(" -:\u2013\u2014") if _TAG.search(text) else text)
    joined = ""
    for part in filter(None, kept):
        new_sentence = part[0].isupper() and joined[-1:] not in {"", ".", ",", ":", ";", "!", "?", "-"}
        joined += f"{'.' if new_sentence else ''} {part}"
    return plain(joined) or None


def _tells(text: str) -> bool:
    """Whether a comment gives a secret away: by its look, or because it assigns one to a name."""
    if looks_secret(text) or any("random" in traits_of(word) for word in text.split() if len(word) >= _LONG):
        return True
    for found in _ASSIGNED.finditer(text):
        value = found["value"].strip("\"'`.,;)")
        harmless = (
            value == "" or is_placeholder(value) or shape_of(value) in {"boolean", "integer", "url", "placeholder"}
        )
        if found[0].count("=") and is_secret(found["name"].upper()) and not harmless:
            return True
    return False
