"""The hooks of pre-commit: when they run, and that they do, with the real tool from a copy of this checkout.

pre-commit installs the hooks with pip, so these tests need a package index.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS = {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text("utf-8"))}
SHIPPED = (
    "filot_lint",
    "rules",
    "report",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    MANIFEST.name,
)


def environment() -> dict[str, str]:
    """Return ours, without what would lead Python or git elsewhere, and with an author for commits."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GIT_", "PRE_COMMIT"))}
    people = {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return {**kept, **people, "GIT_CONFIG_GLOBAL": os.devnull, "NO_COLOR": "1"}


def call(*command: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env={**environment(), **more}, capture_output=True, text=True, check=False, timeout=600
    )


def commit(root: Path) -> None:
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "all")):
        done = call("git", *command, cwd=root)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with what this checkout ships, as it is now, committed or not."""
    copy = tmp_path_factory.mktemp("hooks")
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, copy / name)
    commit(copy)
    return copy


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a home for the environments of pre-commit, so that the user's own stays as it is."""
    return str(tmp_path_factory.mktemp("cache"))


def try_repo(hooks: Path, hook: str, workspace: Path, cache: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "pre_commit", "try-repo", str(hooks), hook, "--all-files", "--verbose")
    return call(*command, cwd=workspace, PRE_COMMIT_HOME=cache)


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".env.example",
        ".env.production.example",
        "api/.env.local",
        "production.env",
        "env.sample",
        "a.env.example",
        "Dockerfile",
        "Dockerfile.gpu",
        "gpu.Dockerfile",
        "Procfile",
        ".replit",
        "docker-compose.yml",
        "infra/ecs/api.json",
        "a.py",
        "a.ts",
        "a.mjs",
        "a.tsx",
        "schema.prisma",
        "start.sh",
        "requirements-dev.txt",
        "pyproject.toml",
    ],
)
def test_files_that_are_read_start_the_hooks(hook: str, path: str) -> None:
    assert re.search(HOOKS[hook]["files"], path)


@pytest.mark.parametrize("path", ["a.png", "a.go", "environment.txt", "docs/environments", "LICENSE", "envoy"])
def test_other_files_do_not(path: str) -> None:
    assert not re.search(HOOKS["filot-lint"]["files"], path)


def test_the_hooks_run(hooks: Path, cache: str, tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("REDIS_URL=\n", "utf-8")
    (tmp_path / "app.py").write_text('import os\n\nA = os.environ["MISSING"]\nB = os.environ["REDIS_URL"]\n', "utf-8")
    commit(tmp_path)
    found = try_repo(hooks, "filot-lint", tmp_path, cache)
    assert found.returncode == 1, found.stdout + found.stderr
    assert "app.py:3:5" in found.stdout
    assert "[FIL101]" in found.stdout
    (tmp_path / "app.py").write_text("", "utf-8")
    (tmp_path / ".env.example").write_text("", "utf-8")
    clean = try_repo(hooks, "filot-lint", tmp_path, cache)
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert "Found nothing" in clean.stdout
    docs = try_repo(hooks, "filot-lint-docs", tmp_path, cache)
    assert docs.returncode == 1, docs.stdout + docs.stderr
    assert "Out of date" in docs.stdout
    assert not (tmp_path / "docs").exists()
