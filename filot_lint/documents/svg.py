"""The graph as SVG: fixed lanes from left to right, every arrow on a track of its own."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from filot_lint.documents import escape
from filot_lint.documents.diagram import Edge, Graph, Lane, Node
from filot_lint.documents.stamp import STAMP

FONT = "DejaVu Sans, Verdana, sans-serif"
_MARGIN = 24
_TITLE = 40
_BOX = 196
_PORT = 22
_TRACK = 9
_BUS = 11
_GAP = 24
_HEADING = 28
_LABEL = 12.5
_STACKS: tuple[tuple[Lane, ...], ...] = (
    ("clients", "configuration"),
    ("services",),
    ("queues",),
    ("workers",),
    ("stores", "external"),
)
_LIMIT = 8000
_COLOURS: dict[Lane, tuple[str, str]] = {
    "clients": ("#f3f4f6", "#4b5563"),
    "configuration": ("#fdf6e3", "#92700c"),
    "services": ("#e8f0fe", "#1d4ed8"),
    "queues": ("#f3e8ff", "#7e22ce"),
    "workers": ("#e6f7ee", "#15803d"),
    "stores": ("#ffedd5", "#c2410c"),
    "external": ("#e0f2f1", "#0f766e"),
}
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
    """A node with its place."""

    node: Node
    column: int
    x: float
    y: float
    height: float


class Drawing:
    """Lays out one graph."""

    def __init__(self, graph: Graph, title: str) -> None:
        """Place columns, boxes and tracks."""
        self.graph = graph
        self.title = title
        self.columns = _columns(graph)
        self.column_of = {node.id: i for i, column in enumerate(self.columns) for node in column}
        self.inputs: dict[str, list[Edge]] = defaultdict(list)
        self.outputs: dict[str, list[Edge]] = defaultdict(list)
        self.bus, direct = self._ordered()
        for edge in (*self.bus, *direct):
            self.inputs[edge.target].append(edge)
            self.outputs[edge.source].append(edge)
        self.tracks: dict[int, list[Edge]] = defaultdict(list)
        for edge in self.bus:
            self.tracks[self.column_of[edge.source] + 1].append(edge)
        for edge in (*direct, *reversed(self.bus)):
            self.tracks[self.column_of[edge.target]].append(edge)
        self.labels = {i: self._label_width(i) for i in range(len(self.columns) + 1)}
        self.top = _MARGIN + _TITLE + len(self.bus) * _BUS
        self.boxes = self._place()

    def _ordered(self) -> tuple[list[Edge], list[Edge]]:
        """Split arrows into those over the top, outermost first, and those to the next column; few cross this way."""
        position = {node.id: (i, j) for i, column in enumerate(self.columns) for j, node in enumerate(column)}
        direct = [e for e in self.graph.edges if self.column_of[e.target] == self.column_of[e.source] + 1]
        over = [e for e in self.graph.edges if e not in direct]
        over.sort(key=lambda e: (-position[e.target][0], position[e.target][1], position[e.source]))
        return over, sorted(direct, key=lambda e: (position[e.target], position[e.source]))

    def _label_width(self, column: int) -> float:
        arriving = [e for e in self.tracks[column] if self.column_of[e.target] == column]
        return max((text_width(e.label, _LABEL) for e in arriving), default=0) + 22 if arriving else 12

    def _gutter(self, column: int) -> float:
        """Return the width of the space left of a column."""
        return len(self.tracks[column]) * _TRACK + self.labels[column] + 10 if self.tracks[column] else 0

    def column_x(self, column: int) -> float:
        """Return where a column begins."""
        return _MARGIN + sum(self._gutter(i) for i in range(column + 1)) + column * _BOX

    def _place(self) -> dict[str, Box]:
        boxes = {}
        for number, column in enumerate(self.columns):
            y = self.top
            lane = None
            for node in column:
                if node.lane != lane:
                    y += _HEADING
                    lane = node.lane
                ports = max(len(self.inputs[node.id]), len(self.outputs[node.id]))
                height = max(52, ports * _PORT + 14)
                boxes[node.id] = Box(node, number, self.column_x(number), y, height)
                y += height + _GAP
        return boxes

    @property
    def size(self) -> tuple[float, float]:
        """Return width and height of the canvas."""
        right = self.column_x(len(self.columns) - 1) + _BOX + _MARGIN + self._gutter(len(self.columns))
        title = text_width(self.title, 18) + 2 * _MARGIN
        bottom = max((b.y + b.height for b in self.boxes.values()), default=self.top) + _MARGIN
        return min(max(right, title, 320), _LIMIT), min(bottom, _LIMIT)

    def _port(self, edge: Edge, *, arriving: bool) -> float:
        box = self.boxes[edge.target if arriving else edge.source]
        edges = self.inputs[edge.target] if arriving else self.outputs[edge.source]
        free = box.height - len(edges) * _PORT
        return box.y + free / 2 + (edges.index(edge) + 0.5) * _PORT

    def _track(self, column: int, edge: Edge, *, arriving: bool) -> float:
        own = self.tracks[column]
        position = len(own) - 1 - own[::-1].index(edge) if arriving else own.index(edge)
        return (
            self.column_x(column) - self._gutter(column) + 10 + position * _TRACK
            if column < len(self.columns)
            else (self.column_x(column - 1) + _BOX + 10 + position * _TRACK)
        )

    def path(self, edge: Edge) -> list[tuple[float, float]]:
        """Return the corners of an arrow."""
        source, target = self.boxes[edge.source], self.boxes[edge.target]
        start = (source.x + _BOX, self._port(edge, arriving=False))
        end = (target.x, self._port(edge, arriving=True))
        down = self._track(target.column, edge, arriving=True)
        if edge not in self.bus:
            return [start, (down, start[1]), (down, end[1]), end]
        up = self._track(source.column + 1, edge, arriving=False)
        level = _MARGIN + _TITLE + self.bus.index(edge) * _BUS
        return [start, (up, start[1]), (up, level), (down, level), (down, end[1]), end]


def _columns(graph: Graph) -> list[list[Node]]:
    """Return the lanes in use; some share a column, so that the page stays narrow."""
    columns = ([node for lane in lanes for node in graph.lane(lane)] for lanes in _STACKS)
    return [column for column in columns if column]


def to_svg(graph: Graph, title: str) -> str:
    """Return a self-contained SVG document without any reference."""
    drawing = Drawing(graph, escape.printable(title))
    width, height = drawing.size
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="{FONT}" role="img">'
        ),
        f"<title>{escape.xml(title)}</title>",
        f"<desc>{STAMP}</desc>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        _text(_MARGIN, _MARGIN + 8, drawing.title, 18, "#111827", bold=True),
    ]
    parts += [_arrow(drawing, edge) for edge in graph.edges]
    parts += [_headings(drawing)]
    parts += [_box(box) for box in drawing.boxes.values()]
    return "\n".join([*parts, "</svg>", ""])


def _text(x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False) -> str:
    weight = ' stroke="currentColor" stroke-width="0.4"' if bold else ""
    paint = f' color="{colour}"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"{paint}{weight}>{escape.xml(text)}</text>'


def _line(x: float, y: float, text: str, sizes: tuple[float, ...], colour: str, *, bold: bool = False) -> str:
    """Write one line of a box in the largest size that fits, shortened if none does."""
    room = _BOX - 20
    size = next((s for s in sizes if text_width(escape.printable(text), s) <= room), sizes[-1])
    return _text(x, y, fit(text, room, size), size, colour, bold=bold)


def _headings(drawing: Drawing) -> str:
    seen: dict[Lane, Box] = {}
    for box in drawing.boxes.values():
        seen.setdefault(box.node.lane, box)
    return "\n".join(_text(b.x, b.y - 9, lane.upper(), 11, _COLOURS[lane][1], bold=True) for lane, b in seen.items())


def _box(box: Box) -> str:
    fill, line = _COLOURS[box.node.lane]
    radius = 16 if box.node.lane in {"queues", "clients"} else 5
    middle = box.y + box.height / 2
    return "\n".join(
        [
            (
                f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{_BOX}" height="{box.height:.1f}" rx="{radius}" '
                f'fill="{fill}" stroke="{line}" stroke-width="1.4"/>'
            ),
            _line(box.x + 12, middle - 3, box.node.title, (15, 13, 12), "#111827", bold=True),
            _line(box.x + 12, middle + 15, box.node.note, (12, 11), "#374151"),
        ]
    )


def _arrow(drawing: Drawing, edge: Edge) -> str:
    corners = drawing.path(edge)
    colour = _COLOURS[drawing.graph.node(edge.source).lane][1]
    dash = ' stroke-dasharray="5 3"' if drawing.graph.node(edge.source).lane == "configuration" else ""
    x, y = corners[-1]
    line = " ".join(f"{px:.1f},{py:.1f}" for px, py in [*corners[:-1], (x - 7, y)])
    width = text_width(edge.label, _LABEL)
    left = x - 13 - width
    return "\n".join(
        [
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.3"{dash}/>',
            f'<polygon points="{x:.1f},{y:.1f} {x - 8:.1f},{y - 4:.1f} {x - 8:.1f},{y + 4:.1f}" fill="{colour}"/>',
            f'<rect x="{left:.1f}" y="{y - 8:.1f}" width="{width:.1f}" height="15" fill="#ffffff"/>',
            (
                f'<text x="{x - 14:.1f}" y="{y + 4:.1f}" font-size="{_LABEL}" fill="#374151" text-anchor="end">'
                f"{escape.xml(edge.label)}</text>"
            ),
        ]
    )
