"""The shapes of the picture: nodes in lanes, and edges; a crowd of nodes becomes one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal as Choice
from typing import NamedTuple

import msgspec

from filot_lint.documents.describe import count
from filot_lint.source import Location

Lane = Choice["clients", "configuration", "services", "queues", "workers", "stores", "external"]
LANES: tuple[Lane, ...] = ("clients", "configuration", "services", "queues", "workers", "stores", "external")
LANE_LIMIT = 12
"""Boxes in one lane; of more, those with the fewest arrows become one box."""
_ALIKE = 3
UNKNOWN = "address not determined"
_NOUNS: dict[Lane, str] = {
    "clients": "caller",
    "configuration": "container",
    "services": "deployable",
    "queues": "queue",
    "workers": "worker",
    "stores": "store",
    "external": "service",
}


class Node(msgspec.Struct, frozen=True):
    """A box: what it is, a title and a second line. `members` are the titles of the boxes it stands for."""

    id: str
    lane: Lane
    title: str
    note: str
    evidence: tuple[Location, ...]
    members: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the second line is a name from source."""
        return not self.members and self.note != UNKNOWN


class Edge(msgspec.Struct, frozen=True):
    """An arrow with a word on it."""

    source: str
    target: str
    label: str
    evidence: tuple[Location, ...]


class Graph(msgspec.Struct, frozen=True):
    """Nodes in the order of their lanes, and the edges between them."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def lane(self, lane: Lane) -> tuple[Node, ...]:
        """Return the nodes of one lane."""
        return tuple(n for n in self.nodes if n.lane == lane)

    def node(self, key: str) -> Node:
        """Return one node."""
        return next(n for n in self.nodes if n.id == key)

    def leaving(self, key: str) -> tuple[Edge, ...]:
        """Return the edges that start at a node."""
        return tuple(e for e in self.edges if e.source == key)


def group_nodes(nodes: list[Node], edges: list[Edge]) -> Graph:
    """Draw one box for deployables with the same arrows, and one for those that a lane has no room for."""
    busy = Counter(end for edge in edges for end in {edge.source, edge.target})
    home: dict[str, _Joined] = {}
    shown: list[Node] = []
    for lane in dict.fromkeys(node.lane for node in nodes):
        own = [node for node in nodes if node.lane == lane]
        boxes = [_joined(alike, lane, n) for n, alike in enumerate(_alike(own, edges)) if len(alike) >= _ALIKE]
        home |= {key: box for box in boxes for key in box.stands_for}
        rest = [node for node in own if node.id not in home]
        room = sorted(rest, key=lambda node: -busy[node.id])[: LANE_LIMIT if len(rest) > LANE_LIMIT + 1 else None]
        crowd = [node for node in rest if node not in room]
        if crowd:
            boxes.append(_joined(crowd, lane, len(boxes)))
            home |= dict.fromkeys(boxes[-1].stands_for, boxes[-1])
        shown += [*(node for node in own if node in room), *(box.node for box in boxes)]
    joined: dict[tuple[str, str, str], tuple[Location, ...]] = {}
    for edge in edges:
        source, target = (home[end].node.id if end in home else end for end in (edge.source, edge.target))
        key = (source, target, edge.label)
        joined[key] = tuple(dict.fromkeys((*joined.get(key, ()), *edge.evidence)))
    return Graph(tuple(shown), tuple(Edge(*key, places) for key, places in joined.items()))


class _Joined(NamedTuple):
    node: Node
    stands_for: frozenset[str]


def _alike(nodes: list[Node], edges: list[Edge]) -> Iterable[list[Node]]:
    """Return the deployables of a lane by their arrows, first those that have some."""
    found: dict[frozenset[tuple[str, str, str]], list[Node]] = {}
    for node in nodes:
        if node.id.startswith("app:"):
            own = frozenset(
                (e.source if e.source != node.id else "", e.target if e.target != node.id else "", e.label)
                for e in edges
                if node.id in {e.source, e.target}
            )
            found.setdefault(own, []).append(node)
    return [found[own] for own in sorted(found, key=lambda own: not own)]


def _joined(members: list[Node], lane: Lane, number: int) -> _Joined:
    title = count(len(members), _NOUNS[lane])
    note = ", ".join(node.title for node in members)
    places = tuple(dict.fromkeys(place for node in members for place in node.evidence))
    box = Node(f"group:{lane}:{number}", lane, title, note, places, tuple(node.title for node in members))
    return _Joined(box, frozenset(node.id for node in members))
