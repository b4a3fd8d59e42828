"""Everything known about a workspace after linking: the one thing checks and documents ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeVar

from filot_lint.config import Config
from filot_lint.facts import Dependency, DependencyFile, EnvDeclaration, EnvProvision, EnvRead, Fact, Problem
from filot_lint.models import ECOSYSTEMS, Consumer, Models
from filot_lint.profiles import Profile, chosen_profile
from filot_lint.source import Language, SourceFile
from filot_lint.workspace.assumptions import resolution_of
from filot_lint.workspace.callers import Callers
from filot_lint.workspace.components import Component
from filot_lint.workspace.demands import Answer, answers
from filot_lint.workspace.versions import Resolution, Versions

F = TypeVar("F", bound=Fact)


class Index:
    """Linked facts of a workspace, by kind and by variable. All tuples are sorted by file, line, column."""

    def __init__(
        self,
        facts: Iterable[Fact],
        *,
        config: Config,
        models: Models,
        components: tuple[Component, ...] = (),
        files: Mapping[str, SourceFile] | None = None,
        callers: Callers | None = None,
        skipped: int = 0,
        others: int = 0,
    ) -> None:
        """Sort the facts once; `others` counts the files of kinds that nothing is read from."""
        self.others = others
        self.config = config
        self.models = models
        self.components = components
        self.files: Mapping[str, SourceFile] = files or {}
        self.callers = callers or Callers((), {}, {}, {})
        self.skipped = skipped
        by_kind: dict[type[Fact], list[Fact]] = defaultdict(list)
        for fact in facts:
            by_kind[type(fact)].append(fact)
        self._by_kind = {
            kind: tuple(sorted(group, key=lambda f: (f.file, f.line, f.column))) for kind, group in by_kind.items()
        }

    def of(self, kind: type[F]) -> tuple[F, ...]:
        """Return all facts of one kind."""
        return self._by_kind.get(kind, ())  # type: ignore[return-value]

    def all(self) -> list[Fact]:
        """Return every fact, by place."""
        every = [fact for group in self._by_kind.values() for fact in group]
        return sorted(every, key=lambda f: (f.file, f.line, f.column, type(f).__name__))

    @cached_property
    def reads(self) -> dict[str, list[EnvRead]]:
        """Reads and presence tests by name, of every area; writes, deletes and dynamic reads are left out."""
        found: dict[str, list[EnvRead]] = defaultdict(list)
        for read in self.of(EnvRead):
            if read.name is not None and read.access in {"read", "presence"}:
                found[read.name].append(read)
        return dict(sorted(found.items()))

    @cached_property
    def dynamic_reads(self) -> list[EnvRead]:
        """Reads whose name is computed."""
        return [r for r in self.of(EnvRead) if r.name is None and r.access in {"read", "presence"}]

    @cached_property
    def declarations(self) -> dict[str, list[EnvDeclaration]]:
        """Declarations by name, active ones before commented-out ones."""
        found: dict[str, list[EnvDeclaration]] = defaultdict(list)
        for declaration in sorted(self.of(EnvDeclaration), key=lambda d: d.commented_out):
            found[declaration.name].append(declaration)
        return dict(sorted(found.items()))

    @cached_property
    def provisions(self) -> dict[str, list[EnvProvision]]:
        """Provisions by name."""
        found: dict[str, list[EnvProvision]] = defaultdict(list)
        for provision in self.of(EnvProvision):
            found[provision.name].append(provision)
        return dict(sorted(found.items()))

    @cached_property
    def versions(self) -> Versions:
        """The packages that lock files and manifests name."""
        return Versions(self.of(DependencyFile), self.of(Dependency))

    def resolution_of(self, fact: Fact) -> Resolution | None:
        """Return what decides the version of the library that a fact is about, None when no file names it."""
        return resolution_of(fact, self.models, self.versions)

    def consumer_of(self, name: str) -> Consumer | None:
        """Return what reads or sets a variable by itself; a library that no lock file here has does not."""
        consumer = self.models.consumer_of(name)
        if consumer is None or not consumer.packages:
            return consumer
        return None if self.versions.rules_out(consumer.packages, self._ecosystems) else consumer

    @cached_property
    def _ecosystems(self) -> set[str]:
        families = {"python" if file.language is Language.PYTHON else "typescript"
                    for file in self.files.values() if file.language.is_code}  # fmt: skip
        return {ECOSYSTEMS[family] for family in families}

    @cached_property
    def profile(self) -> Profile | None:
        """What the deployment demands, if that is known."""
        return chosen_profile(self.config, {read.name for read in self._of_production if read.name is not None})

    @cached_property
    def answers(self) -> list[Answer]:
        """How the workspace meets each demand of its profile."""
        if self.profile is None:
            return []
        facts = (fact for group in self._by_kind.values() for fact in group)
        return answers(self.profile, self._of_production, self.declarations, facts)

    @cached_property
    def _of_production(self) -> list[EnvRead]:
        return [r for r in self.of(EnvRead) if r.area == "production" and r.access in {"read", "presence"}]

    def is_idle(self, fact: Fact) -> bool:
        """Whether nothing in the workspace calls the function around a fact: no deployable, and no other file."""
        return fact.is_unused and not self.callers.calls(fact)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read."""
        return self.of(Problem)

    @property
    def unusable(self) -> tuple[Problem, ...]:
        """The problems that hide a whole file; around a partial one the facts are kept."""
        return tuple(problem for problem in self.problems if problem.problem != "partial")

    def component(self, name: str) -> Component | None:
        """Return the component called `name`."""
        return next((c for c in self.components if c.name == name), None)
