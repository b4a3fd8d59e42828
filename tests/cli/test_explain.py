"""`filot-lint explain`: what is told, for whom, and what never is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from filot_lint.cli import main

MakeWorkspace = Callable[[Mapping[str, str]], Path]
TASK = """{"family": "api", "containerDefinitions": [
  {"name": "api", "image": "api:1", "command": ["node", "src/index.ts"],
   "environment": [{"name": "PORT", "value": "8080"}],
   "secrets": [{"name": "KV_URL", "valueFrom": "arn:aws:ssm:eu-west-1:1:parameter/kv"}]}
]}
"""
FILES = {
    ".env.example": "# Stores\n# [REQUIRED]\nREDIS_URL=redis://u:canary@h:6379\n#PORT=80\n",
    "src/index.ts": "import './app';\nexport const lazy = () => import('./late');\n",
    "src/app.ts": "import { client } from './client';\nclient.ping();\n",
    "src/client.ts": "import Redis from 'ioredis';\n"
    "const url = process.env.REDIS_URL || process.env.KV_URL || 'redis://localhost:6379';\n"
    "export const client = new Redis(url);\n",
    "src/late.ts": "export function late() { return process.env.PORT ?? '3000'; }\n",
    "src/loose.ts": "export const secret = process.env.JWT_SECRET || 'canary-x7';\n",
    "src/dynamic.ts": "export const of = (k: string) => process.env[`R2_${k}_KEY`];\n",
    "test/app.test.ts": "process.env.REDIS_URL = 'redis://canary';\nif (process.env.PORT) { run(); }\n",
    "infra/ecs/task.json": TASK,
}


@pytest.fixture
def root(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace, and stand in it."""
    root = make_workspace(FILES)
    monkeypatch.chdir(root)
    return root


def explain(*args: str) -> Result:
    return CliRunner().invoke(main, ["explain", *args])


def sections(name: str) -> dict[str, list[str]]:
    """Return the rows of each section, their blanks folded."""
    result = explain(name)
    assert result.exit_code == 0, result.output
    blocks = [block.splitlines() for block in result.output.split("\n\n")]
    return {block[0]: [" ".join(row.split()) for row in block[1:]] for block in blocks}


def story(name: str) -> dict[str, Any]:
    result = explain(name, "--format", "json")
    assert result.exit_code == 0, result.output
    loaded: dict[str, Any] = json.loads(result.output)
    return loaded


@pytest.mark.usefixtures("root")
def test_the_whole_story() -> None:
    told = sections("REDIS_URL")
    assert next(iter(told)) == "REDIS_URL: secret (high confidence)"
    assert told["REDIS_URL: secret (high confidence)"][-1].startswith("in production: required; marked in the example")
    assert told["Declared"] == [".env.example:3 url with credentials, required"]
    assert told["Read by api, which starts with src/index.ts"] == [
        "src/client.ts:2:13 read with process.env, default: the value of KV_URL, when the file is loaded",
        "src/index.ts > src/app.ts > src/client.ts",
    ]
    assert told["Written or deleted"] == [
        "test/app.test.ts:1:1 written with process.env, when the file is loaded, test"
    ]
    assert told["Order of preference"] == ["src/client.ts:2 REDIS_URL, else KV_URL"]
    assert told["The value goes to"] == ["src/client.ts:3 url of the ioredis client"]
    assert told["Containers"][0].startswith("infra/ecs/task.json:2 api in container api: not given: ")
    finding = "container `api` is not given `REDIS_URL`, which api reads at src/client.ts:2"
    assert told["Findings"] == [
        f"infra/ecs/task.json:2:13 info[FIL802] {finding}",
        "confidence low: the code goes on without it",
    ]
    assert "Read in no component" not in told


def test_a_claim_that_nothing_checks(root: Path) -> None:
    (root / "src/claim.ts").write_text("export const key = process.env.CLAIMED_KEY!;\n", "utf-8")
    assert "relied on, unchecked" in explain("CLAIMED_KEY").output


@pytest.mark.usefixtures("root")
def test_a_name_that_stands_in_for_another() -> None:
    told = sections("KV_URL")
    assert "Declared nowhere" in told
    assert told["Order of preference"] == ["src/client.ts:2 REDIS_URL, else KV_URL"]
    assert told["The value goes to"] == ["src/client.ts:3 url of the ioredis client, after REDIS_URL"]
    given = "api in container api: given by the secret store, arn:aws:ssm:eu-west-1:1:parameter/kv"
    assert told["Containers"] == [f"infra/ecs/task.json:4 {given}"]


@pytest.mark.usefixtures("root")
def test_lazy_imports_and_other_areas() -> None:
    told = sections("PORT")
    assert told["Declared"][0].endswith("commented out")
    assert told["Read by api, which starts with src/index.ts"] == [
        "src/late.ts:1:33 read with process.env, default: 3000, in a function",
        "src/index.ts > src/late.ts (only through a lazy import, perhaps never)",
    ]
    assert told["Read by tests and tooling"] == [
        "test/app.test.ts:2:5 tested for presence with process.env, when the file is loaded, test"
    ]


