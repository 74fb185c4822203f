"""Engine ``labelled``: polygons collected under labels, and the pieces into which their borders part them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from qgis.core import Qgis, QgsGeometry, QgsGeometryParameters, QgsProcessingException

from ...i18n import translate
from ...methods.reading.names import shown_as
from .overlay import FINE_GRID_M, PieceIndex, difference, dissolve
from .wkb import fingerprint

Label = TypeVar("Label", bound=Hashable)


class Collected(Generic[Label]):
    """Polygons under labels, each once; points and lines are counted and have no ground.

    ``counts`` are the polygons of each label.
    """

    def __init__(self) -> None:
        self._shapes: dict[Label, list[QgsGeometry]] = defaultdict(list)
        self._seen: set[tuple[bytes, Label]] = set()
        self.counts: Counter[Label] = Counter()
        self.without_area = 0
        self.doubles = 0

    def add(self, shape: QgsGeometry, *labels: Label) -> bool:
        """Take a feature under its labels; return whether it is a polygon that is new under any of them."""
        if shape.type() != Qgis.GeometryType.Polygon:
            self.without_area += 1
            return False
        outline = fingerprint(shape)
        new = [label for label in labels if (outline, label) not in self._seen]
        self._seen.update((outline, label) for label in new)
        self.counts.update(new)
        self.doubles += not new
        for label in new:
            self._shapes[label].append(shape)
        return bool(new)

    def grounds(self, *but: Label) -> dict[Label, QgsGeometry]:
        """Return the ground of each label ``but`` some; it may overlap that of others."""
        return {label: dissolve(shapes) for label, shapes in self._shapes.items() if label not in but}

    def ranked(self, first: Iterable[Label]) -> dict[Label, QgsGeometry]:
        """Return disjoint grounds: every place belongs to the first of the labels that covers it.

        Labels that ``first`` does not name come last.
        """
        grounds = self.grounds()
        order = [label for label in first if label in grounds]
        found: dict[Label, QgsGeometry] = {}
        for label in [*order, *sorted(grounds.keys() - set(order), key=str)]:
            found[label] = difference(grounds[label], dissolve(found.values()))
        return {label: ground for label, ground in found.items() if not ground.isEmpty()}


class Named:
    """Which of several names most of a shape lies under; those that only look different are one."""

    def __init__(self, grounds: Mapping[str | None, QgsGeometry]) -> None:
        shown = shown_as(name for name in grounds if name is not None)
        shapes: dict[str, list[QgsGeometry]] = defaultdict(list)
        for name, ground in grounds.items():
            if name is not None:
                shapes[shown[name]].append(ground)
        self._index = PieceIndex({name: dissolve(shapes[name]) for name in sorted(shapes)})

    def of(self, shape: QgsGeometry) -> str | None:
        """Return the name, the first of the alphabet where several hold as much, ``None`` without any."""
        areas = {name: round(area, 6) for name, area in self._index.overlap(shape).items()}
        return max(sorted(areas), key=lambda name: areas[name]) if areas else None


def faces(grounds: Mapping[Label, QgsGeometry]) -> Iterator[tuple[frozenset[Label], QgsGeometry]]:
    """Yield the pieces into which the borders of dissolved grounds part them, with the labels of each.

    The pieces do not overlap, and none of them touches another one with the same labels along a border.
    What is narrower than the fine grid is left out: rounding makes it where borders should coincide.
    """
    grounds = {label: ground for label, ground in grounds.items() if not ground.isEmpty()}
    if not grounds:
        return
    index = PieceIndex(grounds)
    borders = _noded([QgsGeometry(ground.constGet().boundary()) for ground in grounds.values()])
    for face in QgsGeometry.polygonize([borders]).asGeometryCollection():
        if 2 * face.area() <= FINE_GRID_M * face.length():
            continue
        labels = frozenset(index.lengths(face.pointOnSurface()))
        if labels:
            yield labels, face


def _noded(lines: list[QgsGeometry]) -> QgsGeometry:
    """Return the union of lines, with a node wherever two of them cross."""
    grid = QgsGeometryParameters()
    grid.setGridSize(FINE_GRID_M)
    for more in ((), (grid,)):
        united = QgsGeometry.unaryUnion(lines, *more)
        if not united.isNull():
            return united
    message = translate("GrueneInfra", "Two areas cannot be overlaid: {reason}.")
    raise QgsProcessingException(message.format(reason=united.lastError()))
