"""Engine ``settlement``: cells of 100 m, what is built and who lives round them, and the settled area.

Cells begin at multiples of 100 m of the analysis CRS, so that they are the same for every set of parcels.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from qgis.core import QgsGeometry, QgsProcessingFeedback, QgsRectangle

from ..methods.space_types import Facts
from .layers import check_cancelled, fingerprint
from .overlay import PieceIndex, dissolve, intersection, polygon_parts

CELL_M = 100.0
"""Edge of a cell, that of the census grid."""
REACH_M = 2 * CELL_M
"""How far from a place the window of 300 m round its cell may reach."""
AREA_ROUNDING = 1e-9
"""Relative difference below which an area counts as equal to the smallest one asked for."""

Cell = tuple[int, int]
"""Column and row: the lower left corner divided by ``CELL_M``."""
Block = tuple[int, int, int, int]
"""First and last column, first and last row."""


def split_by_cell(geometry: QgsGeometry) -> Iterator[tuple[Cell, QgsGeometry]]:
    """Yield the part of a polygon in each cell that it reaches into."""
    if not geometry.isEmpty():
        yield from _split(geometry, _block(geometry))


def _block(geometry: QgsGeometry) -> Block:
    box = geometry.boundingBox()
    left, bottom = math.floor(box.xMinimum() / CELL_M), math.floor(box.yMinimum() / CELL_M)
    right, top = math.ceil(box.xMaximum() / CELL_M) - 1, math.ceil(box.yMaximum() / CELL_M) - 1
    return left, max(left, right), bottom, max(bottom, top)


def _split(geometry: QgsGeometry, block: Block) -> Iterator[tuple[Cell, QgsGeometry]]:
    """Halve a block of cells until one is left; the polygon becomes smaller with it."""
    left, right, bottom, top = block
    if left == right and bottom == top:
        yield (left, bottom), geometry
        return
    for half in _halves(block):
        part = intersection(geometry, _outline(half))
        if not part.isEmpty():
            yield from _split(part, half)


def _halves(block: Block) -> tuple[Block, Block]:
    left, right, bottom, top = block
    if right - left >= top - bottom:
        middle = (left + right) // 2
        return (left, middle, bottom, top), (middle + 1, right, bottom, top)
    middle = (bottom + top) // 2
    return (left, right, bottom, middle), (left, right, middle + 1, top)


def _outline(block: Block) -> QgsGeometry:
    left, right, bottom, top = block
    return QgsGeometry.fromRect(
        QgsRectangle(left * CELL_M, bottom * CELL_M, (right + 1) * CELL_M, (top + 1) * CELL_M)
    )


def square_round(point: QgsGeometry) -> QgsGeometry:
    """Return the cell of the census grid whose centre is ``point``, parallel to the analysis CRS.

    In the Ruhr region the grid of EPSG:3035 is turned by less than one degree against UTM.
    """
    return QgsGeometry.fromRect(QgsRectangle.fromCenterAndSize(point.boundingBox().center(), CELL_M, CELL_M))


def settled_areas(geometries: Iterable[QgsGeometry], smallest_m2: float) -> list[QgsGeometry]:
    """Return the settlements of at least ``smallest_m2``, dissolved before they are measured."""
    parts = polygon_parts(dissolve(geometries))
    return [part for part in parts if part.area() >= smallest_m2 * (1 - AREA_ROUNDING)]


class Neighbourhood:
    """What buildings and population say of each cell, and of the window of 300 m round it."""

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self._feedback = feedback
        self._cells: dict[Cell, Facts] = defaultdict(Facts)
        self._windows: dict[Cell, Facts] = {}

    def add_buildings(self, buildings: Iterable[tuple[QgsGeometry, bool | None, float | None]]) -> None:
        """Add footprints, each with whether it is residential and with its storeys.

        Where footprints overlap, the place belongs to the larger one, in whatever order they come.
        """
        ranked = sorted(buildings, key=_larger_first)
        placed: PieceIndex[None] = PieceIndex({})
        for number, (footprint, residential, storeys) in enumerate(ranked):
            self._check(number)
            for piece in placed.claim(None, footprint):
                for cell, part in split_by_cell(piece):
                    self._cells[cell].add(_building(part.area(), residential, storeys))

    def add_population(self, counts: Iterable[tuple[QgsGeometry, float | None]]) -> None:
        """Add polygons with their inhabitants, ``None`` where that is not known, spread evenly.

        A polygon that comes twice counts once, and as unknown if its numbers differ.
        """
        polygons: dict[bytes, QgsGeometry] = {}
        numbers: dict[bytes, set[float | None]] = defaultdict(set)
        for polygon, people in counts:
            key = fingerprint(polygon)
            polygons[key] = polygon
            numbers[key].add(people)
        for number, (key, polygon) in enumerate(polygons.items()):
            self._check(number)
            known = next(iter(numbers[key])) if len(numbers[key]) == 1 else None
            for cell, part in split_by_cell(polygon):
                self._cells[cell].add(_population(part.area(), polygon.area(), known))

    def window(self, cell: Cell) -> Facts:
        """Return the sums of a cell and its eight neighbours."""
        if cell not in self._windows:
            found = Facts()
            column, row = cell
            for near in ((column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
                if near in self._cells:
                    found.add(self._cells[near])
            self._windows[cell] = found
        return self._windows[cell]

    def _check(self, number: int) -> None:
        if number % 1000 == 0:
            check_cancelled(self._feedback)


def _larger_first(building: tuple[QgsGeometry, bool | None, float | None]) -> tuple:
    footprint, residential, storeys = building
    return -footprint.area(), fingerprint(footprint), str(residential), storeys or 0.0


def _building(area: float, residential: bool | None, storeys: float | None) -> Facts:
    if residential is None or storeys is None:
        return Facts(built=area)
    floor = area * storeys
    return Facts(built=area, described=area, floor=floor, non_residential=0.0 if residential else floor)


def _population(area: float, whole: float, people: float | None) -> Facts:
    if people is None:
        return Facts(suppressed=area)
    return Facts(people=people * area / whole, counted=area)
