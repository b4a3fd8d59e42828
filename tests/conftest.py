"""Workspaces made of texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from filot_lint.config import load_config
from filot_lint.models import load_models
from filot_lint.workspace.index import Index
from filot_lint.workspace.scan import load_workspace

MakeWorkspace = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def make_workspace(tmp_path: Path) -> MakeWorkspace:
    """Return a function that writes files below a fresh folder that looks like a repository."""

    def make(files: Mapping[str, str]) -> Path:
        (tmp_path / ".git").mkdir(exist_ok=True)
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
        return tmp_path

    return make


@pytest.fixture
def make_index(make_workspace: MakeWorkspace) -> Callable[[Mapping[str, str]], Index]:
    """Return a function that writes files and reads them as a workspace."""

    def make(files: Mapping[str, str]) -> Index:
        root = make_workspace(files)
        return load_workspace(root, load_config(root), load_models())

    return make
