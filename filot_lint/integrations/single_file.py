"""One text, judged as a part of the workspace it stands in: what editors and other linters ask for."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import msgspec

from filot_lint import engine
from filot_lint.config import Config, find_root, load_config
from filot_lint.extract import extract
from filot_lint.facts import EnvDeclaration
from filot_lint.findings import Finding, Scope
from filot_lint.models import load_models
from filot_lint.source import Area, Language, SourceFile
from filot_lint.suspicion import suspected as holds_secret
from filot_lint.workspace.discover import area_of, discover
from filot_lint.workspace.scan import index_file


class Surroundings(msgspec.Struct, frozen=True):
    """What a workspace says about each of its files: the settings, the declared variables, the areas."""

    root: Path
    config: Config
    declarations: tuple[EnvDeclaration, ...]
    areas: dict[str, Area]


def check_text(text: str, filename: str | None, settings: str | None = None, *, noqa: bool = False) -> list[Finding]:
    """Return the findings of the file-scope rules in a Python text; without a name it stands in the current folder.

    `noqa` says that such comments count; flake8 deals with them itself.
    """
    data = text.encode("utf-8", "surrogateescape")
    models = load_models()
    if not models.triggered(Language.PYTHON, data) and not holds_secret(data) and b"filot-lint" not in data:
        return []
    path = Path(filename).resolve() if filename else Path.cwd() / "stdin.py"
    around = surroundings(_existing(path.parent), settings)
    inside = Path(os.path.relpath(path, around.root)).as_posix()
    area = around.areas.get(inside)
    if area is None:
        if path.is_file():  # left out by the settings or by git
            return []
        area = area_of(inside, Language.PYTHON)
    index = index_file(inside, data, Language.PYTHON, around.config, models, around.declarations, area)
    found = engine.shown(engine.run(index, around.config, scope=Scope.FILE, noqa=noqa))
    return [finding for finding in found if finding.location.file == inside]


@cache
def surroundings(folder: Path, settings: str | None) -> Surroundings:
    """Read what is around a file, once per folder."""
    return _of_root(find_root(folder), settings)


@cache
def _of_root(root: Path, settings: str | None) -> Surroundings:
    config = load_config(root, Path(settings) if settings else None)
    found = discover(root, config)
    declarations: list[EnvDeclaration] = []
    for file in found.files:
        if file.language is Language.DOTENV:
            source = SourceFile(file.path, (root / file.path).read_bytes(), file.language, file.area)
            declarations += [f for f in extract(source, load_models()) if isinstance(f, EnvDeclaration)]
    areas = {file.path: file.area for file in found.files if file.language is Language.PYTHON}
    return Surroundings(root, config, tuple(declarations), areas)


def _existing(folder: Path) -> Path:
    while not folder.is_dir():
        folder = folder.parent
    return folder
