"""What all documents share: computed once from the index and the findings, so that they cannot disagree."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import msgspec

from filot_lint.documents import survey
from filot_lint.documents.checklist import checked_rules, judge
from filot_lint.documents.choice import settle
from filot_lint.documents.contract import Variable, build_contract
from filot_lint.documents.deciders import Result
from filot_lint.documents.inventory import EnvValues, Inventory, Status
from filot_lint.documents.manifest import Group, Manifest
from filot_lint.documents.matrix import Cell, build_matrix
from filot_lint.documents.queues import Queue, TaskQueue, build_queues, build_task_queues
from filot_lint.documents.secrets_map import Gap, SecretEntry, build_entries, build_gaps, families
from filot_lint.documents.topology import Deployable, build_deployables
from filot_lint.facts import (
    ContainerSpec,
    DatabaseConnection,
    EnvDeclaration,
    EnvProvision,
    EnvRead,
    Fact,
    ObjectStoreClient,
    ObjectStoreOperation,
    QueueUse,
    RedisConnection,
    SecretUse,
    TemporalConnection,
    TemporalStart,
    TestDouble,
)
from filot_lint.findings import Confidence, Finding, Severity
from filot_lint.source import Location
from filot_lint.workspace.demands import Answer
from filot_lint.workspace.index import Index

_NEEDS: dict[str, tuple[str, type[Fact]]] = {
    "env-declaration": ("declared variable", EnvDeclaration),
    "redis-connection": ("Redis connection", RedisConnection),
    "queue-use": ("use of a queue", QueueUse),
    "object-store-client": ("object store client", ObjectStoreClient),
    "object-store-operation": ("object store operation", ObjectStoreOperation),
    "temporal-connection": ("Temporal connection", TemporalConnection),
    "temporal-start": ("start of a workflow", TemporalStart),
    "database-connection": ("database connection", DatabaseConnection),
    "secret-use": ("use of a signing or comparison key", SecretUse),
}


class Context(msgspec.Struct, frozen=True, dict=True):
    """The shared facts of all documents. Findings that are `suppressed` or `doubtful` (low confidence) stand apart."""

    root: Path
    name: str
    docs: str
    example_dir: str
    example: str | None
    index: Index
    manifest: Manifest
    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    doubtful: tuple[Finding, ...]
    variables: tuple[Variable, ...]
    deployables: tuple[Deployable, ...]
    queues: tuple[Queue, ...]
    task_queues: tuple[TaskQueue, ...]
    entries: tuple[SecretEntry, ...]
    gaps: tuple[Gap, ...]
    cells: tuple[Cell, ...]
    papers: tuple[survey.Paper, ...]
    inventory: Inventory | None = None
    env_values: EnvValues | None = None

    def status_of(self, entry: SecretEntry) -> Status:
        """Return whether an entry exists in the secret store, which only an inventory can tell."""
        if self.inventory is None:
            return "unknown"
        return "present" if entry.secret_name in self.inventory.names else "missing"

    @property
    def demands(self) -> list[Answer]:
        """How the workspace meets the demands of its profile."""
        return self.index.answers

    @property
    def file_count(self) -> int:
        """How many files were read."""
        return len(self.index.files) or len({fact.file for fact in self.index.all()})

    @cached_property
    def checklist(self) -> tuple[Result, ...]:
        """The verdicts."""
        return judge(self, self.manifest.checklist, checked_rules(self.index.config))

    @cached_property
    def families(self) -> tuple[tuple[Group, tuple[Variable, ...]], ...]:
        """Groups with the variables that production or the example file knows."""
        return families(self.manifest.groups, self.variables)

    @cached_property
    def needed(self) -> tuple[Variable, ...]:
        """Variables that belong into a production environment."""
        return tuple(v for v in self.variables if is_needed(v, self.index, self.manifest))

    @cached_property
    def unneeded(self) -> tuple[Variable, ...]:
        """The others: for tests, tooling or development, or read by nothing."""
        needed = {v.name for v in self.needed}
        return tuple(v for v in self.variables if v.name not in needed)

    def why_unneeded(self, variable: Variable) -> str:
        """Say why a variable does not belong to production."""
        if variable.name in self.manifest.withheld:
            return self.manifest.withheld[variable.name]
        consumer = self.index.consumer_of(variable.name)
        if variable.production and consumer is not None:
            return f"set by {consumer.name}"
        if variable.reads:
            return f"read only by {' and '.join(sorted({_reader(r) for r in variable.reads}))}"
        if variable.active:
            return "declared, read by nothing here"
        only = variable.provisions and all(p.channel == "ci" for p in variable.provisions)
        given = f"given by {'a pipeline to its own commands' if only else 'a manifest or an image'}, read by no code"
        return "declared, but commented out" if variable.declarations else given

    @cached_property
    def undocumented(self) -> tuple[Variable, ...]:
        """Read by production, declared in no example file."""
        return tuple(v for v in self.needed if not v.declarations)

    @property
    def secrets(self) -> tuple[Variable, ...]:
        """Credentials that production needs."""
        return tuple(entry.variable for entry in self.entries if entry.variable.is_secret)

    @property
    def missing(self) -> tuple[Gap, ...]:
        """Secrets for which a manifest exists that does not map them."""
        return tuple(g for g in self.gaps if g.is_missing)

    @property
    def undecided(self) -> tuple[Gap, ...]:
        """Secrets for which no manifest says anything."""
        return tuple(g for g in self.gaps if not g.is_missing)

    @cached_property
    def doubles(self) -> tuple[TestDouble, ...]:
        """What stands in for something in production code; a base that others build on does not."""
        found = (d for d in self.index.of(TestDouble) if d.area == "production" and d.heirs is None)
        return tuple(d for d in found if not _is_word(d))

    @cached_property
    def lookalikes(self) -> tuple[TestDouble, ...]:
        """What only holds the word of a double in its name."""
        found = (d for d in self.index.of(TestDouble) if d.area == "production" and d.heirs is None)
        return tuple(d for d in found if _is_word(d))

    @property
    def has_mocks(self) -> bool:
        """Whether there is something to clean up."""
        return bool(self.doubles or self.about("FIL7"))

    @property
    def gpu(self) -> tuple[Deployable, ...]:
        """Deployables that work with a GPU."""
        return tuple(d for d in self.deployables if d.gpu)

    @property
    def task_containers(self) -> tuple[ContainerSpec, ...]:
        """Containers of task definitions."""
        return tuple(s for s in self.index.of(ContainerSpec) if s.origin == "ecs")

    def of(self, kind: str) -> tuple[Fact, ...]:
        """Return the production facts of a class of `filot_lint.facts`, by its name."""
        return tuple(f for f in survey.facts_called(self.index, kind) if f.area == "production")

    def beyond(self, kind: str) -> tuple[Fact, ...]:
        """Return the facts of a class from tests and tooling."""
        return tuple(f for f in survey.facts_called(self.index, kind) if f.area != "production")

    def about(self, *families: str) -> tuple[Finding, ...]:
        """Return the findings whose code starts with one of `families`."""
        return tuple(f for f in self.findings if f.rule.code.startswith(families))

    def by_severity(self, word: str) -> tuple[Finding, ...]:
        """Return the findings of one severity."""
        return tuple(f for f in self.findings if f.severity == Severity[word.upper()])

    def results(self, verdict: str) -> tuple[Result, ...]:
        """Return the checklist items with one verdict."""
        return tuple(r for r in self.checklist if r.verdict == verdict)

    def group(self, *ids: str) -> tuple[Variable, ...]:
        """Return the needed variables of some groups."""
        return tuple(v for v in self.needed if v.group.id in ids)

    def variable(self, name: str) -> Variable | None:
        """Return one variable."""
        return next((v for v in self.variables if v.name == name), None)

    def examined(self, need: str) -> tuple[str, tuple[Location, ...]]:
        """Return a noun for a kind of evidence, and where it is."""
        match need:
            case "secret":
                places = [(*v.production, *v.active)[0].location for v in self.secrets]
                return "secret that production needs", tuple(places)
            case "secret-reference":
                found = [p for p in self.index.of(EnvProvision) if p.channel == "secret"]
                return "reference to a secret store", tuple(p.location for p in found)
            case "gpu":
                places = [c.spec.location for d in self.gpu for c in d.containers]
                entries = [Location(entry, 1, 1, 1, 1) for d in self.gpu for entry in d.component.entries]
                return "GPU worker", tuple(places or entries)
            case "profile":
                return "demand of a profile", tuple(a.places[0] for a in self.index.answers if a.places)
            case "task-definition":
                return "task definition", tuple(s.location for s in self.task_containers)
        noun, kind = _NEEDS[need]
        return noun, tuple(f.location for f in self.index.of(kind) if f.area == "production")


def _is_word(double: TestDouble) -> bool:
    return set(double.signs) == {"word"}


def _reader(read: EnvRead) -> str:
    if read.area != "production":
        return {"test": "tests"}.get(read.area, read.area)
    return "compose files" if read.language == "compose" else "branches for development"


def is_needed(variable: Variable, index: Index, manifest: Manifest) -> bool:
    """Whether production code reads it, or nothing but a library does that the example file sets it for."""
    consumer = index.consumer_of(variable.name)
    by_platform = consumer is not None and consumer.kind == "platform" and not variable.active
    if by_platform or variable.name in manifest.withheld:
        return False
    outside = consumer is not None or index.config.is_external(variable.name)
    return bool(variable.production) or (outside and bool(variable.active) and not variable.reads)


def build_context(  # what source says, and what else is known
    root: Path,
    index: Index,
    findings: list[Finding],
    manifest: Manifest,
    *,
    inventory: Inventory | None = None,
    env_values: EnvValues | None = None,
) -> Context:
    """Compute everything the documents say."""
    manifest = settle(manifest, index.config, index.profile)
    every = sorted(findings, key=lambda f: f.sort_key)
    suppressed = tuple(f for f in every if f.suppressed is not None)
    ordered = tuple(f for f in every if f.suppressed is None and f.confidence > Confidence.LOW)
    doubtful = tuple(f for f in every if f.suppressed is None and f.confidence is Confidence.LOW)
    example = survey.choose_example(index)
    docs = survey.docs_folder(root, index.config)
    name = survey.workspace_name(root)
    variables = build_contract(index, ordered, manifest.groups)
    deployables = build_deployables(index)
    entries = build_entries(
        tuple(v for v in variables if is_needed(v, index, manifest)), name, index.config.secret_names
    )
    return Context(
        root=root,
        name=name,
        docs=docs,
        example_dir=example.rpartition("/")[0] if example else "",
        example=example,
        index=index,
        manifest=manifest,
        findings=ordered,
        suppressed=suppressed,
        doubtful=doubtful,
        variables=variables,
        deployables=deployables,
        queues=build_queues(index),
        task_queues=build_task_queues(index),
        entries=entries,
        gaps=build_gaps(entries, deployables),
        cells=build_matrix(variables, deployables),
        papers=survey.find_papers(root, docs),
        inventory=inventory,
        env_values=env_values,
    )
