"""Compose files: what each service is built from, runs and is given."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from msgspec.structs import replace

from filot_lint.extract import problem
from filot_lint.extract.manifests.command import references, repository, safe, safe_text, split, unwrapped
from filot_lint.extract.manifests.interpolation import reads_in
from filot_lint.extract.manifests.written import written
from filot_lint.extract.place import place, plain, readable
from filot_lint.extract.trees.tree import Mapping, Scalar, Sequence, entries_of, items_of, text_of, texts_of, walk
from filot_lint.extract.trees.tree_yaml import Reader
from filot_lint.facts import ContainerSpec, EntryPoint, EnvFile, EnvProvision, EnvRead, ImageBuild
from filot_lint.secrets import shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.extract.place import Place
    from filot_lint.extract.trees.tree import Node
    from filot_lint.facts import AreaName, Fact
    from filot_lint.models import Models
    from filot_lint.source import Location, SourceFile

MAX_EXTENDS = 10
_PROFILES: dict[str, AreaName] = {
    **dict.fromkeys(("dev", "devel", "development", "debug", "debugging", "devtools", "dev-tools", "local"), "tooling"),
    **dict.fromkeys(("test", "tests", "testing", "e2e", "ci", "integration-test"), "test"),
}
"""Profiles that production does not start."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the facts of a compose file."""
    reader = Reader(readable(source))
    facts: list[Fact] = []
    for root in reader.read():
        services = root.get("services") if isinstance(root, Mapping) else None
        for key, service in entries_of(services):
            if isinstance(service, Mapping):
                facts.extend(_Service(source, key, _layers(service, services)).facts())
        if services is not None:
            facts.extend(_taken(source, root))
            for node in walk(root):
                if isinstance(node, Scalar):
                    facts.extend(reads_in(source, node, "compose"))
    facts.extend(problem(source, message, line) for line, message in reader.problems)
    return facts


def _layers(service: Mapping, services: Node | None) -> list[Mapping]:
    """Return a service behind the services of the same file that it extends, the most general one first."""
    found = [service]
    while isinstance(services, Mapping) and len(found) < MAX_EXTENDS:
        extends = found[0].get("extends")
        elsewhere = isinstance(extends, Mapping) and extends.get("file") is not None
        name = text_of(extends.get("service")) if isinstance(extends, Mapping) else text_of(extends)
        base = None if name is None or elsewhere else services.get(name)
        if not isinstance(base, Mapping) or any(base is known for known in found):
            break
        found.insert(0, base)
    return found


def _taken(source: SourceFile, root: Node) -> Iterator[EnvRead]:
    """Yield the variables of the host that become secrets and configs."""
    for kind in ("secrets", "configs"):
        for _, each in entries_of(root.get(kind) if isinstance(root, Mapping) else None):
            name = each.get("environment") if isinstance(each, Mapping) else None
            if isinstance(name, Scalar) and _NAME.fullmatch(name.text):
                yield EnvRead(
                    name=name.text,
                    access="read",
                    via="compose",
                    **place(source, name.line, name.column, len(name.text)),
                )


