"""Classes of settings that build on classes of other files: what they read, and what their members are."""

from __future__ import annotations

import re
from collections.abc import Callable as Function
from collections.abc import Iterable, Iterator, Mapping

from filot_lint.extract.redact import default_of, redact
from filot_lint.extract.schemas.settings import Hierarchy, Variable, chained, local
from filot_lint.facts import EnvRead, Fact, ModelClass
from filot_lint.source import Language, Location, SourceFile
from filot_lint.values import Env, Environment, Literal, Record, Ref, Value
from filot_lint.workspace.origins import Origins
from filot_lint.workspace.resolve import Resolver


class Settings:
    """Finds classes of settings over the files of a workspace."""

    def __init__(self, resolver: Resolver, facts_of: Function[[str], list[Fact]]) -> None:
        """No file is known yet."""
        self.origins = Origins(ModelClass, resolver, facts_of)
        self.hierarchy = Hierarchy(self.find)

    def reads(self, files: Iterable[str]) -> Iterator[EnvRead]:
        """Yield what classes of these files read whose variables no single file tells."""
        told: set[tuple[Location, str | None]] = set()
        for model in [model for file in files for model in self.origins.of(file).values() if not model.whole]:
            via = self.hierarchy.family(model).via or ""
            for read in (read for variable in self.hierarchy.variables(model) for read in self._reads(variable, via)):
                if (read.location, read.name) not in told:
                    told.add((read.location, read.name))
                    yield read

    def record(self, file: str, name: str) -> Record | None:
        """Return the members of a class of settings, None for other classes."""
        model = self.origins.of(file).get(name)
        return self.hierarchy.members(model) if model is not None else None

    def filled(self, file: str, ref: Ref, environment: Environment) -> list[EnvRead]:
        """Return what is read where a class is filled from the environment as it is."""
        model = self.origins.find(file, ref)
        found = self.hierarchy.exact(model) if model is not None else []
        return [read for variable in found for read in self._reads(variable, environment.via)]

    def find(self, model: ModelClass, ref: Value) -> ModelClass | None:
        """Return the class that another one names."""
        name = local(ref)
        if name is not None:
            return self.origins.of(model.file).get(name) if name != model.name else None
        return self.origins.find(model.file, ref) if isinstance(ref, Ref) else None

    def _reads(self, variable: Variable, via: str) -> Iterator[EnvRead]:
        for name, at, default, required in chained(variable):
            home = next(iter(self.origins.of(at.file).values()))
            shown = None if isinstance(default, Literal) and default.type == "null" else default
            yield EnvRead(
                file=at.file,
                line=at.line,
                column=at.column,
                end_line=at.end_line,
                end_column=at.end_column,
                language=home.language,
                area=home.area,
                name=name,
                access="read",
                via=via,
                default=default_of(name, shown),
                required=required,
                cast=variable.cast,
                value=redact(Env(name, shown), name),
            )


def heirs(facts: Mapping[str, list[Fact]], sources: Mapping[str, SourceFile]) -> list[str]:
    """Return the unread files with classes that extend one that is, or may come to be, a class of settings."""
    classes = [fact for found in facts.values() for fact in found if isinstance(fact, ModelClass)]
    names = {model.name for model in classes if model.via is not None}
    while more := {m.name for m in classes if any(isinstance(b, Ref) and b.path[-1:] and b.path[-1] in names
                                                  for b in m.bases)} - names:  # fmt: skip
        names |= more
    if not names:
        return []
    words = b"|".join(re.escape(name.encode()) for name in sorted(names))
    extends = re.compile(rb"^\s*class\s+\w+\s*\([^)]*\b(?:" + words + rb")\b", re.MULTILINE)
    return [
        path
        for path, source in sources.items()
        if source.language is Language.PYTHON and path not in facts and extends.search(source.data)
    ]
