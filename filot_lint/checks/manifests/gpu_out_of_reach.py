"""FIL904: a container that needs a GPU does not get one, or its task cannot be placed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.manifests.images import dockerfile_of, wants_gpu
from filot_lint.checks.manifests.purpose import purpose
from filot_lint.checks.manifests.services import runs
from filot_lint.facts import ContainerSpec, ServiceSpec
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.source import Location
from filot_lint.workspace.index import Index

_COUNT = re.compile(r"0*[1-9]\d*|\d*\.\d+|ALL|.*[$<{!].*", re.IGNORECASE | re.DOTALL)
_TYPES = re.compile(r"\s*attribute:ecs\.instance-type\s*(?:=~|==|in)\s*\[?([\w.*,\s-]+)\]?\s*")
_TYPE = re.compile(r"[a-z][a-z0-9-]*")
WITHOUT = "some images of this kind run without a GPU on purpose"
SEVERAL = "the family has several task definitions"


@check("FIL904")
def gpu_out_of_reach(index: Index) -> Iterator[Hit]:
    """Compare who asks for a GPU with who needs it, and with the machines that the task may run on."""
    specs = [s for s in index.of(ContainerSpec) if s.origin in {"ecs", "kubernetes"} and purpose(s) != "development"]
    for spec in specs:
        together = [s for s in specs if (s.file, s.family) == (spec.file, spec.family)]
        if spec.gpus is not None:
            yield from _asked(spec)
            yield from _on_another(index, spec, together)
            yield from _services(index, spec, specs)
        elif all(other.gpus is None for other in together):
            yield from _not_asked(index, spec)


def _hit(spec: ContainerSpec, what: str, *related: Related, reason: str | None = None) -> Hit:
    return Hit(
        spec.gpus_at or spec.location,
        {"container": spec.name, "what": what},
        related=related,
        confidence=None if reason is None else Confidence.MEDIUM,
        reason=reason,
    )


def _asked(spec: ContainerSpec) -> Iterator[Hit]:
    if "FARGATE" in spec.compatibilities:
        yield _hit(spec, "asks for a GPU, and its task definition is for Fargate, which has none")
    if _COUNT.fullmatch(spec.gpus or "") is None:
        yield _hit(spec, f"asks for `{spec.gpus}` GPUs, which is no number of them")


def _services(index: Index, spec: ContainerSpec, specs: list[ContainerSpec]) -> Iterator[Hit]:
    """Yield the services that send the task where no GPU is, or where its own constraints do not allow it."""
    family = [other for other in specs if other.family == spec.family]
    for service in index.of(ServiceSpec):
        if not runs(service, spec) or purpose(service) == "development":
            continue
        if service.launch_type == "FARGATE" and "FARGATE" not in spec.compatibilities:
            what = "asks for a GPU, and the service runs it on Fargate, which has none"
            related = Related(spec.gpus_at or spec.location, "the GPU is asked for here")
            yield _at_service(service, service.launch_type_at, spec, what, related)
        elif _apart(service, spec):
            wanted, allowed = _words(_types(spec.placement)), _words(_types(service.placement))
            what = f"is placed on {wanted} by its task definition and on {allowed} by its service: no machine is both"
            other = next((s for s in family if s.file != spec.file and not _apart(service, s)), None)
            yield _at_service(service, service.placement_at, spec, what, Related(spec.location, wanted), other)


def _at_service(
    service: ServiceSpec,
    at: Location | None,
    spec: ContainerSpec,
    what: str,
    related: Related,
    other: ContainerSpec | None = None,
) -> Hit:
    """Return a finding at a service; it is less certain where another definition of the family fits."""
    return Hit(
        at or service.location,
        {"container": spec.name, "what": what},
        related=(related,) if other is None else (related, Related(other.location, "another definition, which fits")),
        severity=None if other is None else Severity.WARNING,
        confidence=None if other is None else Confidence.MEDIUM,
        reason=None if other is None else SEVERAL,
    )


def _apart(service: ServiceSpec, spec: ContainerSpec) -> bool:
    """Whether no machine satisfies both."""
    one, two = _types(service.placement), _types(spec.placement)
    return bool(one and two) and not one & two


def _words(types: set[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(types))


def _types(placement: tuple[str, ...]) -> set[str]:
    """Return the families of machines that constraints leave: `g5` of `g5.*`; empty when that is not plain."""
    found: set[str] = set()
    for expression in placement:
        match = _TYPES.fullmatch(expression)
        families = {word.strip().partition(".")[0].rstrip("*") for word in match[1].split(",")} if match else set()
        if families and all(_TYPE.fullmatch(family) for family in families):
            found |= families
    return found


def _on_another(index: Index, spec: ContainerSpec, together: list[ContainerSpec]) -> Iterator[Hit]:
    """Yield a GPU that a container asks for while the one beside it is made for it."""
    own = _image(index, spec)
    for other in together:
        needs = _image(index, other)
        if own is not None and not wants_gpu(own) and other.gpus is None and wants_gpu(needs):
            what = f"gets the GPU, and `{other.name}` beside it runs an image for one"
            yield _hit(spec, what, Related(other.location, f"built on `{needs}`"), reason=WITHOUT)


def _not_asked(index: Index, spec: ContainerSpec) -> Iterator[Hit]:
    base = _image(index, spec)
    if wants_gpu(base):
        image = dockerfile_of(index, spec)
        at = image.image_at if image is not None else spec.image_at
        yield Hit(
            spec.location,
            {"container": spec.name, "what": f"runs an image built on `{base}` and asks for no GPU"},
            related=() if at is None else (Related(at, "an image for a GPU"),),
            severity=Severity.WARNING,
            confidence=Confidence.MEDIUM,
            reason=WITHOUT,
        )


def _image(index: Index, spec: ContainerSpec) -> str | None:
    """Return the image that a container is built on in the end."""
    image = dockerfile_of(index, spec)
    return spec.image if image is None else image.image
