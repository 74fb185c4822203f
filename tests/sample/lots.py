"""Cutting blocks into lots and open land into fields."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from osgeo import ogr

from .geometry import (
    Geometry,
    Points,
    at,
    lengths,
    linestring,
    parts,
    point,
    polygon,
    rings,
    rounded,
    union,
)

ALIKE = 1e-6  # metres; sides that differ by less are alike, and the second axis counts as the longer
SLIVER = 1e-3  # m²; less is left by the last digit of an overlay and must draw no random number
SAMPLING = 2.4  # metres between the points that stand for a frontage


@dataclass(frozen=True)
class Lot:
    """A building lot and the piece of street line it fronts; ``front`` runs with the lot on its left."""

    area: Geometry
    front: Points


def frontages(block: Geometry, streets: Geometry) -> list[Points]:
    """Return the pieces of the block's outline that lie on ``streets``, block on the left.

    A block enclosed by streets gives one closed piece that starts in the middle of its longest
    side.
    """
    ring = _anticlockwise(rings(block)[0])
    near = streets.Buffer(0.25)
    middles = (ring[:-1] + ring[1:]) / 2
    on_street = [near.Contains(point(*xy)) for xy in middles]
    if all(on_street):
        return [_from_longest_side(ring)]
    return [piece for piece in _runs(ring, on_street) if lengths(piece)[-1] > 6]


def _anticlockwise(ring: Points) -> Points:
    x, y = ring.T
    return ring if np.dot(x[:-1] - x[0], y[1:] - y[0]) > np.dot(y[:-1] - y[0], x[1:] - x[0]) else ring[::-1]


def _from_longest_side(ring: Points) -> Points:
    side = int(np.argmax(np.diff(lengths(ring))))
    start = ((ring[side] + ring[side + 1]) / 2)[None]
    return np.vstack([start, ring[side + 1 : -1], ring[: side + 1], start])


def _runs(ring: Points, wanted: list[bool]) -> list[Points]:
    count = len(wanted)
    first = next((i for i in range(count) if wanted[i] and not wanted[i - 1]), None)
    if first is None:
        return []
    order = [(first + k) % count for k in range(count)]
    runs: list[list[int]] = []
    for position, side in enumerate(order):
        if wanted[side]:
            if position == 0 or not wanted[order[position - 1]]:
                runs.append([])
            runs[-1].append(side)
    return [np.vstack([ring[run[0]][None], ring[[(side + 1) for side in run]]]) for run in runs]


def divide_frontage(front: Points, width: float, spread: float, rng: np.random.Generator) -> list[Points]:
    """Return ``front`` cut into pieces of about ``width`` metres, cuts kept 7 m away from corners."""
    along = lengths(front)
    total = along[-1]
    count = max(1, round(total / width))
    shares = np.cumsum(rng.uniform(1 - spread, 1 + spread, count))
    cuts = total * shares[:-1] / shares[-1]
    for corner in along[1:-1][_corners(front)]:
        close = np.abs(cuts - corner) < 7
        cuts[close] = corner + np.where(cuts[close] >= corner, 7, -7)
    stops = np.concatenate([[0], np.unique(cuts[(cuts > 4) & (cuts < total - 4)]), [total]])
    stops = stops[np.concatenate([[True], np.diff(stops) > 3.5])]
    stops[-1] = total
    return [_piece(front, along, a, b) for a, b in pairwise(stops)]


def _corners(front: Points) -> Points:
    steps = np.diff(front, axis=0)
    steps = steps / np.maximum(np.hypot(*steps.T), 1e-9)[:, None]
    return np.sum(steps[1:] * steps[:-1], axis=1) < np.cos(np.radians(35))


def _piece(front: Points, along: Points, start: float, stop: float) -> Points:
    inner = along[(along > start + 0.01) & (along < stop - 0.01)]
    return at(front, np.concatenate([[start], inner, [stop]]))


def voronoi_lots(block: Geometry, fronts: list[Points]) -> list[Lot]:
    """Return the block divided so that every place belongs to the frontage nearest to it.

    Lot borders leave the street at right angles and meet in the middle of the block.
    """
    if len(fronts) < 2:
        return [Lot(block, front) for front in fronts]
    samples, owners = _samples(fronts)
    lines = ogr.Geometry(ogr.wkbMultiLineString)
    for line in _dividing_lines(samples, owners):
        lines.AddGeometry(linestring(line).Simplify(0.4))
    noded = lines.Intersection(block.Buffer(1.0)).Union(block.Boundary())
    faces = defaultdict(list)
    for face in parts(noded.Polygonize()):
        inside = face.PointOnSurface()
        if block.Contains(inside):
            nearest = np.argmin(np.hypot(samples[:, 0] - inside.GetX(), samples[:, 1] - inside.GetY()))
            faces[int(owners[nearest])].append(face)
    return [Lot(area, fronts[owner]) for owner in sorted(faces) for area in parts(union(faces[owner]))]


def _samples(fronts: list[Points]) -> tuple[Points, Points]:
    samples, owners = [], []
    for owner, front in enumerate(fronts):
        total = lengths(front)[-1]
        count = max(2, round(total / SAMPLING))
        samples.append(at(front, (np.arange(count) + 0.5) * total / count))
        owners.append(np.full(count, owner))
    return np.vstack(samples), np.concatenate(owners)


def _dividing_lines(samples: Points, owners: Points) -> list[Points]:
    """Return the Voronoi edges between points of different owners, joined to polylines."""
    middle, reach = samples.mean(axis=0), 4 * np.ptp(samples, axis=0).max() + 100
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False) + 0.1
    far = middle + reach * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    triangles, corners = _delaunay(np.vstack([samples, far]))
    centres = _circumcentres(corners)
    sides = defaultdict(list)
    for number, triangle in enumerate(triangles):
        for i in range(3):
            sides[tuple(sorted((triangle[i], triangle[i - 1])))].append(number)
    between: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for (i, j), pair in sides.items():
        if j < len(samples) and len(pair) == 2 and owners[i] != owners[j]:
            one, two = sorted((int(owners[i]), int(owners[j])))
            between[one, two].append((pair[0], pair[1]))
    return [centres[path] for key in sorted(between) for path in _paths(between[key])]


def _delaunay(sites: Points) -> tuple[list[tuple[int, ...]], Points]:
    collection = ogr.Geometry(ogr.wkbMultiPoint)
    for xy in sites:
        collection.AddGeometry(point(*xy))
    numbers = {tuple(xy): number for number, xy in enumerate(sites.tolist())}
    mesh = collection.DelaunayTriangulation()
    corners = np.array(
        [mesh.GetGeometryRef(i).GetGeometryRef(0).GetPoints() for i in range(mesh.GetGeometryCount())]
    )
    corners = corners[:, :3, :2]
    return [tuple(numbers[tuple(xy)] for xy in triangle) for triangle in corners.tolist()], corners


def _circumcentres(triangles: Points) -> Points:
    a = triangles[:, 0]
    b, c = triangles[:, 1] - a, triangles[:, 2] - a
    cross = 2 * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    cross = np.where(np.abs(cross) < 1e-9, 1e-9, cross)
    bb, cc = np.sum(b * b, axis=1), np.sum(c * c, axis=1)
    x = (c[:, 1] * bb - b[:, 1] * cc) / cross
    y = (b[:, 0] * cc - c[:, 0] * bb) / cross
    return a + np.stack([x, y], axis=1)


def _paths(links: list[tuple[int, int]]) -> list[list[int]]:
    """Return the links (pairs of node numbers) joined to paths without branches."""
    ends = defaultdict(list)
    for a, b in links:
        ends[a].append(b)
        ends[b].append(a)
    open_links = {tuple(sorted(link)) for link in links}
    starts = sorted(ends, key=lambda node: (len(ends[node]) == 2, node))
    result = []
    for start in starts:
        for following in ends[start]:
            path = [start]
            here = following
            while tuple(sorted((path[-1], here))) in open_links:
                open_links.remove(tuple(sorted((path[-1], here))))
                path.append(here)
                onward = [node for node in ends[here] if node != path[-2]]
                if len(ends[here]) != 2 or not onward:
                    break
                here = onward[0]
            if len(path) > 1:
                result.append(path)
    return result


def inner_courtyard(block: Geometry, fronts: list[Points], depth: float, smallest: float) -> list[Geometry]:
    """Return the land farther than ``depth`` from every frontage, where it is worth a parcel."""
    reach = union(linestring(front).Buffer(depth, 3) for front in fronts)
    deep = rounded(block.Difference(reach), 4.0).Simplify(0.8)
    return parts(block.Intersection(deep), smallest)


def split(
    area: Geometry, target: float, rng: np.random.Generator, lengthwise: bool = False
) -> list[Geometry]:
    """Return ``area`` halved across its longer side until parts are about ``target`` m².

    With ``lengthwise`` the last cuts run along it, which gives long strips.
    """
    if area.GetArea() < target * rng.uniform(1.0, 1.7):
        return [area]
    middle, axis, across, size = longest_side(area)
    if lengthwise and size[1] > 70 and size[0] < 430:
        axis, across, size = across, axis, size[::-1]
    shift = rng.uniform(-0.08, 0.08) * size[0]
    slant = rng.uniform(-0.06, 0.06)
    direction = across + slant * axis
    base = middle + shift * axis
    reach = size[0] + size[1]
    half = polygon(
        [
            base - reach * direction,
            base + reach * direction,
            base + reach * (direction + axis),
            base + reach * (axis - direction),
        ]
    )
    pieces = parts(area.Intersection(half), SLIVER) + parts(area.Difference(half), SLIVER)
    if len(pieces) < 2:
        return [area]
    return [part for piece in pieces for part in split(piece, target, rng, lengthwise)]


def longest_side(area: Geometry) -> tuple[Points, Points, Points, Points]:
    """Return centre, long axis, short axis and side lengths of the smallest enclosing rectangle."""
    hull = rings(area.ConvexHull())[0]
    steps = np.diff(hull, axis=0)
    angles = np.unique(np.round(np.arctan2(steps[:, 1], steps[:, 0]) % (np.pi / 2), 6))
    cos, sin = np.cos(angles), np.sin(angles)
    turned = np.stack([np.stack([cos, sin]), np.stack([-sin, cos])])  # axis, component, angle
    local = np.einsum("pc,aci->ipa", hull, turned)
    best = int(np.argmin(np.round(np.prod(np.ptp(local, axis=1), axis=1), 4)))
    axes, spread = turned[:, :, best], local[best]
    size = np.ptp(spread, axis=0)
    middle = (spread.min(axis=0) + spread.max(axis=0)) / 2 @ axes
    long, short = (0, 1) if size[0] > size[1] + ALIKE else (1, 0)
    return middle, axes[long], axes[short], size[[long, short]]
