"""Engine ``zonal`` on small rasters: cells by hand, and the same whatever the blocks and the order."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.spatial.grid import zonal
from gruene_infra.gruene_infra_plugin.spatial.grid.zonal import (
    Raster,
    connected_patches,
    windows,
    zonal_statistics,
)
from osgeo import gdal, osr
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingException,
    QgsRasterLayer,
    QgsRectangle,
)

from ...layer_factory import EAST, NORTH, UTM, box, geometry, ngon, polygon
from ...runs import Log

CRS = QgsCoordinateReferenceSystem(UTM)
NAN = float("nan")


def written(
    path: Path,
    values,
    *,
    cell: float = 1.0,
    corner: tuple[float, float] = (EAST, NORTH),
    crs: str = UTM,
    nodata: float | None = None,
    turn: float = 0.0,
    kind: int = gdal.GDT_Float32,
) -> str:
    """Write a GeoTIFF whose lower left corner is ``corner``."""
    values = np.asarray(values)
    rows, cols = values.shape
    made = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, 1, kind, ["TILED=YES"])
    made.SetGeoTransform((corner[0], cell, turn, corner[1] + rows * cell, turn, -cell))
    if crs:
        reference = osr.SpatialReference()
        reference.SetFromUserInput(crs)
        made.SetSpatialRef(reference)
    if nodata is not None:
        made.GetRasterBand(1).SetNoDataValue(nodata)
    made.GetRasterBand(1).WriteArray(values)
    return str(path)


def opened(source, log: Log | None = None, **options) -> Raster:
    return Raster.open(source, "R", CRS, log or Log(), **options)


def shapes(*wkts: str) -> list[QgsGeometry]:
    return [geometry(wkt) for wkt in wkts]


def statistics(raster: Raster, *wkts: str) -> zonal.ZonalStatistics:
    return zonal_statistics(raster, shapes(*wkts), Log())


def scattered(count: int, side: float, seed: int = 7) -> list[QgsGeometry]:
    """Return polygons of 3 to 9 corners, some with a hole or in two parts, many of which overlap."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        x, y, r = rng.uniform(0, side), rng.uniform(0, side), rng.uniform(2, 20)
        ring = ngon(x, y, r, rng.randint(3, 9), rng.uniform(0, 3))
        hole = [ngon(x, y, r / 3, 4)] if number % 3 == 0 else []
        shape = geometry(polygon(ring, *hole))
        if number % 5 == 0:
            shape = shape.combine(geometry(polygon(ngon(x + 3 * r, y, r, 5))))
        made.append(shape)
    return made


def cells_inside(shape: QgsGeometry, rows: int, cols: int) -> np.ndarray:
    """Return by QGIS's own test which cell centres lie in a polygon."""
    return np.array(
        [
            [shape.contains(QgsPointXY(EAST + c + 0.5, NORTH + rows - r - 0.5)) for c in range(cols)]
            for r in range(rows)
        ]
    )


# -- statistics -----------------------------------------------------------------------------------------


def test_null_and_nodata_as_published(tmp_path):
    """R5, tests of rasterstats: null and 12.25 above -999 and 12.75, nodata -999, one polygon over all."""
    raster = opened(written(tmp_path / "r.tif", [[NAN, 12.25], [-999, 12.75]], nodata=-999))
    found = statistics(raster, box(0, 0, 2, 2))
    assert (found.cells, found.count, found.nodata) == ([4], [2], [1])
    assert (found.mean, found.minimum, found.maximum) == ([12.5], [12.25], [12.75])
    assert found.cover == [0.5]


def test_a_cell_belongs_to_the_polygon_that_holds_its_centre(tmp_path):
    raster = opened(written(tmp_path / "r.tif", np.arange(12.0).reshape(3, 4)))
    found = statistics(raster, box(0.6, 0.6, 2, 2), box(0.4, 0.4, 0.05, 0.05), box(3, 2, 1, 1))
    assert found.cells.tolist() == [4, 0, 1]
    assert found.mean[[0, 2]].tolist() == [(5 + 6 + 1 + 2) / 4, 3]
    assert np.isnan([found.mean[1], found.minimum[1], found.maximum[1]]).all()
    assert found.cover.tolist() == [1, 0, 1]


