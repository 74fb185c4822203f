"""Engine ``overlay``: exact areas of A ∩ B, per class of B, without cutting A by all of B.

The polygons of B are subdivided into pieces of few vertices and indexed. A feature of A inside one
piece is counted by a prepared ``contains``; only on the rim is an intersection computed. Pieces of
one label never overlap, so areas add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar

from qgis.core import Qgis, QgsFeature, QgsGeometry, QgsGeometryEngine, QgsSpatialIndex

MAX_VERTICES = 128
"""Vertices per piece; fewer make a larger index, more make dearer intersections."""

Label = TypeVar("Label", bound=Hashable)


def polygons_only(geometry: QgsGeometry) -> QgsGeometry:
    """Return the polygonal part of an overlay result, dropping the points and lines of touching."""
    if geometry.type() == Qgis.GeometryType.Polygon:
        return geometry
    parts = [part for part in geometry.asGeometryCollection() if part.type() == Qgis.GeometryType.Polygon]
    return QgsGeometry.collectGeometry(parts) if parts else QgsGeometry()


def dissolve(geometries: Iterable[QgsGeometry]) -> QgsGeometry:
    """Return the union of polygons; an empty geometry for none."""
    geometries = list(geometries)
    return polygons_only(QgsGeometry.unaryUnion(geometries)) if geometries else QgsGeometry()


def polygon_parts(geometry: QgsGeometry) -> list[QgsGeometry]:
    """Return the single polygons of a polygonal geometry."""
    return [QgsGeometry(part.clone()) for part in geometry.constParts()] if not geometry.isNull() else []


class PieceIndex(Generic[Label]):
    """Labelled polygons, subdivided and indexed.

    Polygons of one label must not overlap each other (see :func:`dissolve`); those of different
    labels may.
    """

    def __init__(self, polygons: Mapping[Label, QgsGeometry]) -> None:
        self._pieces: list[QgsGeometry] = []
        self._labels: list[Label] = []
        self._engines: dict[int, QgsGeometryEngine] = {}
        self._areas: dict[Label, float] = {}
        self._index = QgsSpatialIndex()
        for label, polygon in polygons.items():
            self._areas[label] = 0.0 if polygon.isNull() else polygon.area()
            for piece in _subdivided(polygon):
                self._add(label, piece)

    def _add(self, label: Label, piece: QgsGeometry) -> None:
        feature = QgsFeature(len(self._pieces))
        feature.setGeometry(piece)
        self._index.addFeature(feature)
        self._pieces.append(piece)
        self._labels.append(label)

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
        for simple in _subdivided(geometry):
            shape = simple.constGet()
            for number in sorted(candidates):
                if not self._pieces[number].boundingBoxIntersects(simple):
                    continue
                engine = self._engine(number)
                if engine.contains(shape):
                    yield self._labels[number], simple
                elif engine.intersects(shape):
                    part = polygons_only(self._pieces[number].intersection(simple))
                    if not part.isEmpty():
                        yield self._labels[number], part

    def overlap(self, geometry: QgsGeometry) -> dict[Label, float]:
        """Return the area of ``geometry`` within each label that it overlaps, in square metres."""
        areas: dict[Label, float] = defaultdict(float)
        for label, part in self.parts(geometry):
            areas[label] += part.area()
        return dict(areas)

    def _engine(self, number: int) -> QgsGeometryEngine:
        engine = self._engines.get(number)
        if engine is None:
            engine = QgsGeometry.createGeometryEngine(self._pieces[number].constGet())
            engine.prepareGeometry()
            self._engines[number] = engine
        return engine


def _subdivided(geometry: QgsGeometry) -> list[QgsGeometry]:
    """Return disjoint polygons of at most ``MAX_VERTICES`` vertices that make up ``geometry``."""
    if geometry.isNull():
        return []
    if geometry.constGet().nCoordinates() <= MAX_VERTICES:
        return [geometry] if not geometry.isMultipart() else polygon_parts(geometry)
    return polygon_parts(polygons_only(geometry.subdivide(MAX_VERTICES)))


def by_precedence(
    polygons: Mapping[str, Sequence[QgsGeometry]], order: Sequence[str]
) -> dict[str, QgsGeometry]:
    """Dissolve each class and take from it what a class earlier in ``order`` already covers.

    Classes that ``order`` does not name follow in alphabetical order, so that the result does not
    depend on the order of the features.
    """
    known = [name for name in order if name in polygons]
    ranked = known + sorted(set(polygons) - set(known))
    result: dict[str, QgsGeometry] = {}
    covered = QgsGeometry()
    for name in ranked:
        whole = dissolve(polygons[name])
        result[name] = whole if covered.isNull() else polygons_only(whole.difference(covered))
        covered = dissolve([covered, whole] if not covered.isNull() else [whole])
    return result


def ring_around(polygons: Iterable[QgsGeometry], width: float) -> QgsGeometry:
    """Return the strip of ``width`` metres outside the union of ``polygons``."""
    water = dissolve(polygons)
    if water.isNull() or width <= 0:
        return QgsGeometry()
    grown = dissolve(part.buffer(width, 16) for part in _subdivided(water))
    return polygons_only(grown.difference(water))


def clipped(parts: Iterable[tuple[Label, QgsGeometry]], mask: QgsGeometry) -> list[tuple[Label, QgsGeometry]]:
    """Return the labelled parts cut to ``mask``, without those that only touch it."""
    cut = [(label, polygons_only(part.intersection(mask))) for label, part in parts]
    return [(label, part) for label, part in cut if not part.isEmpty()]
