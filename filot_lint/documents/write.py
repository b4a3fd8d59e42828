"""Puts the plan on disk, or says how the disk differs from it. Never through links, never over foreign files."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Literal as Choice

import msgspec

from filot_lint.documents.context import Context
from filot_lint.documents.inject import MarkerError, inject
from filot_lint.documents.manifest import load_manifest
from filot_lint.documents.plan import Planned
from filot_lint.documents.stamp import HEAD, is_ours
from filot_lint.files import replace

State = Choice["written", "changed", "unchanged", "removed", "left out", "refused"]
STALE: frozenset[State] = frozenset({"written", "changed", "removed"})


class Change(msgspec.Struct, frozen=True):
    """What happens to one file. `reason` says why it is left out or refused."""

    id: str
    path: str
    state: State
    old: bytes | None = None
    new: bytes | None = None
    reason: str | None = None


class _RefusedError(Exception):
    pass


def compare(root: Path, planned: Iterable[Planned], out: Path, *, force: bool = False) -> tuple[Change, ...]:
    """Return what writing the plan below `out` would do; people's files are read from `root`."""
    return tuple(_compare(root, item, out, force=force) for item in planned)


def _compare(root: Path, item: Planned, out: Path, *, force: bool) -> Change:
    try:
        old = _read(out, item.path)
        if item.sections is not None:
            own = old if old is not None else _read(root, item.path)
            if own is None and item.left_out:
                return Change(item.id, item.path, "left out", reason=item.left_out)
            new = inject(_fresh(item) if own is None else own, item.sections)
            if old is None and new == own:
                return Change(item.id, item.path, "left out", reason=item.left_out)
            return _change(item, old, new)
        if item.data is None:
            state: State = "removed" if item.obsolete and old is not None and is_ours(old) else "left out"
            return Change(item.id, item.path, state, old, None, item.left_out)
        if old and not is_ours(old) and not force and old != item.data:
            return Change(item.id, item.path, "refused", reason="not written by filot-lint; --force replaces it")
        return _change(item, old, item.data)
    except MarkerError as error:
        return Change(item.id, item.path, "refused", reason=f"{item.path}:{error.line}: {error}")
    except _RefusedError as error:
        return Change(item.id, item.path, "refused", reason=str(error))


def _fresh(item: Planned) -> bytes:
    return f"# {' '.join(item.title.split())}\n".encode("utf-8", "replace")


def _change(item: Planned, old: bytes | None, new: bytes) -> Change:
    state: State = "written" if old is None else "unchanged" if old == new else "changed"
    return Change(item.id, item.path, state, old, new)


def _read(base: Path, path: str) -> bytes | None:
    """Return the bytes of a file of the plan, None when there is none yet."""
    target = _target(base, path)
    try:
        if not stat.S_ISREG(target.lstat().st_mode):
            message = "not a regular file"
            raise _RefusedError(message)
        return target.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise _RefusedError(message) from error


def _target(base: Path, path: str) -> Path:
    """Return the place of a file, below `base` and not through a link."""
    parts = PurePosixPath(path).parts
    if not parts or PurePosixPath(path).is_absolute() or ".." in parts:
        message = "outside the workspace"
        raise _RefusedError(message)
    target = base
    for part in parts:
        target = target / part
        if target.is_symlink():
            shown = target.relative_to(base).as_posix()
            message = f"`{shown}` is a symbolic link; replace it by what it points to"
            raise _RefusedError(message)
    return target


def write(out: Path, changes: Iterable[Change]) -> tuple[Change, ...]:
    """Carry out the changes, each file at once or not at all."""
    return tuple(_write(out, change) for change in changes)


def _write(out: Path, change: Change) -> Change:
    if change.state not in STALE:
        return change
    try:
        target = _target(out, change.path)
        if change.new is None:
            target.unlink()
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            replace(target, change.new)
    except _RefusedError as error:
        return msgspec.structs.replace(change, state="refused", reason=str(error))
    except OSError as error:
        return msgspec.structs.replace(change, state="refused", reason=f"cannot be written: {error.strerror}")
    return change


def strays(out: Path, context: Context) -> tuple[str, ...]:
    """Return the documents of earlier runs, under names that are no longer given; people may link to them."""
    folder = out / context.docs
    own = {d.file for d in context.manifest.documents}
    usual = tuple(d.file.replace("{prefix}", "") for d in load_manifest().documents)
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False))
    except OSError:
        return ()
    suspects = (name for name in names if name.endswith(usual) and name not in own)
    found = (PurePosixPath(context.docs, name).as_posix() for name in suspects if is_ours(_head(folder / name)))
    return tuple(found)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD)
    except OSError:
        return b""


def diff(change: Change) -> str:
    """Return the unified diff of one change."""
    if change.state not in STALE:
        return ""
    old, new = change.old or b"", change.new or b""
    if b"\0" in old or b"\0" in new:
        return f"Binary file {change.path} differs\n"
    before, after = (_lines(data.decode("utf-8", "replace")) for data in (old, new))
    lines = difflib.unified_diff(before, after, f"a/{change.path}", f"b/{change.path}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    whole, _, rest = text.rpartition("\n")
    lines = [f"{line}\n" for line in whole.split("\n")] if whole or text.startswith("\n") else []
    return [*lines, rest] if rest else lines
