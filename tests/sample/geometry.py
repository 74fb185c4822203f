"""Polylines as ``(n, 2)`` float arrays, areas as OGR polygons, and the few operations between them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from osgeo import gdal, ogr

ogr.UseExceptions()

Points = NDArray[np.float64]
Geometry = Any  # osgeo.ogr.Geometry carries no types

SEED = 20300


def random_for(name: str, *numbers: float) -> np.random.Generator:
    """Return the random stream of one theme, so that a new theme never shifts an old one."""
    key = [round(number) & 0xFFFFFFFF for number in numbers]
    return np.random.default_rng([SEED, zlib.crc32(name.encode()), *key])


# --- polylines -----------------------------------------------------------------------------------


def lengths(line: Points) -> Points:
    """Return the chainage of every vertex, in metres, starting at 0."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def at(line: Points, chainage: Points) -> Points:
    """Return the points of ``line`` at the given chainages."""
    along = lengths(line)
    return np.stack([np.interp(chainage, along, line[:, axis]) for axis in (0, 1)], axis=-1)


def tangents(line: Points) -> Points:
    """Return unit directions at the vertices (mean of the two adjoining segments)."""
    steps = np.diff(line, axis=0)
    steps = steps / np.hypot(*steps.T)[:, None]
    mean = np.vstack([steps[:1], steps[:-1] + steps[1:], steps[-1:]])
    return mean / np.hypot(*mean.T)[:, None]


def left(vectors: Points) -> Points:
    """Return the vectors turned by 90° counter-clockwise."""
    return np.stack([-vectors[..., 1], vectors[..., 0]], axis=-1)


def spline(points: ArrayLike, step: float = 20.0, closed: bool = False) -> Points:
    """Return a Catmull-Rom curve through ``points``, sampled about every ``step`` metres.

    The parameter runs with the square root of the chord length (centripetal form), which keeps
    the curve free of loops where the control points are unevenly spaced.
    """
    knots = np.asarray(points, dtype=float)
    if closed:
        knots = np.vstack([knots[-1:], knots, knots[:2]])
    else:
        knots = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    pieces = [_span(knots[index : index + 4], step) for index in range(len(knots) - 3)]
    curve = np.vstack([*pieces, knots[-2:-1]])
    return curve[:-1] if closed else curve


def rugged(points: ArrayLike, name: str, step: float, swing: float, closed: bool = False) -> Points:
    """Return the curve through ``points`` as an angular line, like a boundary along old field edges.

    Corners lie every ``step`` metres or so and up to ``swing`` metres beside the curve.
    """
    curve = spline(points, 10, closed)
    curve = np.vstack([curve, curve[:1]]) if closed else curve
    rng = random_for("rugged " + name)
    total = lengths(curve)[-1]
    stations = np.cumsum(rng.uniform(0.4, 1.6, int(total / step)) * step)
    stations = np.concatenate([[0.0], stations[stations < total - 0.5 * step]])
    stations = stations if closed else np.append(stations, total)
    corners = at(curve, stations)
    return corners + left(tangents(corners)) * rng.uniform(-swing, swing, (len(corners), 1))


def _span(knots: Points, step: float) -> Points:
    t = np.concatenate([[0.0], np.cumsum(np.sqrt(np.hypot(*np.diff(knots, axis=0).T)))])
    count = max(1, int(np.ceil(np.hypot(*(knots[2] - knots[1])) / step)))
    s = np.linspace(t[1], t[2], count, endpoint=False)[:, None]

    def mix(a: Points, b: Points, low: float, high: float) -> Points:
        return ((high - s) * a + (s - low) * b) / (high - low)

    a1, a2, a3 = (mix(knots[i], knots[i + 1], t[i], t[i + 1]) for i in range(3))
    b1, b2 = mix(a1, a2, t[0], t[2]), mix(a2, a3, t[1], t[3])
    return mix(b1, b2, t[1], t[2])


