"""`filot-lint facts`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from filot_lint.cli import main
from filot_lint.resources import REPORT

MakeWorkspace = Callable[[Mapping[str, str]], Path]
FILES = {
    ".env.example": "PRICE_URL=canary\n",
    "src/a.ts": "export const a = process.env.PRICE_A ?? 'eu west';\n",
    "jobs/a.py": "import os\n\nA = os.environ['PRICE_A']\n",
}


def facts(*args: str) -> Result:
    return CliRunner().invoke(main, ["facts", *args])


@pytest.fixture
def root(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository, and stand in it."""
    root = make_workspace(FILES)
    monkeypatch.chdir(root)
    return root


@pytest.mark.usefixtures("root")
def test_json() -> None:
    document = json.loads(facts("--kind", "env-read").output)
    assert document["schema"] == "filot-lint/facts/1"
    assert document["tool"]["name"] == "filot-lint"
    python, typescript = document["facts"]
    place = {"file": "jobs/a.py", "line": 3, "column": 5, "end_line": 3, "language": "python", "area": "production"}
    assert {key: python[key] for key in place} == place
    assert (python["kind"], python["name"], python["access"], python["required"]) == (
        "env-read",
        "PRICE_A",
        "read",
        True,
    )
    assert typescript["default"] == {"kind": "literal", "text": "eu west", "shape": typescript["default"]["shape"]}


@pytest.mark.usefixtures("root")
def test_paths_and_kinds_narrow_down() -> None:
    files = {fact["file"] for fact in json.loads(facts("src").output)["facts"]}
    assert files == {"a.ts"}
    files = {fact["file"] for fact in json.loads(facts("-C", ".", "src").output)["facts"]}
    assert files == {"src/a.ts"}
    kinds = {fact["kind"] for fact in json.loads(facts("--kind", "env-declaration").output)["facts"]}
    assert kinds == {"env-declaration"}


@pytest.mark.usefixtures("root")
def test_text() -> None:
    output = facts("--format", "text").output
    assert "canary" not in output
    line = next(line for line in output.splitlines() if line.startswith("src/a.ts:1"))
    assert "env-read" in line
    assert "name=PRICE_A access=read via=" in line
    assert "default='eu west'" in line


def test_schema() -> None:
    assert facts("--schema").output == (REPORT / "schemas" / "facts-1.json").read_text("utf-8")


@pytest.mark.usefixtures("root")
def test_two_runs_are_equal() -> None:
    assert facts().output == facts().output
