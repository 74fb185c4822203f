"""Engine ``raster_ground`` against the cells themselves, in one block and across several."""

from __future__ import annotations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.overlay import dissolve
from gruene_infra.gruene_infra_plugin.spatial.grid import raster_ground
from gruene_infra.gruene_infra_plugin.spatial.grid.raster_ground import ground_where, holds_between
from gruene_infra.gruene_infra_plugin.spatial.grid.zonal import Raster
from qgis.core import QgsCoordinateReferenceSystem

from ...layer_factory import EAST, NORTH, UTM, box, geometry
from ...runs import Log
from ..every.test_every_raster import SIDE, written


@pytest.fixture
def open_raster(tmp_path):
    def opened(values: np.ndarray) -> Raster:
        path = written(tmp_path / "raster.tif", [values], nodata=-9999.0)
        return Raster.open(path, "RASTER", QgsCoordinateReferenceSystem(UTM), Log())

    return opened


@pytest.mark.parametrize("block", [16, 50, 1024])
@pytest.mark.parametrize("seed", range(3))
def test_all_chosen_cells_and_no_others(open_raster, monkeypatch, seed, block):
    values = np.random.default_rng(seed).integers(0, 3, (SIDE, SIDE)).astype(float)
    values[3, 5] = -9999.0
    monkeypatch.setattr(raster_ground, "BLOCK", block)
    whole = [geometry(box(0, 0, SIDE, SIDE)).boundingBox()]
    shapes = list(ground_where(open_raster(values), lambda cells: cells > 1, whole, Log()))
    assert all(shape.isGeosValid() for shape in shapes)
    assert sum(shape.area() for shape in shapes) == dissolve(shapes).area() == (values > 1).sum()
    rows, cols = np.nonzero(values > 1)
    centre = box(cols[0] + 0.4, SIDE - rows[0] - 0.6, 0.2, 0.2)
    assert dissolve(shapes).contains(geometry(centre))


def test_beyond_the_raster_nothing_is_known(open_raster):
    box_around = geometry(box(-10, -10, SIDE + 20, SIDE + 20)).boundingBox()
    shapes = ground_where(open_raster(np.zeros((SIDE, SIDE))), np.isnan, [box_around], Log())
    unknown = dissolve(shapes).intersection(geometry(box(-10, -10, SIDE + 20, SIDE + 20)))
    assert unknown.area() == pytest.approx((SIDE + 20) ** 2 - SIDE**2)


def test_only_blocks_that_are_near_are_read(open_raster, monkeypatch):
    monkeypatch.setattr(raster_ground, "BLOCK", 10)
    near = [geometry(box(12, 12, 5, 5)).boundingBox()]
    (tile,) = ground_where(open_raster(np.ones((SIDE, SIDE))), lambda cells: cells > 0, near, Log())
    assert tile.boundingBox().xMinimum() == EAST + 10
    assert (tile.area(), tile.boundingBox().yMinimum()) == (100, NORTH + 10)


@pytest.mark.parametrize(
    ("value", "found"), [(0.99, False), (1.0, False), (1.01, True), (100, True), (255, False)]
)
def test_whether_any_value_lies_between(open_raster, value, found):
    values = np.zeros((SIDE, SIDE))
    values[-1, -1] = value
    assert holds_between(open_raster(values), 1.0, 100.0) is found
