"""FIL802: a container is not given a variable that its program reads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.manifests.purpose import purpose
from filot_lint.checks.production import is_provided, production_reads
from filot_lint.facts import ContainerSpec, EnvFile, EnvProvision, EnvRead
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.secrets import is_secret
from filot_lint.source import Location
from filot_lint.workspace.components import Component
from filot_lint.workspace.index import Index


@check("FIL802")
def missing_in_container(index: Index) -> Iterator[Hit]:
    """Compare, per deployable and container, the reads in its import closure with what the manifests give."""
    found: dict[tuple[Location, Location], Hit] = {}
    for component in index.components:
        reads = _reads(index, component)
        for spec in _containers(index, component):
            given = _given(index, component, spec)
            for name, read in reads.items():
                if given.isdisjoint((name, *read.one_of)) and not _is_left_out(component, spec, read):
                    hit = _hit(index, component, spec, read)
                    at = spec.location, read.location
                    found[at] = max(found.get(at, hit), hit, key=_gravity)
    yield from found.values()


def _gravity(hit: Hit) -> tuple[Severity, Confidence]:
    return hit.severity or Severity.ERROR, hit.confidence or Confidence.HIGH


def _reads(index: Index, component: Component) -> dict[str, EnvRead]:
    """Return the production read of each variable that asks for most."""
    found: dict[str, EnvRead] = {}
    for read in production_reads(index):
        name = read.name or ""
        if component.name not in read.components or is_provided(index, name):
            continue
        if name not in found or _weight(component, read) > _weight(component, found[name]):
            found[name] = read
    return dict(sorted(found.items()))


def _weight(component: Component, read: EnvRead) -> tuple[bool, Severity, bool]:
    return component.name not in read.uncalled, _severity(read), read.condition is None


def _is_left_out(component: Component, spec: ContainerSpec, read: EnvRead) -> bool:
    """Whether a read stands in the script of an image whose entry point the manifest replaces."""
    script = posixpath.basename(read.file)
    return spec.entry and read.file in component.scripts and not any(script in word for word in spec.command)


def _containers(index: Index, component: Component) -> list[ContainerSpec]:
    """Return the containers that run a deployable; the manifests it was found in decide between equal names."""
    specs = [
        spec
        for spec in index.of(ContainerSpec)
        if spec.name in component.containers and spec.area == "production" and _is_deployed(spec)
    ]
    files = {source.rpartition(":")[0] for source in component.sources}
    return [s for s in specs if s.file in files] or [s for s in specs if s.origin == "ecs"]


def _is_deployed(spec: ContainerSpec) -> bool:
    """Whether a manifest is for production; a compose file describes development unless it is called otherwise."""
    return spec.origin != "dockerfile" and purpose(spec) == "production"


def _given(index: Index, component: Component, spec: ContainerSpec) -> set[str]:
    """Return what a container gets: from its definition and the objects it takes over, and from the image it runs."""
    patched = spec.origin == "kubernetes"
    objects = {file.path for file in _env_files(index, spec)}
    return {
        p.name
        for p in index.of(EnvProvision)
        if (p.container == spec.name and (p.file == spec.file or (patched and p.language == spec.language)))
        or (p.scope in objects and p.container is None)
        or (p.channel == "image-env" and p.file in component.dockerfiles)
    }


def _env_files(index: Index, spec: ContainerSpec) -> list[EnvFile]:
    return [file for file in index.of(EnvFile) if file.container == spec.name and file.file == spec.file]


def _severity(read: EnvRead) -> Severity:
    """Call an absence that stops the program an error, one that goes unnoticed a warning."""
    if read.required:
        return Severity.ERROR
    kind = read.default.kind if read.default else None
    if kind == "empty":
        return Severity.WARNING if is_secret(read.name or "") else Severity.INFO
    optional = read.access == "presence" or read.required is False or kind not in {None, "null"}
    return Severity.INFO if optional else Severity.WARNING


def _hit(index: Index, component: Component, spec: ContainerSpec, read: EnvRead) -> Hit:
    severity = _severity(read)
    confidence, reason = _confidence(index, component, spec, read)
    optional = next(
        (d for d in index.declarations.get(read.name or "", ()) if d.commented_out or d.required is False), None
    )
    if severity is Severity.INFO:
        confidence, reason = Confidence.LOW, "the code goes on without it"
    elif severity is Severity.WARNING and optional is not None:
        confidence, reason = Confidence.LOW, f"{optional.location} declares it as optional"
    return Hit(
        spec.location,
        {"name": read.name or "", "container": spec.name, "component": component.name, "place": str(read.location)},
        related=(Related(read.location, "required here" if read.required else "read here"),),
        severity=severity,
        confidence=confidence,
        reason=reason,
        label=f"gets no `{read.name}`",
    )


def _confidence(
    index: Index, component: Component, spec: ContainerSpec, read: EnvRead
) -> tuple[Confidence | None, str | None]:
    objects = {provision.scope for provision in index.of(EnvProvision) if provision.container is None}
    unknown = next((file for file in _env_files(index, spec) if file.path not in objects), None)
    if unknown is not None:
        return Confidence.LOW, f"the container also gets {unknown.location}, a file whose content is unknown"
    if read.condition is not None and read.condition.name not in _given(index, component, spec):
        return Confidence.LOW, f"only needed behind the test of `{read.condition.name}` at {read.condition.at}"
    if component.name in read.uncalled:
        return Confidence.LOW, f"{read.location} stands in a function that nothing in the deployable calls"
    reach = component.modules.get(read.file)
    if reach is not None and not reach.certain:
        through = f" through {reach.via}" if reach.via else ""
        return Confidence.MEDIUM, f"{read.file} is imported{through}, but perhaps not at start"
    return None, None
