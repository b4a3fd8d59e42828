"""Everything known about one variable, gathered from the index and the findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal as Choice

import msgspec
from msgspec.structs import replace

from filot_lint import facts
from filot_lint.documents.choice import settle
from filot_lint.documents.contract import Requirement, Variable, build_contract
from filot_lint.documents.manifest import load_manifest
from filot_lint.documents.matrix import build_matrix
from filot_lint.documents.topology import Deployable, build_deployables
from filot_lint.facts import EnvDeclaration, EnvProvision, EnvRead, Fact
from filot_lint.findings import Finding
from filot_lint.models import Consumer
from filot_lint.reporters.json import Tool
from filot_lint.secrets import Classification, classify
from filot_lint.source import Location
from filot_lint.values import Env, Value, env_names, options
from filot_lint.workspace.components import Component
from filot_lint.workspace.index import Index

_NOUNS: dict[type[Fact], str] = {
    facts.RedisConnection: "the {library} client",
    facts.QueueUse: "the {framework} queue ({role})",
    facts.ObjectStoreClient: "the {library} client",
    facts.ObjectStoreOperation: "the operation {operation} ({library})",
    facts.TemporalConnection: "the {library} connection",
    facts.TemporalWorker: "the {library} worker",
    facts.TemporalStart: "the {library} call {operation}",
    facts.DatabaseConnection: "the {library} client",
    facts.SecretUse: "{sink} with {library}",
    facts.SecretComparison: "a comparison ({operator}) with what somebody sends",
    facts.SecretAbsence: "a test whether it is there ({outcome} without it)",
    facts.SecretExposure: "what others read: {sink}",
    facts.Listener: "the {library} server",
}


class Reached(msgspec.Struct, frozen=True):
    """A read with the files by which its component comes to it.

    It is uncertain when a lazy import stands between, and not `called` when no code there names its function.
    """

    read: EnvRead
    path: tuple[str, ...]
    certain: bool
    called: bool = True


class Reader(msgspec.Struct, frozen=True):
    """A component and its reads."""

    component: str
    entries: tuple[str, ...]
    reads: tuple[Reached, ...]


class Chain(msgspec.Struct, frozen=True):
    """Variables that stand in for each other, the preferred one first."""

    names: tuple[str, ...]
    location: Location


class Use(msgspec.Struct, frozen=True):
    """A setting the value goes to; `after` are the variables that are preferred there."""

    kind: str
    field: str
    of: str
    area: str
    location: Location
    after: tuple[str, ...] = ()


class Supply(msgspec.Struct, frozen=True):
    """Whether a container that runs a component is given the variable; `verdict` is the report's, for task files."""

    component: str
    container: str
    location: Location
    provision: EnvProvision | None = None
    env_file: Location | None = None
    verdict: str | None = None
    reason: str | None = None


class Concern(msgspec.Struct, frozen=True):
    """A finding about the variable."""

    code: str
    name: str
    severity: str
    confidence: str
    message: str
    location: Location
    reason: str | None = None


class Story(msgspec.Struct, frozen=True):
    """One variable's whole story. Files are relative to the workspace."""

    schema: Choice["filot-lint/explain/1"]
    tool: Tool
    name: str
    classification: Classification
    requirement: Requirement
    declarations: tuple[EnvDeclaration, ...]
    components: tuple[Reader, ...]
    unreached: tuple[EnvRead, ...]
    elsewhere: tuple[EnvRead, ...]
    changes: tuple[EnvRead, ...]
    possible: tuple[EnvRead, ...]
    chains: tuple[Chain, ...]
    uses: tuple[Use, ...]
    supplies: tuple[Supply, ...]
    other_provisions: tuple[EnvProvision, ...]
    consumer: Consumer | None
    findings: tuple[Concern, ...]


def known_names(index: Index) -> set[str]:
    """Return every variable that a file of the workspace names."""
    touched = {read.name for read in index.of(EnvRead) if read.name is not None}
    return touched | index.declarations.keys() | index.provisions.keys()


def is_told(index: Index, name: str) -> bool:
    """Whether there is anything to tell about a name."""
    return name in known_names(index) or index.consumer_of(name) is not None or any(_possible(index, name))


def collect(index: Index, name: str, findings: Sequence[Finding]) -> Story:
    """Gather the story of a variable."""
    groups = settle(load_manifest(), index.config, index.profile).groups
    unknown = Variable(name, groups[-1], classify(name))
    variable = next((v for v in build_contract(index, findings, groups) if v.name == name), unknown)
    reads = variable.reads
    supplies = tuple(_supplies(variable, _deployables(index)))
    shown = {id(supply.provision) for supply in supplies}
    return Story(
        schema="filot-lint/explain/1",
        tool=Tool(),
        name=name,
        classification=_classified(index, variable),
        requirement=variable.requirement,
        declarations=variable.declarations,
        components=tuple(_readers(index.components, reads)),
        unreached=tuple(r for r in reads if r.area == "production" and not r.components),
        elsewhere=tuple(r for r in reads if r.area != "production"),
        changes=tuple(r for r in index.of(EnvRead) if r.name == name and r.access in {"write", "delete"}),
        possible=tuple(_possible(index, name)),
        chains=tuple(_chains(index, name)),
        uses=tuple(_uses(index, name)),
        supplies=supplies,
        other_provisions=tuple(p for p in variable.provisions if id(p) not in shown),
        consumer=index.consumer_of(name),
        findings=tuple(_concern(finding) for finding in findings if f"`{name}`" in finding.message),
    )


