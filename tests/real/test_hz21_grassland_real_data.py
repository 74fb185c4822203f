"""HZ 21 on 100 field blocks of Schleswig-Holstein and on CORINE 2006 and 2012 of the canton of Vaud."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsGeometry, QgsVectorLayer

from ..layer_factory import changed, layer, reshaped

CHANGE, SHARE = "hz21.gruenland.saldo", "hz21.gruenland.anteil"
HECTARES = 464.0151
"""Permanent grassland of the field blocks by their geometry."""
CELLS_2006, CELLS_2012 = 219, 222
"""Cells of pastures (231, grid code 18) in each raster."""
PASTURE, NODATA = 18, 255


@dataclass
class Classes:
    """A raster of classes with the borders of its columns and rows."""

    values: np.ndarray
    x: np.ndarray
    y: np.ndarray

    def pasture_mapped_in(self, other: Classes) -> float:
        """Return the square metres of pasture of which the other raster has a value."""
        rows, cols = shared(self.y, other.y), shared(self.x, other.x)
        mapped = rows @ (other.values != NODATA).astype(float) @ cols.T
        return float(mapped[self.values == PASTURE].sum())


def shared(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the metres (n, m) that each interval of one axis shares with each of another one."""
    low = np.maximum(np.minimum(one[:-1], one[1:])[:, None], np.minimum(other[:-1], other[1:])[None])
    high = np.minimum(np.maximum(one[:-1], one[1:])[:, None], np.maximum(other[:-1], other[1:])[None])
    return np.maximum(0.0, high - low)


def classes(path: Path) -> Classes:
    source = gdal.Open(str(path))
    west, width, _, north, _, height = source.GetGeoTransform()
    x = west + width * np.arange(source.RasterXSize + 1)
    y = north + height * np.arange(source.RasterYSize + 1)
    return Classes(source.GetRasterBand(1).ReadAsArray(), x, y)


@pytest.fixture(scope="module")
def blocks(data) -> QgsVectorLayer:
    path = data / "feldbloecke_sh" / "feldbloecke_sh.gpkg"
    source = QgsVectorLayer(f"{path}|layername=fb_2024", "feldbloecke", "ogr")
    assert source.featureCount() == 100
    return source


def ploughed(blocks: QgsVectorLayer) -> QgsVectorLayer:
    """Return the field blocks with the largest five meadows under the plough."""

    def plough(features: list) -> list:
        meadows = [f for f in features if f["HBN"] == "Dauergrünland"]
        for feature in sorted(meadows, key=lambda f: -f.geometry().area())[:5]:
            feature["HBN"] = "Ackerland"
        return features

    return changed(blocks, plough)


def areas(found) -> dict[tuple[str, str], dict]:
    return {(row["kennzahl_id"], row["variante_id"]): row for row in found.rows("SUMMARY")}


def test_field_blocks_that_stay_what_they_are(run, blocks):
    result = run("hz21_permanent_grassland", GRASSLAND=blocks, GRASSLAND_BEFORE=blocks)
    found = areas(result)
    assert found[SHARE, "spaeter"]["zaehler"] == pytest.approx(HECTARES, abs=2e-4)
    assert found[SHARE, "spaeter"]["nenner"] == pytest.approx(HECTARES + 37.8908 + 0.4714, abs=2e-3)
    assert (found[CHANGE, "netto"]["wert"], found[CHANGE, "netto"]["status"]) == (0, "erreicht")
    assert found[CHANGE, "brutto_verlust"]["wert"] == 0
    assert {row["art"] for row in result.rows()} == {"erhalten"}
    assert sum(row["flaeche_ha"] for row in result.rows()) == pytest.approx(HECTARES, abs=2e-4)


@pytest.mark.parametrize("east", [0.0, 0.3])
def test_ploughed_meadows_are_lost_and_a_moved_survey_is_none(run, blocks, east):
    def moved(shape: QgsGeometry) -> QgsGeometry:
        shape.translate(east, -east)
        return shape

    meadows = [f.geometry().area() for f in blocks.getFeatures() if f["HBN"] == "Dauergrünland"]
    lost = sum(sorted(meadows)[-5:])
    now = reshaped(ploughed(blocks), moved)
    result = run("hz21_permanent_grassland", GRASSLAND=now, GRASSLAND_BEFORE=blocks)
    found = areas(result)
    for variant in ("netto", "brutto_verlust"):
        assert found[CHANGE, variant]["wert"] == pytest.approx(-lost, rel=1e-4)
        assert found[CHANGE, variant]["luecke"] == pytest.approx(lost, rel=1e-4)
    losses = sorted((row for row in result.rows() if row["art"] == "Verlust"), key=lambda row: row["rang"])
    assert {row["nutzung_neu"] for row in losses} == {"Ackerland"}
    assert sum(row["flaeche_ha"] for row in losses) == pytest.approx(lost / 10_000, rel=1e-4)


def test_field_blocks_and_cadastre(run, blocks):
    shapes = [feature.geometry() for feature in blocks.getFeatures()]
    cadastre = layer(
        shapes, {"objart": ["43001"] * 100, "veg": ["1020"] * 100}, crs="EPSG:4647", name="alkis"
    )
    found = areas(run("hz21_permanent_grassland", GRASSLAND=cadastre, GRASSLAND_BEFORE=blocks))
    assert found[CHANGE, "netto"]["status"] == "nicht bewertbar"


def test_two_rasters_whose_grids_are_off_tell_net_only(run, data):
    """The corners are 61 m and 144 m apart, and the cells differ by 13 mm."""
    folder = data / "clc_vaud"
    result = run(
        "hz21_permanent_grassland",
        RASTER_BEFORE=str(folder / "ls100_06.tif"),
        RASTER=str(folder / "ls100_12.tif"),
    )
    found = areas(result)
    net, gross = found[CHANGE, "netto"], found[CHANGE, "brutto_verlust"]
    then, now = (classes(folder / f"ls100_{year}.tif") for year in ("06", "12"))
    assert ((then.values == PASTURE).sum(), (now.values == PASTURE).sum()) == (CELLS_2006, CELLS_2012)
    by_hand = now.pasture_mapped_in(then) - then.pasture_mapped_in(now)
    assert net["wert"] == pytest.approx(by_hand, rel=1e-3)
    assert 0 < net["wert"] < (CELLS_2012 - CELLS_2006) * 10_000
    assert net["status"] == "erreicht"
    assert (gross["status"], gross["wert"]) == ("nicht bewertbar", None)
    assert "61 m" in gross["annahmen"]
    assert "144 m" in gross["annahmen"]
    assert found[SHARE, "spaeter"]["zaehler"] == pytest.approx(CELLS_2012, rel=2e-3)
    assert {row["art"] for row in result.rows()} == {"erhalten"}


def test_one_raster_held_against_itself_has_changed_nothing(run, data):
    path = str(data / "clc_vaud" / "ls100_06.tif")
    found = areas(run("hz21_permanent_grassland", RASTER_BEFORE=path, RASTER=path))
    assert found[CHANGE, "netto"]["wert"] == found[CHANGE, "brutto_verlust"]["wert"] == 0
    assert found[SHARE, "spaeter"]["zaehler"] == pytest.approx(CELLS_2006, rel=2e-3)