@pytest.mark.usefixtures("root")
def test_reads_outside_every_component_and_hidden_defaults() -> None:
    told = sections("JWT_SECRET")
    assert told["Read in no component"] == [
        "src/loose.ts:1:23 read with process.env, default: a literal, not shown, when the file is loaded"
    ]
    assert "Containers" not in told


@pytest.mark.usefixtures("root")
def test_a_name_that_only_a_pattern_allows() -> None:
    told = sections("R2_BACKUP_KEY")
    assert "Read by no file under this name" in told
    assert told["Perhaps read, where the name is computed"] == [
        "src/dynamic.ts:1:34 names like R2_.*_KEY, read with process.env, in a function"
    ]


@pytest.mark.usefixtures("root")
def test_a_name_that_a_library_reads_by_itself() -> None:
    assert "Beyond the workspace the AWS SDK (library) reads or sets it by itself" in sections("AWS_PROFILE")


def test_a_component_without_a_container(root: Path) -> None:
    (root / "infra/ecs/task.json").unlink()
    (root / "package.json").write_text('{"name": "shop", "scripts": {"start": "node src/index.ts"}}')
    assert sections("KV_URL")["Containers"] == ["src/index.ts shop: no manifest describes a container that runs it"]


def test_a_build_argument_is_not_given_at_run_time(root: Path) -> None:
    start = 'CMD ["node", "src/index.ts"]\n'
    (root / "Dockerfile").write_text(f"FROM node:20\nARG REDIS_URL\nARG KV_URL\nENV PORT=80\n{start}")
    told = sections("REDIS_URL")
    assert "not given" in told["Containers"][0]
    assert told["Given elsewhere"] == ["Dockerfile:2 by the image build"]


@pytest.mark.usefixtures("root")
def test_json_is_the_same_story() -> None:
    told = story("REDIS_URL")
    assert told["schema"] == "filot-lint/explain/1"
    assert told["classification"]["kind"] == "secret"
    assert told["components"][0]["reads"][0]["path"] == ["src/index.ts", "src/app.ts", "src/client.ts"]
    assert told["chains"][0]["names"] == ["REDIS_URL", "KV_URL"]
    assert [use["field"] for use in told["uses"]] == ["url"]
    assert [supply["provision"] for supply in told["supplies"]] == [None]
    assert story("PORT")["components"][0]["reads"][0]["certain"] is False


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("name", ["REDIS_URL", "JWT_SECRET", "PORT"])
def test_no_secret_is_told(name: str) -> None:
    for form in ("text", "json"):
        result = explain(name, "--format", form)
        assert result.exit_code == 0
        assert "canary" not in result.output


@pytest.mark.usefixtures("root")
def test_an_unknown_name_gets_the_nearest_ones() -> None:
    result = explain("redis_uri")
    assert result.exit_code == 2
    assert "reads, declares or provides `redis_uri`; did you mean `REDIS_URL`" in result.output
    assert "known there" in explain("zzz").output


def test_what_the_repository_says_is_made_harmless(root: Path) -> None:
    (root / ".env.example").write_text("# ==== \x1b[2JA\u202e ====\nPORT=80\n", "utf-8")
    (root / "src/\x1b[31m.ts").write_text("export const p = process.env.PORT;\n", "utf-8")
    output = explain("PORT").output
    assert "\x1b" not in output
    assert "\u202e" not in output
    assert "src/\\x1b[31m.ts:1:18" in output


def test_a_workspace_elsewhere_and_a_file_instead(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root / "src")
    assert "\n  ../src/client.ts:2:13  " in explain("REDIS_URL", "..").output
    monkeypatch.chdir(root)
    assert "is not a folder" in explain("PORT", "src/app.ts").output
    assert explain("PORT", "src/app.ts").exit_code == 2


@pytest.mark.usefixtures("root")
def test_a_broken_check_leaves_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    from filot_lint.checks import load_checks  # noqa: PLC0415  # patched here only

    def broken(_: object) -> None:
        raise KeyError

    monkeypatch.setitem(load_checks(), "FIL102", broken)
    result = explain("PORT")
    assert result.exit_code == 3
    assert "Read by api" in result.output
    assert "the check of FIL102 failed: KeyError" in result.output


def test_a_comparison_says_that_a_key_is_secret(make_workspace: MakeWorkspace, monkeypatch: pytest.MonkeyPatch) -> None:
    source = "export const ok = (req) => req.headers['x-admin'] === process.env.ADMIN_KEY;\n"
    monkeypatch.chdir(make_workspace({"src/admin.ts": source}))
    told = story("ADMIN_KEY")
    assert told["classification"]["kind"] == "secret"
    assert "it is used as: compare (+4)" in told["classification"]["reasons"]
    assert [use["of"] for use in told["uses"]] == ["a comparison (==) with what somebody sends"]
