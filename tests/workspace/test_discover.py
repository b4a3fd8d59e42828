"""What belongs to a workspace."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from filot_lint.config import Config
from filot_lint.source import Area, Language
from filot_lint.workspace.discover import area_of, discover, runs_as_test


def make(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x")


def found(root: Path, config: Config | None = None) -> list[str]:
    return [file.path for file in discover(root, config or Config()).files]


def test_files_are_sorted_and_others_counted(tmp_path: Path) -> None:
    make(tmp_path, "b.py", "a.ts", "c/d.tsx", "NOTES.md", "data.csv")
    discovery = discover(tmp_path, Config())
    assert [f.path for f in discovery.files] == ["a.ts", "b.py", "c/d.tsx"]
    assert discovery.other == 2


def test_what_is_never_walked(tmp_path: Path) -> None:
    make(tmp_path, "node_modules/a.js", ".venv/b.py", "dist/c.js", ".git/d.py", "x/__pycache__/e.py", "f.py")
    assert found(tmp_path) == ["f.py"]


def test_gitignore_at_every_level(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "gen/b.py", "sub/c.py", "sub/d.py", "sub/deep/e.py", "keep/f.py")
    (tmp_path / ".gitignore").write_text("/gen/\nkeep/*\n!keep/f.py\n")
    (tmp_path / "sub/.gitignore").write_text("c.py\n/deep\n")
    assert found(tmp_path) == ["a.py", "keep/f.py", "sub/d.py"]


def test_examples_are_found_even_if_ignored(tmp_path: Path) -> None:
    make(tmp_path, ".env.example", ".env", "sub/.env.sample")
    (tmp_path / ".gitignore").write_text(".env*\n")
    assert found(tmp_path) == [".env.example", "sub/.env.sample"]


def test_the_real_env_file_is_never_read(tmp_path: Path) -> None:
    make(tmp_path, ".env", ".env.local", ".env.production")
    assert found(tmp_path) == []


def test_exclude(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "vendor/b.py", "c.test.py")
    assert found(tmp_path, Config(exclude=("vendor/", "*.test.py"))) == ["a.py"]


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    make(outside, "secret.py")
    make(root, "a.py")
    (root / "link.py").symlink_to(outside / "secret.py")
    (root / "folder").symlink_to(outside, target_is_directory=True)
    (root / "loop").symlink_to(root, target_is_directory=True)
    assert found(root) == ["a.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are POSIX")
def test_pipes_are_not_opened(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    os.mkfifo(tmp_path / "b.py")
    assert found(tmp_path) == ["a.py"]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("a.mts", Language.TYPESCRIPT),
        ("README.zh.md", Language.MARKDOWN),
        ("public/404.html", Language.HTML),
        ("a.cjs", Language.JAVASCRIPT),
        ("a.jsx", Language.JAVASCRIPT),
        ("Dockerfile", Language.DOCKERFILE),
        ("Dockerfile.gpu", Language.DOCKERFILE),
        ("api.Dockerfile", Language.DOCKERFILE),
        ("docker-compose.prod.yml", Language.COMPOSE),
        ("compose.yaml", Language.COMPOSE),
        ("package.json", Language.PACKAGE_JSON),
        ("pyproject.toml", Language.PYPROJECT),
        ("Procfile", Language.PROCFILE),
        (".replit", Language.REPLIT),
        ("deploy.sh", Language.SHELL),
    ],
)
def test_languages_by_name(name: str, language: Language, tmp_path: Path) -> None:
    make(tmp_path, name)
    assert [f.language for f in discover(tmp_path, Config()).files] == [language]


@pytest.mark.parametrize("name", ["types.d.ts", "lib.min.js", "data.json", "Dockerfile.md", "notes.yml", "binary"])
def test_what_is_not_read(name: str, tmp_path: Path) -> None:
    make(tmp_path, name)
    assert found(tmp_path) == []


def test_languages_by_content(tmp_path: Path) -> None:
    (tmp_path / "task.json").write_text('{"containerDefinitions": []}')
    (tmp_path / "start").write_text("#!/usr/bin/env bash\n")
    languages = {f.path: f.language for f in discover(tmp_path, Config()).files}
    assert languages == {"task.json": Language.ECS, "start": Language.SHELL}


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("src/a.ts", Area.PRODUCTION),
        ("src/a.test.ts", Area.TEST),
        ("src/__tests__/a.ts", Area.TEST),
        ("tests/test_a.py", Area.TEST),
        ("app/conftest.py", Area.TEST),
        ("scripts/seed.ts", Area.TOOLING),
        ("vite.config.ts", Area.TOOLING),
        ("alembic/env.py", Area.TOOLING),
        ("ui/setup-jest.ts", Area.TEST),
        ("src/setupTests.js", Area.TEST),
        ("pkg/vitestSetup.ts", Area.TEST),
        ("pkg/globalSetup.ts", Area.TEST),
        ("pkg/unit.vitest.config.ts", Area.TEST),
        ("pkg/types.test-d.ts", Area.TEST),
        ("web/src/a.servertest.ts", Area.TEST),
        ("web/__e2e__/a.ts", Area.TEST),
        ("load_tests/a.py", Area.TEST),
        ("unittests/a.py", Area.TEST),
        ("src/example.ts", Area.TOOLING),
        ("src/example_usage.py", Area.TOOLING),
        ("src/a.example.ts", Area.TOOLING),
        ("samples/a.ts", Area.TOOLING),
        ("src/contest.py", Area.PRODUCTION),
        ("src/examples.ts", Area.PRODUCTION),
        ("load/tests.py", Area.PRODUCTION),
        ("src/setup-auth.ts", Area.PRODUCTION),
        ("src/latest.ts", Area.PRODUCTION),
    ],
)
def test_areas(path: str, area: Area) -> None:
    language = Language.PYTHON if path.endswith(".py") else Language.TYPESCRIPT
    assert area_of(path, language) is area


@pytest.mark.parametrize(
    ("path", "area"),
    [
        (".env.example", Area.PRODUCTION),
        (".devcontainer/.env.example", Area.PRODUCTION),
        ("scripts/.env.example", Area.PRODUCTION),
        ("e2e/.env.example", Area.TEST),
        ("examples/shop/.env.example", Area.TOOLING),
    ],
)
def test_areas_of_example_files(path: str, area: Area) -> None:
    assert area_of(path, Language.DOTENV) is area


def test_test_paths_of_the_configuration(tmp_path: Path) -> None:
    make(tmp_path, "qa/a.py", "b.py")
    files = discover(tmp_path, Config(test_paths=("qa/",))).files
    assert {f.path: f.area for f in files} == {"b.py": Area.PRODUCTION, "qa/a.py": Area.TEST}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.ts", 'import { vi } from "vitest";\n', True),
        ("a.ts", 'import {\n  it,\n} from "node:test";\n', True),
        ("a.js", "const { test } = require('@playwright/test');\n", True),
        ("a.ts", "const hint = \"import x from 'vitest'\";\n", False),
        ("a.ts", 'import { chromium } from "playwright";\n', False),
        ("a.py", "import pytest\n\n@pytest.fixture\ndef client(): ...\n", True),
        ("a.py", "from pytest import raises\n\ndef helper(): ...\n", False),
    ],
)
def test_files_that_import_a_test_runner(name: str, text: str, *, expected: bool) -> None:
    language = Language.PYTHON if name.endswith(".py") else Language.TYPESCRIPT
    assert runs_as_test(language, text.encode()) is expected
