"""What a surface model and a vegetation raster say about roofs (HZ02).

A plane fitted to a whole gabled roof is level, so slopes are measured cell by cell, well inside the
footprint, from windows that lie on one face of the roof.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from qgis.core import QgsGeometry, QgsProcessingException, QgsProcessingFeedback

from ...i18n import translate
from ...methods.findings.thresholds import least, most
from ...methods.grid.slope import (
    RESIDUAL_CLASSES,
    count_residuals,
    degrees,
    estimate_noise,
    fit_windows,
    is_one_plane,
    noise_slope,
    step_slope,
)
from ...methods.reading.values import ELEVATION
from ..grid.unmeasured import Unmeasured
from ..grid.zonal import (
    Bools,
    Cells,
    Floats,
    Integers,
    Raster,
    Window,
    connected_patches,
    group_starts,
    prepared_windows,
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
INDEX_RANGE = (-1.0, 1.0)
INDEX_TOLERANCE = 0.001
"""By how much an index may leave its range: single precision, resampling [A]."""
BYTE_RANGE = (0.0, 255.0)
INDEX_AREA_M2 = 250_000.0
"""Built-up land in which an index falls to 0 or below somewhere: on water, metal, in shadow [A]."""


# -- slope ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RoofSurfaces:
    """What the surface model says; arrays of shape (n,) unless said otherwise, in the polygons' order.

    cover : share (0 to 1) of the footprint's cells that hold a height that was measured: not of those in
        squares as large as the window that are exactly level.
    slope : median slope of the inset cells in degrees, NaN where there are none.
    flat_share : share (0 to 1) of the footprint that is flat and belongs to a large enough patch, shape (n,
        number of thresholds). NaN where that cannot be told: no cell of the roof has a window within one
        face, or noise or the step in which its heights are stored could move the slope in its window by the
        threshold.
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
    min_area : square metres of footprint that a connected flat patch must stand for.

    A slope is measured where a cell lies at least 1.5 cells and the half width of its window inside the
    footprint (METHODS HZ02). Where the window is broken by a ridge, a valley or a step, the cell takes the
    slope of the nearest one whose window is not. Then, in turn:

    - Roofs that fold sharply, or have no whole window at all, are looked at in 3 x 3 cells too, where the
      wide window is broken. Where noise allows these, they tell the flat share.
    - Where a threshold lies between the slopes of a roof, every cell of its footprint takes the slope of
      the nearest inset cell. Of other roofs each inset cell stands for an equal share.
    - A roof whose cells differ by no more than noise explains is one plane, with one slope.

    Heights that nobody measured look flat: filled holes, and roofs stored in whole metres or decimetres.
    Squares of the size of the window in which all heights are exactly the same count as unknown. A roof
    where five cells in a cross are the same has heights in steps, of the smallest rise beside it. The log
    says of how many roofs either is true.

    Limits: an annexe narrower than about 6 cells has no whole window; it goes with its neighbour. Gables of
    less than about 15°, on cells of 1 m, bend too little to tell a window on the ridge from a flat roof.

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
    for study in prepared_windows(raster, polygons, survey.half + 2, feedback, survey.prepare):
        survey.add(study)
    survey.report(feedback)
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
class _Study:
    """A window whose heights that nobody measured are NaN, these apart, and the inset cells of its roofs."""

    window: Window
    level: Bools
    inset: Cells


@dataclass(frozen=True)
class _Faces:
    """Inset cells of a window, and the slope of the face each is assigned to."""

    cells: Cells
    slope: Floats

    def where(self, chosen: Bools) -> _Faces:
        """Return the chosen ones of the cells."""
        return _Faces(self.cells.where(chosen), self.slope[chosen])


class _PixelTally:
    """Figures of all roofs from one size of window, filled window by window.

    ``flat`` of shape (number of thresholds, n) and ``seen`` count footprint cells; ``cells`` inset cells.
    """

    def __init__(self, total: int, thresholds: int) -> None:
        self.cells, self.seen = np.zeros((2, total), dtype=np.int64)
        self.flat = np.zeros((thresholds, total))
        self.slope = np.full(total, np.nan)

    @property
    def share(self) -> Floats:
        """Share of flat cells, shape (n, number of thresholds), NaN where nothing was seen."""
        unknown = np.full(self.flat.shape, np.nan)
        return np.divide(self.flat, self.seen, out=unknown, where=self.seen > 0).T


