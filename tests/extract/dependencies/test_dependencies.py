"""What lock files and manifests say about packages."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from filot_lint.config import Config
from filot_lint.extract import extract
from filot_lint.facts import Dependency, DependencyFile, Fact, Problem
from filot_lint.models import load_models
from filot_lint.source import Language, SourceFile
from filot_lint.workspace.discover import language_of

PATHS = {
    Language.REQUIREMENTS: "api/requirements.txt",
    Language.PIPFILE: "Pipfile",
    Language.SETUP_CFG: "setup.cfg",
    Language.PYPROJECT: "pyproject.toml",
    Language.PYTHON_LOCK: "poetry.lock",
    Language.PIPFILE_LOCK: "Pipfile.lock",
    Language.PACKAGE_JSON: "package.json",
    Language.PACKAGE_LOCK: "package-lock.json",
    Language.PNPM_LOCK: "pnpm-lock.yaml",
    Language.YARN_LOCK: "yarn.lock",
    Language.BUN_LOCK: "bun.lock",
}


def read(language: Language, text: str, path: str = "") -> list[Fact]:
    return extract(SourceFile(path or PATHS[language], text.encode(), language), load_models())


def lines(facts: list[Fact]) -> list[str]:
    """Write each package as `line name version constraint`, then where and for what."""
    found = []
    for fact in facts:
        if isinstance(fact, Dependency):
            parts = [str(fact.line), fact.name, fact.version or "-", repr(fact.constraint) if fact.constraint else ""]
            parts += [f"for {fact.importer or '.'}" if fact.importer is not None else "", "dev" if fact.dev else ""]
            found.append(" ".join(part for part in parts if part))
    return found


def listing(facts: list[Fact]) -> DependencyFile:
    return next(fact for fact in facts if isinstance(fact, DependencyFile))


def test_requirements() -> None:
    facts = read(
        Language.REQUIREMENTS,
        "# comment\n"
        "-r base.txt\n-c ../constraints.txt\n--index-url https://user:secret@host/simple\n"
        "redis[hiredis]==5.0.4  # cache\n"
        'Celery>=5.3,<6 ; python_version >= "3.9"\n'
        "PyJWT==2.10.1 \\\n    --hash=sha256:abc\n"
        "boto3 @ https://user:secret@host/boto3.whl\n"
        "temporalio\n"
        "attrs==3.0\nnot a requirement\n",
    )
    assert lines(facts) == [
        "5 redis 5.0.4 '==5.0.4'",
        "6 celery - '>=5.3,<6'",
        "7 pyjwt 2.10.1 '==2.10.1'",
        "9 boto3 -",
        "10 temporalio -",
    ]
    assert listing(facts).includes == ("api/base.txt", "constraints.txt")
    assert "secret" not in repr(facts)


@pytest.mark.parametrize("name", ["requirements-dev.txt", "requirements/test.txt", "dev-requirements.in"])
def test_requirements_for_development(name: str) -> None:
    assert lines(read(Language.REQUIREMENTS, "redis==5\n", name)) == ["1 redis 5 '==5' dev"]


def test_a_project() -> None:
    facts = read(
        Language.PYPROJECT,
        "[project]\nname = 'x'\ndependencies = [\n"
        '  "fastapi",\n  "redis[hiredis]~=5.2.1",\n  "celery>=5",\n]\n'
        '[project.optional-dependencies]\nworker = ["rq==1.16"]\ntest = ["arq"]\n'
        '[dependency-groups]\nlocal = [{ include-group = "x" }, "boto3>=1.36"]\n',
    )
    assert lines(facts) == [
        "5 redis - '~=5.2.1'",
        "6 celery - '>=5'",
        "9 rq 1.16 '==1.16'",
        "10 arq - dev",
        "12 boto3 - '>=1.36' dev",
    ]


def test_a_project_of_poetry() -> None:
    facts = read(
        Language.PYPROJECT,
        '[tool.poetry.dependencies]\npython = "^3.11"\nredis = "^5.0"\n'
        'celery = { version = "5.4.0", extras = ["redis"] }\n'
        'boto3 = { git = "https://token@host/x" }\n'
        '[tool.poetry.group.dev.dependencies]\nPyJWT = "*"\n',
    )
    assert lines(facts) == ["3 redis - '^5.0'", "4 celery 5.4.0 '5.4.0'", "5 boto3 -", "7 pyjwt - '*' dev"]


def test_a_project_of_tools_only_is_no_manifest() -> None:
    assert read(Language.PYPROJECT, "[tool.ruff]\nline-length = 100\n") == []


def test_setup_cfg() -> None:
    facts = read(
        Language.SETUP_CFG,
        "[metadata]\nname = x\n[options]\ninstall_requires =\n    redis>=4\n    left-pad\n"
        "[options.extras_require]\ndev =\n    celery==5.4\nworker = rq>=1\n[flake8]\nmax-line-length = 100\n",
    )
    assert lines(facts) == ["5 redis - '>=4'", "9 celery 5.4 '==5.4' dev", "10 rq - '>=1'"]
    assert read(Language.SETUP_CFG, "[flake8]\nmax-line-length = 100\n") == []


def test_pipenv() -> None:
    text = '[packages]\nredis = "==5.0.1"\ncelery = {version = "*", extras = ["redis"]}\n[dev-packages]\nboto3 = "*"\n'
    assert lines(read(Language.PIPFILE, text)) == ["2 redis 5.0.1 '==5.0.1'", "3 celery - '*'", "5 boto3 - '*' dev"]
    lock = {
        "_meta": {"hash": {"sha256": "x"}, "sources": [{"name": "pypi", "url": "u"}]},
        "default": {"redis": {"hashes": ["sha256:1"], "index": "pypi", "version": "==5.0.1"}},
        "develop": {"boto3": {"hashes": ["sha256:1"], "markers": "python_version > '3'", "version": "==1.35.0"}},
    }
    facts = read(Language.PIPFILE_LOCK, json.dumps(lock, indent=4))
    assert lines(facts) == ["14 redis 5.0.1", "23 boto3 1.35.0 dev"]


POETRY = """\
[[package]]
name = "redis"
version = "5.0.8"
description = "x"
optional = false
groups = ["main", "dev"]

