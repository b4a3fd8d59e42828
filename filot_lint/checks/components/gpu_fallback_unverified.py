"""FIL803: whether work runs on the GPU is decided by variables alone, or by two variables of one meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filot_lint.checks import check
from filot_lint.checks.production import production_reads
from filot_lint.facts import ContainerSpec, EnvRead, GpuBranch, GpuUse, Imports
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.workspace.components import Component
from filot_lint.workspace.index import Index

SWITCH = re.compile(r"(?:^|_)(?:GPUS?|CUDA)_(?:ENABLED?|AVAILABLE|ON)$|^(?:USE|ENABLE|WITH|HAS)_(?:GPUS?|CUDA)$"
                    r"|^(?:NVIDIA|CUDA)_VISIBLE_DEVICES$|_(?:USE|ENABLE)_(?:GPU|CUDA)$")  # fmt: skip
OUTSIDE = frozenset({"child_process", "node:child_process", "execa", "zx", "subprocess", "sh"})
UNKNOWN = "a library that is not known here may use the GPU"
NOTHING = "nothing that {} loads could use one"
DEVICES = frozenset({"GPU", "CPU", "CUDA"})
APART = "they may be two switches on purpose"
PROGRAMS = "another program may use the GPU"


@check("FIL803")
def gpu_fallback_unverified(index: Index) -> Iterator[Hit]:
    """Report deployables that reserve a GPU and ask only their variables for it, and fallbacks with two switches."""
    yield from _undecided(index)
    told: set[str] = set()
    for component in sorted(index.components, key=lambda component: len(component.modules)):
        reserved = _reserved(index, component)
        if reserved is None or reserved.name in told:
            continue
        uses = any(use.file in component.modules for use in index.of(GpuUse))
        switches = [] if uses else _switches(index, component)
        told.add(reserved.name)
        if not switches:
            continue
        outside = any(i.module in OUTSIDE for i in index.of(Imports) if i.file in component.modules)
        first = switches[0]
        who = " and ".join(f"`{read.name}`" for read in switches[:3])
        decide = "decide" if len(switches) > 1 else "decides"
        yield Hit(
            first.location,
            {"what": f"{who} alone {decide} that there is a GPU, and {NOTHING.format(component.name)}"},
            related=(
                Related(reserved.gpus_at or reserved.location, "a GPU is reserved here"),
                *(Related(read.location, f"`{read.name}` decides here") for read in switches[1:3]),
            ),
            confidence=Confidence.LOW if outside else Confidence.MEDIUM,
            reason=PROGRAMS if outside else UNKNOWN,
            label="decides alone",
        )


def _reserved(index: Index, component: Component) -> ContainerSpec | None:
    specs = (spec for spec in index.of(ContainerSpec) if spec.gpus is not None and spec.area == "production")
    return next((spec for spec in specs if spec.name in component.containers), None)


def _undecided(index: Index) -> Iterator[Hit]:
    """Yield switches for a fallback whose names differ by the device alone, and that choose between the same paths."""
    groups: dict[tuple[str, ...], dict[str, EnvRead]] = {}
    for read in production_reads(index):
        words = (read.name or "").split("_")
        if any("FALLBACK" in word for word in words):
            key = tuple(word for word in words if word not in DEVICES)
            groups.setdefault(key, {}).setdefault(read.name or "", read)
    for reads in groups.values():
        plain = next((read for name, read in reads.items() if DEVICES.isdisjoint(name.split("_"))), None)
        named = next((read for name, read in reads.items() if not DEVICES.isdisjoint(name.split("_"))), None)
        if plain is None or named is None:
            continue
        paths = _paths(index, named.name)
        if len(paths) > 1 and paths == _paths(index, plain.name):
            yield Hit(
                named.location,
                {"what": f"`{named.name}` decides on the fallback here, `{plain.name}` at {plain.location}"},
                related=(Related(plain.location, "the other switch"),),
                confidence=Confidence.MEDIUM,
                reason=APART,
                label="one switch",
            )


def _paths(index: Index, name: str | None) -> set[tuple[tuple[str, ...], str | None]]:
    """Return what runs on either side where a variable decides and the GPU is in question."""
    asked = (b for b in index.of(GpuBranch) if b.area == "production" and name in b.switches)
    return {(branch.calls, branch.ends) for branch in asked}


def _switches(index: Index, component: Component) -> list[EnvRead]:
    """Return the reads that decide, one per variable; those that say whether a GPU is wanted come first."""
    found: dict[str, EnvRead] = {}
    for read in production_reads(index):
        name = read.name or ""
        if component.name in read.components and SWITCH.search(name) and read.flow is None:
            found.setdefault(name, read)
    return sorted(found.values(), key=lambda read: (read.name or "").endswith("VISIBLE_DEVICES"))