class _Gradients:
    """Sums over the gradients of each roof's windows, of which their mean and spread follow."""

    def __init__(self, total: int) -> None:
        self._sums = np.zeros((4, total))

    def add(self, numbers: Integers, zone: Integers, gx: Floats, gy: Floats) -> None:
        known = np.flatnonzero(~np.isnan(gx))
        zone, gx, gy = zone[known], gx[known].astype(float), gy[known].astype(float)
        for row, values in enumerate((None, gx, gy, gx * gx + gy * gy)):
            self._sums[row, numbers] += np.bincount(zone, values, len(numbers))

    def slope(self) -> Floats:
        """Return the slope of each roof's mean gradient in degrees, NaN where there is none."""
        _, gx, gy, _ = self._means()
        return degrees(gx, gy)

    def spread(self) -> Floats:
        """Return the mean squared distance from the mean gradient, NaN where there is none."""
        _, gx, gy, squares = self._means()
        return np.maximum(squares - gx**2 - gy**2, 0)

    def _means(self) -> Floats:
        return np.divide(
            self._sums, self._sums[0], out=np.full_like(self._sums, np.nan), where=self._sums[0] > 0
        )


class _Survey:
    """Figures of all roofs, filled window by window."""

    def __init__(self, raster: Raster, total: int, slopes: tuple[float, ...], min_area: float) -> None:
        self.raster = raster
        self.slopes = slopes
        self._limits = most(np.array(slopes, dtype=float))
        self.min_area = min_area
        self.half = 2 if raster.cell <= WIDE_WINDOW_CELL_M * 1.01 else 1
        self._rise = float(np.tan(np.radians(max(slopes))))
        self._footprint, self._covered = np.zeros((2, total), dtype=np.int64)
        self._unmeasured = Unmeasured(total, 2 * self.half + 1)
        self._range = (np.inf, -np.inf)
        self._residuals = np.zeros(RESIDUAL_CLASSES, dtype=np.int64)
        self._gradients = _Gradients(total)
        self._main, self._fine = _PixelTally(total, len(slopes)), _PixelTally(total, len(slopes))
        self._strips: dict[int, list[Floats]] = {}

    @property
    def cover(self) -> Floats:
        return self._covered / np.maximum(self._footprint, 1)

    @property
    def _misleading(self) -> Floats:
        """Slope in degrees that the steps of each roof's heights can give or take."""
        half = np.where(self._fine.seen > 0, 1, self.half)
        return step_slope(self._unmeasured.steps, self.raster.cell, half)

    def prepare(self, window: Window) -> _Study:
        """Take the heights that nobody measured out of a window, and find its inset cells."""
        window, level = self._unmeasured.taken_out(window)
        return _Study(window, level, window.footprints.inset(self.half))

    def add(self, study: _Study) -> None:
        """Measure the roofs of a window from their inset cells."""
        window, cells = study.window, study.inset
        size = window.footprints.sizes()
        self._footprint[window.numbers] += size
        self._covered[window.numbers] += self._with_height(window, size)
        self._unmeasured.count_level(window, study.level)
        self._unmeasured.count_steps(window, cells)
        fit = fit_windows(window.values, cells.index, self.raster.cell, self.half)
        self._residuals += count_residuals(fit.residual)
        max_fold = FOLD_SHARE[self.half] * self._rise
        faces = _assigned(cells, fit.slope, fit.fold, max_fold, 2 * self.half)
        mixed = self._tally(self._main, window, faces, size)
        uneven = np.flatnonzero((mixed | window.is_strip)[cells.zone])
        self._gradients.add(window.numbers, cells.zone[uneven], fit.gx[uneven], fit.gy[uneven])
        if self.half > 1 and not window.is_strip:
            without = ~_has(faces.cells, len(size))
            folded = _has(cells.where(fit.fold > self._rise), len(size))
            whole = folded[cells.zone] & (fit.fold <= max_fold)
            wide = _Faces(cells.where(whole), fit.slope[whole])
            self._add_fine(window, without, folded, wide, size)

    def _with_height(self, window: Window, size: Integers) -> Integers:
        """Count the cells of each roof that hold a height; raise where one of them holds something else."""
        low, high = window.values.min(), window.values.max()
        if ELEVATION.low <= low and high <= ELEVATION.high:  # neither holds beside a NaN
            self._see(low, high)
            return size
        cells = window.footprints.cells()
        heights = window.values.ravel()[cells.index]
        known = ~np.isnan(heights)
        low, high = heights[known].min(initial=np.inf), heights[known].max(initial=-np.inf)
        if known.any() and not (ELEVATION.admits(low) and ELEVATION.admits(high)):
            message = translate(
                "GrueneInfra", "{raster} holds {value}, which is no height in metres. Declare it as nodata."
            )
            strange = high if ELEVATION.admits(low) else low
            raise QgsProcessingException(message.format(raster=self.raster.name, value=f"{strange:g}"))
        self._see(low, high)
        return np.bincount(cells.zone[known], minlength=len(size))

    def _see(self, low: float, high: float) -> None:
        self._range = (min(self._range[0], low), max(self._range[1], high))

    def report(self, feedback: QgsProcessingFeedback) -> None:
        """Say of how many roofs there are no heights, or none that were measured; raise if they are none."""
        name, filled = self.raster.name, self._covered + self._unmeasured.level
        _report_cover(self.raster, filled / np.maximum(self._footprint, 1), feedback)
        low, high = self._range
        if low <= high and _is_index(low, high):
            message = translate(
                "GrueneInfra",
                "{raster} holds values from {values}: no heights in metres. Choose their band.",
            )
            raise QgsProcessingException(message.format(raster=name, values=f"{low:g} … {high:g}"))
        self._unmeasured.report(name, self.slopes, self._misleading, feedback)

    def _add_fine(self, window: Window, without: Bools, folded: Bools, wide: _Faces, size: Integers) -> None:
        """Look in 3 x 3 cells where roofs without a face, or with sharp folds, have no whole wide window."""
        cells = window.footprints.inset(1, without | folded)
        self._unmeasured.count_steps(window, cells)
        fit = fit_windows(window.values, cells.index, self.raster.cell, 1)
        self._residuals += count_residuals(fit.residual[without[cells.zone]])
        slope, fold = fit.slope, fit.fold
        at = cells.positions()[wide.cells.place]
        slope[at], fold[at] = wide.slope, 0
        faces = _assigned(cells, slope, fold, FOLD_SHARE[1] * self._rise, 2 * self.half)
        self._tally(self._fine, window, faces, size)

    def _tally(self, tally: _PixelTally, window: Window, faces: _Faces, size: Integers) -> Bools:
        """Add the faces of a window; return which of its roofs are flat in one place and not in another."""
        numbers, zone = window.numbers, faces.cells.zone
        if not len(zone):
            return np.zeros(len(numbers), dtype=bool)
        count = np.bincount(zone, minlength=len(numbers))
        tally.cells[numbers] += count
        tally.seen[numbers] += np.where(count > 0, size, 0)
        low, high = _extremes(faces, len(numbers))
        limits = self._limits[:, None]
        mixed = np.any((low <= limits) & (high > limits), axis=0)
        level = faces.cells.where((high <= limits.max())[zone])
        spread = _spread(faces.where(mixed[zone]), _with_height(window, mixed))
        cells, slope = spread.cells, spread.slope
        partly = [cells.where((slope <= limit) & (high > limit)[cells.zone]) for limit in self._limits]
        reached = np.bincount(cells.zone, minlength=len(numbers))
        looked_at = np.stack([count, *[reached] * len(partly)])
        of_level, *of_mixed = self._patched([level, *partly], size, looked_at)
        tally.flat[:, numbers] += of_level * (high <= limits) + of_mixed
        self._add_slopes(tally, window, faces)
        return mixed

    def _patched(self, flat: Sequence[Cells], size: Integers, count: Integers) -> Floats:
        """Return how many of the ``size`` cells of each roof lie in large patches of some flat cells.

        Each of the ``count`` cells of a roof that were looked at stands for an equal share of it. Result
        and ``count`` have a row for each set of flat cells.
        """
        count = np.maximum(count, 1)
        cells = side_by_side(flat)
        patch = connected_patches(cells, diagonal=False)
        m2_per_cell = np.maximum(size, 1) * self.raster.cell**2 / count
        needed = least(self.min_area) / m2_per_cell.ravel()
        large = np.bincount(patch)[patch] >= needed[cells.zone]
        found = np.bincount(cells.zone[large], minlength=len(needed)).reshape(len(flat), -1)
        return found / count * size

    def _add_slopes(self, tally: _PixelTally, window: Window, faces: _Faces) -> None:
        if window.is_strip:
            self._strips.setdefault(int(window.numbers[0]), []).append(faces.slope)
        else:
            present, median = _medians(faces.cells.zone, faces.slope)
            tally.slope[window.numbers[present]] = median

    def result(self) -> RoofSurfaces:
        """Return the figures, without those that the noise does not allow."""
        for number, slopes in self._strips.items():
            together = np.concatenate(slopes)
            self._main.slope[number] = np.median(together) if len(together) else np.nan
        noise, cell = estimate_noise(self._residuals), self.raster.cell
        main, fine = self._main.cells > 0, self._fine.cells > 0
        half_used = np.where(main, self.half, 1)
        share = _nested(self._shares(noise), self.slopes)
        share[self._misleading[:, None] >= np.array(self.slopes)] = np.nan
        return RoofSurfaces(
            cover=self.cover,
            slope=self._median_slopes(noise),
            flat_share=share,
            cells=np.where(main, self._main.cells, self._fine.cells),
            roof_window_m=np.where(main | fine, (2 * half_used + 1) * cell, np.nan),
            thresholds=self.slopes,
            noise_m=noise,
            window_m=(2 * self.half + 1) * cell,
            noise_slope=noise_slope(noise, cell, self.half),
        )

    def _median_slopes(self, noise: float) -> Floats:
        """Return the medians in wide windows, or in fine ones where wide ones miss the greater part."""
        limit, fine = self._limits.max(), self._fine.slope
        wide = np.where(self._main.cells > 0, self._main.slope, fine)
        missed = ~np.isnan(fine) & ((wide <= limit) != (fine <= limit)) & self._quiet(noise, 1).any()
        return np.where(missed, fine, wide)

    def _quiet(self, noise: float, half: int) -> Bools:
        """Return for each threshold whether noise stays below it in windows of that size."""
        return noise_slope(noise, self.raster.cell, half) < np.array(self.slopes)

    def _shares(self, noise: float) -> Floats:
        """Return the flat shares by the best evidence: of one plane as a whole, else the finest quiet one."""
        cell = self.raster.cell
        quiet = self._quiet(noise, self.half)
        share = np.where(quiet, self._main.share, np.nan)
        fine = (self._fine.seen > 0)[:, None] & self._quiet(noise, 1)
        share = np.where(fine, self._fine.share, share)
        plane = is_one_plane(self._gradients.spread(), noise, cell, self.half)
        large = self._footprint * cell**2 >= least(self.min_area)
        flat = (self._gradients.slope()[:, None] <= self._limits) & large[:, None]
        return np.where(plane[:, None] & quiet, flat, share)


