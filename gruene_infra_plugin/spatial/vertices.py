"""Coordinates of many polygons at once, for engines that work on arrays."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray
from qgis.core import Qgis, QgsGeometry

from .layers import ARC_STEP_RAD

POLYGON, MULTIPOLYGON = 3, 6
ONE_RING = struct.pack("<BII", 1, POLYGON, 1)
"""How the WKB of a polygon without holes begins."""

Integers = NDArray[np.integer]


def ring_bytes(polygon: QgsGeometry) -> list[bytes]:
    """Return the x and y of each ring of a polygon in turn, as little-endian doubles."""
    wkb = polygon.asWkb().data()
    if wkb.startswith(ONE_RING):
        return [wkb[len(ONE_RING) + 4 :]]
    if polygon.isEmpty():
        return []
    kind, count = struct.unpack_from("<II", wkb, 1)
    if kind not in (POLYGON, MULTIPOLYGON):
        plain = QgsGeometry(polygon)
        plain.convertToStraightSegment(ARC_STEP_RAD)
        return [ring for part in plain.coerceToType(Qgis.WkbType.Polygon) for ring in ring_bytes(part)]
    if kind == POLYGON:
        return _polygon_rings(wkb, 5)[0]
    found, at = [], 9
    for _ in range(count):
        rings, at = _polygon_rings(wkb, at + 5)
        found += rings
    return found


def _polygon_rings(wkb: bytes, at: int) -> tuple[list[bytes], int]:
    """Return the rings of the polygon whose number of rings stands at byte ``at``, and where it ends."""
    rings = []
    (count,) = struct.unpack_from("<I", wkb, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<I", wkb, at)
        end = at + 4 + 16 * length
        rings.append(wkb[at + 4 : end])
        at = end
    return rings, at


def ranges(starts: Integers, counts: Integers) -> Integers:
    """Return ``starts[0]``, ``starts[0]`` + 1, … for ``counts[0]`` numbers, then those of the next."""
    some = np.flatnonzero(counts)
    starts, counts = starts[some], counts[some]
    steps = np.ones(int(counts.sum()), dtype=np.int64)
    steps[:1] = starts[:1]
    steps[np.cumsum(counts)[:-1]] = starts[1:] - (starts[:-1] + counts[:-1] - 1)
    return np.cumsum(steps)
