"""What `check` offers beyond a list: counts, settings, completion, progress, watching."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from filot_lint.cli import main
from filot_lint.cli.completion import SPLIT_ONCE
from filot_lint.cli.look import Order, look
from filot_lint.cli.target import Target
from filot_lint.cli.watch import snapshot, told
from filot_lint.config import Config

MakeWorkspace = Callable[[Mapping[str, str]], Path]
FILES = {
    ".env.example": "KNOWN=\n",
    "package.json": '{"name": "api", "scripts": {"start": "node a.js"}}',
    "Dockerfile": 'FROM node:20@sha256:0\nCOPY . .\nUSER node\nCMD ["node", "a.js"]\n',
    "a.js": "const a = process.env.ONE || process.env.TWO;\nconst k = process.env.KNOWN;\n",
    "b.js": "const b = process.env.THREE;\n",
}


@pytest.fixture
def root(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace, and stand in it."""
    root = make_workspace(FILES)
    monkeypatch.chdir(root)
    return root


def check(*args: str) -> Result:
    return CliRunner().invoke(main, ["check", *args])


@pytest.mark.usefixtures("root")
def test_statistics() -> None:
    result = check("--select", "FIL101", "--statistics")
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[:2] == ["by rule:", "     3  FIL101  warning  undocumented-variable"]
    assert lines[3].startswith("by deployable")
    assert [line.split(maxsplit=1)[0] for line in lines[4:6]] == ["2", "1"]
    assert lines[5].endswith("(in no deployable)")
    assert lines[-1].startswith("Found 3 warnings; checked ")
    assert "by rule" not in check("--select", "FIL161", "--statistics").output
    assert "for people" in check("--statistics", "--output-format", "json").output


def test_settings_say_where_they_come_from(root: Path) -> None:
    (root / "pyproject.toml").write_text(
        '[project]\nignore = 1\n[tool.filot-lint]\nignore = ["FIL102"]\nselect = ["FIL1"]\n'
        '[tool.filot-lint.components.api]\nentry = ["\\u001b.js"]\n'
    )
    result = check("--show-settings", "--select", "FIL101,FIL5")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "# settings: pyproject.toml"
    assert 'ignore = ["FIL102"]  # pyproject.toml:4' in lines
    assert 'select = ["FIL101", "FIL5"]  # command line, --select' in lines
    assert 'components.api.entry = ["\\u001b.js"]  # pyproject.toml:7' in lines
    assert "components.api.dockerfile = (none)  # default" in lines
    assert "max-file-size = 1000000  # default" in lines
    shown = {line.partition(" = ")[0] for line in lines[1:]}
    tables = {"origin", "components", "documents"}
    expected = {field.encode_name for field in msgspec.structs.fields(Config)} - tables
    assert expected <= shown


@pytest.mark.usefixtures("root")
def test_settings_without_a_file() -> None:
    lines = check("--show-settings").output.splitlines()
    assert lines[0].startswith("# settings: no filot-lint.toml")
    assert all(line.endswith("# default") for line in lines[1:])


def completions(words: str) -> list[str]:
    given = words.split(" ")
    environment = {
        **os.environ,
        "_FILOT_LINT_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(given) - 1),
    }
    script = "from filot_lint.cli import main; main(prog_name='filot-lint')"
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False)
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("filot-lint supp", ["suppress"]),
        ("filot-lint check --select FIL101", ["FIL101"]),
        ("filot-lint check --select fil102,FIL101", ["fil102,FIL101"]),
        ("filot-lint check --ignore AL", ["ALL"]),
        ("filot-lint suppress --select FIL101", ["FIL101"]),
        ("filot-lint rule undocumented-v", ["undocumented-variable"]),
        ("filot-lint rule fil101", ["FIL101"]),
        ("filot-lint check --output-format sa", ["sarif"]),
        ("filot-lint completion z", ["zsh"]),
    ],
)
def test_completion(words: str, expected: list[str]) -> None:
    assert completions(words) == expected


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    result = CliRunner().invoke(main, ["completion", shell])
    assert result.exit_code == 0
    assert f"_FILOT_LINT_COMPLETE={shell}_complete" in result.output


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
def test_fish_completes_lists_of_codes() -> None:
    script = CliRunner().invoke(main, ["completion", "fish"]).output
    ask = f"{script}\ncomplete -C 'filot-lint check --select FIL101,FIL10'"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["fish", "-c", ask], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True
    )
    assert "FIL101,FIL102\tunused-variable" in done.stdout.splitlines()


def test_fish_splits_no_list_of_codes() -> None:
    assert SPLIT_ONCE in CliRunner().invoke(main, ["completion", "fish"]).output


def test_statistics_tell_the_severity_that_was_found(root: Path) -> None:
    (root / "package.json").write_text('{"name": "api", "scripts": {"start": "node b.js"}}')
    (root / "b.js").write_text("if (!process.env.THREE) throw new Error();\nuse(process.env.KNOWN);\n")
    (root / "a.js").unlink()
    (root / "Dockerfile").unlink()
    assert check("--select", "FIL101", "--statistics").output.splitlines()[1].split()[:3] == ["1", "FIL101", "error"]


@pytest.mark.parametrize(("args", "wanted"), [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": ""}, False),
                                              ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)])  # fmt: skip
