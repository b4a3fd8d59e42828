"""What a command runs: the words of a manifest to a source file of the workspace."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from filot_lint.extract.manifests.command import MANAGERS, SERVERS
from filot_lint.facts import ContainerSpec, EntryPoint, Fact
from filot_lint.source import Language
from filot_lint.workspace.images import Image, images_of
from filot_lint.workspace.resolve import Resolver, TsConfig

_RUNNERS = frozenset({"node", "nodejs", "ts-node", "ts-node-dev", "tsx", "nodemon", "bun", "deno", "python",
                      "python3", "uv", "poetry", "pipenv", "run", "exec", "dumb-init", "tini", "--", "env", "npx",
                      "pnpm", "yarn", "npm", "sh", "bash", "-c", "dotenv", "cross-env", "pm2", "pm2-runtime",
                      "start", "watch", "opentelemetry-instrument", "ddtrace-run", "newrelic-admin", "run-program",
                      "xvfb-run"})  # fmt: skip
_NODE = frozenset({"node", "nodejs", "bun", "tsx", "ts-node"})
_UNSAID = {
    ("fastapi", "run"): ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py"),
    ("fastapi", "dev"): ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py"),
    ("nest", "start"): ("dist/main.js",),
}
"""What a program starts when its command line names no file."""
_FILE = re.compile(r"\.(?:[mc]?[jt]s|[jt]sx|py)$")
_MODULE = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(:[A-Za-z_][\w.]*)?(\(\))?$")
_OUTPUT = ("dist", "build", "lib", "out")
_CHOOSING = frozenset({"--filter", "-F", "-w", "--workspace", "--prefix", "-C", "--dir", "--cwd"})


class Launch(NamedTuple):
    """The source file that a command starts, the shell scripts it goes through, and the words that start it."""

    target: str | None
    scripts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class _Place(NamedTuple):
    """Where a command runs: a folder of the workspace, a folder of an image, the files of that image."""

    directory: str
    workdir: str | None = None
    bases: tuple[str, ...] | None = None
    image: Image | None = None


class Commands:
    """Resolves commands against the files of a workspace."""

    def __init__(self, resolver: Resolver, facts: Iterable[Fact]) -> None:
        """Take the scripts of packages and of shells, and what images hold, from the facts."""
        self.resolver = resolver
        self.scripts: dict[tuple[str, str], EntryPoint] = {}
        self.packages: dict[str, str] = {}
        self.shells: dict[str, list[EntryPoint]] = defaultdict(list)
        specs: list[ContainerSpec] = []
        for fact in facts:
            if fact.language == Language.SHELL:
                self.shells[fact.file].extend([fact] if isinstance(fact, EntryPoint) else [])
            elif isinstance(fact, EntryPoint) and fact.script is not None:
                self.scripts.setdefault((posixpath.dirname(fact.file), fact.script), fact)
                self.packages.setdefault(fact.component, posixpath.dirname(fact.file))
            elif isinstance(fact, ContainerSpec):
                specs.append(fact)
        self.images = images_of(specs)
        files = resolver.files
        self.directories = sorted({"", *(posixpath.dirname(path) for path in files)}, key=lambda d: (d.count("/"), d))

    def target(self, entry: EntryPoint) -> str | None:
        """Return the source file a command starts, None when it is not one of the workspace."""
        return self.launch(entry).target

    def launch(self, entry: EntryPoint) -> Launch:
        """Return what a command starts, and through which shell scripts."""
        words = [word for word in entry.command if not re.match(r"^\w+=", word)]
        directory = posixpath.dirname(entry.file)
        own = (directory,) if entry.origin == "package-json" else None
        if entry.workdir is not None and not entry.workdir.startswith("/"):
            directory = posixpath.normpath(posixpath.join(directory, entry.workdir)).removeprefix("./").strip(".")
        place = _Place(directory, entry.workdir, own, self.images.get((entry.file, entry.component)))
        if entry.origin == "dockerfile":
            place = place._replace(image=self.images.get((entry.file, "")))
        return self._words(words, place)

    def _words(self, words: Sequence[str], place: _Place, rounds: int = 4) -> Launch:
        script = self._script(words, place.directory)
        if script is not None and rounds:
            home = posixpath.dirname(script.file)
            inner = _Place(home, None, (home,))
            return self._words([w for w in script.command if "=" not in w], inner, rounds - 1)
        shell = next((path for word in words if (path := self._shell(word, place)) is not None), None)
        found = self._program(words, place)
        if shell is None or not rounds:
            return Launch(found, (), tuple(words))
        if found is not None:
            return Launch(found, (shell,), tuple(words))
        inner = place._replace(directory=posixpath.dirname(shell), bases=None)
        for run in reversed(self.shells[shell]):
            launch = self._words(run.command, inner, rounds - 1)
            if launch.target is not None:
                return launch._replace(scripts=(shell, *launch.scripts))
        return Launch(None, (shell,))

    def _program(self, words: Sequence[str], place: _Place) -> str | None:
        for index, word in enumerate(words):
            if word == "-m" and index + 1 < len(words) and words[index + 1] not in SERVERS:
                found = self._module(words[index + 1], place)
                package = found is not None and posixpath.basename(found) == "__init__.py"
                main = posixpath.join(posixpath.dirname(found or ""), "__main__.py")
                return main if package and main in self.resolver.files else found
        served = any(posixpath.basename(word) in SERVERS for word in words)
        first = "node" if place.bases is not None else ""
        for before, word in zip((first, *words), words, strict=False):
            if _FILE.search(word) or (posixpath.basename(before) in _NODE and not word.startswith("-")):
                found = self._file(word, place)
            elif served and posixpath.basename(word) not in SERVERS | _RUNNERS and _MODULE.match(word):
                found = self._python_application(word, place)
            else:
                continue
            if found is not None:
                return found
        unsaid = _UNSAID.get((posixpath.basename(words[0]), words[1])) if len(words) > 1 else None
        near = place._replace(bases=(place.directory,))
        return next((found for path in unsaid or () if (found := self._file(path, near)) is not None), None)

    def _shell(self, word: str, place: _Place) -> str | None:
        """Return the shell script of the workspace that a word names."""
        if word.startswith("-") or not word:
            return None
        for path in self._traced(word, place):
            if path in self.shells:
                return path
        bare = posixpath.normpath(word).lstrip("/")
        ends = [path for path in self.shells if posixpath.basename(path) == posixpath.basename(bare)]
        near = [path for path in ends if path == bare or path == posixpath.join(place.directory, bare)]
        return near[0] if near else ends[0] if len(ends) == 1 and "." in posixpath.basename(bare) else None

    def _traced(self, word: str, place: _Place) -> Iterator[str]:
        """Yield the files of the workspace that a path in the image may be a copy of."""
        if place.image is not None:
            yield from place.image.origins(word, place.workdir)

    def _script(self, words: Sequence[str], directory: str) -> EntryPoint | None:
        """Return the package.json script that `npm run x`, `npm start`, `yarn x` or `pnpm --filter app x` means."""
        if not words or words[0] not in MANAGERS:
            return None
        rest, homes = list[str](), list[str]()
        for before, word in pairwise(words):
            name, equals, value = word.partition("=")
            chosen = value if name in _CHOOSING and equals else word if before in _CHOOSING | {"workspace"} else None
            if chosen is not None:
                homes += [self.packages[chosen]] if chosen in self.packages else []
            elif word not in {"run", "workspace"} and not word.startswith("-"):
                rest.append(word)
        for parent in homes or _parents(directory, self.directories):
            found = self.scripts.get((parent, rest[0])) if rest else None
            if found is not None:
                return found
        return None

    def _module(self, module: str, place: _Place) -> str | None:
        path = module.replace(".", "/")
        for candidate in (f"{path}.py", f"{path}/__init__.py"):
            for traced in self._traced(candidate, place):
                if traced in self.resolver.files:
                    return traced
        return self.resolver.python_module(module, place.directory)

    def _python_application(self, word: str, place: _Place) -> str | None:
        module = word.split(":", 1)[0].removesuffix("()")
        found = self._module(module, place)
        if found is None and "." in module:
            found = self._module(module.rsplit(".", 1)[0], place)
        return found

    def _file(self, word: str, place: _Place) -> str | None:
        for traced in self._traced(word, place):
            found = self._source(traced) or self._package(traced)
            if found is not None:
                return found
        path, workdir = word, place.workdir
        if workdir and path.startswith(workdir.rstrip("/") + "/"):
            path = path[len(workdir.rstrip("/")) + 1 :]
        path = posixpath.normpath(path.lstrip("/")) if path.startswith("/") else posixpath.normpath(path)
        shorter = path.split("/", 1)[1] if word.startswith("/") and "/" in path else path
        others = self.directories if _FILE.search(word) and "/" in word.removeprefix("./") else []
        for base in place.bases or _parents(place.directory, others):
            for option in dict.fromkeys((path, shorter)):
                here = posixpath.normpath(posixpath.join(base, option))
                found = self._source(here) or self._package(here)
                if found is not None:
                    return found
        return None

    def _package(self, directory: str) -> str | None:
        """Return what Node.js runs for a folder: the `main` of its package."""
        main = self.scripts.get(("" if directory == "." else directory, "main"))
        if main is None or not main.command:
            return None
        return self._source(posixpath.normpath(posixpath.join(directory, main.command[0])))

    def _source(self, path: str) -> str | None:
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
        return self._twin(path)

    def _generated(self, path: str) -> bool:
        return any(c.out is not None and path.startswith(c.out + "/") for c in self.resolver.tsconfigs)

    def _twin(self, path: str) -> str | None:
        stem = path if posixpath.splitext(path)[1] not in _SUFFIXES else posixpath.splitext(path)[0]
        for suffix in _SUFFIXES:
            if stem + suffix in self.resolver.files:
                return stem + suffix
        return None


_SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".py")


def _roots(config: TsConfig) -> Iterable[str]:
    if config.root is not None:
        yield config.root
    yield posixpath.join(config.directory, "src")
    yield config.directory


def _parents(directory: str, others: Sequence[str]) -> Iterable[str]:
    """Yield a directory, its parents, then every other directory of the workspace, shallow ones first."""
    seen: set[str] = set()
    current = directory
    while True:
        seen.add(current)
        yield current
        if current == (parent := posixpath.dirname(current)):
            break
        current = parent
    for other in others:
        if other not in seen:
            yield other
