"""Kubernetes manifests, as plain YAML: what the containers of a workload run and are given.

Channel `secret` is the store of ECS; what comes from a `Secret` is told by its reference.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract import problem
from filot_lint.extract.manifests.command import repository, safe, safe_text, unwrapped
from filot_lint.extract.manifests.written import referred, written
from filot_lint.extract.place import place, plain, readable
from filot_lint.extract.trees.tree import Mapping, Scalar, entries_of, items_of, text_of, texts_of
from filot_lint.extract.trees.tree_yaml import Reader
from filot_lint.facts import ContainerSpec, EntryPoint, EnvFile, EnvProvision
from filot_lint.secrets import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.extract.manifests.written import Written
    from filot_lint.extract.place import Place
    from filot_lint.extract.trees.tree import Node
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import Location, SourceFile

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_POD = {
    "Pod": ("spec",),
    "Deployment": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "ReplicaSet": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
}
_GPU = re.compile(r"(?:nvidia|amd)\.com/gpu")


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the facts of all documents of a file."""
    reader = Reader(readable(source))
    facts: list[Fact] = []
    for root in reader.read():
        for each in (root, *items_of(_at(root, "items"))):
            kind = _text(each, "kind")
            if kind in _POD:
                facts.extend(_workload(source, each, kind))
            elif kind in {"ConfigMap", "Secret"}:
                facts.extend(_data(source, each, kind))
    facts.extend(problem(source, message, line) for line, message in reader.problems)
    return facts


def _at(node: Node | None, *path: str) -> Node | None:
    for key in path:
        node = node.get(key) if isinstance(node, Mapping) else None
    return node


def _text(node: Node | None, *path: str) -> str | None:
    text = text_of(_at(node, *path))
    return None if text is None else plain(text)


def _place(source: SourceFile, node: Node) -> Place:
    return place(source, node.line, node.column, len(node.text) if isinstance(node, Scalar) else None)


def _workload(source: SourceFile, root: Node, kind: str) -> Iterator[Fact]:
    pod = _at(root, *_POD[kind])
    family = _text(root, "metadata", "name")
    for key in ("initContainers", "containers"):
        for container in items_of(_at(pod, key)):
            if isinstance(container, Mapping):
                stays = key == "containers" or _text(container, "restartPolicy") == "Always"
                yield from _Container(source, container, family, stays=stays).facts()


class _Container(NamedTuple):
    """One container of a workload; one that only prepares the others does not stay."""

    source: SourceFile
    node: Mapping
    family: str | None
    stays: bool

    @property
    def name(self) -> str:
        return _text(self.node, "name") or "container"

    def facts(self) -> Iterator[Fact]:
        """Yield what it is, runs and is given."""
        command, arguments = self.node.get("command"), self.node.get("args")
        words = safe(unwrapped((*texts_of(command), *texts_of(arguments))))
        image, at = _text(self.node, "image"), self.node.get("name")
        yield ContainerSpec(
            name=self.name,
            origin="kubernetes",
            family=self.family,
            image=None if image is None else safe_text(image),
            image_at=self._written("image"),
            command=words,
            ports=tuple(filter(None, (_text(port, "containerPort") for port in items_of(self.node.get("ports"))))),
            gpus=self._gpus(),
            cpu=_text(self.node, "resources", "limits", "cpu") or _text(self.node, "resources", "requests", "cpu"),
            memory=_text(self.node, "resources", "limits", "memory"),
            health_check=safe(texts_of(_at(self.node, "livenessProbe", "exec", "command"))),
            health_check_at=self._written("livenessProbe", "exec", "command"),
            workdir=_text(self.node, "workingDir"),
            entry=bool(texts_of(command)),
            **_place(self.source, self.node if at is None else at),
        )
        run = command if command is not None else arguments
        if words and run is not None:
            yield EntryPoint(
                component=self.name,
                command=words,
                origin="kubernetes",
                image=None if image is None else plain(repository(image)),
                workdir=_text(self.node, "workingDir"),
                role="deployable" if self.stays else "script",
                **_place(self.source, run),
            )
        yield from self._variables()
        yield from self._files()

    def _written(self, *path: str) -> Location | None:
        node = _at(self.node, *path)
        length = len(node.text) if isinstance(node, Scalar) else None
        return None if node is None else self.source.at_line(node.line, node.column, length)

    def _gpus(self) -> str | None:
        limits = entries_of(_at(self.node, "resources", "limits"))
        return next((text_of(value) for key, value in limits if _GPU.fullmatch(key.text)), None)

    def _variables(self) -> Iterator[EnvProvision]:
        for entry in items_of(self.node.get("env")):
            name, value = _at(entry, "name"), _at(entry, "value")
            if isinstance(name, Scalar) and name.text:
                secret, other = _at(entry, "valueFrom", "secretKeyRef"), _at(entry, "valueFrom", "configMapKeyRef")
                yield EnvProvision(
                    name=plain(name.text),
                    channel="environment",
                    container=self.name,
                    reference=_reference("Secret", secret) or _reference("ConfigMap", other),
                    manifest=self.source.path,
                    **(written(name.text, value.text) if isinstance(value, Scalar) else referred()),
                    **_place(self.source, name),
                )

    def _files(self) -> Iterator[EnvFile]:
        """Yield the objects that are handed over whole."""
        for entry in items_of(self.node.get("envFrom")):
            for key, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
                name = _at(entry, key, "name")
                if isinstance(name, Scalar):
                    optional = _text(entry, key, "optional") == "true"
                    yield EnvFile(
                        path=f"{kind} {plain(name.text)}",
                        container=self.name,
                        channel="kubernetes",
                        required=not optional,
                        **_place(self.source, name),
                    )


def _reference(kind: str, node: Node | None) -> str | None:
    name, key = _text(node, "name"), _text(node, "key")
    return None if name is None else f"{kind} {name}: {key}"


def _data(source: SourceFile, root: Node, kind: str) -> Iterator[EnvProvision]:
    """Yield what an object holds that workloads take over whole; keys that name no variable are files."""
    name = _text(root, "metadata", "name") or kind
    for field in ("data", "stringData"):
        for key, value in entries_of(_at(root, field)):
            if _NAME.fullmatch(key.text) is not None:
                yield EnvProvision(
                    name=key.text,
                    channel="environment",
                    scope=f"{kind} {name}",
                    manifest=source.path,
                    **_held(key.text, value, kind, encoded=field == "data"),
                    **_place(source, key),
                )


def _held(name: str, value: Node, kind: str, *, encoded: bool) -> Written:
    """Say what may be told of a value of an object; those in the `data` of a `Secret` are in base64."""
    if not isinstance(value, Scalar):
        return referred(None)
    told = written(name, value.text)
    if kind != "Secret":
        return told
    told["text"] = None
    if encoded and "${" not in value.text and "<" not in value.text:
        told["shape"] = _decoded_shape(value.text)
    return told


def _decoded_shape(text: str) -> str | None:
    try:
        return shape_of(base64.b64decode(text, validate=True).decode("utf-8", "replace"))
    except (ValueError, binascii.Error):
        return None
