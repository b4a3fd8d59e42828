"""What can use a GPU, or ask whether there is one."""

from __future__ import annotations

from collections.abc import Iterator

from filot_lint.extract.libraries.definitions import parts
from filot_lint.extract.place import place_at
from filot_lint.facts import GpuUse, Imports
from filot_lint.source import SourceFile
from filot_lint.syntax import expression as x

_COMMAND = "nvidia-smi"


def gpu_uses(source: SourceFile, module: x.Module, imports: list[Imports], libraries: set[str]) -> Iterator[GpuUse]:
    """Yield the imports of libraries that can use a GPU, and texts that name the command that lists them."""
    for fact in imports:
        top = fact.module.split(".", 1)[0]
        if not fact.type_only and (fact.module in libraries or top in libraries):
            yield GpuUse(**place_at(source, fact.location), library=fact.module, form="library")
    if _COMMAND.encode() in source.data:
        stack: list[object] = list(module.body)
        while stack:
            part = stack.pop()
            if isinstance(part, x.Text) and _COMMAND in part.text:
                yield GpuUse(**place_at(source, source.locate(part.span)), library=_COMMAND, form="probe")
            stack.extend(parts(part))
