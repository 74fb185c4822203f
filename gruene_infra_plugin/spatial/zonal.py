"""Engine ``zonal``: what a raster of any size says about polygons, read window by window.

Polygons are grouped by the block their centre lies in. A group is one window, from the box around its
polygons; a polygon larger than a block is cut into strips of rows. A cell belongs to the polygon that
holds its centre. Memory is bounded by the block, not by the raster.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, ogr, osr
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterLayer,
)
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ..i18n import translate
from .layers import check_cancelled

BLOCK = 1024
"""Side in cells of the blocks by which polygons are grouped; no window is larger than four blocks."""
CACHE_BYTES = 192 << 20
"""What GDAL may keep of a raster while windows are read; its own default is a share of all memory."""
SQUARE_TOLERANCE = 0.01
"""Share by which the sides of a cell may differ [A]."""
SHARED_AREA = "2********"
"""DE-9IM pattern of two polygons that have an area in common."""

Floats = NDArray[np.floating]
Integers = NDArray[np.integer]
Bools = NDArray[np.bool_]


# -- raster ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Raster:
    """One band in the analysis CRS, north up, with square cells of ``cell`` metres.

    ``x`` and ``y`` are the upper left corner. ``scale`` and ``offset`` turn stored numbers into values.
    """

    name: str
    dataset: gdal.Dataset
    band: int
    crs: QgsCoordinateReferenceSystem
    x: float
    y: float
    cell: float
    scale: float = 1.0
    offset: float = 0.0

    @classmethod
    def open(
        cls,
        source: str | QgsRasterLayer,
        name: str,
        crs: QgsCoordinateReferenceSystem,
        feedback: QgsProcessingFeedback,
        *,
        band: int = 1,
        continuous: bool = True,
        finest: float = 0.0,
    ) -> Raster:
        """Open a raster for an analysis in ``crs``, whose unit is the metre.

        One in another CRS is transformed as it is read: bilinear where values are ``continuous``, else by
        the nearest cell. Cells finer than ``finest`` metres are averaged to that size. The log says both.

        Raises
        ------
        QgsProcessingException
            If it cannot be read, has no such band, no CRS, or is not north up.
        """
        dataset, found = _dataset(source, name)
        if not 1 <= band <= dataset.RasterCount:
            message = translate("GrueneInfra", "{raster} has no band {band}.")
            raise QgsProcessingException(message.format(raster=name, band=band))
        _require_place(dataset, found, name)
        stored = dataset.GetRasterBand(band)
        scale, offset = stored.GetScale(), stored.GetOffset()
        dataset = _in_crs(dataset, found, crs, name, "bilinear" if continuous else "near", feedback)
        if _cell_sides(dataset)[0] < finest * (1 - SQUARE_TOLERANCE):
            message = translate("GrueneInfra", "{raster}: cells are averaged to {size} m.")
            feedback.pushInfo(message.format(raster=name, size=f"{finest:g}"))
            dataset = _warped(dataset, crs, crs, name, "average", finest)
        x, cell, _, y, _, _ = dataset.GetGeoTransform()
        return cls(name, dataset, band, crs, x, y, cell, 1.0 if scale is None else scale, offset or 0.0)

    @property
    def cols(self) -> int:
        return self.dataset.RasterXSize

    @property
    def rows(self) -> int:
        return self.dataset.RasterYSize

    def read(self, col: int, row: int, cols: int, rows: int) -> tuple[Floats, Bools]:
        """Return values, NaN where there are none, and which cells are declared as nodata.

        The window, float32 and of shape (rows, cols), may reach beyond the raster.
        """
        values = np.full((rows, cols), np.nan, dtype=np.float32)
        nodata = np.zeros((rows, cols), dtype=bool)
        left, right = max(col, 0), min(col + cols, self.cols)
        top, bottom = max(row, 0), min(row + rows, self.rows)
        if left >= right or top >= bottom:
            return values, nodata
        inside = np.s_[top - row : bottom - row, left - col : right - col]
        stored = self._stored(self.dataset.GetRasterBand(self.band), left, top, right, bottom)
        nodata[inside] = self._declared(stored, left, top, right, bottom)
        part = stored.astype(np.float32, copy=False)
        if (self.scale, self.offset) != (1.0, 0.0):
            part = part * np.float32(self.scale) + np.float32(self.offset)
        values[inside] = part
        values[nodata] = np.nan
        values[np.isinf(values)] = np.nan
        return values, nodata

    def _stored(self, band: gdal.Band, left: int, top: int, right: int, bottom: int) -> NDArray:
        try:
            with _quiet():
                stored = band.ReadAsArray(left, top, right - left, bottom - top)
        except RuntimeError:
            stored = None
        if stored is None:
            message = translate("GrueneInfra", "{raster} cannot be read: {reason}.")
            reason = gdal.GetLastErrorMsg() or "–"
            raise QgsProcessingException(message.format(raster=self.name, reason=reason))
        return stored

    def _declared(self, stored: NDArray, left: int, top: int, right: int, bottom: int) -> Bools | bool:
        band = self.dataset.GetRasterBand(self.band)
        flags, nodata = band.GetMaskFlags(), band.GetNoDataValue()
        if flags & gdal.GMF_ALL_VALID:
            return False
        if flags & gdal.GMF_NODATA and nodata is not None:
            return np.isnan(stored) if np.isnan(nodata) else stored == stored.dtype.type(nodata)
        return self._stored(band.GetMaskBand(), left, top, right, bottom) == 0


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep GDAL from writing errors to the console; they are raised as messages."""
    gdal.PushErrorHandler("CPLQuietErrorHandler")
    try:
        yield
    finally:
        gdal.PopErrorHandler()


