"""FIL106 names the deployable that goes on where another one looks."""

from __future__ import annotations

from pathlib import Path

import pytest

from filot_lint import engine
from filot_lint.config import Config
from filot_lint.models import load_models
from filot_lint.workspace.scan import load_workspace

IMAGE = 'FROM node:22\nCOPY . .\nCMD ["node", "src/{0}.ts"]\n'
USE = 'import {{ bucket }} from "./store";\n{0}\nrun(bucket);\n'
CHECK = 'if (!process.env.SCAN_BUCKET) throw new Error("SCAN_BUCKET is missing");'


@pytest.mark.parametrize(("check", "goes_on"), [(CHECK, "`worker`"), ("", "the program")])
def test_the_deployable_that_goes_on_is_named(tmp_path: Path, check: str, goes_on: str) -> None:
    (tmp_path / "src").mkdir()
    for name, text in {
        "Dockerfile": IMAGE.format("api"),
        "Dockerfile.worker": IMAGE.format("worker"),
        "src/api.ts": USE.format(check),
        "src/worker.ts": USE.format(""),
        "src/store.ts": "export const bucket = process.env.SCAN_BUCKET!;\n",
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    index = load_workspace(tmp_path, Config(), load_models())
    messages = [f.message for f in engine.run(index, Config()) if f.rule.code == "FIL106"]

    assert messages == [f"`SCAN_BUCKET` must be there, but nothing stops {goes_on} without it"]
