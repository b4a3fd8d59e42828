"""GitHub Actions: workflows and composite actions. Nothing of it runs in production."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract import problem
from filot_lint.extract.manifests.github_steps import image_builds, renderings, services
from filot_lint.extract.manifests.pipeline import EXPRESSION, code_of, given
from filot_lint.extract.place import place, readable
from filot_lint.extract.shell import shell
from filot_lint.extract.shell.shell_programs import Program
from filot_lint.extract.trees.tree import Mapping, Scalar, entries_of, items_of, text_of, texts_of, walk
from filot_lint.extract.trees.tree_yaml import Reader
from filot_lint.facts import EnvRead, StoredValue
from filot_lint.source import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.extract.trees.tree import Node
    from filot_lint.facts import EnvProvision, Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

VIA = "github-actions"
_NAME = re.compile(r"[A-Za-z_]\w*")
_CONTEXT = re.compile(
    r"(?<![\w.-])(?P<context>secrets|vars|env)(?:\.(?P<name>[A-Za-z_][\w-]*)|\[\s*['\"](?P<quoted>[\w-]+)['\"]\s*\])"
)
_WRITTEN = re.compile(r"\b([A-Za-z_]\w*)(?:=|<<)[^\n]*>>\s*[\"']?\$\{?GITHUB_ENV\b")
_WHOLE = re.compile(r"\s*\$\{\{\s*((?:secrets|vars)\.[\w-]+)\s*\}\}\s*")
_SHELLS = {"bash": Language.SHELL, "sh": Language.SHELL, "python": Language.PYTHON}


class Scope(NamedTuple):
    """A part of the file that sets variables for what is inside; `given` are the constants among them."""

    path: str = "workflow"
    known: frozenset[str] = frozenset()
    given: dict[str, str] = {}  # noqa: RUF012  # never changed
    shell: str = "bash"

    def inside(self, path: str, env: Node | None) -> Scope:
        """Return a part of this part."""
        constants = {
            key.text: value.text for key, value in _pairs(env) if value is not None and "${{" not in value.text
        }
        known = self.known.union(key.text for key, _ in _pairs(env))
        return self._replace(path=path, known=known, given={**self.given, **constants})


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the facts of a workflow or a composite action."""
    reader = Reader(readable(source))
    facts: list[Fact] = []
    for root in reader.read()[:1]:
        if isinstance(root, Mapping):
            file = _File(source, models, root)
            facts.extend(file.facts())
            facts.extend(file.uses())
    facts.extend(problem(source, message, line) for line, message in reader.problems)
    return facts


def _pairs(env: Node | None) -> list[tuple[Scalar, Scalar | None]]:
    return [
        (key, value if isinstance(value, Scalar) else None)
        for key, value in entries_of(env)
        if _NAME.fullmatch(key.text) is not None
    ]


