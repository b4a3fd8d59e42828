"""One text, judged as a part of the workspace it stands in: what editors and other linters ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
from pathspec import GitIgnoreSpec

from filot_lint import engine
from filot_lint.baseline import BaselineError, Entry, baseline_of, compare, is_gone, read_baseline
from filot_lint.config import Config, ConfigError, find_root, load_config
from filot_lint.extract import extract
from filot_lint.facts import EnvDeclaration, Fact
from filot_lint.files import read_regular
from filot_lint.findings import Finding, Scope
from filot_lint.models import load_models
from filot_lint.source import Area, Language, Oracle, SourceFile, readable
from filot_lint.suspicion import suspected as holds_secret
from filot_lint.workspace.discover import area_of, is_example, paths_of
from filot_lint.workspace.resolve import Resolver
from filot_lint.workspace.scan import index_file


class Surroundings(msgspec.Struct, frozen=True):
    """What a workspace says about each of its files: settings, declared variables, known findings, the files.

    `modules` are those that a text may import.
    """

    root: Path
    config: Config
    declarations: tuple[EnvDeclaration, ...]
    known: tuple[Entry, ...]
    paths: frozenset[str]
    modules: frozenset[str]

    def holds(self, path: str) -> bool:
        """Whether a file, new ones included, is not left out by the settings or by git."""
        return path in self.paths or not (self.root / path).is_file()

    def area_of(self, path: str, language: Language) -> Area:
        """Return the area of a file."""
        return _area(path, language, self.config)

    def resolver(self, path: str) -> Resolver:
        """Return what finds the modules that a text imports."""
        if path in self.modules:
            return _resolver(self.modules)
        return Resolver(dict.fromkeys((*self.modules, path), Language.PYTHON), [])

    def facts_of(self, path: str) -> list[Fact]:
        """Return the facts of a module that a text leads to."""
        return _module(self.root, path, self.config.max_file_size)


def check_text(
    text: str,
    filename: str | None,
    settings: str | None = None,
    *,
    noqa: bool = False,
    oracle: Oracle | None = None,
) -> list[Finding]:
    """Return the findings of the file-scope rules in a Python text; without a name it stands in the current folder.

    `noqa` says that such comments count; flake8 deals with them itself. `oracle` is what the host knows of the text.
    """
    data = text.encode("utf-8", "surrogateescape")
    models = load_models()
    if not models.triggered(Language.PYTHON, data) and not holds_secret(data) and b"filot-lint" not in data:
        return []
    path = Path(filename).resolve() if filename else Path.cwd() / "stdin.py"
    around = surroundings(_existing(path.parent), settings)
    inside = Path(os.path.relpath(path, around.root)).as_posix()
    if not around.holds(inside):
        return []
    index = index_file(
        inside,
        data,
        Language.PYTHON,
        around.config,
        models,
        around.declarations,
        around.area_of(inside, Language.PYTHON),
        oracle,
        around.resolver(inside),
        around.facts_of,
    )
    found = engine.run(index, around.config, scope=Scope.FILE, noqa=noqa)
    own = [finding for finding in found if finding.location.file == inside and finding.suppressed is None]
    return engine.shown(compare(around.known, own, lambda _: False, _gone(around.root)).new)


@cache
def surroundings(folder: Path, settings: str | None) -> Surroundings:
    """Read what is around a file, once per folder."""
    return _of_root(find_root(folder), settings)


@cache
def _of_root(root: Path, settings: str | None) -> Surroundings:
    config = load_config(root, Path(settings) if settings else None)
    paths = paths_of(root, config)
    examples = [path for path in paths if is_example(Path(path).name, config)]
    declarations = tuple(found for path in examples for found in _declared(root, path, config))
    modules = frozenset(path for path in paths if path.endswith(".py"))
    return Surroundings(root, config, declarations, _known(root, config), frozenset(paths), modules)


def _declared(root: Path, path: str, config: Config) -> Iterator[EnvDeclaration]:
    """Yield what an example file declares."""
    found = _facts(root, path, Language.DOTENV, _area(path, Language.DOTENV, config), config.max_file_size)
    yield from (fact for fact in found if isinstance(fact, EnvDeclaration))


@cache
def _resolver(modules: frozenset[str]) -> Resolver:
    return Resolver(dict.fromkeys(sorted(modules), Language.PYTHON), [])


@cache
def _module(root: Path, path: str, limit: int) -> list[Fact]:
    return _facts(root, path, Language.PYTHON, area_of(path, Language.PYTHON), limit)


def _facts(root: Path, path: str, language: Language, area: Area, limit: int) -> list[Fact]:
    """Return the facts of a file; one that cannot be used is for the command line to tell of."""
    try:
        data = read_regular(root / path, limit)
    except OSError:
        return []
    return [] if data is None else extract(SourceFile(path, readable(data, language), language, area), load_models())


def _area(path: str, language: Language, config: Config) -> Area:
    tests = GitIgnoreSpec.from_lines(config.test_paths)
    return Area.TEST if tests.match_file(path) else area_of(path, language)


def _known(root: Path, config: Config) -> tuple[Entry, ...]:
    """Return the entries of the settings' baseline; one that is not there yet knows nothing."""
    path = baseline_of(root, config)
    try:
        return read_baseline(path) if path is not None and path.exists() else ()
    except BaselineError as error:
        raise ConfigError(str(error)) from None


_gone = cache(is_gone)


def _existing(folder: Path) -> Path:
    while not folder.is_dir():
        folder = folder.parent
    return folder