def _dataset(source: str | QgsRasterLayer, name: str) -> tuple[gdal.Dataset, QgsCoordinateReferenceSystem]:
    """Return the raster and the CRS that its layer, else its file, says it is in."""
    if isinstance(source, QgsRasterLayer):
        if source.providerType() != "gdal":
            message = translate("GrueneInfra", "{raster} is a web service. Save the area as a file first.")
            raise QgsProcessingException(message.format(raster=name))
        dataset, crs = _opened(source.source()), source.crs()
    else:
        dataset = _opened(source)
        crs = QgsCoordinateReferenceSystem.fromWkt(dataset.GetProjection() if dataset else "")
    if dataset is None or not dataset.RasterCount:
        message = translate("GrueneInfra", "{raster} cannot be read as a raster.")
        raise QgsProcessingException(message.format(raster=name))
    return dataset, crs


def _opened(address: str) -> gdal.Dataset | None:
    try:
        with _quiet():
            return gdal.Open(address.split("|option:")[0])
    except RuntimeError:
        return None


def _require_place(dataset: gdal.Dataset, crs: QgsCoordinateReferenceSystem, name: str) -> None:
    if not crs.isValid():
        message = translate("GrueneInfra", "{raster} has no CRS. Set the one its coordinates are in.")
        raise QgsProcessingException(message.format(raster=name))
    place = dataset.GetGeoTransform(can_return_null=True)
    if place is None or place[2] or place[4] or place[1] <= 0 or place[5] >= 0:
        message = translate(
            "GrueneInfra", "{raster} is turned or has no position. Warp it to north up first."
        )
        raise QgsProcessingException(message.format(raster=name))


def _cell_sides(dataset: gdal.Dataset) -> tuple[float, float]:
    _, across, _, _, _, down = dataset.GetGeoTransform()
    return across, -down


def _osr(crs: QgsCoordinateReferenceSystem) -> osr.SpatialReference:
    """Return the horizontal part of a CRS: heights stay as they are."""
    reference = osr.SpatialReference()
    reference.ImportFromWkt(crs.horizontalCrs().toWkt(Qgis.CrsWktVariant.PreferredGdal))
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return reference


def _same_crs(one: QgsCoordinateReferenceSystem, other: QgsCoordinateReferenceSystem) -> bool:
    return bool(_osr(one).IsSame(_osr(other), ["CRITERION=EQUIVALENT"]))


