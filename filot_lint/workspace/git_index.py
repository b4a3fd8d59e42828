"""Which files git tracks, read from its index file; git itself is never run on a repository we do not trust.

Format: https://git-scm.com/docs/index-format, versions 2 to 4 with SHA-1 names.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_LIMIT = 200_000_000
_FIXED = 62
_EXTENDED = 0x4000


def tracked(root: Path) -> frozenset[str]:
    """Return the tracked files below `root`, relative to it; none when there is no index that can be read."""
    for folder in (root, *root.parents):
        entry = folder / ".git"
        if entry.exists():
            prefix = root.relative_to(folder).as_posix()
            start = "" if prefix == "." else prefix + "/"
            return frozenset(path[len(start) :] for path in _paths(entry) if path.startswith(start))
    return frozenset()


def _paths(entry: Path) -> list[str]:
    try:
        index = directory_of(entry) / "index"
        if index.stat().st_size > _LIMIT:
            return []
        return [name.decode("utf-8", "surrogateescape") for name in _entries(index.read_bytes())]
    except (OSError, ValueError, IndexError, struct.error):
        return []


def directory_of(entry: Path) -> Path:
    """Return the directory of a repository; `.git` is a file in worktrees and submodules."""
    if entry.is_dir():
        return entry
    text = entry.read_text("utf-8")[:4096]
    return entry.parent / text.removeprefix("gitdir:").strip()


def _entries(data: bytes) -> Iterator[bytes]:
    signature, version, count = struct.unpack_from(">4sII", data)
    if signature != b"DIRC" or version not in {2, 3, 4}:
        return
    position, name = 12, b""
    for _ in range(count):
        (flags,) = struct.unpack_from(">H", data, position + _FIXED - 2)
        start = position + _FIXED + (2 if flags & _EXTENDED else 0)
        if version == 4:  # noqa: PLR2004  # names are compressed against the one before
            dropped, start = _number(data, start)
            end = data.index(b"\0", start)
            name = name[: len(name) - dropped] + data[start:end]
            position = end + 1
        else:
            end = data.index(b"\0", start)
            name = data[start:end]
            position += (end - position + 8) // 8 * 8
        yield name


def _number(data: bytes, position: int) -> tuple[int, int]:
    """Read a variable-width number: seven bits a byte, each continuation adds one."""
    byte = data[position]
    value = byte & 0x7F
    while byte & 0x80:
        position += 1
        byte = data[position]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, position + 1
