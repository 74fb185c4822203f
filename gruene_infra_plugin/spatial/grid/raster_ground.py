"""Engine ``raster_ground``: the ground on which a raster says something, as polygons along its cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from osgeo import gdal, ogr
from qgis.core import QgsGeometry, QgsProcessingFeedback, QgsRectangle

from ..running import check_cancelled
from .zonal import BLOCK, Bools, Floats, Raster

Tile = tuple[int, int]
"""Column and row of a block of cells."""


def ground_where(
    raster: Raster,
    says: Callable[[Floats], Bools],
    near: Iterable[QgsRectangle],
    feedback: QgsProcessingFeedback,
) -> Iterator[QgsGeometry]:
    """Yield disjoint polygons of all cells of which ``says`` holds, in blocks that the boxes ``near`` meet.

    ``says`` gets values of shape (rows, columns), NaN where there are none, and so beyond the raster.
    Memory is bounded by the block.
    """
    for col, row in sorted(_tiles(raster, near)):
        check_cancelled(feedback)
        values, _ = raster.read(col * BLOCK, row * BLOCK, (col + 1) * BLOCK, (row + 1) * BLOCK)
        yield from _outlines(raster, says(values), (col, row))


def _tiles(raster: Raster, near: Iterable[QgsRectangle]) -> set[Tile]:
    side = raster.cell * BLOCK
    tiles: set[Tile] = set()
    for box in near:
        cols = range(int((box.xMinimum() - raster.x) // side), int((box.xMaximum() - raster.x) // side) + 1)
        rows = range(int((raster.y - box.yMaximum()) // side), int((raster.y - box.yMinimum()) // side) + 1)
        tiles.update((col, row) for col in cols for row in rows)
    return tiles


def _outlines(raster: Raster, chosen: Bools, tile: Tile) -> Iterator[QgsGeometry]:
    if not chosen.any():
        return
    x, y = raster.x + tile[0] * BLOCK * raster.cell, raster.y - tile[1] * BLOCK * raster.cell
    grid = gdal.GetDriverByName("MEM").Create("", BLOCK, BLOCK, 1, gdal.GDT_Byte)
    grid.SetGeoTransform((x, raster.cell, 0.0, y, 0.0, -raster.cell))
    band = grid.GetRasterBand(1)
    band.WriteArray(chosen.astype(np.uint8))
    store = ogr.GetDriverByName("Memory").CreateDataSource("")
    outlines = store.CreateLayer("", geom_type=ogr.wkbPolygon)
    gdal.Polygonize(band, band, outlines, -1)
    for feature in outlines:
        shape = QgsGeometry()
        shape.fromWkb(bytes(feature.GetGeometryRef().ExportToWkb(ogr.wkbNDR)))
        yield shape


def holds_between(raster: Raster, low: float, high: float) -> bool:
    """Return whether any value is greater than ``low`` and at most ``high``, read block by block."""
    for top in range(0, raster.rows, BLOCK):
        for left in range(0, raster.cols, BLOCK):
            values, _ = raster.read(left, top, min(left + BLOCK, raster.cols), min(top + BLOCK, raster.rows))
            if np.any((values > low) & (values <= high)):
                return True
    return False


def box_of(raster: Raster) -> QgsRectangle:
    """Return the extent of a raster in its analysis CRS."""
    east, south = raster.x + raster.cols * raster.cell, raster.y - raster.rows * raster.cell
    return QgsRectangle(raster.x, south, east, raster.y)
