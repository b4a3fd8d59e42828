"""Programs written into a shell script: heredocs and texts that it hands to an interpreter."""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from filot_lint.extract.shell.shell_nodes import inside, is_constant, span_of, text
from filot_lint.source import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from filot_lint.extract.shell.shell_script import Run, Script
    from filot_lint.source import SourceFile, Span

_LANGUAGES = (
    (re.compile(r"python[\d.]*"), Language.PYTHON, {"-c"}),
    (re.compile(r"node|nodejs|bun|tsx|ts-node"), Language.JAVASCRIPT, {"-e", "--eval", "-p", "--print", "-pe"}),
    (re.compile(r"(?:ba|da|a|z|k)?sh"), Language.SHELL, {"-c", "-ec", "-lc", "-cl", "-xc", "-euc", "-exc"}),
    (re.compile(r"su|gosu|su-exec|runuser"), Language.SHELL, {"-c", "--command"}),
)
_ELSEWHERE = {"docker", "podman", "nerdctl", "docker-compose", "ssh", "kubectl", "vagrant", "lxc", "heroku", "fly",
              "flyctl"}  # fmt: skip
"""Programs that run commands on another machine, or in another environment."""


class Program(NamedTuple):
    """Code inside the script: the lines of it, each with its place, and what it is written in."""

    lines: list[tuple[int, int, str]]
    language: Language


class Programs:
    """The programs inside one script."""

    def __init__(self, source: SourceFile, script: Script) -> None:
        """Nothing is looked at yet."""
        self.source = source
        self.script = script

    def found(self) -> Iterator[Program]:
        """Yield the code that the script hands to interpreters on this machine."""
        for run in self.script.runs:
            name = posixpath.basename(run.name)
            if name == "trap" and run.arguments:
                yield from self._quoted(run.arguments[0], Language.SHELL)
            elif name not in _ELSEWHERE:
                yield from self._interpreted(run, name)

    def _interpreted(self, run: Run, name: str) -> Iterator[Program]:
        words = [name, *(posixpath.basename(text(argument)) for argument in run.arguments)]
        for index, word in enumerate(words[:6]):
            for pattern, language, flags in _LANGUAGES:
                if pattern.fullmatch(word) is not None:
                    rest = run.arguments[index:]
                    for flag, code in pairwise(rest):
                        if text(flag) in flags:
                            yield from self._quoted(code, language)
                            return
                    if all(text(argument) in {"-", "-s", "shell"} for argument in rest[:1]):
                        yield from self._heredoc(run, language)
                    return

    def _heredoc(self, run: Run, language: Language) -> Iterator[Program]:
        for redirect in run.redirects:
            start = next((child for child in redirect.children if child.type == "heredoc_start"), None)
            body = next((child for child in redirect.children if child.type == "heredoc_body"), None)
            expanded = start is not None and text(start)[:1] not in {"'", '"', "\\"}
            if body is not None and not (expanded and language is Language.SHELL):
                tabs = text(redirect).startswith("<<-")
                lines = self._lines(span_of(body))
                cut = [(len(line) - len(line.lstrip("\t")) if tabs else 0) for _, _, line in lines]
                yield Program([(n, c + k, t[k:]) for (n, c, t), k in zip(lines, cut, strict=True)], language)

    def _quoted(self, node: Node, language: Language) -> Iterator[Program]:
        raw = text(node)
        if not is_constant(node) or len(raw) < 3 or raw[0] not in "\"'" or raw[0] != raw[-1]:  # noqa: PLR2004
            return
        lines = self._lines(inside(node, 1, len(node.text or b"") - 1))
        if raw[0] == '"':
            lines = [(number, column, _unescaped(line)) for number, column, line in lines]
        yield Program(lines, language)

    def _lines(self, at: Span) -> list[tuple[int, int, str]]:
        """Return the lines of a stretch of the script; the places are those of the script itself."""
        rows = self.source.data.split(b"\n")[at.row : at.end_row + 1]
        found: list[tuple[int, int, str]] = []
        for number, row in enumerate(rows, start=at.row):
            begin = at.column if number == at.row else 0
            end = at.end_column if number == at.end_row else len(row)
            before = len(row[:begin].decode("utf-8", "surrogateescape"))
            found.append((number + 1, before + 1, row[begin:end].decode("utf-8", "surrogateescape")))
        return found


def _unescaped(line: str) -> str:
    """Drop the backslashes of a double-quoted text; a space keeps the columns, outside of inner quotes."""
    opening = True

    def plain_form(found: re.Match[str]) -> str:
        nonlocal opening
        if found[1] != '"':
            return " " + found[1]
        opening = not opening
        return '" ' if opening else ' "'

    return re.sub(r'\\(["$`\\])', plain_form, line)
