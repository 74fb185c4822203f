"""Engine ``two_dates``: what ground was lost and gained between two surveys of it.

Two surveys of the same ground rarely agree to the centimetre. So the later one is moved back where it is
moved as a whole (``methods/shift``), and what is then no wider than a tolerance is survey noise.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsGeometry, QgsRectangle, QgsSpatialIndex

from ...methods.findings.thresholds import least
from ...methods.geometry.shift import PARTNER_SHARE, Near, Shift, estimated_shift, partner_share
from .overlay import PieceIndex, dissolve, polygon_parts
from .survey_noise import without_noise
from .vertices import ranges, ring_arrays

Array = NDArray[np.float64]
Label = TypeVar("Label", bound=Hashable)

SAMPLE_M = 10.0
"""Distance of the points at which outlines are compared [A]."""
FEWEST_SAMPLES, MOST_SAMPLES = 200, 5000
"""They are nearer to each other on short outlines, and farther apart on long ones: shares are told to 1 %."""
CHAIN = 64
"""Segments of an outline that are found together."""
NOTHING_M2 = 1e-6
"""What rounding leaves of ground that is the same at both dates, square metres."""
WIDTH_STEP_M = 0.005
"""Half the accuracy of a greatest width."""
ARC_SEGMENTS, INSIDE_SHARE = 32, 0.999
"""Segments per quarter circle, and which share of its radius they keep a disc away from an outline."""


@dataclass(frozen=True)
class Pieces:
    """Disjoint polygons wider than the tolerance, and the square metres of what was ``dropped`` as noise."""

    shapes: tuple[QgsGeometry, ...] = ()
    dropped: float = 0.0


@dataclass(frozen=True)
class TwoDates:
    """The ground at two dates, the later one moved back by the ``shift``; both dissolved.

    ``same_basis`` says whether they show the same lines at all: where half of the outline of neither date
    has a partner in the other one, they were drawn on another basis, and their difference is no change.
    """

    before: QgsGeometry
    now: QgsGeometry
    shift: Shift
    same_basis: bool = True

    @classmethod
    def of(
        cls, before: QgsGeometry, now: QgsGeometry, reach: float, pulse: Callable[[], None] = lambda: None
    ) -> TwoDates:
        """Compare dissolved ground of two dates, with a shift of at most ``reach`` metres; 0 looks for none.

        ``pulse`` is called between the steps and may raise.
        """
        if before.isEmpty() or now.isEmpty() or reach <= 0:
            return cls(before, now, Shift())
        first, second = Outline(before), Outline(now)
        pulse()
        samples = second.near(first.samples(), 2 * reach)
        shift = estimated_shift(samples, second.near(first.corners(), 2 * reach), reach)
        pulse()
        same = shift.partners >= least(PARTNER_SHARE)
        if not same:
            back = partner_share(first.near(second.samples(), reach), reach)
            same = back >= least(PARTNER_SHARE)
        return cls(before, moved(now, -shift.east, -shift.north), shift, same)

    def moved_back(self, shape: QgsGeometry) -> QgsGeometry:
        """Return something else of the later survey where it lies in the earlier one."""
        return moved(shape, -self.shift.east, -self.shift.north)

    @cached_property
    def kept(self) -> PieceIndex[str]:
        """The ground of both dates, indexed; its labels mean nothing."""
        pieces = [piece for part in polygon_parts(self.now) for _, piece in self._before_index.parts(part)]
        return PieceIndex({str(number): piece for number, piece in enumerate(pieces)})

    def lost(self, tolerance: float, smallest: float = 0.0) -> Pieces:
        """Return what only the earlier date has; ``tolerance`` in metres, ``smallest`` in square metres."""
        return wider(_rest(self.before, self._now_index), tolerance, smallest)

    def gained(self, tolerance: float, smallest: float = 0.0) -> Pieces:
        """Return what only the later date has; ``tolerance`` in metres, ``smallest`` in square metres."""
        return wider(_rest(self.now, self._before_index), tolerance, smallest)

    @cached_property
    def _before_index(self) -> PieceIndex[str]:
        return PieceIndex({"": self.before})

    @cached_property
    def _now_index(self) -> PieceIndex[str]:
        return PieceIndex({"": self.now})


def _rest(ground: QgsGeometry, index: PieceIndex[str]) -> QgsGeometry:
    """Return what nothing in the index covers, by way of the index: one overlay of all takes much memory."""
    rests = (rest for part in polygon_parts(ground) for rest in index.uncovered(part))
    return dissolve(rest for rest in rests if rest.area() > NOTHING_M2)


def moved(shape: QgsGeometry, east: float, north: float) -> QgsGeometry:
    """Return a geometry moved by metres; the same one where that is nothing."""
    if east == north == 0.0:
        return shape
    copy = QgsGeometry(shape)
    copy.translate(east, north)
    return copy


def wider(ground: QgsGeometry, tolerance: float, smallest: float = 0.0) -> Pieces:
    """Return what of polygons is wider than ``tolerance`` metres and at least ``smallest`` square metres."""
    found = [part for part in _wider(ground, tolerance) if part.area() >= least(smallest)]
    whole = 0.0 if ground.isEmpty() else ground.area()
    return Pieces(tuple(found), max(0.0, whole - sum(part.area() for part in found)))


def _wider(ground: QgsGeometry, tolerance: float) -> Iterator[QgsGeometry]:
    disc = math.pi * (tolerance / 2) ** 2
    for part in polygon_parts(ground):
        box = part.boundingBox()
        if part.area() > disc and min(box.width(), box.height()) > tolerance:
            yield from polygon_parts(without_noise(part, tolerance))


def divided(
    ground: Sequence[QgsGeometry], ranked: Iterable[tuple[Label, Iterable[QgsGeometry]]], rest: Label
) -> dict[Label, QgsGeometry]:
    """Return what of disjoint ``ground`` the shapes of each label cover, each place once: the first label's.

    What none of them covers goes to the label ``rest``.
    """
    index: PieceIndex[Label] = PieceIndex({})
    for label, shapes in (*ranked, (rest, ground)):
        for shape in shapes:
            index.claim(label, shape)
    pieces: dict[Label, list[QgsGeometry]] = defaultdict(list)
    for label, piece in index:
        if piece.area() > NOTHING_M2:
            pieces[label].append(piece)
    return {label: dissolve(some) for label, some in pieces.items()}


def greatest_width(polygon: QgsGeometry) -> float:
    """Return the diameter of the largest circle that a polygon holds, in metres, to the centimetre."""
    box, outline = polygon.boundingBox(), QgsGeometry(polygon.constGet().boundary())
    narrow, wide = 0.0, min(math.sqrt(polygon.area() / math.pi), box.width() / 2, box.height() / 2)
    while wide - narrow > WIDTH_STEP_M:
        radius = (narrow + wide) / 2
        core = polygon.buffer(-radius, ARC_SEGMENTS)
        # An outline that is eroded by more than there is may turn inside out.
        if core.isEmpty() or outline.distance(core.pointOnSurface()) < INSIDE_SHARE * radius:
            wide = radius
        else:
            narrow = radius
    return narrow + wide


class Outline:
    """The outlines of polygons as segments, found by place."""

    def __init__(self, ground: QgsGeometry) -> None:
        rings = ring_arrays(ground)
        points = np.concatenate(rings)
        sizes = np.array([len(ring) for ring in rings])
        is_start = np.ones(len(points), dtype=bool)
        is_start[np.cumsum(sizes) - 1] = False
        first = np.flatnonzero(is_start)
        place = first - np.repeat(np.cumsum(sizes) - sizes, sizes - 1)
        self._starts, self._ends = points[first], points[first + 1]
        self._lengths = np.hypot(*(self._ends - self._starts).T)
        self._chains = np.flatnonzero(place % CHAIN == 0)
        self._counts = np.diff(self._chains, append=len(first))
        self._index = QgsSpatialIndex()
        low = np.minimum.reduceat(np.minimum(self._starts, self._ends), self._chains)
        high = np.maximum.reduceat(np.maximum(self._starts, self._ends), self._chains)
        for number, corners in enumerate(np.hstack([low, high]).tolist()):
            self._index.addFeature(number, QgsRectangle(*corners))

    def samples(self) -> Array:
        """Return points (n, 2) at even distances along the outlines."""
        until = np.cumsum(self._lengths)
        whole = float(until[-1])
        step = max(min(SAMPLE_M, whole / FEWEST_SAMPLES), whole / MOST_SAMPLES)
        at = np.arange(step / 2, whole, step)
        segment = np.minimum(np.searchsorted(until, at, side="right"), len(until) - 1)
        share = 1 - (until[segment] - at) / self._lengths[segment]
        return self._starts[segment] + share[:, None] * (self._ends - self._starts)[segment]

    def corners(self) -> Array:
        """Return vertices (n, 2), evenly chosen where there are very many."""
        chosen = np.linspace(0, len(self._starts) - 1, min(MOST_SAMPLES, len(self._starts)))
        return self._starts[np.unique(chosen.round().astype(np.int64))]

    def near(self, points: Array, reach: float) -> Near:
        """Return all segments in a square of ``reach`` metres around each of the points (n, 2)."""
        owners: list[int] = []
        chains: list[int] = []
        for number, (x, y) in enumerate(points.tolist()):
            found = sorted(self._index.intersects(QgsRectangle(x - reach, y - reach, x + reach, y + reach)))
            owners.extend([number] * len(found))
            chains.extend(found)
        chosen = np.array(chains, dtype=np.int64)
        counts = self._counts[chosen]
        segments = ranges(self._chains[chosen], counts)
        owner = np.repeat(np.array(owners, dtype=np.int64), counts)
        starts, ends, middle = self._starts[segments], self._ends[segments], points[owner]
        is_near = (
            (np.minimum(starts, ends) <= middle + reach)
            & (np.maximum(starts, ends) >= middle - reach)
            & (self._lengths[segments] > 0)[:, None]
        ).all(axis=1)
        return Near(points, owner[is_near], starts[is_near], ends[is_near])
