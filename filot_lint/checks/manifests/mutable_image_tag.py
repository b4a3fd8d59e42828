"""FIL905: what runs in production is whatever was last pushed under a name."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.manifests.images import name_of
from filot_lint.checks.manifests.purpose import purpose, words_of
from filot_lint.facts import ContainerSpec, TaskRendering
from filot_lint.findings import Confidence, Hit, Severity
from filot_lint.workspace.index import Index

MOVING = frozenset({"latest", "main", "master", "trunk", "head", "develop", "dev", "development", "staging", "edge",
                    "nightly", "canary", "next", "snapshot", "prod", "production", "stable", "release", "current",
                    "live"})  # fmt: skip
BRANCH = "only the name of the tag says that it moves"
CHANGED = "a tool that the repository does not show may put in another tag"


@check("FIL905")
def mutable_image_tag(index: Index) -> Iterator[Hit]:
    """Look at the images of manifests; those that a pipeline renders are no longer what the file says."""
    for spec in index.of(ContainerSpec):
        name = name_of(spec.image or "")
        built = spec.origin == "compose" and spec.dockerfile is not None
        if name.filled or name.digest or built or purpose(spec) == "development" or name.repository == "scratch":
            continue
        if name.tag is not None and name.tag.lower() not in MOVING:
            continue
        if spec.origin == "ecs" and _rendered(index, spec):
            continue
        severity, confidence, reason = _weight(spec, name.tag)
        yield Hit(
            spec.image_at or spec.location,
            {"image": name.repository, "tag": f"the tag `{name.tag}`, which moves" if name.tag else "no tag"},
            severity=severity,
            confidence=confidence,
            reason=reason,
            label="whatever was last pushed",
        )


def _rendered(index: Index, spec: ContainerSpec) -> bool:
    """Whether a pipeline puts in the image, into this file or into one that it fetches itself."""
    files = {other.file for other in index.of(ContainerSpec)}
    for rendering in index.of(TaskRendering):
        named = rendering.task_definition
        known = named is not None and any(file.endswith(named) for file in files)
        if rendering.container in {None, spec.name} and (not known or spec.file.endswith(named or "")):
            return True
    return False


def _weight(spec: ContainerSpec, tag: str | None) -> tuple[Severity | None, Confidence | None, str | None]:
    if spec.origin == "dockerfile":
        return Severity.INFO, Confidence.MEDIUM, "a build by hand may pin the image otherwise"
    if purpose(spec) == "open":
        return None, Confidence.LOW, f"nothing says whether {spec.file} is for production"
    if spec.origin == "compose":
        return None, Confidence.MEDIUM, CHANGED
    if spec.origin == "kubernetes":
        kustomized = tag is None or "base" in words_of(spec.file)
        return None, Confidence.LOW if kustomized else Confidence.MEDIUM, CHANGED
    return (None, None, None) if tag in {None, "latest"} else (None, Confidence.MEDIUM, BRANCH)
