"""Which files belong to a workspace, what each is written in, and whether it is production, test or tooling."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from filot_lint.config import Config
from filot_lint.source import CODE, Area, Language
from filot_lint.workspace.git_index import tracked
from filot_lint.workspace.sniff import manifest_of

PRUNED = frozenset({".git", ".hg", ".svn", "node_modules", ".venv", "venv", "__pycache__", "dist", ".next", ".nuxt",
                    ".turbo", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".tox", ".nox", "coverage",
                    "site-packages", "bower_components", ".yarn", ".terraform"})  # fmt: skip

_SUFFIXES = {
    ".py": Language.PYTHON,
    ".ts": Language.TYPESCRIPT,
    ".mts": Language.TYPESCRIPT,
    ".cts": Language.TYPESCRIPT,
    ".tsx": Language.TSX,
    ".js": Language.JAVASCRIPT,
    ".mjs": Language.JAVASCRIPT,
    ".cjs": Language.JAVASCRIPT,
    ".jsx": Language.JAVASCRIPT,
    ".vue": Language.TYPESCRIPT,
    ".svelte": Language.TYPESCRIPT,
    ".astro": Language.TYPESCRIPT,
    ".prisma": Language.PRISMA,
    ".sh": Language.SHELL,
    ".bash": Language.SHELL,
}
_NAMES = {
    "package.json": Language.PACKAGE_JSON,
    "pyproject.toml": Language.PYPROJECT,
    "Procfile": Language.PROCFILE,
    ".replit": Language.REPLIT,
    "Pipfile": Language.PIPFILE,
    "setup.cfg": Language.SETUP_CFG,
    "poetry.lock": Language.PYTHON_LOCK,
    "uv.lock": Language.PYTHON_LOCK,
    "pdm.lock": Language.PYTHON_LOCK,
    "pylock.toml": Language.PYTHON_LOCK,
    "Pipfile.lock": Language.PIPFILE_LOCK,
    "package-lock.json": Language.PACKAGE_LOCK,
    "npm-shrinkwrap.json": Language.PACKAGE_LOCK,
    "pnpm-lock.yaml": Language.PNPM_LOCK,
    "yarn.lock": Language.YARN_LOCK,
    "bun.lock": Language.BUN_LOCK,
}
_DOCKERFILE = re.compile(r"^(Dockerfile|Containerfile)(\..+)?$|^.+\.(Dockerfile|dockerfile)$")
_COMPOSE = re.compile(r"^(docker-)?compose([.-][\w.-]+)?\.ya?ml$")
_REQUIREMENTS = re.compile(
    r"(^|/)(([\w.-]*[-_.])?(requirements|constraints)([-_.][\w.-]*)?|requirements/[\w.-]+)\.(txt|in)$"
)
_ENV_FILE = re.compile(r"^\.env(\.[\w.-]+)?$|^[\w.-]*\.env$")
_README = re.compile(
    r"^(readme|config|configuration|env|environment|deploy|deployment|install|installation|setup|replit|docker|"
    r"self[-_]?host(ing|ed)?)([._-][\w.-]*)?\.mdx?$",
    re.IGNORECASE,
)
_SERVICE = re.compile(r"(^|/)s6-rc\.d/[^/]+/type$")
_PAGE = re.compile(r"(^|/)(index|app)\.html$|(^|/)public/[^/]+\.html$")
_DECLARATION = re.compile(r"\.d\.[mc]?ts$")
_TSCONFIG = re.compile(r"^[tj]sconfig(\.[\w-]+)?\.json$")

_TEST_DIRECTORIES = frozenset({"test", "tests", "__test__", "__tests__", "__mocks__", "e2e", "__e2e__", "cypress",
                               "playwright", "stories", "fixtures", "__fixtures__", "spec", "testing", "testdata",
                               "test-data", "test-utils", "test_utils", "test-suite", "unittests"})  # fmt: skip
_TEST_DIRECTORY = re.compile(r"^(app|e2e|functional|integration|load|smoke|unit)[-_]tests?$")
_TEST_FILE = re.compile(
    r"\.((\w+)?test|spec|e2e|cy|stories|mock)(-d)?\.[mc]?[jt]sx?$|(^|/)test_[^/]*\.py$|_test\.py$|(^|/)conftest\.py$|"
    r"(^|[/.-])(jest|vitest|cypress|playwright)(\.[\w-]+)?\.(config|setup)\.[mc]?[jt]s$|(^|/)(vitest|jest)\.(workspace|global)|"
    r"(^|/)((global[-_.]?)?[sS]etup[-_.]?(jest|vitest|[tT]ests?|e2e)|(jest|vitest|tests?|e2e|global)[-_.]?[sS]etup)\.[mc]?[jt]sx?$"
)
_RUNNER = re.compile(
    rb"""(?m)^\s*(?:import\b[^;\n]*|\}\s*)from\s*["'](?:vitest|@jest/globals|@playwright/test|node:test|bun:test)["']"""
    rb"""|\brequire\(["'](?:@jest/globals|@playwright/test|node:test)["']\)"""
)
_PYTEST = re.compile(rb"(?m)^(?:import pytest\b|from pytest import\b)")
_TESTS = re.compile(rb"(?m)^\s*(?:async )?def test_|^\s*@pytest\.(?:fixture|mark)\b")
_TOOLING_DIRECTORIES = frozenset({"scripts", "script", "tools", "bin", "hack", "examples", "example", "docs", "doc",
                                  ".github", "migrations", "alembic", "prisma", "benchmarks", "bench", "samples",
                                  ".storybook", ".husky", "ci", ".ci", "dev", ".devcontainer"})  # fmt: skip
