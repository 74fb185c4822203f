"""Engine ``overlay``: exact areas of A ∩ B, per class of B, without cutting A by all of B.

The polygons of B are subdivided into pieces of few vertices and indexed. A feature of A inside one
piece is counted by a prepared ``contains``; only on the rim is an intersection computed. Pieces of
one label never overlap, so areas add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from qgis.core import (
    Qgis,
    QgsGeometry,
    QgsGeometryEngine,
    QgsGeometryParameters,
    QgsProcessingException,
    QgsSpatialIndex,
)

from ...i18n import translate
from ...methods.geometry.boxes import groups_apart
from .seamless import seamless_unions
from .validity import made_valid
from .wkb import bytes_of

MAX_VERTICES = 128
"""Vertices per piece; fewer make a larger index, more make dearer intersections."""
FINE_GRID_M = 0.0001
"""Grid on which an overlay is computed that fails in full precision, in metres [A]."""
LOST_M2 = 1e-3
"""Square metres by which an overlay may differ from the sum of its parts before it is done again [A]."""
LAST_SHARE = 1e-3
"""Share of an erosion that is made for itself where nothing seems left of a polygon."""
SIMPLE = 1000
"""Vertices up to which that is looked for: of a longer outline not all that is left is so near [A]."""
MOST_PREPARED = 5000
"""Pieces that are held prepared at once: each takes some kilobytes more than the piece itself [A]."""
FEW_BYTES = 13 + 16 * MAX_VERTICES
"""Size of a polygon of ``MAX_VERTICES`` in a single ring; no smaller one has more, asked in fewer calls."""

MANY = 32
"""Polygons from which on those that lie apart are told before they are dissolved [A]."""

Label = TypeVar("Label", bound=Hashable)
Called = TypeVar("Called", bound=Hashable)


def polygons_only(geometry: QgsGeometry) -> QgsGeometry:
    """Return the polygonal part of an overlay result, dropping the points and lines of touching."""
    if geometry.type() == Qgis.GeometryType.Polygon:
        return geometry
    parts = [part for part in geometry.asGeometryCollection() if part.type() == Qgis.GeometryType.Polygon]
    return QgsGeometry.collectGeometry(parts) if parts else QgsGeometry()


def dissolve(geometries: Iterable[QgsGeometry]) -> QgsGeometry:
    """Return the union of polygons; an empty geometry for none. Raises as :func:`intersection` does.

    What lies apart is not overlaid, and what fits together without a seam not either: GEOS takes far longer.
    """
    found = [geometry for geometry in geometries if not geometry.isEmpty()]
    singles = [single for geometry in found for single in _singles(geometry)]
    if not singles:
        return QgsGeometry()
    if len(singles) < MANY:
        return _polygons_of(QgsGeometry.unaryUnion, found)
    singles = list({bytes_of(single): single for single in singles}.values())
    boxes = _boxes(singles)
    apart = groups_apart(boxes)
    members: dict[int, list[int]] = defaultdict(list)
    for number, group in enumerate(apart.tolist()):
        members[group].append(number)
    seamless = seamless_unions(singles, apart)
    ordered = sorted(members, key=lambda group: boxes[members[group]].min(axis=0).tolist())
    united = (
        seamless.get(group) or _united([singles[number] for number in members[group]]) for group in ordered
    )
    groups = [group for group in united if not group.isEmpty()]
    return groups[0] if len(groups) == 1 else QgsGeometry.collectGeometry(groups)


def _singles(geometry: QgsGeometry) -> list[QgsGeometry]:
    return polygon_parts(geometry) if geometry.isMultipart() else [geometry]


def _boxes(geometries: Sequence[QgsGeometry]) -> NDArray[np.float64]:
    found = (geometry.boundingBox() for geometry in geometries)
    return np.array([(box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()) for box in found])


def _united(group: Sequence[QgsGeometry]) -> QgsGeometry:
    if len(group) == 1 and not group[0].isMultipart():
        return polygons_only(group[0])
    return _polygons_of(QgsGeometry.unaryUnion, group)


def intersection(one: QgsGeometry, other: QgsGeometry) -> QgsGeometry:
    """Return the polygons that two geometries share.

    Raises
    ------
    QgsProcessingException
        If GEOS cannot compute it, in full precision or on a fine grid. QGIS itself would go on with
        no geometry, as if they shared nothing.
    """
    if one.isEmpty() or other.isEmpty():
        return QgsGeometry()
    return _polygons_of(one.intersection, other)


def difference(one: QgsGeometry, other: QgsGeometry) -> QgsGeometry:
    """Return the polygons of ``one`` that ``other`` does not cover. Raises as :func:`intersection` does."""
    if one.isEmpty() or other.isEmpty():
        return one
    return _polygons_of(one.difference, other)


def without_hairlines(polygon: QgsGeometry) -> QgsGeometry:
    """Return polygons without slits and spikes narrower than the fine grid, within one or between them.

    Rounding leaves them where borders should coincide. The coordinates of such polygons move by up to half
    the grid; others are returned as they are.
    """
    if polygon.isEmpty() or polygon.minimumClearance() >= FINE_GRID_M:
        return polygon
    box = QgsGeometry.fromRect(polygon.boundingBox().buffered(1.0))
    return polygons_only(polygon.intersection(box, _fine_grid()))


def _fine_grid() -> QgsGeometryParameters:
    grid = QgsGeometryParameters()
    grid.setGridSize(FINE_GRID_M)
    return grid


def line_intersection(line: QgsGeometry, other: QgsGeometry) -> QgsGeometry:
    """Return the lines that a line shares with a line or polygon. Raises as :func:`intersection` does."""
    return _lines_only(_overlaid(line.intersection, other))


def line_difference(line: QgsGeometry, other: QgsGeometry) -> QgsGeometry:
    """Return what of a line a line or polygon does not cover. Raises as :func:`intersection` does."""
    return _lines_only(_overlaid(line.difference, other))


def stretches_of(line: QgsGeometry) -> list[QgsGeometry]:
    """Return a line as stretches of at most ``MAX_VERTICES`` vertices, one after the other.

    An overlay of a line looks for all places where it crosses itself, which takes long for long ones. What is
    no longer, and no line at all, is returned as it is.
    """
    if line.type() != Qgis.GeometryType.Line or line.constGet().nCoordinates() <= MAX_VERTICES:
        return [line]
    paths = (part.asPolyline() for part in line.coerceToType(Qgis.WkbType.LineString))
    step = MAX_VERTICES - 1
    return [
        QgsGeometry.fromPolylineXY(path[start : start + MAX_VERTICES])
        for path in paths
        for start in range(0, len(path) - 1, step)
    ]


def _lines_only(geometry: QgsGeometry) -> QgsGeometry:
    if geometry.type() == Qgis.GeometryType.Line:
        return geometry
    parts = [part for part in geometry.asGeometryCollection() if part.type() == Qgis.GeometryType.Line]
    return QgsGeometry.collectGeometry(parts) if parts else QgsGeometry()


def _polygons_of(operation: Callable[..., QgsGeometry], operand: object) -> QgsGeometry:
    return polygons_only(_overlaid(operation, operand))


def _overlaid(operation: Callable[..., QgsGeometry], operand: object) -> QgsGeometry:
    result = operation(operand)
    return _on_fine_grid(operation, operand) if result.isNull() else result


def _on_fine_grid(operation: Callable[..., QgsGeometry], operand: object) -> QgsGeometry:
    result = operation(operand, _fine_grid())
    if result.isNull():
        message = translate("GrueneInfra", "Two areas cannot be overlaid: {reason}.")
        raise QgsProcessingException(message.format(reason=result.lastError()))
    return result


def polygon_parts(geometry: QgsGeometry) -> list[QgsGeometry]:
    """Return the single polygons of a polygonal geometry, without empty ones."""
    if geometry.isEmpty():
        return []
    return [QgsGeometry(part.clone()) for part in geometry.constParts() if not part.isEmpty()]


def prepared(geometry: QgsGeometry) -> QgsGeometryEngine:
    """Return what answers many questions about one geometry, which must live as long."""
    engine = QgsGeometry.createGeometryEngine(geometry.constGet())
    engine.prepareGeometry()
    return engine


@dataclass(frozen=True)
class Cut(Generic[Label]):
    """The parts of a line within each label, and the ``rest`` that lies in none."""

    parts: Mapping[Label, Sequence[QgsGeometry]]
    rest: QgsGeometry

    def most(self, called: Mapping[Label, Called]) -> Called | None:
        """Return what most of the line lies in, labels of one name together; ``None`` where that is nothing.

        Labels that have no name count as nothing. Of equal parts nothing goes first, then the first name.
        """
        metres: dict[Called | None, float] = {None: max(0.0, self.rest.length())}
        metres |= dict.fromkeys(called.values(), 0.0)
        for label, lines in self.parts.items():
            metres[called.get(label)] += sum(line.length() for line in lines)
        return max(metres, key=lambda name: metres[name])


class PieceIndex(Generic[Label]):
    """Labelled polygons, subdivided and indexed.

    Polygons of one label must not overlap each other; those of different labels may. Where they
    should not, :meth:`disjoint` builds the index from polygons that overlap in any way.
    """

    def __init__(self, polygons: Mapping[Label, QgsGeometry]) -> None:
        self._pieces: list[QgsGeometry] = []
        self._labels: list[Label] = []
        self._engines: dict[int, QgsGeometryEngine] = {}
        self._areas: dict[Label, float] = defaultdict(float)
        self._index = QgsSpatialIndex()
        for label, polygon in polygons.items():
            self._add(label, subdivided(polygon))

    @classmethod
    def disjoint(cls, ranked: Iterable[tuple[Label, QgsGeometry]]) -> PieceIndex[Label]:
        """Index polygons so that every place belongs once, to the first of ``ranked`` that covers it."""
        index: PieceIndex[Label] = cls({})
        for label, polygon in ranked:
            index.claim(label, polygon)
        return index

    def claim(self, label: Label, polygon: QgsGeometry) -> list[QgsGeometry]:
        """Index what no polygon indexed so far covers of ``polygon``, and return it."""
        return self.claim_pieces(label, subdivided(polygon))

    def claim_pieces(self, label: Label, pieces: Iterable[QgsGeometry]) -> list[QgsGeometry]:
        """Do as :meth:`claim` does with a polygon that is subdivided already."""
        uncovered = [rest for piece in pieces for rest in self._uncovered(piece)]
        self._add(label, uncovered)
        return uncovered

    def uncovered(self, polygon: QgsGeometry) -> list[QgsGeometry]:
        """Return what no polygon indexed so far covers of ``polygon``, in disjoint pieces."""
        return [rest for piece in subdivided(polygon) for rest in self._uncovered(piece)]

    def _add(self, label: Label, pieces: Iterable[QgsGeometry]) -> None:
        self._areas[label] += 0.0
        for piece in pieces:
            self._areas[label] += piece.area()
            self._index.addFeature(len(self._pieces), piece.boundingBox())
            self._pieces.append(piece)
            self._labels.append(label)

    def _uncovered(self, piece: QgsGeometry) -> list[QgsGeometry]:
        """Return what the pieces indexed so far leave of ``piece``."""
        shape = piece.constGet()
        near = self._index.intersects(piece.boundingBox())
        over = [number for number in near if self._engine(number).intersects(shape)]
        if any(self._engine(number).contains(shape) for number in over):
            return []
        if not over:
            return [piece]
        rest = self._left_by(piece, over)
        return [few for part in polygon_parts(rest) for few in subdivided(part)]

    def _left_by(self, piece: QgsGeometry, over: Sequence[int]) -> QgsGeometry:
        """Return what some pieces leave of another one.

        Of borders that nearly coincide, as rounding leaves them, GEOS may take nothing away and say nothing.
        So where what each piece covers and the rest are not the whole, all of it is done on the fine grid.
        """
        if len(over) == 1:
            return difference(piece, self._pieces[over[0]])
        # Taken away one after the other, they take a time that grows with the square of their number.
        found = difference(piece, dissolve(self._pieces[number] for number in over))
        covered = sum(intersection(piece, self._pieces[number]).area() for number in over)
        if abs(piece.area() - covered - _area_of(found)) <= LOST_M2:
            return found
        union = _on_fine_grid(QgsGeometry.unaryUnion, [self._pieces[number] for number in over])
        return polygons_only(_on_fine_grid(piece.difference, union))

    @property
    def areas(self) -> Mapping[Label, float]:
        """Area of each label, in square metres of the analysis CRS."""
        return self._areas

    def __iter__(self) -> Iterator[tuple[Label, QgsGeometry]]:
        """Yield the disjoint pieces with their labels."""
        return zip(self._labels, self._pieces, strict=True)

    def parts(self, geometry: QgsGeometry) -> Iterator[tuple[Label, QgsGeometry]]:
        """Yield the parts of ``geometry`` that lie in each piece, with the piece's label."""
        candidates = self._index.intersects(geometry.boundingBox())
        if not candidates:
            return
        simples, candidates = subdivided(geometry), sorted(candidates)
        for simple in simples:
            shape = simple.constGet()
            for number in candidates:
                if len(simples) > 1 and not self._pieces[number].boundingBoxIntersects(simple):
                    continue
                engine = self._engine(number)
                if engine.contains(shape):
                    yield self._labels[number], simple
                elif engine.intersects(shape):
                    part = intersection(self._pieces[number], simple)
                    if not part.isEmpty():
                        yield self._labels[number], part

    def overlap(self, geometry: QgsGeometry) -> dict[Label, float]:
        """Return the area of ``geometry`` within each label that it overlaps, in square metres."""
        areas: dict[Label, float] = defaultdict(float)
        for label, part in self.parts(geometry):
            areas[label] += part.area()
        return dict(areas)

    def lengths(self, line: QgsGeometry) -> dict[Label, float]:
        """Return the length of a line within each label that it meets, in metres.

        A line along a border, and one of no length, is in every label that it touches.
        """
        near: dict[Label, list[int]] = defaultdict(list)
        for number in self._met(line):
            near[self._labels[number]].append(number)
        parts = {label: self._cut(line, numbers)[0] for label, numbers in near.items()}
        return {label: sum(part.length() for _, part in cut) for label, cut in parts.items()}

    def cut(self, line: QgsGeometry) -> Cut[Label]:
        """Return the parts of a line within each label, and what of it lies in none.

        Every metre is in one of them: along a border, or where labels overlap, with the label indexed first.
        """
        found, rest = self._cut(line, self._met(line))
        parts: dict[Label, list[QgsGeometry]] = defaultdict(list)
        for label, part in found:
            parts[label].append(part)
        return Cut(dict(parts), rest)

    def _met(self, line: QgsGeometry) -> list[int]:
        """Return the pieces that a line meets, in their order."""
        near = sorted(self._index.intersects(line.boundingBox()))
        return [number for number in near if self._engine(number).intersects(line.constGet())]

    def _cut(
        self, line: QgsGeometry, numbers: Iterable[int]
    ) -> tuple[list[tuple[Label, QgsGeometry]], QgsGeometry]:
        """Return the parts of a line in each of these pieces in turn, and what they leave of it.

        A line along the seam of two pieces is in the first one only.
        """
        parts: list[tuple[Label, QgsGeometry]] = []
        rests: list[QgsGeometry] = []
        for rest in stretches_of(line):
            for number in numbers:
                if self._engine(number).contains(rest.constGet()):
                    parts.append((self._labels[number], rest))
                    rest = QgsGeometry()
                elif self._engine(number).intersects(rest.constGet()):
                    part = line_intersection(rest, self._pieces[number])
                    if not part.isEmpty():
                        parts.append((self._labels[number], part))
                        rest = line_difference(rest, self._pieces[number])
                if rest.isEmpty():
                    break
            else:
                rests.append(rest)
        return parts, rests[0] if len(rests) == 1 else QgsGeometry.collectGeometry(rests)

    def _engine(self, number: int) -> QgsGeometryEngine:
        engine = self._engines.get(number)
        if engine is None:
            if len(self._engines) >= MOST_PREPARED:
                self._engines.clear()
            engine = self._engines[number] = prepared(self._pieces[number])
        return engine