def _in_crs(
    dataset: gdal.Dataset,
    found: QgsCoordinateReferenceSystem,
    crs: QgsCoordinateReferenceSystem,
    name: str,
    method: str,
    feedback: QgsProcessingFeedback,
) -> gdal.Dataset:
    """Return the raster in ``crs`` and with square cells, as it is where it has both."""
    if not _same_crs(found, crs):
        message = translate("GrueneInfra", "{raster} comes in {found} and is transformed to {crs}.")
        known, wanted = found.userFriendlyIdentifier(), crs.userFriendlyIdentifier()
        feedback.pushInfo(message.format(raster=name, found=known, crs=wanted))
        return _warped(dataset, found, crs, name, method, None)
    across, down = _cell_sides(dataset)
    if abs(across / down - 1) > SQUARE_TOLERANCE:
        return _warped(dataset, found, crs, name, method, min(across, down))
    return dataset


def _warped(
    dataset: gdal.Dataset,
    found: QgsCoordinateReferenceSystem,
    crs: QgsCoordinateReferenceSystem,
    name: str,
    method: str,
    resolution: float | None,
) -> gdal.Dataset:
    """Return a view of the raster in ``crs`` that is computed as it is read; NaN where nothing is."""
    try:
        with _quiet():
            warped = gdal.Warp(
                "",
                dataset,
                format="VRT",
                srcSRS=_osr(found).ExportToWkt(),
                dstSRS=_osr(crs).ExportToWkt(),
                outputType=gdal.GDT_Float32,
                dstNodata="nan",
                resampleAlg=method,
                xRes=resolution,
                yRes=resolution,
            )
    except RuntimeError:
        warped = None
    if warped is None:
        message = translate("GrueneInfra", "{raster} cannot be transformed from {found} to {crs}.")
        raise QgsProcessingException(
            message.format(
                raster=name, found=found.userFriendlyIdentifier(), crs=crs.userFriendlyIdentifier()
            )
        )
    return warped


# -- windows --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Zones:
    """Polygons that share no area, to be burnt into one window."""

    layer: ogr.Layer
    source: ogr.DataSource = field(repr=False)
    corner: tuple[float, float]
    cell: float
    shape: tuple[int, int]
    core: slice

    def centres(self) -> Integers:
        """Return, per cell of the window, the number from 1 of the polygon that holds its centre, else 0."""
        zones = self._burn(*self.corner, self.shape)
        zones[: self.core.start] = 0
        zones[self.core.stop :] = 0
        return zones

    def inset(self, half: int) -> Integers:
        """Return the same where the cell lies at least 1.5 + ``half`` cells inside its polygon, else 0.

        All corners of cells within that distance, rows and columns alike, must lie in the polygon.
        """
        side, corners = 2 * half + 4, self._corners
        uniform = _uniform_squares(corners, side)
        zones = np.zeros(self.shape, dtype=np.int32)
        first = side // 2 - 1
        inner = np.s_[first : first + uniform.shape[0], first : first + uniform.shape[1]]
        np.multiply(corners[: uniform.shape[0], : uniform.shape[1]], uniform, out=zones[inner])
        zones[: self.core.start] = 0
        zones[self.core.stop :] = 0
        return zones

    @cached_property
    def _corners(self) -> Integers:
        (x, y), (rows, cols) = self.corner, self.shape
        return self._burn(x - self.cell / 2, y + self.cell / 2, (rows + 1, cols + 1))

    def _burn(self, x: float, y: float, shape: tuple[int, int]) -> Integers:
        target = gdal.GetDriverByName("MEM").Create("", shape[1], shape[0], 1, gdal.GDT_Int32)
        target.SetGeoTransform((x, self.cell, 0.0, y, 0.0, -self.cell))
        target.SetSpatialRef(self.layer.GetSpatialRef())
        gdal.RasterizeLayer(target, [1], self.layer, options=["ATTRIBUTE=zone"])
        return target.ReadAsArray()


def _uniform_squares(values: Integers, side: int) -> Bools:
    """Return where the square of ``side`` cells, from its upper left one, holds a single number."""
    along = _runs(values[:, 1:] == values[:, :-1], side - 1, axis=1)
    rows = _runs(along, side, axis=0)
    down = _runs(values[1:] == values[:-1], side - 1, axis=0)
    return rows & down[: rows.shape[0], : rows.shape[1]]


