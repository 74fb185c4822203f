"""Engine ``shared_areas``: which polygons overlap, and by how much; one layer in itself, or two at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsFeature, QgsGeometry, QgsProcessingFeedback, QgsSpatialIndex

from ..running import check_cancelled
from .overlay import intersection, polygon_parts, polygons_only
from .validity import made_valid
from .vertices import Integers, ranges
from .wkb import ONE_RING, POINT_BYTES, RING_AT, bytes_of, geometry_of, rings_of

NOISE_M2 = 1e-6
"""Smaller areas come from rounding where polygons only touch, and count as none [A]."""
GROWTH = 4.0
"""Ratio of the cell sizes of two successive levels on which boxes are paired."""
ROUNDING = 1.001
"""Boxes are taken to be so much longer, so that rounding never makes them reach a third cell."""
BATCH = 100_000
"""Pairs of edges that are looked at in one go."""
NEAR = 50_000
"""Polygons for which those that lie near them are sought at once."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class SharedAreas:
    """Which polygons share an area; polygons come and go one by one."""

    def __init__(self) -> None:
        self.pairs: dict[tuple[str, str], float] = {}
        """Shared areas in square metres of the CRS by pair of names, the lesser name first."""
        self._index = QgsSpatialIndex()
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._shapes: dict[int, QgsGeometry] = {}
        self._partners: dict[str, set[str]] = defaultdict(set)
        self._next = 0

    def __contains__(self, name: str) -> bool:
        return name in self._numbers

    def add(self, name: str, shape: QgsGeometry) -> None:
        """Add a polygon or take it in place of the one of this name; an empty one shares nothing.

        Raises ``QgsProcessingException`` where an overlay cannot be computed; nothing was changed then.
        """
        self.remove(name)
        mine = polygons_only(made_valid(shape))
        if mine.isEmpty():
            return
        near = self._index.intersects(mine.boundingBox())
        areas = {self._names[number]: intersection(self._shapes[number], mine).area() for number in near}
        self._index.addFeature(self._next, mine.boundingBox())
        self._numbers[name] = self._next
        self._names[self._next], self._shapes[self._next] = name, mine
        self._next += 1
        for other, area in areas.items():
            if area > NOISE_M2:
                self.pairs[_pair(name, other)] = area
                self._partners[name].add(other)
                self._partners[other].add(name)

    def remove(self, name: str) -> None:
        """Forget the polygon of this name, if there is one."""
        number = self._numbers.pop(name, None)
        if number is None:
            return
        gone = QgsFeature(number)
        gone.setGeometry(self._shapes.pop(number))
        del self._names[number]
        self._index.deleteFeature(gone)
        for other in self._partners.pop(name, ()):
            del self.pairs[_pair(name, other)]
            self._partners[other].discard(name)


def _pair(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)


# -- many polygons at once ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outlines:
    """Edges of single polygons in arrays; polygon ``k`` has those from ``first[k]`` to ``first[k + 1]``.

    ``edges`` has the shape (n, 4): x and y where an edge begins and where it ends, in metres. ``side`` is 1
    where the polygon lies below the edge, -1 where it lies above and 0 where the edge is upright. ``boxes``
    has the shape (polygons, 4): least x, least y, greatest x, greatest y.
    """

    edges: Floats
    side: Floats
    first: Integers
    boxes: Floats

    @classmethod
    def of(cls, polygons: Sequence[bytes]) -> Outlines:
        """Return the outlines of the WKB of valid polygons, each single, planar and not empty."""
        if not polygons:
            return cls(np.empty((0, 4)), np.empty(0), np.zeros(1, int), np.empty((0, 4)))
        points, length, inner, rings = _rings(polygons)
        begins = ranges(np.cumsum(length) - length, length - 1)
        edges = np.hstack([points[begins], points[begins + 1]])
        outer = np.cumsum(rings) - rings
        begin = np.cumsum(length - 1) - (length - 1)
        first = np.append(begin[outer], len(edges))
        boxes = np.hstack([op.reduceat(edges[:, :2], first[:-1]) for op in (np.minimum, np.maximum)])
        return cls(edges, _sides(edges, begin, length - 1, inner), first, boxes)

    def chosen(self, which: Flags) -> Outlines:
        """Return the outlines of some of the polygons."""
        counts = self.counts[which]
        edge = ranges(self.first[:-1][which], counts)
        return Outlines(self.edges[edge], self.side[edge], _offsets(counts), self.boxes[which])

    @staticmethod
    def joined(several: Sequence[Outlines]) -> Outlines:
        """Return the polygons of several outlines behind each other."""
        return Outlines(
            np.concatenate([one.edges for one in several]),
            np.concatenate([one.side for one in several]),
            _offsets(np.concatenate([one.counts for one in several])),
            np.concatenate([one.boxes for one in several]),
        )

    @property
    def counts(self) -> Integers:
        """Number of edges of each polygon."""
        return np.diff(self.first)


