"""The picture: nothing without evidence, nothing on top of anything else."""

from __future__ import annotations

from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from samples import Report

from filot_lint.documents.diagram import _Builder, _finish, build_graph
from filot_lint.documents.graph import LANE_LIMIT, Edge, Node, group_nodes
from filot_lint.documents.layout import BOX, Drawing, fit, text_width, wrap
from filot_lint.documents.svg import to_svg
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
        assert 0 <= box.x <= width - BOX
        assert 0 <= box.y <= height - box.height
    for a, b in combinations(drawing.boxes.values(), 2):
        apart = a.x + BOX <= b.x or b.x + BOX <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, f"{a.node.id} and {b.node.id}"


def crossing(drawing: Drawing) -> list[str]:
    """Return the arrows that miss a box of theirs, run through one, or lie on the line of another trunk."""
    wrong = []
    tracks: dict[float, object] = {}
    for edge in drawing.edges:
        corners = drawing.path(edge)
        ends = [(drawing.boxes[edge.source], corners[0]), (drawing.boxes[edge.target], corners[-1])]
        for box, (x, y) in ends:
            if x not in (box.x, box.x + BOX) or not box.y <= y <= box.y + box.height:
                wrong.append(f"{edge.label} misses {box.node.id}")
        for (x1, y1), (x2, y2) in pairwise(corners):
            assert x1 == x2 or y1 == y2
            if x1 == x2 and y1 != y2 and tracks.setdefault(x1, drawing.trunks[edge]) != drawing.trunks[edge]:
                wrong.append(f"{edge.label} shares a track")
            for box in drawing.boxes.values():
                inside_x = max(x1, x2) > box.x + 1 and min(x1, x2) < box.x + BOX - 1
                inside_y = max(y1, y2) > box.y + 1 and min(y1, y2) < box.y + box.height - 1
                if inside_x and inside_y:
                    wrong.append(f"{edge.label} runs through {box.node.id}")
    return wrong


def test_arrows_meet_their_boxes_and_cross_no_other(drawing: Drawing) -> None:
    assert drawing.edges
    assert crossing(drawing) == []


def test_level_parts_of_different_arrows_do_not_lie_on_each_other(drawing: Drawing) -> None:
    taken: dict[tuple[float, bool], set[object]] = {}
    for edge, trunk in drawing.trunks.items():
        corners = drawing.path(edge)
        near, far = (corners[0], corners[-1]) if trunk.hub == edge.source else (corners[-1], corners[0])
        taken.setdefault((near[1], trunk.left == 0), set()).add(trunk)
        taken.setdefault((far[1], trunk.left == 0), set()).add(edge)
    assert all(len(owners) == 1 for owners in taken.values())


PLACE = Location("a.ts", 1, 1, 1, 2)


def services(number: int) -> list[Node]:
    return [Node(f"app:{n:02}", "services", f"service {n}", "process", (PLACE,)) for n in range(number)]


def stores(number: int) -> list[Node]:
    return [Node(f"store:{n:02}", "stores", "Redis", f"REDIS_{n}", (PLACE,)) for n in range(number)]


def test_deployables_with_the_same_arrows_are_one_box() -> None:
    edges = [Edge(f"app:{n:02}", "store:00", "connect", (PLACE,)) for n in range(5)]
    edges.append(Edge("app:00", "store:01", "connect", (PLACE,)))
    graph = group_nodes([*services(40), *stores(2)], edges)

    assert [n.title for n in graph.lane("services")] == ["service 0", "4 deployables", "35 deployables"]
    assert graph.lane("services")[1].members == ("service 1", "service 2", "service 3", "service 4")
    assert len(graph.edges) == 3
    assert all(n.evidence for n in graph.nodes)


def test_a_monorepo_stays_on_one_page_and_keeps_every_arrow() -> None:
    edges = [Edge(f"app:{n:02}", f"store:{m:02}", "connect", (PLACE,)) for n in range(60) for m in (n, (n + 1) % 60)]
    graph = group_nodes([*services(60), *stores(60)], edges)
    drawing = Drawing(graph, "monorepo")

    assert len(graph.lane("services")) == len(graph.lane("stores")) == LANE_LIMIT + 1
    ends = {end for edge in graph.edges for end in (edge.source, edge.target)}
    assert ends == {node.id for node in graph.nodes}
    assert drawing.size[0] < 1100
    assert drawing.size[1] < 1800
    assert crossing(drawing) == []


def test_ports_stand_apart() -> None:
    edges = [Edge(f"app:{n:02}", f"store:{n % 2:02}", "connect", (PLACE,)) for n in range(2)]
    edges += [Edge(f"app:{n:02}", "store:01", "read", (PLACE,)) for n in range(2)]
    drawing = Drawing(group_nodes([*services(2), *stores(2)], edges), "shop")
    heads = sorted(drawing.path(edge)[-1][1] for edge in drawing.edges if edge.target == "store:01")

    assert [b - a for a, b in pairwise(heads)] == [24, 24]


def test_what_a_picture_says_is_wide_enough_for_a_page(drawing: Drawing) -> None:
    assert drawing.size[0] <= 1200


def test_notes_break_instead_of_losing_their_middle() -> None:
    assert wrap("backend/infra/ecs/task-ocr-gpu.json", 184, 12) == ["backend/infra/ecs/", "task-ocr-gpu.json"]


def test_the_svg_is_well_formed_and_refers_to_nothing(report: Report) -> None:
    svg = to_svg(build_graph(report.context), "<shop> & \x1b")
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}  # noqa: S314  # our own output

    assert tags <= {"svg", "title", "desc", "rect", "text", "polyline", "polygon"}
    assert "href" not in svg


def test_long_labels_are_shortened_to_their_box() -> None:
    shown = fit("a" * 200, 160, 13)

    assert "…" in shown
    assert text_width(shown, 13) <= 160
