"""The code inside single-file components: everything else becomes blanks, so that every place stays where it is."""

from __future__ import annotations

import re

SUFFIXES = (".vue", ".svelte", ".astro")

_SCRIPT = re.compile(rb"<script\b[^>]{0,500}>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_FRONT = re.compile(rb"\A(?:\xef\xbb\xbf)?---\r?\n(.*?)^---", re.DOTALL | re.MULTILINE)
_VISIBLE = re.compile(rb"[^\r\n]")


def scripts(path: str, data: bytes) -> bytes:
    """Return the text with all but its scripts blanked out; other files unchanged."""
    if not path.endswith(SUFFIXES):
        return data
    found = [match.span(1) for match in _SCRIPT.finditer(data)]
    front = _FRONT.match(data) if path.endswith(".astro") else None
    if front is not None:
        found.insert(0, front.span(1))
    kept = bytearray(_VISIBLE.sub(b" ", data))
    for start, end in found:
        kept[start:end] = data[start:end]
    return bytes(kept)
