"""Engine ``validity``: polygons that are certainly valid, told for many at once without asking GEOS.

Most parcels and buildings are a single ring of few vertices. Of those it is enough that no two edges meet
but at the vertex that neighbours share. What rounding could decide is left to GEOS.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .wkb import ONE_PART, POINT_BYTES, RING_AT, SINGLE

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


def surely_valid(polygons: Sequence[bytes]) -> Flags:
    """Say of each WKB whether it certainly is that of a planar, valid, not empty polygon on the earth.

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
    closed = (x[0] == x[-1]) & (y[0] == y[-1]) & (np.abs(rings) <= FARTHEST_M).all(axis=(1, 2))
    with np.errstate(invalid="ignore", over="ignore"):
        run, rise = np.diff(x, axis=0), np.diff(y, axis=0)
        x, y = x[:-1], y[:-1]
        one, other = run[:, None] * (y - y[:, None]), rise[:, None] * (x - x[:, None])
        side = one - other  # of the line along each edge, (edges, points, rings)
        side[~(np.abs(side) > MARGIN * (np.abs(one) + np.abs(other)))] = 0.0
        forth = run * np.roll(run, -1, 0) + rise * np.roll(rise, -1, 0) > 0
        beside = side * np.roll(side, -1, 1) > 0  # both ends of an edge on one side of another's line
    edge = np.arange(len(x))
    step = (edge - edge[:, None]) % len(edge)
    apart = beside | beside.swapaxes(0, 1) | np.isin(step, (0, 1, len(edge) - 1))[..., None]
    bends = side[edge, (edge + 2) % len(edge)] != 0.0
    return closed & apart.all(axis=(0, 1)) & (bends | forth).all(axis=0)
