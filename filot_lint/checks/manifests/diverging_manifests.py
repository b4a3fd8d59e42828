"""FIL908: two task definitions of one family say different things about the same container."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from filot_lint.checks import check
from filot_lint.checks.manifests.images import name_of
from filot_lint.checks.manifests.purpose import purpose, stage_of
from filot_lint.checks.manifests.references import HOLE, read, secret_name
from filot_lint.facts import ContainerSpec, EnvFile, EnvProvision
from filot_lint.findings import Confidence, Hit, Related
from filot_lint.secrets import shape_of
from filot_lint.source import Location
from filot_lint.workspace.index import Index

MAX_NAMES = 4
ONE = "only one of the two may be in use"
FILE = "a file of variables may give it"
TOLD = frozenset({"on", "off"})
Key = tuple[str, str, str]


class _Given(NamedTuple):
    """What one definition gives to the container."""

    spec: ContainerSpec
    variables: dict[str, EnvProvision]
    files: bool


@check("FIL908")
def diverging_manifests(index: Index) -> Iterator[Hit]:
    """Compare the definitions of each container of a family, those of one environment with each other."""
    specs = [s for s in index.of(ContainerSpec) if s.origin == "ecs" and s.family and "$" not in s.family]
    specs = [s for s in specs if purpose(s) != "development" and "<" not in (s.family or "")]
    for _, group in groupby(sorted(specs, key=_key), key=_key):
        first, *others = sorted(group, key=lambda s: (s.file, s.line))
        for other in others:
            if other.file != first.file:
                yield from _compared(_given(index, first), _given(index, other))


def _key(spec: ContainerSpec) -> Key:
    return spec.family or "", spec.name, stage_of(spec.file) or "production"


def _given(index: Index, spec: ContainerSpec) -> _Given:
    variables = {p.name: p for p in index.of(EnvProvision) if (p.file, p.container) == (spec.file, spec.name)}
    files = any((f.file, f.container) == (spec.file, spec.name) for f in index.of(EnvFile))
    return _Given(spec, variables, files)


def _compared(one: _Given, two: _Given) -> Iterator[Hit]:
    yield from _missing(one, two)
    yield from _missing(two, one)
    yield from _settings(one.spec, two.spec)
    for name in sorted(one.variables.keys() & two.variables.keys()):
        yield from _variable(one, two, name)
    yield from _values(one, two)


def _hit(
    spec: ContainerSpec, other: ContainerSpec, what: str, at: Location, *related: Related, file: bool = False
) -> Hit:
    return Hit(
        at,
        {"container": spec.name, "what": what, "place": str(other.location)},
        related=related,
        confidence=Confidence.LOW if file else Confidence.MEDIUM,
        reason=FILE if file else ONE,
    )


def _missing(here: _Given, there: _Given) -> Iterator[Hit]:
    """Yield the variables that only the other definition gives, all in one."""
    found = [p for name, p in there.variables.items() if name not in here.variables]
    if found:
        names = ", ".join(f"`{p.name}`" for p in found[:MAX_NAMES])
        more = f" and {len(found) - MAX_NAMES} more" if len(found) > MAX_NAMES else ""
        related = (Related(p.location, "given here") for p in found)
        what = f"is not given {names}{more}"
        yield _hit(here.spec, there.spec, what, here.spec.location, *related, file=here.files)


def _settings(one: ContainerSpec, two: ContainerSpec) -> Iterator[Hit]:
    """Yield what else is different, all in one; it stands at the definition that says less."""
    if len(_said(one)) > len(_said(two)):
        one, two = two, one
    here, there = _said(one), _said(two)
    unknown = {"image"} if any(name_of(spec.image or "").filled for spec in (one, two)) else set()
    parts = [
        _difference(name, here.get(name), there.get(name))
        for name in dict.fromkeys((*there, *here))
        if here.get(name) != there.get(name) and name not in unknown
    ]
    if parts:
        what = f"has {', '.join(parts)}"
        yield _hit(one, two, what, one.location, Related(two.location, "the other definition"))


def _difference(name: str, here: str | None, there: str | None) -> str:
    other = f" (there: `{there}`)" if there and there != name else "" if there else " (there: none)"
    return f"no {name}{other}" if here is None else f"{name} `{here}`{other}" if here != name else f"a {name}{other}"


def _said(spec: ContainerSpec) -> dict[str, str]:
    settings = {
        "image": name_of(spec.image or "").repository,
        "ports": ", ".join(sorted(spec.ports)),
        "health check": "health check" if spec.health_check else "",
        "GPU": spec.gpus or "",
        "launch type": ", ".join(sorted(spec.compatibilities)),
        "placement": ", ".join(sorted(text.replace("attribute:ecs.", "") for text in spec.placement)),
    }
    return {name: text for name, text in settings.items() if text}


def _variable(one: _Given, two: _Given, name: str) -> Iterator[Hit]:
    """Yield a variable that both give in another way."""
    first, second = one.variables[name], two.variables[name]
    if first.channel != second.channel and "secret" in {first.channel, second.channel}:
        here, there = (one, two) if second.channel == "secret" else (two, one)
        plain, stored = here.variables[name], there.variables[name]
        what = f"is given `{name}` in plain text"
        yield _hit(here.spec, there.spec, what, plain.location, Related(stored.location, "taken from a store here"))
        return
    pair = _source(first), _source(second)
    if None not in pair and pair[0] != pair[1]:
        what = f"takes `{name}` from `{pair[1]}` (there: `{pair[0]}`)"
        at, related = second.from_at or second.location, first.from_at or first.location
        yield _hit(two.spec, one.spec, what, at, Related(related, "another source here"))


def _values(one: _Given, two: _Given) -> Iterator[Hit]:
    """Yield the plain values that are different, all in one."""
    pairs = [(one.variables[name], two.variables[name]) for name in two.variables if name in one.variables]
    found = [(first, second) for first, second in pairs if _differ(first, second)]
    if found:
        parts = [f"`{second.name}` {_told(second)} (there: {_told(first)})" for first, second in found[:MAX_NAMES]]
        more = f" and {len(found) - MAX_NAMES} more" if len(found) > MAX_NAMES else ""
        related = [Related(first.location, f"{first.name} is {_told(first)} here") for first, _ in found]
        related += [Related(second.location, f"{second.name} is {_told(second)} here") for _, second in found[1:]]
        yield _hit(two.spec, one.spec, f"has {', '.join(parts)}{more}", found[0][1].location, *related)


def _differ(first: EnvProvision, second: EnvProvision) -> bool:
    """Whether two values are known to be different; `1` and `true` are one switch, `2` and `2.0` one number."""
    if first.text is None or second.text is None or first.text.lower() == second.text.lower():
        return False
    switches = TOLD.intersection(first.traits), TOLD.intersection(second.traits)
    if all(switches):
        return switches[0] != switches[1]
    return not (_is_number(first.text) and _is_number(second.text) and float(first.text) == float(second.text))


def _is_number(text: str) -> bool:
    return shape_of(text) in {"boolean", "integer", "number"} and text.lstrip("+-")[:1].isdigit()


def _told(given: EnvProvision) -> str:
    return f"`{given.text}`"


def _source(given: EnvProvision) -> str | None:
    """Return what a secret is taken from, without region, account and suffix; null when that is not written out."""
    reference = read(given, given.reference) if given.reference is not None else None
    if reference is None:
        return None
    source = reference.rest if reference.name is None else ":".join([secret_name(reference.name), *reference.tail[:1]])
    return None if HOLE in source else source
