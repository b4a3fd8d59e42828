"""Source file in, facts out. One module per kind of file; which reads what is the table below."""

from __future__ import annotations

from importlib import import_module
from traceback import walk_tb
from typing import TYPE_CHECKING, Protocol

from filot_lint.facts import Fact, Problem
from filot_lint.source import Language, SourceError, SourceFile

if TYPE_CHECKING:
    from filot_lint.models import Models


class Extractor(Protocol):
    """The function `extract` of every module here."""

    def __call__(self, source: SourceFile, models: Models) -> list[Fact]:
        """Return the facts of one file; raise `SourceError` when nothing can be said."""


_MODULES = {
    Language.PYTHON: "code",
    Language.TYPESCRIPT: "code",
    Language.TSX: "code",
    Language.JAVASCRIPT: "code",
    Language.SHELL: "shell",
    Language.DOTENV: "dotenv",
    Language.DOCKERFILE: "dockerfile",
    Language.COMPOSE: "compose",
    Language.ECS: "ecs",
    Language.PACKAGE_JSON: "package_json",
    Language.PYPROJECT: "pyproject",
    Language.PROCFILE: "procfile",
    Language.REPLIT: "replit",
    Language.GITHUB_ACTIONS: "github",
    Language.BUILDSPEC: "buildspec",
    Language.KUBERNETES: "kubernetes",
    Language.HOSTING: "hosting",
    Language.PRISMA: "prisma",
    Language.REQUIREMENTS: "requirements",
    Language.PIPFILE: "pipfile",
    Language.SETUP_CFG: "setup_cfg",
    Language.PYTHON_LOCK: "python_lock",
    Language.PIPFILE_LOCK: "pipfile_lock",
    Language.PACKAGE_LOCK: "package_lock",
    Language.PNPM_LOCK: "pnpm_lock",
    Language.YARN_LOCK: "yarn_lock",
    Language.BUN_LOCK: "bun_lock",
}


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the facts of a file; a file that cannot be read becomes a `Problem`, never an exception."""
    name = _MODULES.get(source.language)
    if name is None:
        return []
    module = import_module(f"{__name__}.{name}")
    try:
        extractor: Extractor = module.extract
        facts = extractor(source, models)
    except SourceError as error:
        return [problem(source, str(error))]
    except RecursionError:
        return [problem(source, "nested too deeply to analyse")]
    except Exception as error:  # noqa: BLE001  # one file must not take the others with it; the run says so
        return [problem(source, f"could not be analysed ({_where(error)}); this is a defect of filot-lint")]
    return facts


def _where(error: Exception) -> str:
    """Return the kind of an error and the innermost place in our own code, without anything of the file."""
    place = ""
    for frame, line in walk_tb(error.__traceback__):
        module = frame.f_globals.get("__name__", "")
        if module.startswith("filot_lint."):
            place = f" at {module}:{line}"
    return f"{type(error).__name__}{place}"


def problem(source: SourceFile, message: str, line: int = 1, *, partial: bool = False) -> Problem:
    """Return the fact that a file, or a part of it, could not be parsed."""
    place = source.at_line(line)
    return Problem(
        file=source.path,
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        language=source.language.published,
        area=source.area.value,
        problem="partial" if partial else "unparsable",
        message=message,
    )
