"""Source file in, facts out. One module per kind of file; which reads what is the table below."""

from __future__ import annotations

from importlib import import_module
from traceback import walk_tb
from typing import TYPE_CHECKING, Protocol

from filot_lint.facts import EntryPoint, Fact, Problem
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
    Language.SHELL: "shell.shell",
    Language.DOTENV: "dotenv",
    Language.ENV_FILE: "dotenv",
    Language.MARKDOWN: "markdown",
    Language.HTML: "html",
    Language.DOCKERFILE: "manifests.dockerfile",
    Language.COMPOSE: "manifests.compose",
    Language.ECS: "manifests.ecs",
    Language.PACKAGE_JSON: "manifests.package_json",
    Language.PYPROJECT: "manifests.pyproject",
    Language.PROCFILE: "manifests.procfile",
    Language.SUPERVISOR: "manifests.supervisor",
    Language.REPLIT: "manifests.replit",
    Language.GITHUB_ACTIONS: "manifests.github",
    Language.BUILDSPEC: "manifests.buildspec",
    Language.KUBERNETES: "manifests.kubernetes",
    Language.HOSTING: "manifests.hosting",
    Language.PRISMA: "manifests.prisma",
    Language.REQUIREMENTS: "dependencies.requirements",
    Language.PIPFILE: "dependencies.pipfile",
    Language.SETUP_CFG: "dependencies.setup_cfg",
    Language.PYTHON_LOCK: "dependencies.python_lock",
    Language.PIPFILE_LOCK: "dependencies.pipfile_lock",
    Language.PACKAGE_LOCK: "dependencies.package_lock",
    Language.PNPM_LOCK: "dependencies.pnpm_lock",
    Language.YARN_LOCK: "dependencies.yarn_lock",
    Language.BUN_LOCK: "dependencies.bun_lock",
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
        started = [fact for fact in facts if isinstance(fact, EntryPoint)]
        if started:
            from filot_lint.extract.manifests.workers import consumers  # noqa: PLC0415  # only manifests start programs

            facts.extend(use for entry in started for use in consumers(entry))
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
