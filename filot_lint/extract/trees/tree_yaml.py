"""YAML with places, from its events: nothing is constructed, aliases stay references, depth and size are capped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from filot_lint.extract.trees.tree import MAX_DEPTH, MAX_NODES, Mapping, Node, Scalar, Sequence, add

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTED = {"'", '"', "|", ">"}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Reader:
    """Reads all documents of one text; `problems` are (line, message)."""

    def __init__(self, text: str) -> None:
        """Keep the text; bytes that are no text become `?`, which moves nothing."""
        self.text = text.encode("utf-8", "replace").decode("utf-8")
        self.problems: list[tuple[int, str]] = []
        self.roots: list[Node] = []
        self._stack: list[Sequence | Mapping] = []
        self._keys: list[Scalar | None] = []
        self._anchors: dict[str, Node] = {}
        self._pending: list[str | None] = []

    def read(self) -> list[Node]:
        """Return the root of every document; after an error, what was read before it."""
        count = 0
        try:
            for event in self._events():
                count += 1
                if count > MAX_NODES or len(self._stack) > MAX_DEPTH:
                    self.problems.append((event.start_mark.line + 1, "is nested too deeply or too large"))
                    break
                self._event(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self.problems.append((1 if mark is None else mark.line + 1, "the YAML cannot be read from here on"))
        except yaml.YAMLError:
            self.problems.append((1, "the YAML holds characters that are not allowed"))
        return self.roots

    def _events(self) -> Iterator[Any]:
        yield from yaml.parse(self.text, Loader=_LOADER)

    def _event(self, event: Any) -> None:  # noqa: ANN401  # PyYAML has no types of its own
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        match event:
            case yaml.ScalarEvent():
                quoted = event.style in {'"', "'"}
                end = event.end_mark
                scalar = Scalar(event.value, line, column + quoted, event.style in _QUOTED)
                scalar.style, scalar.tag = event.style or "", event.tag or ""
                if end is not None:
                    scalar.end_line, scalar.end_column = end.line + 1, end.column + 1
                self._anchor(event.anchor, scalar)
                self._put(scalar)
            case yaml.MappingStartEvent():
                self._open(event.anchor, Mapping(line, column))
            case yaml.SequenceStartEvent():
                self._open(event.anchor, Sequence(line, column))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                node = self._stack.pop()
                self._keys.pop()
                self._anchor(self._pending.pop(), node)
            case yaml.AliasEvent():
                self._put(self._anchors.get(event.anchor or "") or Scalar("", line, column))
            case yaml.DocumentStartEvent():
                self._anchors = {}
            case _:
                pass

    def _anchor(self, name: str | None, node: Node) -> None:
        if name is not None:
            self._anchors[name] = node

    def _open(self, anchor: str | None, node: Sequence | Mapping) -> None:
        self._put(node)
        self._stack.append(node)
        self._keys.append(None)
        self._pending.append(anchor)

    def _put(self, node: Node) -> None:
        if not self._stack:
            self.roots.append(node)
            return
        parent = self._stack[-1]
        if isinstance(parent, Mapping) and self._keys[-1] is None:
            self._keys[-1] = node if isinstance(node, Scalar) else Scalar("", node.line, node.column)
            return
        add(parent, self._keys[-1], node)
        self._keys[-1] = None
