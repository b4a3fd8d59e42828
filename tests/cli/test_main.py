"""Starting, help, typing errors and exit codes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from filot_lint import __version__
from filot_lint.cli import COMMANDS, main

MakeWorkspace = Callable[[Mapping[str, str]], Path]
HEAVY = {"tree_sitter", "yaml", "jinja2", "rich", "libcst", "astroid", "pylint", "flake8", "dotenv", "pathspec"}


def run(*args: str) -> Result:
    return CliRunner().invoke(main, list(args))


def python(*args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *args], capture_output=True, text=True, cwd=cwd, check=False)


def test_version() -> None:
    result = run("--version")
    assert result.exit_code == 0
    assert __version__ in result.output


def test_version_loads_nothing_heavy() -> None:
    done = python("-X", "importtime", "-m", "filot_lint", "--version")
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not {module for module in loaded if module.partition(".")[0] in HEAVY}
    assert not {module for module in loaded if module.startswith("filot_lint.")} - {
        "filot_lint.cli",
        "filot_lint.__main__",
    }


def test_check_loads_no_document(make_workspace: MakeWorkspace) -> None:
    done = python("-X", "importtime", "-m", "filot_lint", "check", str(make_workspace({"a.py": "import os\n"})))
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "filot_lint.engine" in loaded
    assert not {m for m in loaded if m.startswith("filot_lint.documents") or m in {"jinja2", "rich", "libcst"}}


def test_help_lists_every_command() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert all(f"  {command}" in result.output for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {command} ")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("chekc",), "no command is called `chekc`; did you mean `check`?"),
        (("zzz",), "no command is called `zzz`; there are check, completion, explain, facts, report, rule, suppress"),
        (("check", "--selekt", "FIL1"), "--select"),
        (("check", "--output-format", "concis"), "did you mean `concise`?"),
        (("check", "--baselin", "x"), "--baseline"),
        (("completion", "zhs"), "did you mean `zsh`?"),
        (("check", "--select", "FIL8O2"), "no rule is called `FIL8O2`; did you mean `FIL802`?"),
        (("facts", "--kind", "env-raed"), "did you mean `env-read`?"),
        (("rule", "FIL8O2"), "did you mean `FIL802`?"),
        (("rule", "unused-varible"), "did you mean `unused-variable`?"),
    ],
)
def test_typing_errors_get_the_nearest_word(args: tuple[str, ...], message: str, make_workspace: MakeWorkspace) -> None:
    root = make_workspace({"a.py": ""})
    result = run(*args, *([str(root)] if args[0] in {"check", "facts"} else []))
    assert result.exit_code == 2
    assert message in result.output


def test_an_unexpected_error_is_one_line(monkeypatch: pytest.MonkeyPatch, make_workspace: MakeWorkspace) -> None:
    def fail(*_: object) -> None:
        message = "canary"
        raise LookupError(message)

    monkeypatch.setattr("filot_lint.cli.target.load_workspace", fail)
    result = run("check", str(make_workspace({})))
    assert result.exit_code == 3
    assert result.output.startswith("Error: internal error: LookupError at ")
    assert "canary" not in result.output
    assert "Traceback" not in result.output


def test_an_interruption_is_quiet(monkeypatch: pytest.MonkeyPatch, make_workspace: MakeWorkspace) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("filot_lint.cli.target.load_workspace", interrupt)
    result = run("check", str(make_workspace({})))
    assert (result.exit_code, result.output) == (130, "")


def test_a_broken_pipe_is_quiet(make_workspace: MakeWorkspace) -> None:
    root = make_workspace({"a.ts": "".join(f"f(process.env.NAME_{i});\n" for i in range(4000))})
    script = f"exec {sys.executable} -m filot_lint facts {root} | head -c 10"
    done = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_modules_of_the_workspace_are_not_imported(make_workspace: MakeWorkspace) -> None:
    canary = "open('canary', 'w').close()\n"
    names = ("yaml.py", "click.py", "msgspec.py", "json.py", "tree_sitter.py", "conftest.py", "filot_lint/__init__.py")
    root = make_workspace({**dict.fromkeys(names[:-1], canary), ".env.example": "A=\n"})
    done = python("-m", "filot_lint", "check", ".", cwd=root)
    assert done.returncode in {0, 1}, done.stderr
    assert not (root / "canary").exists()


def test_rule_prints_the_page() -> None:
    by_code, by_name = run("rule", "FIL101"), run("rule", "undocumented-variable")
    assert by_code.output.startswith("# undocumented-variable (FIL101)\n")
    assert by_code.output == by_name.output == run("rule", "fil101").output


def test_rule_lists_all() -> None:
    assert "FIL161  warning  file       duplicate-key" in run("rule", "--all").output
