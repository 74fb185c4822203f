"""Engine ``validity``: which polygons are certainly valid, told for many without asking GEOS; their repair.

Most parcels and buildings are a single ring of few vertices. Of those it is enough that no two edges meet
but at the vertex that neighbours share. What rounding could decide is left to GEOS.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from qgis.core import Qgis, QgsGeometry

from .wkb import ONE_PART, POINT_BYTES, RING_AT, SINGLE, bytes_of, is_polygon, rings_of

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LEAST, MOST = 4, 8
"""Points of the rings that are looked at, the first one again at the end; GEOS is as fast for larger ones."""
MOST_BYTES = len(ONE_PART) + RING_AT + MOST * POINT_BYTES
"""Size of the largest polygon that is looked at."""
FARTHEST_M = 1e8
"""Metres from the origin beyond which no projection of the earth has a place: it is 4e7 m around [A].

Indexes crash where squares of coordinates overflow.
"""
MARGIN = 1e-12
"""Share of its terms by which a determinant must differ from zero; rounding is below 4e-16 of them."""
LEAST_AREA_M2 = 1e-6
"""A polygon with less has no area: the last digits of coordinates make as much of a line [A]."""
AREA_MARGIN = 1e-14
"""Share of the product of the coordinates that an area may be off by rounding: 2 dm² in UTM."""
MOST_CROSSINGS = (20_000, 5)
"""Crossings up to which polygons are repaired: so many, and so many more for each edge [A]."""
SAMPLE = (250, 20, 20_000_000)
"""Edges that are looked at for crossings: at most, at least, and pairs of edges in all."""
ITSELF = 3
"""An edge meets itself and its two neighbours."""


def surely_valid(polygons: Sequence[bytes]) -> Flags:
    """Say of each WKB whether it certainly is that of a planar, valid polygon on the earth with an area.

    Polygons with holes, of several parts or of many vertices are never said to be, and those that touch
    themselves nearly.
    """
    places: dict[int, list[int]] = defaultdict(list)
    for place, wkb in enumerate(polygons):
        if len(wkb) <= MOST_BYTES and wkb.startswith(SINGLE):
            places[len(wkb)].append(place)
    sure = np.zeros(len(polygons), bool)
    for size, alike in places.items():
        head = size % POINT_BYTES if size % POINT_BYTES == RING_AT else len(ONE_PART) + RING_AT
        if LEAST <= (size - head) // POINT_BYTES <= MOST:
            points = b"".join([polygons[place][head:] for place in alike])
            sure[alike] = _simple(np.frombuffer(points, "<f8").reshape(len(alike), -1, 2))
    return sure


def _simple(rings: Floats) -> Flags:
    """Say of each ring, (rings, points, 2), whether no edges meet but neighbours at their common point."""
    x, y = np.ascontiguousarray(rings[..., 0].T), np.ascontiguousarray(rings[..., 1].T)
    far = np.abs(rings).max(axis=1, initial=0.0)  # (rings, 2)
    closed = (x[0] == x[-1]) & (y[0] == y[-1]) & (far <= FARTHEST_M).all(axis=1)
    with np.errstate(invalid="ignore", over="ignore"):
        run, rise = np.diff(x, axis=0), np.diff(y, axis=0)
        x, y = x[:-1], y[:-1]
        area = np.abs((run * (y - y[0]) - rise * (x - x[0])).sum(axis=0)) / 2
        filled = area > LEAST_AREA_M2 + AREA_MARGIN * far.prod(axis=1)
        one, other = run[:, None] * (y - y[:, None]), rise[:, None] * (x - x[:, None])
        side = one - other  # of the line along each edge, (edges, points, rings)
        side[~(np.abs(side) > MARGIN * (np.abs(one) + np.abs(other)))] = 0.0
        forth = run * np.roll(run, -1, 0) + rise * np.roll(rise, -1, 0) > 0
        beside = side * np.roll(side, -1, 1) > 0  # both ends of an edge on one side of another's line
    edge = np.arange(len(x))
    step = (edge - edge[:, None]) % len(edge)
    apart = beside | beside.swapaxes(0, 1) | np.isin(step, (0, 1, len(edge) - 1))[..., None]
    bends = side[edge, (edge + 2) % len(edge)] != 0.0
    return closed & filled & apart.all(axis=(0, 1)) & (bends | forth).all(axis=0)


# -- repair -------------------------------------------------------------------------------------------------


def made_valid(polygons: QgsGeometry) -> QgsGeometry:
    """Return planar polygons as valid ones, the same where they are; empty where they cross too often.

    What is left may hold lines and points besides. GEOS cannot be stopped while it computes, and time and
    memory grow with the crossings, which a star of some thousand edges has by the million.
    """
    if polygons.isEmpty() or polygons.isGeosValid():
        return polygons
    if crosses_too_often(bytes_of(polygons)):
        return QgsGeometry()
    return polygons.makeValid(Qgis.MakeValidMethod.Structure)


def crosses_too_often(wkb: bytes) -> bool:
    """Say whether edges of a planar polygon cross more often than can be repaired, by a look at some of them.

    Edges that touch or lie over each other count as well, neighbours do not. Of what is no polygon none do.
    """
    rings = [np.frombuffer(ring, "<f8").reshape(-1, 2) for ring in rings_of(wkb)] if is_polygon(wkb) else []
    count = sum(len(ring) - 1 for ring in rings)
    most = MOST_CROSSINGS[0] + MOST_CROSSINGS[1] * count
    if count**2 / 2 <= most:
        return False
    start, end = (np.concatenate([ring[part] for ring in rings]) for part in (slice(-1), slice(1, None)))
    looks = min(SAMPLE[0], max(SAMPLE[1], SAMPLE[2] // count))
    chosen = np.unique(np.linspace(0, count - 1, looks).astype(int)).tolist()
    met = sum(max(0, _meeting(edge, start, end) - ITSELF) for edge in chosen)
    return met / len(chosen) * count / 2 > most


def _meeting(edge: int, start: Floats, end: Floats) -> int:
    """Return how many edges one of them meets, itself and its neighbours among them."""
    one, other = start[edge], end[edge]
    near = np.minimum(start, end) <= np.maximum(one, other)
    near &= np.maximum(start, end) >= np.minimum(one, other)
    which = np.flatnonzero(near.all(axis=1))
    begins, ends = start[which], end[which]
    across = _turn(one, other, begins) * _turn(one, other, ends) <= 0
    return int((across & (_turn(begins, ends, one) * _turn(begins, ends, other) <= 0)).sum())


def _turn(start: Floats, end: Floats, point: Floats) -> Floats:
    """Return on which side of lines points lie, by sign: of one line many points, or of many lines one."""
    run, reach = end - start, point - start
    return np.sign(run[..., 0] * reach[..., 1] - run[..., 1] * reach[..., 0])