class _Service:
    """One service of the file."""

    def __init__(self, source: SourceFile, key: Scalar, layers: list[Mapping]) -> None:
        self.source = source
        self.key = key
        self.name = plain(key.text)
        self.layers = layers
        self.image = text_of(self._get("image"))
        self.dockerfile = self._dockerfile()

    def _get(self, key: str) -> Node | None:
        return next((found for layer in reversed(self.layers) if (found := layer.get(key)) is not None), None)

    def _text(self, key: str) -> str | None:
        text = text_of(self._get(key))
        return None if text is None else plain(text)

    def facts(self) -> Iterator[Fact]:
        """Yield everything about the service; one of a profile for trials is none of production."""
        area = self._area()
        yield from self._facts() if area is None else (replace(fact, area=area) for fact in self._facts())

    def _area(self) -> AreaName | None:
        """Return what a service is for that only starts with certain profiles; null for the area of the file."""
        found = {_PROFILES.get(word) for name in texts_of(self._get("profiles")) for word in [name.lower()]}
        return None if None in found or not found else "test" if found == {"test"} else "tooling"

    def _facts(self) -> Iterator[Fact]:
        at = place(self.source, self.key.line, self.key.column, len(self.key.text))
        words = safe(unwrapped((*_words(self._get("entrypoint")), *_words(self._get("command")))))
        yield ContainerSpec(
            name=self.name,
            origin="compose",
            image=None if self.image is None else safe_text(self.image),
            image_at=self._at(self._get("image")),
            command=words,
            dockerfile=self.dockerfile,
            ports=tuple(self._ports()),
            gpus=self._gpus(),
            cpu=self._text("cpus"),
            memory=self._text("mem_limit"),
            health_check=self._health_check(),
            health_check_at=self._at(self._checked("test")),
            start_period=text_of(self._checked("start_period")),
            stop_timeout=self._text("stop_grace_period"),
            target=self._target(),
            workdir=self._text("working_dir"),
            entry=bool(_words(self._get("entrypoint"))),
            **at,
        )
        if words:
            run = self._place(self._get("command") or self._get("entrypoint"))
            workdir = self._text("working_dir")
            image = None if self.image is None else plain(repository(self.image))
            yield EntryPoint(component=self.name, command=words, origin="compose", image=image, workdir=workdir, **run)
        if self.dockerfile is not None and self.image is not None and "$" not in repository(self.image):
            build = self._place(self._get("build"))
            yield ImageBuild(dockerfile=self.dockerfile, image=plain(repository(self.image)), **build)
        yield from self._environment()
        yield from self._env_files()
        yield from self._shell_reads()

    def _place(self, node: Node | None) -> Place:
        return place(self.source, self.key.line) if node is None else place(self.source, node.line, node.column)

    def _dockerfile(self) -> str | None:
        build = self._get("build")
        context, name = text_of(build), None
        if isinstance(build, Mapping):
            context, name = text_of(build.get("context")) or ".", text_of(build.get("dockerfile"))
        if context is None or "://" in context:
            return None
        path = posixpath.join(posixpath.dirname(self.source.path), context, name or "Dockerfile")
        return plain(posixpath.normpath(path))

    def _target(self) -> str | None:
        build = self._get("build")
        target = text_of(build.get("target")) if isinstance(build, Mapping) else None
        return None if target is None else plain(target)

    def _ports(self) -> Iterator[str]:
        for item in items_of(self._get("ports")):
            if isinstance(item, Mapping):
                published, target = text_of(item.get("published")), text_of(item.get("target"))
                yield ":".join(plain(part) for part in (published, target) if part)
            elif (port := text_of(item)) is not None:
                yield plain(port)

    def _gpus(self) -> str | None:
        if (gpus := text_of(self._get("gpus"))) is not None:
            return gpus
        node = self._get("deploy")
        for key in ("resources", "reservations", "devices"):
            node = node.get(key) if isinstance(node, Mapping) else None
        for device in items_of(node):
            if isinstance(device, Mapping) and "gpu" in texts_of(device.get("capabilities")):
                return text_of(device.get("count")) or "all"
        return "all" if text_of(self._get("runtime")) == "nvidia" else None

    def _at(self, node: Node | None) -> Location | None:
        length = len(node.text) if isinstance(node, Scalar) else None
        return None if node is None else self.source.at_line(node.line, node.column, length)

    def _checked(self, key: str) -> Node | None:
        check = self._get("healthcheck")
        return check.get(key) if isinstance(check, Mapping) else None

    def _health_check(self) -> tuple[str, ...]:
        test = self._checked("test")
        if (text := text_of(test)) is not None:
            return ("CMD-SHELL", safe_text(text))
        return safe(texts_of(test))

    def _environment(self) -> Iterator[Fact]:
        build = self._get("build")
        given = [pair for layer in self.layers for pair in _pairs(layer.get("environment"))]
        yield from self._variables(given, "environment")
        if isinstance(build, Mapping):
            yield from self._variables(_pairs(build.get("args")), "image-arg")

    def _variables(self, pairs: list[tuple[Scalar, str | None]], channel: str) -> Iterator[Fact]:
        """Yield what is given; of equal names the last one counts."""
        last = {key.text: (key, text) for key, text in pairs}
        for key, text in last.values():
            if _NAME.fullmatch(key.text) is not None:
                yield from self._variable(key, text, channel)

    def _variable(self, key: Scalar, text: str | None, channel: str) -> Iterator[Fact]:
        at = place(self.source, key.line, key.column, len(key.text))
        inherited = text is None or (shape_of(text) == "reference" and len(references(text)) == 1)
        yield EnvProvision(
            name=key.text,
            channel="image-arg" if channel == "image-arg" else "host" if inherited else "environment",
            container=self.name,
            manifest=self.source.path,
            **written(key.text, text),
            **at,
        )
        if text is None:
            yield EnvRead(name=key.text, access="read", via="compose", **at)

    def _env_files(self) -> Iterator[EnvFile]:
        nodes = [layer.get("env_file") for layer in self.layers]
        for item in [item for node in nodes for item in (node.items if isinstance(node, Sequence) else [node])]:
            path = item.get("path") if isinstance(item, Mapping) else item
            needed = text_of(item.get("required")) != "false" if isinstance(item, Mapping) else True
            if isinstance(path, Scalar) and not path.is_null:
                at = place(self.source, path.line, path.column, len(path.text))
                yield EnvFile(path=plain(path.text), container=self.name, channel="compose", required=needed, **at)

    def _shell_reads(self) -> Iterator[EnvRead]:
        """Yield the `$$X` of commands, which a shell in the container fills in."""
        test = self._checked("test")
        for root in (self._get("entrypoint"), self._get("command"), test):
            for node in walk(root):
                if isinstance(node, Scalar):
                    yield from reads_in(self.source, node, "compose", upper=True, doubled=True)


def _pairs(node: Node | None) -> list[tuple[Scalar, str | None]]:
    """Return names and values of `{A: x}` and `[A=x, B]`; null where the host gives the value."""
    pairs: list[tuple[Scalar, str | None]] = []
    if isinstance(node, Mapping):
        for key, value in entries_of(node):
            pairs.append((key, value.text if isinstance(value, Scalar) and not value.is_null else None))
    elif isinstance(node, Sequence):
        for item in node.items:
            if isinstance(item, Scalar) and item.text:
                name, equals, given = item.text.partition("=")
                pairs.append((Scalar(name.strip(), item.line, item.column), given if equals else None))
    return pairs


def _words(node: Node | None) -> tuple[str, ...]:
    """Return the words of a command; two dollar signs stand for one."""
    text = text_of(node)
    words = texts_of(node) if text is None else split(text)
    return tuple(word.replace("$$", "$") for word in words)
