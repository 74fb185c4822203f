"""Where the inner city of a settlement lies, by what is built and what it is used for.

A fallback for where nobody has drawn the Raumtypen. The strategy gives no number [S]; every threshold is an
assumption [A], calibrated on one city.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ..findings.thresholds import least, most
from ..parcels.space_types import Origin, SpaceType, TypedPlace, Unknown

CELL_M2 = 10_000.0
"""Area of a cell of 100 m, in square metres."""
WINDOW_CELLS = 9
"""Cells of the window of 300 m round a cell."""
Mask = NDArray[np.bool_]
Sums = NDArray[np.float64]


@dataclass(frozen=True)
class Town:
    """A settlement with what is built in and round it, as grids of cells of 100 m, rows × columns.

    The grids reach beyond the settlement by :attr:`Criteria.margin` on every side. Footprints in m² per cell.
    """

    settled: Mask
    built: Sums
    """Footprint of all buildings."""
    central: Sums
    """The part of ``built`` in central use."""
    unclear: Sums
    """The part of ``built`` whose use is unknown."""


@dataclass(frozen=True)
class Criteria:
    """Thresholds, all [A]. Shares from 0 to 1 of a window of 300 m or of what is built in it."""

    seed_coverage: float
    seed_central: float
    coverage: float
    central: float
    known_use: float
    """Least share of the built footprint whose use must be known for it to count."""
    known_buildings: float
    """Least share of a settlement for which there must be buildings to say which part is the largest."""
    gap_cells: int
    """A place without any building within so many cells has no building data."""
    parts: int = 1
    """How many inner cities a settlement may have, the largest first."""

    @property
    def margin(self) -> int:
        """Cells round a settlement in which buildings matter."""
        return max(self.gap_cells, 1)


class Centre(NamedTuple):
    """What the cells of a settlement are."""

    places: NDArray[np.object_]
    """The Raumtyp of every cell of the grid with its origin, or why it is unknown."""
    by_coverage: int
    """Cells of the settlement where the use of most buildings is unknown and would matter."""
    further: int
    """Cells of inner cities that are not among the largest."""


def settled_places(town: Town, criteria: Criteria) -> Centre:
    """Return what every cell of a settlement is, or why it cannot be told.

    The inner city grows from seeds over cells that share an edge; its holes are closed and its largest parts
    kept. It is looked for twice: with all unknown uses taken as not central and as central. Where both agree,
    the use that is missing changes nothing; where they do not, the Raumtyp is unknown.
    """
    window = Town(town.settled, *(_windowed(one) for one in (town.built, town.central, town.unclear)))
    by_coverage = window.unclear > most((1 - criteria.known_use) * window.built)
    kept, further = _inner_city(window, window.central, by_coverage, criteria)
    at_most = window.central + np.where(by_coverage, 0.0, window.unclear)
    hoped, _ = _inner_city(window, at_most, by_coverage, criteria)
    blank = _unrecorded(town, criteria.gap_cells)
    too_few = blank.sum() > most((1 - criteria.known_buildings) * town.settled.sum())
    could_be_dense = _covered(window.built + CELL_M2 * _windowed(blank), criteria.coverage)
    ranked: Sequence[tuple[Mask, TypedPlace]] = (
        ((kept | hoped) & too_few, Unknown.CENTRE),
        (kept & hoped & by_coverage, (Origin.BUILT_SHARE, SpaceType.INNER_CITY)),
        (kept & hoped, (Origin.RASTER, SpaceType.INNER_CITY)),
        (kept | hoped, Unknown.USE),
        (blank | could_be_dense & (_windowed(blank) > 0), Unknown.NO_BUILDINGS),
        (by_coverage & could_be_dense, (Origin.BUILT_SHARE, SpaceType.BETWEEN)),
        (np.ones_like(kept), (Origin.RASTER, SpaceType.BETWEEN)),
    )
    alone = by_coverage & could_be_dense & town.settled
    return Centre(_first_of(ranked), int(alone.sum()), further)


def _first_of(ranked: Sequence[tuple[Mask, TypedPlace]]) -> NDArray[np.object_]:
    """Return for every cell the place of the first mask that holds there."""
    places = np.empty(len(ranked), dtype=object)
    places[:] = [place for _, place in ranked]
    return places[np.select([mask for mask, _ in ranked], range(len(ranked)))]


def _inner_city(window: Town, central: Sums, by_coverage: Mask, criteria: Criteria) -> tuple[Mask, int]:
    """Return the largest parts that grow from seeds, and the number of cells of all others."""
    seeds = _covered(window.built, criteria.seed_coverage) & (
        by_coverage | (central >= least(criteria.seed_central * window.built))
    )
    more = _covered(window.built, criteria.coverage) & (central >= least(criteria.central * window.built))
    grown = ndimage.binary_propagation(seeds & window.settled, mask=(seeds | more) & window.settled)
    parts, count = ndimage.label(ndimage.binary_fill_holes(grown))
    numbers = np.arange(1, count + 1)
    cells = ndimage.sum_labels(window.settled, parts, numbers)
    built = ndimage.sum_labels(window.built, parts, numbers)
    order = np.lexsort((numbers, -built, -cells))
    kept = np.isin(parts, numbers[order[: criteria.parts]])
    return kept, int(cells[order[criteria.parts :]].sum())


def _unrecorded(town: Town, gap: int) -> Mask:
    """Return the settled cells for which there are no building data.

    They lie in a square of ``gap`` cells round a settled cell in which there is no building at all.
    """
    square = np.ones((2 * gap + 1, 2 * gap + 1), dtype=bool)
    far = town.settled & ~ndimage.binary_dilation(town.built > 0, square)
    return ndimage.binary_dilation(far, square) & town.settled


def _windowed(cells: NDArray) -> Sums:
    """Return the sum of every cell and its eight neighbours."""
    return ndimage.convolve(cells.astype(float), np.ones((3, 3)), mode="constant")


def _covered(built: Sums, share: float) -> Mask:
    return built >= least(share * WINDOW_CELLS * CELL_M2)
