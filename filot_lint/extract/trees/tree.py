"""Nested data with places: what JSON and YAML files have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 100
MAX_NODES = 200_000
_MAX_MERGED = 2000


@dataclass(eq=False)
class Scalar:
    """A value without parts; `line` and `column` (from 1) are where its text begins, behind a quote.

    `style` is the quote or the `|` and `>` of YAML, `tag` its `!Ref`.
    """

    text: str
    line: int
    column: int
    quoted: bool = False
    end_line: int = 0
    end_column: int = 0
    style: str = ""
    tag: str = ""

    @property
    def is_null(self) -> bool:
        """Whether nothing stands there."""
        return not self.quoted and self.text in {"", "~", "null", "Null", "NULL"}


@dataclass(eq=False)
class Sequence:
    """A list."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


@dataclass(eq=False)
class Mapping:
    """A mapping, in the order written; a key may occur twice."""

    line: int
    column: int
    entries: list[tuple[Scalar, Node]] = field(default_factory=list)

    def get(self, *keys: str) -> Node | None:
        """Return the last value under one of the keys, its own or merged in with `<<`."""
        found = None
        for key, value in self.all():
            if key.text in keys:
                found = value
        return found

    def all(self, depth: int = 0) -> Iterator[tuple[Scalar, Node]]:
        """Yield merged entries, then the own ones that override them."""
        if depth < 3:  # noqa: PLR2004  # merges of merges: more is not written by people
            for key, value in self.entries[:_MAX_MERGED]:
                if key.text == "<<":
                    sources = value.items if isinstance(value, Sequence) else [value]
                    for source in sources[:10]:
                        if isinstance(source, Mapping):
                            yield from source.all(depth + 1)
        yield from ((key, value) for key, value in self.entries if key.text != "<<")


Node: TypeAlias = Scalar | Sequence | Mapping


def add(parent: Sequence | Mapping, key: Scalar | None, node: Node) -> None:
    """Put a node into its parent."""
    if isinstance(parent, Sequence):
        parent.items.append(node)
    elif key is not None:
        parent.entries.append((key, node))


def text_of(node: Node | None) -> str | None:
    """Return the text of a scalar that is there."""
    return node.text if isinstance(node, Scalar) and not node.is_null else None


def texts_of(node: Node | None) -> tuple[str, ...]:
    """Return the texts of a list of scalars, or of a single one."""
    if isinstance(node, Sequence):
        return tuple(text for item in node.items if (text := text_of(item)) is not None)
    text = text_of(node)
    return () if text is None else (text,)


def items_of(node: Node | None) -> list[Node]:
    """Return the items of a list, else nothing."""
    return node.items if isinstance(node, Sequence) else []


def entries_of(node: Node | None) -> list[tuple[Scalar, Node]]:
    """Return the entries of a mapping, each key once (the last one written), else nothing."""
    if not isinstance(node, Mapping):
        return []
    found: dict[str, tuple[Scalar, Node]] = {}
    for count, (key, value) in enumerate(node.all()):
        if count >= _MAX_MERGED:
            break
        found[key.text] = (key, value)
    return list(found.values())


def walk(root: Node | None) -> Iterator[Node]:
    """Yield every node once, however often it is referred to."""
    stack, seen = [root] if root is not None else [], set[int]()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, Sequence):
            stack.extend(reversed(node.items))
        elif isinstance(node, Mapping):
            stack.extend(value for _, value in reversed(node.entries))
