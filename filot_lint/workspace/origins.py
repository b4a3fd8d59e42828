"""Where something is defined that a module exports: through re-exports, indexes and stars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from filot_lint.facts import Exported, Fact, Imports, ModelClass, Schema, TemporalType
from filot_lint.values import Ref
from filot_lint.workspace.resolve import Resolver

HOPS = 12
F = TypeVar("F", Schema, ModelClass, Exported, TemporalType)


class Origins(Generic[F]):
    """Finds the facts of one kind, which have a name, by what other files call them."""

    def __init__(self, kind: type[F], resolver: Resolver, facts_of: Callable[[str], list[Fact]]) -> None:
        """No file is known yet."""
        self.kind: type[F] = kind
        self.resolver = resolver
        self.facts_of = facts_of
        self._known: dict[str, dict[str, F]] = {}
        self._found: dict[tuple[str, str, tuple[str, ...], int], F | None] = {}
        self._imports: dict[str, list[Imports]] = {}

    def of(self, file: str) -> dict[str, F]:
        """Return what a file defines itself, by name."""
        if file not in self._known:
            self._known[file] = {fact.name: fact for fact in self.facts_of(file) if isinstance(fact, self.kind)}
        return self._known[file]

    def find(self, file: str, ref: Ref, hops: int = HOPS) -> F | None:
        """Return what a reference of a file leads to, None when that is no such thing or not of this workspace."""
        if not hops or not ref.module:
            return None
        key = (file, ref.module, ref.path, hops)
        if key not in self._found:
            self._found[key] = self._find(file, ref, hops)
        return self._found[key]

    def _find(self, file: str, ref: Ref, hops: int) -> F | None:
        target = self.resolver.resolve(file, ref.module)
        if target is None or len(ref.path) > 1:
            if not (file.endswith(".py") and ref.path):
                return None
            joined = ref.module + ("" if ref.module.endswith(".") else ".") + ref.path[0]
            return self.find(file, Ref(joined, ref.path[1:]), hops - 1)
        name = ref.path[0] if ref.path else "default"
        known = self.of(target).get(name)
        return known if known is not None else self._handed_on(target, name, hops)

    def _handed_on(self, file: str, name: str, hops: int) -> F | None:
        if file not in self._imports:
            self._imports[file] = [fact for fact in self.facts_of(file) if isinstance(fact, Imports)]
        for fact in self._imports[file]:
            for exported, alias in fact.names:
                if alias in {name, "*"}:
                    again = Ref(fact.module, (name if exported == "*" else exported,))
                    found = self.find(file, again, hops - 1)
                    if found is not None:
                        return found
        return None
