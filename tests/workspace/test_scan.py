"""A workspace is read whatever it holds: what cannot be used is said, the rest is read."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from filot_lint.config import Config, load_config
from filot_lint.extract import code
from filot_lint.facts import EnvRead, Fact
from filot_lint.models import Models, load_models
from filot_lint.source import SourceFile
from filot_lint.workspace.index import Index
from filot_lint.workspace.scan import load_workspace

MakeIndex = Callable[[Mapping[str, str]], Index]
MakeWorkspace = Callable[[Mapping[str, str]], Path]
GOOD = {"good.py": 'import os\n\nvalue = os.environ["GOOD"]\n'}


def load(root: Path) -> Index:
    return load_workspace(root, load_config(root), load_models())


def names(index: Index) -> set[str | None]:
    return {read.name for read in index.of(EnvRead)}


def problems(index: Index) -> dict[str, str]:
    return {problem.file: problem.problem for problem in index.problems}


def test_a_large_file_is_skipped_and_said(make_workspace: MakeWorkspace) -> None:
    root = make_workspace({**GOOD, "big.py": 'import os\nos.environ["BIG"]\n' + "#" * 2_000})
    index = load_workspace(root, Config(max_file_size=1_000), load_models())
    assert (problems(index), names(index)) == ({"big.py": "skipped"}, {"GOOD"})


def test_a_minified_file_is_skipped_and_said(make_index: MakeIndex) -> None:
    index = make_index({**GOOD, "app.js": "process.env.MINIFIED;" + "a" * 30_000})
    assert (problems(index), names(index)) == ({"app.js": "skipped"}, {"GOOD"})


def test_a_binary_file_is_said(make_workspace: MakeWorkspace) -> None:
    root = make_workspace(GOOD)
    (root / "bad.py").write_bytes(b"\0\1os.environ")
    index = load(root)
    assert (problems(index), names(index)) == ({"bad.py": "unparsable"}, {"GOOD"})


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_said(make_workspace: MakeWorkspace) -> None:
    root = make_workspace({**GOOD, "secret.py": "import os"})
    (root / "secret.py").chmod(0)
    assert problems(load(root)) == {"secret.py": "unreadable"}


def test_a_file_that_vanishes_is_said(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_workspace({**GOOD, "gone.py": "import os"})
    real = os.open

    def vanish(path: str | Path, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if str(path).endswith("gone.py"):
            raise FileNotFoundError(2, "No such file or directory")
        return real(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", vanish)
    index = load(root)
    assert (problems(index), names(index)) == ({"gone.py": "unreadable"}, {"GOOD"})


def test_links_pipes_and_loops_are_passed_over(
    make_workspace: MakeWorkspace, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "other.py"
    outside.write_text('import os\nos.environ["OUTSIDE"]\n', "utf-8")
    root = make_workspace(GOOD)
    (root / "link.py").symlink_to(outside)
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.py")
    index = load(root)
    assert (problems(index), names(index)) == ({}, {"GOOD"})


def test_facts_around_an_error_are_kept(make_index: MakeIndex) -> None:
    index = make_index({"broken.py": 'import os\na = os.environ["BEFORE"]\ndef f(:\nb = os.getenv("AFTER")\n'})
    assert (problems(index), names(index)) == ({"broken.py": "partial"}, {"BEFORE", "AFTER"})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("deep.py", 'import os\nos.environ["HERE"]\nx = ' + "[" * 3_000 + "]" * 3_000),
        ("minus.py", 'import os\nos.environ["HERE"]\nx = ' + "-" * 5_000 + "1"),
        ("sum.py", 'import os\nos.environ["HERE"]\nx = ' + "+".join(["1"] * 5_000)),
        ("chain.ts", "process.env.HERE;\nfoo" + ".a()" * 3_000 + ";"),
    ],
)
def test_what_is_nested_too_deeply_is_said_and_the_rest_read(path: str, text: str, make_index: MakeIndex) -> None:
    index = make_index({path: text})
    assert (problems(index), names(index)) == ({path: "partial"}, {"HERE"})


def test_functions_that_call_each_other_end(make_index: MakeIndex) -> None:
    calls = " or ".join(f"f{other}(x)" for other in range(30))
    functions = "\n".join(f"def f{number}(x):\n    return {calls}" for number in range(30))
    index = make_index({"knot.py": f'import os\n{functions}\nos.getenv("HERE", f0(1))\n'})
    assert names(index) == {"HERE"}


def test_values_that_double_end(make_index: MakeIndex) -> None:
    doubles = "\n".join(f"v{n} = {{'a': v{n - 1}, 'b': v{n - 1}}}" for n in range(1, 60))
    index = make_index({"double.py": f'import os\nv0 = {{}}\n{doubles}\nos.getenv("HERE", v59)\n'})
    assert names(index) == {"HERE"}


def test_a_defect_in_one_file_leaves_the_others(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make_workspace({**GOOD, "odd.py": 'import os\nos.environ["ODD"]\n'})
    real = code.extract

    def fail(source: SourceFile, models: Models) -> list[Fact]:
        if source.path == "odd.py":
            message = "the text of the file"
            raise KeyError(message)
        return real(source, models)

    monkeypatch.setattr(code, "extract", fail)
    index = load(root)
    assert (problems(index), names(index)) == ({"odd.py": "unparsable"}, {"GOOD"})
    assert "the text of the file" not in index.problems[0].message


def test_a_name_that_is_bound_again_and_again_from_itself(make_index: MakeIndex) -> None:
    lines = "".join(
        '    why = why or f"x{why}"\n    why = f"{why}. a" if why else "a"\n    log(why=why)\n' for _ in range(12)
    )
    head = 'import os\nfrom lib import log\nHERE = os.environ["HERE"]\ndef run(why):\n'
    index = make_index({"again.py": head + lines})
    assert list(index.reads) == ["HERE"]
