"""Draw a graph of stories as one HTML page that needs no network and no other file."""

from __future__ import annotations

import itertools
from importlib.resources import files
from typing import Any

from .layers import Layers, layered
from .story_graph import Node, StoryGraph

GAP, ROW, HEIGHT = 28.0, 92.0, 34.0
CHARACTER, PADDING, LONGEST = 7.2, 26.0, 34
BEND = 10.0


def graph_page(graph: StoryGraph, title: str) -> str:
    """Return the page; the stories of a node light up when it is pointed at."""
    from jinja2 import Environment, StrictUndefined

    template = files("assistant.visualization").joinpath("graph.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    layers = layered(len(graph.nodes), list(graph.edges))
    widths = [_width(node) for node in graph.nodes]
    at = _places(layers, widths)
    width = max((x + _half(i, widths) for i, (x, _) in at.items()), default=0.0) + GAP
    return environment.from_string(template).render(
        title=title,
        stories=graph.stories,
        width=round(width),
        height=round(ROW * len(layers.rows)),
        nodes=[_box(node, at[node.number], widths[node.number], graph) for node in graph.nodes],
        arrows=[
            {"path": _curve([at[i] for i in layers.routes[edge]]), "stories": stories,
             "weight": min(1.0 + 0.4 * len(stories), 5.0)}
            for edge, stories in graph.edges.items()
        ],
    )  # fmt: skip


def _width(node: Node) -> float:
    return PADDING + CHARACTER * sum(1.8 if ord(c) > 0x2E80 else 1.0 for c in shortened(node.label))


def shortened(label: str) -> str:
    """A label that fits its box."""
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


def _half(i: int, widths: list[float]) -> float:
    return widths[i] / 2 if i < len(widths) else BEND / 2


def _places(layers: Layers, widths: list[float]) -> dict[int, tuple[float, float]]:
    """Centres of all nodes and bends: each near its neighbours, none over another."""
    near: dict[int, list[int]] = {}
    for route in layers.routes.values():
        for a, b in itertools.pairwise(route):
            near.setdefault(b, []).append(a)
            near.setdefault(a, []).append(b)
    across: dict[int, float] = {}
    for rows in (layers.rows, layers.rows[::-1], layers.rows):
        for row in rows:
            wishes = [
                sum(at) / len(at)
                if (at := [across[other] for other in near.get(node, []) if other in across])
                else across.get(node, 0.0)
                for node in row
            ]
            across |= zip(row, _apart(wishes, [_half(n, widths) for n in row]), strict=True)
    left = min(x - _half(node, widths) for node, x in across.items()) - GAP
    return {
        node: (across[node] - left, ROW * depth + ROW / 2)
        for depth, row in enumerate(layers.rows)
        for node in row
    }


def _apart(wishes: list[float], halves: list[float]) -> list[float]:
    """Centres near their wishes that keep their order and a gap: pushed right, pushed left, mean.

    Both pushed rows keep the distances, so their mean does.
    """
    if not wishes:
        return []
    least = [a + b + GAP for a, b in itertools.pairwise(halves)]
    right, left = list(wishes), list(wishes)
    for i, distance in enumerate(least):
        right[i + 1] = max(right[i + 1], right[i] + distance)
    for i, distance in reversed(list(enumerate(least))):
        left[i] = min(left[i], left[i + 1] - distance)
    return [(a + b) / 2 for a, b in zip(left, right, strict=True)]


def _box(node: Node, place: tuple[float, float], width: float, graph: StoryGraph) -> dict[str, Any]:
    through = {
        story for (a, b), along in graph.edges.items() if node.number in (a, b) for story in along
    }
    return {
        "label": shortened(node.label), "full": node.label, "kind": node.kind,
        "x": round(place[0], 1), "y": round(place[1], 1), "width": round(width, 1),
        "height": HEIGHT, "stories": sorted(through),
    }  # fmt: skip


def _curve(points: list[tuple[float, float]]) -> str:
    """An SVG path from box to box, steep at both ends."""
    (x, y), *rest = points
    down = rest[-1][1] > y
    y += HEIGHT / 2 if down else -HEIGHT / 2
    path = f"M{x:.1f} {y:.1f}"
    for i, (to_x, to_y) in enumerate(rest):
        end = to_y - (HEIGHT / 2 if down else -HEIGHT / 2) if i == len(rest) - 1 else to_y
        middle = (y + end) / 2
        path += f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {end:.1f}"
        x, y = to_x, end
    return path