def _offsets(counts: Integers) -> Integers:
    return np.append(0, np.cumsum(counts))


def _rings(polygons: Sequence[bytes]) -> tuple[Floats, Integers, Flags, Integers]:
    """Return the points (n, 2), each ring's number of points, whether it is a hole, each polygon's rings."""
    found, counts = [], []
    for polygon in polygons:
        if polygon.startswith(ONE_RING):
            found.append(polygon[RING_AT:])
            counts.append(1)
        else:
            own = rings_of(polygon)
            found += own
            counts.append(len(own))
    rings = np.array(counts)
    inner = np.ones(len(found), bool)
    inner[np.cumsum(rings) - rings] = False
    length = np.array(list(map(len, found))) // POINT_BYTES
    return np.frombuffer(b"".join(found), "<f8").reshape(-1, 2), length, inner, rings


def _sides(edges: Floats, begin: Integers, counts: Integers, inner: Flags) -> Floats:
    """Return on which side of each edge its polygon lies, however the rings turn."""
    corner = np.repeat(edges[begin, 1], counts)
    run = edges[:, 2] - edges[:, 0]
    turn = np.add.reduceat(run * (edges[:, 1] + edges[:, 3] - 2 * corner), begin)
    return np.sign(run) * np.repeat(np.where(inner, -np.sign(turn), np.sign(turn)), counts)


def box_pairs(boxes: Floats, others: Floats) -> tuple[Integers, Integers]:
    """Return the numbers of all pairs of boxes that meet, those that only touch included.

    Both have the shape (n, 4) as in :class:`Outlines`. Boxes of like size are paired on a grid of cells
    no smaller than they are, so that none lies in more than four.
    """
    level, other_level = _levels(boxes), _levels(others)
    found = [
        _pairs_on_grid(boxes, others, np.flatnonzero(mine), np.flatnonzero(theirs), GROWTH**grid)
        for grid in np.union1d(level, other_level).tolist()
        for mine, theirs in (
            (level == grid, other_level <= grid),
            (level < grid, other_level == grid),
        )
        if mine.any() and theirs.any()
    ]
    none = np.empty(0, int)
    return np.concatenate([none, *(i for i, _ in found)]), np.concatenate([none, *(j for _, j in found)])


def _levels(boxes: Floats) -> Integers:
    """Return of each box the power of ``GROWTH`` that is at least as long as its longer side."""
    side = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=1.0) * ROUNDING
    return np.ceil(np.log(side) / np.log(GROWTH)).astype(int)


def _pairs_on_grid(
    boxes: Floats, others: Floats, which: Integers, which_others: Integers, cell: float
) -> tuple[Integers, Integers]:
    """Return the pairs of some boxes that meet; each is found in the cell where what they share begins."""
    keys, mine = _cells(boxes, which, cell)
    other_keys, theirs = _cells(others, which_others, cell)
    start = np.searchsorted(other_keys, keys, "left")
    count = np.searchsorted(other_keys, keys, "right") - start
    row = np.repeat(np.arange(len(keys)), count)
    i, j = mine[row], theirs[ranges(start, count)]
    x, y, right, top = boxes[i].T
    x2, y2, right2, top2 = others[j].T
    x, y = np.maximum(x, x2), np.maximum(y, y2)
    meet = np.flatnonzero((x <= np.minimum(right, right2)) & (y <= np.minimum(top, top2)))
    first = meet[_key(*np.floor(np.stack([x[meet], y[meet]]) / cell).astype(np.int64)) == keys[row[meet]]]
    return i[first], j[first]


