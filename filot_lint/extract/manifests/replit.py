"""`.replit`: what Replit runs and which variables it sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filot_lint.extract.manifests.command import Step, safe, steps, unwrapped
from filot_lint.extract.manifests.written import written
from filot_lint.extract.place import place, plain
from filot_lint.extract.trees.toml_places import read, table
from filot_lint.facts import EntryPoint, EnvProvision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.extract.trees.toml_places import Key, Toml
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_TASKS = "workflows.workflow.tasks"


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the commands of the run button, the workflows and the deployment, and the variables set."""
    toml = read(source)
    facts: list[Fact] = []
    for place_of, name in (("", "run"), ("", "entrypoint"), ("deployment", "run")):
        value = (table(toml.data, place_of) if place_of else toml.data).get(name)
        facts.extend(_entry(source, toml.key(place_of, name), value, deployed=place_of == "deployment"))
    commands = [task for task in _tasks(toml) if task.get("task") == "shell.exec"]
    keys = [key for key in toml.keys if key.table == _TASKS and key.name == "args"]
    for task in commands:
        key = next((key for key in keys if _written(source, key) == task.get("args")), None)
        if key is not None:
            keys.remove(key)
        facts.extend(_entry(source, key, task.get("args"), deployed=False))
    facts.extend(_variables(source, toml))
    return facts


def _tasks(toml: Toml) -> Iterator[dict[str, Any]]:
    workflows = table(toml.data, "workflows").get("workflow")
    for workflow in workflows if isinstance(workflows, list) else []:
        tasks = workflow.get("tasks") if isinstance(workflow, dict) else None
        yield from (task for task in (tasks if isinstance(tasks, list) else []) if isinstance(task, dict))


def _written(source: SourceFile, key: Key) -> str:
    """Return the text of a one-line value, to tell equal keys of several tables apart."""
    text = source.lines[key.line - 1].partition("=")[2].strip()
    return text[1:-1].replace('\\"', '"') if text[:1] in {'"', "'"} else text


def _entry(source: SourceFile, key: Key | None, value: object, *, deployed: bool) -> Iterator[EntryPoint]:
    if isinstance(value, list) and all(isinstance(word, str) for word in value):
        run = [Step(unwrapped(tuple(value)))]
        if len(value) > 2 and value[:2] in (["sh", "-c"], ["bash", "-c"]):  # noqa: PLR2004
            run = steps(value[2])
    elif isinstance(value, str):
        run = steps(value)
    else:
        return
    at = place(source, 1) if key is None else place(source, key.line, key.column, len(key.name))
    for step in run[-1:]:
        if step.words:
            yield EntryPoint(
                component="replit",
                command=safe(step.words),
                origin="replit",
                workdir=None if step.workdir is None else plain(step.workdir),
                role="deployable" if deployed else "script",
                **at,
            )


def _variables(source: SourceFile, toml: Toml) -> Iterator[EnvProvision]:
    tables = {"env": table(toml.data, "env"), "run.env": table(toml.data, "run", "env")}
    tables |= {f"userenv.{name}": table(toml.data, "userenv", name) for name in table(toml.data, "userenv")}
    for path, variables in tables.items():
        for name, value in variables.items():
            key = toml.key(path, name)
            if isinstance(value, dict):
                continue
            at = place(source, 1) if key is None else place(source, key.line, key.column, len(name))
            yield EnvProvision(
                name=plain(name),
                channel="environment",
                container="replit",
                manifest=source.path,
                **written(name, value if isinstance(value, str) else str(value).lower()),
                **at,
            )
