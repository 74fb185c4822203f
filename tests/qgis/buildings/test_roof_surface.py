"""Roofs and their vegetation on synthetic rasters: what was built is what is measured."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.spatial.buildings.roof_surface import (
    FINEST_CELL_M,
    RoofSurfaces,
    measure_roofs,
    measure_vegetation,
)
from gruene_infra.gruene_infra_plugin.spatial.grid import zonal
from osgeo import gdal
from qgis.core import QgsGeometry, QgsPointXY, QgsProcessingException

from ...layer_factory import EAST, NORTH, box, geometry
from ...runs import Log
from ..grid.test_zonal import opened, written

NAN = float("nan")
SITE_M = 60.0
SURVEYED = 0.002
"""Metres of noise that every survey has: heights that are exactly the same are no measurement."""
Heights = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Roof:
    """A roof over the rectangle around (0, 0), turned counter-clockwise; heights above the ground."""

    width: float
    length: float
    heights: Heights
    turn: float = 0.0

    def footprint(self, x: float, y: float) -> QgsGeometry:
        shape = geometry(box(x - self.width / 2, y - self.length / 2, self.width, self.length))
        shape.rotate(-self.turn, QgsPointXY(EAST + x, NORTH + y))
        return shape

    def build(self, ground: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
        a = math.radians(self.turn)
        u, v = x * math.cos(a) + y * math.sin(a), -x * math.sin(a) + y * math.cos(a)
        inside = (np.abs(u) <= self.width / 2) & (np.abs(v) <= self.length / 2)
        ground[inside] = 100 + self.heights(u, v)[inside]


def rise(pitch: float) -> float:
    return math.tan(math.radians(pitch))


def tilted(pitch: float) -> Heights:
    return lambda u, v: u * rise(pitch)


def gable(pitch: float) -> Heights:
    return lambda u, v: -np.abs(u) * rise(pitch)


def shed(pitch: float, tooth: float) -> Heights:
    return lambda u, v: (u % tooth) * rise(pitch)


def beside(annexe: float, width: float, pitch: float) -> Heights:
    """Return a gable, its ridge along u, beside a level annexe 3 m below its eaves."""
    return lambda u, v: np.where(u > width / 2 - annexe, -6.0, -np.abs(v) * rise(pitch))


def across(annexe: float, width: float, pitch: float) -> Heights:
    """Return a gable, its ridge along v, beside a level annexe 3 m below its eaves."""
    house = width - annexe
    top = -(width / 2 - house / 2)

    def heights(u: np.ndarray, v: np.ndarray) -> np.ndarray:
        return np.where(u > width / 2 - annexe, -3 - house / 2 * rise(pitch), -np.abs(u - top) * rise(pitch))

    return heights


def town(
    folder: Path, roofs: list[Roof], cell: float, noise: float = SURVEYED, shift: float = 0.0
) -> tuple[str, list[QgsGeometry]]:
    """Write a surface model of roofs in a square of sites and return it with the footprints."""
    per_row = math.ceil(math.sqrt(len(roofs)))
    count = int(SITE_M / cell)
    z = np.full((per_row * count, per_row * count), 90.0)
    footprints = []
    for number, roof in enumerate(roofs):
        row, col = divmod(number, per_row)
        site = z[row * count : (row + 1) * count, col * count : (col + 1) * count]
        x, y = np.meshgrid((np.arange(count) + 0.5) * cell, SITE_M - (np.arange(count) + 0.5) * cell)
        middle = SITE_M / 2 + shift
        roof.build(site, x - middle, y - middle)
        footprints.append(roof.footprint(col * SITE_M + middle, (per_row - 1 - row) * SITE_M + middle))
    z += np.random.default_rng(20301231).normal(0, noise, z.shape)
    return written(folder / "dsm.tif", z, cell=cell), footprints


def measured(
    folder: Path, roofs: list[Roof], cell: float, noise: float = SURVEYED, **options
) -> RoofSurfaces:
    path, footprints = town(folder, roofs, cell, noise)
    return measure_roofs(opened(path), footprints, feedback=Log(), **options)


# -- roofs with hardly any noise ------------------------------------------------------------------------


@pytest.mark.parametrize("cell", [0.5, 1.0])
@pytest.mark.parametrize(
    ("roof", "slope", "flat"),
    [
        (Roof(10, 12, tilted(0)), 0, [1, 1, 1]),
        (Roof(10, 12, tilted(4)), 4, [0, 1, 1]),
        (Roof(10, 12, tilted(8)), 8, [0, 0, 1]),
        (Roof(10, 12, tilted(8), 30), 8, [0, 0, 1]),
        (Roof(10, 12, gable(35)), 35, [0, 0, 0]),
        (Roof(20, 24, shed(30, 6)), 30, [0, 0, 0]),
    ],
    ids=["level", "tilted 4", "tilted 8", "tilted 8, turned", "gable", "shed"],
)
def test_a_roof_is_as_steep_and_as_flat_as_it_was_built(tmp_path, cell, roof, slope, flat):
    found = measured(tmp_path, [roof], cell)
    assert found.slope.item() == pytest.approx(slope, abs=0.5)
    assert found.flat_share.tolist() == [flat]
    assert (found.cover, found.thresholds) == ([1], (3, 5, 10))


@pytest.mark.parametrize("cell", [0.5, 1.0])
@pytest.mark.parametrize("pitch", [15, 25, 35, 50])
def test_no_ridge_leaks_into_the_flat_area(tmp_path, cell, pitch):
    """A plane fitted to a gabled roof is level; so is one fitted to a window on its ridge."""
    roofs = [
        Roof(width, length, gable(pitch), turn)
        for width in (8, 10, 14, 24)
        for length in (12, 40)
        for turn in (0, 10, 30, 45)
    ]
    path, footprints = town(tmp_path, roofs, cell, shift=0.3)
    found = measure_roofs(opened(path), footprints, feedback=Log())
    told = ~np.isnan(found.flat_share[:, 2])
    assert told.mean() >= (1 if cell == 0.5 else 0.8)
    assert (found.flat_share[told] == 0).all()


@pytest.mark.parametrize(("cell", "tolerance"), [(0.5, 0.05), (1.0, 0.09)])
def test_a_flat_annexe_counts_for_itself(tmp_path, cell, tolerance):
    """Up to the rim that is never looked at: of an annexe at one end it takes more than of the whole."""
    roofs = [
        Roof(18, 12, beside(8, 18, 35)),
        Roof(30, 16, beside(8, 30, 35)),
        Roof(30, 16, beside(20, 30, 45)),
    ]
    found = measured(tmp_path, roofs, cell)
    expected = np.array([8 / 18, 8 / 30, 20 / 30])
    assert found.flat_share == pytest.approx(np.tile(expected[:, None], 3), abs=tolerance)


@pytest.mark.parametrize(("cell", "median", "worst"), [(0.5, 1.0, 3.0), (1.0, 1.5, 9.0)])
@pytest.mark.parametrize("annexe", [6, 8])
def test_an_annexe_has_its_square_metres_however_it_is_turned(tmp_path, cell, annexe, median, worst):
    """Its rim is never looked at, and so narrow a house or annexe has no whole window of 5 x 5 cells."""
    width = 10 + annexe
    roofs = [Roof(width, 12, across(annexe, width, 35), turn) for turn in (5, 10, 20, 30, 45, 60, 75, 85)]
    found = measured(tmp_path, roofs, cell)
    errors = found.flat_share[:, 2] * width * 12 - annexe * 12
    assert np.median(errors) == pytest.approx(0, abs=median)
    assert np.abs(errors).max() < worst


def test_a_house_does_not_become_flat_beside_an_annexe(tmp_path):
    """No window of 5 x 5 m lies on one face of the house: the nearest whole one is that of the annexe."""
    (share,) = measured(tmp_path, [Roof(18, 12, across(8, 18, 35))], 1.0).flat_share
    assert share == pytest.approx([8 / 18] * 3, abs=0.04)


def test_a_patch_must_stand_for_the_minimum_area(tmp_path):
    """An annexe of 8 x 12 m on a footprint of 18 x 12 m stands for 96 m²."""
    for minimum, flat in ((10, True), (80, True), (110, False)):
        found = measured(tmp_path, [Roof(18, 12, beside(8, 18, 35))], 0.5, min_area=minimum)
        assert (found.flat_share > 0).tolist() == [[flat] * 3]


def test_small_roofs_have_a_small_window_and_smaller_ones_none(tmp_path):
    found = measured(tmp_path, [Roof(side, side, tilted(0)) for side in (12, 7, 4)], 1.0)
    assert found.window_m == 5
    assert found.roof_window_m[:2].tolist() == [5, 3]
    assert found.cells.tolist() == [25, 4, 0]
    assert found.flat_share[:2].tolist() == [[1, 1, 1]] * 2
    assert np.isnan([found.roof_window_m[2], found.slope[2], *found.flat_share[2]]).all()
    assert found.cover.tolist() == [1, 1, 1]


def test_cells_of_two_metres_do_and_larger_ones_do_not(tmp_path):
    found = measured(tmp_path, [Roof(20, 24, tilted(8)), Roof(24, 24, gable(35))], 2.0)
    assert found.window_m == 6
    assert found.flat_share.tolist() == [[0, 0, 1], [0, 0, 0]]
    with pytest.raises(QgsProcessingException, match=r"cells of 2\.5 m. Above 2 m a roof has too few cells"):
        measured(tmp_path, [Roof(20, 24, tilted(0))], 2.5)


def test_overlapping_footprints_are_each_measured_whole(tmp_path):
    path, (shape,) = town(tmp_path, [Roof(12, 12, tilted(8))], 0.5, noise=0.0)
    part = geometry(box(30, 24, 6, 12))
    found = measure_roofs(opened(path), [shape, part, shape], feedback=Log())
    assert found.slope == pytest.approx([8, 8, 8], abs=0.01)
    assert found.cells[0] == found.cells[2] > found.cells[1] > 0


# -- noise ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "noise", "assessable"),
    [
        (1.0, 0.05, [True, True, True]),
        (1.0, 0.1, [True, True, True]),
        (1.0, 0.2, [False, True, True]),
        (0.5, 0.05, [True, True, True]),
        (0.5, 0.1, [False, True, True]),
        (0.5, 0.2, [False, False, True]),
    ],
)
def test_which_thresholds_stay_assessable_under_noise(tmp_path, cell, noise, assessable):
    """In 5 x 5 cells the noise of a level roof stays below tan⁻¹(2.4477 σ / (√50 cell)) in 95 %."""
    roofs = [Roof(20, 20, heights, turn) for turn in (0, 20, 45) for heights in (tilted(0), gable(35))] * 3
    found = measured(tmp_path, roofs, cell, noise)
    assert found.noise_m == pytest.approx(noise, rel=0.15)
    expected = math.degrees(math.atan(2.4477 * found.noise_m / (math.sqrt(50) * cell)))
    assert found.noise_slope == pytest.approx(expected, rel=1e-3)
    assert [found.assessable(limit) for limit in (3, 5, 10)] == assessable
    told = np.array(assessable)
    assert np.isnan(found.flat_share[:, ~told]).all()
    assert (found.flat_share[::2][:, told] > 0.85).all()
    assert (found.flat_share[1::2][:, told] == 0).all()
    assert found.slope[1::2] == pytest.approx(35, abs=1.5)


@pytest.mark.parametrize(("pitch", "flat"), [(0, 1), (8, 1), (12, 0)])
def test_one_plane_is_flat_as_a_whole_or_not_at_all(tmp_path, pitch, flat):
    """Cell by cell, noise of 0.2 m on 0.5 m cells takes a third of a roof of 8° for steeper than 10°."""
    roofs = [Roof(16, 20, tilted(pitch), turn) for turn in (0, 20, 45, 70)] * 4
    found = measured(tmp_path, roofs, 0.5, 0.2)
    assert found.flat_share[:, 2].tolist() == [flat] * 16


def test_both_sides_of_a_ridge_are_never_one_plane(tmp_path):
    """Their mean gradient is level; 15° is the least pitch that noise of 0.1 m leaves without a leak."""
    roofs = [Roof(14, 20, gable(pitch), turn) for pitch in (15, 20, 35) for turn in (0, 20, 45)]
    found = measured(tmp_path, roofs, 0.5, 0.1)
    assert found.flat_share[:, 2].tolist() == [0] * 9


@pytest.mark.parametrize(("cell", "pitch", "leaking"), [(0.5, 12, False), (1.0, 12, True), (1.0, 20, False)])
def test_how_gentle_a_gable_may_be(tmp_path, cell, pitch, leaking):
    """A limit: on 1 m cells a ridge of 12° bends windows near it by less than noise may."""
    roofs = [Roof(10, 12, gable(pitch), turn) for turn in (0, 10, 20, 30, 45)]
    assert (np.nanmax(measured(tmp_path, roofs, cell).flat_share[:, 2]) > 0) == leaking


def test_small_windows_are_noisier_and_tell_less(tmp_path):
    """0.1 m on 1 m cells: 2.0° in 5 x 5 cells, 5.7° in 3 x 3."""
    found = measured(tmp_path, [Roof(side, side, tilted(0)) for side in (20, 7, 20, 7)], 1.0, 0.1)
    assert np.isnan(found.flat_share[[0, 2]]).sum() == 0
    assert np.isnan(found.flat_share[[1, 3]]).all(axis=0).tolist() == [True, True, False]


def test_fine_surface_models_are_opened_coarser(tmp_path):
    """Averaged from 0.1 m to 0.5 m, noise of 0.2 m is 0.04 m and every threshold is assessable."""
    path, footprints = town(tmp_path, [Roof(15, 15, tilted(0))], 0.1, 0.2)
    fine = measure_roofs(opened(path), footprints)
    assert not fine.assessable(10)
    found = measure_roofs(opened(path, finest=FINEST_CELL_M), footprints)
    assert found.noise_m == pytest.approx(0.04, rel=0.1)
    assert found.flat_share[0, 1:].tolist() == [1, 1]


# -- cover ----------------------------------------------------------------------------------------------


def test_cover_is_reported_per_roof_and_missing_is_not_zero(tmp_path):
    log = Log()
    path, (shape,) = town(tmp_path, [Roof(20, 20, tilted(0))], 1.0)
    half, outside = geometry(box(50, 10, 20, 20)), geometry(box(500, 0, 20, 20))
    found = measure_roofs(opened(path), [shape, half, outside], feedback=log)
    assert found.cover.tolist() == [1, 0.5, 0]
    assert found.flat_share[:2].tolist() == [[1, 1, 1]] * 2
    assert np.isnan(found.flat_share[2]).all()
    assert log.warnings == ["R has no values for 1 of 3 polygons and covers 1 partly."]


def test_nodata_holes_are_left_out(tmp_path):
    """Half of the roof is unknown: the slope is that of the other half, the cover says so."""
    path, (shape,) = town(tmp_path, [Roof(20, 20, tilted(8))], 1.0)
    made = gdal.Open(path, gdal.GA_Update)
    z = made.ReadAsArray()
    z[:, 30:] = -9999
    made.GetRasterBand(1).WriteArray(z)
    made.GetRasterBand(1).SetNoDataValue(-9999)
    del made
    found = measure_roofs(opened(path), [shape])
    assert found.cover == [0.5]
    assert found.slope == pytest.approx([8], abs=0.01)
    assert found.flat_share.tolist() == [[0, 0, 1]]
    assert found.cells.item() == 13 * 5  # an edge along corners of cells belongs to one side only


def test_undeclared_nodata_is_refused(tmp_path):
    noise = np.random.default_rng(1).normal(90, SURVEYED, (30, 30))
    path = written(tmp_path / "r.tif", np.where(np.eye(30, dtype=bool), -9999, noise))
    with pytest.raises(QgsProcessingException, match="R holds -9999, which is no height"):
        measure_roofs(opened(path), [geometry(box(2, 2, 20, 20))])
    found = measure_roofs(opened(path), [geometry(box(1, 1, 12, 12))])
    assert found.flat_share.tolist() == [[1, 1, 1]]


# -- invariance -----------------------------------------------------------------------------------------


def test_blocks_and_order_change_nothing(tmp_path, monkeypatch):
    """Roofs across the borders of blocks, and with blocks smaller than a roof also in strips."""
    heights = (tilted(0), tilted(8), gable(35), beside(8, 18, 35))
    roofs = [Roof(18, 12 + n % 7, heights[n % 4], 13 * n) for n in range(36)]
    path, footprints = town(tmp_path, roofs, 1.0, 0.03)
    whole = measure_roofs(opened(path), footprints, feedback=Log())
    monkeypatch.setattr(zonal, "BLOCK", 40)
    cut = measure_roofs(opened(path), footprints[::-1], feedback=Log())
    for name in ("cover", "slope", "flat_share", "cells", "roof_window_m"):
        assert np.array_equal(getattr(whole, name), getattr(cut, name)[::-1], equal_nan=True), name
    assert (whole.noise_m, whole.noise_slope) == (cut.noise_m, cut.noise_slope)
    monkeypatch.setattr(zonal, "BLOCK", 12)
    strips = measure_roofs(opened(path), footprints, feedback=Log())
    assert (strips.cells, strips.cover) == (pytest.approx(whole.cells), pytest.approx(whole.cover))
    assert strips.slope == pytest.approx(whole.slope, abs=0.5)


def test_without_roofs_nothing_is_told(tmp_path):
    found = measure_roofs(opened(written(tmp_path / "r.tif", np.ones((4, 4)))), [])
    assert found.flat_share.shape == (0, 3)
    assert math.isnan(found.noise_m)
    assert not found.assessable(10)


@pytest.mark.parametrize("measure", [measure_roofs, measure_vegetation])
def test_cancelling_stops(tmp_path, measure):
    raster = opened(written(tmp_path / "r.tif", np.ones((30, 30))))
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        measure(raster, [geometry(box(0, 0, 20, 20))], feedback=Log(cancel_at=1))


def test_a_surface_in_another_crs_gives_the_same_roofs(tmp_path):
    roofs = [
        Roof(20, 20, tilted(0)),
        Roof(20, 24, tilted(8)),
        Roof(20, 24, gable(35)),
        Roof(20, 24, tilted(20)),
    ]
    path, footprints = town(tmp_path, roofs, 0.5)
    moved = str(tmp_path / "moved.tif")
    gdal.Warp(moved, path, dstSRS="EPSG:25833", dstNodata=-1, resampleAlg="bilinear", xRes=0.5, yRes=0.5)
    found = measure_roofs(opened(moved), footprints)
    assert found.cover.tolist() == [1, 1, 1, 1]
    assert found.slope == pytest.approx([0, 8, 35, 20], abs=0.5)
    assert found.flat_share[:, 2].tolist() == [1, 1, 0, 0]


# -- vegetation -----------------------------------------------------------------------------------------


def planted(folder: Path, green: float, bare: float, **options) -> str:
    """Write 20 x 20 cells, green in 4 x 5 and, touching it by a corner, 2 x 2 cells, and in one alone."""
    values = np.full((20, 20), float(bare))
    values[2:6, 2:7] = values[6:8, 7:9] = values[15, 15] = green
    return written(folder / "v.tif", values, **options)


@pytest.mark.parametrize(
    ("green", "bare", "threshold", "kind"),
    [
        (0.3, 0.29, 0.3, gdal.GDT_Float32),
        (0.8, -0.4, 0.3, gdal.GDT_Float32),
        (1, 0, 0.3, gdal.GDT_Byte),
        (255, 0, 128, gdal.GDT_Byte),
        (166, 120, 165, gdal.GDT_Byte),
    ],
    ids=["just NDVI", "NDVI", "mask", "mask to 255", "NDVI in bytes"],
)
def test_vegetation_is_counted_and_its_largest_patch(tmp_path, green, bare, threshold, kind):
    raster = opened(planted(tmp_path, green, bare, cell=0.5, kind=kind), continuous=False)
    found = measure_vegetation(raster, [geometry(box(0, 0, 10, 10)), geometry(box(0, 0, 5, 5))], threshold)
    assert found.cover.tolist() == [1, 1]
    assert found.share.tolist() == [25 / 400, 0]
    assert found.patch_m2.tolist() == [24 * 0.25, 0]


def test_vegetation_of_neighbours_and_beyond_the_raster(tmp_path):
    values = np.full((10, 20), -0.2)
    values[:, 5:] = 0.6
    values[0, 12] = NAN
    raster = opened(written(tmp_path / "v.tif", values))
    polygons = [box(0, 0, 10, 10), box(10, 0, 10, 10), box(15, 0, 10, 10), box(40, 0, 10, 10)]
    found = measure_vegetation(raster, [geometry(wkt) for wkt in polygons])
    assert found.cover.tolist() == [1, 0.99, 0.5, 0]
    assert found.share[:3].tolist() == [0.5, 1, 1]
    assert found.patch_m2[:3].tolist() == [50, 99, 50]
    assert np.isnan([found.share[3], found.patch_m2[3]]).all()


@pytest.mark.parametrize(
    ("green", "bare", "threshold", "message"),
    [
        (3000, 100, 0.3, r"R holds values from 100 … 3000. A vegetation raster holds −1 … 1 or 0 … 255"),
        (0.5, -9999, 0.3, r"R holds values from -9999 … 0.5. A vegetation raster"),
        (200, 90, 0.3, r"R holds values from 90 … 200: the threshold 0.3 must be given in that scale"),
    ],
)
def test_values_in_no_known_scale_are_refused(tmp_path, green, bare, threshold, message):
    raster = opened(planted(tmp_path, green, bare))
    with pytest.raises(QgsProcessingException, match=message):
        measure_vegetation(raster, [geometry(box(0, 0, 20, 20))], threshold)
