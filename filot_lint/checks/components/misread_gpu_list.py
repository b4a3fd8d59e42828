"""FIL805: the list of visible GPUs says something else than its writer means."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from filot_lint.checks import check
from filot_lint.facts import ContainerSpec, EnvDeclaration, EnvProvision
from filot_lint.findings import Confidence, Hit, Related, Severity
from filot_lint.workspace.index import Index

NVIDIA, CUDA = "NVIDIA_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES"
HIDING = {NVIDIA: {"word=void", "word=none"}, CUDA: {"word=-1", "word=none"}}
ALL = re.compile(r"(?i)\b(auto\w*|all|any|every|default)\b")
RUN = "whoever runs the image may give another value"
TO_FILL = "the value may be there to be filled in"


class _Said(NamedTuple):
    says: str
    severity: Severity
    confidence: Confidence | None = None
    reason: str | None = None


@check("FIL805")
def misread_gpu_list(index: Index) -> Iterator[Hit]:
    """Read the values that manifests and example files give the two variables."""
    specs = {(spec.file, spec.name): spec for spec in index.of(ContainerSpec)}
    shared = {spec.file for spec in specs.values() if spec.gpus is not None}
    for fact in index.of(EnvProvision):
        if fact.name in HIDING and fact.area == "production" and fact.reference is None:
            spec = specs.get((fact.file, fact.container or ""))
            said = _given(fact, spec, beside=fact.file in shared)
            if said is not None:
                yield _hit(fact, said, spec)
    for declared in index.of(EnvDeclaration):
        if declared.name in HIDING and not declared.commented_out and _hides(declared):
            meant = ALL.search(declared.comment or "") is not None
            certain = meant or declared.shape != "empty"
            says = "no GPU at all" + (", though its comment says otherwise" if meant else "")
            yield _hit(declared, _Said(says, Severity.WARNING, None if certain else Confidence.LOW,
                                       None if certain else TO_FILL))  # fmt: skip


def _hides(fact: EnvProvision | EnvDeclaration) -> bool:
    return fact.shape == "empty" or not HIDING[fact.name].isdisjoint(fact.traits)


def _given(fact: EnvProvision, spec: ContainerSpec | None, *, beside: bool) -> _Said | None:
    gpus = spec is not None and spec.gpus is not None
    ecs = spec is not None and spec.origin == "ecs"
    if ecs and fact.name == NVIDIA:
        if gpus:
            return _Said("nothing, because the agent of ECS overwrites it", Severity.INFO)
        if beside and not _hides(fact):
            return _Said("that this container, too, sees the GPUs of the other", Severity.WARNING)
        return None
    if not _hides(fact):
        return None
    if gpus:
        return _Said("no GPU at all, although the container reserves one", Severity.ERROR)
    if fact.channel == "image-env" and "word=none" not in fact.traits:
        return _Said("no GPU at all", Severity.WARNING, Confidence.MEDIUM, RUN)
    return None


def _hit(fact: EnvProvision | EnvDeclaration, said: _Said, spec: ContainerSpec | None = None) -> Hit:
    reserved = spec.gpus_at if spec is not None else None
    return Hit(
        fact.location,
        {"name": fact.name, "says": said.says},
        related=(Related(reserved, "reserved here"),) if reserved is not None else (),
        severity=said.severity,
        confidence=said.confidence,
        reason=said.reason,
        label="this value",
    )
