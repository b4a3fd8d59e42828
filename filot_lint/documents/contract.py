"""The environment contract: for each variable who reads it, who gives it, whether it must be there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Literal as Choice

import msgspec

from filot_lint.documents.manifest import Group
from filot_lint.documents.need import mark, on_condition, one_of, place_of_mark, reliance
from filot_lint.documents.uses import in_production, mates_of, replaced_by, uses_of
from filot_lint.facts import (
    Default,
    EnvDeclaration,
    EnvProvision,
    EnvRead,
)
from filot_lint.findings import Finding
from filot_lint.secrets import Classification, classify, is_local, published_by, unpublished
from filot_lint.source import Location
from filot_lint.workspace.index import Index

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OTHER = "other"

Verdict = Choice["required", "conditional", "alternative", "optional", "not determined"]
"""Of an `alternative` one of several must be there; a `conditional` one where another variable says so."""


class Requirement(msgspec.Struct, frozen=True):
    """Whether production needs a variable, and the places that say so."""

    verdict: Verdict
    reason: str
    evidence: tuple[Location, ...]


class Variable(msgspec.Struct, frozen=True, dict=True):
    """One name of the contract with everything known about it.

    `mates` are the reads that need this variable or another one; `replaces` the declarations of those it stands in for.
    """

    name: str
    group: Group
    classification: Classification
    reads: tuple[EnvRead, ...] = ()
    declarations: tuple[EnvDeclaration, ...] = ()
    provisions: tuple[EnvProvision, ...] = ()
    findings: tuple[Finding, ...] = ()
    uses: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    mates: tuple[EnvRead, ...] = ()
    replaces: tuple[EnvDeclaration, ...] = ()

    @property
    def kind(self) -> str:
        """The class: secret, sensitive, config or public."""
        return self.classification.kind

    @property
    def is_secret(self) -> bool:
        """Whether its value is a credential."""
        return self.kind == "secret"

    @cached_property
    def production(self) -> tuple[EnvRead, ...]:
        """Reads that a production process can reach."""
        return tuple(r for r in self.reads if in_production(r))

    @cached_property
    def deciding(self) -> tuple[EnvRead, ...]:
        """Production reads that do something with the value; what is only logged decides nothing."""
        return tuple(r for r in self.production if r.flow != "log")

    @cached_property
    def elsewhere(self) -> tuple[EnvRead, ...]:
        """Reads by tests, tooling and development branches."""
        return tuple(r for r in self.reads if r not in self.production)

    @cached_property
    def active(self) -> tuple[EnvDeclaration, ...]:
        """Declarations that are not commented out."""
        return tuple(d for d in self.declarations if not d.commented_out)

    @cached_property
    def components(self) -> tuple[str, ...]:
        """Deployables whose code reads it in production."""
        return tuple(sorted({name for read in self.production for name in read.components}))

    @cached_property
    def defaults(self) -> tuple[EnvRead, ...]:
        """One deciding read for each distinct default."""
        found: dict[tuple[str, str | None, str | None], EnvRead] = {}
        for read in self.deciding:
            if read.default is not None and read.default.kind != "null":
                found.setdefault((read.default.kind, read.default.text, read.default.shape), read)
        return tuple(found.values())

    @cached_property
    def requirement(self) -> Requirement:
        """Code decides; the example file only where code does not say."""
        demanding = tuple(r for r in self.deciding if r.required and not r.one_of)
        claimed = tuple(r for r in self.deciding if r.unchecked and not r.one_of)
        always = tuple(r.location for r in demanding if r.condition is None)
        if always:
            return Requirement("required", "the code demands it", always)
        if any(r.condition is None for r in claimed):
            return Requirement("required", reliance(claimed, self.deciding), tuple(r.location for r in claimed))
        if self.mates:
            words = one_of(self.name, {n for r in self.mates for n in (r.name or "", *r.one_of)})
            return Requirement("alternative", words, tuple(r.location for r in self.mates))
        if demanding or claimed:
            where = " and ".join(dict.fromkeys(on_condition(r) for r in demanding or claimed))
            return Requirement("conditional", f"required {where}", tuple(r.location for r in demanding or claimed))
        marked = tuple(d for d in self.active if d.required)
        if marked and not (self._has_default and all(d.heading is not None for d in marked)):
            return Requirement("required", mark(marked[0]), tuple(place_of_mark(d) for d in marked))
        if self.production and all(r.required is False or r.access == "presence" for r in self.deciding):
            reads = self.deciding or self.production
            return Requirement("optional", "the code goes on without it", tuple(r.location for r in reads))
        waived = tuple(d for d in self.declarations if d.required is False or d.commented_out)
        if waived and all(d.required is False for d in self.active):
            reason = mark(waived[0]) if self.active else "the example file leaves it out"
            return Requirement("optional", reason, tuple(place_of_mark(d) for d in waived))
        return Requirement("not determined", self._doubt, tuple(r.location for r in self.deciding or self.production))

    @property
    def _has_default(self) -> bool:
        """Whether the code says everywhere what to take instead, and that serves in production."""
        told = [r.default for r in self.deciding if r.access != "presence"]
        return bool(told) and not self.is_secret and all(d is not None and _serves(d) for d in told)

    @property
    def _doubt(self) -> str:
        """Say what keeps the code from deciding."""
        bare = [r for r in self.deciding if r.required is not False and r.access != "presence" and r.default is None]
        if not self.production:
            return "no production code reads it"
        if self.defaults and all(r.default is not None and r.default.kind == "env" for r in self.defaults):
            return "another variable stands in at some places"
        if self.defaults and bare:
            return "some places have a default, others none"
        if bare and all(r.cast == "boolean" for r in bare):
            return "the code compares it with a text, and names no default"
        return "no place says what happens without it"

    @property
    def comment(self) -> str | None:
        """What the example file says about it."""
        return next((d.comment for d in self.declarations if d.comment), None)

    def given_by(self, channel: str) -> tuple[EnvProvision, ...]:
        """Return the provisions of one channel."""
        return tuple(p for p in self.provisions if p.channel == channel)


def _serves(default: Default) -> bool:
    return default.kind in {"literal", "expression"} and not (default.text is not None and is_local(default.text))


def build_contract(index: Index, findings: Iterable[Finding], groups: tuple[Group, ...]) -> tuple[Variable, ...]:
    """Return every variable that is read, declared or provided, by name."""
    reads, declarations, provisions = index.reads, index.declarations, index.provisions
    used = uses_of(index)
    about = _findings_by_name(findings)
    mates, replaced = mates_of(index), replaced_by(index)
    variables = []
    for name in sorted(reads.keys() | declarations.keys() | provisions.keys()):
        shapes = [d.shape for d in declarations.get(name, ()) if not d.commented_out]
        classification = _class(name, shapes[0] if shapes else None, used["uses"].get(name, ()))
        variables.append(
            Variable(
                name=name,
                group=group_of(classification, used["systems"].get(name, ()), groups),
                classification=classification,
                reads=tuple(reads.get(name, ())),
                declarations=tuple(declarations.get(name, ())),
                provisions=tuple(provisions.get(name, ())),
                findings=tuple(about.get(name, ())),
                uses=used["uses"].get(name, ()),
                drivers=used["drivers"].get(name, ()),
                mates=tuple(mates.get(name, ())),
                replaces=tuple(d for other in replaced.get(name, ()) for d in declarations.get(other, ())),
            )
        )
    return tuple(variables)


def _class(name: str, shape: str | None, uses: tuple[str, ...]) -> Classification:
    """Weigh the evidence; what a bundler publishes and a service makes for browsers is no secret."""
    found = classify(name, shape, uses)
    if found.kind != "secret" or published_by(name) is None:
        return found
    bare = unpublished(name)
    return msgspec.structs.replace(bare, name=name) if bare.kind == "public" else found


def group_of(classification: Classification, systems: Iterable[str], groups: tuple[Group, ...]) -> Group:
    """Return the group of a variable: one that names it, else what its value is used for, else its words."""
    claiming = next((g for g in groups if g.claims(classification.name)), None)
    if claiming is not None:
        return claiming
    by_id = {group.id: group for group in groups}
    for system in systems:
        if system in by_id:
            return by_id[system]
    words = set(classification.name.upper().split("_"))
    fitting = (g for g in groups if classification.kind == "secret" or not g.secrets_only)
    return next((g for g in fitting if words & set(g.tokens)), by_id[OTHER])


def _findings_by_name(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        for name in dict.fromkeys(_WORD.findall(finding.message)):
            found[name].append(finding)
    return found