[package.dependencies]
async-timeout = ">=4"

[[package]]
name = "boto3"
version = "1.35.1"
category = "dev"

[[package]]
name = "attrs"
version = "3.0.0"

[metadata]
"""


def test_locks_of_python() -> None:
    assert lines(read(Language.PYTHON_LOCK, POETRY)) == ["2 redis 5.0.8", "12 boto3 1.35.1 dev"]
    assert lines(read(Language.PYTHON_LOCK, POETRY.replace("\n", "\r\n"))) == ["2 redis 5.0.8", "12 boto3 1.35.1 dev"]
    standard = read(Language.PYTHON_LOCK, '[[packages]]\nname = "redis"\nversion = "6.4.0"\n', "pylock.toml")
    assert lines(standard) == ["2 redis 6.4.0"]


def test_a_workspace_of_uv() -> None:
    text = (
        '[[package]]\nname = "app"\nversion = "0.1.0"\nsource = { editable = "services/app" }\n\n'
        '[[package]]\nname = "redis"\nversion = "6.4.0"\nsource = { registry = "https://pypi.org/simple" }\n'
        '\n[[package]]\nname = "redis"\nversion = "5.2.1"\n'
    )
    facts = read(Language.PYTHON_LOCK, text, "py/uv.lock")
    assert lines(facts) == ["7 redis 6.4.0", "12 redis 5.2.1"]
    assert listing(facts).members == ("py/services/app",)


def test_a_package() -> None:
    content = {
        "dependencies": {
            "ioredis": "^5.4.1",
            "bullmq": "5.12.0",
            "redis": "catalog:",
            "pg": "git+https://u:secret@h/pg",
        },
        "devDependencies": {"@aws-sdk/client-s3": "~3.700.0", "typescript": "5"},
    }
    facts = read(Language.PACKAGE_JSON, json.dumps(content, indent=2))
    assert lines(facts) == [
        "3 ioredis - '^5.4.1'",
        "4 bullmq 5.12.0 '5.12.0'",
        "5 redis -",
        "6 pg -",
        "9 @aws-sdk/client-s3 - '~3.700.0' dev",
    ]
    assert "secret" not in repr(facts)


@pytest.mark.parametrize("indent", [2, 4, "\t", None])
def test_a_lock_of_npm(indent: int | str | None) -> None:
    content = {
        "lockfileVersion": 3,
        "packages": {
            "": {"dependencies": {"ioredis": "^5"}},
            "apps/web": {"name": "web"},
            "node_modules/web": {"resolved": "apps/web", "link": True},
            "node_modules/ioredis": {"version": "5.4.1", "resolved": "https://x", "dependencies": {"debug": "^4"}},
            "node_modules/bullmq/node_modules/ioredis": {"version": "5.3.0"},
            "node_modules/redis": {"version": "4.7.0", "dev": True},
            "apps/web/node_modules/ioredis": {"version": "4.28.5"},
        },
    }
    facts = read(Language.PACKAGE_LOCK, json.dumps(content, indent=indent), "js/package-lock.json")
    found = [line.partition(" ")[2] for line in lines(facts)]
    assert found == ["ioredis 5.4.1 for js", "redis 4.7.0 for js dev", "ioredis 4.28.5 for js/apps/web"]
    assert listing(facts).members == ("js/apps/web",)


def test_the_first_lock_of_npm() -> None:
    content = {
        "lockfileVersion": 1,
        "dependencies": {
            "bull": {
                "version": "4.1.0",
                "requires": {"ioredis": "^4"},
                "dependencies": {"ioredis": {"version": "4.28.5"}},
            },
            "ioredis": {"version": "5.0.0", "dev": True},
        },
    }
    facts = read(Language.PACKAGE_LOCK, json.dumps(content, indent=2))
    assert lines(facts) == ["4 bull 4.1.0 for .", "15 ioredis 5.0.0 for . dev"]


PNPM_9 = """\
lockfileVersion: '9.0'

