"""Where everything in the picture stands: three columns, arrows only between neighbours, each on a track of its own."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from filot_lint.documents import escape
from filot_lint.documents.graph import Edge, Graph, Lane, Node

MARGIN = 24
_TITLE = 44
BOX = 208
_PORT = 24
_TRACK = 10
_GRID = 8
_GAP = 24
_HEADING = 32
LINE = 17
LABEL = 12.5
_STACKS: tuple[tuple[Lane, ...], ...] = (
    ("clients", "configuration"),
    ("services", "workers"),
    ("queues", "stores", "external"),
)
_LIMIT = 8000
_WIDE = frozenset("mwMW@%")
_NARROW = frozenset("iljtfrI.,:;|'!()[] ")


def text_width(text: str, size: float) -> float:
    """Estimate the width of text, never too small for the bundled font."""
    return sum(_units(character) for character in text) * size


def _units(character: str) -> float:
    if character in _WIDE or not character.isascii():
        return 1.0
    if character in _NARROW:
        return 0.41
    return 0.7 if character.isupper() else 0.63


def fit(text: str, width: float, size: float) -> str:
    """Shorten text in its middle until it fits."""
    shown = escape.printable(text)
    while text_width(shown, size) > width and len(shown) > 4:  # noqa: PLR2004  # one letter, dots, one letter
        half = (len(shown) - 2) // 2
        shown = shown[:half] + "…" + shown[-half:]
    return shown


class Box(NamedTuple):
    """A node with its place and the lines written in it."""

    node: Node
    column: int
    x: float
    y: float
    height: float
    notes: tuple[str, ...]


class Trunk(NamedTuple):
    """Arrows that share one line on the side of a deployable: all that leave it, or those that do the same to it."""

    hub: str
    label: str | None
    left: int


class Drawing:
    """Lays out one graph: three columns, and arrows only between neighbours."""

    def __init__(self, graph: Graph, title: str) -> None:
        """Place columns, trunks, boxes and tracks."""
        self.graph = graph
        self.title = title
        self.columns = _columns(graph)
        self.column_of = {node.id: i for i, column in enumerate(self.columns) for node in column}
        self.place_of = {node.id: j for column in self.columns for j, node in enumerate(column)}
        self.edges = sorted(graph.edges, key=lambda e: (self.place_of[e.source], self.place_of[e.target], e.label))
        self.trunks = {edge: self._trunk(edge) for edge in self.edges}
        self.ports = self._ports()
        self.tracks = self._tracks()
        self.boxes = self._place()

    def _trunk(self, edge: Edge) -> Trunk:
        """Return the shared line of an arrow; it is named after what the arrow leaves, or after a hub it comes to."""
        source, target = self.column_of[edge.source], self.column_of[edge.target]
        return Trunk(edge.source, None, source) if source < target else Trunk(edge.target, edge.label, target)

    def _ports(self) -> dict[tuple[str, bool], list[Trunk | Edge]]:
        """Return what meets each side of each box, from top to bottom; True is the right side."""
        found: dict[tuple[str, bool], list[Trunk | Edge]] = defaultdict(list)
        for edge, trunk in self.trunks.items():
            near, far = (found[end, end == trunk.hub] for end in (trunk.hub, _far(edge, trunk)))
            near += [trunk] if trunk not in near else []
            far.append(edge)
        return found

    def _tracks(self) -> dict[int, list[Trunk]]:
        """Return the vertical lines right of each column; those of lower boxes stand further left, so fewer cross."""
        found: dict[int, list[Trunk]] = defaultdict(list)
        for trunk in sorted(set(self.trunks.values()), key=lambda t: (-self.place_of[t.hub], t.label or "")):
            found[trunk.left].append(trunk)
        return found

    def _room(self, left: int, *, arriving: bool) -> float:
        """Return the width of the words at one end of the arrows between two columns."""
        ends = (e.label for e, t in self.trunks.items() if t.left == left and (t.label is None) == arriving)
        return max((text_width(spoken(label), LABEL) + 12 for label in ends if spoken(label)), default=0)

    def column_x(self, column: int) -> float:
        """Return where a column begins."""
        return MARGIN + column * BOX + sum(self._gutter(i) for i in range(column))

    def _gutter(self, left: int) -> float:
        """Return the width of the space right of a column."""
        tracks = len(self.tracks[left]) * _TRACK
        return self._room(left, arriving=False) + tracks + self._room(left, arriving=True) + 44

    def _place(self) -> dict[str, Box]:
        boxes = {}
        for number, column in enumerate(self.columns):
            y: float = MARGIN + _TITLE
            lane = None
            for node in column:
                if node.lane != lane:
                    y += _HEADING
                    lane = node.lane
                notes = self._notes(node)
                ports = max(len(self.ports[node.id, side]) for side in (False, True))
                height = _snapped(max(36 + len(notes) * LINE, ports * _PORT + 12) + _GRID - 1)
                boxes[node.id] = Box(node, number, self.column_x(number), y, height, notes)
                y += height + _GAP
        return boxes

    def _notes(self, node: Node) -> tuple[str, ...]:
        """Return the lines below the title: the note, and what a manifest gives, which is no event."""
        given = [e.label for e in self.edges if e.source == node.id and node.lane == "configuration"]
        return tuple(line for text in dict.fromkeys((node.note, *given)) for line in wrap(text, BOX - 24, 12))

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height of the canvas."""
        right = self.column_x(len(self.columns) - 1) + BOX + MARGIN
        title = text_width(self.title, 18) + 2 * MARGIN
        bottom = max((b.y + b.height for b in self.boxes.values()), default=MARGIN + _TITLE) + MARGIN
        return min(max(right, title, 320), _LIMIT), min(bottom, _LIMIT)

    def _port(self, key: str, port: Trunk | Edge, *, right: bool) -> float:
        """Return the height of a port; those of the two sides of a gutter never stand on one line."""
        box, ports = self.boxes[key], self.ports[key, right]
        free = box.height - len(ports) * _PORT
        return _snapped(box.y + free / 2 + ports.index(port) * _PORT) + (8 if right else 12)

    def path(self, edge: Edge) -> list[tuple[float, float]]:
        """Return the corners of an arrow."""
        trunk = self.trunks[edge]
        far = _far(edge, trunk)
        left = self.column_x(trunk.left) + BOX
        track = left + self._room(trunk.left, arriving=False) + 20 + self.tracks[trunk.left].index(trunk) * _TRACK
        near_y, far_y = self._port(trunk.hub, trunk, right=True), self._port(far, edge, right=False)
        corners = [(left, near_y), (track, near_y), (track, far_y), (self.boxes[far].x, far_y)]
        return corners if edge.target == far else corners[::-1]


def _far(edge: Edge, trunk: Trunk) -> str:
    return edge.target if trunk.hub == edge.source else edge.source


def _snapped(number: float) -> float:
    return number // _GRID * _GRID


def spoken(label: str) -> str:
    """Return the words on an arrow; what a manifest gives stands in its box."""
    return "" if label.endswith(("secret", "secrets")) else label


def wrap(text: str, width: float, size: float) -> list[str]:
    """Break a note into at most two lines, at a blank or behind a slash."""
    shown = escape.printable(text)
    if text_width(shown, size) <= width:
        return [shown]
    cuts = [i + 1 for i, letter in enumerate(shown) if letter in " /_" and text_width(shown[: i + 1], size) <= width]
    if not cuts:
        return [fit(shown, width, size)]
    return [shown[: cuts[-1]].rstrip(), fit(shown[cuts[-1] :], width, size)]


def _columns(graph: Graph) -> list[list[Node]]:
    """Return the stacks of lanes in use."""
    columns = ([node for lane in lanes for node in graph.lane(lane)] for lanes in _STACKS)
    return [column for column in columns if column]
