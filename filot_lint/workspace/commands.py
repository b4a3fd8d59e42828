"""What a command runs: the words of a manifest to a source file of the workspace."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence

from filot_lint.facts import EntryPoint
from filot_lint.workspace.resolve import Resolver, TsConfig

_RUNNERS = frozenset({"node", "nodejs", "ts-node", "ts-node-dev", "tsx", "nodemon", "bun", "deno", "python",
                      "python3", "uv", "poetry", "pipenv", "run", "exec", "dumb-init", "tini", "--", "env", "npx",
                      "pnpm", "yarn", "npm", "sh", "bash", "-c", "dotenv", "cross-env", "pm2", "pm2-runtime",
                      "start", "watch", "opentelemetry-instrument", "ddtrace-run", "newrelic-admin", "run-program",
                      "xvfb-run"})  # fmt: skip
_SERVERS = frozenset({"uvicorn", "gunicorn", "hypercorn", "daphne", "celery", "arq", "dramatiq", "huey_consumer",
                      "huey_consumer.py", "saq", "taskiq", "flask", "fastapi", "granian", "waitress-serve",
                      "rq"})  # fmt: skip
_FILE = re.compile(r"\.(?:[mc]?[jt]s|[jt]sx|py)$")
_MODULE = re.compile(r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*(:[A-Za-z_][\w.]*)?(\(\))?$")
_OUTPUT = ("dist", "build", "lib", "out")


class Commands:
    """Resolves commands against the files of a workspace."""

    def __init__(self, resolver: Resolver, scripts: dict[tuple[str, str], EntryPoint]) -> None:
        """`scripts` are package.json scripts by (directory, name)."""
        self.resolver = resolver
        self.scripts = scripts
        files = resolver.files
        self.directories = sorted({"", *(posixpath.dirname(path) for path in files)}, key=lambda d: (d.count("/"), d))

    def target(self, entry: EntryPoint) -> str | None:
        """Return the source file a command starts, None when it is not one of the workspace."""
        words = [word for word in entry.command if not re.match(r"^\w+=", word)]
        directory = posixpath.dirname(entry.file)
        own = [directory] if entry.origin == "package-json" else None
        if entry.workdir is not None and not entry.workdir.startswith("/"):
            directory = posixpath.normpath(posixpath.join(directory, entry.workdir)).removeprefix("./").strip(".")
        return self._words(words, directory, entry.workdir, own)

    def _words(
        self, words: Sequence[str], directory: str, workdir: str | None, bases: list[str] | None, rounds: int = 3
    ) -> str | None:
        script = self._script(words, directory)
        if script is not None and rounds:
            home = posixpath.dirname(script.file)
            return self._words([w for w in script.command if "=" not in w], home, None, [home], rounds - 1)
        for index, word in enumerate(words):
            if word == "-m" and index + 1 < len(words) and words[index + 1] not in _SERVERS:
                found = self.resolver.python_module(words[index + 1], directory)
                package = found is not None and posixpath.basename(found) == "__init__.py"
                main = posixpath.join(posixpath.dirname(found or ""), "__main__.py")
                return main if package and main in self.resolver.files else found
        served = any(posixpath.basename(word) in _SERVERS for word in words)
        for word in words:
            if _FILE.search(word):
                found = self._file(word, bases or _parents(directory, self.directories), workdir)
                if found is not None:
                    return found
            elif served and posixpath.basename(word) not in _SERVERS | _RUNNERS and _MODULE.match(word):
                found = self._python_application(word, directory)
                if found is not None:
                    return found
        return None

    def _script(self, words: Sequence[str], directory: str) -> EntryPoint | None:
        """Return the package.json script that `npm run x`, `npm start` or `yarn x` means."""
        if not words or words[0] not in {"npm", "pnpm", "yarn", "bun"}:
            return None
        rest = [word for word in words[1:] if word != "run" and not word.startswith("-")]
        for parent in _parents(directory, self.directories):
            found = self.scripts.get((parent, rest[0])) if rest else None
            if found is not None:
                return found
        return None

    def _python_application(self, word: str, directory: str) -> str | None:
        module = word.split(":", 1)[0].removesuffix("()")
        found = self.resolver.python_module(module, directory)
        if found is None and "." in module:
            found = self.resolver.python_module(module.rsplit(".", 1)[0], directory)
        return found

    def _file(self, word: str, bases: Iterable[str], workdir: str | None) -> str | None:
        path = word
        if workdir and path.startswith(workdir.rstrip("/") + "/"):
            path = path[len(workdir.rstrip("/")) + 1 :]
        path = posixpath.normpath(path.lstrip("/")) if path.startswith("/") else posixpath.normpath(path)
        shorter = path.split("/", 1)[1] if word.startswith("/") and "/" in path else path
        for base in bases:
            for option in dict.fromkeys((path, shorter)):
                found = self._source(posixpath.normpath(posixpath.join(base, option)))
                if found is not None:
                    return found
        return None

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
                for middle in (["src"], []):
                    found = self._twin("/".join([*parts[:index], *middle, *parts[index + 1 :]]))
                    if found is not None:
                        return found
        return self._twin(path)

    def _generated(self, path: str) -> bool:
        return any(c.out is not None and path.startswith(c.out + "/") for c in self.resolver.tsconfigs)

    def _twin(self, path: str) -> str | None:
        stem = posixpath.splitext(path)[0]
        for suffix in (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".py"):
            if stem + suffix in self.resolver.files:
                return stem + suffix
        return None


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
        if not current:
            break
        current = posixpath.dirname(current)
    for other in others:
        if other not in seen:
            yield other
