"""Dockerfiles: what the image that is shipped sets, runs and expects."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from filot_lint.extract import problem, shell
from filot_lint.extract.command import safe, safe_text, split, unwrapped
from filot_lint.extract.dockerfile_syntax import Instruction, assignments, flags, json_form, parse
from filot_lint.extract.place import place, plain, readable
from filot_lint.facts import ContainerSpec, EntryPoint, EnvProvision
from filot_lint.secrets import shape_of
from filot_lint.source import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.facts import Fact
    from filot_lint.models import Models

MAX_PROBLEMS = 10
_FROM = re.compile(r"(?P<image>\S+)(?:[ \t]+AS[ \t]+(?P<name>\S+))?[ \t]*$", re.IGNORECASE)
_BUILD_ONLY = frozenset({
    "TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT", "BUILDPLATFORM", "BUILDOS", "BUILDARCH",
    "BUILDVARIANT", "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY",
})  # fmt: skip


@dataclass
class _Stage:
    """One `FROM` and what follows; `parent` is the earlier stage it continues."""

    start: Instruction
    image: str
    name: str | None = None
    parent: _Stage | None = None
    instructions: list[Instruction] = field(default_factory=list)

    def chain(self) -> list[_Stage]:
        """Return the stages this one is made of, oldest first."""
        found: list[_Stage] = []
        stage: _Stage | None = self
        while stage is not None:
            found.append(stage)
            stage = stage.parent
        return found[::-1]


def extract(source: SourceFile, _models: Models) -> list[Fact]:
    """Return the facts of the image's last stage and of the stages it continues."""
    readable(source)
    file = parse(source.lines)
    stages, arguments = _stages(file.instructions)
    facts: list[Fact] = []
    for instruction in arguments:
        facts.extend(_provisions(source, instruction, file.escape))
    if stages:
        final = stages[-1].chain()
        for stage in stages:
            shipped = any(stage is other for other in final)
            for instruction in stage.instructions:
                if instruction.keyword == "ARG" or (instruction.keyword == "ENV" and shipped):
                    facts.extend(_provisions(source, instruction, file.escape))
            if file.escape == "\\":
                facts.extend(_reads(source, stage, arguments))
        facts.extend(_image(source, final))
    facts.extend(problem(source, message, line) for line, message in file.problems[:MAX_PROBLEMS])
    return facts


def _stages(instructions: list[Instruction]) -> tuple[list[_Stage], list[Instruction]]:
    """Group the instructions by stage; the `ARG`s before the first stage come separately."""
    stages: list[_Stage] = []
    before: list[Instruction] = []
    by_name: dict[str, _Stage] = {}
    for instruction in instructions:
        if instruction.keyword == "FROM":
            found = _FROM.match(instruction.text, flags(instruction))
            image, name = ("", None) if found is None else (found["image"], found["name"])
            stage = _Stage(instruction, image, name, by_name.get(image.lower()))
            stages.append(stage)
            if name is not None:
                by_name[name.lower()] = stage
        elif stages:
            stages[-1].instructions.append(instruction)
        elif instruction.keyword == "ARG":
            before.append(instruction)
    return stages, before


def _provisions(source: SourceFile, instruction: Instruction, escape: str) -> Iterator[EnvProvision]:
    for word, value in assignments(instruction, escape):
        yield EnvProvision(
            name=word.text,
            channel="image-env" if instruction.keyword == "ENV" else "image-arg",
            shape=None if value is None else shape_of(value),
            manifest=source.path,
            **place(source, word.line, word.column, len(word.text)),
        )


def _reads(source: SourceFile, stage: _Stage, arguments: list[Instruction]) -> Iterator[Fact]:
    """Yield the variables that shell code reads although no `ARG` or `ENV` sets them."""
    own = [instruction for part in stage.chain() for instruction in part.instructions]
    setting = [i for i in (*arguments, *own) if i.keyword in {"ARG", "ENV"}]
    known = _BUILD_ONLY.union(word.text for i in setting for word, _ in assignments(i, "\\"))
    for instruction in stage.instructions:
        code = _shell_code(instruction)
        if code is not None:
            script = SourceFile(source.path, code, source.language, source.area)
            yield from shell.read(script, via="dockerfile", known=known)


