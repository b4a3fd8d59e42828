"""Module names to files: relative imports, packages, `index` files, `src` layouts, tsconfig paths."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from filot_lint.source import Language

_EXTENSIONS = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx")
_TWINS = {".js": (".ts", ".tsx"), ".mjs": (".mts",), ".cjs": (".cts",), ".jsx": (".tsx",)}
_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING = re.compile(r",(\s*[}\]])")


class TsConfig:
    """What the linker needs of one tsconfig: where output comes from, and path aliases."""

    def __init__(self, path: str, options: Mapping[str, object]) -> None:
        """`options` are the compilerOptions."""
        self.directory = posixpath.dirname(path)
        self.out = _folder(self.directory, options.get("outDir"))
        self.root = _folder(self.directory, options.get("rootDir"))
        self.base = _folder(self.directory, options.get("baseUrl"))
        paths = options.get("paths")
        self.paths = {k: v for k, v in paths.items() if isinstance(v, list)} if isinstance(paths, dict) else {}


def _folder(directory: str, value: object) -> str | None:
    if not isinstance(value, str):
        return None
    joined = posixpath.normpath(posixpath.join(directory, value))
    return "" if joined == "." else joined


def load_tsconfigs(root: Path, paths: Iterable[str]) -> list[TsConfig]:
    """Read tsconfig files; comments and trailing commas are allowed, broken ones are passed over."""
    found: list[TsConfig] = []
    for path in paths:
        try:
            text = (root / path).read_text(encoding="utf-8", errors="replace")
            bare = _TRAILING.sub(r"\1", _COMMENT.sub(lambda m: m[1] or "", text))
            data = json.loads(bare)
        except (OSError, ValueError, RecursionError):
            continue
        options = data.get("compilerOptions") if isinstance(data, dict) else None
        if isinstance(options, dict):
            found.append(TsConfig(path, options))
    return sorted(found, key=lambda config: -len(config.directory))


def load_packages(root: Path, paths: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """Return the directory and main file of every package of the workspace, by the name others import it by."""
    found: dict[str, tuple[str, str | None]] = {}
    for path in paths:
        try:
            data = json.loads((root / path).read_text(encoding="utf-8", errors="replace"))
        except (OSError, ValueError, RecursionError):
            continue
        name = data.get("name") if isinstance(data, dict) else None
        if isinstance(name, str) and name:
            main = data.get("main")
            found.setdefault(name, (posixpath.dirname(path), main if isinstance(main, str) else None))
    return found


_CONVENTIONS = {"$lib": ("src/lib",), "@": ("src", "app", ""), "~": ("src", "app", "")}
"""Folders that a prefix of a module usually stands for, from the importer upwards."""


class Resolver:
    """Finds the file a module name means."""

    def __init__(
        self,
        files: Mapping[str, Language],
        tsconfigs: list[TsConfig],
        packages: Mapping[str, tuple[str, str | None]] | None = None,
    ) -> None:
        """`files` are all code files of the workspace."""
        self.files = files
        self.tsconfigs = tsconfigs
        self.packages = packages or {}
        self._python_roots = _python_roots(files)
        self._memo: dict[tuple[str, str], str | None] = {}

    def resolve(self, importer: str, module: str) -> str | None:
        """Return the path of a module as `importer` names it, None when it is not of this workspace."""
        key = (posixpath.dirname(importer), module)
        if key not in self._memo:
            python = self.files.get(importer) is Language.PYTHON
            self._memo[key] = self._python(importer, module) if python else self._typescript(importer, module)
        return self._memo[key]

    # TypeScript -----------------------------------------------------------------------------------------------------

    def _typescript(self, importer: str, module: str) -> str | None:
        module = module.split("?", 1)[0]
        if module.startswith("."):
            return self._file(posixpath.normpath(posixpath.join(posixpath.dirname(importer), module)))
        for config in self.tsconfigs:
            if config.directory and not importer.startswith(config.directory + "/"):
                continue
            for target in self._aliases(config, module):
                found = self._file(target)
                if found is not None:
                    return found
            if config.base is not None:
                found = self._file(posixpath.join(config.base, module))
                if found is not None:
                    return found
        return self._package(module) or self._conventional(importer, module)

    def _conventional(self, importer: str, module: str) -> str | None:
        """Find `$lib/part` or `@/part` where no tsconfig says what it is: bundlers and frameworks set these up."""
        prefix, _, rest = module.partition("/")
        directory = importer
        while rest and prefix in _CONVENTIONS and directory:
            directory = posixpath.dirname(directory)
            for folder in _CONVENTIONS[prefix]:
                found = self._file(posixpath.join(directory, folder, rest))
                if found is not None:
                    return found
        return None

    def _package(self, module: str) -> str | None:
        """Find a module of another package of the workspace: `@scope/name/part`, where its source lies."""
        parts = module.split("/")
        size = 2 if module.startswith("@") else 1
        directory, main = self.packages.get("/".join(parts[:size]), (None, None))
        if directory is None:
            return None
        rest = "/".join(parts[size:])
        options = [rest, posixpath.join("src", rest)] if rest else [main or "index", "src/index", "index"]
        found = (self._file(posixpath.normpath(posixpath.join(directory, option))) for option in options)
        return next((path for path in found if path is not None), None)

    def _aliases(self, config: TsConfig, module: str) -> Iterable[str]:
        base = config.base if config.base is not None else config.directory
        for pattern, targets in config.paths.items():
            prefix, star, suffix = pattern.partition("*")
            if star and not (module.startswith(prefix) and module.endswith(suffix)):
                continue
            if not star and module != pattern:
                continue
            middle = module[len(prefix) : len(module) - len(suffix)] if star else ""
            for target in targets:
                if isinstance(target, str):
                    yield posixpath.normpath(posixpath.join(base, target.replace("*", middle)))

    def _file(self, path: str) -> str | None:
        if path in self.files:
            return path
        stem, extension = posixpath.splitext(path)
        for twin in _TWINS.get(extension, ()):
            if stem + twin in self.files:
                return stem + twin
        for suffix in _EXTENSIONS:
            if path + suffix in self.files:
                return path + suffix
        for suffix in _EXTENSIONS:
            index = posixpath.join(path, "index" + suffix)
            if index in self.files:
                return index
        return None

    # Python ---------------------------------------------------------------------------------------------------------

    def _python(self, importer: str, module: str) -> str | None:
        dots = len(module) - len(module.lstrip("."))
        name = module[dots:].replace(".", "/")
        if dots:
            base = PurePosixPath(importer).parent
            for _ in range(dots - 1):
                base = base.parent
            directory = "" if str(base) == "." else str(base)
            return self._module(posixpath.join(directory, name) if name else directory)
        nearest = sorted(self._python_roots, key=lambda root: (not _inside(importer, root), -len(root)))
        for root in nearest:
            found = self._module(posixpath.join(root, name) if root else name)
            if found is not None and found != importer:
                return found
        return None

    def _module(self, path: str) -> str | None:
        for candidate in (path + ".py", posixpath.join(path, "__init__.py")):
            if candidate in self.files:
                return candidate
        return None

    def python_module(self, module: str, near: str = "") -> str | None:
        """Return the file of an absolute module name, nearest to a directory."""
        return self._python(posixpath.join(near, "__main__.py"), module)


def _inside(path: str, directory: str) -> bool:
    return not directory or path.startswith(directory + "/")


def _python_roots(files: Mapping[str, Language]) -> list[str]:
    """Return the directories absolute imports may start from: parents of top packages, and of loose modules."""
    packages = {posixpath.dirname(p) for p in files if posixpath.basename(p) == "__init__.py"}
    roots = {""}
    for path, language in files.items():
        if language is Language.PYTHON:
            directory = posixpath.dirname(path)
            while directory and directory in packages:
                directory = posixpath.dirname(directory)
            roots.add(directory)
            parts = directory.split("/")
            for index in range(len(parts)):
                roots.add("/".join(parts[:index]))
    return sorted(roots)
