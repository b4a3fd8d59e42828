"""The picture: nothing without evidence, nothing on top of anything else."""

from __future__ import annotations

from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from samples import Report

from filot_lint.documents.diagram import _Builder, _finish, build_graph
from filot_lint.documents.svg import _BOX, Drawing, fit, text_width, to_svg
from filot_lint.source import Location


@pytest.fixture
def drawing(report: Report) -> Drawing:
    """Return the drawing of the small system."""
    return Drawing(build_graph(report.context), "shop")


def test_everything_drawn_has_evidence(drawing: Drawing) -> None:
    assert drawing.graph.nodes
    assert all(node.evidence for node in drawing.graph.nodes)
    assert all(edge.evidence for edge in drawing.graph.edges)


def test_what_is_certain_is_not_said_again_as_possible(report: Report) -> None:
    builder = _Builder(report.context)
    place = Location("a.ts", 1, 1, 1, 2)
    for key in ("app:a", "queue:b"):
        builder.node(key, "services", key, "", (place,))
    for label in ("may enqueue", "enqueue", "may consume"):
        builder.edge("app:a", "queue:b", label, (place,))
    assert [edge.label for edge in _finish(builder).edges] == ["enqueue", "may consume"]


def test_boxes_do_not_overlap_and_stay_on_the_canvas(drawing: Drawing) -> None:
    width, height = drawing.size
    for box in drawing.boxes.values():
        assert 0 <= box.x <= width - _BOX
        assert 0 <= box.y <= height - box.height
    for a, b in combinations(drawing.boxes.values(), 2):
        apart = a.x + _BOX <= b.x or b.x + _BOX <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, f"{a.node.id} and {b.node.id}"


def test_arrows_meet_their_boxes_and_cross_no_other(drawing: Drawing) -> None:
    for edge in drawing.graph.edges:
        corners = drawing.path(edge)
        source, target = drawing.boxes[edge.source], drawing.boxes[edge.target]
        assert corners[0][0] == source.x + _BOX
        assert corners[-1][0] == target.x
        assert source.y <= corners[0][1] <= source.y + source.height
        assert target.y <= corners[-1][1] <= target.y + target.height
        for (x1, y1), (x2, y2) in pairwise(corners):
            assert x1 == x2 or y1 == y2
            for box in drawing.boxes.values():
                inside_x = max(x1, x2) > box.x + 1 and min(x1, x2) < box.x + _BOX - 1
                inside_y = max(y1, y2) > box.y + 1 and min(y1, y2) < box.y + box.height - 1
                assert not (inside_x and inside_y), f"{edge.label} runs through {box.node.id}"


def test_vertical_tracks_are_not_shared(drawing: Drawing) -> None:
    seen: dict[float, str] = {}
    for edge in drawing.graph.edges:
        corners = drawing.path(edge)
        for x in {a[0] for a, b in pairwise(corners) if a[0] == b[0] and a[1] != b[1]}:
            assert seen.setdefault(round(x, 1), f"{edge}") == f"{edge}"


def test_the_svg_is_well_formed_and_refers_to_nothing(report: Report) -> None:
    svg = to_svg(build_graph(report.context), "<shop> & \x1b")
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}  # noqa: S314  # our own output

    assert tags <= {"svg", "title", "desc", "rect", "text", "polyline", "polygon"}
    assert "href" not in svg


def test_long_labels_are_shortened_to_their_box() -> None:
    shown = fit("a" * 200, 160, 13)

    assert "…" in shown
    assert text_width(shown, 13) <= 160
