"""Engine ``coverings``: ground divided by what covers it, each place once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

from qgis.core import QgsGeometry, QgsSpatialIndex

from .overlay import difference, dissolve, intersection, polygon_parts, prepared
from .shared_areas import NOISE_M2

Label = TypeVar("Label", bound=Hashable)


def covered_alike(
    polygons: Mapping[Label, Iterable[QgsGeometry]], pulse: Callable[[], None] = lambda: None
) -> list[tuple[frozenset[Label], QgsGeometry]]:
    """Divide the ground under labelled polygons into disjoint pieces, with the labels that cover each.

    Polygons may overlap in any way; those of one label count as their union. Overlaps of no more than
    ``NOISE_M2`` square metres are none. ``pulse`` is called between the steps and may raise.

    Raises ``QgsProcessingException`` where an overlay cannot be computed.
    """
    division: _Division[Label] = _Division()
    for label, shapes in polygons.items():
        for part in polygon_parts(dissolve(shapes)):
            pulse()
            division.cover(label, part)
    return list(division.pieces.values())


class _Division(Generic[Label]):
    """Disjoint pieces of ground, divided again by each polygon that comes."""

    def __init__(self) -> None:
        self.pieces: dict[int, tuple[frozenset[Label], QgsGeometry]] = {}
        self._index = QgsSpatialIndex()
        self._next = 0

    def cover(self, label: Label, part: QgsGeometry) -> None:
        """Divide all pieces that a polygon overlaps, and add what none of them covers."""
        engine = prepared(part)
        under = []
        for number in sorted(self._index.intersects(part.boundingBox())):
            if number not in self.pieces or not engine.intersects(self.pieces[number][1].constGet()):
                continue
            labels, ground = self.pieces[number]
            common = intersection(ground, part)
            if common.area() > NOISE_M2:
                del self.pieces[number]
                under.append(ground)
                self._add(labels | {label}, common)
                self._add(labels, difference(ground, part))
        self._add(frozenset({label}), difference(part, dissolve(under)))

    def _add(self, labels: frozenset[Label], ground: QgsGeometry) -> None:
        for piece in polygon_parts(ground):
            if piece.area() > NOISE_M2:
                self._index.addFeature(self._next, piece.boundingBox())
                self.pieces[self._next] = labels, piece
                self._next += 1