def _nested(share: Floats, thresholds: Sequence[float]) -> Floats:
    """Return shares of which none exceeds that at a larger threshold: windows of two sizes may differ."""
    order = np.argsort(thresholds)[::-1]
    capped = share.copy()
    capped[:, order] = np.fmin.accumulate(share[:, order], axis=1)
    return np.where(np.isnan(share), np.nan, capped)


def _has(cells: Cells, count: int) -> Bools:
    """Return which of ``count`` polygons have any of the cells."""
    found = np.zeros(count, dtype=bool)
    found[cells.zone] = True
    return found


def _extremes(faces: _Faces, count: int) -> tuple[Floats, Floats]:
    """Return the least and the greatest slope of each of ``count`` roofs, NaN where there is none."""
    starts = group_starts(faces.cells.zone)
    low, high = np.full((2, count), np.nan)
    low[faces.cells.zone[starts]] = np.minimum.reduceat(faces.slope, starts)
    high[faces.cells.zone[starts]] = np.maximum.reduceat(faces.slope, starts)
    return low, high


def _with_height(window: Window, wanted: Bools) -> Cells:
    """Return the cells of the wanted roofs that hold a height."""
    cells = window.footprints.cells(wanted)
    return cells.where(~np.isnan(window.values.ravel()[cells.index]))


