"""Engine ``zonal``: what a raster of any size says about polygons, read window by window.

Polygons are grouped by the block their centre lies in. A group is one window, from the box around its
polygons; a polygon larger than a block is cut into strips of rows. A cell belongs to every polygon that
holds its centre: polygons may overlap. Memory is bounded by the block, not by the raster.

Polygons become cells by scan lines, all of a window at once. Each polygon has a place of its own in one
flat array, its box with a rim; the places of its cells tell which of them are neighbours.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from osgeo import gdal, osr
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterLayer,
)
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from ...i18n import translate
from ...methods.geometry.intervals import merged
from ..geometry.vertices import ranges, ring_bytes
from ..running import check_cancelled

BLOCK = 1024
"""Side in cells of the blocks by which polygons are grouped; no window is larger than four blocks."""
AHEAD = 2
"""How many windows are read ahead of the one that is measured."""
CACHE_BYTES = 192 << 20
"""What GDAL may keep of a raster while windows are read; its own default is a share of all memory."""
SQUARE_TOLERANCE = 0.01
"""Share by which the sides of a cell may differ [A]."""
NODATA_TOLERANCE = 1e-6
"""Share by which a stored number may differ from one that is declared as nodata: single precision."""
LEAST, FURTHEST = 1e-30, 1e300
"""Numbers nearer to 0, and further from it, than any that a raster holds."""

Floats = NDArray[np.floating]
Integers = NDArray[np.integer]
Bools = NDArray[np.bool_]
Prepared = TypeVar("Prepared")


# -- raster ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Raster:
    """One band in the analysis CRS, north up, with square cells of ``cell`` metres.

    It is ``band`` of ``source``, which may have others; ``dataset`` holds it alone, transformed.
    ``x`` and ``y`` are the upper left corner. ``scale`` and ``offset`` turn stored numbers into values.
    Where values are computed from several stored ones, ``nearest`` has the same cells, each with the
    stored value next to it.
    """

    name: str
    source: gdal.Dataset
    band: int
    dataset: gdal.Dataset
    crs: QgsCoordinateReferenceSystem
    x: float
    y: float
    cell: float
    scale: float = 1.0
    offset: float = 0.0
    nearest: Raster | None = None

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
        What a layer declares as nodata counts beside what its file does.

        Raises
        ------
        QgsProcessingException
            If it cannot be read, has no such band, no CRS, or is not north up.
        """
        whole, found = _dataset(source, name)
        if not 1 <= band <= whole.RasterCount:
            message = translate("GrueneInfra", "{raster} has no band {band}.")
            raise QgsProcessingException(message.format(raster=name, band=band))
        _require_place(whole, found, name)
        stored = whole.GetRasterBand(band)
        scale, offset = stored.GetScale() or 1.0, stored.GetOffset() or 0.0
        nodata = (
            Nodata.of_layer(source, band, scale, offset) if isinstance(source, QgsRasterLayer) else Nodata()
        )
        alone = _one_band(whole, band, nodata)
        dataset = _in_crs(alone, found, crs, name, "bilinear" if continuous else "near", feedback)
        if _cell_sides(dataset)[0] < finest * (1 - SQUARE_TOLERANCE):
            message = translate("GrueneInfra", "{raster}: cells are averaged to {size} m.")
            feedback.pushInfo(message.format(raster=name, size=f"{finest:g}"))
            dataset = _warped(dataset, crs, crs, name, "average", resolution=finest)
        x, cell, _, y, _, _ = dataset.GetGeoTransform()
        opened = cls(name, whole, band, dataset, crs, x, y, cell, scale, offset)
        if not continuous or dataset is alone:
            return opened
        nearest = _warped(alone, found, crs, name, "near", like=dataset)
        return replace(opened, nearest=replace(opened, dataset=nearest))

    @property
    def cols(self) -> int:
        return self.dataset.RasterXSize

    @property
    def rows(self) -> int:
        return self.dataset.RasterYSize

    def read(self, left: int, top: int, right: int, bottom: int) -> tuple[Floats, Bools]:
        """Return values, NaN where there are none, and which cells are declared as nodata.

        The window from a first to, exclusive, a last column and row may reach beyond the raster; values
        are float32, both of shape (rows, cols).
        """
        shape = (bottom - top, right - left)
        col, row, col_end, row_end = max(left, 0), max(top, 0), min(right, self.cols), min(bottom, self.rows)
        if col >= col_end or row >= row_end:
            return np.full(shape, np.nan, dtype=np.float32), np.zeros(shape, dtype=bool)
        stored = self._stored(self.dataset.GetRasterBand(1), col, row, col_end, row_end)
        nodata = self._declared(stored, col, row, col_end, row_end)
        values = stored.astype(np.float32, copy=False)
        if (self.scale, self.offset) != (1.0, 0.0):
            values = values * np.float32(self.scale) + np.float32(self.offset)
        values[nodata | np.isinf(values)] = np.nan
        if values.shape == shape:
            return values, nodata
        beyond = (row - top, bottom - row_end), (col - left, right - col_end)
        return np.pad(values, beyond, constant_values=np.nan), np.pad(nodata, beyond)

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

    def _declared(self, stored: NDArray, left: int, top: int, right: int, bottom: int) -> Bools:
        band = self.dataset.GetRasterBand(1)
        flags, nodata = band.GetMaskFlags(), band.GetNoDataValue()
        if flags & gdal.GMF_ALL_VALID:
            return np.zeros(stored.shape, dtype=bool)
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
        return _warped(dataset, found, crs, name, method)
    across, down = _cell_sides(dataset)
    if abs(across / down - 1) > SQUARE_TOLERANCE:
        return _warped(dataset, found, crs, name, method, resolution=min(across, down))
    return dataset


