"""Where a workspace comes from, as its own repository says. Git is never run on a repository we do not trust."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import msgspec

from filot_lint.files import read_regular
from filot_lint.secrets import looks_secret
from filot_lint.workspace.git_index import directory_of

_LIMIT = 20_000_000
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SCP = re.compile(r"(?:[^\s@/]+@)?(?P<host>[\w.-]+\.[\w.-]+):(?!//)(?P<path>[^\s]+)")
_SECTION = re.compile(r'\[remote "origin"\]')
_URL = re.compile(r"\s*url\s*=\s*(?P<url>\S+)\s*")
_HOST = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)
_PUBLIC = frozenset({"https", "http", "ssh", "git"})


class Checkout(msgspec.Struct, frozen=True):
    """The repository around a workspace; `prefix` leads from its root to the workspace.

    `address` is its remote without user and password, `revision` what HEAD is, whether files were changed since or not.
    """

    prefix: str
    address: str | None = None
    revision: str | None = None
    branch: str | None = None


def checkout_of(root: Path) -> Checkout | None:
    """Return what the nearest repository at or above a folder says, None when there is none."""
    for folder in (root, *root.parents):
        entry = folder / ".git"
        if entry.exists():
            below = root.relative_to(folder).as_posix()
            prefix = "" if below == "." else f"{below}/"
            try:
                directory = directory_of(entry)
            except (OSError, ValueError):
                return Checkout(prefix)
            return _checkout(prefix, directory)
    return None


def _checkout(prefix: str, directory: Path) -> Checkout:
    shared = directory / (_text(directory / "commondir") or ".").strip()
    head = (_text(directory / "HEAD") or "").strip()
    reference = head.removeprefix("ref:").strip() if head.startswith("ref:") else None
    revision = head if reference is None else _resolved(shared, reference)
    return Checkout(
        prefix,
        address=_address(_text(shared / "config") or ""),
        revision=revision if revision and _COMMIT.fullmatch(revision) else None,
        branch=reference.removeprefix("refs/heads/") if reference else None,
    )


def _resolved(shared: Path, reference: str) -> str | None:
    """Return the commit of a reference, which has a file of its own or a line among the packed ones."""
    if not reference.startswith("refs/") or ".." in reference:
        return None
    if loose := _text(shared / reference):
        return loose.strip()
    lines = (_text(shared / "packed-refs") or "").splitlines()
    return next((line.partition(" ")[0] for line in lines if line.endswith(f" {reference}")), None)


def _address(config: str) -> str | None:
    """Return the address of `origin`, when others can use it and nothing in it looks secret."""
    inside = False
    for line in config.splitlines():
        if line.lstrip().startswith("["):
            inside = _SECTION.fullmatch(line.strip()) is not None
        elif inside and (match := _URL.fullmatch(line)) is not None:
            return _public(match["url"])
    return None


def _public(url: str) -> str | None:
    if (short := _SCP.fullmatch(url)) is not None:
        url = f"ssh://{short['host']}/{short['path']}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = parts.netloc.rpartition("@")[2]
    words = [host, *parts.path.split("/")]
    if parts.scheme not in _PUBLIC or _HOST.fullmatch(host) is None or any(map(looks_secret, words)):
        return None
    return urlunsplit((parts.scheme, host, quote(parts.path, safe="/%~"), "", ""))


def _text(path: Path) -> str | None:
    try:
        data = read_regular(path, _LIMIT)
    except OSError:
        return None
    return None if data is None else data.decode("utf-8", "replace")
