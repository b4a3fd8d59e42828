"""One search for many words: those that begin alike are told apart where they differ, however many there are."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DEEPEST = 40


def any_of(words: Iterable[bytes], depth: int = _DEEPEST) -> bytes:
    """Return a regular expression that matches each of these words and nothing else."""
    groups: dict[bytes, list[bytes]] = {}
    for word in sorted(set(words)):
        groups.setdefault(word[:1] if depth else word, []).append(word)
    options = (_group(group, depth) for group in groups.values())
    return b"(?:" + b"|".join(options) + b")" if groups else rb"(?!)"


def _group(words: list[bytes], depth: int) -> bytes:
    """Return the expression of sorted words that begin alike."""
    first, last = words[0], words[-1]
    size = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    start = re.escape(first[:size])
    return start if len(words) == 1 else start + any_of((word[size:] for word in words), depth - 1)
