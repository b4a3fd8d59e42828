"""One element at a time: what a callback, a comprehension or a loop body is when its variable is a known element."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from filot_lint.source import Span
from filot_lint.syntax import expression as x
from filot_lint.values import Value


@dataclass(slots=True, eq=False)
class Frame:
    """A stretch of the file in which the variable that runs over `iterable` is `element`, and what is known there."""

    start: int = 0
    end: int = 0
    iterable: x.Expression | None = None
    element: Value | None = None
    outer: Frame | None = None
    memo: dict[tuple[int, int], Value] = field(default_factory=dict)
    returns: dict[str, Value] = field(default_factory=dict)


class Frames:
    """The frames entered now, innermost last; what stands outside of one does not depend on it."""

    def __init__(self) -> None:
        """Outside of all."""
        self.current = Frame()

    @contextmanager
    def entered(self, span: Span, iterable: x.Expression, element: Value) -> Iterator[None]:
        """Fix the variable that runs over an iterable in a part of the file."""
        outer = self.current
        with self.inside(Frame(span.start, span.end, iterable, element, outer)):
            yield

    @contextmanager
    def inside(self, frame: Frame) -> Iterator[None]:
        """Be in a frame for a while."""
        before, self.current = self.current, frame
        try:
            yield
        finally:
            self.current = before

    def around(self, node: x.Node) -> Frame:
        """Return the innermost frame that a node stands in."""
        frame = self.current
        while frame.outer is not None and not frame.start <= node.span.start < frame.end:
            frame = frame.outer
        return frame

    def element(self, iterable: x.Expression | None) -> Value | None:
        """Return the element that runs over an iterable now."""
        frame = self.current
        while frame.outer is not None:
            if frame.iterable is iterable:
                return frame.element
            frame = frame.outer
        return None


def copied(frame: Frame) -> Frame:
    """Return a frame, and those around it, with nothing known in them yet."""
    outer = None if frame.outer is None else copied(frame.outer)
    return Frame(frame.start, frame.end, frame.iterable, frame.element, outer)