def _area_of(geometry: QgsGeometry) -> float:
    return 0.0 if geometry.isEmpty() else geometry.area()


def subdivided(geometry: QgsGeometry) -> list[QgsGeometry]:
    """Return disjoint polygons of at most ``MAX_VERTICES`` vertices that make up ``geometry``."""
    if geometry.isEmpty():
        return []
    if not geometry.isMultipart() and geometry.wkbSize() <= FEW_BYTES:
        return [geometry]
    if geometry.constGet().nCoordinates() <= MAX_VERTICES:
        return [geometry] if not geometry.isMultipart() else polygon_parts(geometry)
    pieces = polygon_parts(polygons_only(geometry.subdivide(MAX_VERTICES)))
    # Clipping leaves rings that touch themselves.
    return [part for piece in pieces for part in polygon_parts(polygons_only(made_valid(piece)))]


def eroded(polygon: QgsGeometry, radius: float, segments: int, *style: object) -> QgsGeometry:
    """Return where the centre of a disc of ``radius`` metres fits; ``style`` as in ``QgsGeometry.buffer``.

    GEOS 3.13 takes points of an outline for one that are as near as 1e-4 of what it erodes, and loses what is
    hardly wider than the disc. So where nothing is left, the last bit is eroded for itself.
    """
    core = polygon.buffer(-radius, segments, *style)
    if not core.isEmpty() or polygon.constGet().nCoordinates() > SIMPLE:
        return core
    last = LAST_SHARE * radius
    return polygon.buffer(last - radius, segments, *style).buffer(-last, segments, *style)


def ring_around(polygons: Iterable[QgsGeometry], width: float) -> QgsGeometry:
    """Return the strip of ``width`` metres outside the union of ``polygons``."""
    water = dissolve(polygons)
    if water.isNull() or width <= 0:
        return QgsGeometry()
    grown = dissolve(part.buffer(width, 16) for part in subdivided(water))
    return difference(grown, water)


def clipped(parts: Iterable[tuple[Label, QgsGeometry]], mask: QgsGeometry) -> list[tuple[Label, QgsGeometry]]:
    """Return the labelled parts cut to ``mask``, without those that only touch it."""
    cut = [(label, intersection(part, mask)) for label, part in parts]
    return [(label, part) for label, part in cut if not part.isEmpty()]
