"""What workflows and activities are called, once the files that define them are known."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.facts import Exported, Imports, TemporalType
from filot_lint.values import UNKNOWN, Callable, Coalesce, Literal, Record, Ref, Sequence, Value, coalesce
from filot_lint.workspace.exports import HOPS, Exports
from filot_lint.workspace.origins import Origins

FIELDS = frozenset({"workflow", "workflows", "activities"})


class Registered:
    """Names the workflows that are started, and those that a worker registers."""

    def __init__(self, exports: Exports) -> None:
        """Take what modules export."""
        self.exports = exports
        self._types: Origins[TemporalType] = Origins(TemporalType, exports.resolver, exports.facts_of)
        self._exported: Origins[Exported] = Origins(Exported, exports.resolver, exports.facts_of)
        self._listed: dict[tuple[str, int], list[Value]] = {}

    def resolve(self, field: str, value: Value, file: str) -> Value:
        """Return the name or names that a setting comes to."""
        if field == "workflow":
            return self._one(value, file)
        if isinstance(value, Sequence):
            found = list(self._items(value.items, file))
            return Sequence(tuple(v for v in found if v != UNKNOWN), value.open or UNKNOWN in found)
        return self._many(value, file) if isinstance(value, Ref) else value

    def _one(self, value: Value, file: str) -> Value:
        if isinstance(value, Coalesce):
            return coalesce([self._one(option, file) for option in value.options])
        if not isinstance(value, Ref):
            return self.exports.resolve(value, file)
        return self._python(value, file) if file.endswith(".py") else self._typescript(value, file)

    def _python(self, ref: Ref, file: str) -> Value:
        """Follow `Review`, and `Review.run`, to the class; a decorator may call it otherwise."""
        for path in (ref.path, ref.path[:-1]):
            found = self._types.find(file, Ref(ref.module, path)) if path else None
            if found is not None:
                return UNKNOWN if found.called is None else Literal(found.called, at=found.location)
        target = self.exports.resolver.resolve(file, ref.module)
        known = self._types.of(target).values() if target is not None else ()
        alike = [t for t in known if t.name.rpartition(".")[2] == ref.path[-1] and t.called is not None]
        if len(alike) == 1:
            return Literal(alike[0].called or "", at=alike[0].location)
        resolved = self.exports.resolve(ref, file)
        return resolved if isinstance(resolved, Literal) else ref

    def _typescript(self, ref: Ref, file: str) -> Value:
        """Take the name under which a module exports the function."""
        resolved = self.exports.resolve(ref, file)
        if not isinstance(resolved, Callable | Ref):
            return UNKNOWN if isinstance(resolved, Record) else resolved
        if not ref.path or ref.path[-1] == "default":
            return UNKNOWN
        found = self._exported.find(file, Ref(ref.module, ref.path))
        return Literal(ref.path[-1], at=found.location if found is not None else None)

    def _items(self, items: tuple[Value, ...], file: str) -> Iterator[Value]:
        for item in items:
            if isinstance(item, Ref) and not item.path:
                listed = self._many(item, file)
                yield from listed.items if isinstance(listed, Sequence) else (UNKNOWN,)
                if isinstance(listed, Sequence) and listed.open:
                    yield UNKNOWN
            else:
                yield self._one(item, file)

    def _many(self, ref: Ref, file: str) -> Value:
        if ref.path:
            resolved = self.exports.resolve(ref, file)
            keys = resolved.entries if isinstance(resolved, Record) else ()
            names = tuple(Literal(key) for key, _ in keys if key != "...")
            return Sequence(names, getattr(resolved, "open", True)) if names else UNKNOWN
        target = self.exports.resolver.resolve(file, ref.module)
        if target is None or target.endswith(".py"):
            return UNKNOWN
        found = self._functions(target, HOPS)
        return Sequence(tuple(v for v in found if v != UNKNOWN), UNKNOWN in found)

    def _functions(self, file: str, hops: int) -> list[Value]:
        """Return the functions that a module exports; a default one takes every workflow without a name of its own."""
        key = (file, hops)
        if key not in self._listed:
            self._listed[key] = list(dict.fromkeys(self._each_function(file, hops)))
        return self._listed[key]

    def _each_function(self, file: str, hops: int) -> Iterator[Value]:
        for fact in self.exports.facts_of(file) if hops else ():
            if isinstance(fact, Exported):
                value = self.exports.resolve(fact.value, file)
                if fact.name == "default" or (isinstance(value, Ref) and not value.module.startswith("@temporalio/")):
                    yield UNKNOWN
                elif isinstance(value, Callable):
                    yield Literal(fact.name, at=fact.location)
            elif isinstance(fact, Imports) and fact.reexport and not fact.type_only:
                yield from self._handed_on(fact, file, hops - 1)

    def _handed_on(self, fact: Imports, file: str, hops: int) -> Iterator[Value]:
        target = self.exports.resolver.resolve(file, fact.module)
        if target is None:
            yield UNKNOWN
            return
        known = self._functions(target, hops)
        for exported, alias in fact.names:
            if (exported, alias) == ("*", "*"):
                yield from known
            elif exported != "*":
                yield from (Literal(alias, at=v.at) for v in known if isinstance(v, Literal) and v.text == exported)