def _assigned(cells: Cells, slope: Floats, fold: Floats, max_fold: float, reach: int) -> _Faces:
    """Return the cells that have a slope: their own where their window is whole.

    Where it is broken, that of the nearest one of the roof within ``reach`` whose window is whole. Cells
    whose window holds one without a height are left out.
    """
    source = np.where(fold <= max_fold, np.arange(len(cells)), -1)
    unknown = np.flatnonzero(fold > max_fold)
    position = cells.positions()
    for _ in range(reach):
        found = np.full(len(unknown), -1)
        pitch = cells.pitches[cells.zone[unknown]]
        for step in (-1, 1, -pitch, pitch):
            beside = position[cells.place[unknown] + step]
            usable = (found < 0) & (beside >= 0)
            found[usable] = source[beside[usable]]
        source[unknown] = found
        unknown = unknown[found < 0]
    found = source >= 0
    return _Faces(cells.where(found), slope[source[found]])


def _spread(faces: _Faces, cells: Cells) -> _Faces:
    """Return those of ``cells`` that can be reached from the faces, with the slope of the nearest one.

    Waves go to four and to eight neighbours in turn, whose octagons are the nearer to circles.
    """
    slope, wanting = np.full(cells.size, np.nan, dtype=np.float32), np.zeros(cells.size, dtype=bool)
    slope[faces.cells.place] = faces.slope
    wanting[cells.place] = True
    wanting[faces.cells.place] = False
    place, pitch, diagonal = faces.cells.place, faces.cells.pitch, False
    while len(place):
        reached = []
        corners = (-1 - pitch, 1 - pitch, pitch - 1, pitch + 1) if diagonal else ()
        for step in (-1, 1, -pitch, pitch, *corners):
            beside = place + step
            new = np.flatnonzero(wanting[beside])
            beside = beside[new]
            slope[beside], wanting[beside] = slope[place[new]], False
            reached.append((beside, pitch[new]))
        place, pitch = np.concatenate(reached, axis=1)
        diagonal = not diagonal
    slope = slope[cells.place]
    found = ~np.isnan(slope)
    return _Faces(cells.where(found), slope[found])


