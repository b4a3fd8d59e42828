"""Files on the disk: read without waiting where nobody writes, written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_regular(path: Path, limit: int) -> bytes | None:
    """Read a regular file without following a link or waiting for a pipe; None when it is too large."""
    descriptor = os.open(path, FLAGS | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            return None
        return file.read(limit + 1)


def read_named(path: Path, limit: int, *, once: bool = False) -> bytes:
    """Read a file that somebody named; what is read `once` may be a pipe that somebody writes to.

    Raises:
        OSError: it cannot be used; `strerror` says why.

    """
    descriptor = os.open(path, FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        pipe = stat.S_ISFIFO(os.fstat(descriptor).st_mode)
        if pipe and not once:
            raise OSError(errno.ESPIPE, "it is a pipe, and it is read more than once")
        first = _first(descriptor) if pipe else b""
        rest = file.read(limit + 1)
    if rest is None:
        raise OSError(errno.EAGAIN, "it is a device that says nothing")
    if len(first) + len(rest) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit // 1_000_000} MB")
    return first + rest


def _first(pipe: int) -> bytes:
    """Return what a pipe holds by now, and let it be waited for from here on: there is somebody at its other end."""
    try:
        data = os.read(pipe, 4096)
        if not data:
            raise OSError(errno.EPIPE, "it is a pipe, and nobody writes to it")
    except BlockingIOError:
        data = b""
    os.set_blocking(pipe, True)
    return data


def replace(target: Path, data: bytes) -> None:
    """Put bytes into a file so that a reader sees the old ones or the new ones, never a part."""
    import tempfile  # noqa: PLC0415  # editors only read

    handle, name = tempfile.mkstemp(prefix=".filot-lint-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _mode(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
