"""Engine ``coverings``: ground divided by what covers it, each place once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from qgis.core import QgsGeometry, QgsSpatialIndex

from .overlay import PieceIndex, difference, dissolve, intersection, polygon_parts, prepared
from .shared_areas import NOISE_M2

Label = TypeVar("Label", bound=Hashable)
Base = TypeVar("Base", bound=Hashable)
SHARED = 1e-9
"""Share of their area by which covers may overlap and still count as side by side."""


class FirstCover(Generic[Base, Label]):
    """Grounds under labels of their own, and what covers them: of all that cover a place the first counts.

    Polygons come one by one and only what of them lies on the grounds is kept, so that a layer of all land
    use is held only where it matters. ``grounds`` are disjoint.
    """

    def __init__(self, grounds: PieceIndex[Base]) -> None:
        self._grounds = grounds
        self._parts: dict[Base, dict[Label, list[QgsGeometry]]] = defaultdict(lambda: defaultdict(list))

    def add(self, label: Label, polygon: QgsGeometry) -> bool:
        """Take a polygon of what covers the grounds; return whether it lies on any of them."""
        found = False
        for base, part in self._grounds.parts(polygon):
            self._parts[base][label].append(part)
            found = True
        return found

    def pieces(
        self, order: Callable[[Label], object], pulse: Callable[[], None] = lambda: None
    ) -> Iterator[tuple[Base, Label | None, QgsGeometry]]:
        """Yield connected polygons with the label of their ground, and the first one that covers them.

        Labels count in the ``order`` of a sort key. What nothing covers has no label; what is no larger than
        ``NOISE_M2`` is left out.

        Raises ``QgsProcessingException`` where an overlay cannot be computed.
        """
        grounds: dict[Base, list[QgsGeometry]] = defaultdict(list)
        for base, piece in self._grounds:
            grounds[base].append(piece)
        for base, shapes in grounds.items():
            covers = {}
            for label in sorted(self._parts[base], key=order):  # type: ignore[arg-type]
                pulse()
                covers[label] = dissolve(self._parts[base][label])
            together = dissolve(covers.values())
            if sum(cover.area() for cover in covers.values()) > together.area() * (1 + SHARED):
                covers = _first_of(covers, pulse)
            for label, cover in covers.items():
                yield from ((base, label, part) for part in _seen(cover))
            if sum(shape.area() for shape in shapes) > together.area() + NOISE_M2:
                rest = difference(dissolve(shapes), together)
                yield from ((base, None, part) for part in _seen(rest))


def _first_of(covers: Mapping[Label, QgsGeometry], pulse: Callable[[], None]) -> dict[Label, QgsGeometry]:
    """Return covers without what those before them cover."""
    found: dict[Label, QgsGeometry] = {}
    taken = QgsGeometry()
    for label, cover in covers.items():
        pulse()
        found[label] = difference(cover, taken)
        taken = dissolve([taken, cover])
    return found


def _seen(ground: QgsGeometry) -> list[QgsGeometry]:
    return [part for part in polygon_parts(ground) if part.area() > NOISE_M2]


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
