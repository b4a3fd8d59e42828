"""What compose files give to their services."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest

from filot_lint.extract.manifests.compose import extract
from filot_lint.facts import (
    ContainerSpec,
    Default,
    EntryPoint,
    EnvFile,
    EnvProvision,
    EnvRead,
    Fact,
    ImageBuild,
    Problem,
)
from filot_lint.source import Language, SourceError, SourceFile

MODELS: Any = None
CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"

STACK = """x-shared: &shared
  NODE_ENV: production
services:
  api:
    build:
      context: ./backend
      args:
        - BUILD_TOKEN
    image: ghcr.io/filot/filot-api:${TAG:-latest}
    command: ["node", "dist/index.js"]
    working_dir: /app
    environment:
      <<: *shared
      JWT_SECRET: ${JWT_SECRET:?set it}
      INHERITED:
      EMPTY: ""
      MIXED: "é $$5 ${DB_HOST}"
    env_file: .env
    ports: ["8080:8080", {target: 9090, published: 9091}]
    healthcheck: {test: curl -f http://localhost/health}
    stop_grace_period: 30s
  worker:
    build: .
    entrypoint: sh -c "exec python -m worker.main"
    environment:
      - PLAIN=1
      - "QUOTED=${QUOTED}"
      - HOST_ONLY
    env_file:
      - path: a.env
      - b.env
    deploy: {resources: {reservations: {devices: [{count: 1, capabilities: [gpu]}]}}}
"""


def facts(text: str | bytes) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return extract(SourceFile("docker-compose.yml", data, Language.COMPOSE), MODELS)


def test_provisions() -> None:
    found = [f for f in facts(STACK) if isinstance(f, EnvProvision)]

    assert [(f.name, f.channel, f.container, f.shape, f.line, f.column) for f in found] == [
        ("NODE_ENV", "environment", "api", "word", 2, 3),
        ("JWT_SECRET", "host", "api", "reference", 14, 7),
        ("INHERITED", "host", "api", None, 15, 7),
        ("EMPTY", "environment", "api", "empty", 16, 7),
        ("MIXED", "environment", "api", "text", 17, 7),
        ("BUILD_TOKEN", "image-arg", "api", None, 8, 11),
        ("PLAIN", "environment", "worker", "boolean", 26, 9),
        ("QUOTED", "host", "worker", "reference", 27, 10),
        ("HOST_ONLY", "host", "worker", None, 28, 9),
    ]


def test_interpolations_are_reads() -> None:
    found = {f.name: f for f in facts(STACK) if isinstance(f, EnvRead)}

    assert set(found) == {"BUILD_TOKEN", "TAG", "JWT_SECRET", "INHERITED", "DB_HOST", "QUOTED", "HOST_ONLY"}
    assert found["TAG"].default == Default("literal", "latest")
    assert found["JWT_SECRET"].required is True
    assert (found["DB_HOST"].line, found["DB_HOST"].column) == (17, 23)
    assert (found["QUOTED"].line, found["QUOTED"].column) == (27, 19)


def test_containers_and_what_they_run() -> None:
    api, worker = (f for f in facts(STACK) if isinstance(f, ContainerSpec))
    run_api, run_worker = (f for f in facts(STACK) if isinstance(f, EntryPoint))
    (build,) = (f for f in facts(STACK) if isinstance(f, ImageBuild))

    assert (api.name, api.dockerfile, api.ports) == ("api", "backend/Dockerfile", ("8080:8080", "9091:9090"))
    assert (api.health_check, api.stop_timeout) == (("CMD-SHELL", "curl -f http://localhost/health"), "30s")
    assert (worker.name, worker.dockerfile, worker.gpus) == ("worker", "Dockerfile", "1")
    assert (run_api.component, run_api.command, run_api.workdir) == ("api", ("node", "dist/index.js"), "/app")
    assert (run_worker.component, run_worker.command) == ("worker", ("python", "-m", "worker.main"))
    assert (build.dockerfile, build.image) == ("backend/Dockerfile", "filot-api")


def test_env_files() -> None:
    assert [(f.path, f.container, f.channel) for f in facts(STACK) if isinstance(f, EnvFile)] == [
        (".env", "api", "compose"),
        ("a.env", "worker", "compose"),
        ("b.env", "worker", "compose"),
    ]


def test_env_files_that_may_be_missing() -> None:
    text = "services: {a: {env_file: [x.env, {path: y.env, required: false}, {path: z.env, format: raw}]}}"

    assert [(f.path, f.required) for f in facts(text) if isinstance(f, EnvFile)] == [
        ("x.env", True),
        ("y.env", False),
        ("z.env", True),
    ]


def test_a_service_that_extends_another() -> None:
    text = """services:
  base:
    image: app
    command: node base.js
    env_file: base.env
    environment: {A: base, B: base}
  api:
    extends: {service: base}
    command: node api.js
    environment: ["B=api", "C=api"]
  far: {extends: {file: other.yml, service: base}}
  self: {extends: self}
  gone: {extends: nobody}
"""
    found = [f for f in facts(text) if isinstance(f, EnvProvision) and f.container == "api"]

    assert [(f.name, f.line) for f in found] == [("A", 6), ("B", 10), ("C", 10)]
    assert {(f.name, f.image) for f in facts(text) if isinstance(f, ContainerSpec)} == {
        ("base", "app"),
        ("api", "app"),
        ("far", None),
        ("self", None),
        ("gone", None),
    }
    assert [f.command for f in facts(text) if isinstance(f, EntryPoint)] == [("node", "base.js"), ("node", "api.js")]
    assert [f.container for f in facts(text) if isinstance(f, EnvFile)] == ["base", "api"]


def test_what_compose_leaves_to_the_container() -> None:
    text = """services:
  redis:
    command: sh -c "redis-server --requirepass $$REDIS_PASSWORD --port $${PORT:-6379} $HOST_SIDE $$$$ $$lower"
    healthcheck:
      test: ["CMD-SHELL", "pg_isready -U $$DB_USER"]
    environment: ["X=$$NOT_READ"]
"""
    found = {f.name: f for f in facts(text) if isinstance(f, EnvRead)}
    (run,) = [f for f in facts(text) if isinstance(f, EntryPoint)]

    assert set(found) == {"REDIS_PASSWORD", "PORT", "HOST_SIDE", "DB_USER"}
    assert (found["REDIS_PASSWORD"].line, found["REDIS_PASSWORD"].column) == (3, 50)
    assert found["PORT"].default == Default("literal", "6379")
    assert run.command[:2] == ("redis-server", "--requirepass")


def test_secrets_from_the_host() -> None:
    text = "services: {a: {image: x}}\nsecrets: {p: {environment: DB_PASSWORD}, f: {file: ./x}}\n"
    text += "configs: {c: {environment: CONF}}"

    assert [(f.name, f.line) for f in facts(text) if isinstance(f, EnvRead)] == [("DB_PASSWORD", 2), ("CONF", 3)]


def test_targets_and_folders() -> None:
    (spec,) = [
        f
        for f in facts("services: {a: {build: {context: ., target: worker}, working_dir: /app}}")
        if isinstance(f, ContainerSpec)
    ]

    assert (spec.target, spec.workdir) == ("worker", "/app")


def test_values_never_leave() -> None:
    text = (
        f"services:\n  a:\n    environment:\n      A: {CANARY}\n      B: ${{JWT_SECRET:-hunter22}}\n"
        f"      C: ${{PORT:-{CANARY}}}\n    command: redis-server --requirepass hunter22\n"
        f"    healthcheck:\n      test: ['CMD', 'redis-cli', '--password', 'hunter22', '-u', 'redis://:s3cr3tvalue@h']\n"
        f"  b:\n    environment: ['A={CANARY}']\n    image: x:{CANARY}\n"
        f"    build: {{context: ., args: {{X: {CANARY}}}}}\n"
    )
    encoded = msgspec.json.encode(facts(text)).decode()

    assert not any(secret in encoded for secret in (CANARY, "hunter22", "s3cr3tvalue"))


def test_a_broken_file_gives_what_stands_before_the_error() -> None:
    found = facts("services:\n  a:\n    environment:\n      A: 1\n    ports: [\n  b: }\n")

    assert [f.name for f in found if isinstance(f, EnvProvision)] == ["A"]
    assert [f.line for f in found if isinstance(f, Problem)] == [6]


def test_other_yaml_is_silent() -> None:
    assert facts("on: push\njobs: {a: {env: {X: '${X}'}}}\n") == []
    assert facts("") == []
    assert facts("services: [a, b]\n---\n- x\n") == []


def test_hostile_input() -> None:
    begin = time.perf_counter()
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 20)}]\n" for i in range(1, 30))
    merges = "m0: &m0 {K: 1}\n" + "".join(
        f"m{i}: &m{i} {{<<: [{', '.join([f'*m{i - 1}'] * 20)}], K{i}: 1}}\n" for i in range(1, 20)
    )
    for text in (
        "services: " + "[" * 40_000,
        "services: " + "{a: " * 10_000,
        bomb + "services: {a: {environment: *a29, command: *a29, ports: *a29}}\n",
        merges + "services: {a: {environment: *m19}}\n",
        "services: &s {a: *s, b: {<<: *s}}\n",
        "services: {" + ", ".join(f"s{i}: {{extends: s{i + 1}}}" for i in range(500)) + "}\n",
        "services: {a: {extends: [x], env_file: {path: [x]}, build: [x], environment: [[x], {y: z}], secrets: 1}}\n",
        "services: {a: {environment: {A: 1, A: 2}, environment: {A: 3}}}\nsecrets: [x]\nconfigs: {c: d}\n",
        "services: {a: {environment: {? [x] : y, 1: 2, ~: 3}}}\n",
        "services:\n  a:\n    image: " + "$" * 40_000 + "\n",
        "services:\n  a:\n    image: '" + "${A}" * 10_000 + "'\n",
        "\t\x07",
        '"\\ud800": x\nservices: {a: {image: "\\ud800"}}\n',
    ):
        msgspec.json.encode(facts(text))
    msgspec.json.encode(facts(b"services: {a: {image: \xff}}\n"))
    assert time.perf_counter() - begin < 20
    with pytest.raises(SourceError):
        facts(b"services:\0")


@pytest.mark.parametrize(
    ("profiles", "area"),
    [("[dev]", "tooling"), ("[Debug, test]", "tooling"), ("[test, e2e]", "test"), ("[dev, full]", "production"),
     ("[]", "production"), ("[gpu]", "production")],
)  # fmt: skip
def test_a_profile_for_trials(profiles: str, area: str) -> None:
    found = facts(f"services: {{a: {{image: x, profiles: {profiles}, environment: {{A: b}}}}}}")

    assert {fact.area for fact in found} == {area}
