"""Which workspace a command is about, and which part of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from filot_lint.cli import Failure
from filot_lint.config import Config, find_root, load_config, nearest
from filot_lint.engine import selected
from filot_lint.models import load_models
from filot_lint.profiles import chosen_profile
from filot_lint.workspace.index import Index
from filot_lint.workspace.scan import load_workspace


class Target(msgspec.Struct, frozen=True):
    """A workspace and the paths below it (POSIX) that were asked for; none means all."""

    root: Path
    only: tuple[str, ...] = ()

    def covers(self, file: str) -> bool:
        """Whether a file was asked for."""
        return not self.only or any(file == path or file.startswith(f"{path}/") for path in self.only)

    @property
    def label(self) -> str:
        """The workspace's path from here, POSIX."""
        return Path(os.path.relpath(self.root)).as_posix()

    @property
    def prefix(self) -> str:
        """What to put before a path of the workspace so that it can be opened from here."""
        return "" if self.label == "." else f"{min(self.label, self.root.as_posix(), key=len)}/"


def find_target(paths: Sequence[Path], workspace: Path | None = None) -> Target:
    """Find the workspace: the one named, the only folder given, else the repository or settings around here.

    Raises:
        Failure: a path does not exist or lies outside the workspace.

    """
    for path in (*paths, *([workspace] if workspace else ())):
        _require(path)
    if workspace is None and len(paths) == 1 and paths[0].is_dir():
        return Target(paths[0].resolve())
    root = workspace.resolve() if workspace else find_root(Path.cwd())
    only = []
    for path in paths:
        try:
            below = path.resolve().relative_to(root)
        except ValueError:
            message = f"{path}: is not inside the workspace {root}; name its workspace with --workspace"
            raise Failure(message) from None
        only.append(below.as_posix())
    return Target(root, () if "." in only else tuple(only))


def open_workspace(
    target: Target, config_file: Path | None = None, *, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Index:
    """Read settings and workspace."""
    config = settings_of(target, config_file, select=select, ignore=ignore)
    return load_workspace(target.root, config, load_models())


def settings_of(
    target: Target, config_file: Path | None = None, *, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Config:
    """Read the settings; what the command line selects replaces what they do."""
    if config_file is not None:
        _require(config_file)
    config = load_config(target.root, config_file)
    changes = {"select": _codes(select), "ignore": _codes(ignore)}
    config = msgspec.structs.replace(config, **{key: codes for key, codes in changes.items() if codes})
    chosen_profile(config, set())
    selected(config.select, config.ignore)
    return config


def _codes(given: Sequence[str]) -> tuple[str, ...]:
    return tuple(code.strip() for part in given for code in part.split(",") if code.strip())


def _require(path: Path) -> None:
    """Refuse a path that does not exist, naming the nearest one that does."""
    if os.path.lexists(path):
        return
    folder = path.parent
    while not folder.is_dir():
        path, folder = folder, folder.parent
    hint = nearest(path.name, sorted(entry.name for entry in folder.iterdir()))
    advice = f"; did you mean `{(folder / hint).as_posix()}`?" if hint else ""
    message = f"{path}: no such file or folder{advice}"
    raise Failure(message)
