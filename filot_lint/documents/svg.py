"""The graph as SVG."""

from __future__ import annotations

from filot_lint.documents import escape
from filot_lint.documents.graph import Edge, Graph, Lane
from filot_lint.documents.layout import BOX, LABEL, LINE, MARGIN, Box, Drawing, fit, spoken, text_width
from filot_lint.documents.stamp import STAMP

FONT = "DejaVu Sans, Verdana, sans-serif"
_ROUND = 'stroke-linejoin="round"'
_COLOURS: dict[Lane, tuple[str, str]] = {
    "clients": ("#f3f4f6", "#4b5563"),
    "configuration": ("#fdf6e3", "#92700c"),
    "services": ("#e8f0fe", "#1d4ed8"),
    "queues": ("#f3e8ff", "#7e22ce"),
    "workers": ("#e6f7ee", "#15803d"),
    "stores": ("#ffedd5", "#c2410c"),
    "external": ("#e0f2f1", "#0f766e"),
}


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
        _text(MARGIN, MARGIN + 12, drawing.title, 18, "#111827", bold=True),
    ]
    parts += [_arrow(drawing, edge) for edge in drawing.edges]
    parts += [_label(drawing, edge) for edge in drawing.edges if spoken(edge.label)]
    parts += [_headings(drawing)]
    parts += [_box(box) for box in drawing.boxes.values()]
    return "\n".join([*parts, "</svg>", ""])


def _text(x: float, y: float, text: str, size: float, colour: str, *, bold: bool = False) -> str:
    weight = ' stroke="currentColor" stroke-width="0.4"' if bold else ""
    paint = f' color="{colour}"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"{paint}{weight}>{escape.xml(text)}</text>'


def _headings(drawing: Drawing) -> str:
    seen: dict[Lane, Box] = {}
    for box in drawing.boxes.values():
        seen.setdefault(box.node.lane, box)
    return "\n".join(_text(b.x, b.y - 9, lane.upper(), 11, _COLOURS[lane][1], bold=True) for lane, b in seen.items())


def _box(box: Box) -> str:
    fill, line = _COLOURS[box.node.lane]
    radius = 16 if box.node.lane in {"queues", "clients"} else 5
    top = box.y + box.height / 2 - len(box.notes) * LINE / 2 + 4
    room = BOX - 24
    title = escape.printable(box.node.title)
    size = next((s for s in (15.0, 13.0) if text_width(title, s) <= room), 12.0)
    return "\n".join(
        [
            (
                f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{BOX}" height="{box.height:.1f}" rx="{radius}" '
                f'fill="{fill}" stroke="{line}" stroke-width="1.4"/>'
            ),
            _text(box.x + 12, top, fit(title, room, size), size, "#111827", bold=True),
            *(_text(box.x + 12, top + n * LINE, note, 12, "#374151") for n, note in enumerate(box.notes, 1)),
        ]
    )


def _arrow(drawing: Drawing, edge: Edge) -> str:
    (*before, (near, _), (x, y)) = drawing.path(edge)
    toward = 8 if x > near else -8
    lane = drawing.graph.node(edge.source).lane
    colour = _COLOURS[lane][1]
    uncertain = edge.label.startswith(("may ", "would "))
    dash = ' stroke-dasharray="5 3"' if lane == "configuration" else ' stroke-dasharray="2 3"' if uncertain else ""
    line = " ".join(f"{px:.1f},{py:.1f}" for px, py in [*before, (near, y), (x - toward + 1, y)])
    head = " ".join(f"{px:.1f},{py:.1f}" for px, py in [(x, y), (x - toward, y - 4), (x - toward, y + 4)])
    return "\n".join(
        [
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.3" {_ROUND}{dash}/>',
            f'<polygon points="{head}" fill="{colour}"/>',
        ]
    )


def _label(drawing: Drawing, edge: Edge) -> str:
    """Write the words of an arrow at its head."""
    (*_, (near, _), (x, y)) = drawing.path(edge)
    width = text_width(edge.label, LABEL)
    left = x - 14 - width if x > near else x + 14
    return "\n".join(
        [
            f'<rect x="{left:.1f}" y="{y - 8:.1f}" width="{width:.1f}" height="15" fill="#ffffff"/>',
            (
                f'<text x="{left + width / 2:.1f}" y="{y + 4:.1f}" font-size="{LABEL}" fill="#374151" '
                f'text-anchor="middle">{escape.xml(edge.label)}</text>'
            ),
        ]
    )