def nearest_on(line: Points, place: Points) -> Points:
    """Return the point of ``line`` nearest to ``place``."""
    steps = np.diff(line, axis=0)
    share = np.clip(np.sum((place - line[:-1]) * steps, axis=1) / np.sum(steps * steps, axis=1), 0, 1)
    feet = line[:-1] + share[:, None] * steps
    return feet[np.argmin(np.hypot(*(feet - place).T))]


def offsets(line: Points, width_left: ArrayLike, width_right: ArrayLike) -> tuple[Points, Points]:
    """Return the left and right parallel of ``line`` with mitred bends."""
    direction = tangents(line)
    steps = np.diff(line, axis=0)
    first = left(steps / np.hypot(*steps.T)[:, None])
    first = np.vstack([first, first[-1:]])
    normal = left(direction)
    normal = normal / np.maximum(0.5, np.sum(normal * first, axis=1))[:, None]
    widths = [
        np.broadcast_to(np.asarray(w, dtype=float), len(line))[:, None] for w in (width_left, width_right)
    ]
    return line + normal * widths[0], line - normal * widths[1]


def corridor(line: Points, width: ArrayLike) -> Geometry:
    """Return the polygon of full ``width`` along ``line``, with flat ends."""
    half = np.asarray(width, dtype=float) / 2
    return _strip(*offsets(line, half, half))


def chunks(line: Points, width: float, longest: float) -> list[Geometry]:
    """Return the corridor of ``line`` cut crosswise into pieces of at most about ``longest`` metres."""
    one, two = offsets(line, width / 2, width / 2)
    along = lengths(line)
    count = max(1, int(np.ceil(along[-1] / longest)))
    cuts = np.unique(np.searchsorted(along, np.linspace(0, along[-1], count + 1)[1:-1]))
    stops = [0, *(int(c) for c in cuts if 0 < c < len(line) - 1), len(line) - 1]
    return [_strip(one[a : b + 1], two[a : b + 1]) for a, b in pairwise(stops)]


def _strip(one: Points, two: Points) -> Geometry:
    """Return the area between two parallels; a strip that meets itself is put together from quads."""
    area = polygon(np.vstack([one, two[::-1]]))
    if is_valid(area) or len(one) < 3:
        return valid(area)
    quads = [np.vstack([one[i : i + 2], two[i : i + 2][::-1]]) for i in range(len(one) - 1)]
    return union(valid(polygon(quad)) for quad in quads)


# --- polygons ------------------------------------------------------------------------------------


def polygon(shell: ArrayLike, holes: Sequence[ArrayLike] = ()) -> Geometry:
    """Return an OGR polygon; rings may be given open or closed."""
    body = b"".join(_ring_wkb(np.asarray(ring, dtype=float)) for ring in (shell, *holes))
    return ogr.CreateGeometryFromWkb(struct.pack("<BII", 1, 3, 1 + len(holes)) + body)


def _ring_wkb(ring: Points) -> bytes:
    closed = ring if np.array_equal(ring[0], ring[-1]) else np.vstack([ring, ring[:1]])
    return struct.pack("<I", len(closed)) + closed.astype("<f8").tobytes()


def linestring(points: ArrayLike) -> Geometry:
    """Return an OGR line string."""
    array = np.asarray(points, dtype=float)
    return ogr.CreateGeometryFromWkb(struct.pack("<BII", 1, 2, len(array)) + array.astype("<f8").tobytes())


def point(x: float, y: float) -> Geometry:
    """Return an OGR point."""
    return ogr.CreateGeometryFromWkb(struct.pack("<BIdd", 1, 1, x, y))


def rings(area: Geometry) -> list[Points]:
    """Return the rings of a polygon, shell first, closed, as arrays."""
    return [np.array(area.GetGeometryRef(i).GetPoints())[:, :2] for i in range(area.GetGeometryCount())]


def parts(geometry: Geometry, smallest: float = 0.0) -> list[Geometry]:
    """Return the polygons inside any geometry that are larger than ``smallest`` m²."""
    if geometry is None or geometry.IsEmpty():
        return []
    if ogr.GT_Flatten(geometry.GetGeometryType()) == ogr.wkbPolygon:
        return [geometry.Clone()] if geometry.GetArea() > smallest else []
    count = geometry.GetGeometryCount() if geometry.GetDimension() == 2 else 0
    return [part for i in range(count) for part in parts(geometry.GetGeometryRef(i), smallest)]


