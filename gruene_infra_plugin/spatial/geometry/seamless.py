"""Engine ``seamless``: the union of polygons whose common borders agree vertex by vertex, without an overlay.

Of such polygons a border inside is drawn twice, once each way round. What is drawn once is the outline of
the union. Polygons that overlap, or whose borders differ, do not make valid polygons so; they are told apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from qgis.core import Qgis, QgsGeometry

from .vertices import Integers, ring_parts
from .wkb import POINT_BYTES, geometry_of, polygon_of

Floats = NDArray[np.float64]

PLAIN = (Qgis.WkbType.Polygon, Qgis.WkbType.MultiPolygon)
"""Types of geometry whose edges are looked at."""


def seamless_unions(polygons: Sequence[QgsGeometry], groups: Integers) -> dict[int, QgsGeometry]:
    """Return the union of each group of valid polygons, where their common borders agree.

    Groups that overlap in themselves, or whose borders differ, are left out. ``groups`` are the numbers of
    the polygons' groups; those of different groups must not touch.
    """
    plain = np.array([polygon.wkbType() in PLAIN for polygon in polygons])
    odd = np.unique(groups[~plain])
    points, start, end, group = _edges([polygons[n] for n in np.flatnonzero(plain).tolist()], groups[plain])
    start, end, group = _drawn_once(start, end, group, odd)
    owners: dict[int, list[Integers]] = defaultdict(list)
    for ring in _rings(points, start, end):
        owners[int(group[ring[0]])].append(start[ring])
    found: dict[int, QgsGeometry] = {}
    for number, outlines in owners.items():
        united = _polygons([points[outline] for outline in outlines])
        if united is not None and united.isGeosValid():
            found[number] = united
    return found


def _edges(polygons: Sequence[QgsGeometry], groups: Integers) -> tuple[Floats, Integers, Integers, Integers]:
    """Return points (n, 2), and the edges by their numbers, ground to the left, with the group of each."""
    found: list[bytes] = []
    counts, outer = [], []
    for polygon in polygons:
        parts = ring_parts(polygon)
        for rings in parts:
            found += rings
            outer += [True, *[False] * (len(rings) - 1)]
        counts.append(sum(map(len, parts)))
    length = np.array([len(ring) // POINT_BYTES for ring in found])
    corners = np.frombuffer(b"".join(found), "<f8").reshape(-1, 2)
    last = np.cumsum(length) - 1
    begins = np.ones(len(corners), bool)
    begins[last] = False
    first = np.flatnonzero(begins)
    places, at = np.unique(corners.view(np.complex128).ravel(), return_inverse=True)
    at = at.ravel()
    start, end = at[first], at[first + 1]
    turns = _twice_areas(corners, first, last - length + 1, length - 1) < 0
    against = np.repeat(turns == np.array(outer), length - 1)
    start, end = np.where(against, end, start), np.where(against, start, end)
    group = np.repeat(np.repeat(groups, counts), length - 1)
    moves = start != end
    return np.column_stack((places.real, places.imag)), start[moves], end[moves], group[moves]


def _twice_areas(corners: Floats, first: Integers, begin: Integers, counts: Integers) -> Floats:
    """Return twice the area of each closed ring, negative where it turns clockwise."""
    origin = np.repeat(corners[begin], counts, axis=0)
    one, other = corners[first] - origin, corners[first + 1] - origin
    cross = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return np.add.reduceat(cross, np.cumsum(counts) - counts)


def _drawn_once(
    start: Integers, end: Integers, group: Integers, odd: Integers
) -> tuple[Integers, Integers, Integers]:
    """Return the edges that no other one goes back along, of groups in which no edge is drawn otherwise.

    ``odd`` are groups that are left out in any case.
    """
    key = np.minimum(start, end) << 32 | np.maximum(start, end)
    _, place, count = np.unique(key, return_inverse=True, return_counts=True)
    ways = np.bincount(place.ravel(), np.where(start < end, 1, -1))
    drawn, ways = count[place.ravel()], ways[place.ravel()]
    is_border = (drawn == 2) & (ways == 0)
    bad = np.union1d(odd, group[(drawn != 1) & ~is_border])
    once = (drawn == 1) & ~np.isin(group, bad)
    return start[once], end[once], group[once]


def _rings(points: Floats, start: Integers, end: Integers) -> list[Integers]:
    """Return the numbers of the edges of each ring, in turn; no ring comes to a point twice."""
    order = np.argsort(start, kind="stable")
    begin = np.searchsorted(start[order], np.arange(len(points) + 1))
    count = np.diff(begin)
    follows = order[begin[end]].tolist()
    crowded = count > 1
    for edge in np.flatnonzero(crowded[end]).tolist():
        node = end[edge]
        follows[edge] = _next(points, start, end, edge, order[begin[node] : begin[node + 1]])
    return _traced(follows, start.tolist(), crowded.tolist())


def _next(points: Floats, start: Integers, end: Integers, edge: int, out: Integers) -> int:
    """Return which edge bounds the same ground: the first one clockwise from where an edge came from."""
    here = points[end[edge]]
    back, ways = points[start[edge]] - here, points[end[out]] - here
    turn = np.arctan2(back[1], back[0]) - np.arctan2(ways[:, 1], ways[:, 0])
    return int(out[np.argmin(np.where(turn <= 0, turn + 2 * np.pi, turn))])


def _traced(follows: Sequence[int], start: Sequence[int], crowded: Sequence[bool]) -> list[Integers]:
    """Return rings of edges by what follows each; a ring that touches itself is parted where it does."""
    rings: list[Integers] = []
    is_done = [False] * len(follows)
    for first in range(len(follows)):
        path: list[int] = []
        met: dict[int, int] = {}
        edge = first
        while not is_done[edge]:
            is_done[edge] = True
            node = start[edge]
            if crowded[node]:
                if node in met:
                    at = met[node]
                    loop, path = path[at:], path[:at]
                    rings.append(np.array(loop))
                    met = {other: place for other, place in met.items() if place < at}
                met[node] = len(path)
            path.append(edge)
            edge = follows[edge]
        if path:
            rings.append(np.array(path))
    return rings


def _polygons(rings: Sequence[Floats]) -> QgsGeometry | None:
    """Return the polygons of rings, left round ground, right round holes; ``None`` for a hole in none."""
    closed = [np.concatenate((ring, ring[:1])) for ring in rings]
    areas = np.array([_twice_area(ring) for ring in closed])
    shells, holes = np.flatnonzero(areas > 0), np.flatnonzero(areas <= 0)
    ordered = [closed[number] for number in shells[np.argsort(areas[shells], kind="stable")].tolist()]
    if not ordered:
        return None
    found = [[shell.tobytes()] for shell in ordered]
    low = np.array([shell.min(axis=0) for shell in ordered])
    high = np.array([shell.max(axis=0) for shell in ordered])
    for hole in (closed[number] for number in holes.tolist()):
        near = ((low <= hole.min(axis=0)) & (high >= hole.max(axis=0))).all(axis=1)
        held = _smallest_around(hole, ordered, np.flatnonzero(near).tolist())
        if held is None:
            return None
        found[held].append(hole.tobytes())
    polygons = [geometry_of(polygon_of(rings)) for rings in found]
    return polygons[0] if len(polygons) == 1 else QgsGeometry.collectGeometry(polygons)


def _twice_area(ring: Floats) -> float:
    x, y = (ring - ring[0]).T
    return float(x[:-1] @ y[1:] - x[1:] @ y[:-1])


def _smallest_around(hole: Floats, shells: Sequence[Floats], near: Sequence[int]) -> int | None:
    """Return the first of the shells ``near``, the smallest first, that holds a hole."""
    if len(near) == 1:
        return near[0]
    inner = geometry_of(polygon_of([hole.tobytes()]))
    return next((n for n in near if geometry_of(polygon_of([shells[n].tobytes()])).contains(inner)), None)
