"""Whoever asks gets the same findings: the command line, flake8 and pylint, about the same files."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from cases import read_cases
from filot_lint import engine
from filot_lint.config import load_config
from filot_lint.findings import Scope
from filot_lint.models import load_models
from filot_lint.resources import RULES
from filot_lint.workspace.scan import load_workspace

MakeWorkspace = Callable[[Mapping[str, str]], Path]
TESTS = Path(__file__).parents[1]
READ = "os.getenv('NEW')"
EXAMPLE = {".env.example": "KNOWN=\n"}
SILENT = [
    f"A = {READ}  # noqa",
    f"A = {READ}  # noqa: FIL101",
    f"A = {READ}  # noqa:FIL1",
    f"A = {READ}  # noqa: E501,FIL101 because",
    f"A = {READ}  # noqa:E501 FIL101",
    f"A = {READ}  # NOQA : whatever",
    f"A = {READ}  # type: ignore # noqa: FIL101",
    f"A = f'''\n{{{READ}}}\n'''  # noqa: FIL101",
    f"A = {READ} + '''\nx'''  # noqa: FIL101",
    f"A = {READ} \\\n    + 'x'  # noqa: FIL101",
    "A = os.getenv(  # noqa: FIL101\n    'NEW')",
    f"A = {READ}  # filot-lint: ignore[FIL101] why",
    f"A = f'''\n{{{READ}}}\n'''  # filot-lint: ignore[FIL101] why",
    f"A = {READ} \\\n    + 'x'  # filot-lint: ignore[FIL101] why",
    f"# filot-lint: ignore[FIL101] why\nA = {READ}",
    f"# filot-lint: ignore-next-line[FIL101] why\nA = {READ}",
    f"# filot-lint: ignore-file[FIL101] why\nA = {READ}",
    f"# filot-lint: ignore[FIL101] until=2999-01-01 why\nA = {READ}",
]
HEARD = [
    f"A = {READ}",
    f"A = {READ}  # noqa: E501",
    f"A = {READ}  #noqa: FIL101",
    f"A = {READ}  # noqa: fil101",
    f"A = {READ}  # some words noqa: FIL101",
    f"A = {READ}  # noqa: E501 and FIL101",
    f"A = {READ}  # noqa: E501 # noqa: FIL101",
    f"A = (\n    {READ}\n)  # noqa: FIL101",
    "A = os.getenv(\n    'NEW')  # noqa: FIL101",
    f"A = (\n    {READ},\n)  # filot-lint: ignore[FIL101] why",
    f"A = {READ}\nB = '''\nx'''  # filot-lint: ignore[FIL101] why",
    f"A = {READ}  # filot-lint: ignore[FIL110] why",
    f"# filot-lint: ignore[FIL101] until=2001-01-01 why\nA = {READ}",
    f"A = {READ}  # flake8: noqa",
]
BYTES = {
    "plain.py": b"import os\nA = os.getenv('NEW')\n",
    "crlf.py": b"import os\r\nA = os.getenv('NEW')\r\n",
    "bom.py": b"\xef\xbb\xbfimport os; A = os.getenv('NEW')\n",
    "latin.py": b"# -*- coding: latin-1 -*-\nimport os\nB = '\xe9\xe9'; A = os.getenv('NEW')\n",
    "accents.py": "# coding: latin-1\nimport os\nB = 'Ã©'; A = os.getenv('NEW')\n".encode("latin-1"),
    "japanese.py": "# vim: set fileencoding=shift_jis :\nimport os\nB = '表'; A = os.getenv('NEW')\n".encode(
        "shift_jis"
    ),
    "cr.py": b"import os\rB = 1\rA = os.getenv('NEW')\r",
    "mixed.py": b"import os\rB = 1\r\nA = os.getenv('NEW')\n",
    "odd.py": b"# coding: unicode_escape\nimport os\nA = os.getenv('NEW')\n",
    "wide.py": "import os\nB = 'äö😀'; A = os.getenv('NEW')\n".encode(),
    "tab.py": b"import os\nif 1:\n\tA = os.getenv('NEW')\n",
    "feed.py": b"import os\n\x0c\nA = os.getenv('NEW')\n",
    "separators.py": "import os\nB = 'a\u2028b\x85c'\nA = os.getenv('NEW')\n".encode(),
}
Places = set[tuple[str, int, int]]


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=cwd, capture_output=True, text=True, check=False)


def by_command(cwd: Path) -> Places:
    done = run("filot_lint", "check", "--select", "FIL101", "--output-format", "json", cwd=cwd)
    return {(f["file"], f["line"], f["column"]) for f in json.loads(done.stdout)["findings"]}


def by_flake8(cwd: Path) -> Places:
    done = run("flake8", "--isolated", "--select", "FIL101", "--format", "%(path)s %(row)d %(col)d", ".", cwd=cwd)
    found = (line.removeprefix("./").split() for line in done.stdout.splitlines())
    return {(path, int(row), int(column)) for path, row, column in found}


def by_pylint(cwd: Path) -> Places:
    options = ("--rcfile=/dev/null", "--load-plugins=filot_lint.integrations.pylint", "--disable=all")
    files = sorted(path.name for path in cwd.glob("*.py"))
    done = run("pylint", *options, "--enable=filot-undocumented-variable", "--output-format=json", *files, cwd=cwd)
    return {(m["path"], m["line"], m["column"] + 1) for m in json.loads(done.stdout)}


HOSTS = pytest.mark.parametrize("ask", [by_command, by_flake8, by_pylint])


@HOSTS
def test_comments_silence_the_same_everywhere(ask: Callable[[Path], Places], make_workspace: MakeWorkspace) -> None:
    silent = {f"silent{number:02}.py": f"import os\n{text}\n" for number, text in enumerate(SILENT)}
    heard = {f"heard{number:02}.py": f"import os\n{text}\n" for number, text in enumerate(HEARD)}
    root = make_workspace({**EXAMPLE, **silent, **heard})
    assert {path for path, _, _ in ask(root)} == set(heard)


@HOSTS
def test_places_are_the_same_in_every_encoding(ask: Callable[[Path], Places], make_workspace: MakeWorkspace) -> None:
    root = make_workspace(EXAMPLE)
    for name, data in BYTES.items():
        (root / name).write_bytes(data)
    assert ask(root) == {
        ("plain.py", 2, 5),
        ("crlf.py", 2, 5),
        ("bom.py", 1, 16),
        ("latin.py", 3, 15),
        ("accents.py", 3, 15),
        ("japanese.py", 3, 14),
        ("cr.py", 3, 5),
        ("mixed.py", 3, 5),
        ("odd.py", 3, 5),
        ("wide.py", 2, 16),
        ("tab.py", 3, 6),
        ("feed.py", 3, 5),
        ("separators.py", 3, 5),
    }


@HOSTS
def test_what_the_baseline_knows_is_known_everywhere(
    ask: Callable[[Path], Places], make_workspace: MakeWorkspace
) -> None:
    root = make_workspace({**EXAMPLE, "a.py": f"import os\nA = {READ}\n", "b.py": f"import os\nA = {READ}\n"})
    assert run("filot_lint", "check", "--write-baseline", "known.json", cwd=root).returncode == 0
    (root / "filot-lint.toml").write_text('baseline = "known.json"\n')
    (root / "a.py").write_text(f"import os\n\n\nA = {READ}\nB = os.getenv('OTHER')\n")
    (root / "b.py").rename(root / "c.py")
    assert ask(root) == {("a.py", 5, 5)}


@HOSTS
def test_reads_through_another_module(ask: Callable[[Path], Places], make_workspace: MakeWorkspace) -> None:
    wrapper = "import os\n\n\ndef setting(name):\n    return os.environ[name]\n"
    text = "import os\n\nfrom wrapper import setting\n\nA = setting('NEW')\nB = os.environ['KNOWN']\n"
    assert ask(make_workspace({**EXAMPLE, "wrapper.py": wrapper, "a.py": text})) == {("a.py", 5, 13)}


def own(root: Path, name: str) -> Iterator[str]:
    config = load_config(root)
    found = engine.run(load_workspace(root, config, load_models()), config, scope=Scope.FILE)
    for f in engine.shown(found):
        if f.location.file.endswith(".py"):
            yield f"./{name}/{f.location.file}:{f.location.line}:{f.location.column}: {f.rule.code} {f.message}"


def test_flake8_agrees_about_every_case(tmp_path: Path) -> None:
    expected: list[str] = []
    pages = sorted(page for folder in (RULES, TESTS / "rules") for page in folder.rglob("FIL*.md"))
    cases = [case for page in pages for case in read_cases(page) if any(path.endswith(".py") for path in case.files)]
    for number, case in enumerate(cases):
        root = tmp_path / str(number)
        root.mkdir()
        expected += own(case.write(root), str(number))
    done = run("flake8", "--isolated", "--select", "FIL", "-j", "2", ".", cwd=tmp_path)
    assert done.stderr == ""
    assert expected
    assert sorted(done.stdout.splitlines()) == sorted(expected)
