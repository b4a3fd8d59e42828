"""What git tracks counts, even where `.gitignore` would hide it; git is never run to find out."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from filot_lint.config import Config
from filot_lint.workspace.discover import discover
from filot_lint.workspace.git_index import tracked

FILES = (".gitignore", "a.py", "deep/er/b.py", "deep/er/name with blank.py", "deep/ignored.py", "deep/é.py")


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", "-c", "core.fsmonitor=false", *words], cwd=root, check=True, capture_output=True)


@pytest.fixture(params=["2", "3", "4"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("deep/*\n" if name == ".gitignore" else "", "utf-8")
    (tmp_path / "deep/untracked.py").write_text("", "utf-8")
    git(tmp_path, "add", "-f", *FILES)
    if request.param == "3":
        git(tmp_path, "add", "-N", "-f", "deep/untracked.py")
    git(tmp_path, "update-index", "--index-version", request.param)
    return tmp_path


def test_the_index_is_read_as_git_wrote_it(repository: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=repository,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert tracked(repository) == {name for name in listed.split("\0") if name}


def test_a_folder_of_the_repository_sees_its_part(repository: Path) -> None:
    assert {"er/b.py", "ignored.py"} <= tracked(repository / "deep")


def test_tracked_files_are_found_where_they_are_ignored(repository: Path) -> None:
    found = {file.path for file in discover(repository, Config()).files}
    assert {"a.py", "deep/er/b.py", "deep/ignored.py"} <= found


def test_without_a_repository_nothing_is_tracked(tmp_path: Path) -> None:
    assert tracked(tmp_path) == frozenset()


@pytest.mark.parametrize("data", [b"", b"DIRC", b"DIRC\0\0\0\2\0\0\0\7short", b"\xff" * 300])
def test_a_broken_index_tracks_nothing(data: bytes, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/index").write_bytes(data)
    assert tracked(tmp_path) == frozenset()


def test_a_worktree_names_its_directory(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / ".git").write_text(f"gitdir: {repository / '.git'}\n", "utf-8")
    assert "a.py" in tracked(other)
