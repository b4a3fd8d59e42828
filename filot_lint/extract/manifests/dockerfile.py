"""Dockerfiles: what the image that is shipped sets, runs and expects."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from filot_lint.extract import problem
from filot_lint.extract.manifests.command import safe, safe_text, split, steps, unwrapped
from filot_lint.extract.manifests.dockerfile_code import programs
from filot_lint.extract.manifests.dockerfile_contents import commands_of, dotenv_of
from filot_lint.extract.manifests.dockerfile_stages import Stage, copies, stages_of, targets, workdir_of
from filot_lint.extract.manifests.dockerfile_syntax import Instruction, assignments, flags, json_form, parse
from filot_lint.extract.manifests.written import written
from filot_lint.extract.place import place, plain, readable
from filot_lint.extract.shell import shell
from filot_lint.facts import ContainerSpec, EntryPoint, EnvProvision

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filot_lint.facts import Fact
    from filot_lint.models import Models
    from filot_lint.source import SourceFile

MAX_PROBLEMS = 10
MAX_FILES = 60
_BUILD_ONLY = frozenset({
    "TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT", "BUILDPLATFORM", "BUILDOS", "BUILDARCH",
    "BUILDVARIANT", "HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "NO_PROXY", "ALL_PROXY",
})  # fmt: skip
_SHELLS = ("sh", "bash", "ash", "dash", "zsh")


def extract(source: SourceFile, models: Models) -> list[Fact]:
    """Return the facts of the image's last stage and of the stages it continues.

    What a stage that is only built from sets is not in the image. `ONBUILD` concerns other images.
    """
    readable(source)
    file = parse(source.lines)
    stages, arguments = stages_of(file.instructions)
    facts: list[Fact] = []
    for instruction in arguments:
        facts.extend(_provisions(source, instruction, file.escape, "build"))
    if stages:
        final = stages[-1].chain()
        for stage in stages:
            shipped = any(stage is other for other in final)
            for instruction in stage.instructions:
                if instruction.keyword == "ARG" or (instruction.keyword == "ENV" and shipped):
                    scope = None if shipped else plain(stage.name or "build")
                    facts.extend(_provisions(source, instruction, file.escape, scope))
            if file.escape == "\\":
                facts.extend(_reads(source, stage, arguments, models))
        facts.extend(_image(source, stages))
        for stage in targets(stages):
            facts.extend(_entry_point(source, stage, stage.name))
    facts.extend(problem(source, message, line) for line, message in file.problems[:MAX_PROBLEMS])
    return facts


def _provisions(source: SourceFile, instruction: Instruction, escape: str, scope: str | None) -> Iterator[EnvProvision]:
    for word, value in assignments(instruction, escape):
        yield EnvProvision(
            name=word.text,
            channel="image-env" if instruction.keyword == "ENV" else "image-arg",
            scope=scope,
            manifest=source.path,
            **written(word.text, value),
            **place(source, word.line, word.column, len(word.text)),
        )


def _reads(source: SourceFile, stage: Stage, arguments: list[Instruction], models: Models) -> Iterator[Fact]:
    """Yield the variables that code reads although no `ARG` or `ENV` sets them."""
    own = [instruction for part in stage.chain() for instruction in part.instructions]
    setting = [i for i in (*arguments, *own) if i.keyword in {"ARG", "ENV"}]
    known = _BUILD_ONLY.union(word.text for i in setting for word, _ in assignments(i, "\\"))
    foreign = any(i.keyword == "SHELL" and not _is_unix(i) for i in own)
    for instruction in stage.instructions:
        for program in programs(instruction) if not foreign else ():
            yield from shell.run_in(source, program, models, "dockerfile", shell.Setting(known))


def _is_unix(instruction: Instruction) -> bool:
    words = json_form(instruction.text) or ("",)
    return posixpath.basename(words[0]) in _SHELLS


def _image(source: SourceFile, stages: list[Stage]) -> Iterator[Fact]:
    """Yield what the shipped image is and runs."""
    chain = stages[-1].chain()
    check: Instruction | None = None
    ports: list[str] = []
    shipped = [instruction for stage in chain for instruction in stage.instructions]
    for instruction in shipped:
        if instruction.keyword == "HEALTHCHECK":
            check = instruction
        elif instruction.keyword == "EXPOSE":
            ports.extend(plain(port) for port in instruction.text.split())
    start, base = chain[-1].start, chain[0].start
    yield ContainerSpec(
        name=source.path,
        origin="dockerfile",
        image=plain(chain[0].image),
        image_at=source.at_line(base.line, base.column),
        command=_command(stages[-1])[0],
        dockerfile=source.path,
        ports=tuple(dict.fromkeys(ports)),
        health_check=_check(check),
        health_check_at=None if check is None else source.at_line(check.line, check.column),
        commands=commands_of(shipped),
        dotenv=tuple(dotenv_of(source, shipped)),
        workdir=plain(workdir_of(stages[-1])),
        files=tuple((plain(a), plain(b)) for a, b in copies(stages[-1], stages)[-MAX_FILES:]),
        **place(source, start.line, start.column),
    )
    yield from _entry_point(source, stages[-1], None)


def _entry_point(source: SourceFile, stage: Stage, target: str | None) -> Iterator[EntryPoint]:
    words, at = _command(stage)
    if words and at is not None:
        yield EntryPoint(
            component=_component(source.path),
            command=words,
            origin="dockerfile",
            workdir=plain(workdir_of(stage)),
            role="deployable" if target is None else "script",
            stage=None if target is None else plain(target),
            **place(source, at.line, at.column),
        )


def _command(stage: Stage) -> tuple[tuple[str, ...], Instruction | None]:
    """Return what a stage runs: `ENTRYPOINT` forgets an inherited `CMD`, and ignores any when it is no JSON list."""
    entry: Instruction | None = None
    command: Instruction | None = None
    for part in stage.chain():
        own: Instruction | None = None
        for instruction in part.instructions:
            if instruction.keyword == "ENTRYPOINT":
                entry, command = instruction, own
            elif instruction.keyword == "CMD":
                own = command = instruction
    if entry is not None and json_form(entry.text) is None:
        command = None
    return safe(unwrapped((*_words(entry), *_words(command)))), command or entry


def _words(instruction: Instruction | None) -> tuple[str, ...]:
    """Return the words of the exec form, or of the last program that the shell form runs."""
    if instruction is None:
        return ()
    words = json_form(instruction.text)
    if words is not None:
        return words
    run = steps(instruction.text)
    return run[-1].words if run else split(instruction.text)


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
