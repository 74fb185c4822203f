"""Medial axis of a polygon where it is narrow, from the Voronoi diagram of its boundary.

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
from scipy.spatial import Delaunay, QhullError, cKDTree

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]
Pulse = Callable[[], None]

SAMPLES_PER_WIDTH = 5
"""Samples of the boundary per local width: 2 join the axis, 5 tell where it ends to about 1 % [A]."""
NEIGHBOURS = 16
"""Samples looked through for the opposite boundary; it is farther than 5 spacings where they miss it."""
FINEST_M = 0.05
"""Samples are no closer than this, in metres [A]: half of what digitising leaves as a slit. Narrower places
are seen where their vertices tell."""
MOST_SAMPLES = (10_000, 20)
"""Samples at most: so many, and so many more for each segment of the boundary [A]. Bounds memory."""
MOST_EVER = 1e9
"""Finer pieces of a boundary than so many are not thought of: numbers of them would overflow [A]."""
WORTH_THREADS = 10_000
"""Samples from which on their neighbours are looked for in threads; below, starting them takes longer."""
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

    def distance(self, point: Array) -> Array:
        """Return how far each segment is from one point, in metres."""
        return np.hypot(*(point - project(point, self.start, self.end)).T)


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
    """The axis as a graph, inside and outside the polygon.

    ``nodes`` (n, 2) in metres and their ``clearance`` (n), the metres to the boundary; ``links`` (m, 2) pairs
    of nodes; per link its smallest ``width`` (m) and its ``length`` (m) in metres, ``throat`` (m, 2, 2) the
    ends of the line of that width across, ``angle`` (m) between the two sides in radians, 0 where they run
    parallel. No link crosses the boundary.
    """

    nodes: Array
    clearance: Array
    links: Indices
    width: Array
    length: Array
    throat: Array
    angle: Array


def medial_axis(boundary: Boundary, spacing: float, reach: float, pulse: Pulse = lambda: None) -> Axis:
    """Return the axis of a polygon where it is less than ``reach`` metres from the boundary.

    Parameters
    ----------
    boundary
        All segments of the polygon; coordinates near 0 keep their digits.
    spacing
        Greatest distance of samples, in metres.
    reach
        Half the greatest width that matters, in metres.
    pulse
        Called between the steps; may raise.

    There are no links where the samples make no triangle.
    """
    samples = _Samples.of(boundary, spacing, pulse)
    count = len(samples.points)
    try:
        triangles = Delaunay(np.concatenate([samples.points, _far_corners(samples.points)]))
    except (QhullError, ValueError):
        return _no_axis()
    pulse()
    nodes = _circumcentres(triangles.points[triangles.simplices])
    links, pairs = _dual(triangles)
    finite = np.isfinite(nodes).all(axis=1)
    nodes[~finite] = 0.0
    clearance = np.where(finite, samples.clearance(nodes, triangles.simplices), FAR)
    apart = np.hypot(*(triangles.points[pairs[:, 0]] - triangles.points[pairs[:, 1]]).T)
    near = (apart < 2 * reach) | (clearance[links].min(axis=1) < reach)
    kept = (pairs < count).all(axis=1) & finite[links].all(axis=1) & near
    kept[kept] = ~samples.adjacent(pairs[kept])
    return _measured(nodes, clearance, links[kept], pairs[kept], samples)


def _no_axis() -> Axis:
    points, none = np.empty((0, 2)), np.empty(0)
    return Axis(points, none, np.empty((0, 2), dtype=np.int64), none, none, np.empty((0, 2, 2)), none)


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


def _measured(nodes: Array, clearance: Array, links: Indices, pairs: Indices, samples: _Samples) -> Axis:
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
    return Axis(nodes, clearance, links, reach.sum(axis=1), length, throats, angle)


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
    def of(cls, boundary: Boundary, spacing: float, pulse: Pulse) -> _Samples:
        lengths = np.hypot(*(boundary.end - boundary.start).T)
        most = MOST_SAMPLES[0] + MOST_SAMPLES[1] * len(lengths)
        counts = _counts(lengths, np.full(len(lengths), spacing), most)
        whole = np.ones(len(lengths))
        segment, share = _split(np.arange(len(lengths)), 0 * whole, whole, counts)
        for _ in range(REFINEMENTS):
            pulse()
            size = _sizes(segment, share, lengths)
            wanted = cls._at(boundary, segment, share, lengths).wanted()
            wanted = np.where(size > 1.5 * wanted, np.maximum(wanted, size / 4), FAR)
            counts = _counts(size, wanted, most)
            if (counts == 1).all():
                break
            segment, share = _split(segment, share, share + size / lengths[segment], counts)
        return cls._at(boundary, segment, share, lengths)

    @classmethod
    def _at(cls, boundary: Boundary, segment: Indices, share: Array, lengths: Array) -> _Samples:
        step = boundary.end[segment] - boundary.start[segment]
        points = boundary.start[segment] + share[:, None] * step
        along = boundary.along[segment] + share * lengths[segment]
        return cls(points, segment, along, boundary, *_neighbours(boundary))

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

    def wanted(self) -> Array:
        """Return how far apart samples may be, in metres, to tell the width across from each."""
        count = min(NEIGHBOURS, len(self.points))
        threads = -1 if len(self.points) > WORTH_THREADS else 1
        distance, other = cKDTree(self.points).query(self.points, k=count, workers=threads)
        distance, other = np.atleast_2d(distance.T).T, np.atleast_2d(other.T).T
        own = np.broadcast_to(np.arange(len(distance))[:, None], other.shape)
        across = self.apart(own.ravel(), other.ravel()).reshape(other.shape)
        across = across > distance / math.sin(CORNER_ANGLE / 2)
        gap = np.min(distance, axis=1, where=across & (distance > 0), initial=FAR)
        gap = np.minimum(gap, np.append(gap[1:], gap[:1]))
        return np.maximum(gap / SAMPLES_PER_WIDTH, FINEST_M)

    def clearance(self, points: Array, corners: Indices) -> Array:
        """Return how far points (n, 2) are from the boundary around three samples each, in metres.

        It is infinite where one of the three is a corner far around.
        """
        distance = np.full(len(points), FAR)
        framed = (corners < len(self.points)).all(axis=1)
        for column in corners[framed].T:
            apart = np.hypot(*(points[framed] - self.foot(points[framed], column)).T)
            distance[framed] = np.minimum(distance[framed], apart)
        return distance

    def foot(self, points: Array, sample: Indices) -> Array:
        """Return the nearest points on the boundary around a sample each, to one point each.

        Of points as near as each other, the one on the sample's own segment counts.
        """
        segment = self.segment[sample]
        best, least = np.empty_like(points), np.full(len(points), np.inf)
        for candidate in (segment, self.before[segment], self.after[segment]):
            foot = project(points, self.boundary.start[candidate], self.boundary.end[candidate])
            distance = np.hypot(*(points - foot).T)
            nearer = distance < least * (1 - 1e-9)
            best[nearer], least[nearer] = foot[nearer], distance[nearer]
        return best


def _neighbours(boundary: Boundary) -> tuple[Indices, Indices]:
    """Return the segments before and after each one on its ring."""
    own = np.arange(len(boundary.ring))
    first = np.flatnonzero(np.diff(boundary.ring, prepend=-1))
    last = np.append(first[1:], len(own)) - 1
    before, after = own - 1, own + 1
    before[first], after[last] = last, first
    return before, after


def _counts(size: Array, wanted: Array, most: int) -> Indices:
    """Return into how many pieces each piece is cut, so that there are no more than ``most`` if possible."""
    wanted = np.maximum(wanted, size.sum() / MOST_EVER)
    counts = np.maximum(1, np.ceil(size / wanted))
    while counts.sum() > most and counts.max() > 1:
        wanted = np.maximum(wanted, 2 * wanted.min())
        counts = np.maximum(1, np.ceil(size / wanted))
    return counts.astype(np.int64)


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


def project(points: Array, start: Array, end: Array) -> Array:
    """Return the nearest points (n, 2) to points on a segment each, or on one segment."""
    step = end - start
    share = _dot(points - start, step) / np.maximum(_dot(step, step), 1e-300)
    return start + np.clip(share, 0, 1)[..., None] * step


def _dot(one: Array, other: Array) -> Array:
    return (one * other).sum(axis=-1)
