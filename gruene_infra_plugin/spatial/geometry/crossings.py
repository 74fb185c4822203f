"""Engine ``crossings``: what lies across a straight line, by kind of barrier.

A barrier is judged on two lines, one a hair's breadth to the left and one to the right of the line asked
about, and what both of them cross counts. So a barrier that only touches the line, or runs along it, is
no crossing, however its coordinates are rounded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qgis.core import Qgis, QgsGeometry, QgsRectangle, QgsSpatialIndex

from ...methods.reading.names import shown_as
from .vertices import ring_bytes
from .wkb import bytes_of

HAIR_M = 1e-6
"""What is closer than this touches, in metres: above the noise of coordinates, below any survey [A]."""

Floats = NDArray[np.floating]
Integers = NDArray[np.integer]
Edges = tuple[Floats, Floats]


@dataclass(frozen=True)
class Crossing:
    """How often a line meets barriers of one kind, and on how many metres it runs inside their areas.

    ``count`` is the number of times a line barrier is crossed plus the number of separate stretches
    inside polygons; ``length_m`` is 0 for line barriers.
    """

    kind: str
    count: int
    length_m: float


class Crossings:
    """Barriers, lines or polygons, under an index; their vertices are read when a line comes near.

    Raises ``ValueError`` for points. Barriers without geometry are left out. Spellings that only look
    different are one kind.
    """

    def __init__(self, barriers: Iterable[tuple[str, QgsGeometry]]) -> None:
        self._barriers: list[tuple[str, QgsGeometry]] = []
        self._edges: dict[int, Edges] = {}
        self._index = QgsSpatialIndex()
        given = [(kind, geometry) for kind, geometry in barriers if not geometry.isEmpty()]
        shown = shown_as(kind for kind, _ in given)
        for kind, geometry in given:
            self._add(shown[kind], geometry)

    def _add(self, kind: str, geometry: QgsGeometry) -> None:
        if geometry.type() not in (Qgis.GeometryType.Line, Qgis.GeometryType.Polygon):
            raise ValueError(f"a barrier is a line or a polygon, not {geometry.type()!r}")
        self._index.addFeature(len(self._barriers), geometry.boundingBox().buffered(HAIR_M))
        self._barriers.append((kind, geometry))

    def across(self, line: QgsGeometry) -> list[Crossing]:
        """Return what a straight line crosses: the longest stretch first, then by kind.

        Polygons of one kind that overlap or meet count once. Of two carriageways drawn as two lines both
        count. What meets only an end of the line is not crossed. Raises ``ValueError`` if the line does
        not have two vertices.
        """
        start, end = _ends(line)
        length = float(np.hypot(*(end - start)))
        if length <= HAIR_M:
            return []
        along = (end - start) / length
        found = []
        for (kind, is_area), numbers in self._near(line.boundingBox()).items():
            edges = self._joined(numbers)
            measure = _inside if is_area else _met
            sides = (measure(*passages(*edges, start, along, aside), length) for aside in (HAIR_M, -HAIR_M))
            found.append((kind, *min(sides)))
        return _by_kind(found)

    def _near(self, box: QgsRectangle) -> dict[tuple[str, bool], list[int]]:
        """Return the barriers whose boxes meet ``box``, by kind and whether they are polygons."""
        near = defaultdict(list)
        for number in sorted(self._index.intersects(box.buffered(HAIR_M))):
            kind, geometry = self._barriers[number]
            near[kind, geometry.type() == Qgis.GeometryType.Polygon].append(number)
        return near

    def _joined(self, numbers: list[int]) -> Edges:
        edges = [self._edges_of(number) for number in numbers]
        return np.concatenate([start for start, _ in edges]), np.concatenate([end for _, end in edges])

    def _edges_of(self, number: int) -> Edges:
        edges = self._edges.get(number)
        if edges is None:
            edges = self._edges[number] = _edges(self._barriers[number][1])
        return edges


def passages(
    starts: Floats, ends: Floats, origin: Floats, along: Floats, aside: float
) -> tuple[Floats, Integers]:
    """Return where edges pass through a straight line that lies ``aside`` metres to the left of another.

    Parameters
    ----------
    starts, ends
        Edges, shape (n, 2), metres.
    origin, along
        A point of the other line and its unit vector, one for all edges or one for each.

    Returns
    -------
    position, turn
        Shape (n,): metres along the line from the origin, and 1 for an edge that passes from right to
        left, −1 from left to right, 0 for an edge that does not pass. An edge that ends on the line
        belongs to its left, so that a ring passes as often to the left as to the right.
    """
    x, y = (starts - origin).T
    to_x, to_y = (ends - origin).T
    east, north = np.asarray(along).T
    side = east * y - north * x - aside
    to_side = east * to_y - north * to_x - aside
    turn = (to_side >= 0).astype(np.int8) - (side >= 0)
    share = np.divide(side, side - to_side, out=np.zeros(len(side)), where=turn != 0)
    return east * (x + share * (to_x - x)) + north * (y + share * (to_y - y)), turn


def _met(position: Floats, turn: Integers, length: float) -> tuple[float, int]:
    """Return 0 metres, and how many edges pass between the ends of the line."""
    between = (turn != 0) & (position > HAIR_M) & (position < length - HAIR_M)
    return 0.0, int(np.count_nonzero(between))


def _inside(position: Floats, turn: Integers, length: float) -> tuple[float, int]:
    """Return metres and number of stretches inside polygons, from all passages of their rings.

    Rings are clockwise around an area and counter-clockwise around a hole, so that an edge passing to the
    left enters a polygon and one passing to the right leaves it.
    """
    at = np.clip(position[turn != 0], 0.0, length)
    order = np.argsort(at, kind="stable")
    at = at[order]
    inside = np.cumsum(turn[turn != 0][order]) > 0
    is_long = np.diff(at, append=length) > HAIR_M
    at, inside = at[is_long], inside[is_long]
    to = np.append(at[1:], length)
    begins = inside & ~np.append(False, inside[:-1])
    return float((to - at)[inside].sum()), int(np.count_nonzero(begins))


def _by_kind(found: Iterable[tuple[str, float, int]]) -> list[Crossing]:
    """Return the crossings of each kind, its lines and its polygons together, without empty ones."""
    totals: dict[str, tuple[float, int]] = {}
    for kind, length, count in found:
        so_far, number = totals.get(kind, (0.0, 0))
        totals[kind] = so_far + length, number + count
    crossings = [Crossing(kind, count, length) for kind, (length, count) in totals.items() if count]
    return sorted(crossings, key=lambda crossing: (-crossing.length_m, crossing.kind))


def _ends(line: QgsGeometry) -> tuple[Floats, Floats]:
    points = [(point.x(), point.y()) for point in line.vertices()]
    if len(points) != 2:
        raise ValueError(f"a straight line has two vertices, not {len(points)}")
    return np.array(points[0]), np.array(points[1])


def _edges(geometry: QgsGeometry) -> Edges:
    """Return the edges of a line or, area on their right, of the rings of a polygon, shapes (n, 2)."""
    if geometry.type() == Qgis.GeometryType.Polygon:
        paths = ring_bytes(geometry.forceRHR())
    else:
        paths = [bytes_of(line)[9:] for line in geometry.coerceToType(Qgis.WkbType.LineString)]
    points = [np.frombuffer(path, dtype="<f8").reshape(-1, 2) for path in paths]
    return np.concatenate([path[:-1] for path in points]), np.concatenate([path[1:] for path in points])
