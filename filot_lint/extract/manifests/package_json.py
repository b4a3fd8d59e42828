"""`package.json`: what `start` and `main` run, which other scripts run files of the package, and what it depends on."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from filot_lint.extract import problem
from filot_lint.extract.dependencies.dependency import Packages
from filot_lint.extract.manifests.command import Step, followed, safe, script_of, steps, unwrapped
from filot_lint.extract.manifests.command_env import assigned, bundles, commands, env_files, reader_of
from filot_lint.extract.manifests.interpolation import reads_in
from filot_lint.extract.manifests.programs import program_of
from filot_lint.extract.manifests.several import parts_of
from filot_lint.extract.place import place, plain, readable
from filot_lint.extract.trees.tree import Mapping, Scalar, entries_of, text_of
from filot_lint.extract.trees.tree_json import Reader
from filot_lint.facts import EntryPoint, EnvFile, EnvRead
from filot_lint.traits import traits_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.extract.place import Place
    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

MAX_FOLLOWED = 10
_STARTS = frozenset({"start", "start:prod", "start:production"})
_DEPENDENCIES = ("dependencies", "optionalDependencies", "peerDependencies", "devDependencies")


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the entry points of one package, and its dependencies."""
    reader = Reader(readable(source))
    root = reader.read()
    facts: list[Fact] = []
    if isinstance(root, Mapping):
        facts.extend(_Package(source, root).facts())
        facts.extend(_dependencies(source, models, root))
    facts.extend(problem(source, message, line) for line, message in reader.problems)
    return facts


def _dependencies(source: SourceFile, models: Models, root: Mapping) -> list[Fact]:
    packages = Packages(source, models, "npm", "manifest")
    for kind in _DEPENDENCIES:
        for key, value in entries_of(root.get(kind)):
            if isinstance(value, Scalar):
                at = source.at_line(key.line, key.column, len(key.text))
                packages.asked(key.text, value.text, at, dev=kind == "devDependencies")
    return packages.facts() if any(root.get(kind) is not None for kind in _DEPENDENCIES) else []


class _Package:
    """One package and its scripts."""

    def __init__(self, source: SourceFile, root: Mapping) -> None:
        self.source = source
        self.root = root
        folder = posixpath.basename(posixpath.dirname(source.path))
        self.name = plain(text_of(root.get("name")) or folder or "app")
        self.scripts = {
            key.text: value.text for key, value in entries_of(root.get("scripts")) if isinstance(value, Scalar)
        }

        self.started = not _STARTS.isdisjoint(self.scripts)

    def facts(self) -> Iterator[Fact]:
        """Yield the entry points, deployable ones first, and the variables that scripts refer to."""
        main = self.root.get("main")
        if isinstance(main, Scalar) and main.text:
            yield self._entry("main", main, Step((main.text,)))
        for key, value in entries_of(self.root.get("scripts")):
            if isinstance(value, Scalar):
                yield from self._script(key, value)
        binaries = self.root.get("bin")
        for target in [binaries] if isinstance(binaries, Scalar) else [value for _, value in entries_of(binaries)]:
            if isinstance(target, Scalar) and target.text:
                yield self._entry("bin", target, Step((target.text,)))

    def _script(self, key: Scalar, value: Scalar) -> Iterator[Fact]:
        run = self._run(key.text, MAX_FOLLOWED)
        if run is not None and not run.words[0].startswith("node_modules/"):
            yield self._entry(key.text, value, run)
        yield from reads_in(self.source, value, "package-json", upper=True)
        for name in dict.fromkeys(assigned(value.text)):
            traits = traits_of(value.text.partition(f"{name}=")[2].partition(" ")[0].strip("\"'"))
            yield EnvRead(name=name, access="write", via="package-json", traits=traits, **self._word(value, f"{name}="))
        for words in commands(value.text):
            for index, path in env_files(words):
                yield EnvFile(
                    path=plain(path), channel="shell", reader=reader_of(words), **self._word(value, words[index])
                )
            program = bundles(words)
            if program is not None:
                yield EnvFile(path=".env", channel="shell", reader="bundler", **self._word(value, words[program]))

    def _word(self, value: Scalar, word: str) -> Place:
        """Return the place of a word of a script, that of the script when it is written with escapes."""
        line = self.source.lines[value.line - 1]
        offset = line.find(word, value.column - 1)
        if offset < 0:
            return place(self.source, value.line, value.column, len(value.text))
        return place(self.source, value.line, offset + 1, len(word.rstrip("=")))

    def _run(self, script: str, rounds: int) -> Step | None:
        """Return the last file that a script runs, through other scripts if need be."""
        found: Step | None = None
        for step in steps(self.scripts.get(script, "")):
            handed = unwrapped(step.words[step.words.index("--") + 1 :]) if "--" in step.words else ()
            words = script_of(step.words) or (step.words if _is_whole(step.words) else script_of(handed))
            if words is not None:
                found = Step(words, step.workdir)
            for other in followed(step.words) if words is None and rounds else []:
                inner = self._run(other, rounds - 1) if other in self.scripts else None
                found = found if inner is None else Step(inner.words, inner.workdir or step.workdir)
        return found

    def _entry(self, script: str, at: Scalar, run: Step) -> EntryPoint:
        return EntryPoint(
            component=self.name,
            command=safe(run.words),
            origin="package-json",
            workdir=None if run.workdir is None else plain(run.workdir),
            role="deployable" if script in _STARTS or (script == "main" and self.started) else "script",
            script=script,
            **place(self.source, at.line, at.column, len(at.text)),
        )


def _is_whole(words: tuple[str, ...]) -> bool:
    """Return whether a command says by its name alone what it starts, or starts several programs."""
    return program_of(words) is not None or bool(parts_of(words))
