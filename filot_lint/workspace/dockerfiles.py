"""Which Dockerfile of the workspace makes the image that a container runs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from filot_lint.facts import ContainerSpec, Fact, ImageBuild

_PUBLISHED = frozenset({
    "redis", "valkey", "postgres", "mysql", "mariadb", "mongo", "rabbitmq", "memcached", "nginx", "caddy", "traefik",
    "haproxy", "envoy", "datadog", "agent", "fluent-bit", "xray-daemon",
})  # fmt: skip
"""Images that others publish."""


class Dockerfiles:
    """The Dockerfiles of a workspace, and what is built from them."""

    def __init__(self, paths: Sequence[str], facts: Sequence[Fact]) -> None:
        """`paths` are those of the Dockerfiles that start something."""
        self.paths = paths
        self.builds = [fact for fact in facts if isinstance(fact, ImageBuild)]
        specs = (fact for fact in facts if isinstance(fact, ContainerSpec) and fact.origin == "dockerfile")
        self.foundations = {_unversioned(spec.image) for spec in specs if spec.image}

    def of(self, container: ContainerSpec) -> str | None:
        """Return the Dockerfile of a container, None when its image comes from elsewhere or cannot be told."""
        if container.dockerfile is not None:
            return self._known(container.dockerfile)
        image = repository(container.image)
        if image is None or self._comes_from_elsewhere(container.image or "", image):
            return None
        kind = tag(container.image)
        tagged = [path for path in self.paths if kind is not None and variant(path) == kind]
        if len(tagged) == 1:
            return tagged[0]
        for build in self.builds:
            if build.image == image:
                found = self._known(build.dockerfile)
                if found is not None:
                    return found
        scored = sorted(((_overlap(image, path), path) for path in self.paths), reverse=True)
        if scored and scored[0][0] > 0 and (len(scored) == 1 or scored[0][0] > scored[1][0]):
            return scored[0][1]
        plain = [path for path in self.paths if not variant(path)]
        return plain[0] if len(plain) == 1 and container.origin == "ecs" and image not in _PUBLISHED else None

    def _comes_from_elsewhere(self, image: str, name: str) -> bool:
        """Return whether others publish an image: one that Dockerfiles start from and nothing here builds is theirs."""
        published = _unversioned(image) in self.foundations | _PUBLISHED
        return published and all(build.image != name for build in self.builds)

    def _known(self, path: str) -> str | None:
        """Return the Dockerfile a manifest names; scripts may name it from another directory."""
        wanted = posixpath.normpath(path)
        if wanted in self.paths:
            return wanted
        ends = [known for known in self.paths if known.endswith("/" + wanted) or wanted.endswith("/" + known)]
        return ends[0] if len(ends) == 1 else None


def repository(image: str | None) -> str | None:
    """Return the repository name of an image, without registry, tag and digest."""
    if not image:
        return None
    name = image.split("@", 1)[0].rsplit("/", 1)[-1]
    return name.split(":", 1)[0] or None


def _unversioned(image: str) -> str:
    """Return an image without its tag and digest."""
    before, slash, name = image.partition("@")[0].rpartition("/")
    return f"{before}{slash}{name.partition(':')[0]}".removeprefix("docker.io/").removeprefix("library/")


def tag(image: str | None) -> str | None:
    """Return the tag of an image, which may name a build target or a variant of the Dockerfile: `api:migrate`."""
    name = (image or "").split("@", 1)[0].rsplit("/", 1)[-1]
    return name.partition(":")[2] or None


def variant(path: str) -> str:
    """Return what tells a Dockerfile from its siblings: `gpu` in `Dockerfile.gpu`, its directory otherwise."""
    name = posixpath.basename(path)
    match = re.match(r"^(?:Dockerfile|Containerfile)\.(.+)$", name) or re.match(r"^(.+)\.[dD]ockerfile$", name)
    return match[1] if match else ""


def _overlap(image: str, path: str) -> int:
    words = set(re.split(r"[^a-z0-9]+", image.lower())) - {""}
    marks = set(re.split(r"[^a-z0-9]+", (variant(path) or posixpath.dirname(path)).lower())) - {""}
    return len(words & marks)
