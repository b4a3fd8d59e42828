"""`package.json`: what `start` and `main` run, and which other scripts run files of the package."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from filot_lint.extract import problem
from filot_lint.extract.command import Step, safe, script_of, steps
from filot_lint.extract.interpolation import reads_in
from filot_lint.extract.place import place, plain, readable
from filot_lint.extract.tree import Mapping, Scalar, entries_of, text_of
from filot_lint.extract.tree_json import Reader
from filot_lint.facts import EntryPoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

MAX_FOLLOWED = 10
_MANAGERS = {"npm", "pnpm", "yarn", "bun"}
_DEPLOYED = {"start", "main"}


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the entry points of one package."""
    reader = Reader(readable(source))
    root = reader.read()
    facts: list[Fact] = []
    if isinstance(root, Mapping):
        facts.extend(_Package(source, root).facts())
    facts.extend(problem(source, message, line) for line, message in reader.problems)
    return facts


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
        run = self._run(key.text)
        if run is not None and not run.words[0].startswith("node_modules/"):
            yield self._entry(key.text, value, run)
        yield from reads_in(self.source, value, "package-json", upper=True)

    def _run(self, script: str) -> Step | None:
        """Return the last file that a script runs, through other scripts if need be."""
        workdir: str | None = None
        for _ in range(MAX_FOLLOWED):
            found: Step | None = None
            for step in steps(self.scripts.get(script, "")):
                words = script_of(step.words)
                if words is not None:
                    found = Step(words, step.workdir or workdir)
                elif _called(step.words) in self.scripts:
                    found = step
            if found is None or _called(found.words) not in self.scripts:
                return found
            script, workdir = _called(found.words) or "", found.workdir or workdir
        return None

    def _entry(self, script: str, at: Scalar, run: Step) -> EntryPoint:
        return EntryPoint(
            component=self.name,
            command=safe(run.words),
            origin="package-json",
            workdir=None if run.workdir is None else plain(run.workdir),
            role="deployable" if script in _DEPLOYED else "script",
            script=script,
            **place(self.source, at.line, at.column, len(at.text)),
        )


def _called(words: tuple[str, ...]) -> str | None:
    """Return the script that `npm run x`, `npm start` or `yarn x` calls."""
    if len(words) > 1 and words[0] in _MANAGERS:
        rest = [word for word in words[1:] if not word.startswith("-") and word not in {"run", "run-script"}]
        return rest[0] if rest else None
    return None
