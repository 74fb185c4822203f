"""Engine ``results``: where results of analyses support a goal, and how much of a parcel that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qgis.core import Qgis, QgsGeometry, QgsGeometryEngine, QgsProcessingException, QgsSpatialIndex

from ..i18n import translate
from .overlay import MAX_VERTICES, PieceIndex


class Support:
    """Polygons and lines of all results for one goal; each place counts once, however often it is drawn.

    Add all geometries first, then ask for :meth:`within`.
    """

    def __init__(self) -> None:
        self._polygons: PieceIndex[None] = PieceIndex({})
        self._drawn: list[QgsGeometry] = []
        self._lines: _Lines | None = None
        self.has_polygons = False

    @property
    def has_lines(self) -> bool:
        return bool(self._drawn)

    def add(self, geometry: QgsGeometry) -> None:
        """Add a polygon or a line, single or multiple."""
        if geometry.type() == Qgis.GeometryType.Line:
            self._drawn.append(geometry)
        else:
            self.has_polygons = True
            self._polygons.claim(None, geometry)

    def within(self, parcel: QgsGeometry) -> tuple[float, float]:
        """Return the square metres and the metres of line that lie in a parcel.

        A line along the border of two parcels lies in both.
        """
        area = self._polygons.overlap(parcel).get(None, 0.0) if self.has_polygons else 0.0
        if not self._drawn:
            return area, 0.0
        if self._lines is None:
            self._lines = _Lines(self._drawn)
        return area, self._lines.length_within(parcel)


class Supports:
    """What supports each goal, with one index that tells which goals come near a parcel at all."""

    def __init__(self, goals: Iterable[int]) -> None:
        self.by_goal = {goal: Support() for goal in sorted(goals)}
        self._index = QgsSpatialIndex()
        self._goals: list[int] = []

    def add(self, goal: int, geometry: QgsGeometry) -> None:
        """Add a polygon or a line for a goal."""
        self._index.addFeature(len(self._goals), geometry.boundingBox())
        self._goals.append(goal)
        self.by_goal[goal].add(geometry)

    def within(self, parcel: QgsGeometry) -> Iterator[tuple[int, float, float]]:
        """Yield goal, square metres and metres of line for the goals that have any in a parcel."""
        near = {self._goals[number] for number in self._index.intersects(parcel.boundingBox())}
        for goal in sorted(near):
            area, length = self.by_goal[goal].within(parcel)
            if area or length:
                yield goal, area, length


class _Lines:
    """Lines, dissolved and indexed in short pieces."""

    def __init__(self, lines: Iterable[QgsGeometry]) -> None:
        united = _checked(QgsGeometry.unaryUnion(list(lines)))
        self._pieces = _pieces(united)
        self._index = QgsSpatialIndex()
        for number, piece in enumerate(self._pieces):
            self._index.addFeature(number, piece.boundingBox())

    def length_within(self, parcel: QgsGeometry) -> float:
        engine: QgsGeometryEngine | None = None
        length = 0.0
        for number in sorted(self._index.intersects(parcel.boundingBox())):
            if engine is None:
                engine = QgsGeometry.createGeometryEngine(parcel.constGet())
                engine.prepareGeometry()
            piece = self._pieces[number]
            if engine.contains(piece.constGet()):
                length += piece.length()
            elif engine.intersects(piece.constGet()):
                length += _checked(piece.intersection(parcel)).length()
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