def _warped(
    dataset: gdal.Dataset,
    found: QgsCoordinateReferenceSystem,
    crs: QgsCoordinateReferenceSystem,
    name: str,
    method: str,
    *,
    resolution: float | None = None,
    like: gdal.Dataset | None = None,
) -> gdal.Dataset:
    """Return a view of the raster in ``crs`` that is computed as it is read; NaN where nothing is.

    Its cells have the side ``resolution``, or are those of the raster ``like``.
    """
    grid = {"xRes": resolution, "yRes": resolution} if like is None else _grid(like)
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
                **grid,
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


def _grid(dataset: gdal.Dataset) -> dict[str, object]:
    """Return the options of a transformation to the cells of a raster."""
    x, across, _, y, _, down = dataset.GetGeoTransform()
    cols, rows = dataset.RasterXSize, dataset.RasterYSize
    return {"outputBounds": (x, y + rows * down, x + cols * across, y), "width": cols, "height": rows}


# -- nodata ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nodata:
    """What a layer of QGIS says about nodata: ``ranges`` of stored numbers, and whether its file's counts."""

    ranges: tuple[tuple[float, float], ...] = ()
    of_file: bool = True

    @classmethod
    def of_layer(cls, layer: QgsRasterLayer, band: int, scale: float, offset: float) -> Nodata:
        """Read what is set in the properties of a layer, which speaks of values and not of stored numbers."""
        data = layer.dataProvider()
        ranges = []
        for given in data.userNoDataValues(band):
            ends = [_finite(given.min(), -FURTHEST), _finite(given.max(), FURTHEST)]
            low, high = sorted((end - offset) / scale for end in ends)
            ranges.append((low - _tolerance(low), high + _tolerance(high)))
        return cls(tuple(merged(sorted(ranges))), data.useSourceNoDataValue(band))

    def lookup(self) -> str:
        """Return the table by which GDAL turns stored numbers into a mask: 0 in the ranges, else 255."""
        steps = [(-FURTHEST, 255), (FURTHEST, 255)]
        for low, high in self.ranges:
            before, after = math.nextafter(low, -math.inf), math.nextafter(high, math.inf)
            steps[-1:-1] = [(before, 255), (low, 0), (high, 0), (after, 255)]
        return ",".join(f"{value!r}:{mask}" for value, mask in steps)


def _finite(end: float, unlimited: float) -> float:
    return end if math.isfinite(end) else unlimited


def _tolerance(end: float) -> float:
    """Return what single precision may make of a number that was typed in."""
    return NODATA_TOLERANCE * abs(end) + LEAST


