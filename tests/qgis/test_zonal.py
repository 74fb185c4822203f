"""Engine ``zonal``: cells of polygons, counted by hand, whatever window they are read in."""

from __future__ import annotations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.spatial import zonal
from gruene_infra.gruene_infra_plugin.spatial.zonal import Raster, zonal_statistics
from osgeo import gdal, osr
from qgis.core import QgsCoordinateReferenceSystem, QgsProcessingException, QgsProcessingFeedback

from ..layer_factory import EAST, NORTH, box, geometry, ngon, polygon

UTM = QgsCoordinateReferenceSystem("EPSG:25832")


def write(path, values, *, cell=1.0, nodata=None, epsg=25832, turn=0.0):
    rows, columns = values.shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 1, gdal.GDT_Float32)
    dataset.SetGeoTransform((EAST, cell, turn, NORTH + rows * cell, turn, -cell))
    if epsg:
        crs = osr.SpatialReference()
        crs.ImportFromEPSG(epsg)
        dataset.SetProjection(crs.ExportToWkt())
    if nodata is not None:
        dataset.GetRasterBand(1).SetNoDataValue(nodata)
    dataset.GetRasterBand(1).WriteArray(values.astype(np.float32))
    return str(path)


def opened(path):
    return Raster.open(path, "raster", UTM, QgsProcessingFeedback())


def statistics(path, *shapes):
    return zonal_statistics(opened(path), [geometry(shape) for shape in shapes], QgsProcessingFeedback())


def test_published_reference_of_nodata_and_null(tmp_path):
    """rasterstats tests: cells null, 12.25 / -999, 12.75 with nodata -999 (METHODS R5)."""
    values = np.array([[np.nan, 12.25], [-999.0, 12.75]])
    found = statistics(write(tmp_path / "r5.tif", values, nodata=-999), box(0, 0, 2, 2))
    assert (found.cells[0], found.count[0], found.nodata[0]) == (4, 2, 1)
    assert (found.mean[0], found.minimum[0], found.maximum[0]) == (12.5, 12.25, 12.75)


def test_mean_minimum_maximum_by_hand(tmp_path):
    values = np.arange(100.0).reshape(10, 10)  # row 0 is the northern one
    found = statistics(write(tmp_path / "r.tif", values), box(2, 3, 3, 2), box(0, 9, 1, 1))
    assert list(found.count) == [6, 1]
    assert found.mean == pytest.approx([58.0, 0.0])
    assert (found.minimum[0], found.maximum[0]) == (52.0, 64.0)


def test_partial_cover_is_reported_per_feature(tmp_path):
    found = statistics(write(tmp_path / "r.tif", np.ones((10, 10))), box(5, 5, 10, 2), box(50, 50, 4, 4))
    assert found.cover[0] == pytest.approx(0.5)
    assert (found.count[1], found.cover[1]) == (0, 0.0)
    assert np.isnan(found.mean[1])


def test_overlapping_polygons_each_get_their_own_cells(tmp_path):
    found = statistics(write(tmp_path / "r.tif", np.ones((20, 20))), box(0, 0, 10, 10), box(5, 5, 10, 10))
    assert list(found.count) == [100, 100]


def test_a_hole_is_not_counted(tmp_path):
    ring = polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [(3, 3), (7, 3), (7, 7), (3, 7)])
    assert list(statistics(write(tmp_path / "r.tif", np.ones((20, 20))), ring).count) == [84]


def test_the_window_does_not_matter(tmp_path, monkeypatch):
    rng = np.random.default_rng(8)
    path = write(tmp_path / "r.tif", rng.normal(0, 1, (150, 150)))
    shapes = [polygon(ngon(*rng.uniform(10, 140, 2), rng.uniform(2, 20), 7)) for _ in range(40)]
    whole = statistics(path, *shapes)
    monkeypatch.setattr(zonal, "BLOCK", 32)
    small = statistics(path, *shapes)
    np.testing.assert_array_equal(small.count, whole.count)
    np.testing.assert_allclose(small.mean, whole.mean, rtol=1e-6)


def test_the_order_of_features_does_not_matter(tmp_path):
    path = write(tmp_path / "r.tif", np.random.default_rng(9).normal(0, 1, (60, 60)))
    shapes = [box(7 * k, 5 * k, 9, 8) for k in range(7)]
    there, back = statistics(path, *shapes), statistics(path, *shapes[::-1])
    np.testing.assert_allclose(there.mean, back.mean[::-1])


@pytest.mark.parametrize(
    ("options", "message"),
    [({"epsg": None}, "CRS"), ({"turn": 0.3}, "north up")],
    ids=["without CRS", "turned"],
)
def test_rasters_that_cannot_be_placed_are_refused(tmp_path, options, message):
    path = write(tmp_path / "r.tif", np.ones((10, 10)), **options)
    with pytest.raises(QgsProcessingException, match=message):
        opened(path)


def test_a_file_that_is_no_raster_is_refused(tmp_path):
    path = tmp_path / "r.tif"
    path.write_text("no raster", encoding="utf-8")
    with pytest.raises(QgsProcessingException, match="cannot be read"):
        opened(str(path))
