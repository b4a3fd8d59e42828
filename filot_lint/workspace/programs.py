"""What programs load by themselves, among the files of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from pathspec import GitIgnoreSpec

from filot_lint.extract.manifests.programs import Program, programs
from filot_lint.source import Area, Language
from filot_lint.workspace.discover import area_of


class Output(NamedTuple):
    """The program that has built a file, and the folder of the package it was built from."""

    program: Program
    directory: str


class Programs:
    """Finds the files that programs run although no command line names them."""

    def __init__(self, files: Mapping[str, Language]) -> None:
        """`files` are all code files; tests are no part of a program."""
        self.files = sorted(path for path, language in files.items() if area_of(path, language) is not Area.TEST)
        self._found: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}

    def loaded(self, program: Program, directory: str) -> tuple[str, ...]:
        """Return the files that a program in a folder runs by itself."""
        return self._below(directory, program.loads)

    def output(self, path: str) -> Output | None:
        """Return what has built a file."""
        for program in programs():
            for folder in program.outputs:
                before, found, _ = f"/{path}/".partition(f"/{folder}/")
                directory = before.strip("/")
                if found and (not program.markers or self._below(directory, program.markers)):
                    return Output(program, directory)
        return None

    def _below(self, directory: str, patterns: tuple[str, ...]) -> tuple[str, ...]:
        known = self._found.get((directory, patterns))
        if known is None:
            spec = _spec(patterns)
            start = f"{directory}/" if directory else ""
            inside = (path for path in self.files if path.startswith(start))
            known = tuple(path for path in inside if spec.match_file(path[len(start) :]))
            self._found[directory, patterns] = known
        return known


@cache
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns)