def _one_band(dataset: gdal.Dataset, band: int, nodata: Nodata) -> gdal.Dataset:
    """Return a raster of that band alone, its mask by its file and by ``nodata``; as it is if it is that."""
    if dataset.RasterCount == 1 and nodata == Nodata():
        return dataset
    alone = gdal.Translate("", dataset, format="VRT", bandList=[band], noData="none", maskBand="none")
    alone.CreateMaskBand(gdal.GMF_PER_DATASET)
    mask = alone.GetRasterBand(1).GetMaskBand()
    file = f'<SourceFilename relativeToVRT="0">{html.escape(dataset.GetDescription())}</SourceFilename>'
    sources = [f"<SourceBand>{band}</SourceBand><LUT>{nodata.lookup()}</LUT>"]
    if nodata.of_file or not dataset.GetRasterBand(band).GetMaskFlags() & gdal.GMF_NODATA:
        sources.append(f"<SourceBand>mask,{band}</SourceBand><NODATA>255</NODATA>")
    for number, source in enumerate(sources):
        xml = f"<ComplexSource>{file}{source}</ComplexSource>"
        mask.SetMetadataItem(f"source_{number}", xml, "new_vrt_sources")
    return alone


# -- polygons as cells ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outlines:
    """Edges of all polygons in cells of the raster, columns from its left and rows from its top.

    ``edges`` has shape (m, 4): x and y of both ends. Those of polygon k begin at ``first[k]``; ``boxes`` are
    first column and row and, exclusive, last column and row, all 0 for a polygon without area.
    """

    edges: Floats
    first: Integers
    boxes: Integers

    @classmethod
    def of(cls, raster: Raster, polygons: Sequence[QgsGeometry]) -> Outlines:
        """Read the rings of the polygons."""
        rings = [ring_bytes(polygon) for polygon in polygons]
        lengths = np.array([len(ring) // 16 for several in rings for ring in several], dtype=np.int64)
        points = np.frombuffer(b"".join(ring for several in rings for ring in several), dtype="<f8")
        points = (points.reshape(-1, 2) - (raster.x, raster.y)) / (raster.cell, -raster.cell)
        begins = ranges(np.cumsum(lengths) - lengths, lengths - 1)
        edges = np.hstack([points[begins], points[begins + 1]])
        per_ring = np.r_[0, np.cumsum(lengths - 1)]
        first = per_ring[np.r_[0, np.cumsum([len(several) for several in rings], dtype=np.int64)]]
        boxes = np.zeros((len(polygons), 4), dtype=np.int64)
        some = np.flatnonzero(np.diff(first))
        if len(some):
            corners = edges[:, :2]
            boxes[some, :2] = np.floor(np.minimum.reduceat(corners, first[some]))
            boxes[some, 2:] = np.ceil(np.maximum.reduceat(corners, first[some]))
        return cls(edges, first, boxes)


@dataclass(frozen=True)
class Cells:
    """Some cells of polygons in a window; arrays of shape (m,), ordered by ``place``.

    ``index`` is the position in the flattened window, ``zone`` the polygon's position among the window's
    numbers, ``place`` the position in the polygons' own array of ``size`` places, where the rows of each
    polygon follow each other at the distance ``pitches[zone]``.
    """

    index: Integers
    zone: Integers
    place: Integers
    pitches: Integers
    size: int

    def __len__(self) -> int:
        return len(self.index)

    @property
    def pitch(self) -> Integers:
        """Distance to the place in the row below, shape (m,)."""
        return self.pitches[self.zone]

    def where(self, chosen: Bools) -> Cells:
        """Return the chosen ones of the cells."""
        at = np.flatnonzero(chosen)
        if len(at) == len(self):
            return self
        return Cells(self.index[at], self.zone[at], self.place[at], self.pitches, self.size)

    def positions(self) -> Integers:
        """Return an array over all places that tells the number of the cell there, else -1."""
        found = np.full(self.size, -1, dtype=np.int32)
        found[self.place] = np.arange(len(self), dtype=np.int32)
        return found


def side_by_side(several: Sequence[Cells]) -> Cells:
    """Return cells of the same polygons as those of so many times as many polygons, one set after another."""
    pitches, size = several[0].pitches, several[0].size
    return Cells(
        np.concatenate([cells.index for cells in several]),
        np.concatenate([cells.zone + number * len(pitches) for number, cells in enumerate(several)]),
        np.concatenate([cells.place + number * size for number, cells in enumerate(several)]),
        np.tile(pitches, len(several)),
        size * len(several),
    )


@dataclass(frozen=True)
class _Spans:
    """Runs inside polygons along rows: first place, length, zone, and index of the first in the window."""

    place: Integers
    length: Integers
    zone: Integers
    index: Integers

    def where(self, chosen: Bools) -> _Spans:
        """Return the chosen ones of the runs."""
        return _Spans(self.place[chosen], self.length[chosen], self.zone[chosen], self.index[chosen])


class Footprints:
    """The polygons of one window as cells.

    ``box`` is the window: first column and row and, exclusive, last ones. Its outermost ``margin`` rows are
    not measured; cells may be asked to lie so far inside.
    """

    def __init__(
        self, outlines: Outlines, numbers: Integers, box: tuple[int, int, int, int], margin: int
    ) -> None:
        self._box = box
        self._margin = margin
        left, top, right, bottom = np.clip(outlines.boxes[numbers].T, *_limits(box))
        self._left, self._top = left - 1, top - 1
        self._pitch = right - left + 2
        self._rows = (
            bottom - top + 2 + 2 * margin
        )  # blank ones below, so that no run reaches the next polygon
        sizes = self._rows * self._pitch
        self._offset = np.cumsum(sizes) - sizes
        self._size = int(sizes.sum())
        first = outlines.first[numbers]
        counts = outlines.first[numbers + 1] - first
        self._edges = outlines.edges[ranges(first, counts)]
        self._zone = np.repeat(np.arange(len(numbers)), counts)
        self._centres = self._in_core(self._spans(0.5))

    def sizes(self) -> Integers:
        """Return how many cells have their centre in each polygon."""
        spans = self._centres
        return np.bincount(spans.zone, spans.length, len(self._pitch)).astype(np.int64)

    def cells(self, wanted: Bools | None = None) -> Cells:
        """Return the cells whose centre lies in the polygons, or only in those ``wanted`` of the window."""
        spans = self._centres
        return self._cells(spans if wanted is None else spans.where(wanted[spans.zone]))

    def inset(self, half: int, wanted: Bools | None = None) -> Cells:
        """Return the cells at least 1.5 + ``half`` cells inside: all corners so near lie in the polygon.

        ``wanted`` says per polygon of the window whether it is looked at.
        """
        side = 2 * half + 4
        spans = self._corners.where(self._corners.length >= side)
        if wanted is not None:
            spans = spans.where(wanted[spans.zone])
        place, end, zone = spans.place, spans.place + spans.length - side + 1, spans.zone
        reach = 1
        while reach < side:  # what holds in so many rows below each other, by doubling
            step = min(reach, side - reach)
            down = step * self._pitch[zone]
            first, counts = _meeting(place + down, end + down, place, end)
            upper, lower = np.repeat(np.arange(len(place)), counts), ranges(first, counts)
            place = np.maximum(place[upper], place[lower] - down[upper])
            end = np.minimum(end[upper], end[lower] - down[upper])
            zone = zone[upper]
            reach += step
        place, length = place + (half + 1) * (self._pitch[zone] + 1), end - place
        return self._cells(self._in_core(_Spans(place, length, zone, self._index(place, zone))))

    def _cells(self, spans: _Spans) -> Cells:
        place, index = ranges(spans.place, spans.length), ranges(spans.index, spans.length)
        return Cells(index, np.repeat(spans.zone, spans.length), place, self._pitch, self._size)

    @cached_property
    def _corners(self) -> _Spans:
        return self._spans(0.0)

    def _spans(self, centre: float) -> _Spans:
        """Return the runs inside polygons, of cells or of corners of cells.

        Rows are sampled at ``centre`` below their upper edge, cells as far from their left one. Where scan
        lines enter and leave is sorted along the array of places, so that pairs are runs.
        """
        x, y, x_end, y_end = self._edges.T
        top, left, pitch = self._top[self._zone], self._left[self._zone], self._pitch[self._zone]
        rows = self._rows[self._zone] - 2 * self._margin
        first = np.clip(np.ceil(np.minimum(y, y_end) - centre), top, top + rows).astype(np.int64)
        last = np.clip(np.ceil(np.maximum(y, y_end) - centre), top, top + rows).astype(np.int64)
        counts = last - first
        edge = np.repeat(np.arange(len(x)), counts)
        row = ranges(first, counts)
        with np.errstate(divide="ignore", invalid="ignore"):
            run = (x_end - x) / (y_end - y)  # of level edges, which no scan line crosses, undefined
        across = x[edge] + (row + centre - y[edge]) * run[edge]
        across = np.clip(across, (left + 1)[edge], (left + pitch - 1)[edge])  # rounding errors aside
        base = self._offset[self._zone] - top * pitch - left
        places = np.ceil(np.sort(base[edge] + row * pitch[edge] + across, kind="stable") - centre)
        place, end = places.reshape(-1, 2).astype(np.int64).T
        zone = self._zone[edge[::2]]  # of every polygon, scan lines cross an even number of edges
        return _Spans(place, end - place, zone, self._index(place, zone))

    def _index(self, place: Integers, zone: Integers) -> Integers:
        """Return the positions in the flattened window of some places."""
        row, col = np.divmod(place - self._offset[zone], self._pitch[zone])
        left, top, right, _ = self._box
        return (row + self._top[zone] - top) * (right - left) + col + self._left[zone] - left

    def _in_core(self, spans: _Spans) -> _Spans:
        left, top, right, bottom = self._box
        rim, last = self._margin * (right - left), (bottom - top - self._margin) * (right - left)
        return spans.where((spans.index >= rim) & (spans.index < last))


def _meeting(
    start: Integers, end: Integers, other_start: Integers, other_end: Integers
) -> tuple[Integers, Integers]:
    """Return for each run the number of the first of the others that it meets, and how many it meets.

    Runs go from ``start`` to, exclusive, ``end``. None is empty; the others ascend and are disjoint.
    """
    first = np.searchsorted(other_end, start, side="right")
    return first, np.searchsorted(other_start, end) - first


def _limits(box: tuple[int, int, int, int]) -> tuple[NDArray, NDArray]:
    left, top, right, bottom = box
    return np.array([[left], [top], [left], [top]]), np.array([[right], [bottom], [right], [bottom]])


# -- windows --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """A part of the raster with the polygons ``numbers`` that are measured in it.

    ``values`` is float32 of shape (rows, cols), NaN where nothing is known; ``nodata`` says which of these
    the raster declares so; ``stored`` are the values before any transformation, so that those are alike
    which are alike in the source. ``is_strip`` says that the window holds only some rows of one polygon.
    """

    values: Floats
    nodata: Bools
    stored: Floats
    numbers: Integers
    footprints: Footprints
    is_strip: bool


def windows(
    raster: Raster, polygons: Sequence[QgsGeometry], margin: int, feedback: QgsProcessingFeedback
) -> Iterator[Window]:
    """Yield windows that together hold every polygon that reaches into the raster's box.

    ``margin`` is how many cells a window reaches beyond its polygons, and beyond its rows where a polygon
    is cut into strips: at least 1. Says how far it is; raises when cancelled.
    """
    return prepared_windows(raster, polygons, margin, feedback, lambda window: window)


def prepared_windows(
    raster: Raster,
    polygons: Sequence[QgsGeometry],
    margin: int,
    feedback: QgsProcessingFeedback,
    prepare: Callable[[Window], Prepared],
) -> Iterator[Prepared]:
    """Yield what ``prepare`` makes of each of the :func:`windows`, made while those before are in use."""
    check_cancelled(feedback)
    outlines = Outlines.of(raster, polygons)
    plan = list(_plan(raster, outlines.boxes, margin))
    with _bounded_cache(), ThreadPoolExecutor(1) as reader:

        def read(part: _Part) -> Prepared:
            values, nodata = raster.read(*part.box)
            stored = values if raster.nearest is None else raster.nearest.read(*part.box)[0]
            footprints = Footprints(outlines, part.numbers, part.box, margin)
            return prepare(Window(values, nodata, stored, part.numbers, footprints, part.is_strip))

        ahead = [reader.submit(read, part) for part in plan[:AHEAD]]
        for done in range(len(plan)):  # while a window is measured, the next ones are read
            check_cancelled(feedback)
            feedback.setProgress(100.0 * done / len(plan))
            window = ahead.pop(0).result()
            ahead += [reader.submit(read, part) for part in plan[done + AHEAD :][:1]]
            yield window


@dataclass(frozen=True)
class _Part:
    """A window before it is read; ``box`` is first column and row and, exclusive, last ones."""

    numbers: Integers
    box: tuple[int, int, int, int]
    is_strip: bool


def _plan(raster: Raster, boxes: Integers, margin: int) -> Iterator[_Part]:
    for numbers in _groups(raster, boxes, margin):
        left, top = boxes[numbers, :2].min(axis=0).tolist()
        right, bottom = boxes[numbers, 2:].max(axis=0).tolist()
        height = max(1, (2 * BLOCK) ** 2 // (right - left))
        for first in range(top, bottom, height):
            last = min(first + height, bottom)
            box = (left - margin, first - margin, right + margin, last + margin)
            yield _Part(numbers, box, height < bottom - top)


@contextmanager
def _bounded_cache() -> Iterator[None]:
    before = gdal.GetCacheMax()
    gdal.SetCacheMax(min(before, CACHE_BYTES))
    try:
        yield
    finally:
        gdal.SetCacheMax(before)


def _groups(raster: Raster, boxes: Integers, margin: int) -> Iterator[Integers]:
    """Yield the numbers of the polygons of each block, by rows of blocks, then each large polygon.

    Of a block where polygons lie above each other, so many at a time as four blocks have places for.
    """
    left, top, right, bottom = boxes.T
    width, height = right - left, bottom - top
    meets = (
        (width > 0) & (height > 0) & (right > 0) & (bottom > 0) & (left < raster.cols) & (top < raster.rows)
    )
    large = np.maximum(width, height) > BLOCK
    small = np.flatnonzero(meets & ~large)
    block = np.stack([(top + bottom)[small] // (2 * BLOCK), (left + right)[small] // (2 * BLOCK)])
    order = np.lexsort((small, block[1], block[0]))
    small = small[order]
    places = np.cumsum((width[small] + 2) * (height[small] + 2 + 2 * margin)) // (2 * BLOCK) ** 2
    changes = np.any(np.diff(np.vstack([block[:, order], places])) != 0, axis=0)
    if len(small):
        yield from np.split(small, np.flatnonzero(changes) + 1)
    for number in np.flatnonzero(meets & large):
        yield np.array([number])


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
    """Count and sum the cells of each polygon, in single precision as the raster is read."""
    total = len(polygons)
    size, count, nodata = np.zeros((3, total), dtype=np.int64)
    weight = np.zeros(total)
    low, high = np.full(total, np.inf), np.full(total, -np.inf)
    for window in windows(raster, polygons, 1, feedback):
        numbers, cells = window.numbers, window.footprints.cells()
        values = window.values.ravel()[cells.index]
        known = ~np.isnan(values)
        declared = window.nodata.ravel()[cells.index]
        size[numbers] += np.bincount(cells.zone, minlength=len(numbers))
        nodata[numbers] += np.bincount(cells.zone[declared], minlength=len(numbers))
        zone, values = cells.zone[known], values[known]
        if not len(zone):
            continue
        count[numbers] += np.bincount(zone, minlength=len(numbers))
        weight[numbers] += np.bincount(zone, weights=values, minlength=len(numbers))
        starts = group_starts(zone)
        chosen = numbers[zone[starts]]
        low[chosen] = np.minimum(low[chosen], np.minimum.reduceat(values, starts))
        high[chosen] = np.maximum(high[chosen], np.maximum.reduceat(values, starts))
    some = count > 0
    mean = np.divide(weight, count, out=np.full(total, np.nan), where=some)
    return ZonalStatistics(
        size, count, nodata, mean, np.where(some, low, np.nan), np.where(some, high, np.nan)
    )


def group_starts(zone: Integers) -> Integers:
    """Return where each zone begins in ascending zones, at least one."""
    return np.flatnonzero(np.r_[True, np.diff(zone) != 0])


def connected_patches(cells: Cells, *, diagonal: bool) -> Integers:
    """Return the number, from 0, of the connected patch that each cell belongs to, never across polygons.

    ``diagonal`` says whether cells that touch by a corner are connected. Runs along the rows are found
    first and then joined from row to row, so that the cost is that of the cells and not of the window.
    """
    if not len(cells):
        return cells.place
    begins = np.flatnonzero(np.diff(cells.place, prepend=-2) > 1)
    length = np.diff(begins, append=len(cells))
    start = cells.place[begins]
    end, below = start + length, start + cells.pitches[cells.zone[begins]]
    first, counts = _meeting(below - diagonal, below + length + diagonal, start, end)
    joined = np.ones(int(counts.sum())), ranges(first, counts), np.r_[0, np.cumsum(counts)]
    links = csr_matrix(joined, shape=(len(start), len(start)))
    return np.repeat(connected_components(links, directed=False)[1], length)
