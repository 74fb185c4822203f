"""What a surface model and a vegetation raster say about roofs (HZ02).

A plane fitted to a whole gabled roof is level, so slopes are measured cell by cell, well inside the
footprint, from windows that lie on one face of the roof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from qgis.core import QgsGeometry, QgsProcessingException, QgsProcessingFeedback

from ..i18n import translate
from ..methods.slope import (
    RESIDUAL_CLASSES,
    WindowFit,
    count_residuals,
    estimate_noise,
    fit_windows,
    noise_slope,
)
from .zonal import (
    Cells,
    Floats,
    Integers,
    Raster,
    Window,
    connected_patches,
    group_starts,
    side_by_side,
    windows,
)

COARSEST_CELL_M = 2.0
"""Cell size above which a roof has too few cells for a slope [A]."""
FINEST_CELL_M = 0.5
"""Cell size to which finer surface models are averaged when they are opened with it [A]."""
WIDE_WINDOW_CELL_M = 1.0
"""Cell size up to which slopes are smoothed over 5 x 5 cells, above it over 3 x 3 [A]."""
FOLD_SHARE = {1: 0.5, 2: 0.25}
"""By half width: a window is broken by a ridge, valley or step where it bends by more than this share of
the rise per run at the largest slope threshold [A]. Noise bends the small window 2.6 times as much."""
HEIGHTS_M = (-500.0, 9000.0)
"""Range outside which a value is no height on land."""
INDEX_RANGE = (-1.0, 1.0)
BYTE_RANGE = (0.0, 255.0)


# -- slope ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoofSurfaces:
    """What the surface model says; arrays of shape (n,) unless said otherwise, in the polygons' order.

    cover : share (0 to 1) of the footprint's cells that hold a height.
    slope : median slope of the inset cells in degrees, NaN where there are none.
    flat_share : share (0 to 1) of the inset cells that are flat and belong to a large enough patch, shape
        (n, number of thresholds). NaN where that cannot be told: no cell of the roof has a window within
        one face, or noise alone would make the slope in its window exceed the threshold.
    cells : inset cells the figures rest on.
    roof_window_m : side of the window in which the roof's slopes are smoothed, NaN where there are none.
    thresholds : slopes in degrees.
    noise_m : standard deviation of the heights' noise, estimated inside the roofs; NaN without roofs.
    window_m : side of the smoothing window; small roofs have a smaller one.
    noise_slope : slope in degrees below which noise leaves 95 % of the cells of a level roof.
    """

    cover: Floats
    slope: Floats
    flat_share: Floats
    cells: Integers
    roof_window_m: Floats
    thresholds: tuple[float, ...]
    noise_m: float
    window_m: float
    noise_slope: float

    def assessable(self, threshold: float) -> bool:
        """Return whether the surface model is quiet enough to tell roofs of this slope from steeper ones."""
        return self.noise_slope < threshold


def measure_roofs(
    raster: Raster,
    polygons: Sequence[QgsGeometry],
    slopes: Sequence[float] = (3.0, 5.0, 10.0),
    min_area: float = 10.0,
    feedback: QgsProcessingFeedback | None = None,
) -> RoofSurfaces:
    """Measure slope and flat share of roofs.

    Parameters
    ----------
    raster : heights in metres, cells of at most :data:`COARSEST_CELL_M`.
    polygons : footprints in the CRS of the raster, straight and valid; they may overlap.
    slopes : thresholds in degrees up to which a cell is flat.
    min_area : square metres of footprint that a connected flat patch must stand for. Each inset cell
        stands for an equal share of its roof, because the rim is never looked at.

    A cell counts if it lies at least 1.5 cells and the half width of its window inside the footprint
    (METHODS HZ02). Where the window is broken by a ridge, a valley or a step, the cell takes the slope of
    the nearest one whose window is not. Roofs without any such cell are measured in 3 x 3 cells.

    Raises
    ------
    QgsProcessingException
        If cells are too large, values are no heights, the raster cannot be read, or when cancelled.
    """
    feedback = feedback or QgsProcessingFeedback()
    if raster.cell > COARSEST_CELL_M:
        message = translate(
            "GrueneInfra",
            "{raster} has cells of {size} m. Above {limit} m a roof has too few cells to have a slope: use a "
            "surface model of 1 m or finer.",
        )
        size, limit = f"{raster.cell:g}", f"{COARSEST_CELL_M:g}"
        raise QgsProcessingException(message.format(raster=raster.name, size=size, limit=limit))
    survey = _Survey(raster, len(polygons), tuple(slopes), min_area)
    for window in windows(raster, polygons, survey.half + 2, feedback):
        survey.add(window)
    _report_cover(raster, survey.cover, feedback)
    return survey.result()


def _report_cover(raster: Raster, cover: Floats, feedback: QgsProcessingFeedback) -> None:
    outside, partly = int(np.sum(cover == 0)), int(np.sum((cover > 0) & (cover < 1)))
    if len(cover) and outside == len(cover):
        message = translate(
            "GrueneInfra",
            "{raster} has no value for any of {count} polygons. Choose one that covers them.",
        )
        raise QgsProcessingException(message.format(raster=raster.name, count=outside))
    if outside or partly:
        message = translate(
            "GrueneInfra",
            "{raster} has no values for {outside} of {count} polygons and covers {partly} partly.",
        )
        counts = {"outside": outside, "count": len(cover), "partly": partly}
        feedback.pushWarning(message.format(raster=raster.name, **counts))


@dataclass(frozen=True)
class _Faces:
    """Inset cells of a window, and the slope of the face each is assigned to."""

    cells: Cells
    slope: Floats


class _Survey:
    """Figures of all roofs, filled window by window."""

    def __init__(self, raster: Raster, total: int, slopes: tuple[float, ...], min_area: float) -> None:
        self.raster = raster
        self.slopes = slopes
        self.min_area = min_area
        self.half = 2 if raster.cell <= WIDE_WINDOW_CELL_M * 1.01 else 1
        self._footprint = np.zeros(total, dtype=np.int64)
        self._covered = np.zeros(total, dtype=np.int64)
        self._cells = np.zeros(total, dtype=np.int64)
        self._flat = np.zeros((len(slopes), total), dtype=np.int64)
        self._slope = np.full(total, np.nan)
        self._half_used = np.zeros(total, dtype=np.int64)
        self._residuals = np.zeros(RESIDUAL_CLASSES, dtype=np.int64)
        self._strips: dict[int, list[Floats]] = {}

    @property
    def cover(self) -> Floats:
        return self._covered / np.maximum(self._footprint, 1)

    def add(self, window: Window) -> None:
        """Measure the roofs of a window."""
        size = window.footprints.sizes()
        self._footprint[window.numbers] += size
        self._covered[window.numbers] += self._with_height(window, size)
        for half, faces in self._faces(window):
            self._add_faces(window, half, faces, size)

    def _with_height(self, window: Window, size: Integers) -> Integers:
        """Count the cells of each roof that hold a height; raise where one of them holds something else."""
        low, high = HEIGHTS_M
        if window.values.min() >= low and window.values.max() <= high:  # neither holds beside a NaN
            return size
        cells = window.footprints.cells()
        heights = window.values.ravel()[cells.index]
        strange = heights[(heights < low) | (heights > high)]
        if len(strange):
            message = translate(
                "GrueneInfra", "{raster} holds {value}, which is no height in metres. Declare it as nodata."
            )
            raise QgsProcessingException(message.format(raster=self.raster.name, value=f"{strange[0]:g}"))
        return np.bincount(cells.zone[~np.isnan(heights)], minlength=len(size))

    def _faces(self, window: Window) -> list[tuple[int, _Faces]]:
        """Return the faces in the wide window, and in the small one of roofs that have none in it."""
        wide = self._fitted(window, window.footprints.inset(self.half), self.half)
        if self.half == 1 or window.is_strip:
            return [(self.half, wide)]
        left_over = np.ones(len(window.numbers), dtype=bool)
        left_over[wide.cells.zone] = False
        cells = window.footprints.inset(1, left_over)
        return [(self.half, wide), (1, self._fitted(window, cells, 1))]

    def _fitted(self, window: Window, cells: Cells, half: int) -> _Faces:
        fit = fit_windows(window.values, cells.index, self.raster.cell, half)
        self._residuals += count_residuals(fit.residual)
        max_fold = FOLD_SHARE[half] * float(np.tan(np.radians(max(self.slopes))))
        source = _nearest_whole(cells, fit, max_fold, 2 * half)
        found = source >= 0
        return _Faces(cells.where(found), fit.slope[source[found]])

    def _add_faces(self, window: Window, half: int, faces: _Faces, size: Integers) -> None:
        numbers, zone = window.numbers, faces.cells.zone
        count = np.bincount(zone, minlength=len(numbers))
        self._cells[numbers] += count
        self._half_used[numbers[count > 0]] = half
        m2_per_cell = np.maximum(size, 1) * self.raster.cell**2 / np.maximum(count, 1)
        self._flat[:, numbers] += self._in_patches(faces, m2_per_cell)
        if window.is_strip:
            self._strips.setdefault(int(numbers[0]), []).append(faces.slope)
        elif len(zone):
            present, median = _medians(zone, faces.slope)
            self._slope[numbers[present]] = median

    def _in_patches(self, faces: _Faces, m2_per_cell: Floats) -> Integers:
        """Count, per threshold and polygon, the flat cells in patches that stand for the minimum area."""
        flat = [faces.cells.where(faces.slope <= threshold) for threshold in self.slopes]
        cells = side_by_side(flat)
        patch = connected_patches(cells, diagonal=False)
        needed = self.min_area * (1 - 1e-9) / np.tile(m2_per_cell, len(flat))
        large = np.bincount(patch)[patch] >= needed[cells.zone]
        return np.bincount(cells.zone[large], minlength=len(needed)).reshape(len(flat), -1)

    def result(self) -> RoofSurfaces:
        """Return the figures, without those that the noise does not allow."""
        for number, slopes in self._strips.items():
            together = np.concatenate(slopes)
            self._slope[number] = np.median(together) if len(together) else np.nan
        noise = estimate_noise(self._residuals)
        cell, measured = self.raster.cell, self._cells > 0
        share = np.divide(self._flat, self._cells, out=np.full(self._flat.shape, np.nan), where=measured).T
        for half in (1, 2):
            quiet = np.array([noise_slope(noise, cell, half) < threshold for threshold in self.slopes])
            share[np.ix_(self._half_used == half, ~quiet)] = np.nan
        return RoofSurfaces(
            cover=self.cover,
            slope=self._slope,
            flat_share=share,
            cells=self._cells,
            roof_window_m=np.where(measured, (2 * self._half_used + 1) * cell, np.nan),
            thresholds=self.slopes,
            noise_m=noise,
            window_m=(2 * self.half + 1) * cell,
            noise_slope=noise_slope(noise, cell, self.half),
        )


def _nearest_whole(cells: Cells, fit: WindowFit, max_fold: float, reach: int) -> Integers:
    """Return for each cell which one's slope it takes: its own, or the nearest of its roof within ``reach``.

    -1 where the window is broken and nothing is near, or where it holds a cell without a height.
    """
    source = np.where(fit.fold <= max_fold, np.arange(len(cells)), -1)
    broken = np.flatnonzero(fit.fold > max_fold)
    position = cells.positions()
    for _ in range(reach):
        found = np.full(len(broken), -1)
        pitch = cells.pitch[broken]
        for step in (-1, 1, -pitch, pitch):
            beside = position[cells.place[broken] + step]
            usable = (found < 0) & (beside >= 0)
            found[usable] = source[beside[usable]]
        source[broken] = found
        broken = broken[found < 0]
    return source


def _medians(zone: Integers, values: Floats) -> tuple[Integers, Floats]:
    """Return the zones there are and the median of the values, none negative, in each."""
    # Bits of a float that is not negative sort like the float: one plain sort instead of two keys.
    keys = zone.astype(np.int64) << 32 | values.astype(np.float32).view(np.int32)
    keys.sort()
    zone = keys >> 32
    values = (keys & 0xFFFFFFFF).astype(np.int32).view(np.float32)
    starts = group_starts(zone)
    counts = np.diff(np.r_[starts, len(zone)])
    lower, upper = values[starts + (counts - 1) // 2], values[starts + counts // 2]
    return zone[starts], (lower.astype(float) + upper) / 2


# -- vegetation -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Vegetation:
    """What the vegetation raster says; arrays of shape (n,) in the polygons' order.

    cover : share (0 to 1) of the footprint's cells that hold a value.
    share : share (0 to 1) of these that are vegetated, NaN where there are none.
    patch_m2 : square metres of the largest connected vegetated patch, corners connect; NaN likewise.
    """

    cover: Floats
    share: Floats
    patch_m2: Floats


def measure_vegetation(
    raster: Raster,
    polygons: Sequence[QgsGeometry],
    threshold: float = 0.3,
    feedback: QgsProcessingFeedback | None = None,
) -> Vegetation:
    """Measure how much of each polygon is vegetated: cells of at least ``threshold`` (NDVI 0.3 [A]).

    Values are an index of -1 to 1, a mask of 0 and 1, or either of them scaled to 0 to 255, where the
    threshold has to be in that scale. Of a polygon larger than a block, patches are cut at its strips.

    Raises
    ------
    QgsProcessingException
        If values or threshold are in no such scale, the raster cannot be read, or when cancelled.
    """
    feedback = feedback or QgsProcessingFeedback()
    total = len(polygons)
    footprint, covered, green = np.zeros((3, total), dtype=np.int64)
    largest = np.zeros(total, dtype=np.int64)
    low, high = np.inf, -np.inf
    for window in windows(raster, polygons, 1, feedback):
        numbers, count, cells = window.numbers, len(window.numbers), window.footprints.cells()
        values = window.values.ravel()[cells.index]
        known = ~np.isnan(values)
        low = min(low, values[known].min(initial=np.inf))
        high = max(high, values[known].max(initial=-np.inf))
        _require_scale(raster, low, high, threshold)
        planted = cells.where(values >= threshold)
        footprint[numbers] += np.bincount(cells.zone, minlength=count)
        covered[numbers] += np.bincount(cells.zone[known], minlength=count)
        green[numbers] += np.bincount(planted.zone, minlength=count)
        largest[numbers] = np.maximum(largest[numbers], _largest_patches(planted, count))
    cover = covered / np.maximum(footprint, 1)
    _report_cover(raster, cover, feedback)
    some = covered > 0
    share = np.divide(green, covered, out=np.full(total, np.nan), where=some)
    return Vegetation(cover, share, np.where(some, largest * raster.cell**2, np.nan))


def _require_scale(raster: Raster, low: float, high: float, threshold: float) -> None:
    """Raise unless the values seen so far and the threshold can be in one scale."""
    if low > high or (low >= INDEX_RANGE[0] and high <= INDEX_RANGE[1]):
        return
    values = f"{low:g} … {high:g}"
    if low < BYTE_RANGE[0] or high > BYTE_RANGE[1]:
        message = translate(
            "GrueneInfra",
            "{raster} holds values from {values}. A vegetation raster holds −1 … 1 or 0 … 255: choose the "
            "band of the index, or declare its nodata value.",
        )
        raise QgsProcessingException(message.format(raster=raster.name, values=values))
    if threshold <= INDEX_RANGE[1]:
        message = translate(
            "GrueneInfra",
            "{raster} holds values from {values}: the threshold {threshold} must be given in that scale too.",
        )
        raise QgsProcessingException(
            message.format(raster=raster.name, values=values, threshold=f"{threshold:g}")
        )


def _largest_patches(cells: Cells, count: int) -> Integers:
    """Return how many cells the largest connected patch of each of ``count`` polygons has."""
    largest = np.zeros(count, dtype=np.int64)
    patch = connected_patches(cells, diagonal=True)
    size = np.bincount(patch)
    zone_of = np.empty(len(size), dtype=np.int64)
    zone_of[patch] = cells.zone
    order = np.argsort(size, kind="stable")
    largest[zone_of[order]] = size[order]
    return largest
