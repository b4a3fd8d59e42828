"""JSON with places. A value that is not JSON, such as a bare `<CPU>`, is noted and the rest is still read."""

from __future__ import annotations

import re
from bisect import bisect_right
from json import JSONDecodeError, JSONDecoder

from filot_lint.extract.trees.tree import MAX_DEPTH, MAX_NODES, Mapping, Node, Scalar, Sequence, add

_SPACE = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)\b")
_BARE = re.compile(r"(?:\$\{[^{}\r\n]*\}|[^,\]}\r\n])+")
_DECODER = JSONDecoder(strict=False)  # line ends inside strings do no harm
_MAX_PROBLEMS = 10


class Reader:
    """Reads one text; `problems` are (line, message)."""

    def __init__(self, text: str) -> None:
        """Note where the lines begin."""
        self.text = text
        self.problems: list[tuple[int, str]] = []
        self._starts = [0, *(found.end() for found in re.finditer("\r\n|\n|\r", text))]
        self._stack: list[Sequence | Mapping] = []
        self._key: list[Scalar | None] = []
        self._root: Node | None = None

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def _problem(self, offset: int, message: str) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append((self._at(offset)[0], message))

    def read(self) -> Node | None:
        """Return the root, or what there is of it."""
        position, count = self._skip(0), 0
        while position < len(self.text) and (self._stack or self._root is None):
            count += 1
            if count > MAX_NODES * 3 or len(self._stack) > MAX_DEPTH:
                self._problem(position, "is nested too deeply or too large")
                return self._root
            position = self._skip(self._step(position))
        if self._stack:
            self._problem(len(self.text), "the JSON ends too early")
        elif position < len(self.text):
            self._problem(position, "there is text behind the end of the JSON")
        return self._root

    def _skip(self, position: int) -> int:
        found = _SPACE.match(self.text, position)
        return position if found is None else found.end()

    def _step(self, position: int) -> int:
        """Read one token; return where the next one begins."""
        character = self.text[position]
        if character in "{[":
            line, column = self._at(position)
            node: Sequence | Mapping = Mapping(line, column) if character == "{" else Sequence(line, column)
            self._put(node)
            self._stack.append(node)
            self._key.append(None)
            return position + 1
        if character in "}]":
            if self._stack:
                self._stack.pop()
                self._key.pop()
            return position + 1
        if character in ",:":
            return position + 1
        if character == '"':
            return self._string(position)
        return self._word(position)

    def _string(self, position: int) -> int:
        line, column = self._at(position + 1)
        try:
            text, end = _DECODER.raw_decode(self.text, position)
        except JSONDecodeError:
            self._problem(position, "a string does not end")
            return len(self.text)
        end_line, end_column = self._at(end - 1)
        self._put(Scalar(text, line, column, quoted=True, end_line=end_line, end_column=end_column))
        return int(end)

    def _word(self, position: int) -> int:
        found = _WORD.match(self.text, position)
        if found is None:
            found = _BARE.match(self.text, position)
            self._problem(position, "this is not JSON (a value without quotes?)")
        end = position + 1 if found is None else found.end()
        line, column = self._at(position)
        self._put(
            Scalar(self.text[position:end].strip(), line, column, end_line=line, end_column=column + end - position)
        )
        return end

    def _put(self, node: Node) -> None:
        if not self._stack:
            self._root = self._root or node
            return
        parent = self._stack[-1]
        if isinstance(parent, Mapping) and self._key[-1] is None:
            self._key[-1] = node if isinstance(node, Scalar) else Scalar("", node.line, node.column)
            return
        add(parent, self._key[-1], node)
        self._key[-1] = None
