"""Engine ``evidence``: where results of analyses support a goal, and how much of each parcel that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from qgis.core import (
    Qgis,
    QgsGeometry,
    QgsGeometryEngine,
    QgsLineString,
    QgsProcessingException,
    QgsProcessingFeedback,
)

from ...i18n import translate
from ..geometry.overlay import FEW_BYTES, MAX_VERTICES, PieceIndex, subdivided
from ..geometry.shared_areas import Floats, Outlines, box_pairs, measured, overlaps, sums
from ..geometry.vertices import Integers
from ..geometry.wkb import LINE_AT, ONE_PART, ONE_RING, bytes_of, geometry_of, is_line, is_polygon
from ..running import check_cancelled

BESIDE_M = 1.0
"""Metres beside all parcels within which lines are dissolved, so that rounding takes none away [A]."""


class Supports:
    """Polygons and lines of all results, by goal; each place counts once per goal, however often drawn.

    Add all geometries first, then ask for :meth:`within`.
    """

    def __init__(self, goals: Iterable[int]) -> None:
        self.goals = tuple(sorted(set(goals)))
        self._polygons: dict[int, list[bytes]] = defaultdict(list)
        self._lines: dict[int, list[bytes]] = defaultdict(list)

    @property
    def with_lines(self) -> tuple[int, ...]:
        """The goals of which lines were added, in order."""
        return tuple(sorted(self._lines))

    def add(self, goal: int, wkbs: Iterable[bytes]) -> None:
        """Add valid planar polygons and lines, single or multiple; anything else supports nothing."""
        for wkb in wkbs:
            if is_polygon(wkb):
                self._polygons[goal].append(wkb)
            elif is_line(wkb):
                self._lines[goal].append(wkb)

    def within(self, parcels: Sequence[bytes], feedback: QgsProcessingFeedback) -> tuple[Floats, Floats]:
        """Return the square metres and the metres of line that lie in each parcel, (parcels, goals) each.

        Parcels are given as the WKB of valid planar polygons, single or multiple. A line along the border of
        two parcels lies in both. Raises ``QgsProcessingException`` where an
        overlay cannot be computed or the user cancels.
        """
        parts, parcel = _parts(parcels)
        outlines = Outlines.of(parts)
        disjoint = [_disjoint(polygons, feedback) for polygons in self._polygons.values()]
        if disjoint:
            goal = np.repeat(self._columns(self._polygons), [len(pieces.boxes) for pieces in disjoint])
            part, piece, area = overlaps(outlines, Outlines.joined(disjoint), feedback)
            place = parcel[part] * len(self.goals) + goal[piece]
        else:
            place, area = np.empty(0, int), np.empty(0)
        areas = sums(place, area, len(parcels) * len(self.goals)).reshape(-1, len(self.goals))
        lengths = np.zeros_like(areas)
        boxes = _boxes_of(outlines.boxes, parcel)
        for column, lines in zip(self._columns(self._lines), self._lines.values(), strict=True):
            lengths[:, column] = _lengths(parcels, boxes, lines, feedback)
        return areas, lengths

    def _columns(self, goals: Iterable[int]) -> list[int]:
        return [self.goals.index(goal) for goal in goals]


def overlapping_owners(
    polygons: Sequence[bytes], owner: Integers, feedback: QgsProcessingFeedback
) -> list[int]:
    """Return those of the owners several of whose polygons share an area, in order.

    Polygons are given as :meth:`Supports.within` takes parcels; raises where the user cancels.
    """
    pieces, polygon = _parts(polygons)
    outlines = Outlines.of(pieces)
    i, j = box_pairs(outlines.boxes, outlines.boxes)
    own = (polygon[i] < polygon[j]) & (owner[polygon[i]] == owner[polygon[j]])
    i, _, _ = measured(outlines, outlines, i[own], j[own], feedback)
    found: list[int] = np.unique(owner[polygon[i]]).tolist()
    return found


def _disjoint(polygons: Sequence[bytes], feedback: QgsProcessingFeedback) -> Outlines:
    """Return pieces of polygons of which none lies over another."""
    pieces, polygon = _parts(polygons)
    outlines = Outlines.of(pieces)
    i, j = box_pairs(outlines.boxes, outlines.boxes)
    other = polygon[i] < polygon[j]
    i, j, _ = measured(outlines, outlines, i[other], j[other], feedback)
    over = np.unique(polygon[np.append(i, j)])
    if not len(over):
        return outlines
    claims: PieceIndex[None] = PieceIndex({})
    bounds = np.searchsorted(polygon, [over, over + 1]).T.tolist()
    claimed = [
        piece
        for first, end in bounds
        for piece in claims.claim_pieces(None, map(geometry_of, pieces[first:end]))
    ]
    return Outlines.joined(
        [outlines.chosen(~np.isin(polygon, over)), Outlines.of(list(map(bytes_of, claimed)))]
    )


def _parts(polygons: Sequence[bytes]) -> tuple[list[bytes], Integers]:
    """Return the polygons as disjoint ones of few vertices, and the number of the one each belongs to."""
    parts: list[bytes] = []
    counts, done = np.ones(len(polygons), int), 0
    for number, wkb in enumerate(polygons):
        if len(wkb) > FEW_BYTES or not wkb.startswith(ONE_RING):
            own = _subdivided(wkb)
            parts += polygons[done:number]
            parts += own
            counts[number], done = len(own), number + 1
    parts += polygons[done:]
    return parts, np.repeat(np.arange(len(counts)), counts)


def _subdivided(wkb: bytes) -> list[bytes]:
    single = wkb.removeprefix(ONE_PART)
    if len(single) <= FEW_BYTES and single.startswith(ONE_RING):
        return [single]
    (plain,) = geometry_of(wkb).coerceToType(Qgis.WkbType.MultiPolygon)
    return [bytes_of(piece) for piece in subdivided(plain)]


def _boxes_of(boxes: Floats, owner: Integers) -> Floats:
    """Return the box around all boxes of each owner; ``owner`` ascends."""
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    low, high = boxes[:, :2], boxes[:, 2:]
    return np.hstack([np.minimum.reduceat(low, first), np.maximum.reduceat(high, first)])


def _lengths(
    polygons: Sequence[bytes], boxes: Floats, lines: list[bytes], feedback: QgsProcessingFeedback
) -> Floats:
    """Return the length of the dissolved lines in each polygon, whose ``boxes`` are given."""
    if not len(boxes):
        return np.zeros(0)
    box = np.hstack([boxes[:, :2].min(axis=0) - BESIDE_M, boxes[:, 2:].max(axis=0) + BESIDE_M])
    drawn = [part for line in lines for part in _reaching(line, box)]
    pieces = _pieces(_checked(QgsGeometry.unaryUnion(drawn))) if drawn else []
    i, j = box_pairs(boxes, np.array([_box(piece) for piece in pieces]).reshape(-1, 4))
    near: dict[int, list[int]] = defaultdict(list)
    for polygon, piece in zip(i.tolist(), j.tolist(), strict=True):
        near[polygon].append(piece)
    lengths = np.zeros(len(polygons))
    for polygon, numbers in near.items():
        check_cancelled(feedback)
        shape = geometry_of(polygons[polygon])
        lengths[polygon] = _length_within(shape, [pieces[number] for number in sorted(numbers)])
    return lengths


def _reaching(line: bytes, box: Floats) -> list[QgsGeometry]:
    """Return a line of few vertices, of a longer one the stretches that reach into a box.

    No segment is cut: lines over each other are one when they are dissolved, as long as their ends stay.
    """
    shape = geometry_of(line)
    if shape.constGet().nCoordinates() <= MAX_VERTICES:
        return [shape]
    found = []
    for part in shape.asGeometryCollection():
        points = np.frombuffer(bytes_of(part)[LINE_AT:], "<f8").reshape(-1, 2)
        reaches = _reach(points[:-1], points[1:], box).tolist()
        bounds = np.flatnonzero(np.diff([False, *reaches, False])).reshape(-1, 2)
        for first, last in bounds.tolist():
            found.append(QgsGeometry(QgsLineString(*points[first : last + 1].T.tolist())))
    return found


def _reach(start: Floats, end: Floats, box: Floats) -> NDArray[np.bool_]:
    """Say of each segment whether it has a point in a box."""
    half = (box[2:] - box[:2]) / 2
    middle = (start + end - box[:2] - box[2:]) / 2
    run = end - start
    beside = (np.abs(middle) > half + np.abs(run) / 2).any(axis=1)
    off = np.abs(run[:, 0] * middle[:, 1] - run[:, 1] * middle[:, 0])
    return ~beside & (off <= np.abs(run) @ half[::-1])


def _box(piece: QgsGeometry) -> tuple[float, float, float, float]:
    box = piece.boundingBox()
    return box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()


def _length_within(polygon: QgsGeometry, pieces: Iterable[QgsGeometry]) -> float:
    engine: QgsGeometryEngine = QgsGeometry.createGeometryEngine(polygon.constGet())
    engine.prepareGeometry()
    length = 0.0
    for piece in pieces:
        if engine.contains(piece.constGet()):
            length += piece.length()
        elif engine.intersects(piece.constGet()):
            length += _checked(piece.intersection(polygon)).length()
    return length


def _pieces(lines: QgsGeometry) -> list[QgsGeometry]:
    """Return single lines of at most ``MAX_VERTICES`` vertices."""
    found = []
    for part in lines.asGeometryCollection():
        if part.constGet().nCoordinates() <= MAX_VERTICES:
            found.append(part)
        else:
            found += part.subdivide(MAX_VERTICES).asGeometryCollection()
    return [part for part in found if part.type() == Qgis.GeometryType.Line and not part.isEmpty()]


def _checked(result: QgsGeometry) -> QgsGeometry:
    """Return the result of an overlay of lines; raise if it could not be computed."""
    if result.isNull():
        message = translate("GrueneInfra", "Lines cannot be overlaid: {reason}.")
        raise QgsProcessingException(message.format(reason=result.lastError()))
    return result
