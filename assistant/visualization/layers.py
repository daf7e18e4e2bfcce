"""Place the nodes of a graph in layers so that few arrows cross.

Source: Sugiyama, Tagawa, Toda 1981, "Methods for Visual Understanding of Hierarchical System
Structures": longest-path layers, bends for long arrows, barycentres of neighbours.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

Edge = tuple[int, int]
SWEEPS = 12


@dataclass(kw_only=True)
class Layers:
    """Where everything is placed.

    Attributes:
        rows: Nodes and bends of each layer, from left to right.
        routes: For each arrow the nodes and bends that it passes, both ends included; an arrow
            that leads back to an earlier layer passes them in its own direction.
        bends: Those members of ``rows`` that only bend an arrow.
    """

    rows: list[list[int]] = field(default_factory=list)
    routes: dict[Edge, list[int]] = field(default_factory=dict)
    bends: set[int] = field(default_factory=set)


def layered(count: int, edges: Sequence[Edge]) -> Layers:
    """Place ``count`` nodes, numbered from 0, where node 0 reaches all others."""
    backward = _backward(count, edges)
    forward = [(b, a) if (a, b) in backward else (a, b) for a, b in edges if a != b]
    depth = _depths(count, forward)
    found = Layers(rows=[[] for _ in range(max(depth) + 1)])
    for node in range(count):
        found.rows[depth[node]].append(node)
    fresh = count
    neighbours: list[Edge] = []
    for a, b in edges:
        if a == b:
            found.routes[a, b] = [a, b]
            continue
        top, bottom = (b, a) if (a, b) in backward else (a, b)
        route = [top]
        for layer in range(depth[top] + 1, depth[bottom]):
            found.rows[layer].append(fresh)
            found.bends.add(fresh)
            route.append(fresh)
            fresh += 1
        route.append(bottom)
        neighbours += itertools.pairwise(route)
        found.routes[a, b] = route[::-1] if (a, b) in backward else route
    _uncross(found.rows, neighbours)
    return found


def _backward(count: int, edges: Iterable[Edge]) -> set[Edge]:
    """The arrows that close a circle, found by walking from node 0 in depth."""
    after: dict[int, list[int]] = defaultdict(list)
    for a, b in edges:
        after[a].append(b)
    state = [0] * count  # 0 unseen, 1 on the way, 2 done
    closing: set[Edge] = set()
    for root in range(count):
        stack = [(root, iter(after[root]))] if not state[root] else []
        state[root] = state[root] or 1
        while stack:
            node, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                state[node] = 2
                stack.pop()
            elif state[following] == 1:
                closing.add((node, following))
            elif state[following] == 0:
                state[following] = 1
                stack.append((following, iter(after[following])))
    return closing


def _depths(count: int, edges: Sequence[Edge]) -> list[int]:
    """The longest way from a source to each node."""
    after: dict[int, list[int]] = defaultdict(list)
    waiting = [0] * count
    for a, b in edges:
        after[a].append(b)
        waiting[b] += 1
    depth = [0] * count
    ready = [node for node in range(count) if not waiting[node]]
    while ready:
        node = ready.pop()
        for following in after[node]:
            depth[following] = max(depth[following], depth[node] + 1)
            waiting[following] -= 1
            if not waiting[following]:
                ready.append(following)
    return depth


def _uncross(rows: list[list[int]], edges: Iterable[Edge]) -> None:
    """Order each layer by the middle of its neighbours, downwards and upwards in turn."""
    above: dict[int, list[int]] = defaultdict(list)
    below: dict[int, list[int]] = defaultdict(list)
    for a, b in edges:
        below[a].append(b)
        above[b].append(a)
    for sweep in range(SWEEPS):
        near, order = (above, rows) if sweep % 2 == 0 else (below, rows[::-1])
        place: dict[int, float] = {}
        for row in order:
            own = {node: i for i, node in enumerate(row)}
            middle = {
                node: sum(at) / len(at)
                if (at := [place[other] for other in near[node] if other in place])
                else own[node] / max(len(row), 1)
                for node in row
            }
            row.sort(key=lambda node: (middle[node], own[node]))
            place |= {node: (i + 0.5) / len(row) for i, node in enumerate(row)}
