"""Engine ``wkb``: geometries as bytes; much can be told of them without a call per ring or vertex."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable

from qgis.core import QgsGeometry

LINE, POLYGON, MULTILINE, MULTIPOLYGON = 2, 3, 5, 6
ONE_RING = struct.pack("<BII", 1, POLYGON, 1)
"""How the WKB of a polygon without holes begins; the number of its points and the points follow."""
ONE_PART = struct.pack("<BII", 1, MULTIPOLYGON, 1)
"""How the WKB of a multipolygon of one polygon begins; that polygon's WKB follows."""
SINGLE = (ONE_RING, ONE_PART + ONE_RING)
"""How the WKB of a single ring begins, as most parcels and buildings are."""
POINT_BYTES = 16
RING_AT = len(ONE_RING) + 4
"""Where the points begin in a polygon without holes."""
LINE_AT = 9
"""Where the points begin in a line."""


def geometry_of(wkb: bytes | None) -> QgsGeometry:
    """Return the geometry of a WKB; an empty one for ``None``."""
    geometry = QgsGeometry()
    if wkb:
        geometry.fromWkb(wkb)
    return geometry


def bytes_of(geometry: QgsGeometry) -> bytes:
    """Return the WKB of a geometry, without any byte for a missing one."""
    return geometry.asWkb().data()


def multiple(wkb: bytes) -> bytes:
    """Return the WKB of a planar polygon or multipolygon as that of a multipolygon."""
    return ONE_PART + wkb if wkb[1] == POLYGON else wkb


def normal_outline(wkb: bytes) -> bytes:
    """Return bytes that planar polygons share if and only if they have the same rings.

    Where a ring begins, which way round it is drawn and whether a single polygon comes as several do not
    matter.
    """
    wkb = wkb.removeprefix(ONE_PART)
    if not wkb.startswith(ONE_RING):
        geometry = geometry_of(wkb)
        geometry.normalize()
        return bytes_of(geometry)
    points = [wkb[at : at + POINT_BYTES] for at in range(RING_AT, len(wkb) - POINT_BYTES, POINT_BYTES)]
    first = points.index(min(points))
    points = points[first:] + points[:first]
    if points[-1] < points[1]:
        points[1:] = points[:0:-1]
    return b"".join(points)


def is_line(wkb: bytes) -> bool:
    """Say whether the WKB of a planar geometry is of a line, single or multiple."""
    return wkb[1] in (LINE, MULTILINE)


def is_polygon(wkb: bytes) -> bool:
    """Say whether the WKB of a planar geometry is of a polygon, single or multiple."""
    return wkb[1] in (POLYGON, MULTIPOLYGON)


def rings_of(wkb: bytes) -> list[bytes]:
    """Return the x and y of each ring of a planar polygon or multipolygon in turn, as doubles."""
    if wkb.startswith(ONE_RING):
        return [wkb[RING_AT:]]
    return [ring for rings in polygons_of(wkb) for ring in rings]


def polygons_of(wkb: bytes) -> list[list[bytes]]:
    """Return the rings of each polygon of a planar polygon or multipolygon, the outer one first."""
    kind, count = struct.unpack_from("<II", wkb, 1)
    if kind == POLYGON:
        return [_rings_at(wkb, 5)[0]]
    found, at = [], 9
    for _ in range(count):
        rings, at = _rings_at(wkb, at + 5)
        found.append(rings)
    return found


def polygon_of(rings: Iterable[bytes]) -> bytes:
    """Return the WKB of a polygon of rings, each its points' x and y as doubles, the outer one first."""
    rings = list(rings)
    points = (struct.pack("<I", len(ring) // POINT_BYTES) + ring for ring in rings)
    return struct.pack("<BII", 1, POLYGON, len(rings)) + b"".join(points)


def _rings_at(wkb: bytes, at: int) -> tuple[list[bytes], int]:
    """Return the rings of the polygon whose number of rings stands at byte ``at``, and where it ends."""
    rings = []
    (count,) = struct.unpack_from("<I", wkb, at)
    at += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<I", wkb, at)
        end = at + 4 + POINT_BYTES * length
        rings.append(wkb[at + 4 : end])
        at = end
    return rings, at


def fingerprint(geometry: QgsGeometry) -> bytes:
    """Return a short key that polygons share only if their rings are the same to the last bit."""
    return hashlib.blake2b(normal_outline(bytes_of(geometry)), digest_size=16).digest()