def _cells(boxes: Floats, box: Integers, cell: float) -> tuple[Integers, Integers]:
    """Return the keys of the cells that boxes no larger than a cell meet, sorted, and the box of each key."""
    x, y, right, top = np.floor(boxes[box] / cell).astype(np.int64).T
    wide, high = right > x, top > y
    both = wide & high
    keys = (_key(x, y), _key(right, y)[wide], _key(x, top)[high], _key(right, top)[both])
    key = np.concatenate(keys)
    order = np.argsort(key)
    return key[order], np.concatenate((box, box[wide], box[high], box[both]))[order]


def _key(x: Integers, y: Integers) -> Integers:
    return (x << 32) + y


def overlaps(
    one: Outlines, other: Outlines, feedback: QgsProcessingFeedback
) -> tuple[Integers, Integers, Floats]:
    """Return the pairs of polygons that share an area, with their square metres.

    Raises ``QgsProcessingException`` where the user cancels.
    """
    return measured(one, other, *box_pairs(one.boxes, other.boxes), feedback)


def overlapping(
    polygons: Sequence[bytes], feedback: QgsProcessingFeedback, noise_m2: float = NOISE_M2
) -> list[int]:
    """Return the numbers of polygons that share more than ``noise_m2`` with another one, in order.

    Polygons are given as WKB, valid and planar, single or multiple; of very many, only the outlines of some
    that lie near each other are held at once. Raises ``QgsProcessingException`` where the user cancels.
    """
    boxes = np.array([_box(wkb) for wkb in polygons]).reshape(-1, 4)
    found = [_sharing(polygons, near, feedback, noise_m2) for near in _near(boxes, noise_m2)]
    numbers: list[int] = np.unique(np.concatenate([np.empty(0, int), *found])).tolist()
    return numbers


def _near(boxes: Floats, noise_m2: float) -> Iterator[Integers]:
    """Yield the numbers of boxes that share more than that, in stripes from west to east.

    Of a pair both are in one of the stripes; a box may be in several.
    """
    order = np.argsort(boxes[:, 0], kind="stable")
    boxes = boxes[order]
    for start in range(0, len(boxes), NEAR):
        mine = boxes[start : start + NEAR]
        others = boxes[start : np.searchsorted(boxes[:, 0], mine[:, 2].max(), "right")]
        i, j = box_pairs(mine, others)
        i, j = i[i < j], j[i < j]
        sides = np.minimum(mine[i, 2:], others[j, 2:]) - np.maximum(mine[i, :2], others[j, :2])
        near = (sides > 0).all(axis=1) & (sides.prod(axis=1) > noise_m2)
        yield order[start + np.union1d(i[near], j[near])]


def _box(wkb: bytes) -> tuple[float, float, float, float]:
    box = geometry_of(wkb).boundingBox()
    return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()


def _sharing(
    polygons: Sequence[bytes], numbers: Integers, feedback: QgsProcessingFeedback, noise_m2: float
) -> Integers:
    """Return those of the polygons of these numbers that share more than that with another one of them."""
    parts = [(number, part) for number in numbers.tolist() for part in _single(polygons[number])]
    owner = np.array([number for number, _ in parts], dtype=np.int64)
    outlines = Outlines.of([part for _, part in parts])
    one, other = box_pairs(outlines.boxes, outlines.boxes)
    apart = owner[one] < owner[other]
    one, other, area = measured(outlines, outlines, one[apart], other[apart], feedback)
    pairs, pair = np.unique(np.stack([owner[one], owner[other]]), axis=1, return_inverse=True)
    enough = sums(pair.reshape(-1), area, pairs.shape[1]) > noise_m2
    return pairs[:, enough].reshape(-1)


