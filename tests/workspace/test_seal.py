"""Literals that are secrets by where they go never leave the scan, whatever they look like and however they came."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from filot_lint.cli import main
from filot_lint.config import Config
from filot_lint.models import load_models
from filot_lint.workspace.scan import load_workspace

CANARY = "CANARY_OF_TEST"
"""Shaped like the name of a variable: the shape that is the easiest to take for harmless."""

FORMS = {
    "a setting": {"a.ts": 'import Redis from "ioredis";\nnew Redis({ host: "h", password: "CANARY_OF_TEST" });\n'},
    "an object": {
        "a.ts": 'import Redis from "ioredis";\nconst o = { host: "h", password: "CANARY_OF_TEST" };\nnew Redis(o);\n'
    },
    "an object of another file": {
        "a.ts": 'export const options = { host: "h", password: "CANARY_OF_TEST" };\n',
        "b.ts": 'import Redis from "ioredis";\nimport { options } from "./a";\nnew Redis(options);\n',
    },
    "a constant of another file": {
        "a.py": 'WORD = "CANARY_OF_TEST"\n',
        "b.py": 'import redis\nfrom a import WORD\nr = redis.Redis(host="h", password=WORD)\n',
    },
    "a caller of a factory": {
        "a.py": "import redis\n\ndef make(host, word):\n    return redis.Redis(host=host, password=word)\n",
        "b.py": 'from a import make\nr = make("h", "CANARY_OF_TEST")\n',
    },
    "the default of a variable with a harmless name": {
        "a.ts": 'import Redis from "ioredis";\n'
        'const p = process.env.CACHE_X || "CANARY_OF_TEST";\nnew Redis({ password: p });\n'
    },
    "a part of a URL": {
        "a.ts": 'import Redis from "ioredis";\nnew Redis(`redis://${process.env.WHO}:CANARY_OF_TEST@h:1`);\n'
    },
    "a key of S3": {
        "a.py": "import boto3\n"
        'c = boto3.client("s3", aws_access_key_id="CANARY_OF_TEST", aws_secret_access_key="CANARY_OF_TEST")\n'
    },
    "the key of a token": {"a.py": 'import jwt\ntoken = jwt.encode({}, "CANARY_OF_TEST", algorithm="HS256")\n'},
    "a header": {
        "a.ts": 'await fetch(process.env.API_URL, { headers: { "x-api-key": process.env.A || "CANARY_OF_TEST" } });\n'
    },
}


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("files", [pytest.param(files, id=form) for form, files in FORMS.items()])
def test_no_fact_holds_the_value(files: dict[str, str], tmp_path: Path) -> None:
    facts = load_workspace(write(tmp_path, files), Config(), load_models()).all()
    told = [fact for fact in facts if type(fact).__name__ not in {"Imports", "EnvRead"}]
    assert told, "the library call itself must be seen"
    assert CANARY not in repr(facts)


@pytest.mark.parametrize("files", [pytest.param(files, id=form) for form, files in FORMS.items()])
@pytest.mark.parametrize(
    "arguments",
    [
        ["facts", "--format", "json"],
        ["facts", "--format", "text"],
        ["check", "--pedantic"],
        ["check", "--pedantic", "--output-format", "json"],
        ["explain", "CACHE_X"],
    ],
    ids=" ".join,
)
def test_no_command_prints_it(
    files: dict[str, str], arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write(tmp_path, files))
    result = CliRunner().invoke(main, [arguments[0], *([] if arguments[0] == "explain" else ["."]), *arguments[1:]])
    assert result.exit_code in {0, 1, 2}, result.output
    assert CANARY not in result.output + result.stderr


def test_the_shape_is_kept(tmp_path: Path) -> None:
    root = write(tmp_path, FORMS["a setting"])
    result = CliRunner().invoke(main, ["facts", str(root)])
    connection = next(f for f in json.loads(result.stdout)["facts"] if f["kind"] == "redis-connection")
    password, host = connection["password"], connection["host"]
    assert (password["type"], password["text"]) == ("redacted", "word")
    assert (host["type"], host["text"]) == ("string", "h")
