"""Make neighbouring polygons share exactly the same vertices, on a grid of whole millimetres.

Overlay results agree to about 1e-9 m only, and rounding would open hair gaps wherever a corner
lies on a neighbour's straight edge. Here near vertices become one, and every vertex is inserted
into each edge it lies on, so that each inner edge occurs exactly twice, once per direction.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from .geometry import Geometry, polygon, rings

TOLERANCE = 0.02  # metres; what lies closer than this is the same place
PASSES = 3  # an edge bent by a new vertex may come to touch the next one
CELL = 16.0  # metres, edge length of the search grid

Vertex = tuple[float, float]


class _Vertices:
    """All distinct vertices, found again by place."""

    def __init__(self, tolerance: float) -> None:
        self.tolerance = tolerance
        self.near: dict[tuple[int, int], list[Vertex]] = defaultdict(list)
        self.cells: dict[tuple[int, int], list[Vertex]] = defaultdict(list)
        self._on_edge: dict[tuple[Vertex, Vertex], tuple[Vertex, ...]] = {}

    def snap(self, x: float, y: float) -> Vertex:
        """Return the vertex known within the tolerance, or make this one known."""
        column, row = int(x // self.tolerance), int(y // self.tolerance)
        for i in (column, column - 1, column + 1):
            for j in (row, row - 1, row + 1):
                for other in self.near.get((i, j), ()):
                    if (other[0] - x) ** 2 + (other[1] - y) ** 2 <= self.tolerance**2:
                        return other
        vertex = (round(x, 3), round(y, 3))
        self.near[column, row].append(vertex)
        self.cells[int(x // CELL), int(y // CELL)].append(vertex)
        return vertex

    def beside(self, a: Vertex, b: Vertex) -> tuple[Vertex, ...]:
        """Return the vertices that lie on the edge ``a``–``b``, in its order."""
        if b < a:
            return self.beside(b, a)[::-1]
        if (a, b) not in self._on_edge:
            self._on_edge[a, b] = self._search(a, b)
        return self._on_edge[a, b]

    def _search(self, a: Vertex, b: Vertex) -> tuple[Vertex, ...]:
        ax, ay = a
        dx, dy = b[0] - ax, b[1] - ay
        length = math.hypot(dx, dy)
        found = {}
        for cell in _cells_along(a, b, length):
            for vertex in self.cells.get(cell, ()):
                vx, vy = vertex[0] - ax, vertex[1] - ay
                along = (vx * dx + vy * dy) / length
                if (
                    0 < along < length
                    and abs(vx * dy - vy * dx) <= self.tolerance * length
                    and vertex not in (a, b)
                ):
                    found[vertex] = along
        return tuple(sorted(found, key=lambda vertex: found[vertex]))


def _cells_along(a: Vertex, b: Vertex, length: float) -> set[tuple[int, int]]:
    """Return the grid cells within the tolerance of an edge (and some more)."""
    steps = int(length / CELL) + 1
    cells = set()
    for step in range(steps):
        x0, x1 = (a[0] + (b[0] - a[0]) * (step + k) / steps for k in (0, 1))
        y0, y1 = (a[1] + (b[1] - a[1]) * (step + k) / steps for k in (0, 1))
        columns = range(int((min(x0, x1) - TOLERANCE) // CELL), int((max(x0, x1) + TOLERANCE) // CELL) + 1)
        rows = range(int((min(y0, y1) - TOLERANCE) // CELL), int((max(y0, y1) + TOLERANCE) // CELL) + 1)
        cells |= {(column, row) for column in columns for row in rows}
    return cells


def share_vertices(areas: list[Geometry], tolerance: float = TOLERANCE) -> list[list[Geometry]]:
    """Return ``areas`` with shared vertices in millimetres.

    An area that collapses gives an empty list, one that comes to touch itself several polygons.
    """
    vertices = _Vertices(tolerance)
    shells = [[[vertices.snap(x, y) for x, y in ring[:-1]] for ring in rings(area)] for area in areas]
    for _ in range(PASSES):
        shells = [[list(_noded(ring, vertices)) for ring in area_rings] for area_rings in shells]
    return [_assembled(area_rings) for area_rings in shells]


def _noded(ring: list[Vertex], vertices: _Vertices) -> Iterator[Vertex]:
    for a, b in zip(ring, ring[1:] + ring[:1], strict=True):
        if a != b:
            yield a
            yield from vertices.beside(a, b)


def _assembled(area_rings: list[list[Vertex]]) -> list[Geometry]:
    """Return the polygons that the rings bound, where rings may touch themselves or each other."""
    loops = _loops(_outline(area_rings))
    shells = [loop for loop in loops if _doubled_area(loop) > 1e-6]
    holes = [loop for loop in loops if _doubled_area(loop) < -1e-6]
    result = []
    for shell in shells:
        outline = polygon(np.array(shell))
        mine = [np.array(hole) for hole in holes if outline.Contains(polygon(np.array(hole)))]
        result.append(polygon(np.array(shell), mine))
    return result


def _outline(area_rings: list[list[Vertex]]) -> dict[Vertex, list[Vertex]]:
    """Return the directed edges (area on the left) by their start; an edge run both ways cancels."""
    edges: dict[tuple[Vertex, Vertex], None] = {}
    for number, ring in enumerate(area_rings):
        clockwise = _doubled_area(ring) < 0
        path = ring if clockwise == (number > 0) else ring[::-1]
        for a, b in zip(path, path[1:] + path[:1], strict=True):
            if (b, a) in edges:
                del edges[b, a]
            elif a != b:
                edges[a, b] = None
    outgoing: dict[Vertex, list[Vertex]] = defaultdict(list)
    for a, b in edges:
        outgoing[a].append(b)
    return outgoing


def _loops(outgoing: dict[Vertex, list[Vertex]]) -> list[list[Vertex]]:
    """Return the simple loops that the directed edges form."""
    loops: list[list[Vertex]] = []
    for start in outgoing:
        while outgoing[start]:
            path, place = [start], {start: 0}
            while outgoing[path[-1]]:
                vertex = outgoing[path[-1]].pop(0)
                if vertex in place:
                    loops.append(path[place[vertex] :])
                    for passed in path[place[vertex] + 1 :]:
                        del place[passed]
                    path = path[: place[vertex] + 1]
                else:
                    place[vertex] = len(path)
                    path.append(vertex)
    return loops


def _doubled_area(ring: list[Vertex]) -> float:
    if len(ring) < 3:
        return 0.0
    x, y = (np.array(ring) - ring[0]).T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