catalogs:
  default:
    ioredis:
      specifier: ^5
      version: 5.4.1

importers:

  .:
    devDependencies:
      typescript:
        specifier: 5
        version: 5.0.0

  apps/web:
    dependencies:
      '@aws-sdk/client-s3':
        specifier: ^3.700.0
        version: 3.700.0(@aws-sdk/client-sts@3.700.0)
      ioredis:
        specifier: 'catalog:'
        version: 5.4.1
    devDependencies:
      redis:
        specifier: ^4
        version: 4.7.0
      shared:
        specifier: workspace:*
        version: link:../../packages/shared

packages:

  '@aws-sdk/client-s3@3.700.0':
    resolution: {integrity: x}

  bullmq@5.12.0:
    resolution: {integrity: x}

  ioredis@5.4.1:
    resolution: {integrity: x}

snapshots:

  bullmq@5.12.0(x@1):
    dependencies:
      ioredis: 5.4.1
"""
PNPM_5 = """\
lockfileVersion: 5.4

specifiers:
  ioredis: ^5.0.0
  redis: ^4

dependencies:
  ioredis: 5.3.0

devDependencies:
  redis: 4.7.0_abc

packages:

  /bullmq/5.1.0_x:
    resolution: {integrity: x}

  /@temporalio/client/1.13.0:
    resolution: {integrity: x}
