"""Medial axis of a polygon near one of its narrow places, from the Voronoi diagram of its boundary.

The boundary is sampled finer where it is narrower. The Voronoi edges between samples that are no
neighbours on the boundary approximate the axis [P: Brandt and Algazi 1992]; the width there is not read
from the samples but from the exact feet on the boundary on either side. The diagram is taken as the dual
of a Delaunay triangulation, which stays connected where samples lie on one circle.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay, QhullError, cKDTree

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]
Inside = Callable[[Array], Flags]

SAMPLES_PER_WIDTH = 5
"""Samples of the boundary per local width: 2 join the axis, 5 tell where it ends to about 1 % [A]."""
NEIGHBOURS = 16
"""Samples looked through for the opposite boundary; it is farther than 5 spacings where they miss it."""
FINEST_M = 0.002
"""Samples are at least this far apart, in metres [A]: a throat of 0.01 m is still seen."""
REFINEMENTS = 12
CORNER_ANGLE = math.radians(15)
"""Two sides that meet at this angle or a wider one are a corner, no dead end of an arm [A]."""
FAR = 1e300


@dataclass(frozen=True)
class Boundary:
    """Segments of rings.

    ``start`` and ``end`` (n, 2) in metres, ``ring`` (n) its number, ``along`` (n) the metres from the ring's
    first vertex, ``perimeter`` (n) of the ring in metres.
    """

    start: Array
    end: Array
    ring: Indices
    along: Array
    perimeter: Array

    @classmethod
    def from_rings(cls, rings: Sequence[Array]) -> Boundary:
        """Build it from closed rings of shape (n + 1, 2); segments of no length are left out."""
        parts = [_segments(number, ring) for number, ring in enumerate(rings)]
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def near(self, low: Array, high: Array) -> Boundary:
        """Return the segments whose boxes meet the box from ``low`` to ``high``, in metres."""
        lowest, highest = np.minimum(self.start, self.end), np.maximum(self.start, self.end)
        kept = np.all((lowest <= high) & (highest >= low), axis=1)
        return Boundary(
            self.start[kept], self.end[kept], self.ring[kept], self.along[kept], self.perimeter[kept]
        )

    def moved(self, offset: Array) -> Boundary:
        """Return it shifted by ``offset`` metres; numbers near 0 keep their digits."""
        return Boundary(self.start + offset, self.end + offset, self.ring, self.along, self.perimeter)

    def distance(self, point: Array) -> Array:
        """Return how far each segment is from one point, in metres."""
        return np.hypot(*(point - _project(point, self.start, self.end)).T)


def _segments(number: int, ring: Array) -> tuple[Array, Array, Indices, Array, Array]:
    lengths = np.hypot(*np.diff(ring, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    kept = lengths > 0
    count = int(kept.sum())
    return (
        ring[:-1][kept],
        ring[1:][kept],
        np.full(count, number),
        along[:-1][kept],
        np.full(count, along[-1]),
    )


@dataclass(frozen=True)
class Axis:
    """The axis as a graph.

    ``nodes`` (n, 2) in metres, ``links`` (m, 2) pairs of nodes; per link ``width`` (m) and ``length`` (m) in
    metres, ``throat`` (m, 2, 2) the ends of the line of that width across, ``angle`` (m) between the two
    sides in radians, 0 where they run parallel. ``inside`` (n) marks the nodes of the narrow place,
    ``narrow`` (m) the links whose throat has its middle in it.
    """

    nodes: Array
    links: Indices
    width: Array
    length: Array
    throat: Array
    angle: Array
    inside: Flags
    narrow: Flags

    def only(self, kept: Flags) -> Axis:
        """Return it with some of its links."""
        return Axis(
            self.nodes,
            self.links[kept],
            self.width[kept],
            self.length[kept],
            self.throat[kept],
            self.angle[kept],
            self.inside,
            self.narrow[kept],
        )

    def exits(self) -> Indices:
        """Return the nodes of the narrow place from which a link leads out of it."""
        crossing = self.links[self.inside[self.links].sum(axis=1) == 1]
        return np.unique(crossing[self.inside[crossing]])

    def within(self) -> Axis:
        """Return the links that have both ends in the narrow place."""
        return self.only(self.inside[self.links].all(axis=1))

    def between_exits(self) -> Axis:
        """Return the links on ways through the narrow place, without its corners and dead ends.

        A place too short to hold a link is crossed by links that begin or end in it.
        """
        through = self.through()
        inner = through.within()
        return inner if len(inner.links) else through

    def through(self) -> Axis:
        """Return the links on ways from outside the narrow place through it and out again."""
        outside = np.unique(self.links[~self.inside[self.links]])
        return self.only(_peel(self.links, np.ones(len(self.links), dtype=bool), outside))

    def without_corners(self) -> Axis:
        """Return the links in the narrow place without those that run out into corners."""
        inner, exits = self.within(), self.exits()
        return inner.only(_peel(inner.links, inner.angle > CORNER_ANGLE, exits))

    def half_widths(self) -> Array:
        """Return half the smallest width of the links at each node, in metres; 0 where there is none."""
        least = np.full(len(self.nodes), np.inf)
        for column in self.links.T:
            np.minimum.at(least, column, self.width / 2)
        return np.where(np.isfinite(least), least, 0.0)

    def longest_way(self, ends: Indices, extra: Array) -> float:
        """Return the length in metres of the longest of the shortest ways between ``ends``.

        ``extra`` (n) is added at both ends. It is exact where the axis has no cycle, and the length once
        along all links where there is no end at all.
        """
        if not len(ends):
            return float(self.length.sum())
        first, _ = self._farthest(int(ends[0]), ends, extra)
        last, way = self._farthest(first, ends, extra)
        return way + float(extra[first]) if last != first else 0.0

    def _farthest(self, start: int, ends: Indices, extra: Array) -> tuple[int, float]:
        ways = dijkstra(self._graph(), directed=False, indices=start)[ends]
        ways = np.where(np.isfinite(ways) & (ends != start), ways + extra[ends], -1.0)
        best = int(np.argmax(ways))
        return (int(ends[best]), float(ways[best])) if ways[best] >= 0 else (start, 0.0)

    def ends(self) -> Indices:
        """Return the nodes that have one link."""
        return np.flatnonzero(np.bincount(self.links.ravel(), minlength=len(self.nodes)) == 1)

    def largest_component(self) -> Axis:
        """Return the connected part of greatest length."""
        if not len(self.links):
            return self
        _, label = connected_components(self._graph(), directed=False)
        of_link = label[self.links[:, 0]]
        return self.only(of_link == np.argmax(np.bincount(of_link, weights=self.length)))

    def _graph(self) -> coo_matrix:
        size = len(self.nodes)
        weights = np.maximum(self.length, 1e-12)
        return coo_matrix((weights, (self.links[:, 0], self.links[:, 1])), shape=(size, size)).tocsr()


def medial_axis(boundary: Boundary, spacing: float, in_place: Inside) -> Axis | None:
    """Return the axis of a polygon in one narrow place of it, and the links that lead out of the place.

    Parameters
    ----------
    boundary
        Segments of the polygon around the place, as far as its width reaches.
    spacing
        Greatest distance of samples, in metres.
    in_place
        Says of points (n, 2) which lie in the narrow place.

    Returns ``None`` where the samples make no triangle.
    """
    samples = _Samples.of(boundary, spacing)
    count = len(samples.points)
    try:
        triangles = Delaunay(np.concatenate([samples.points, _far_corners(samples.points)]))
    except (QhullError, ValueError):
        return None
    nodes = _circumcentres(triangles.points[triangles.simplices])
    links, pairs = _dual(triangles)
    finite = np.isfinite(nodes).all(axis=1)
    kept = (pairs < count).all(axis=1) & finite[links].all(axis=1)
    kept[kept] = ~samples.adjacent(pairs[kept])
    inside = np.zeros(len(nodes), dtype=bool)
    inside[finite] = in_place(nodes[finite])
    axis = _measured(nodes, links[kept], pairs[kept], samples, inside, in_place)
    return axis.only(inside[axis.links].any(axis=1) | axis.narrow)


def _far_corners(points: Array) -> Array:
    """Return four points far around, so that no sample lies on the hull, where links would have one end."""
    low, high = points.min(axis=0), points.max(axis=0)
    reach = 10 * float((high - low).max()) + 1
    signs = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    return (low + high) / 2 + reach * signs


def _dual(triangles: Delaunay) -> tuple[Indices, Indices]:
    """Return the pairs of neighbouring triangles and of the points on the edge between them."""
    own, corner = np.nonzero(triangles.neighbors > np.arange(len(triangles.neighbors))[:, None])
    other = triangles.neighbors[own, corner]
    edge = [triangles.simplices[own, (corner + turn) % 3] for turn in (1, 2)]
    return np.stack([own, other], axis=1).astype(np.int64), np.stack(edge, axis=1).astype(np.int64)


def _circumcentres(corners: Array) -> Array:
    """Return the centres (n, 2) of the circles through triangles (n, 3, 2); infinite for flat ones."""
    one, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    double = 2 * (one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0])
    one_square, other_square = _dot(one, one), _dot(other, other)
    x = other[:, 1] * one_square - one[:, 1] * other_square
    y = one[:, 0] * other_square - other[:, 0] * one_square
    with np.errstate(divide="ignore", invalid="ignore"):
        return corners[:, 0] + np.stack([x, y], axis=1) / double[:, None]


def _measured(
    nodes: Array, links: Indices, pairs: Indices, samples: _Samples, inside: Flags, in_place: Inside
) -> Axis:
    one, other = nodes[links[:, 0]], nodes[links[:, 1]]
    step = other - one
    length = np.hypot(*step.T)
    target = samples.points[pairs].mean(axis=1)
    share = _dot(target - one, step) / np.maximum(length**2, 1e-300)
    middle = one + np.clip(share, 0, 1)[:, None] * step
    feet = np.stack([samples.foot(middle, pairs[:, 0]), samples.foot(middle, pairs[:, 1])], axis=1)
    arms = feet - middle[:, None, :]
    reach = np.hypot(arms[..., 0], arms[..., 1])
    cosine = _dot(arms[:, 0], arms[:, 1]) / np.maximum(reach.prod(axis=1), 1e-300)
    angle = math.pi - np.arccos(np.clip(cosine, -1, 1))
    throats = _throats(middle, feet, reach)
    narrow = in_place(throats.mean(axis=1))
    return Axis(nodes, links, reach.sum(axis=1), length, throats, angle, inside, narrow)


def _throats(middle: Array, feet: Array, reach: Array) -> Array:
    """Return the lines across, as long as the axis is wide: from foot to foot where sides are parallel."""
    across = feet[:, 0] - feet[:, 1]
    across /= np.maximum(np.hypot(*across.T), 1e-300)[:, None]
    centre = middle + across * ((reach[:, 0] - reach[:, 1]) / 2)[:, None]
    half = across * (reach.sum(axis=1) / 2)[:, None]
    return np.stack([centre - half, centre + half], axis=1)


@dataclass(frozen=True)
class _Samples:
    """Points on the boundary with the segment and the place along the ring that each stands for."""

    points: Array
    segment: Indices
    along: Array
    boundary: Boundary
    before: Indices
    after: Indices

    @classmethod
    def of(cls, boundary: Boundary, spacing: float) -> _Samples:
        lengths = np.hypot(*(boundary.end - boundary.start).T)
        counts = np.maximum(1, np.ceil(lengths / spacing)).astype(np.int64)
        whole = np.ones(len(lengths))
        segment, share = _split(np.arange(len(lengths)), 0 * whole, whole, counts)
        for _ in range(REFINEMENTS):
            size = _sizes(segment, share, lengths)
            counts = _needed(cls._at(boundary, segment, share, lengths), size)
            if (counts == 1).all():
                break
            segment, share = _split(segment, share, share + size / lengths[segment], counts)
        return cls._at(boundary, segment, share, lengths)

    @classmethod
    def _at(cls, boundary: Boundary, segment: Indices, share: Array, lengths: Array) -> _Samples:
        step = boundary.end[segment] - boundary.start[segment]
        points = boundary.start[segment] + share[:, None] * step
        along = boundary.along[segment] + share * lengths[segment]
        before, after = _neighbours(boundary)
        return cls(points, segment, along, boundary, before, after)

    def apart(self, one: Indices, other: Indices) -> Array:
        """Return how far two samples are from each other along the boundary, in metres."""
        perimeter = self.boundary.perimeter[self.segment[one]]
        direct = np.abs(self.along[one] - self.along[other])
        same = self.boundary.ring[self.segment[one]] == self.boundary.ring[self.segment[other]]
        return np.where(same, np.minimum(direct, perimeter - direct), FAR)

    def adjacent(self, pairs: Indices) -> Flags:
        """Say which pairs are neighbours on the boundary with nothing but a straight line between them."""
        distance = np.hypot(*(self.points[pairs[:, 0]] - self.points[pairs[:, 1]]).T)
        return self.apart(pairs[:, 0], pairs[:, 1]) <= distance * (1 + 1e-9)

    def foot(self, points: Array, sample: Indices) -> Array:
        """Return the nearest points on the boundary around a sample each, to one point each.

        Of points as near as each other, the one on the sample's own segment counts.
        """
        segment = self.segment[sample]
        best, least = np.empty_like(points), np.full(len(points), np.inf)
        for candidate in (segment, self.before[segment], self.after[segment]):
            foot = _project(points, self.boundary.start[candidate], self.boundary.end[candidate])
            distance = np.hypot(*(points - foot).T)
            nearer = distance < least * (1 - 1e-9)
            best[nearer], least[nearer] = foot[nearer], distance[nearer]
        return best


def _neighbours(boundary: Boundary) -> tuple[Indices, Indices]:
    """Return the segments before and after each one; itself where its neighbour was left out."""
    count = len(boundary.ring)
    own = np.arange(count)
    before, after = own.copy(), own.copy()
    first = {(x, y): n for n, (x, y) in enumerate(boundary.start.tolist())}
    for number, (x, y) in enumerate(boundary.end.tolist()):
        following = first.get((x, y))
        if following is not None:
            after[number], before[following] = following, number
    return before, after


def _split(segment: Indices, start: Array, end: Array, counts: Indices) -> tuple[Indices, Array]:
    """Cut pieces of segments, given as shares of them, into ``counts`` equal ones."""
    owner = np.repeat(np.arange(len(counts)), counts)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = start[owner] + (end - start)[owner] * number / counts[owner]
    return segment[owner], share


def _sizes(segment: Indices, share: Array, lengths: Array) -> Array:
    """Return the length in metres from each sample to the next one on its segment, or to its end."""
    following = np.append(share[1:], 1.0)
    following[np.append(segment[1:] != segment[:-1], True)] = 1.0
    return (following - share) * lengths[segment]


def _needed(samples: _Samples, size: Array) -> Indices:
    """Return into how many pieces each piece must be cut to sample the width across from it."""
    count = min(NEIGHBOURS, len(samples.points))
    distance, other = cKDTree(samples.points).query(samples.points, k=count)
    distance, other = np.atleast_2d(distance.T).T, np.atleast_2d(other.T).T
    own = np.broadcast_to(np.arange(len(distance))[:, None], other.shape)
    across = samples.apart(own.ravel(), other.ravel()).reshape(other.shape)
    across = across > distance / math.sin(CORNER_ANGLE / 2)
    gap = np.min(distance, axis=1, where=across & (distance > 0), initial=FAR)
    gap = np.minimum(gap, np.append(gap[1:], gap[:1]))
    wanted = np.maximum(gap / SAMPLES_PER_WIDTH, FINEST_M)
    return np.where(size > 1.5 * wanted, np.minimum(np.ceil(size / wanted), 4), 1).astype(np.int64)


def _project(points: Array, start: Array, end: Array) -> Array:
    step = end - start
    share = _dot(points - start, step) / np.maximum(_dot(step, step), 1e-300)
    return start + np.clip(share, 0, 1)[:, None] * step


def _dot(one: Array, other: Array) -> Array:
    return (one * other).sum(axis=1)


def _peel(links: Indices, loose: Flags, held: Indices) -> Flags:
    """Take away loose links that end freely, from outside inwards, and return which ones stay.

    A link ends freely at a node of no other link, unless it is one of ``held``.
    """
    kept = np.ones(len(links), dtype=bool)
    touching: dict[int, list[int]] = {}
    for number, (one, other) in enumerate(links.tolist()):
        touching.setdefault(one, []).append(number)
        touching.setdefault(other, []).append(number)
    degree = {node: len(numbers) for node, numbers in touching.items()}
    degree.update((node, degree.get(node, 0) + len(links)) for node in held.tolist())
    ends = [node for node, count in degree.items() if count == 1]
    while ends:
        node = ends.pop()
        last = next((n for n in touching[node] if kept[n]), None)
        if last is None or not loose[last]:
            continue
        kept[last] = False
        for end in links[last].tolist():
            degree[end] -= 1
            if degree[end] == 1:
                ends.append(end)
    return kept
