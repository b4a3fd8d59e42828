"""From what a build writes to the source it is made from: `dist/index.js` is `src/index.ts`."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from filot_lint.workspace.resolve import Resolver, TsConfig

_OUTPUT = ("dist", "build", "lib", "out")
_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".py")


class Sources:
    """Finds the source of a file that runs."""

    def __init__(self, resolver: Resolver) -> None:
        """Take the files and where compilers write."""
        self.resolver = resolver

    def of(self, path: str) -> str | None:
        """Return the source file of a path, None when it is not of the workspace."""
        files = self.resolver.files
        if path in files and not self._generated(path):
            return path
        for config in self.resolver.tsconfigs:
            if config.out is not None and path.startswith(config.out + "/"):
                for root in _roots(config):
                    found = self._twin(posixpath.join(root, path[len(config.out) + 1 :]))
                    if found is not None:
                        return found
        parts = path.split("/")
        for index, part in enumerate(parts):
            if part in _OUTPUT:
                before, after = parts[:index], parts[index + 1 :]
                for option in (["src", *after], after, [*after[:-1], "src", *after[-1:]]):
                    found = self._twin("/".join([*before, *option]))
                    if found is not None:
                        return found
        return self._twin(path) or self._mirrored(parts)

    def _mirrored(self, parts: list[str]) -> str | None:
        """Find `apps/api/dist/apps/api/src/main.js`, written by a compiler that starts above the package."""
        for index, part in enumerate(parts):
            for above in range(index - 1, -1, -1) if part in _OUTPUT else ():
                if parts[above:index] == parts[index + 1 : index + 1 + index - above]:
                    found = self._twin("/".join([*parts[:above], *parts[index + 1 :]]))
                    if found is not None:
                        return found
        return None

    def _generated(self, path: str) -> bool:
        return any(c.out is not None and path.startswith(c.out + "/") for c in self.resolver.tsconfigs)

    def _twin(self, path: str) -> str | None:
        stem = path if posixpath.splitext(path)[1] not in _SUFFIXES else posixpath.splitext(path)[0]
        for suffix in _SUFFIXES:
            if stem + suffix in self.resolver.files:
                return stem + suffix
        return None


def _roots(config: TsConfig) -> Iterable[str]:
    if config.root is not None:
        yield config.root
    yield posixpath.join(config.directory, "src")
    yield config.directory