_BUILDER = re.compile(rb"(?m)^[^#\n]*\b(?:docker|podman)[ \t]+(?:buildx[ \t]+(?:build|bake)|build|push|tag)\b")
_PIPELINES = frozenset({Language.GITHUB_ACTIONS, Language.BUILDSPEC})
_SAMPLE_PROJECTS = frozenset({"examples", "example", "samples"})
_SAMPLE_DIRECTORIES = _SAMPLE_PROJECTS | {".devcontainer", ".github"}
_SAMPLE_FILE = re.compile(r"(^|/)example([_-][^/]*)?\.[^/]+$|\.example\.[^/]+$")
_TOOLING_FILE = re.compile(
    r"\.config\.[mc]?[jt]s$|(^|/)(docker[-_]?)?(build|release|publish)[\w.-]*\.sh$|"
    r"(^|/)(gulpfile|Gruntfile|noxfile|setup|fabfile)\.(py|[mc]?js)$"
    r"|^tasks\.py$"  # of invoke; deeper ones are those of Celery
)


@dataclass(slots=True)
class Found:
    """A file of the workspace that is read for facts, or may be read for links."""

    path: str
    language: Language
    area: Area


@dataclass(slots=True)
class Discovery:
    """What is in a workspace. `other` counts files of kinds nothing is extracted from."""

    root: Path
    files: list[Found] = field(default_factory=list)
    tsconfigs: list[str] = field(default_factory=list)
    other: int = 0


def discover(root: Path, config: Config) -> Discovery:
    """Walk a workspace: `.gitignore` is honoured, links are not followed.

    Files that git tracks and example files are found even where they are ignored.
    """
    found = Discovery(root)
    tests = GitIgnoreSpec.from_lines(config.test_paths)
    walk = _Walk(root, config)
    for path in walk.paths():
        name = PurePosixPath(path).name
        if _TSCONFIG.match(name):
            found.tsconfigs.append(path)
        language = language_of(root, path, config)
        if language is None and path in walk.tracked and _ENV_FILE.match(name) and ".vault" not in name:
            language = Language.ENV_FILE
        if language is None:
            found.other += 1
            continue
        area = Area.TEST if tests.match_file(path) else area_of(path, language)
        found.files.append(Found(path, language, area))
    return found


def paths_of(root: Path, config: Config) -> list[str]:
    """Return the files of a workspace, of whatever kind."""
    return _Walk(root, config).paths()


def runs_as_test(language: Language, data: bytes) -> bool:
    """Return whether a file says itself that it belongs to tests: by the runner that it imports."""
    if language is Language.PYTHON:
        return _PYTEST.search(data) is not None and _TESTS.search(data) is not None
    return language.is_code and _RUNNER.search(data) is not None


def area_by_content(area: Area, language: Language, data: bytes) -> Area:
    """Return the area of a file that says itself that it belongs to tests, or that it builds images."""
    if runs_as_test(language, data):
        return Area.TEST
    builds = area is Area.PRODUCTION and language is Language.SHELL and _BUILDER.search(data) is not None
    return Area.TOOLING if builds else area


