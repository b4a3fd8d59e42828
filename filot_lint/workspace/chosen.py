"""Settings objects of frameworks: their members are the names of a module that a variable chooses."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from filot_lint.facts import EnvRead, Fact
from filot_lint.models import Models, SettingsObject
from filot_lint.values import Ref, literals
from filot_lint.workspace.resolve import Resolver


class Chosen:
    """Finds the module behind a settings object, from the point of view of a file."""

    def __init__(self, resolver: Resolver, facts_of: Callable[[str], list[Fact]], models: Models) -> None:
        """No file is asked yet."""
        self.resolver = resolver
        self.facts_of = facts_of
        self.models = models
        self._modules: dict[tuple[str, ...], list[tuple[str, str]]] = {}

    def of(self, ref: Ref, file: str) -> Ref | None:
        """Return a member of a settings object as one of the module behind it, None for other references."""
        for depth in range(min(2, len(ref.path) - 1) + 1):
            found = self.models.settings_objects.get(".".join((ref.module, *ref.path[:depth])))
            if found is not None and len(ref.path) > depth:
                module = self._module(found, file)
                return None if module is None else Ref(module, ref.path[depth:], ref.arguments)
        return None

    def _module(self, settings: SettingsObject, file: str) -> str | None:
        """Return the module that the nearest project chooses."""
        key = (settings.variable, *settings.files)
        if key not in self._modules:
            self._modules[key] = sorted(self._named(settings))
        near = [(len(posixpath.commonpath(["/" + folder, "/" + file])), m) for folder, m in self._modules[key]]
        return max(near)[1] if near else None

    def _named(self, settings: SettingsObject) -> Iterator[tuple[str, str]]:
        for path in self.resolver.files:
            if posixpath.basename(path) not in settings.files:
                continue
            for fact in self.facts_of(path):
                if isinstance(fact, EnvRead) and fact.name == settings.variable and fact.value is not None:
                    for module in literals(fact.value):
                        if self.resolver.resolve(path, module.text) is not None:
                            yield posixpath.dirname(path), module.text