def _runs(flags: Bools, length: int, axis: int) -> Bools:
    """Return where ``length`` flags in a row hold, by doubling."""
    flags = np.moveaxis(flags, axis, 0)
    reach = 1
    while reach < length:
        step = min(reach, length - reach)
        flags = flags[: max(0, len(flags) - step)] & flags[step:]
        reach += step
    return np.moveaxis(flags, 0, axis)


@dataclass(frozen=True)
class Window:
    """A part of the raster with the polygons ``numbers`` that are measured in it.

    ``values`` is float32 of shape (rows, cols), NaN where nothing is known; ``nodata`` says which of these
    the raster declares so. The zone k + 1 of ``passes`` is polygon ``numbers[k]``; polygons that overlap
    are in different passes, so that each has all its cells. ``is_strip`` says that the window holds only
    some rows of one polygon.
    """

    values: Floats
    nodata: Bools
    numbers: Integers
    passes: tuple[Zones, ...]
    is_strip: bool


def windows(
    raster: Raster,
    polygons: Sequence[QgsGeometry],
    margin: int,
    feedback: QgsProcessingFeedback,
) -> Iterator[Window]:
    """Yield windows that together hold every polygon that reaches into the raster's box.

    ``margin`` is how many cells a window reaches beyond its polygons, and beyond its rows where a polygon
    is cut into strips: at least 1. Says how far it is; raises when cancelled.
    """
    boxes = _cell_boxes(raster, polygons)
    done = 0
    with _bounded_cache():
        for numbers in _groups(raster, boxes):
            left, top = boxes[numbers, :2].min(axis=0)
            right, bottom = boxes[numbers, 2:].max(axis=0)
            passes = _passes(polygons, boxes, numbers)
            layers = [_layer(polygons, numbers, chosen, raster.crs) for chosen in passes]
            height = max(1, (2 * BLOCK) ** 2 // (right - left))
            for first in range(top, bottom, height):
                check_cancelled(feedback)
                box = (left, first, right, min(first + height, bottom))
                yield _window(raster, box, margin, numbers, layers, height < bottom - top)
            done += len(numbers)
            feedback.setProgress(100.0 * done / len(polygons))


def _window(
    raster: Raster,
    box: tuple[int, int, int, int],
    margin: int,
    numbers: Integers,
    layers: list[tuple[ogr.DataSource, ogr.Layer]],
    is_strip: bool,
) -> Window:
    left, top, right, bottom = box
    col, row = int(left - margin), int(top - margin)
    shape = (int(bottom - top + 2 * margin), int(right - left + 2 * margin))
    values, nodata = raster.read(col, row, shape[1], shape[0])
    corner = (raster.x + col * raster.cell, raster.y - row * raster.cell)
    core = slice(margin, shape[0] - margin)
    zones = tuple(Zones(layer, source, corner, raster.cell, shape, core) for source, layer in layers)
    return Window(values, nodata, numbers, zones, is_strip)


@contextmanager
def _bounded_cache() -> Iterator[None]:
    before = gdal.GetCacheMax()
    gdal.SetCacheMax(min(before, CACHE_BYTES))
    try:
        yield
    finally:
        gdal.SetCacheMax(before)


def _cell_boxes(raster: Raster, polygons: Sequence[QgsGeometry]) -> Integers:
    """Return first column and row and, exclusive, last column and row of each polygon; zeros for none."""
    boxes = np.zeros((len(polygons), 4), dtype=np.int64)
    for number, polygon in enumerate(polygons):
        if not polygon.isEmpty():
            box = polygon.boundingBox()
            boxes[number] = (
                np.floor((box.xMinimum() - raster.x) / raster.cell),
                np.floor((raster.y - box.yMaximum()) / raster.cell),
                np.ceil((box.xMaximum() - raster.x) / raster.cell),
                np.ceil((raster.y - box.yMinimum()) / raster.cell),
            )
    return boxes


def _groups(raster: Raster, boxes: Integers) -> Iterator[Integers]:
    """Yield the numbers of the polygons of each block, by rows of blocks, then each large polygon."""
    left, top, right, bottom = boxes.T
    meets = (
        (right > left)
        & (bottom > top)
        & (right > 0)
        & (bottom > 0)
        & (left < raster.cols)
        & (top < raster.rows)
    )
    large = (right - left > BLOCK) | (bottom - top > BLOCK)
    small = np.flatnonzero(meets & ~large)
    block_row, block_col = (top + bottom)[small] // (2 * BLOCK), (left + right)[small] // (2 * BLOCK)
    order = np.lexsort((small, block_col, block_row))
    changes = (np.diff(block_row[order]) != 0) | (np.diff(block_col[order]) != 0)
    if len(small):
        yield from np.split(small[order], np.flatnonzero(changes) + 1)
    for number in np.flatnonzero(meets & large):
        yield np.array([number])


def _passes(polygons: Sequence[QgsGeometry], boxes: Integers, numbers: Integers) -> list[list[int]]:
    """Distribute the polygons of a group, by position, over passes in which none overlaps another."""
    conflicts: dict[int, set[int]] = defaultdict(set)
    for one, other in _box_pairs(boxes[numbers]):
        if _share_area(polygons[numbers[one]], polygons[numbers[other]]):
            conflicts[one].add(other)
            conflicts[other].add(one)
    pass_of: dict[int, int] = {}
    found: list[list[int]] = []
    for position in range(len(numbers)):
        taken = {pass_of.get(other) for other in conflicts.get(position, ())}
        free = next(number for number in range(len(taken) + 1) if number not in taken)
        pass_of[position] = free
        if free == len(found):
            found.append([])
        found[free].append(position)
    return found


def _box_pairs(boxes: Integers) -> Iterator[tuple[int, int]]:
    """Yield the pairs of boxes that overlap, by a sweep along the columns."""
    order = np.argsort(boxes[:, 0], kind="stable")
    left, top, right, bottom = boxes[order].T
    stop = np.searchsorted(left, right)
    counts = stop - np.arange(len(order)) - 1
    one = np.repeat(np.arange(len(order)), counts)
    other = np.arange(len(one)) - np.repeat(np.cumsum(counts) - counts, counts) + one + 1
    meets = (top[one] < bottom[other]) & (top[other] < bottom[one])
    yield from zip(order[one[meets]].tolist(), order[other[meets]].tolist(), strict=True)


def _share_area(one: QgsGeometry, other: QgsGeometry) -> bool:
    if not one.boundingBoxIntersects(other):
        return False
    engine = QgsGeometry.createGeometryEngine(one.constGet())
    return engine.relatePattern(other.constGet(), SHARED_AREA)


def _layer(
    polygons: Sequence[QgsGeometry],
    numbers: Integers,
    positions: Sequence[int],
    crs: QgsCoordinateReferenceSystem,
) -> tuple[ogr.DataSource, ogr.Layer]:
    """Return an OGR layer of some polygons of a group with their zone; its source keeps it alive."""
    driver = ogr.GetDriverByName("Memory") or ogr.GetDriverByName("MEM")
    source = driver.CreateDataSource("")
    layer = source.CreateLayer("zones", _osr(crs), ogr.wkbUnknown)
    layer.CreateField(ogr.FieldDefn("zone", ogr.OFTInteger))
    definition = layer.GetLayerDefn()
    for position in positions:
        feature = ogr.Feature(definition)
        feature.SetField(0, position + 1)
        feature.SetGeometryDirectly(ogr.CreateGeometryFromWkb(polygons[numbers[position]].asWkb().data()))
        layer.CreateFeature(feature)
    return source, layer


# -- what is counted ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ZonalStatistics:
    """Per polygon, arrays of shape (n,).

    ``cells`` have their centre in the polygon, ``count`` of them hold a value, ``nodata`` of them are
    declared as nodata; the others are NaN or lie outside the raster. ``mean``, ``minimum`` and ``maximum``
    are NaN where ``count`` is 0. A polygon wholly outside the raster, or so small that it holds no cell
    centre, has no cells.
    """

    cells: Integers
    count: Integers
    nodata: Integers
    mean: Floats
    minimum: Floats
    maximum: Floats

    @property
    def cover(self) -> Floats:
        """Share (0 to 1) of the cells that hold a value; 0 where there are no cells."""
        return self.count / np.maximum(self.cells, 1)


def zonal_statistics(
    raster: Raster, polygons: Sequence[QgsGeometry], feedback: QgsProcessingFeedback
) -> ZonalStatistics:
    """Count and sum the cells of each polygon; polygons may overlap."""
    total = len(polygons)
    cells, count, nodata = np.zeros((3, total), dtype=np.int64)
    weight = np.zeros(total)
    low, high = np.full(total, np.inf), np.full(total, -np.inf)
    for window in windows(raster, polygons, 1, feedback):
        values, declared, numbers = window.values.ravel(), window.nodata.ravel(), window.numbers
        for zones in window.passes:
            inside, zone = cells_of(zones.centres())
            found = values[inside]
            known = ~np.isnan(found)
            cells[numbers] += np.bincount(zone, minlength=len(numbers))
            nodata[numbers] += np.bincount(zone[declared[inside]], minlength=len(numbers))
            zone, found = zone[known], found[known]
            count[numbers] += np.bincount(zone, minlength=len(numbers))
            weight[numbers] += np.bincount(zone, weights=found, minlength=len(numbers))
            if len(zone):
                present, starts, found = _sorted_by_zone(zone, found)
                chosen = numbers[present]
                low[chosen] = np.minimum(low[chosen], np.minimum.reduceat(found, starts))
                high[chosen] = np.maximum(high[chosen], np.maximum.reduceat(found, starts))
    some = count > 0
    mean = np.divide(weight, count, out=np.full(total, np.nan), where=some)
    return ZonalStatistics(
        cells, count, nodata, mean, np.where(some, low, np.nan), np.where(some, high, np.nan)
    )


def cells_of(zones: Integers) -> tuple[Integers, Integers]:
    """Return the positions, in the flattened window, of the cells in any zone, and their zone from 0."""
    flat = zones.ravel()
    cells = np.flatnonzero(flat != 0)  # of flags it is several times as fast as of numbers
    return cells, flat[cells] - 1


def _sorted_by_zone(zone: Integers, values: Floats) -> tuple[Integers, Integers, Floats]:
    """Return the zones there are, where each starts in the sorted values, and these."""
    order = np.argsort(zone, kind="stable")
    zone = zone[order]
    starts = np.flatnonzero(np.r_[True, np.diff(zone) != 0])
    return zone[starts], starts, values[order]


def connected_patches(cells: Integers, zone: Integers, shape: tuple[int, ...], *, diagonal: bool) -> Integers:
    """Label the connected patches of some cells of a window, never across zones.

    Parameters
    ----------
    cells : positions in the flattened window, ascending, shape (m,); none in its outermost rows or columns.
    zone : zone of each, shape (m,).
    shape : rows and columns of the window.
    diagonal : whether cells that touch by a corner are connected.

    Returns
    -------
    Number of the patch of each cell, from 0, shape (m,).

    Runs along the rows are found first and then joined from row to row, so that the cost is that of the
    cells and not of the window.
    """
    if not len(cells):
        return cells
    starts = np.r_[True, (np.diff(cells) != 1) | (np.diff(zone) != 0)]
    run = np.cumsum(starts) - 1
    position = np.full(shape[0] * shape[1], -1, dtype=np.int32)
    position[cells] = np.arange(len(cells), dtype=np.int32)
    edges = []
    for step in (-1, 0, 1) if diagonal else (0,):
        below = position[cells + (shape[1] + step)]
        joined = np.flatnonzero(below >= 0)
        joined = joined[zone[joined] == zone[below[joined]]]
        pairs = np.stack([run[joined], run[below[joined]]])
        edges.append(pairs[:, np.r_[True, np.any(np.diff(pairs) != 0, axis=0)][: pairs.shape[1]]])
    upper, lower = np.concatenate(edges, axis=1)
    links = coo_matrix((np.ones(len(upper), dtype=bool), (upper, lower)), shape=(run[-1] + 1, run[-1] + 1))
    return connected_components(links, directed=False)[1][run]