def _single(wkb: bytes) -> list[bytes]:
    if wkb.startswith(ONE_RING):
        return [wkb]
    return [bytes_of(part) for part in polygon_parts(geometry_of(wkb))]


def measured(
    one: Outlines, other: Outlines, i: Integers, j: Integers, feedback: QgsProcessingFeedback
) -> tuple[Integers, Integers, Floats]:
    """Return those of the pairs ``i`` and ``j`` that share an area, as :func:`overlaps` does.

    Each polygon is the sum of the strips below its edges, those it lies above with a minus; so the area
    that two polygons share is the sum of what each pair of strips shares.
    """
    area = np.zeros(len(i))
    batch = np.cumsum(one.counts[i] * other.counts[j]) // BATCH
    for rows in np.split(np.arange(len(i)), np.flatnonzero(np.diff(batch)) + 1):
        check_cancelled(feedback)
        area[rows] = _shared(one, other, i[rows], j[rows])
    some = area > NOISE_M2
    return i[some], j[some], area[some]


def _shared(one: Outlines, other: Outlines, i: Integers, j: Integers) -> Floats:
    """Return the area that the polygons ``i`` and ``j`` share, pair by pair."""
    edge, count = _edges_near(one, i, other.boxes[j])
    other_edge, other_count = _edges_near(other, j, one.boxes[i])
    pair = np.repeat(np.arange(len(i)), count)
    times = other_count[pair]
    begin = (np.cumsum(other_count) - other_count)[pair]
    mine, theirs = np.repeat(edge, times), other_edge[ranges(begin, times)]
    pair = np.repeat(pair, times)
    origin = np.tile(one.boxes[i, :2], 2)
    strips = _strips(one.edges[mine] - origin[pair], other.edges[theirs] - origin[pair])
    return sums(pair, one.side[mine] * other.side[theirs] * strips, len(i))


def sums(places: Integers, values: Floats, count: int) -> Floats:
    """Return the sum of the values of each of ``count`` places."""
    return np.bincount(places, values, count).astype(float)


def _edges_near(outlines: Outlines, polygons: Integers, boxes: Floats) -> tuple[Integers, Integers]:
    """Return the edges of each polygon but those beside or below its box, and how many each has.

    What those share with a polygon in the box adds up to nothing.
    """
    counts = outlines.counts[polygons]
    edge, row = ranges(outlines.first[polygons], counts), np.repeat(np.arange(len(polygons)), counts)
    x, y, x2, y2 = outlines.edges[edge].T
    left, bottom, right, _ = boxes[row].T
    near = (np.maximum(x, x2) > left) & (np.minimum(x, x2) < right) & (np.maximum(y, y2) > bottom) & (x != x2)
    return edge[near], np.bincount(row[near], minlength=len(polygons))


def _strips(one: Floats, other: Floats) -> Floats:
    """Return the area below both of two edges, above y = 0, over the stretch of x that they share."""
    x, y, x2, y2 = one.T
    u, v, u2, v2 = other.T
    low = np.maximum(np.minimum(x, x2), np.minimum(u, u2))
    width = np.maximum(np.minimum(np.maximum(x, x2), np.maximum(u, u2)) - low, 0.0)
    slope, other_slope = (y2 - y) / (x2 - x), (v2 - v) / (u2 - u)
    height = y + slope * (low - x)
    ahead = v + other_slope * (low - u) - height
    ahead2 = ahead + (other_slope - slope) * width
    least, most = np.minimum(ahead, ahead2), np.maximum(ahead, ahead2)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = -(np.minimum(least, 0.0) ** 2) / (2 * (most - least))
    below = np.where(most <= 0, (least + most) / 2, np.where(least >= 0, 0.0, crossing))
    return width * (height + slope * width / 2 + below)