def test_colours_are_for_terminals_and_who_asks(
    root: Path, monkeypatch: pytest.MonkeyPatch, args: dict[str, str], *, wanted: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in args.items():
        monkeypatch.setenv(name, value)
    written = subprocess.run(
        [sys.executable, "-m", "filot_lint", "check", "--select", "FIL101"], cwd=root, capture_output=True, check=False
    )
    assert (b"\x1b[" in written.stdout) is wanted


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--select", "undocumented-variable"), "`undocumented-variable` is FIL101"),
        (("-o", "no/folder/out"), "no/folder/out: there is no folder no/folder"),
        (("-o", "."), ".: is not a regular file"),
        (("--write-baseline", "no/folder/out"), "there is no folder"),
    ],
)
def test_what_cannot_work_is_refused_before_the_work(
    root: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], message: str
) -> None:
    def work(*_: object, **__: object) -> None:
        pytest.fail(f"{root} was read")

    monkeypatch.setattr("filot_lint.cli.target.load_workspace", work)
    result = check(*args)
    assert result.exit_code == 2
    assert message in result.output


def test_a_file_that_is_not_checked_is_named(root: Path) -> None:
    (root / "notes.txt").touch()
    result = check("-C", ".", "notes.txt")
    assert result.stdout == "Found nothing; checked 0 files.\n"
    assert result.stderr == "warning: notes.txt: found no file to check\n"


def test_a_folder_inside_a_workspace_is_pointed_out(root: Path) -> None:
    (root / "filot-lint.toml").touch()
    (root / "src").mkdir()
    (root / "b.js").rename(root / "src" / "b.js")
    assert "; `filot-lint check -C . src` checks it as a part of that" in check("src").stderr
    assert "as a part" not in check("-C", ".", "src").stderr


WORK = """
import time
from filot_lint.cli.progress import progress
with progress("thinking"):
    end = time.monotonic() + {seconds}
    while time.monotonic() < end:
        time.sleep(0.05)
"""


def on_a_terminal(seconds: float, **more: str) -> str:
    """Return what some work writes to standard error where that is a terminal."""
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **more}
    command = [sys.executable, "-c", WORK.format(seconds=seconds)]
    done = subprocess.run(command, stderr=slave, stdout=subprocess.PIPE, env=environment, check=False)
    os.write(slave, b".")
    os.close(slave)
    written = os.read(master, 10_000).decode()
    os.close(master)
    assert (done.returncode, done.stdout) == (0, b"")
    return written.removesuffix(".")


def test_progress_shows_after_a_second_and_goes() -> None:
    written = on_a_terminal(1.3)
    assert "thinking … 1 s" in written
    assert written.endswith("\r\x1b[K")


def test_no_progress_for_quick_work_or_a_dumb_terminal() -> None:
    assert on_a_terminal(0.1) == ""
    assert on_a_terminal(1.2, TERM="dumb") == ""


def test_no_progress_without_a_terminal() -> None:
    command = [sys.executable, "-c", WORK.format(seconds=1.2)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_only_what_came_and_went_is_told(root: Path) -> None:
    order = Order(target=Target(root), select=("FIL101",))
    first = look(order).run
    assert list(told(None, first))[-1] == "Watching; Ctrl-C ends it."
    assert list(told(first.findings, first)) == []
    before = snapshot(order)
    assert before == snapshot(order)
    (root / "b.js").write_text("\n\nconst c = process.env.FOUR;\n")
    assert before != snapshot(order)
    lines = list(told(first.findings, look(order).run))
    assert [line.split()[:3:2] for line in lines[:2]] == [["fixed", "FIL101"], ["new", "FIL101"]]
    assert ["`THREE`" in lines[0], "`FOUR`" in lines[1]] == [True, True]
    assert lines[2].startswith("Found 3 warnings")


def test_new_files_and_settings_are_noticed(root: Path) -> None:
    order = Order(target=Target(root))
    before = snapshot(order)
    (root / "c.js").write_text("1;\n")
    between = snapshot(order)
    (root / "filot-lint.toml").write_text("")
    assert len({len(before), len(between), len(snapshot(order))}) == 3


def test_watching_for_real(root: Path) -> None:
    command = [sys.executable, "-m", "filot_lint", "check", "--watch", "--select", "FIL101"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Found 3 warnings")
        assert process.stdout.readline().startswith("Watching")
        time.sleep(0.1)
        (root / "b.js").write_text("export {};\n")
        assert process.stdout.readline().startswith("fixed  b.js:1:11: FIL101")
        assert process.stdout.readline().startswith("Found 2 warnings")
        process.terminate()


def test_repaired_settings_are_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = root / "filot-lint.toml"
    steps = iter((lambda: settings.write_text("selekt = 1\n"), settings.unlink, root.touch))

    def wait(*_: object) -> None:
        step = next(steps, None)
        if step is None:
            raise KeyboardInterrupt
        step()

    monkeypatch.setattr("filot_lint.cli.watch._wait", wait)
    result = check("--watch", "--select", "FIL101")
    assert result.exit_code == 130
    assert [line.split()[0] for line in result.output.splitlines()] == ["Found", "Watching;", "Error:", "Found"]


def test_wrong_settings_do_not_begin_a_watch(root: Path) -> None:
    (root / "filot-lint.toml").write_text("selekt = 1\n")
    result = check("--watch")
    assert result.exit_code == 2
    assert "did you mean `select`" in result.output
    assert "exclude each other" in check("--watch", "--output-format", "json").output