"""


def test_locks_of_pnpm() -> None:
    facts = read(Language.PNPM_LOCK, PNPM_9)
    assert lines(facts) == [
        "19 @aws-sdk/client-s3 3.700.0 '^3.700.0' for apps/web",
        "22 ioredis 5.4.1 for apps/web",
        "26 redis 4.7.0 '^4' for apps/web dev",
        "38 bullmq 5.12.0",
    ]
    assert listing(facts).members == ("", "apps/web")
    assert lines(read(Language.PNPM_LOCK, PNPM_5)) == [
        "8 ioredis 5.3.0 '^5.0.0' for .",
        "11 redis 4.7.0 '^4' for . dev",
        "15 bullmq 5.1.0",
        "18 @temporalio/client 1.13.0",
    ]


def test_locks_of_yarn() -> None:
    classic = (
        "# yarn lockfile v1\n\n"
        'ioredis@^5.0.0, ioredis@^5.3.2:\n  version "5.4.1"\n  resolved "https://x"\n\n'
        '"@aws-sdk/client-s3@^3.1.0":\n  version "3.700.0"\n'
    )
    assert lines(read(Language.YARN_LOCK, classic)) == [
        "3 ioredis 5.4.1 '^5.0.0'",
        "3 ioredis 5.4.1 '^5.3.2'",
        "7 @aws-sdk/client-s3 3.700.0 '^3.1.0'",
    ]
    berry = (
        "__metadata:\n  version: 8\n\n"
        '"ioredis@npm:^5.0.0, ioredis@npm:^5.3.2":\n  version: 5.4.1\n  resolution: "ioredis@npm:5.4.1"\n\n'
        '"redis@patch:redis@npm%3A4.7.0#~/x.patch":\n  version: 4.7.0\n\n'
        '"bullmq@workspace:packages/bullmq":\n  version: 0.0.0-use.local\n'
    )
    assert lines(read(Language.YARN_LOCK, berry)) == [
        "4 ioredis 5.4.1 '^5.0.0'",
        "4 ioredis 5.4.1 '^5.3.2'",
        "8 redis 4.7.0",
    ]


def test_a_lock_of_bun() -> None:
    text = """\
{
  "lockfileVersion": 1,
  "workspaces": {
    "": {
      "name": "root",
    },
    "apps/web": {
      "name": "web",
      "dependencies": {
        "ioredis": "^5",
      },
    },
  },
  "packages": {
    "ioredis": ["ioredis@5.4.1", "", { "dependencies": { "debug": "^4" } }, "sha512-x"],

    "web": ["web@workspace:apps/web"],

    "bullmq/ioredis": ["ioredis@5.3.0", "", {}, "sha512-x"],

    "web/ioredis": ["ioredis@4.28.5", "", {}, "sha512-x"],
  }
}
"""
    facts = read(Language.BUN_LOCK, text)
    assert lines(facts) == ["15 ioredis 5.4.1 for .", "21 ioredis 4.28.5 for apps/web"]
    assert listing(facts).members == ("", "apps/web")


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("requirements.txt", Language.REQUIREMENTS),
        ("api/requirements-dev.txt", Language.REQUIREMENTS),
        ("api/dev-requirements.in", Language.REQUIREMENTS),
        ("api/requirements/base.txt", Language.REQUIREMENTS),
        ("constraints.txt", Language.REQUIREMENTS),
        ("requirements.md", None),
        ("docs/notes.txt", None),
        ("poetry.lock", Language.PYTHON_LOCK),
        ("Cargo.lock", None),
        ("npm-shrinkwrap.json", Language.PACKAGE_LOCK),
        ("bun.lockb", None),
    ],
)
def test_the_names_of_such_files(path: str, language: Language | None) -> None:
    assert language_of(Path(), path, Config()) is language


@pytest.mark.parametrize("language", sorted(PATHS))
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "{",
        "[[package]]\n",
        '"node_modules/',
        "ioredis@\n",
        "\xe4\x80",
    ],
)
def test_what_is_broken_is_passed_over_or_said(language: Language, text: str) -> None:
    facts = read(language, text)
    assert all(isinstance(fact, DependencyFile | Problem) for fact in facts)
    assert not any("defect" in fact.message for fact in facts if isinstance(fact, Problem))


HOSTILE = {
    "one long line": ["node_modules/" * 60_000, '"version": "1",' * 30_000, ": " * 100_000],
    "one package again and again": [f'redis=={i}\n"ioredis@{i}":\n  version: {i}\n' for i in range(30_000)],
    "locked again and again": [f'[[package]]\nname = "redis"\nversion = "{i}"\n' for i in range(40_000)],
    "installed again and again": [f'"a{i}/node_modules/redis": {{"version": "{i}"\n' for i in range(40_000)],
    "imported again and again": [
        "importers:\n",
        *(f"  a{i}:\n    dependencies:\n      redis:\n        version: 1.{i}\n" for i in range(30_000)),
    ],
    "deeper and deeper": [" " * i + "a:\n" for i in range(2_000)],
}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", sorted(PATHS))
def test_hostile_files_take_no_time(language: Language, text: str) -> None:
    content = "".join(HOSTILE[text])
    start = time.perf_counter()
    assert len(read(language, content)) < 5_000
    assert time.perf_counter() - start < 5