def _medians(zone: Integers, values: Floats) -> tuple[Integers, Floats]:
    """Return the zones there are, which must ascend, and the median of the values in each."""
    starts = group_starts(zone)
    ends = np.append(starts[1:], len(zone))
    ordered = values.copy()
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        ordered[start:end].sort()
    lower, upper = ordered[(starts + ends - 1) // 2], ordered[(starts + ends) // 2]
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
    threshold has to be in that scale. Reflectance lies between 0 and 1 everywhere, which an index does
    nowhere for long. Of a polygon larger than a block, patches are cut at its strips.

    Raises
    ------
    QgsProcessingException
        If values or threshold are in no such scale, or are reflectance, the raster cannot be read, or when
        cancelled.
    """
    feedback = feedback or QgsProcessingFeedback()
    total = len(polygons)
    footprint, covered, green = np.zeros((3, total), dtype=np.int64)
    largest = np.zeros(total, dtype=np.int64)
    low, high = np.inf, -np.inf
    everywhere, looked_at = np.inf, 0
    for window in windows(raster, polygons, 1, feedback):
        everywhere = min(everywhere, np.fmin.reduce(window.values, axis=None))
        looked_at += np.count_nonzero(~np.isnan(window.values))
        numbers, count, cells = window.numbers, len(window.numbers), window.footprints.cells()
        values = window.values.ravel()[cells.index]
        known = ~np.isnan(values)
        low = min(low, values[known].min(initial=np.inf))
        high = max(high, values[known].max(initial=-np.inf))
        _require_scale(raster, low, high, threshold)
        planted = cells.where(values >= least(threshold))
        footprint[numbers] += np.bincount(cells.zone, minlength=count)
        covered[numbers] += np.bincount(cells.zone[known], minlength=count)
        green[numbers] += np.bincount(planted.zone, minlength=count)
        largest[numbers] = np.maximum(largest[numbers], _largest_patches(planted, count))
    cover = covered / np.maximum(footprint, 1)
    _report_cover(raster, cover, feedback)
    if 0 < everywhere < 1 and _is_index(low, high):
        _refuse_reflectance(raster, looked_at * raster.cell**2, f"{everywhere:g} … {high:g}")
    some = covered > 0
    share = np.divide(green, covered, out=np.full(total, np.nan), where=some)
    return Vegetation(cover, share, np.where(some, largest * raster.cell**2, np.nan))


def _require_scale(raster: Raster, low: float, high: float, threshold: float) -> None:
    """Raise unless the values seen so far and the threshold can be in one scale."""
    if low > high or _is_index(low, high):
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


def _is_index(low: float, high: float) -> bool:
    return low >= INDEX_RANGE[0] - INDEX_TOLERANCE and high <= INDEX_RANGE[1] + INDEX_TOLERANCE


def _other_bands_alike(raster: Raster) -> bool:
    """Return whether there are other bands, and all their values lie between 0 and 1 too."""
    whole = raster.source
    others = [band for band in range(1, whole.RasterCount + 1) if band != raster.band]
    ranges = [whole.GetRasterBand(band).ComputeRasterMinMax(True) for band in others]
    return bool(ranges) and all(low > 0 and _is_index(low, high) for low, high in ranges)


def _refuse_reflectance(raster: Raster, area: float, values: str) -> None:
    """Raise where values above 0 throughout are those of one more band of an image, or of much land."""
    if area < INDEX_AREA_M2 and not _other_bands_alike(raster):
        return
    message = translate(
        "GrueneInfra",
        "{raster}, band {band}, holds values from {values} and none of 0 or less: that is reflectance and no "
        "vegetation index. Choose the band of the index.",
    )
    raise QgsProcessingException(message.format(raster=raster.name, band=raster.band, values=values))


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
