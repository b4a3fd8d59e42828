"""Where a workspace comes from: read from its repository, without git and without passwords."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from filot_lint.workspace.git_head import Checkout, checkout_of

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def repository(root: Path, url: str) -> Path:
    (root / ".git").mkdir()
    (root / ".git/config").write_text(f'[core]\n\turl = https://no.example/x\n[remote "origin"]\n\turl = {url}\n')
    (root / ".git/HEAD").write_text(f"{COMMIT}\n")
    return root


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.com/a/b.git", "https://example.com/a/b.git"),
        ("https://me:canary@example.com:8443/a?t=canary#canary", "https://example.com:8443/a"),
        ("git@example.com:a/b.git", "ssh://example.com/a/b.git"),
        ("ssh://git@[::1]:22/a", "ssh://[::1]:22/a"),
        ("https://example.com/gho_0aB1cD2eF30aB1cD2eF30aB1cD2eF30aB1cD2eF3/a", None),
        ("/home/somebody/a", None),
        ("file:///home/somebody/a", None),
        ("C:\\a", None),
        ("ext::sh -c canary", None),
        ("javascript:alert(1)", None),
        ("https://e.vil[/", None),
        ("https://a:b:c/d", None),
    ],
)
def test_addresses(tmp_path: Path, url: str, address: str | None) -> None:
    assert checkout_of(repository(tmp_path, url)) == Checkout("", address, COMMIT)


def test_what_git_says(tmp_path: Path) -> None:
    def git(*arguments: str, folder: Path = tmp_path) -> str:
        me = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        done = subprocess.run(["git", *me, *arguments], cwd=folder, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    git("init", "-q", "-b", "topic/one")
    git("remote", "add", "origin", "https://example.com/a.git")
    git("commit", "-q", "--allow-empty", "-m", "one")
    head = git("rev-parse", "HEAD")
    below = tmp_path / "services/api"
    below.mkdir(parents=True)
    assert checkout_of(below) == Checkout("services/api/", "https://example.com/a.git", head, "topic/one")
    git("pack-refs", "--all")
    assert checkout_of(tmp_path) == Checkout("", "https://example.com/a.git", head, "topic/one")
    git("worktree", "add", "-q", "-b", "two", "tree")
    git("commit", "-q", "--allow-empty", "-m", "two", folder=tmp_path / "tree")
    other = git("rev-parse", "two")
    assert checkout_of(tmp_path / "tree") == Checkout("", "https://example.com/a.git", other, "two")


def test_hostile_repositories(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text(f"{COMMIT}\n")
    root = repository(tmp_path, "https://example.com/a")
    for head in ("ref: refs/../../outside", "ref: /etc/passwd", "\xff\x00", "ref: refs/heads/none"):
        (root / ".git/HEAD").write_text(f"{head}\n")
        found = checkout_of(root)
        assert found is not None
        assert found.revision is None
    (root / ".git/HEAD").unlink()
    os.mkfifo(root / ".git/HEAD")
    assert checkout_of(root) == Checkout("", "https://example.com/a")


def test_no_repository(tmp_path: Path) -> None:
    found = checkout_of(tmp_path)
    assert found is None or found.prefix
    (tmp_path / ".git").write_bytes(b"\xff\xfe")
    assert checkout_of(tmp_path) == Checkout("")
