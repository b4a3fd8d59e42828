"""What the instructions of an image put into it: programs, packages, files of variables."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from filot_lint.extract.manifests.dockerfile_stages import operands
from filot_lint.extract.manifests.dockerfile_syntax import flags
from filot_lint.extract.place import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from filot_lint.extract.manifests.dockerfile_syntax import Instruction
    from filot_lint.source import Location, SourceFile

MAX_WORDS = 300
MAX_TEXT = 65_536
_INSTALLERS = frozenset({"apt", "apt-get", "aptitude", "apk", "dnf", "microdnf", "yum", "zypper", "tdnf", "brew"})
_VERBS = frozenset({"install", "add", "in"})
_BEFORE = frozenset({"if", "then", "else", "do", "while", "sudo", "exec", "time", "env", "!", "sh", "bash", "-c", "-lc",
                     "-ec"})  # fmt: skip
_COMMANDS = re.compile(r"&&|\|\||[;|\n()`\[\]]")
_WORD = re.compile(r"[\w$./{}@+=:~^*<>!-]+")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_NAME = re.compile(r"[\w$./{}@+-]{1,100}")
_DOTENV = re.compile(r"\.env(?:\.[\w-]+)*|[\w-]+\.env")
_EXAMPLE = re.compile(r"example|sample|template|tpl|dist|default|schema|vault|test|ci\b", re.IGNORECASE)


def commands_of(instructions: Iterable[Instruction]) -> tuple[str, ...]:
    """Return the programs that an image runs while it is built, the packages it installs, the files it copies."""
    found: dict[str, None] = {}
    for instruction in instructions:
        for word in _words(instruction):
            name = re.split(r"[=<>~:]", word, maxsplit=1)[0]
            if _NAME.fullmatch(name) and len(found) < MAX_WORDS:
                found[plain(name)] = None
    return tuple(found)


def _words(instruction: Instruction) -> Iterator[str]:
    if instruction.keyword in {"COPY", "ADD"}:
        yield from (posixpath.basename(word.rstrip("/")) or "/" for word in operands(instruction))
    if instruction.keyword != "RUN":
        return
    rows = [line for heredoc in instruction.heredocs for _, line in heredoc.rows[:-1]]
    text = "\n".join([instruction.text[flags(instruction) :], *rows])[:MAX_TEXT]
    for command in _COMMANDS.split(text):
        words = _WORD.findall(command)
        while words and (words[0] in _BEFORE or _ASSIGNMENT.match(words[0])):
            words.pop(0)
        program = posixpath.basename(words[0]) if words else ""
        yield from (word for word in words if word.endswith(".sh"))
        if program in _INSTALLERS and _VERBS.intersection(words):
            yield from (word for word in words[1:] if not word.startswith("-") and word not in _VERBS)
        elif program:
            yield program


def dotenv_of(source: SourceFile, instructions: Iterable[Instruction]) -> Iterator[tuple[str, Location]]:
    """Yield the files of variables that are copied into an image, with the place of the name."""
    for instruction in instructions:
        if instruction.keyword not in {"COPY", "ADD"} or instruction.heredocs:
            continue
        for word in operands(instruction)[:-1]:
            name = posixpath.basename(word)
            offset = instruction.text.find(word, flags(instruction))
            if offset >= 0 and _DOTENV.fullmatch(name) and not _EXAMPLE.search(name):
                at = instruction.word(offset, offset + len(word))
                yield plain(word), source.at_line(at.line, at.column, len(word))
