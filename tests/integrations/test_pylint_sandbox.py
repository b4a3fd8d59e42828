"""Nothing of the repository under inspection runs because of us."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from shutil import which

import pytest

from filot_lint.integrations.pylint import families, symbol

MakeWorkspace = Callable[[Mapping[str, str]], Path]
BIN = Path(sys.executable).parent
PLUGIN = "--load-plugins=filot_lint.integrations.pylint"
OURS = ("--disable=all", "--enable=" + ",".join(symbol(rule) for members in families().values() for rule in members))
EXTENSION = "_lsprof"
"""A compiled module of the standard library: astroid loads what is called so, wherever it stands."""

MODULES = ("conftest", "jinja2", "msgspec", "numpy", "pathspec", "setup", "sitecustomize", "tree_sitter",
           "tree_sitter_python", "usercustomize", "yaml", "gi/__init__", "gi/repository/__init__", "xmlrpc/__init__",
           "tomllib", "click", "libcst", "rich")  # fmt: skip
APP = f"""import os
import {EXTENSION}
import numpy
import xmlrpc.client
import xmlrpc.nothing
import yaml
from gi.repository import Gtk
from names import KEY

A = os.environ[{EXTENSION}.NAME]
B = os.environ[numpy.array(["B"])[0]]
C = os.environ[numpy.zeros(1).dtype.name]
D = os.environ[xmlrpc.client.KEY]
E = os.environ[xmlrpc.nothing.KEY]
F = os.environ[yaml.KEY]
G = os.environ[Gtk.KEY]
H = os.environ[KEY]
"""


@pytest.fixture
def hostile(make_workspace: MakeWorkspace, tmp_path: Path) -> Path:
    """Return a repository each of whose modules leaves a file in `canaries` when it runs."""
    canaries = tmp_path / "canaries"
    line = f"open({str(canaries)!r} + '/{{}}', 'w').close()\nKEY = 'LOADED'\n"
    modules = {f"{name}.py": line.format(name.replace("/", ".")) for name in MODULES}
    files = {"app.py": APP, "names.py": "KEY = 'H_KEY'\n", ".env.example": "OTHER=\n", "canaries/.keep": "", **modules}
    root = make_workspace(files)
    compiler = which("gcc") or which("cc")
    if compiler is not None:
        source = tmp_path / "canaries" / "probe.c"
        source.write_text(
            "#include <stdio.h>\n__attribute__((constructor)) static void run(void) "
            f'{{ FILE *f = fopen("{canaries}/{EXTENSION}", "w"); if (f) fclose(f); }}\n',
            "utf-8",
        )
        target = root / (EXTENSION + EXTENSION_SUFFIXES[0])
        subprocess.run([compiler, "-shared", "-fPIC", "-o", target, source], check=True)
        source.unlink()
    return root


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a program inside the repository, by the name that a person would type."""
    name, *arguments = command
    return subprocess.run([str(BIN / name), *arguments], cwd=root, capture_output=True, text=True, check=False)


def left(root: Path) -> set[str]:
    """Return who has run, and clear away what tells it."""
    found = {path.name: path for path in (root / "canaries").iterdir() if path.name != ".keep"}
    for path in found.values():
        path.unlink()
    return set(found)


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_pylint_runs_nothing_for_our_rules(hostile: Path, jobs: str) -> None:
    files = ("app.py", "names.py") if jobs == "-j2" else ("app.py",)
    done = run(hostile, "pylint", "--rcfile=/dev/null", PLUGIN, *OURS, jobs, *files)
    assert done.stderr == ""
    assert "H_KEY" in done.stdout, "inference was not tried"
    assert left(hostile) == set()


def test_pylint_with_us_runs_what_it_runs_without(hostile: Path) -> None:
    alone = run(hostile, "pylint", "--rcfile=/dev/null", "app.py")
    before = left(hostile)
    together = run(hostile, "pylint", "--rcfile=/dev/null", PLUGIN, "app.py")
    assert left(hostile) == before
    kept = [line for line in together.stdout.splitlines() if "filot-" not in line and "rated" not in line]
    assert kept == [line for line in alone.stdout.splitlines() if "rated" not in line]


@pytest.mark.parametrize(
    "command",
    [
        ("flake8", "--isolated", "--select=FIL", "app.py"),
        ("flake8", "--isolated", "--select=FIL", "-j2", "."),
        ("filot-lint", "check"),
        ("filot-lint", "report"),
        ("python", "-P", "-m", "filot_lint", "check"),
    ],
    ids=" ".join,
)
def test_other_hosts_run_nothing(hostile: Path, command: tuple[str, ...]) -> None:
    done = run(hostile, *command)
    assert "Traceback" not in done.stderr
    assert left(hostile) == set()


@pytest.mark.skipif(which("gcc") is None and which("cc") is None, reason="nothing to build an extension with")
def test_the_canaries_sing(hostile: Path) -> None:
    code = "import astroid; list(astroid.extract_node('import _lsprof; _lsprof.NAME').infer())"
    run(hostile, "python", "-c", f"import contextlib\nwith contextlib.suppress(Exception):\n    {code}")
    assert EXTENSION in left(hostile)
    run(hostile, "python", "-c", "import yaml")
    assert left(hostile) == {"yaml"}
