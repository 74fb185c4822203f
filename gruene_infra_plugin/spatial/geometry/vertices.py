"""Coordinates of many polygons at once, for engines that work on arrays."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray
from qgis.core import Qgis, QgsGeometry

from .wkb import MULTIPOLYGON, ONE_PART, ONE_RING, POLYGON, bytes_of, polygons_of, rings_of

Integers = NDArray[np.integer]

ARC_STEP_RAD = 0.00872665
"""Step in which curves become chords, half a degree: 0.0013 % of a full circle's area."""


def ring_bytes(polygon: QgsGeometry) -> list[bytes]:
    """Return the x and y of each ring of a polygon in turn, as little-endian doubles."""
    return [ring for rings in ring_parts(polygon) for ring in rings]


def ring_parts(polygon: QgsGeometry) -> list[list[bytes]]:
    """Return the rings of each single polygon as :func:`ring_bytes` does, the outer one first."""
    wkb = bytes_of(polygon).removeprefix(ONE_PART)
    if wkb.startswith(ONE_RING):
        return [rings_of(wkb)]
    if polygon.isEmpty():
        return []
    (kind,) = struct.unpack_from("<I", wkb, 1)
    if kind in (POLYGON, MULTIPOLYGON):
        return polygons_of(wkb)
    plain = QgsGeometry(polygon)
    plain.convertToStraightSegment(ARC_STEP_RAD)
    return [rings for part in plain.coerceToType(Qgis.WkbType.Polygon) for rings in ring_parts(part)]


def ring_arrays(polygon: QgsGeometry) -> list[NDArray[np.float64]]:
    """Return the closed rings of a polygon, each of shape (n, 2), the outer one first."""
    return [np.frombuffer(ring, dtype="<f8").reshape(-1, 2) for ring in ring_bytes(polygon)]


def ranges(starts: Integers, counts: Integers) -> Integers:
    """Return ``starts[0]``, ``starts[0]`` + 1, … for ``counts[0]`` numbers, then those of the next."""
    some = np.flatnonzero(counts)
    starts, counts = starts[some], counts[some]
    steps = np.ones(int(counts.sum()), dtype=np.int64)
    steps[:1] = starts[:1]
    steps[np.cumsum(counts)[:-1]] = starts[1:] - (starts[:-1] + counts[:-1] - 1)
    return np.cumsum(steps)