def multi(areas: Iterable[Geometry]) -> Geometry:
    """Return one multipolygon holding the polygons of ``areas`` as they are."""
    result = ogr.Geometry(ogr.wkbMultiPolygon)
    for area in areas:
        for part in parts(area):
            result.AddGeometry(part)
    return result


def union(areas: Iterable[Geometry]) -> Geometry:
    """Return the union of ``areas``; no area gives an empty multipolygon."""
    collected = multi(areas)
    return collected if collected.IsEmpty() else collected.UnionCascaded()


def largest(geometry: Geometry) -> Geometry | None:
    """Return the largest polygon of ``geometry``."""
    return max(parts(geometry), key=lambda part: part.GetArea(), default=None)


def valid(area: Geometry) -> Geometry:
    """Return ``area`` repaired where it crosses itself."""
    return area if is_valid(area) else area.Buffer(0)


def is_valid(area: Geometry) -> bool:
    """Return whether ``area`` is simple, without GDAL's warning where it is not."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        return bool(area.IsValid())
    finally:
        gdal.PopErrorHandler()


def centre(area: Geometry) -> tuple[float, float]:
    """Return the centroid."""
    middle = area.Centroid()
    return middle.GetX(), middle.GetY()


def inner_point(area: Geometry) -> Geometry:
    """Return a point that certainly lies inside ``area``."""
    return area.PointOnSurface()


def box(area: Geometry) -> tuple[float, float, float, float]:
    """Return ``x_min, x_max, y_min, y_max``."""
    return area.GetEnvelope()


def rounded(area: Geometry, radius: float) -> Geometry:
    """Return ``area`` without spikes and necks narrower than ``2 * radius``."""
    return area.Buffer(-radius, 4).Buffer(radius, 4)


def closed(area: Geometry, radius: float) -> Geometry:
    """Return ``area`` with bays and gaps narrower than ``2 * radius`` filled."""
    return area.Buffer(radius, 4).Buffer(-radius, 4)


def without_holes(area: Geometry, largest_hole: float) -> Geometry:
    """Return ``area`` without holes up to the given size in m²."""
    shells = []
    for part in parts(area):
        shell, *holes = rings(part)
        shells.append(polygon(shell, [hole for hole in holes if polygon(hole).GetArea() > largest_hole]))
    return union(shells)


class Index:
    """Bounding boxes of a growing list of geometries, searched with one numpy comparison."""

    def __init__(self, geometries: Iterable[Geometry] = ()) -> None:
        """Take over ``geometries``; they must not change afterwards."""
        self.geometries: list[Geometry] = []
        self._boxes = np.empty((64, 4))
        for geometry in geometries:
            self.add(geometry)

    def add(self, geometry: Geometry) -> None:
        """Append one geometry."""
        count = len(self.geometries)
        if count == len(self._boxes):
            self._boxes = np.vstack([self._boxes, np.empty_like(self._boxes)])
        self._boxes[count] = geometry.GetEnvelope()
        self.geometries.append(geometry)

    def near(self, area: Geometry, distance: float = 0.0) -> list[int]:
        """Return the positions whose envelope comes within ``distance`` of that of ``area``."""
        x0, x1, y0, y1 = area.GetEnvelope()
        b = self._boxes[: len(self.geometries)]
        hit = (b[:, 0] <= x1 + distance) & (b[:, 1] >= x0 - distance)
        hit &= (b[:, 2] <= y1 + distance) & (b[:, 3] >= y0 - distance)
        return [int(i) for i in np.flatnonzero(hit)]

    def around(self, area: Geometry, distance: float = 0.0) -> Geometry:
        """Return the geometries near ``area`` as one multipolygon (not dissolved)."""
        return multi(self.geometries[i] for i in self.near(area, distance))


def subtract(area: Geometry, index: Index) -> Geometry:
    """Return ``area`` without everything in ``index``."""
    for position in index.near(area):
        other = index.geometries[position]
        if area.Intersects(other):
            area = area.Difference(other)
    return area