class _File:
    """One workflow or action."""

    def __init__(self, source: SourceFile, models: Models, root: Mapping) -> None:
        self.source = source
        self.models = models
        self.root = root
        self.exported: set[str] = set()

    def facts(self) -> Iterator[Fact]:
        env = self.root.get("env")
        yield from self._env(env, "workflow")
        top = Scope(shell=_shell(self.root, "bash")).inside("workflow", env)
        for key, job in entries_of(self.root.get("jobs")):
            if isinstance(job, Mapping):
                yield from self._job(f"jobs.{key.text}", job, top)
        runs = self.root.get("runs")
        if isinstance(runs, Mapping):
            yield from self._env(runs.get("env"), "runs")
            yield from self._steps("runs", runs.get("steps"), top.inside("runs", runs.get("env")))

    def _job(self, path: str, job: Mapping, top: Scope) -> Iterator[Fact]:
        env = job.get("env")
        yield from self._env(env, path)
        windows = any("windows" in text for text in texts_of(job.get("runs-on")))
        scope = top._replace(shell=_shell(job, "pwsh" if windows else top.shell)).inside(path, env)
        container = job.get("container")
        if isinstance(container, Mapping):
            yield from self._env(container.get("env"), f"{path}.container")
            scope = scope.inside(path, container.get("env"))
        for key, service in entries_of(job.get("services")):
            if isinstance(service, Mapping):
                yield from self._env(service.get("env"), f"{path}.services.{key.text}")
        yield from self._steps(path, job.get("steps"), scope)

    def _env(self, env: Node | None, path: str) -> Iterator[EnvProvision]:
        for key, value in _pairs(env):
            whole = _WHOLE.fullmatch(value.text) if value is not None else None
            text = None if value is None or value.is_null else value.text
            yield given(self.source, key, text, path, reference=None if whole is None else whole[1])

    def _steps(self, path: str, steps: Node | None, scope: Scope) -> Iterator[Fact]:
        mappings = [step for step in items_of(steps) if isinstance(step, Mapping)]
        exported = {name for step in mappings for name in _WRITTEN.findall(text_of(step.get("run")) or "")}
        self.exported |= exported
        scope = scope._replace(known=scope.known | exported)
        for number, step in enumerate(mappings):
            place_of = f"{path}.steps[{number}]"
            yield from self._env(step.get("env"), place_of)
            inner = scope.inside(place_of, step.get("env"))
            yield from self._run(step, inner)
            yield from image_builds(self.source, step, mappings, inner.given, place_of)
            yield from services(self.source, step, mappings, inner.given)
            yield from renderings(self.source, step, mappings, inner.given)

    def _run(self, step: Mapping, scope: Scope) -> Iterator[Fact]:
        run = step.get("run")
        wanted = (text_of(step.get("shell")) or scope.shell).split()[:1]
        language = _SHELLS.get(wanted[0]) if wanted else None
        if isinstance(run, Scalar) and language is not None:
            program = Program(code_of(self.source, run), language)
            yield from shell.run_in(self.source, program, self.models, VIA, shell.Setting(scope.known, scope.given))

    # Uses of contexts -----------------------------------------------------------------------------------------------

    def uses(self) -> Iterator[Fact]:
        """Yield the uses of `secrets.X`, `vars.X`, and of `env.X` where the file does not set it itself."""
        set_here = self.exported | {name.text for env in _under(self.root, "env") for name, _ in _pairs(env)}
        conditions = {id(node) for node in _under(self.root, "if")}
        for node in walk(self.root):
            if isinstance(node, Scalar) and (id(node) in conditions or "${{" in node.text):
                yield from self._contexts(node, set_here, condition=id(node) in conditions)

    def _contexts(self, scalar: Scalar, set_here: set[str], *, condition: bool) -> Iterator[Fact]:
        for number in range(scalar.line, min(scalar.end_line, len(self.source.lines)) + 1):
            line = self.source.lines[number - 1]
            begin = scalar.column - 1 if number == scalar.line else 0
            end = scalar.end_column - 1 if number == scalar.end_line and not scalar.style.strip("'\"") else len(line)
            spans = [found.span() for found in EXPRESSION.finditer(line)] if "${{" in line else []
            for found in _CONTEXT.finditer(line, begin, max(end, begin)):
                if condition or any(start < found.start() < stop for start, stop in spans):
                    yield from self._use(found, number, set_here)

    def _use(self, found: re.Match[str], number: int, set_here: set[str]) -> Iterator[Fact]:
        group = "name" if found["name"] is not None else "quoted"
        name, context = found[group], found["context"]
        at = place(self.source, number, found.start(group) + 1, len(name))
        if context != "env":
            yield StoredValue(store="secrets" if context == "secrets" else "vars", name=name, **at)
        elif name not in set_here and _NAME.fullmatch(name):
            yield EnvRead(name=name, access="read", via=VIA, **at)


def _under(root: Mapping, key: str) -> Iterator[Node]:
    """Yield what stands under a key, anywhere."""
    for node in walk(root):
        if isinstance(node, Mapping):
            yield from (value for name, value in node.entries if name.text == key)


def _shell(node: Mapping, otherwise: str) -> str:
    defaults = node.get("defaults")
    run = defaults.get("run") if isinstance(defaults, Mapping) else None
    return (text_of(run.get("shell")) if isinstance(run, Mapping) else None) or otherwise