def test_neighbours_share_out_every_cell(tmp_path):
    """An edge through cell centres gives each of them to one side."""
    raster = opened(written(tmp_path / "r.tif", np.ones((8, 8))))
    found = statistics(raster, box(0, 0, 3.5, 8), box(3.5, 0, 4.5, 4.5), box(3.5, 4.5, 4.5, 3.5))
    assert found.cells.sum() == 64


def test_overlapping_polygons_have_all_their_cells(tmp_path):
    raster = opened(written(tmp_path / "r.tif", np.arange(100.0).reshape(10, 10)))
    found = statistics(raster, box(0, 0, 10, 10), box(2, 2, 3, 3), box(0, 0, 10, 10), box(4, 4, 4, 4))
    assert found.count.tolist() == [100, 9, 100, 16]
    assert found.mean[[0, 2]].tolist() == [49.5, 49.5]


def test_scan_lines_agree_with_qgis(tmp_path):
    values = np.random.default_rng(3).normal(size=(90, 90))
    raster = opened(written(tmp_path / "r.tif", values))
    polygons = scattered(40, 90)
    found = zonal_statistics(raster, polygons, Log())
    for number, shape in enumerate(polygons):
        inside = cells_inside(shape, 90, 90)
        assert found.count[number] == inside.sum()
        if inside.any():
            assert found.mean[number] == pytest.approx(values[inside].mean(), abs=1e-6)
            assert found.minimum[number] == np.float32(values[inside].min())
            assert found.maximum[number] == np.float32(values[inside].max())


def test_blocks_strips_and_order_change_nothing(tmp_path, monkeypatch):
    values = np.random.default_rng(4).normal(size=(300, 300))
    values[values > 2] = -999
    raster = opened(written(tmp_path / "r.tif", values, nodata=-999))
    polygons = [*scattered(150, 300), geometry(box(-20, 10, 340, 250))]
    whole = zonal_statistics(raster, polygons, Log())
    monkeypatch.setattr(zonal, "BLOCK", 16)
    strips = [window for window in windows(raster, polygons, 1, Log()) if window.is_strip]
    assert len(strips) > 10
    assert max(window.values.size for window in windows(raster, polygons, 1, Log())) < 2 * (2 * 16) ** 2
    cut = zonal_statistics(raster, polygons[::-1], Log())
    for name in ("cells", "count", "nodata", "minimum", "maximum"):
        assert np.array_equal(getattr(whole, name), getattr(cut, name)[::-1], equal_nan=True), name
    assert whole.mean == pytest.approx(cut.mean[::-1], rel=1e-12, nan_ok=True)


def test_partly_and_wholly_outside(tmp_path):
    raster = opened(written(tmp_path / "r.tif", np.ones((10, 10))))
    found = statistics(raster, box(5, 0, 10, 10), box(-30, 0, 5, 5), box(-6, -6, 8, 8))
    assert found.cover.tolist() == [0.5, 0, 4 / 64]
    assert np.isnan(found.mean).tolist() == [False, True, False]


def test_empty_geometries_and_none_at_all(tmp_path):
    raster = opened(written(tmp_path / "r.tif", np.ones((4, 4))))
    found = zonal_statistics(raster, [QgsGeometry(), *shapes("Polygon EMPTY", box(0, 0, 2, 2))], Log())
    assert found.count.tolist() == [0, 0, 4]
    assert len(zonal_statistics(raster, [], Log()).count) == 0


def test_curves_and_heights_in_the_geometry(tmp_path):
    raster = opened(written(tmp_path / "r.tif", np.ones((40, 40))))
    ring = f"CircularString ({EAST + 5} {NORTH + 20}, {EAST + 35} {NORTH + 20}, {EAST + 5} {NORTH + 20})"
    flat = geometry(box(3, 3, 4, 4))
    flat.get().addZValue(7.0)
    found = zonal_statistics(raster, [*shapes(f"CurvePolygon ({ring})"), flat], Log())
    x, y = np.meshgrid(np.arange(40) - 19.5, np.arange(40) - 19.5)
    assert found.count[0] == np.sum(np.hypot(x, y) < 15)
    assert found.count[1] == 16


