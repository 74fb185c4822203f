"""Grids of the town centre: the ground, patterns, polygons as cells, and writing GeoTIFF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from osgeo import gdal, ogr, osr

from . import plan
from .geometry import Geometry, Points, polygon, random_for

Values = NDArray[np.float32]
STEP = 1 / 64  # values are multiples of it: 1.6 cm, and short numbers in binary
NODATA = -9999.0
CREATION = ["TILED=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "COMPRESS=DEFLATE", "ZLEVEL=9"]


@dataclass(frozen=True)
class Grid:
    """Square cells in plan metres; row 0 is the northernmost."""

    west: int
    south: int
    width: int
    height: int
    cell: float

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return round(self.height / self.cell), round(self.width / self.cell)

    @property
    def area(self) -> int:
        """The covered area in m²."""
        return self.width * self.height

    @property
    def outline(self) -> Geometry:
        """The covered rectangle."""
        east, north = self.west + self.width, self.south + self.height
        return polygon([(self.west, self.south), (east, self.south), (east, north), (self.west, north)])

    def holds(self, x: float, y: float) -> bool:
        """Return whether a place lies on the grid."""
        return self.west <= x < self.west + self.width and self.south <= y < self.south + self.height

    def cell_of(self, x: float, y: float) -> tuple[int, int]:
        """Return row and column of the cell that holds a place of the grid."""
        rows, columns = self.shape
        row, column = int((self.south + self.height - y) / self.cell), int((x - self.west) / self.cell)
        return min(row, rows - 1), min(column, columns - 1)

    def window(self, x: float, y: float, radius: float) -> tuple[slice, slice]:
        """Return the rows and columns within ``radius`` metres of a place, cut at the grid's rim."""
        rows, columns = self.shape
        north = self.south + self.height
        top, bottom = (north - y - radius) / self.cell, (north - y + radius) / self.cell
        first, last = (x - self.west - radius) / self.cell, (x - self.west + radius) / self.cell
        return (
            slice(max(0, int(top)), min(rows, int(bottom) + 1)),
            slice(max(0, int(first)), min(columns, int(last) + 1)),
        )

    def places(self, rows: slice = slice(None), columns: slice = slice(None)) -> tuple[Points, Points]:
        """Return x and y of the cell centres as arrays that broadcast to the window."""
        count = self.shape
        x = self.west + (np.arange(count[1])[columns] + 0.5) * self.cell
        y = self.south + self.height - (np.arange(count[0])[rows] + 0.5) * self.cell
        return x[None, :], y[:, None]


def terrain(x: ArrayLike, y: ArrayLike) -> Points:
    """Return the height of the ground in metres: a slope to the river with the old core on a low mound."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    slope = 56.0 - 0.0085 * (y - 1790)
    mound = 1.8 * np.exp(-(((x - plan.CORE[0]) / 190) ** 2) - ((y - plan.CORE[1]) / 130) ** 2)
    return slope + mound + 0.35 * np.sin(x / 83 + 0.7) * np.cos(y / 97) + 0.12 * np.sin((x + 2 * y) / 41)


def pattern(grid: Grid, name: str, size: float) -> Points:
    """Return an even random pattern in [0, 1] with patches of about ``size`` metres."""
    rng = random_for("pattern " + name)
    rows, columns = (int(np.ceil(length / size)) + 2 for length in (grid.height, grid.width))
    knots = rng.random((rows, columns))
    across = (np.arange(grid.shape[1]) + 0.5) * grid.cell / size
    down = (np.arange(grid.shape[0]) + 0.5) * grid.cell / size
    wide = np.stack([np.interp(across, np.arange(columns), row) for row in knots])
    smooth = np.stack([np.interp(down, np.arange(rows), column) for column in wide.T], axis=1)
    return np.argsort(np.argsort(smooth, axis=None), axis=None).reshape(grid.shape) / smooth.size


def burnt(grid: Grid, areas: Iterable[Geometry]) -> NDArray[np.int32]:
    """Return for each cell the position, from 1, of the area that holds its centre; 0 for none."""
    raster = gdal.GetDriverByName("MEM").Create("", grid.shape[1], grid.shape[0], 1, gdal.GDT_Int32)
    raster.SetGeoTransform((grid.west, grid.cell, 0, grid.south + grid.height, 0, -grid.cell))
    raster.SetProjection(_reference().ExportToWkt())
    source = ogr.GetDriverByName("Memory").CreateDataSource("")
    table = source.CreateLayer("areas", _reference(), ogr.wkbPolygon)
    table.CreateField(ogr.FieldDefn("number", ogr.OFTInteger))
    for number, area in enumerate(areas, start=1):
        feature = ogr.Feature(table.GetLayerDefn())
        feature.SetField(0, number)
        feature.SetGeometry(area)
        table.CreateFeature(feature)
    gdal.RasterizeLayer(raster, [1], table, options=["ATTRIBUTE=number"])
    return raster.ReadAsArray()


def _reference() -> osr.SpatialReference:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(plan.EPSG)
    return reference


def write_raster(path: Path, grid: Grid, values: Values, description: str) -> None:
    """Write ``values`` to a tiled, compressed GeoTIFF in the reference system of the plan.

    Raises ``RuntimeError`` where GDAL cannot write the file.
    """
    gdal.UseExceptions()
    path.unlink(missing_ok=True)
    rows, columns = grid.shape
    raster = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 1, gdal.GDT_Float32, CREATION)
    raster.SetProjection(_reference().ExportToWkt())
    west, north = plan.ORIGIN[0] + grid.west, plan.ORIGIN[1] + grid.south + grid.height
    raster.SetGeoTransform((west, grid.cell, 0, north, 0, -grid.cell))
    band = raster.GetRasterBand(1)
    band.SetDescription(description)
    band.SetNoDataValue(NODATA)
    band.WriteArray(values)


def stepped(values: Points) -> Values:
    """Return ``values`` rounded to whole steps."""
    return (np.round(values / STEP) * STEP).astype(np.float32)
