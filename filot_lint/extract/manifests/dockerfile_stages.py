"""The stages of a Dockerfile: what continues what, and where the files of an image come from."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from filot_lint.extract.manifests.dockerfile_syntax import assignments, flag, flags, json_form

if TYPE_CHECKING:
    from filot_lint.extract.manifests.dockerfile_syntax import Instruction

MAX_COPIES = 200
MAX_STAGES = 40
MAX_VALUE = 500
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-[^{}]*)?\}|(\w+))")
_FROM = re.compile(r"(?P<image>\S+)(?:[ \t]+AS[ \t]+(?P<name>\S+))?[ \t]*$", re.IGNORECASE)
Copy = tuple[str, str]
"""A path in the image, and the path below the build context it is copied from."""


@dataclass(eq=False)
class Stage:
    """One `FROM` and what follows; `parent` is the earlier stage it continues."""

    start: Instruction
    image: str
    name: str | None = None
    parent: Stage | None = None
    instructions: list[Instruction] = field(default_factory=list)

    def chain(self) -> list[Stage]:
        """Return the stages this one is made of, oldest first."""
        found: list[Stage] = []
        stage: Stage | None = self
        while stage is not None:
            found.append(stage)
            stage = stage.parent
        return found[::-1]


def stages_of(instructions: list[Instruction]) -> tuple[list[Stage], list[Instruction]]:
    """Group the instructions by stage; the `ARG`s before the first stage come separately."""
    stages: list[Stage] = []
    before: list[Instruction] = []
    by_name: dict[str, Stage] = {}
    for instruction in instructions:
        if instruction.keyword == "FROM":
            found = _FROM.match(instruction.text, flags(instruction))
            image, name = ("", None) if found is None else (found["image"], found["name"])
            stage = Stage(instruction, image, name, by_name.get(image.lower()))
            stages.append(stage)
            if name is not None:
                by_name[name.lower()] = stage
        elif stages:
            stages[-1].instructions.append(instruction)
        elif instruction.keyword == "ARG":
            before.append(instruction)
    return stages, before


def targets(stages: list[Stage]) -> list[Stage]:
    """Return the stages that are images of their own beside the last one: named, run something, used by no other."""
    used = {id(stage.parent) for stage in stages} | {
        id(_source(stage, instruction, stages)) for stage in stages for instruction in stage.instructions
    }
    runs = [s for s in stages[:-1] if any(i.keyword in {"CMD", "ENTRYPOINT"} for i in s.instructions)]
    return [stage for stage in runs if stage.name is not None and id(stage) not in used]


class _Folder:
    """The folder that instructions work in, with the variables of its name filled in."""

    def __init__(self, stage: Stage | None) -> None:
        self.path = "/"
        self.values: dict[str, str] = {}
        for instruction in (i for part in (stage.chain() if stage is not None else []) for i in part.instructions):
            self.follow(instruction)

    def follow(self, instruction: Instruction) -> None:
        """Go on to the next instruction."""
        if instruction.keyword in {"ENV", "ARG"}:
            for name, value in assignments(instruction, "\\"):
                if value is not None and len(value) < MAX_VALUE:
                    self.values[name.text] = self.filled(value)
        elif instruction.keyword == "WORKDIR":
            self.path = self.inside(instruction.text.strip().strip("\"'"))

    def filled(self, text: str) -> str:
        """Put in what the stage sets."""
        return _VARIABLE.sub(lambda found: self.values.get(found[1] or found[2], found[0]), text)[:MAX_VALUE]

    def inside(self, path: str) -> str:
        """Return a path as it is in the image."""
        return posixpath.normpath(posixpath.join(self.path, self.filled(path)))


def workdir_of(stage: Stage) -> str:
    """Return the folder an image's command runs in."""
    return _Folder(stage).path


def copies(stage: Stage, stages: list[Stage]) -> list[Copy]:
    """Return where the files of a stage come from, through other stages if need be."""
    known: dict[int, list[Copy]] = {}
    for each in stages[:MAX_STAGES]:
        found = list(known.get(id(each.parent), [])) if each.parent is not None else []
        folder = _Folder(each.parent)
        for instruction in each.instructions:
            folder.follow(instruction)
            if instruction.keyword in {"COPY", "ADD"} and not instruction.heredocs and len(found) < MAX_COPIES:
                found.extend(_copied(instruction, folder, each, stages, known))
        known[id(each)] = found
    return known.get(id(stage), [])


def _copied(
    instruction: Instruction, folder: _Folder, stage: Stage, stages: list[Stage], known: dict[int, list[Copy]]
) -> list[Copy]:
    words = operands(instruction)
    if len(words) < 2:  # noqa: PLR2004
        return []
    target = folder.inside(words[-1])
    origin = flag(instruction, "from")
    other = _source(stage, instruction, stages)
    found: list[Copy] = []
    for word in map(folder.filled, words[:-1]):
        if "*" in word or "$" in word or "://" in word:
            continue
        path = (
            posixpath.normpath("/" + word.lstrip("/"))
            if origin is not None
            else posixpath.normpath(word.lstrip("/") or ".")
        )
        if origin is not None:
            traced = trace(path, known.get(id(other), [])) if other is not None else []
            if not traced:
                continue
            path = traced[0]
        into = words[-1].endswith(("/", ".")) or len(words) > 2 or target == folder.path  # noqa: PLR2004
        if into and path != ".":
            found.append((posixpath.join(target, posixpath.basename(path)), path))
        found.append((target, path))
    return found


def trace(path: str, table: list[Copy]) -> list[str]:
    """Return the paths below the build context that a path in an image may come from, the likeliest first."""
    found: list[str] = []
    for image, context in (*reversed(table), *_whole(table)):
        if path == image:
            found.append(context)
        elif path.startswith(image.rstrip("/") + "/"):
            found.append(posixpath.normpath(posixpath.join(context, path[len(image.rstrip("/")) + 1 :])))
    return list(dict.fromkeys(found))


def _whole(table: list[Copy]) -> list[Copy]:
    """Return the folders of an image that stand for the whole context: `apps` was copied to `/app/apps`."""
    roots = (image[: -len(context) - 1] for image, context in table if image.endswith("/" + context))
    return [(root or "/", ".") for root in dict.fromkeys(roots)]


def operands(instruction: Instruction) -> list[str]:
    """Return what `COPY` copies, and where to."""
    text = instruction.text[flags(instruction) :]
    return list(json_form(text) or text.split())


def _source(stage: Stage, instruction: Instruction, stages: list[Stage]) -> Stage | None:
    """Return the stage that `COPY --from` names."""
    name = flag(instruction, "from") if instruction.keyword in {"COPY", "ADD"} else None
    if name is None:
        return None
    earlier = stages[: next((index for index, each in enumerate(stages) if each is stage), 0)]
    if name.isdigit():
        return earlier[int(name)] if int(name) < len(earlier) else None
    return next((each for each in reversed(earlier) if (each.name or "").lower() == name.lower()), None)
