"""Which entries a secret store must hold, and which references to them the manifests already carry."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal as Choice

import msgspec

from filot_lint.documents.contract import Variable
from filot_lint.documents.manifest import Group
from filot_lint.documents.topology import Container, Deployable
from filot_lint.facts import EnvProvision, EnvRead
from filot_lint.source import Location

_ENDS_LIKE_A_SUFFIX = re.compile(r"-(?=[A-Za-z0-9]{6}$)")
_REFERENCE = re.compile(
    r"arn:[\w-]+:secretsmanager:[^:]*:[^:]*:secret:(?P<name>[\w/+=.@-]+)(?::(?P<key>[^:]*):[^:]*:[^:]*)?"
)
_SUFFIX = re.compile(r"-(?=[A-Za-z0-9]{6}$)(?=.*[A-Z0-9])[A-Za-z0-9]+$")
"""What the store adds to a name; six small letters are taken for a word of the name."""
_PAIRED = "ACCESS_KEY_ID"
_GENERIC = frozenset({"SECRET", "KEY", "TOKEN", "PASSWORD", "PASSWD", "API", "URL", "URI", "DSN", "AUTH", "PREVIOUS"})

Reason = Choice[
    "no entry in the manifest",
    "written in the manifest",
    "no manifest",
    "may come from a file",
    "needed on a condition",
]


class SecretEntry(msgspec.Struct, frozen=True):
    """One variable and its place in the secret store: the one a manifest names, else a proposal.

    `json_key` is null when a manifest takes the whole value of the entry.
    """

    variable: Variable
    secret_name: str
    json_key: str | None
    references: tuple[EnvProvision, ...]
    proposed: bool = True

    @property
    def value_from(self) -> str:
        """The `valueFrom` form, with all colons."""
        suffix = "<6 characters added by AWS>"
        return f"arn:aws:secretsmanager:<region>:<account>:secret:{self.secret_name}-{suffix}:{self.json_key or ''}::"


class Gap(msgspec.Struct, frozen=True):
    """A secret that a component reads and that nothing maps to a secret store for it."""

    variable: Variable
    component: str
    reason: Reason
    place: Location | None

    @property
    def reads(self) -> tuple[EnvRead, ...]:
        """The reads of this deployable."""
        return tuple(r for r in self.variable.production if not self.component or self.component in r.components)

    @property
    def is_missing(self) -> bool:
        """Whether a manifest exists and does not give it as a secret; otherwise it is not determined."""
        return self.reason in {"no entry in the manifest", "written in the manifest"}


def build_entries(needed: tuple[Variable, ...], workspace: str, scheme: str | None = None) -> tuple[SecretEntry, ...]:
    """Return a store entry for every secret, for the other half of a key pair, and for what manifests take from it.

    `scheme` is how new entries are called, with `{workspace}` and `{system}`; without it they stand beside those that
    the manifests name.
    """
    members = [v for v in needed if v.is_secret or v.name.endswith(_PAIRED) or v.given_by("secret")]
    known = {v.name: place for v in members if (place := _named_place(v)) is not None}
    usual = _prefix([name for name, _ in known.values()]) or f"{slug(workspace)}/prod"
    scheme = (scheme or f"{usual}/{{system}}").replace("{workspace}", slug(workspace))
    taken = set(known.values())
    entries = []
    for variable in members:
        place = known.get(variable.name) or _proposed_place(variable, scheme, taken)
        taken.add(place)
        entries.append(SecretEntry(variable, *place, variable.given_by("secret"), variable.name not in known))
    return tuple(sorted(entries, key=lambda e: (e.secret_name, e.json_key or "")))


def _named_place(variable: Variable) -> tuple[str, str | None] | None:
    """Return entry and key of the first reference that names an entry."""
    for provision in variable.given_by("secret"):
        found = _REFERENCE.fullmatch(provision.reference or "")
        if found:
            return _SUFFIX.sub("", found["name"]), found["key"] or None
    return None


def _prefix(names: list[str]) -> str | None:
    """Return the path most entries of the manifests stand under."""
    paths = Counter(name.rpartition("/")[0] for name in names if "/" in name)
    return min(paths, key=lambda p: (-paths[p], p), default=None)


def slug(text: str) -> str:
    """Return text as one part of a store entry's name."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "app"


def _proposed_place(variable: Variable, scheme: str, taken: set[tuple[str, str | None]]) -> tuple[str, str]:
    group = variable.group
    words = variable.name.upper().split("_")
    rest = [word for word in words if word not in group.words] or words
    if group.together:
        system, key = group.id, "_".join(rest)
    else:
        named = [word for word in words if word not in _GENERIC] or words
        system, key = "-".join(named), "_".join(w for w in words if w not in named) or "value"
    name = _ENDS_LIKE_A_SUFFIX.sub("_", scheme.replace("{system}", slug(system)))
    return name, variable.name.lower() if (name, key.lower()) in taken else key.lower()


def build_gaps(entries: tuple[SecretEntry, ...], deployables: tuple[Deployable, ...]) -> tuple[Gap, ...]:
    """Return what is not mapped: per component that reads a secret which is not optional."""
    by_name = {deployable.name: deployable for deployable in deployables}
    gaps = []
    for entry in entries:
        variable = entry.variable
        if not variable.is_secret or variable.requirement.verdict == "optional":
            continue
        for name in variable.components or ("",):
            gaps += _gaps_of(variable, by_name.get(name), name)
    return tuple(sorted(gaps, key=lambda g: (g.variable.name, g.component, g.place.file if g.place else "")))


def _gaps_of(variable: Variable, deployable: Deployable | None, component: str) -> list[Gap]:
    """Return a gap for each container that lacks the secret; two manifests of one family are never merged."""
    containers = deployable.production_containers if deployable else ()
    if not containers:
        return [Gap(variable, component, "no manifest", None)]
    gaps = []
    for container in containers:
        mates = {name for read in variable.mates for name in (read.name, *read.one_of)}
        given = [p for p in container.provisions if p.name == variable.name or p.name in mates]
        if not any(p.channel == "secret" for p in given):
            gaps.append(_unmapped(variable, component, container, given))
    return gaps


def _unmapped(variable: Variable, component: str, container: Container, given: list[EnvProvision]) -> Gap:
    if given:
        return Gap(variable, component, "written in the manifest", given[0].location)
    if container.env_files:
        return Gap(variable, component, "may come from a file", container.env_files[0].location)
    conditional = variable.requirement.verdict == "conditional"
    reason: Reason = "needed on a condition" if conditional else "no entry in the manifest"
    return Gap(variable, component, reason, container.spec.location)


def families(
    groups: tuple[Group, ...], variables: tuple[Variable, ...]
) -> tuple[tuple[Group, tuple[Variable, ...]], ...]:
    """Return the groups to show with their variables: those in use, and the families even when empty."""
    shown = []
    for group in groups:
        members = tuple(v for v in variables if v.group.id == group.id)
        if members or group.family:
            shown.append((group, members))
    return tuple(shown)