class _Walk:
    """One walk over a tree."""

    def __init__(self, root: Path, config: Config) -> None:
        self.root = root
        self.config = config
        self.excluded = GitIgnoreSpec.from_lines(config.exclude)
        self.tracked = tracked(root.resolve())
        self.folders = _folders(self.tracked)

    def paths(self) -> list[str]:
        return sorted(self.files("", []))

    def files(self, directory: str, ignores: list[tuple[str, GitIgnoreSpec]]) -> Iterator[str]:
        here = self.root / directory if directory else self.root
        try:
            entries = sorted(os.scandir(here), key=lambda entry: entry.name)
        except OSError:
            return
        if any(entry.name == ".gitignore" for entry in entries):
            spec = _gitignore(here / ".gitignore")
            ignores = [*ignores, (directory, spec)] if spec is not None else ignores
        for entry in entries:
            path = f"{directory}/{entry.name}" if directory else entry.name
            if entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                if self._enters(entry.name, path, ignores):
                    yield from self.files(path, ignores)
            elif stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode) and self._takes(entry.name, path, ignores):
                yield path

    def _enters(self, name: str, path: str, ignores: list[tuple[str, GitIgnoreSpec]]) -> bool:
        if name in PRUNED or self.excluded.match_file(path + "/"):
            return False
        return path in self.folders or not _ignored(path + "/", ignores)

    def _takes(self, name: str, path: str, ignores: list[tuple[str, GitIgnoreSpec]]) -> bool:
        if self.excluded.match_file(path):
            return False
        return path in self.tracked or is_example(name, self.config) or not _ignored(path, ignores)


def _folders(paths: Iterable[str]) -> set[str]:
    """Return every folder above some paths."""
    found: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def _gitignore(path: Path) -> GitIgnoreSpec | None:
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return GitIgnoreSpec.from_lines(path.read_text(encoding="utf-8", errors="replace").splitlines())
    except (OSError, ValueError):
        return None


def _ignored(path: str, ignores: list[tuple[str, GitIgnoreSpec]]) -> bool:
    for directory, spec in reversed(ignores):
        relative = path[len(directory) + 1 :] if directory else path
        verdict = spec.check_file(relative).include
        if verdict is not None:
            return verdict
    return False


def is_example(name: str, config: Config) -> bool:
    """Return whether a file name is that of an environment example."""
    return any(fnmatchcase(name, pattern) for pattern in config.example_files)


def language_of(root: Path, path: str, config: Config) -> Language | None:  # one answer per kind
    """Return what a file is written in, None when nothing is extracted from it."""
    name = PurePosixPath(path).name
    if is_example(name, config):
        return Language.DOTENV
    if name in _NAMES:
        return _NAMES[name]
    if _DOCKERFILE.match(name) and not name.endswith((".md", ".dockerignore")):
        return Language.DOCKERFILE
    if _COMPOSE.match(name):
        return Language.COMPOSE
    if _REQUIREMENTS.search(path):
        return Language.REQUIREMENTS
    if _DECLARATION.search(name) or ".min." in name:
        return None
    if _README.match(name):
        return Language.MARKDOWN
    if _PAGE.search(path):
        return Language.HTML
    suffix = PurePosixPath(path).suffix
    if suffix in _SUFFIXES:
        return _SUFFIXES[suffix]
    if suffix in {".json", ".yaml", ".yml", ".toml", ".conf", ".ini"}:
        return manifest_of(root, path)
    if not suffix and not name.startswith("."):
        return Language.SUPERVISOR if _SERVICE.search(path) else Language.SHELL if _is_shell(root / path) else None
    return None


def _is_shell(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            first = file.readline(100)
    except OSError:
        return False
    return re.match(rb"#!\s*/\S*(/|/env\s+|/with-contenv\s+(/\S*/)?)(ba|da|z|k)?sh\b", first) is not None


def area_of(path: str, language: Language) -> Area:
    """Return the area of a file by its path."""
    parts = PurePosixPath(path).parts[:-1]
    if _TEST_FILE.search(path) or any(part in _TEST_DIRECTORIES or _TEST_DIRECTORY.match(part) for part in parts):
        return Area.TEST
    tooling = any(form.search(path) for form in (_TOOLING_FILE, _SAMPLE_FILE)) or any(
        part in _TOOLING_DIRECTORIES for part in parts
    )
    samples = _SAMPLE_DIRECTORIES if language is not Language.DOTENV else _SAMPLE_PROJECTS
    sample = any(part in samples for part in parts)
    runs = language in CODE or language is Language.SHELL
    return Area.TOOLING if sample or language in _PIPELINES or (tooling and runs) else Area.PRODUCTION
