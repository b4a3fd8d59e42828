"""Which program a command names that reads a file of variables, and what an example is copied to."""

from __future__ import annotations

from typing import Any

import pytest

from filot_lint.checks.dotenv.readers import copied_to
from filot_lint.extract import extract
from filot_lint.facts import EnvFile
from filot_lint.source import Language, SourceFile

MODELS: Any = None


def readers(path: str, text: str, language: Language) -> list[tuple[str, str, str | None]]:
    facts = extract(SourceFile(path, text.encode(), language), MODELS)
    return [(fact.path, fact.channel, fact.reader) for fact in facts if isinstance(fact, EnvFile)]


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("set -a; . ./.env; set +a", [("./.env", "shell", "shell")]),
        ("source .env", [(".env", "shell", "shell")]),
        ("export $(grep -v '^#' .env | xargs)", [(".env", "shell", "xargs")]),
        ("docker run --env-file .env shop", [(".env", "docker", "docker")]),
        ("docker compose --env-file .env up", [(".env", "docker", "compose")]),
        ("docker-compose --env-file=.env up", [(".env", "docker", "compose")]),
        ("node --env-file=.env dist/main.js", [(".env", "shell", "node")]),
        ("npx dotenv -e .env -- tsx src/main.ts", [(".env", "shell", "dotenv-cli")]),
        ("dotenvx run -f .env -- node main.js", [(".env", "shell", "dotenvx")]),
        ('while read -r line; do export "$line"; done < .env', [(".env", "shell", None)]),
    ],
)
def test_commands_of_scripts(command: str, wanted: list[tuple[str, str, str | None]]) -> None:
    assert readers("run.sh", f"#!/bin/bash\n{command}\n", Language.SHELL) == wanted


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("next build && next start", [(".env", "shell", "bundler"), (".env", "shell", "bundler")]),
        ("vite", [(".env", "shell", "bundler")]),
        ("vite --port 3000", [(".env", "shell", "bundler")]),
        ("vite-node main.ts", []),
        ("nuxt build", [(".env", "shell", "bundler")]),
        ("next lint", []),
        ("node --env-file=.env.local main.js", [(".env.local", "shell", "node")]),
    ],
)
def test_scripts_of_packages(script: str, wanted: list[tuple[str, str, str | None]]) -> None:
    text = f'{{"name": "web", "scripts": {{"start": "{script}"}}}}'

    assert readers("package.json", text, Language.PACKAGE_JSON) == wanted


@pytest.mark.parametrize(
    ("name", "copy"),
    [
        (".env.example", ".env"),
        (".env.prod.example", ".env.prod"),
        (".env.example.local", ".env.local"),
        ("env.sample", ".env"),
        ("template.env", ".env"),
        ("worker.env.example", "worker.env"),
        (".env.schema", ".env"),
    ],
)
def test_what_an_example_is_copied_to(name: str, copy: str) -> None:
    assert copied_to(name) == copy
