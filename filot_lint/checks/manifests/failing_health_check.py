"""FIL906: a health check that cannot succeed, or that nobody runs."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.manifests import images, probes
from filot_lint.checks.manifests.purpose import purpose
from filot_lint.checks.manifests.services import runs
from filot_lint.facts import ContainerSpec, ServiceSpec
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.workspace.index import Index

UNSURE = frozenset({"/", "bin", "sbin", "usr", "local", "rootfs"})
"""Folders whose content is programs."""
TAKEN = "the container is taken to run what {file} builds"
BALANCED = "a load balancer may check it instead"
OTHER = "the container runs another command than the image"
ONCE = "no service of the workspace keeps it running"
BUILT = "what the image is made of is only known in part"
HIDDEN = "`{module}` may start a server, or a program that is one"
SEEN = "a library may start a server that is not known here"
BESIDE = "another container of the task may answer there"


@check("FIL906")
def failing_health_check(index: Index) -> Iterator[Hit]:
    """Ask of each health check: is it run, is its program there, does somebody answer, is there time to start."""
    for spec in index.of(ContainerSpec):
        if purpose(spec) == "development":
            continue
        if spec.origin == "ecs" and not spec.health_check:
            yield from _ignored(index, spec)
        if probes.text_of(spec):
            yield from _without_program(index, spec)
            yield from _unanswered(index, spec)
        if spec.origin == "ecs" and spec.health_check and spec.gpus is not None and spec.start_period is None:
            what = "gives it no `startPeriod`, and programs with a GPU load for a while before they answer"
            yield _hit(spec, what, Severity.INFO, Confidence.MEDIUM, "how long it loads is not known")


def _hit(
    spec: ContainerSpec,
    what: str,
    severity: Severity | None,
    confidence: Confidence | None,
    reason: str | None,
    *related: Related,
) -> Hit:
    return Hit(
        spec.health_check_at or spec.location,
        {"container": spec.name, "what": what},
        related=related,
        severity=severity,
        confidence=confidence,
        reason=reason,
    )


def _ignored(index: Index, spec: ContainerSpec) -> Iterator[Hit]:
    image = images.dockerfile_of(index, spec)
    if image is None or not probes.text_of(image):
        return
    reason = OTHER if spec.command else BALANCED if spec.ports else None if _is_service(index, spec) else ONCE
    yield _hit(
        spec,
        f"stands only in {image.file}, where ECS does not look",
        Severity.WARNING,
        None if reason is None else Confidence.LOW,
        reason,
        Related(image.health_check_at or image.location, "ignored by ECS"),
    )


def _is_service(index: Index, spec: ContainerSpec) -> bool:
    """Whether something keeps the task running, so that it matters when it hangs."""
    return any(runs(service, spec) for service in index.of(ServiceSpec))


def _without_program(index: Index, spec: ContainerSpec) -> Iterator[Hit]:
    """Yield the programs that neither the base image nor an instruction brings."""
    image = images.dockerfile_of(index, spec)
    base = image.image if image is not None else spec.image if spec.dockerfile is None else None
    tools = probes.tools_of(spec)
    missing = [t for t in tools if t in images.lacking(base or "") and not _brought(t, image)]
    if not missing or ("sh" not in missing and len(missing) < len(set(tools) - {"sh"})):
        return
    words = " and ".join(f"`{tool}`" for tool in dict.fromkeys(missing))
    what = f"calls {words}, which `{base}` does not have and no instruction of the image installs"
    partly = image is not None and any(w in UNSURE or w.endswith(".sh") or "$" in w for w in image.commands)
    other = image is not None and image is not spec and spec.dockerfile is None
    yield _hit(
        spec,
        what,
        None,
        Confidence.LOW if partly else Confidence.MEDIUM if other else None,
        BUILT if partly else TAKEN.format(file=image.file) if other and image is not None else None,
        *([Related(image.image_at, "the base image")] if image is not None and image.image_at is not None else []),
    )


def _brought(tool: str, image: ContainerSpec | None) -> bool:
    names = images.providers(tool)
    return image is not None and any(word.startswith(names) for word in image.commands)


def _unanswered(index: Index, spec: ContainerSpec) -> Iterator[Hit]:
    """Yield the ports on which no server of the deployable listens."""
    port, component = probes.port_of(spec), probes.runs_of(index, spec)
    if port is None or component is None:
        return
    entry = index.files.get(component.entries[0])
    start = [] if entry is None else [Related(entry.at_line(1), "the program starts here")]
    listeners = probes.listeners_of(index, component)
    if not listeners:
        module = probes.may_serve(index, component)
        what = f"probes port {port}, and the program in it starts no server"
        reason = SEEN if module is None else HIDDEN.format(module=module)
        confidence = Confidence.MEDIUM if module is None else Confidence.LOW
    else:
        ports = probes.ports_of(index, spec, listeners)
        if ports is None or port in ports:
            return
        what = f"probes port {port}, and the program in it listens on {' and '.join(sorted(ports))}"
        start = [Related(listener.location, "listens here") for listener in listeners[:3]]
        confidence, reason = Confidence.MEDIUM, SEEN
    if _has_company(index, spec):
        confidence, reason = Confidence.LOW, BESIDE
    severity = Severity.ERROR if spec.origin == "ecs" else None
    yield _hit(spec, what, severity, confidence, reason, *start)


def _has_company(index: Index, spec: ContainerSpec) -> bool:
    """Whether containers share the network of this one."""
    together = [s for s in index.of(ContainerSpec) if (s.file, s.family) == (spec.file, spec.family)]
    return spec.origin in {"ecs", "kubernetes"} and len(together) > 1
