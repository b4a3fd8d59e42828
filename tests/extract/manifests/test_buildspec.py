"""What AWS CodeBuild gives to its commands."""

from __future__ import annotations

import time

import msgspec
import pytest

from filot_lint.extract.manifests.buildspec import extract
from filot_lint.facts import EnvProvision, EnvRead, Fact, ImageBuild, Problem
from filot_lint.models import load_models
from filot_lint.source import Area, Language, SourceError, SourceFile

CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"
SPEC = """version: 0.2
env:
  variables:
    REPOSITORY: shop-gpu
    EMPTY: ""
  parameter-store:
    HOST: /shop/host
  secrets-manager:
    PASSWORD: shop/prod:password
  exported-variables: [TAG]
phases:
  pre_build:
    commands:
      - echo $REPOSITORY $HOST $PASSWORD $ACCOUNT
      - TAG=$(git rev-parse HEAD)
      - "echo \\"$QUOTED\\""
  build:
    commands:
      - docker build -f Dockerfile.gpu -t $ACCOUNT.dkr.ecr/$REPOSITORY:$TAG .
      - |
        if [ -z "$NEEDED" ]; then
          exit 1
        fi
        cat <<END
        $INSIDE
        END
    finally: ["echo $AFTER"]
artifacts: {files: ["**/*"]}
"""


def facts(text: str | bytes) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return extract(SourceFile("buildspec.yml", data, Language.BUILDSPEC, Area.TOOLING), load_models())


def test_what_commands_are_given() -> None:
    found = [f for f in facts(SPEC) if isinstance(f, EnvProvision)]

    assert [(f.name, f.scope, f.shape, f.reference, f.line) for f in found] == [
        ("REPOSITORY", "env.variables", "word", None, 4),
        ("EMPTY", "env.variables", "empty", None, 5),
        ("HOST", "env.parameter-store", None, "/shop/host", 7),
        ("PASSWORD", "env.secrets-manager", None, "shop/prod:password", 9),
    ]
    assert {(f.channel, f.area) for f in found} == {("ci", "tooling")}


def test_what_commands_read() -> None:
    found = [f for f in facts(SPEC) if isinstance(f, EnvRead)]

    assert [(f.name, f.line, f.column) for f in found] == [
        ("ACCOUNT", 14, 43),
        ("QUOTED", 16, 18),
        ("ACCOUNT", 19, 44),
        ("NEEDED", 21, 19),
        ("INSIDE", 25, 10),
        ("AFTER", 27, 22),
    ]
    assert {f.area for f in found} == {"tooling"}


def test_images() -> None:
    (build,) = [f for f in facts(SPEC) if isinstance(f, ImageBuild)]

    assert (build.dockerfile, build.image) == ("Dockerfile.gpu", "shop-gpu")


def test_powershell_is_not_read() -> None:
    text = "env: {shell: powershell.exe}\nphases: {build: {commands: ['echo $A']}}"

    assert facts(text) == []


def test_values_never_leave() -> None:
    text = f"env: {{variables: {{A: {CANARY}}}, secrets-manager: {{B: {CANARY}}}}}\nphases: {{}}"

    assert CANARY not in msgspec.json.encode(facts(text)).decode()


def test_broken_and_hostile_files() -> None:
    begin = time.perf_counter()
    assert [f.line for f in facts("phases:\n  a: [\n  b: }\n") if isinstance(f, Problem)] == [3]
    bomb = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 20) if i else 'echo $A'}]\n" for i in range(30))
    for text in (
        "",
        "phases: 1",
        "phases: [a]",
        "env: [x]\nphases: {a: [b], c: {commands: {d: e}}, f: {commands: [[x], {y: z}, 1]}}",
        "env: {variables: {? [x] : y, 1: 2}, parameter-store: {A: [x]}, shell: [x]}",
        bomb + "phases: {a: {commands: *a29}}",
        "phases: {a: {commands: [" + "'echo $A', " * 2_000 + "]}}",
        "phases: " + "{a: " * 10_000,
    ):
        msgspec.json.encode(facts(text))
    assert time.perf_counter() - begin < 20
    with pytest.raises(SourceError):
        facts(b"\0")
