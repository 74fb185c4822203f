"""Engine ``settled_cells``: the settled area in cells of 100 m, and what is built in them.

Cells begin at multiples of 100 m of the analysis CRS, so that they are the same for every set of parcels.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from qgis.core import QgsGeometry, QgsProcessingException, QgsProcessingFeedback, QgsRectangle

from ...i18n import translate
from ...methods.findings.thresholds import least
from ...methods.settlement.inner_city import Town
from ..geometry.overlay import PieceIndex, dissolve, intersection, polygon_parts
from ..geometry.wkb import fingerprint
from ..running import check_cancelled

CELL_M = 100.0
"""Edge of a cell."""
MOST_CELLS = 2_000_000
"""Cells that a polygon or the grid of a settlement may reach over, 20 000 km² [A]. Bounds time and memory."""
MOST_OF_A_BUILDING = 10_000
"""Cells that a building may reach over, 100 km² [A]."""

Cell = tuple[int, int]
"""Column and row: the lower left corner divided by ``CELL_M``."""
Block = tuple[int, int, int, int]
"""First and last column, first and last row."""


def split_by_cell(geometry: QgsGeometry, most: int = MOST_CELLS) -> Iterator[tuple[Cell, QgsGeometry]]:
    """Yield the part of a polygon in each cell that it reaches into.

    Raises ``QgsProcessingException`` where it reaches over a block of more than ``most`` cells.
    """
    if not geometry.isEmpty():
        block = _block(geometry)
        _require_possible(block, most)
        yield from _split(geometry, block)


def _require_possible(block: Block, most: int = MOST_CELLS) -> None:
    left, right, bottom, top = block
    columns, rows = right - left + 1, top - bottom + 1
    if columns * rows > most:
        message = translate(
            "GrueneInfra",
            "A settlement or a building reaches over {width} km × {height} km. Check the geometries of "
            "SETTLEMENT and BUILDINGS and their CRS, and MAX_GAP.",
        )
        size = (f"{cells * CELL_M / 1000:.0f}" for cells in (columns, rows))
        raise QgsProcessingException(message.format(width=next(size), height=next(size)))


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


def settled_areas(geometries: Iterable[QgsGeometry], smallest_m2: float) -> list[QgsGeometry]:
    """Return the settlements of at least ``smallest_m2``, dissolved before they are measured."""
    parts = polygon_parts(dissolve(geometries))
    return [part for part in parts if part.area() >= least(smallest_m2)]


class Footprints:
    """What is built in each cell, by whether its use is central: yes, no or unknown."""

    def __init__(
        self, buildings: Iterable[tuple[QgsGeometry, bool | None]], feedback: QgsProcessingFeedback
    ) -> None:
        """Add up footprints. Where they overlap, the place belongs to the larger one, in whatever order."""
        self._cells: dict[Cell, dict[bool | None, float]] = defaultdict(lambda: defaultdict(float))
        self._feedback = feedback
        placed: PieceIndex[None] = PieceIndex({})
        for footprint, central in sorted(buildings, key=_larger_first):
            check_cancelled(feedback)
            for piece in placed.claim(None, footprint):
                for cell, part in split_by_cell(piece, MOST_OF_A_BUILDING):
                    self._cells[cell][central] += part.area()

    def town(self, settlement: QgsGeometry, margin: int) -> tuple[Cell, Town]:
        """Return what is built in and round a settlement, and the cell in the corner of its grids.

        Raises ``QgsProcessingException`` where it is larger than a settlement can be, or the user cancels.
        """
        left, right, bottom, top = _block(settlement)
        _require_possible((left - margin, right + margin, bottom - margin, top + margin))
        corner = left - margin, bottom - margin
        shape = top - bottom + 1 + 2 * margin, right - left + 1 + 2 * margin
        settled = np.zeros(shape, dtype=bool)
        for number, ((column, row), _) in enumerate(split_by_cell(settlement)):
            if number % 1000 == 0:
                check_cancelled(self._feedback)
            settled[row - corner[1], column - corner[0]] = True
        built, central, unclear = (np.zeros(shape) for _ in range(3))
        for row, column in np.ndindex(shape):
            uses = self._cells.get((corner[0] + column, corner[1] + row), {})
            built[row, column] = sum(uses.values())
            central[row, column] = uses.get(True, 0.0)
            unclear[row, column] = uses.get(None, 0.0)
        return corner, Town(settled, built, central, unclear)


def _larger_first(building: tuple[QgsGeometry, bool | None]) -> tuple[float, bytes, str]:
    footprint, central = building
    return -footprint.area(), fingerprint(footprint), str(central)
