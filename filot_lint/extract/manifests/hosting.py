"""Hosting manifests (fly.toml, render.yaml, vercel.json, app.json, railway.*): what they run and give to that.

Channel `secret` is the store of ECS; what a platform keeps is told by its reference.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from filot_lint.extract import problem
from filot_lint.extract.manifests.command import safe, steps
from filot_lint.extract.manifests.written import written
from filot_lint.extract.place import place, plain, readable
from filot_lint.extract.trees.toml_places import read, table
from filot_lint.extract.trees.tree import Mapping, Scalar, entries_of, items_of, text_of
from filot_lint.extract.trees.tree_json import Reader as JsonReader
from filot_lint.extract.trees.tree_yaml import Reader as YamlReader
from filot_lint.facts import EntryPoint, EnvProvision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.extract.place import Place
    from filot_lint.extract.trees.tree import Node
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_GENERATED = "made by the platform"
_COMMANDS = {"startCommand": "deployable", "dockerCommand": "deployable", "preDeployCommand": "script",
             "releaseCommand": "script"}  # fmt: skip
_SOURCES = {"fromDatabase": "property", "fromService": "envVarKey"}


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the facts of one manifest."""
    name = posixpath.basename(source.path)
    if name.endswith(".toml"):
        return list(_toml(source, railway=name.startswith("railway")))
    reader = JsonReader(readable(source)) if name.endswith(".json") else YamlReader(readable(source))
    roots = reader.read()
    facts: list[Fact] = []
    for root in roots if isinstance(roots, list) else [roots]:
        if isinstance(root, Mapping):
            facts.extend(_KINDS[name.partition(".")[0]](source, root))
    facts.extend(problem(source, message, line) for line, message in reader.problems)
    return facts


def _given(  # every part of the fact is optional
    source: SourceFile,
    key: Scalar,
    container: str | None,
    *,
    text: str | None = None,
    channel: str = "environment",
    reference: str | None = None,
    required: bool | None = None,
) -> Iterator[EnvProvision]:
    if _NAME.fullmatch(key.text) is not None:
        yield EnvProvision(
            name=key.text,
            channel="image-arg" if channel == "image-arg" else "environment",
            container=container,
            reference=reference,
            required=required,
            manifest=source.path,
            **written(key.text, text),
            **place(source, key.line, key.column, len(key.text)),
        )


def _run(component: str, command: str, workdir: str | None, role: str, at: Place) -> Iterator[EntryPoint]:
    for step in steps(command)[-1:]:
        folder = step.workdir or workdir
        yield EntryPoint(
            component=component,
            command=safe(step.words),
            origin="hosting",
            workdir=None if folder is None else plain(folder),
            role="script" if role == "script" else "deployable",
            **at,
        )


# JSON and YAML ------------------------------------------------------------------------------------------------------


def _heroku(source: SourceFile, root: Mapping) -> Iterator[Fact]:
    """Read the variables an app of Heroku is made with; a plain text is a value."""
    for key, entry in entries_of(root.get("env")):
        if isinstance(entry, Mapping):
            needed = text_of(entry.get("required"))
            made = entry.get("generator") is not None
            yield from _given(
                source,
                key,
                None,
                text=text_of(entry.get("value")),
                reference=_GENERATED if made else None,
                required=None if needed is None else needed == "true",
            )
        else:
            yield from _given(source, key, None, text=text_of(entry))


def _vercel(source: SourceFile, root: Mapping) -> Iterator[Fact]:
    build = root.get("build")
    for node, channel in ((root.get("env"), "environment"), (_get(build, "env"), "image-arg")):
        for key, value in entries_of(node):
            text = text_of(value) or ""
            if text.startswith("@"):
                yield from _given(source, key, None, reference=plain(text))
            else:
                yield from _given(source, key, None, text=text, channel=channel)


def _render(source: SourceFile, root: Mapping) -> Iterator[Fact]:
    for service in items_of(root.get("services")):
        if not isinstance(service, Mapping):
            continue
        name = plain(text_of(service.get("name")) or "service")
        yield from _render_variables(source, service, name)
        for key, role in _COMMANDS.items():
            command = service.get(key)
            if isinstance(command, Scalar) and command.text:
                at = place(source, command.line, command.column, len(command.text))
                yield from _run(name, command.text, text_of(service.get("rootDir")), role, at)
    for group in items_of(root.get("envVarGroups")):
        if isinstance(group, Mapping):
            yield from _render_variables(source, group, None)


def _render_variables(source: SourceFile, owner: Mapping, container: str | None) -> Iterator[EnvProvision]:
    for entry in items_of(owner.get("envVars")):
        key = _get(entry, "key")
        if not isinstance(key, Scalar):
            continue
        made = text_of(_get(entry, "generateValue")) == "true"
        reference = _GENERATED if made else None
        for kind, field in _SOURCES.items():
            other, what = text_of(_get(_get(entry, kind), "name")), text_of(_get(_get(entry, kind), field))
            reference = plain(f"{kind} {other}: {what}") if other and what else reference
        text = text_of(_get(entry, "value"))
        yield from _given(source, key, container, text=text, reference=reference)


def _railway(source: SourceFile, root: Mapping) -> Iterator[Fact]:
    deploy = root.get("deploy")
    for key, role in _COMMANDS.items():
        command = _get(deploy, key)
        if isinstance(command, Scalar) and command.text:
            yield from _run("railway", command.text, None, role, place(source, command.line, command.column))


def _get(node: Node | None, key: str) -> Node | None:
    return node.get(key) if isinstance(node, Mapping) else None


_KINDS = {"app": _heroku, "vercel": _vercel, "render": _render, "railway": _railway}


# TOML ---------------------------------------------------------------------------------------------------------------


def _toml(source: SourceFile, *, railway: bool) -> Iterator[Fact]:
    toml = read(source)

    def at(path: str, name: str) -> Place:
        key = toml.key(path, name)
        return place(source, 1) if key is None else place(source, key.line, key.column, len(name))

    def commands(path: str, component: str, roles: dict[str, str]) -> Iterator[Fact]:
        for name, value in table(toml.data, path).items():
            if isinstance(value, str) and (role := roles.get(name, roles.get("*"))) is not None:
                yield from _run(component if "*" not in roles else plain(name), value, None, role, at(path, name))

    if railway:
        yield from commands("deploy", "railway", _COMMANDS)
        return
    app = _text(toml.data.get("app")) or "fly"
    yield from commands("processes", app, {"*": "deployable"})
    yield from commands("deploy", app, {"release_command": "script"})
    for name, value in table(toml.data, "env").items():
        place_of = at("env", name)
        key = Scalar(name, place_of["line"], place_of["column"])
        yield from _given(source, key, app, text=value if isinstance(value, str) else str(value).lower())


def _text(value: Any) -> str | None:  # noqa: ANN401  # TOML holds anything
    return plain(value) if isinstance(value, str) else None
