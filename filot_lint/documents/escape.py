"""Text from the repository is hostile: one function per place where it may be printed."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from markupsafe import Markup

_MAX = 300
_PLAIN = frozenset(" ,;'/()+%?\".")
_NOT_IN_CODE = re.compile(r"[`|]|<!--|-->|--!>")
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_READ_ONLY = frozenset({"BASHOPTS", "BASH_VERSINFO", "EUID", "PPID", "SHELLOPTS", "UID"})
"""Names that bash lets nobody set."""
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def printable(text: str) -> str:
    """Return text on one line in which control, bidirectional and broken characters are visible."""
    flat = " ".join(text.split()) if any(c in text for c in "\r\n\t") else text
    shown = "".join(_visible(c) for c in flat)
    return shown if len(shown) <= _MAX else shown[: _MAX - 1] + "…"


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _INVISIBLE:
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"  # noqa: PLR2004  # one byte


def markdown(text: str) -> Markup:
    """Return text that Markdown shows as written, inside a paragraph or a table cell."""
    flat = printable(text)
    shown = "".join(_reference(flat, i) for i in range(len(flat)))
    return Markup(re.sub(r"(?i)\bwww\.", "www&#46;", shown))  # noqa: S704  # escaped above


def _reference(text: str, index: int) -> str:
    character = text[index]
    if character.isalnum() or character in _PLAIN or not character.isascii():
        return character
    after = text[index + 1 : index + 2]
    if index and character in "-&" and after == " ":
        return character
    if character == ":" and (not after or after.isdigit() or after == " "):
        return character
    inside = 0 < index < len(text) - 1 and text[index - 1].isalnum() and text[index + 1].isalnum()
    return character if character in "-_" and inside else f"&#{ord(character)};"


def code(text: str) -> Markup:
    """Return a Markdown code span; text that could break out of one is escaped as prose."""
    shown = printable(text)
    if shown and not _NOT_IN_CODE.search(shown) and shown.strip() == shown:
        return Markup(f"`{shown}`")  # noqa: S704  # nothing in it ends a code span, a cell or a managed section
    return Markup("<code>%s</code>") % markdown(shown) if shown else Markup("`''`")


def html(text: str) -> Markup:
    """Return text for HTML, inside an element or a quoted attribute."""
    return Markup("%s") % printable(text)


def url(path: str) -> str:
    """Return a relative path as the target of a link."""
    return quote(path, safe="/-_.~")


def comment(text: str) -> str:
    """Return text for a comment line of a `.env` file or a plain text file."""
    return printable(text)


def is_env_name(name: str) -> bool:
    """Whether every `.env` parser accepts the name."""
    return _ENV_NAME.fullmatch(name) is not None and name not in _READ_ONLY


def mermaid(text: str) -> str:
    """Return text for a quoted Mermaid label."""
    return "".join(c if c.isalnum() or c in " ./_-,:()" else f"#{ord(c)};" for c in printable(text))


def xml(text: str) -> str:
    """Return text for SVG character data or an attribute."""
    escaped = printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace('"', "&quot;").replace("'", "&#39;")
