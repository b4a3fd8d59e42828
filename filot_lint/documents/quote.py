"""Lines of the workspace's own files, verbatim, so that a reader can judge without opening them."""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache
from pathlib import Path, PurePosixPath

from filot_lint.secrets import may_show

_LIMIT = 1_000_000
_WIDTH = 160
_TEXT = re.compile(r"\"([^\"\\]{6,})\"|'([^'\\]{6,})'|`([^`\\]{6,})`")
_ASSIGNED = re.compile(r"(?:[=:]\s*)([^\s\"'`;,)]{8,})")


@lru_cache(maxsize=64)
def _lines(path: Path) -> tuple[str, ...]:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > _LIMIT:
            return ()
        return tuple(path.read_text("utf-8", "replace").splitlines())
    except OSError:
        return ()


def quote(root: Path, file: str, line: int, count: int = 1) -> tuple[str, ...]:
    """Return lines of a file without their common indent; empty when one is long, or may hold a secret."""
    if ".." in PurePosixPath(file).parts or PurePosixPath(file).is_absolute():
        return ()
    found = _lines(root / file)[line - 1 : line - 1 + count]
    while found and not found[-1].strip():
        found = found[:-1]
    if any(len(text) > _WIDTH or not _harmless(text) for text in found):
        return ()
    return tuple(textwrap.dedent("\n".join(found).expandtabs(4)).split("\n")) if found else ()


def _harmless(line: str) -> bool:
    texts = ["".join(groups) for groups in _TEXT.findall(line)]
    return all(may_show(None, text) for text in (*texts, *_ASSIGNED.findall(line)))
