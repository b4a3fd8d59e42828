"""What the manifests of hosting platforms run and give."""

from __future__ import annotations

import json
import time
from typing import Any

import msgspec
import pytest

from filot_lint.extract.manifests.hosting import extract
from filot_lint.facts import EntryPoint, EnvProvision, Fact
from filot_lint.source import Language, SourceError, SourceFile

MODELS: Any = None
CANARY = "q9ZrT7xWv2LmK4pNs8YbHc3JdF6gUa1EoRi5"
FLY = """app = "shop"
[env]
  PORT = 8080
  "URL" = "https://shop.example"
[processes]
web = "node dist/web.js"
worker = "cd w && node dist/worker.js"
[deploy]
release_command = "npm run migrate"
"""
RENDER = """services:
  - type: web
    name: api
    rootDir: backend
    startCommand: npm ci && node dist/index.js
    preDeployCommand: npm run migrate
    envVars:
      - {key: PLAIN, value: production}
      - {key: TOKEN, generateValue: true}
      - {key: ASKED, sync: false}
      - key: DATABASE_URL
        fromDatabase: {name: db, property: connectionString}
      - fromGroup: shared
envVarGroups:
  - {name: shared, envVars: [{key: SHARED, value: "1"}]}
"""
HEROKU = {
    "name": "shop",
    "env": {
        "SECRET": {"generator": "secret", "required": True},
        "OPTIONAL": {"description": "x", "required": False},
        "PLAIN": "production",
        "VALUE": {"value": "1"},
    },
}


def facts(path: str, text: str | bytes) -> list[Fact]:
    data = text if isinstance(text, bytes) else text.encode()
    return extract(SourceFile(path, data, Language.HOSTING), MODELS)


def given(path: str, text: str) -> list[tuple[str, str, str | None, str | None, str | None, int]]:
    found = [f for f in facts(path, text) if isinstance(f, EnvProvision)]
    return [(f.name, f.channel, f.container, f.shape, f.reference, f.line) for f in found]


def runs(path: str, text: str) -> list[tuple[str, tuple[str, ...], str | None, str]]:
    found = [f for f in facts(path, text) if isinstance(f, EntryPoint)]
    return [(f.component, f.command, f.workdir, f.role) for f in found]


def test_fly() -> None:
    assert given("fly.toml", FLY) == [
        ("PORT", "environment", "shop", "integer", None, 3),
        ("URL", "environment", "shop", "url", None, 4),
    ]
    assert runs("fly.toml", FLY) == [
        ("web", ("node", "dist/web.js"), None, "deployable"),
        ("worker", ("node", "dist/worker.js"), "w", "deployable"),
        ("shop", ("npm", "run", "migrate"), None, "script"),
    ]


def test_render() -> None:
    assert given("render.yaml", RENDER) == [
        ("PLAIN", "environment", "api", "word", None, 8),
        ("TOKEN", "environment", "api", None, "made by the platform", 9),
        ("ASKED", "environment", "api", None, None, 10),
        ("DATABASE_URL", "environment", "api", None, "fromDatabase db: connectionString", 11),
        ("SHARED", "environment", None, "boolean", None, 15),
    ]
    assert runs("render.yaml", RENDER) == [
        ("api", ("node", "dist/index.js"), "backend", "deployable"),
        ("api", ("npm", "run", "migrate"), "backend", "script"),
    ]


def test_heroku() -> None:
    found = [f for f in facts("app.json", json.dumps(HEROKU)) if isinstance(f, EnvProvision)]

    assert [(f.name, f.channel, f.shape, f.required) for f in found] == [
        ("SECRET", "environment", None, True),
        ("OPTIONAL", "environment", None, False),
        ("PLAIN", "environment", "word", None),
        ("VALUE", "environment", "boolean", None),
    ]
    assert facts("app.json", '{"expo": {"name": "x"}}') == []


def test_vercel() -> None:
    text = '{"env": {"A": "@stored", "B": "plain"}, "build": {"env": {"C": "1"}}}'

    assert [line[:5] for line in given("vercel.json", text)] == [
        ("A", "environment", None, None, "@stored"),
        ("B", "environment", None, "word", None),
        ("C", "image-arg", None, "boolean", None),
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("railway.json", '{"deploy": {"startCommand": "node a.js"}}'),
        ("railway.toml", '[deploy]\nstartCommand = "node a.js"'),
    ],
)
def test_railway(path: str, text: str) -> None:
    assert runs(path, text) == [("railway", ("node", "a.js"), None, "deployable")]


def test_values_never_leave() -> None:
    texts = {
        "fly.toml": FLY.replace("https://shop.example", CANARY).replace("dist/web.js", f"x --token {CANARY}"),
        "render.yaml": RENDER.replace("production", CANARY),
        "app.json": json.dumps(HEROKU).replace("production", CANARY),
    }

    assert CANARY not in msgspec.json.encode([facts(path, text) for path, text in texts.items()]).decode()


def test_hostile_input() -> None:
    begin = time.perf_counter()
    bomb = "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 20) if i else '{key: A}'}]\n" for i in range(30))
    for path, text in (
        ("render.yaml", bomb + "services: *a29\nenvVarGroups: *a29\n"),
        ("render.yaml", "services: {a: b}\nenvVarGroups: [1, {envVars: [x, {key: [y]}, {key: 'a b'}]}]"),
        ("render.yaml", "services: [{startCommand: [x], envVars: {a: b}, name: [x]}]"),
        ("app.json", '{"env": [1]}'),
        ("app.json", '{"env": {"A": [1], "B": {"value": {}}, "A": null, "c d": "1"}}'),
        ("app.json", "[" * 40_000),
        ("vercel.json", '{"env": {"A": 1}, "build": []}'),
        ("railway.json", '{"deploy": {"startCommand": ["a"]}}'),
        ("fly.toml", 'app = ["x"]\nenv = 1\nprocesses = ["x"]\ndeploy = {release_command = 1}'),
        ("fly.toml", '[env]\n"a.b" = 1\nA = {x = 1}\n'),
    ):
        msgspec.json.encode(facts(path, text))
    assert time.perf_counter() - begin < 20
    for path in ("fly.toml", "app.json", "render.yaml"):
        with pytest.raises(SourceError):
            facts(path, b"\0")
