"""The graph as text: Mermaid for pages that draw it, ASCII for everything else."""

from __future__ import annotations

from filot_lint.documents import escape
from filot_lint.documents.graph import LANES, Graph, Node

_SHAPES = {"queues": ("[[", "]]"), "stores": ("[(", ")]"), "external": ("([", "])"), "clients": ("([", "])")}
_BRACKETS = {"queues": ("(", ")"), "stores": ("[", "]"), "external": ("<", ">"), "clients": ("<", ">")}


def to_mermaid(graph: Graph) -> str:
    """Return a Mermaid flow chart."""
    numbers = {node.id: f"n{position}" for position, node in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    for lane in LANES:
        nodes = graph.lane(lane)
        if nodes:
            lines.append(f"  subgraph {lane}")
            lines.extend(f"    {numbers[node.id]}{_mermaid_box(node)}" for node in nodes)
            lines.append("  end")
    for edge in graph.edges:
        arrow = "-.->" if graph.node(edge.source).lane == "configuration" else "-->"
        lines.append(f'  {numbers[edge.source]} {arrow}|"{escape.mermaid(edge.label)}"| {numbers[edge.target]}')
    return "\n".join(lines)


def _mermaid_box(node: Node) -> str:
    left, right = _SHAPES.get(node.lane, ("[", "]"))
    return f'{left}"{escape.mermaid(node.title)}<br/>{escape.mermaid(node.note)}"{right}'


def to_ascii(graph: Graph) -> str:
    """Return the graph as an indented list: each box that an arrow leaves, with its arrows."""
    blocks = []
    reached = {edge.target for edge in graph.edges}
    for node in graph.nodes:
        edges = graph.leaving(node.id)
        if not edges and node.id in reached:
            continue
        title = _flat(f"{node.title}  ({node.lane}: {node.note})")
        rule = "+" + "-" * (len(title) + 2) + "+"
        lines = [rule, f"| {title} |", rule]
        width = max((len(_flat(edge.label)) for edge in edges), default=0)
        for edge in edges:
            target = graph.node(edge.target)
            left, right = _BRACKETS.get(target.lane, ("|", "|"))
            label = _flat(edge.label)
            tail = "-" * (width - len(label) + 2)
            lines.append(f"  +-- {label} {tail}> {left} {_flat(target.title)} {right} {_second(target)}".rstrip())
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _second(node: Node) -> str:
    return _flat(node.note) if node.lane in {"stores", "external"} else ""


def _flat(text: str) -> str:
    """Return text that cannot end a code fence."""
    return escape.printable(text).replace("`", "'").replace("~", "-").replace("<!--", "<!-").replace("-->", "->")
