"""Permanent grassland at two dates: what sounds like it, and which surveys can be compared."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..reading.names import normal_name, plain_name

KEPT, LOST, NEW = "erhalten", "Verlust", "Neu"
GRASSLAND, TEMPORARY, FARMED = "gruenland", "wechselgruenland", "ackerland"
ALIGNED_SHARE = 0.05
"""Share of a cell by which two grids may differ anywhere and still count as one [A]."""
_SOUNDS = ("grünland", "gruenland", "grassland")
_BARE = "43001"
"""Agriculture of ALKIS and ATKIS, which without its vegetation may be anything."""


def may_be_grassland(word: str | None) -> bool:
    """Return whether a word that no list knows may stand for permanent grassland.

    >>> may_be_grassland("Grünland, extensiv"), may_be_grassland("43001"), may_be_grassland("Wald")
    (True, True, False)
    """
    name = normal_name(word or "")
    return name == _BARE or any(part in name for part in _SOUNDS)


@dataclass(frozen=True)
class Grid:
    """Cells of a raster: upper left corner and side in metres of its CRS, number of columns and rows."""

    crs: str
    x: float
    y: float
    cell: float
    cols: int
    rows: int

    def offset(self, other: Grid) -> tuple[float, float]:
        """Return by how many metres the corner of the other grid lies east and north of this one."""
        return other.x - self.x, other.y - self.y

    def is_aligned(self, other: Grid) -> bool:
        """Return whether the cells of both grids lie upon each other, wherever both are.

        >>> one = Grid("EPSG:25832", 0, 0, 100, 50, 50)
        >>> one.is_aligned(Grid("EPSG:25832", 300, -200, 100, 50, 50))
        True
        >>> one.is_aligned(Grid("EPSG:25832", 61, 0, 100, 50, 50))
        False
        """
        if self.crs != other.crs:
            return False
        drift = abs(self.cell - other.cell) * max(self.cols, self.rows, other.cols, other.rows)
        apart = [abs(way - self.cell * round(way / self.cell)) for way in self.offset(other)]
        return max(apart) + drift <= ALIGNED_SHARE * self.cell


@dataclass(frozen=True)
class Basis:
    """What a survey tells grassland by: the product if it was named, else the field and the words in it.

    A raster has no field and no words.
    """

    source: str
    field: str | None
    words: Collection[str]
    is_raster: bool

    def is_like(self, other: Basis) -> bool:
        """Return whether grassland means the same in both.

        Products that were named decide. Else both are rasters or both polygons, their fields have the same
        name, and at least one word of grassland stands in both.
        """
        if self.source and other.source:
            return normal_name(self.source) == normal_name(other.source)
        if self.is_raster or other.is_raster:
            return self.is_raster and other.is_raster
        if self.field is None or other.field is None:
            return self.field is other.field
        same = plain_name(self.field)[:10] == plain_name(other.field)[:10]
        return same and bool(set(self.words) & set(other.words))
