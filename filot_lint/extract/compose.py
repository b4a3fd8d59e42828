"""Compose files: what each service is built from, runs and is given."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from filot_lint.extract import problem
from filot_lint.extract.command import references, repository, safe, safe_text, split, unwrapped
from filot_lint.extract.interpolation import reads_in
from filot_lint.extract.place import place, plain, readable
from filot_lint.extract.tree import Mapping, Scalar, Sequence, entries_of, items_of, text_of, texts_of, walk
from filot_lint.extract.tree_yaml import Reader
from filot_lint.facts import ContainerSpec, EntryPoint, EnvFile, EnvProvision, EnvRead, ImageBuild
from filot_lint.secrets import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.extract.place import Place
    from filot_lint.extract.tree import Node
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the facts of a compose file."""
    reader = Reader(readable(source))
    facts: list[Fact] = []
    for root in reader.read():
        services = root.get("services") if isinstance(root, Mapping) else None
        for key, service in entries_of(services):
            if isinstance(service, Mapping):
                facts.extend(_Service(source, key, service).facts())
        if services is not None:
            for node in walk(root):
                if isinstance(node, Scalar):
                    facts.extend(reads_in(source, node, "compose"))
    facts.extend(problem(source, message, line) for line, message in reader.problems)
    return facts


class _Service:
    """One service of the file."""

    def __init__(self, source: SourceFile, key: Scalar, node: Mapping) -> None:
        self.source = source
        self.key = key
        self.name = plain(key.text)
        self.node = node
        self.image = text_of(node.get("image"))
        self.dockerfile = self._dockerfile()

    def facts(self) -> Iterator[Fact]:
        """Yield everything about the service."""
        at = place(self.source, self.key.line, self.key.column, len(self.key.text))
        entrypoint, command = _words(self.node.get("entrypoint")), _words(self.node.get("command"))
        words = (*entrypoint, *command)
        yield ContainerSpec(
            name=self.name,
            origin="compose",
            image=None if self.image is None else safe_text(self.image),
            command=words,
            dockerfile=self.dockerfile,
            ports=tuple(self._ports()),
            gpus=self._gpus(),
            cpu=text_of(self.node.get("cpus")),
            memory=text_of(self.node.get("mem_limit")),
            health_check=self._health_check(),
            stop_timeout=text_of(self.node.get("stop_grace_period")),
            **at,
        )
        if words:
            run = self._place(self.node.get("command") or self.node.get("entrypoint"))
            workdir = text_of(self.node.get("working_dir"))
            image = None if self.image is None else plain(repository(self.image))
            yield EntryPoint(component=self.name, command=words, origin="compose", image=image, workdir=workdir, **run)
        if self.dockerfile is not None and self.image is not None and "$" not in repository(self.image):
            build = self._place(self.node.get("build"))
            yield ImageBuild(dockerfile=self.dockerfile, image=plain(repository(self.image)), **build)
        yield from self._environment()
        yield from self._env_files()

    def _place(self, node: Node | None) -> Place:
        return place(self.source, self.key.line) if node is None else place(self.source, node.line, node.column)

    def _dockerfile(self) -> str | None:
        build = self.node.get("build")
        context, name = text_of(build), None
        if isinstance(build, Mapping):
            context, name = text_of(build.get("context")) or ".", text_of(build.get("dockerfile"))
        if context is None or "://" in context:
            return None
        path = posixpath.join(posixpath.dirname(self.source.path), context, name or "Dockerfile")
        return plain(posixpath.normpath(path))

    def _ports(self) -> Iterator[str]:
        for item in items_of(self.node.get("ports")):
            if isinstance(item, Mapping):
                published, target = text_of(item.get("published")), text_of(item.get("target"))
                yield ":".join(plain(part) for part in (published, target) if part)
            elif (port := text_of(item)) is not None:
                yield plain(port)

    def _gpus(self) -> str | None:
        if (gpus := text_of(self.node.get("gpus"))) is not None:
            return gpus
        node: Node | None = self.node
        for key in ("deploy", "resources", "reservations", "devices"):
            node = node.get(key) if isinstance(node, Mapping) else None
        for device in items_of(node):
            if isinstance(device, Mapping) and "gpu" in texts_of(device.get("capabilities")):
                return text_of(device.get("count")) or "all"
        return "all" if text_of(self.node.get("runtime")) == "nvidia" else None

    def _health_check(self) -> tuple[str, ...]:
        check = self.node.get("healthcheck")
        test = check.get("test") if isinstance(check, Mapping) else None
        if (text := text_of(test)) is not None:
            return ("CMD-SHELL", safe_text(text))
        return safe(texts_of(test))

    def _environment(self) -> Iterator[Fact]:
        yield from self._variables(self.node.get("environment"), "environment")
        build = self.node.get("build")
        if isinstance(build, Mapping):
            yield from self._variables(build.get("args"), "image-arg")

    def _variables(self, node: Node | None, channel: str) -> Iterator[Fact]:
        pairs: list[tuple[Scalar, str | None]] = []
        if isinstance(node, Mapping):
            for key, value in entries_of(node):
                pairs.append((key, value.text if isinstance(value, Scalar) and not value.is_null else None))
        elif isinstance(node, Sequence):
            for item in node.items:
                if isinstance(item, Scalar) and item.text:
                    name, equals, given = item.text.partition("=")
                    pairs.append((Scalar(name.strip(), item.line, item.column), given if equals else None))
        for key, text in pairs:
            if _NAME.fullmatch(key.text) is not None:
                yield from self._variable(key, text, channel)

    def _variable(self, key: Scalar, text: str | None, channel: str) -> Iterator[Fact]:
        at = place(self.source, key.line, key.column, len(key.text))
        inherited = text is None or (shape_of(text) == "reference" and len(references(text)) == 1)
        yield EnvProvision(
            name=key.text,
            channel="image-arg" if channel == "image-arg" else "host" if inherited else "environment",
            container=self.name,
            shape=None if text is None else shape_of(text),
            manifest=self.source.path,
            **at,
        )
        if text is None:
            yield EnvRead(name=key.text, access="read", via="compose", **at)

    def _env_files(self) -> Iterator[EnvFile]:
        node = self.node.get("env_file")
        for item in node.items if isinstance(node, Sequence) else [node]:
            path = item.get("path") if isinstance(item, Mapping) else item
            if isinstance(path, Scalar) and not path.is_null:
                at = place(self.source, path.line, path.column, len(path.text))
                yield EnvFile(path=plain(path.text), container=self.name, channel="compose", **at)


def _words(node: Node | None) -> tuple[str, ...]:
    if isinstance(node, Sequence):
        return safe(unwrapped(texts_of(node)))
    text = text_of(node)
    return () if text is None else safe(unwrapped(split(text)))