def test_scale_offset_and_integers(tmp_path):
    path = written(tmp_path / "r.tif", [[100, 200], [-32768, 400]], nodata=-32768, kind=gdal.GDT_Int16)
    made = gdal.Open(path, gdal.GA_Update)
    made.GetRasterBand(1).SetScale(0.01)
    made.GetRasterBand(1).SetOffset(-1.0)
    del made
    found = statistics(opened(path), box(0, 0, 2, 2))
    assert found.count == [3]
    assert (found.minimum.item(), found.maximum.item()) == (pytest.approx(0), pytest.approx(3))


def test_cancel_and_progress(tmp_path):
    raster = opened(written(tmp_path / "r.tif", np.ones((4, 4))))
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        zonal_statistics(raster, shapes(box(0, 0, 2, 2)), Log(cancel_at=2))
    before = gdal.GetCacheMax()
    assert zonal_statistics(raster, shapes(box(0, 0, 2, 2)), Log()).count == [4]
    assert gdal.GetCacheMax() == before


# -- insets and patches ---------------------------------------------------------------------------------


@pytest.mark.parametrize("half", [1, 2])
def test_inset_cells_lie_as_far_inside_as_promised(tmp_path, half):
    raster = opened(written(tmp_path / "r.tif", np.zeros((80, 80))))
    polygons = shapes(box(10.3, 10.3, 20, 14.4), polygon(ngon(55, 50, 15, 7, 0.3)), box(28, 20, 12, 12))
    (window,) = windows(raster, polygons, half + 2, Log())
    found = {(z, i) for z, i in zip(*cell_lists(window.footprints.inset(half)), strict=True)}
    distance, width = 1.5 + half, window.values.shape[1]
    left, top = inner_corner(polygons, half + 2)
    for zone, shape in enumerate(polygons):
        for index in range(window.values.size):
            x, y = left + index % width + 0.5, top - index // width - 0.5
            square = QgsRectangle(x - distance, y - distance, x + distance, y + distance)
            if (zone, index) in found:
                assert shape.buffer(1e-6, 4).contains(QgsGeometry.fromRect(square))
            else:
                assert not shape.buffer(-1e-6, 4).contains(QgsGeometry.fromRect(square))
    assert len(found) > 50


def cell_lists(cells: zonal.Cells) -> tuple[list[int], list[int]]:
    return cells.zone.tolist(), cells.index.tolist()


def inner_corner(polygons: list[QgsGeometry], margin: int) -> tuple[float, float]:
    """Return the upper left corner of the window around polygons on a grid of 1 m from (EAST, NORTH)."""
    boxes = [shape.boundingBox() for shape in polygons]
    left = np.floor(min(b.xMinimum() for b in boxes))
    return left - margin, np.ceil(max(b.yMaximum() for b in boxes)) + margin


@pytest.mark.parametrize(("diagonal", "sizes"), [(False, [1, 1, 2, 3]), (True, [1, 3, 3])])
def test_patches_connect_by_sides_or_also_by_corners(tmp_path, diagonal, sizes):
    values = [[1, 0, 0, 1, 1], [0, 1, 0, 0, 1], [0, 1, 0, 0, 0], [0, 0, 0, 1, 0]]
    raster = opened(written(tmp_path / "r.tif", values))
    (window,) = windows(raster, shapes(box(0, 0, 5, 4)), 1, Log())
    cells = window.footprints.cells()
    patch = connected_patches(cells.where(window.values.ravel()[cells.index] == 1), diagonal=diagonal)
    assert sorted(np.bincount(patch)) == sizes


def test_patches_end_at_the_polygon(tmp_path):
    """Side by side and one over the other, each polygon has a patch of its own."""
    raster = opened(written(tmp_path / "r.tif", np.ones((10, 10))))
    polygons = shapes(box(0, 0, 5, 10), box(5, 0, 5, 10), box(2, 2, 6, 6))
    (window,) = windows(raster, polygons, 1, Log())
    cells = window.footprints.cells()
    patch = connected_patches(cells, diagonal=True)
    assert np.bincount(patch).tolist() == [50, 50, 36]
    assert (patch == cells.zone).all()