def _classified(index: Index, variable: Variable) -> Classification:
    """Return what a variable is taken for, comparisons with what somebody sends counted in."""
    compared = any(variable.name in env_names(fact.secret) for fact in index.of(facts.SecretComparison))
    if not compared or variable.classification.kind == "secret":
        return variable.classification
    shape = next((declaration.shape for declaration in variable.declarations), None)
    return classify(variable.name, shape, (*variable.uses, "compare"))


def _possible(index: Index, name: str) -> Iterator[EnvRead]:
    """Yield the reads of computed names whose pattern allows this one."""
    for read in index.dynamic_reads:
        if read.pattern is not None and re.fullmatch(read.pattern, name):
            yield read


def _readers(components: Sequence[Component], reads: Sequence[EnvRead]) -> Iterator[Reader]:
    for component in components:
        own = [r for r in reads if r.area == "production" and component.name in r.components]
        if own:
            yield Reader(component.name, component.entries, tuple(_reached(component, read) for read in own))


def _reached(component: Component, read: EnvRead) -> Reached:
    reach = component.modules.get(read.file)
    path = [read.file]
    while (step := component.modules.get(path[0])) is not None and step.via is not None and step.via not in path:
        path.insert(0, step.via)
    called = component.name not in read.uncalled
    return Reached(read, tuple(path), certain=reach is None or reach.certain, called=called)


def _chains(index: Index, name: str) -> Iterator[Chain]:
    """Yield the orders of preference a variable takes part in, without those that only continue another one."""
    chains = [
        Chain(_preference(read), read.location)
        for read in index.of(EnvRead)
        if read.name and read.default and read.default.kind == "env" and read.default.text
    ]
    for chain in chains:
        if name in chain.names and not any(_continues(chain, other) for other in chains):
            yield chain


def _preference(read: EnvRead) -> tuple[str, ...]:
    """Return the variables a read tries, in order."""
    tried = [o.name for o in options(read.value) if isinstance(o, Env) and o.name] if read.value else []
    stated = [read.name or "", (read.default.text if read.default else None) or ""]
    return tuple(dict.fromkeys(tried if len(tried) > 1 else stated))


def _continues(chain: Chain, other: Chain) -> bool:
    here, there = chain.location, other.location
    near = here.file == there.file and 0 <= here.line - there.line < len(other.names) and here != there
    return near and len(other.names) > len(chain.names) and other.names[-len(chain.names) :] == chain.names


def _uses(index: Index, name: str) -> Iterator[Use]:
    for kind, noun in _NOUNS.items():
        for fact in index.of(kind):
            own = {f: getattr(fact, f) for f in fact.__struct_fields__ if f not in Fact.__struct_fields__}
            for field, value in own.items():
                if name in env_names(value):
                    tag = str(kind.__struct_config__.tag)
                    yield Use(tag, field, noun.format_map(own), fact.area, fact.location, _before(value, name))


def _before(value: Value, name: str) -> tuple[str, ...]:
    names = [option.name for option in options(value) if isinstance(option, Env) and option.name]
    return tuple(dict.fromkeys(names[: names.index(name)])) if name in names else ()


def _deployables(index: Index) -> tuple[Deployable, ...]:
    """Return the deployables without the arguments of their images' builds, which no process gets."""
    found = build_deployables(index)
    return tuple(replace(d, image=tuple(p for p in d.image if p.channel == "image-env")) for d in found)


def _supplies(variable: Variable, deployables: tuple[Deployable, ...]) -> Iterator[Supply]:
    """Yield, for each component that reads the variable or is given it, what its containers get."""
    cells = {(c.deployable.name, c.container.spec): c for c in build_matrix((variable,), deployables) if c.container}
    for deployable in deployables:
        reading = any(r.area == "production" and deployable.name in r.components for r in variable.reads)
        for container in deployable.containers:
            spec, files = container.spec, container.env_files
            grant = next((p for p in (*container.provisions, *deployable.image) if p.name == variable.name), None)
            if grant or reading:
                cell = cells.get((deployable.name, spec))
                verdict = (
                    (cell.verdict, cell.reason) if cell else (None, None if reading else "no code it runs reads it")
                )
                file = files[0].location if files and not grant else None
                yield Supply(deployable.name, spec.name, spec.location, grant, file, *verdict)


def _concern(finding: Finding) -> Concern:
    rule, words = finding.rule, (finding.severity.word, finding.confidence.word)
    return Concern(rule.code, rule.name, *words, finding.message, finding.location, finding.reason)
