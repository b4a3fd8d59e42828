"""Trees on which a question that is asked again and again would never end."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from filot_lint.config import Config
from filot_lint.facts import EnvRead
from filot_lint.models import load_models
from filot_lint.workspace.garbage import seldom
from filot_lint.workspace.index import Index
from filot_lint.workspace.scan import load_workspace


def read(root: Path, files: dict[str, str]) -> Index:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return load_workspace(root, Config(), load_models())


def names(index: Index) -> set[str | None]:
    return {fact.name for fact in index.of(EnvRead)}


def test_modules_that_all_hand_on_each_other(tmp_path: Path) -> None:
    """Twenty ways at each of twelve steps are more than anybody can try."""
    stars = "".join(f'export * from "./p{i}";\n' for i in range(20))
    files = {f"p{i}.ts": f"{stars}export const P{i} = process.env.P{i};\n" for i in range(20)}
    files["worker.ts"] = (
        'import { Worker } from "@temporalio/worker";\nimport * as every from "./p0";\nimport { parse } from "./p1";\n'
        'await Worker.create({ taskQueue: "q", workflowsPath: require.resolve("./p0"), activities: every });\n'
        "const env = parse(process.env);\nexport const used = env.USED;\n"
    )
    assert {f"P{i}" for i in range(20)} <= names(read(tmp_path, files))


def test_python_modules_that_all_import_each_other(tmp_path: Path) -> None:
    stars = "".join(f"from pack.m{i} import *\n" for i in range(20))
    files = {
        f"pack/m{i}.py": f"{stars}from pydantic_settings import BaseSettings\nclass S{i}(T{i}):\n    value{i}: str\n"
        for i in range(20)
    }
    files["pack/__init__.py"] = stars
    files["main.py"] = (
        "from pack import missing, S3\nimport os\nmissing(os.environ['READ'])\nclass A(S3):\n    b: str\n"
    )
    assert "READ" in names(read(tmp_path, files))


def test_a_long_chain_of_modules_that_hand_on(tmp_path: Path) -> None:
    files = {f"c{i:04}.ts": f'export * from "./c{i + 1:04}";\n' for i in range(1500)}
    files["c1500.ts"] = "export const need = (name: string) => process.env[name];\n"
    files["near.ts"] = 'import { need } from "./c1495";\nexport const url = need("NEAR_URL");\n'
    assert "NEAR_URL" in names(read(tmp_path, files))


@pytest.mark.parametrize("text", [
    "import os\n" + "".join(f"if os.environ['K'] == '{i}':\n    value = {i}\n" for i in range(4000)),
    "import os\nx = " + " + ".join(["os.environ['K']"] * 2000) + "\n",
    "import os\nx = [\n" + "".join(f"    {{'a': os.environ['K'], 'b': [{i}, {i}]}},\n" for i in range(6000)) + "]\n",
    "import os\ndef f0(a):\n    return os.environ[a]\n"
    + "".join(f"def f{i}(a):\n    return f{i - 1}(a) or f{i - 1}('B')\n" for i in range(1, 60)) + "f59('K')\n",
])  # fmt: skip
def test_long_files(text: str, tmp_path: Path) -> None:
    index = read(tmp_path, {"long.py": text})
    assert names(index) or index.problems


def test_deep_folders(tmp_path: Path) -> None:
    folder = "/".join("d" for _ in range(120))
    assert names(read(tmp_path, {f"{folder}/a.ts": "export const a = process.env.DEEP;\n"})) == {"DEEP"}


def test_cycles_are_looked_for_as_before_after_a_command() -> None:
    before = gc.get_threshold()
    with seldom():
        assert gc.get_threshold() != before
    assert gc.get_threshold() == before
