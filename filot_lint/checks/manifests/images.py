"""Images: what their name says, which Dockerfile makes the one a container runs, what base images hold."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from typing import NamedTuple

import msgspec
import tomli

from filot_lint.facts import ContainerSpec, ImageBuild
from filot_lint.resources import RULES
from filot_lint.workspace.components import Component
from filot_lint.workspace.dockerfiles import repository
from filot_lint.workspace.index import Index

_HOLE = re.compile(r"\$\{\{.*?\}\}|\{\{.*?\}\}|\$\{[^{}]*\}|<[^<>]*>|\$\(?\w+\)?|__\w+?__|%\w+%|![A-Z]\w*")
_REGISTRY = re.compile(r"^(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?|localhost(?::\d+)?)/")


class Name(NamedTuple):
    """The name of an image in its parts; `filled` when a pipeline puts in a part of it."""

    repository: str
    tag: str | None
    digest: bool
    filled: bool


class _Row(msgspec.Struct, frozen=True):
    names: tuple[str, ...]
    tags: str = ".*"
    programs: tuple[str, ...] = ()

    def matches(self, name: Name) -> bool:
        known = any(re.fullmatch(rf"(?:(?:docker/)?library/)?{form}", name.repository) for form in self.names)
        return known and re.fullmatch(self.tags, name.tag or "") is not None


class _Known(msgspec.Struct, frozen=True):
    lacking: tuple[_Row, ...]
    gpu: tuple[_Row, ...]
    providers: dict[str, tuple[str, ...]]


@cache
def _known() -> _Known:
    return msgspec.convert(tomli.loads((RULES / "images.toml").read_text(encoding="utf-8")), _Known)


def name_of(image: str) -> Name:
    """Take the name of an image apart; capitals are allowed in none, so they stand for something else."""
    masked = _HOLE.sub("$", image.strip())
    whole, at, _ = masked.partition("@")
    path = _REGISTRY.sub("", whole)
    path, _, tag = path.partition(":") if "/" not in path.rpartition(":")[2] else (path, "", "")
    last = path.rpartition("/")[2]
    filled = "$" in tag or (not tag and "$" in last) or last != last.lower() or not last
    return Name(path, tag or None, bool(at), filled)


def lacking(image: str) -> tuple[str, ...]:
    """Return the programs that a base image is known not to have."""
    name = name_of(image)
    return next((row.programs for row in _known().lacking if row.matches(name)), ())


def providers(program: str) -> tuple[str, ...]:
    """Return how the names of packages begin that bring a program."""
    return _known().providers.get(program, (program,))


def wants_gpu(image: str | None) -> bool:
    """Whether the programs of an image are made for a GPU."""
    name = name_of(image or "")
    return any(row.matches(name) for row in _known().gpu)


def dockerfile_of(index: Index, spec: ContainerSpec) -> ContainerSpec | None:
    """Return the image that a container runs, where the workspace builds it and nothing speaks for another."""
    if spec.origin == "dockerfile":
        return spec
    if spec.target is not None:
        return None
    paths = {posixpath.normpath(spec.dockerfile)} if spec.dockerfile is not None else _paths(index, spec)
    found = [image for image in index.of(ContainerSpec) if image.origin == "dockerfile" and image.file in paths]
    return found[0] if len(found) == 1 else None


def _paths(index: Index, spec: ContainerSpec) -> set[str]:
    image = repository(spec.image)
    paths = {path for component in components_of(index, spec) for path in component.dockerfiles}
    if paths or not image:
        return paths
    wanted = {posixpath.normpath(build.dockerfile) for build in index.of(ImageBuild) if build.image == image}
    known = {spec.file for spec in index.of(ContainerSpec) if spec.origin == "dockerfile"}
    return {path for path in known if any(path == each or path.endswith("/" + each) for each in wanted)}


def components_of(index: Index, spec: ContainerSpec) -> list[Component]:
    """Return the deployables that a container or an image runs."""
    found = (index.component(name) for name in spec.components)
    return [component for component in found if component is not None]