def _shell_code(instruction: Instruction) -> bytes | None:
    """Return the shell code of an instruction, padded so that its lines and columns are those of the file."""
    if instruction.keyword not in {"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"}:
        return None
    start = flags(instruction)
    text = instruction.text[start:]
    if instruction.keyword == "HEALTHCHECK":
        found = re.match(r"CMD[ \t]+", text, re.IGNORECASE)
        if found is None:
            return None
        start, text = start + found.end(), text[found.end() :]
    if "$" not in text + "".join(line for _, line in instruction.body) or json_form(text) is not None:
        return None
    script = text.lstrip().startswith("<<")
    pieces = [] if script else list(_from(instruction, start))
    rows = [(line, 1, body) for line, body in instruction.body] if script else pieces
    code, row = list[str](), 1
    for line, column, piece in rows:
        code.append(("\n" if script or not code else "\\\n") * (line - row) + " " * (column - 1) + piece)
        row = line
    return "".join(code).encode("utf-8", "surrogateescape")


def _from(instruction: Instruction, start: int) -> Iterator[tuple[int, int, str]]:
    """Yield the lines of an instruction from an offset on."""
    skip = start
    for line, column, piece in instruction.pieces():
        if skip < len(piece):
            yield line, column + skip, piece[skip:]
        skip = max(skip - len(piece), 0)


def _image(source: SourceFile, chain: list[_Stage]) -> Iterator[Fact]:
    """Yield what the shipped image runs."""
    entry: Instruction | None = None
    command: Instruction | None = None
    check: Instruction | None = None
    workdir, ports = "/", list[str]()
    for instruction in (i for stage in chain for i in stage.instructions):
        match instruction.keyword:
            case "ENTRYPOINT":
                entry, command = instruction, None
            case "CMD":
                command = instruction
            case "HEALTHCHECK":
                check = instruction
            case "WORKDIR":
                workdir = posixpath.normpath(posixpath.join(workdir, instruction.text.strip().strip("\"'")))
            case "EXPOSE":
                ports.extend(plain(port) for port in instruction.text.split())
            case _:
                pass
    words = (*_words(entry), *_words(command))
    start = chain[-1].start
    yield ContainerSpec(
        name=source.path,
        origin="dockerfile",
        image=plain(chain[0].image),
        command=words,
        dockerfile=source.path,
        ports=tuple(dict.fromkeys(ports)),
        health_check=_check(check),
        **place(source, start.line, start.column),
    )
    at = command or entry
    if words and at is not None:
        yield EntryPoint(
            component=_component(source.path),
            command=words,
            origin="dockerfile",
            workdir=plain(workdir),
            **place(source, at.line, at.column),
        )


def _words(instruction: Instruction | None) -> tuple[str, ...]:
    if instruction is None:
        return ()
    words = json_form(instruction.text)
    return safe(unwrapped(split(instruction.text) if words is None else words))


def _check(instruction: Instruction | None) -> tuple[str, ...]:
    if instruction is None:
        return ()
    text = instruction.text[flags(instruction) :].strip()
    kind, _, rest = text.partition(" ")
    words = json_form(rest)
    if kind.upper() != "CMD":
        return ("NONE",)
    return ("CMD", *safe(words)) if words is not None else ("CMD-SHELL", safe_text(" ".join(rest.split())))


def _component(path: str) -> str:
    """Return the deployable a Dockerfile's path suggests: `Dockerfile.gpu` -> `gpu`, `api/Dockerfile` -> `api`."""
    folder, name = posixpath.split(path)
    words = [word for word in name.split(".") if word.lower() not in {"dockerfile", "containerfile", ""}]
    return words[0] if words else posixpath.basename(folder) or "app"
