"""Text from the repository, made harmless for a terminal."""

from __future__ import annotations

import unicodedata

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, bidirectional and zero-width formatting, lone surrogates, line separators."""

EMOJI = "\ufe0f"
"""Makes the sign before it an emoji, which takes a column more."""


def safe_text(text: str) -> str:
    """Return the text with everything a terminal may act upon written as an escape."""
    return text if text.isascii() and text.isprintable() else "".join(map(visible, text))


def visible(character: str) -> str:
    """Return one character as it may be shown."""
    if character.isprintable() or unicodedata.category(character) not in INVISIBLE:
        return " " if unicodedata.category(character) == "Zs" else character
    number = ord(character)
    if number < 0x100:  # noqa: PLR2004  # one byte
        return {"\t": "\\t", "\n": "\\n", "\r": "\\r"}.get(character, f"\\x{number:02x}")
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"  # noqa: PLR2004  # the first plane


def width(text: str) -> int:
    """Return how many columns of a terminal harmless text takes."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return int(character == EMOJI)
    return 1 + (unicodedata.east_asian_width(character) in "WF")
