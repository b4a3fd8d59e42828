"""What astroid infers of a text, for the names that the engine calls computed; it answers, the engine does the rest.

Only literals that stand in a source file count: astroid puts an empty text where it cannot compute one, so that what it
puts together is not to be trusted. One expression that may also be something else is not known at all.
"""

from __future__ import annotations

import time
from functools import cached_property

from astroid import nodes  # type: ignore[import-untyped]  # it ships no types
from astroid.context import InferenceContext  # type: ignore[import-untyped]
from astroid.manager import AstroidManager  # type: ignore[import-untyped]

from filot_lint.integrations.pylint_sandbox import apart
from filot_lint.source import Location

TRIES = 50
STEPS = 100
SECONDS = 2.0
"""What the expressions of one file may cost together; each has `STEPS`, which is what astroid allows itself."""

_Range = tuple[int, int, int, int]


class SpentError(Exception):
    """An expression costs too much; astroid does not keep what it has found so far."""


class _Budget(list[int]):
    """The counter that astroid keeps for one question, and hands on to all that follow from it."""

    def __init__(self, deadline: float) -> None:
        super().__init__([0])
        self.deadline = deadline

    def __setitem__(self, index: object, value: object) -> None:
        super().__setitem__(0, int(str(value)))
        if self[0] >= STEPS or time.monotonic() > self.deadline:
            raise SpentError


class Inference:
    """Answers for one text; it is parsed when the first question comes."""

    def __init__(self, text: str, module: str, file: str | None) -> None:
        """Keep the text, and the names that its own imports start from."""
        self.text = text.removeprefix("\ufeff")
        self.module = module
        self.file = file
        self.tries = 0
        self.seconds = 0.0
        self._known: dict[Location, tuple[str, ...] | None] = {}

    def texts(self, place: Location) -> tuple[str, ...] | None:
        """Return all texts that the expression at a place can be, None where astroid cannot tell."""
        if place not in self._known:
            self._known[place] = self._tried(place)
        return self._known[place]

    def _tried(self, place: Location) -> tuple[str, ...] | None:
        if self.tries >= TRIES or self.seconds >= SECONDS:
            return None
        self.tries += 1
        started = time.monotonic()
        try:
            with apart():
                return self._inferred(place, started + SECONDS - self.seconds)
        except Exception:  # noqa: BLE001  # whatever goes wrong in there, the name stays computed
            return None
        finally:
            self.seconds += time.monotonic() - started

    def _inferred(self, place: Location, deadline: float) -> tuple[str, ...] | None:
        node = self._expressions.get(self._range(place))
        if node is None:
            return None
        found: list[str] = []
        for inferred in node.infer(InferenceContext(nodes_inferred=_Budget(deadline))):
            if not _is_written(inferred):
                return None
            found.append(inferred.value)
        return tuple(dict.fromkeys(found)) or None

    @cached_property
    def _expressions(self) -> dict[_Range, nodes.NodeNG]:
        return _expressions(AstroidManager().ast_from_string(self.text, self.module, self.file))

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    def _range(self, place: Location) -> _Range:
        """Return a place as astroid counts: lines from 1, columns in bytes from 0."""
        start, end = self._bytes(place.line, place.column), self._bytes(place.end_line, place.end_column)
        return place.line, start, place.end_line, end

    def _bytes(self, line: int, column: int) -> int:
        return len(self._lines[line - 1][: column - 1].encode("utf-8", "surrogateescape"))


def _expressions(module: nodes.Module) -> dict[_Range, nodes.NodeNG]:
    """Return the expressions of a module by where they stand; statements are none."""
    found: dict[_Range, nodes.NodeNG] = {}
    waiting: list[nodes.NodeNG] = [module]
    while waiting:
        node = waiting.pop()
        if not node.is_statement and node.lineno is not None:
            found.setdefault((node.lineno, node.col_offset, node.end_lineno, node.end_col_offset), node)
        waiting.extend(node.get_children())
    return found


def _is_written(inferred: object) -> bool:
    """Whether a result is a text that stands in a file, rather than one that astroid made."""
    if not isinstance(inferred, nodes.Const) or not isinstance(inferred.value, str) or inferred.lineno is None:
        return False
    file = inferred.root().file
    return file is not None and file != "<?>"
