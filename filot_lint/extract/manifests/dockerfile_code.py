"""Code in a Dockerfile: commands of instructions, scripts that an instruction writes into the image."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filot_lint.extract.manifests.command import shell_text
from filot_lint.extract.manifests.dockerfile_syntax import flags, json_form
from filot_lint.extract.shell.shell_programs import Program
from filot_lint.source import Language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.extract.manifests.dockerfile_syntax import Heredoc, Instruction

_INTERPRETERS = (
    (re.compile(r"#!.*\bpython"), Language.PYTHON),
    (re.compile(r"#!.*\b(?:node|bun)\b"), Language.JAVASCRIPT),
    (re.compile(r"#!.*\b(?:ba|da|a|z|k)?sh\b"), Language.SHELL),
)
_SUFFIXES = ((".py", Language.PYTHON), ((".js", ".mjs", ".cjs"), Language.JAVASCRIPT), (".sh", Language.SHELL))


def programs(instruction: Instruction) -> Iterator[Program]:
    """Yield the code of an instruction, with the places of the file."""
    if instruction.keyword in {"COPY", "ADD"}:
        yield from _written(instruction)
    if instruction.keyword not in {"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"}:
        return
    start = flags(instruction)
    text = instruction.text[start:]
    if instruction.keyword == "HEALTHCHECK":
        found = re.match(r"CMD[ \t]+", text, re.IGNORECASE)
        if found is None:
            return
        start, text = start + found.end(), text[found.end() :]
    words = json_form(text)
    if words is not None:
        yield from _exec_form(instruction, words)
    elif text.lstrip().startswith("<<"):
        for heredoc in instruction.heredocs:
            yield Program(_body(heredoc), _interpreter(heredoc) or Language.SHELL)
    else:
        rows = list(_joined(list(_from(instruction, start))))
        rows += [(number, 1, line) for heredoc in instruction.heredocs for number, line in heredoc.rows]
        yield Program(rows, Language.SHELL)


def _exec_form(instruction: Instruction, words: tuple[str, ...]) -> Iterator[Program]:
    """Yield the code of `["sh", "-c", "…"]`."""
    code = shell_text(words)
    offset = instruction.text.find(f'"{code}"') if code else -1
    if code and offset >= 0:
        word = instruction.word(offset + 1, offset + 1 + len(code))
        yield Program([(word.line, word.column, word.text)], Language.SHELL)


def _written(instruction: Instruction) -> Iterator[Program]:
    """Yield scripts that `COPY <<EOF /x` puts into the image; Docker fills in the `$X` of an unquoted one itself."""
    target = instruction.text.split()[-1] if instruction.text.split() else ""
    for heredoc in instruction.heredocs:
        suffixed = next((language for suffix, language in _SUFFIXES if target.endswith(suffix)), None)
        language = _interpreter(heredoc) or suffixed
        if language is not None and not (heredoc.expanded and language is Language.SHELL):
            yield Program(_body(heredoc), language)


def _interpreter(heredoc: Heredoc) -> Language | None:
    first = heredoc.rows[0][1] if heredoc.rows else ""
    return next((language for pattern, language in _INTERPRETERS if pattern.match(first)), None)


def _body(heredoc: Heredoc) -> list[tuple[int, int, str]]:
    rows = []
    for number, line in heredoc.rows[:-1]:
        cut = len(line) - len(line.lstrip("\t")) if heredoc.tabs else 0
        rows.append((number, cut + 1, line[cut:]))
    return rows


def _from(instruction: Instruction, start: int) -> Iterator[tuple[int, int, str]]:
    """Yield the lines of an instruction from an offset on."""
    skip = start
    for line, column, piece in instruction.pieces():
        if skip < len(piece):
            yield line, column + skip, piece[skip:]
        skip = max(skip - len(piece), 0)


def _joined(pieces: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield lines that continue each other, also over comments in between."""
    for index, (line, column, piece) in enumerate(pieces):
        later = pieces[index + 1][0] if index + 1 < len(pieces) else line
        yield line, column, piece + ("\\" if later > line else "")
        yield from ((between, 1, "\\") for between in range(line + 1, later))
