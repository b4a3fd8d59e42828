"""Images: which files of the workspace stand where in them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

import msgspec

from filot_lint.extract.manifests.dockerfile_stages import trace
from filot_lint.facts import ContainerSpec


class Image(msgspec.Struct, frozen=True):
    """What a Dockerfile copies: (path in the image, path below the build context)."""

    dockerfile: str
    workdir: str
    files: tuple[tuple[str, str], ...]

    def origins(self, path: str, workdir: str | None) -> Iterator[str]:
        """Yield where a path in the image may come from; the build context is the Dockerfile's folder or one above."""
        whole = posixpath.normpath(posixpath.join(self.workdir, workdir or "", path))
        for found in trace(whole, list(self.files)):
            folder = posixpath.dirname(self.dockerfile)
            while True:
                yield posixpath.normpath(posixpath.join(folder, found))
                if not folder:
                    break
                folder = posixpath.dirname(folder)


def images_of(specs: Iterable[ContainerSpec]) -> dict[tuple[str, str], Image]:
    """Return the images by manifest and container; those of Dockerfiles have no container."""
    found: dict[tuple[str, str], Image] = {}
    built: list[ContainerSpec] = []
    for spec in specs:
        if spec.origin == "dockerfile":
            found[spec.file, ""] = Image(spec.file, spec.workdir or "/", spec.files)
        elif spec.dockerfile is not None:
            built.append(spec)
    for spec in built:
        image = found.get((posixpath.normpath(spec.dockerfile or ""), ""))
        if image is not None:
            found[spec.file, spec.name] = image
    return found
