"""`filot-lint check`: which workspace, what is shown, which exit code."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from filot_lint.cli import main

MakeWorkspace = Callable[[Mapping[str, str]], Path]
FILES = {
    "backend/.env.example": "PRICE_URL=\n",
    "backend/src/a.ts": "export const a = process.env.PRICE_A;\n",
    "backend/src/b.ts": "export const b = process.env.PRICE_URL || 'http://localhost:9';\n",
    "backend/src/c.ts": "export const c = process.env.PRICE_URL;\n",
}


@pytest.fixture
def root(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with a workspace `backend`, and stand in it."""
    root = make_workspace(FILES)
    monkeypatch.chdir(root)
    return root


def check(*args: str) -> Result:
    return CliRunner().invoke(main, ["check", *args])


def places(*args: str) -> list[str]:
    lines = check(*args, "--output-format", "concise").output.splitlines()
    return [" ".join(line.split(" ")[:2]) for line in lines if ": FIL" in line]


@pytest.mark.usefixtures("root")
def test_a_folder_is_the_workspace() -> None:
    assert places("backend") == ["backend/src/a.ts:1:18: FIL101", "backend/src/b.ts:1:18: FIL110"]
    assert check("backend").exit_code == 1
    assert json.loads(check("backend", "--output-format", "json").output)["findings"][0]["file"] == "src/a.ts"


def test_without_paths_it_is_the_repository_around(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "backend" / "src")
    assert places() == ["../../backend/src/a.ts:1:18: FIL101", "../../backend/src/b.ts:1:18: FIL110"]


@pytest.mark.usefixtures("root")
def test_files_narrow_down() -> None:
    assert places("backend/src/a.ts") == ["backend/src/a.ts:1:18: FIL101"]
    assert places("backend/src/b.ts", "backend/src/c.ts") == ["backend/src/b.ts:1:18: FIL110"]
    assert places("-C", "backend", "backend/src/a.ts") == ["backend/src/a.ts:1:18: FIL101"]
    assert check("backend/src/c.ts").exit_code == 0
    assert "checked 1 file." in check("backend/src/c.ts").output


@pytest.mark.usefixtures("root")
def test_select_and_ignore() -> None:
    assert places("backend", "--select", "FIL11,FIL6") == ["backend/src/b.ts:1:18: FIL110"]
    assert places("backend", "--ignore", "FIL110") == ["backend/src/a.ts:1:18: FIL101"]
    assert places("backend", "--select", "FIL1", "--ignore", "FIL10") == ["backend/src/b.ts:1:18: FIL110"]


def test_the_command_line_replaces_the_settings(root: Path) -> None:
    (root / "filot-lint.toml").write_text('select = ["FIL110"]\n')
    assert places("backend") == ["backend/src/b.ts:1:18: FIL110"]
    assert places("backend", "--select", "FIL101") == ["backend/src/a.ts:1:18: FIL101"]
    (root / "other.toml").write_text('ignore = ["FIL1"]\n')
    assert places("backend", "--config", "other.toml") == []


def test_full_output(root: Path) -> None:
    (root / "backend/.env.example").write_text("PRICE_URL=\nPRICE_URL=canary\n")
    result = check("backend")
    assert "error[FIL161]: `PRICE_URL` is set again, to another value than on line 1\n" in result.output
    assert "2 | PRICE_URL=…" in result.output
    assert "1 | export const a = process.env.PRICE_A;\n" in result.output
    assert result.output.endswith("Found 2 errors, 1 warning; checked 4 files, 0 skipped.\n")
    assert "canary" not in result.output
    assert "\x1b" not in result.output


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("path", ["backedn", "backend/src/d.ts", "backedn/src/a.ts"])
def test_a_missing_path_is_wrong_usage(path: str) -> None:
    result = check(path)
    assert result.exit_code == 2
    assert "no such file or folder; did you mean `backend" in result.output


def test_a_path_elsewhere_is_wrong_usage(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other") / "a.ts"
    other.write_text("")
    result = check(str(other))
    assert result.exit_code == 2
    assert f"is not inside the workspace {root}" in result.output.replace("\n", "")


def test_wrong_settings(root: Path) -> None:
    (root / "filot-lint.toml").write_text('selekt = ["FIL110"]\n')
    result = check("backend")
    assert result.exit_code == 2
    assert "filot-lint.toml:1:1: unknown key `selekt`; did you mean `select`?" in result.output


def test_exit_codes(root: Path) -> None:
    assert check("backend").exit_code == 1
    assert check("backend", "--exit-zero").exit_code == 0
    (root / "backend/infra/ecs").mkdir(parents=True)
    (root / "backend/infra/ecs/api.json").write_text('{"containerDefinitions": [')
    result = check("backend", "--select", "FIL0")
    assert result.exit_code == 1
    assert "error[FIL001]" in result.output
    assert check("backend", "--strict").exit_code == 3
    assert check("backend", "--strict", "--exit-zero").exit_code == 3
    assert check("backend/src/c.ts", "--strict").exit_code == 0


def test_nothing_to_check(root: Path) -> None:
    (root / "empty").mkdir()
    result = check("empty")
    assert result.exit_code == 0
    assert "warning: empty: found no file to check" in result.output
    assert check("empty", "--strict").exit_code == 3


def test_without_an_example_file_the_rest_is_checked(root: Path) -> None:
    (root / "backend/.env.example").unlink()
    result = check("backend")
    assert "warning: backend: found no file like .env.example" in result.stderr
    assert "warning[FIL110]" in result.stdout
    assert "FIL101" not in result.stdout


def test_bad_files_do_not_stop_the_rest(root: Path) -> None:
    backend = root / "backend"
    (backend / "src/binary.ts").write_bytes(b"\0\1\2process.env.X")
    (backend / "src/latin.py").write_bytes(b"import os\nos.environ['PRICE_L']  # \xe9\n")
    (backend / "src/broken.py").write_text("import os\nos.environ['PRICE_P']\ndef (:\n")
    (backend / "src/loop.ts").symlink_to("loop.ts")
    (backend / "src/out.ts").symlink_to("/etc/passwd")
    result = check("backend", "--output-format", "concise")
    assert result.exit_code == 1
    assert "backend/src/a.ts:1:18: FIL101" in result.output
    assert "Traceback" not in result.output


def test_a_broken_check_is_an_internal_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from filot_lint.checks import load_checks  # noqa: PLC0415  # patched here only

    def broken(_: object) -> None:
        raise KeyError

    monkeypatch.setitem(load_checks(), "FIL102", broken)
    result = check(str(root / "backend"))
    assert result.exit_code == 3
    assert "error[FIL110]" in result.output
    assert "internal error: the check of FIL102 failed: KeyError at " in result.output