# -- opening --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crs", ["EPSG:25833", "EPSG:4326", "EPSG:3035"])
def test_another_crs_is_transformed(tmp_path, crs):
    x, y = np.meshgrid(np.arange(200), np.arange(200)[::-1])
    path = written(tmp_path / "utm.tif", 0.25 * x + 0.5 * y)
    moved = str(tmp_path / "moved.tif")
    gdal.Warp(moved, path, dstSRS=crs, dstNodata=-1, resampleAlg="bilinear")
    log = Log()
    raster = opened(moved, log)
    assert "is transformed to EPSG:25832" in log.text
    assert raster.cell == pytest.approx(1, rel=0.25)
    found = statistics(raster, box(50, 50, 60, 40), box(150, 150, 100, 40))
    assert found.mean[0] == pytest.approx(0.25 * 79.5 + 0.5 * 69.5, abs=0.1)
    assert found.cover[0] == 1
    assert found.cover[1] == pytest.approx(0.5, abs=0.05)


def test_heights_above_the_same_plane_need_no_transformation(tmp_path):
    log = Log()
    raster = opened(written(tmp_path / "r.tif", np.ones((4, 4)), crs="EPSG:25832+7837"), log)
    assert statistics(raster, box(0, 0, 4, 4)).count == [16]
    assert log.text == ""


def test_the_layers_crs_counts_and_not_the_files(tmp_path):
    layer = QgsRasterLayer(written(tmp_path / "r.tif", np.ones((4, 4)), crs=""), "r")
    layer.setCrs(CRS)
    assert statistics(opened(layer), box(0, 0, 4, 4)).count == [16]


def test_fine_cells_are_averaged(tmp_path):
    values = np.random.default_rng(5).normal(50, 0.1, (100, 100))
    log = Log()
    raster = opened(written(tmp_path / "r.tif", values, cell=0.1), log, finest=0.5)
    assert raster.cell == pytest.approx(0.5)
    assert "averaged to 0.5 m" in log.text
    expected = values.reshape(20, 5, 20, 5).mean(axis=(1, 3))
    found = statistics(raster, box(0, 0, 10, 10))
    assert found.count == [400]
    assert found.maximum.item() == pytest.approx(expected.max(), abs=1e-4)


def test_oblong_cells_become_square(tmp_path):
    path = written(tmp_path / "r.tif", np.ones((20, 10)))
    made = gdal.Open(path, gdal.GA_Update)
    made.SetGeoTransform((EAST, 2.0, 0, NORTH + 20, 0, -1.0))
    del made
    assert statistics(opened(path), box(0, 0, 20, 20)).count == [400]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"crs": ""}, "R has no CRS"),
        ({"turn": 0.3}, "R is turned or has no position"),
        ({"cell": -1.0}, "R is turned or has no position"),
    ],
)
def test_rasters_that_lie_nowhere_are_refused(tmp_path, options, message):
    with pytest.raises(QgsProcessingException, match=message):
        opened(written(tmp_path / "r.tif", np.ones((4, 4)), **options))


def test_what_is_no_raster_is_refused(tmp_path):
    text = tmp_path / "r.tif"
    text.write_text("no raster")
    for source in (str(text), str(tmp_path / "missing.tif")):
        with pytest.raises(QgsProcessingException, match="R cannot be read as a raster"):
            opened(source)
    with pytest.raises(QgsProcessingException, match="R has no band 2"):
        opened(written(tmp_path / "one.tif", np.ones((4, 4))), band=2)


def test_a_web_service_is_refused():
    service = QgsRasterLayer("crs=EPSG:25832&format=image/png&layers=a&styles&url=file:///none", "r", "wms")
    with pytest.raises(QgsProcessingException, match="R is a web service"):
        opened(service)


def test_a_truncated_file_is_said(tmp_path):
    path = tmp_path / "r.tif"
    written(path, np.random.default_rng(6).normal(size=(600, 600)))
    path.write_bytes(path.read_bytes()[:400_000])
    with pytest.raises(QgsProcessingException, match="R cannot be read"):
        statistics(opened(str(path)), box(0, 0, 600, 600))
