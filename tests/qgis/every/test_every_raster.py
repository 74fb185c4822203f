"""Every raster of every algorithm: its band, its nodata, and values that nobody measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import NULL, QgsRasterLayer, QgsRasterRange

from ...layer_factory import EAST, NORTH, UTM, box, geometry, layer
from .every_algorithm import BY_ID, definitions

SIDE = 120
ROOFS = [box(10 + 40 * (k % 3), 10 + 40 * (k // 3), 20, 20) for k in range(6)]
HOLE = (slice(None), slice(0, 40))
"""The western third, with two of the six roofs."""


def written(
    path: Path,
    bands: Sequence[np.ndarray],
    *,
    nodata: float | None = None,
    scale: float = 1.0,
    offset: float = 0.0,
    crs: str = UTM,
) -> str:
    """Write bands of values, stored as what ``scale`` and ``offset`` make of them."""
    rows, cols = np.shape(bands[0])
    made = gdal.GetDriverByName("GTiff").Create(str(path), cols, rows, len(bands), gdal.GDT_Float32)
    made.SetGeoTransform((EAST, 1, 0, NORTH + rows, 0, -1))
    place = osr.SpatialReference()
    place.SetFromUserInput(crs)
    made.SetProjection(place.ExportToWkt())
    for number, values in enumerate(bands, 1):
        band = made.GetRasterBand(number)
        band.SetScale(scale)  # before the first cell: with a vertical CRS it goes where the place is kept
        band.SetOffset(offset)
        band.WriteArray((values - offset) / scale)
        if nodata is not None:
            band.SetNoDataValue((nodata - offset) / scale)
    del made
    return str(path)


def heights() -> np.ndarray:
    """Return a survey of six roofs, level and gabled in turn, 10 m above the ground."""
    values = np.full((SIDE, SIDE), 50.0)
    across = np.abs(np.arange(20) - 9.5)
    for k in range(6):
        left, top = 10 + 40 * (k % 3), SIDE - 30 - 40 * (k // 3)
        values[top : top + 20, left : left + 20] = 70.0 - (k % 2) * across * 0.8
    return values + np.random.default_rng(5).normal(0, 0.02, values.shape)


def vegetation() -> np.ndarray:
    """Return an index that is green on every second roof."""
    values = np.random.default_rng(6).uniform(-0.1, 0.1, (SIDE, SIDE))
    for k in range(0, 6, 2):
        left, top = 10 + 40 * (k % 3), SIDE - 30 - 40 * (k // 3)
        values[top : top + 20, left : left + 20] += 0.5
    return values


def roofs(folder: Path) -> dict:
    return {
        "BUILDINGS": layer(ROOFS, {"id": list(range(6))}, name="gebaeude"),
        "DSM": written(folder / "dom.tif", [heights()]),
        "VEGETATION": written(folder / "ndvi.tif", [vegetation()]),
    }


def sealing() -> np.ndarray:
    """Return percents that are above 30 on every second place."""
    return 20.0 + 100 * (vegetation() > 0.3) / 2


def depths() -> np.ndarray:
    """Return a water table 60 cm below the surface on every second place, else 20 cm."""
    return 20.0 + 40.0 * (vegetation() > 0.3)


def soils(folder: Path) -> dict:
    return {
        "SOIL": layer(ROOFS, {"typ_text": [f"Niedermoor {k}" for k in range(6)]}, name="bodenkarte"),
        "LAND_USE": layer(ROOFS, {"landuse": ["meadow"] * 6}, name="landnutzung"),
        "SEALING": written(folder / "versiegelung.tif", [sealing()]),
        "WATER_TABLE": written(folder / "flurabstand.tif", [depths()]),
        "MIN_AREA": 0,
    }


def classes_before() -> np.ndarray:
    """Return grassland on all six places, 18, and arable land, 12, between them."""
    values = np.full((SIDE, SIDE), 12.0)
    for k in range(6):
        left, top = 10 + 40 * (k % 3), SIDE - 30 - 40 * (k // 3)
        values[top : top + 20, left : left + 20] = 18.0
    return values


def classes_now() -> np.ndarray:
    """Return grassland that is left on every second place."""
    values = classes_before()
    values[(values == 18) & (vegetation() < 0.3)] = 12.0
    return values


def surveys(folder: Path) -> dict:
    return {
        "RASTER_BEFORE": written(folder / "frueher.tif", [classes_before()]),
        "RASTER": written(folder / "spaeter.tif", [classes_now()]),
    }


PARAMETERS: dict[str, Callable[[Path], dict]] = {
    "hz02_roof_greening": roofs,
    "hz21_peat_soils": soils,
    "hz21_permanent_grassland": surveys,
}
VALUES = {
    ("hz02_roof_greening", "DSM"): (heights, "flach"),
    ("hz02_roof_greening", "VEGETATION"): (vegetation, "begruent"),
    ("hz21_peat_soils", "SEALING"): (sealing, "nutzung"),
    ("hz21_peat_soils", "WATER_TABLE"): (depths, "wasserstand_cm"),
    ("hz21_permanent_grassland", "RASTER"): (classes_now, "art"),
    ("hz21_permanent_grassland", "RASTER_BEFORE"): (classes_before, "art"),
}
"""By raster parameter: its values, and the column that follows from them."""
SAYS = {
    ("hz21_peat_soils", "nutzung"): lambda use: {"versiegelt": 1, "unbekannt": None}.get(use, 0),
    ("hz21_peat_soils", "wasserstand_cm"): lambda depth: None if depth is None else int(depth > 40),
    ("hz21_permanent_grassland", "art"): lambda kind: int(kind == "erhalten"),
}
"""What the values of columns say of a place, where they are no verdict themselves."""
ONE_GRID = {"hz21_permanent_grassland"}
"""Algorithms that hold two rasters against each other cell upon cell."""


def verdict(algorithm_id: str, column: str, value: object) -> object:
    """Return 1, 0 or ``None`` for what a column says of a place."""
    return SAYS.get((algorithm_id, column), lambda told: told)(value)


EVERY = [(n, d.name()) for n in BY_ID for d in definitions(n, "raster")]
every_raster = pytest.mark.parametrize(("algorithm_id", "name"), EVERY)


@pytest.fixture
def verdicts(run, tmp_path):
    """Run with one raster exchanged and return the column that follows from it, the roofs by number."""

    def start(algorithm_id: str, name: str, **parameters: object) -> tuple[list, str]:
        result = run(algorithm_id, **(PARAMETERS[algorithm_id](tmp_path) | parameters))
        _, column = VALUES[algorithm_id, name]
        told = {}
        for feature in sorted(result.layer().getFeatures(), key=lambda piece: piece.geometry().area()):
            centre = feature.geometry().centroid()  # edges of cells leave smaller pieces beside
            place = next(n for n, roof in enumerate(ROOFS) if geometry(roof).buffer(2, 4).contains(centre))
            told[place] = None if feature[column] == NULL else feature[column]
        found = [verdict(algorithm_id, column, told[n]) if n in told else None for n in range(len(ROOFS))]
        return found, result.log.text

    return start


def with_hole(values: np.ndarray, value: float) -> np.ndarray:
    holed = values.copy()
    holed[HOLE] = value
    return holed


def test_every_raster_takes_part():
    """If this fails for a new algorithm: give its raster values, and a parameter for the band."""
    assert set(EVERY) == VALUES.keys()
    for algorithm_id, name in EVERY:
        band = BY_ID[algorithm_id].parameterDefinition(f"{name}_BAND")
        assert (band.type(), band.parentLayerParameterName()) == ("band", name)


@every_raster
def test_as_it_is(algorithm_id, name, verdicts):
    found, log = verdicts(algorithm_id, name)
    assert found == [1, 0, 1, 0, 1, 0]
    assert f"{name}_BAND: Band 1" in log


@every_raster
@pytest.mark.parametrize(("scale", "offset"), [(1.0, 0.0), (0.01, 20.0)])
@pytest.mark.parametrize("crs", [UTM, "EPSG:25832+7837"])
def test_nodata_of_the_layer_counts_as_that_of_the_file(
    algorithm_id, name, scale, offset, crs, verdicts, tmp_path
):
    values, _ = VALUES[algorithm_id, name]
    holed = with_hole(values(), -9999.0)
    stored = {"scale": scale, "offset": offset, "crs": crs}
    of_file = written(tmp_path / "file.tif", [holed], nodata=-9999.0, **stored)
    of_layer = QgsRasterLayer(written(tmp_path / "layer.tif", [holed], **stored), "raster")
    of_layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(-9999.0, -9999.0)])
    between = QgsRasterLayer(of_layer.source(), "raster")
    between.dataProvider().setUserNoDataValue(1, [QgsRasterRange(5000, 6000), QgsRasterRange(-10_000, -9000)])
    for raster in (of_file, of_layer, between):
        found, _ = verdicts(algorithm_id, name, **{name: raster})
        assert found == [None, 0, 1, None, 1, 0]


@every_raster
def test_nodata_of_the_layer_is_not_mixed_in_when_transformed(algorithm_id, name, verdicts, tmp_path):
    if algorithm_id in ONE_GRID:
        pytest.skip("cells of another CRS lie upon no others: only the net change is told")
    values, _ = VALUES[algorithm_id, name]
    path = written(tmp_path / "utm.tif", [with_hole(values(), -9999.0)])
    moved = str(tmp_path / "moved.tif")
    gdal.Warp(moved, path, dstSRS="EPSG:25833", resampleAlg="near", xRes=1, yRes=1, dstNodata=-9999)
    raster = QgsRasterLayer(moved, "raster")
    raster.dataProvider().setUseSourceNoDataValue(1, False)
    raster.dataProvider().setUserNoDataValue(1, [QgsRasterRange(-9999.0, -9999.0)])
    found, _ = verdicts(algorithm_id, name, **{name: raster})
    assert found == [None, 0, 1, None, 1, 0]


@every_raster
def test_of_several_bands_one_is_to_be_chosen(algorithm_id, name, attempt, verdicts, tmp_path):
    values, _ = VALUES[algorithm_id, name]
    count = np.random.default_rng(8).integers(1, 9, (SIDE, SIDE))
    several = written(tmp_path / "several.tif", [count, values(), count])
    found = attempt(algorithm_id, PARAMETERS[algorithm_id](tmp_path) | {name: several})
    assert f"several has 3 bands (Band 1, Band 2, Band 3). Choose {name}_BAND." in found.error
    chosen, log = verdicts(algorithm_id, name, **{name: several, f"{name}_BAND": 2})
    assert chosen == [1, 0, 1, 0, 1, 0]
    assert f"{name}_BAND: Band 2" in log
    found = attempt(algorithm_id, PARAMETERS[algorithm_id](tmp_path) | {name: several, f"{name}_BAND": 4})
    assert f"{name} has no band 4" in found.error


@every_raster
def test_a_band_that_cannot_be_meant_gives_no_verdict(algorithm_id, name, attempt, tmp_path):
    """A count is no height, an index is none; reflectance is no index."""
    generator = np.random.default_rng(9)
    wrong = {
        "DSM": (generator.poisson(4, (SIDE, SIDE)), vegetation(), np.full((SIDE, SIDE), 3)),
        "VEGETATION": (generator.uniform(0.05, 0.6, (SIDE, SIDE)), np.full((SIDE, SIDE), 0.45)),
        "SEALING": (generator.uniform(400, 5000, (SIDE, SIDE)), np.full((SIDE, SIDE), 255)),
        "RASTER": (generator.uniform(300, 900, (SIDE, SIDE)), np.full((SIDE, SIDE), 4)),
        "RASTER_BEFORE": (generator.uniform(300, 900, (SIDE, SIDE)), np.full((SIDE, SIDE), 4)),
        "WATER_TABLE": (generator.uniform(3000, 9000, (SIDE, SIDE)), np.full((SIDE, SIDE), 9999)),
    }[name]
    path = written(tmp_path / "wrong.tif", wrong)
    _, column = VALUES[algorithm_id, name]
    for band in range(1, len(wrong) + 1):
        parameters = PARAMETERS[algorithm_id](tmp_path) | {name: path, f"{name}_BAND": band}
        found = attempt(algorithm_id, parameters)
        if found.error:
            assert name in found.error
        else:
            told = {row[column] for row in found.details["OUTPUT"]}
            assert {verdict(algorithm_id, column, one) for one in told} == {None}
            assert f"{name}: of " in found.log


def test_an_index_cut_to_the_roofs_is_none_the_less_an_index(attempt, tmp_path):
    """Above 0 on all of 1 600 m², in a box of 100 ha most of which is empty: too little for reflectance."""
    cells = np.full((1000, 1000), np.nan)
    cells[:20, :40], cells[-20:, -40:] = 0.45, 0.05
    index = written(tmp_path / "index.tif", [cells])
    shapes = [box(0, 980, 40, 20), box(960, 0, 40, 20)]
    buildings = layer(shapes, {"id": [1, 2], "dachform": [1000, 1000]})
    found = attempt("hz02_roof_greening", {"BUILDINGS": buildings, "VEGETATION": index})
    assert not found.error
    assert [row["gruen_m2"] for row in sorted(found.details["OUTPUT"], key=lambda row: row["id"])] == [800, 0]


@pytest.mark.parametrize("value", [0.0, 50.0, 68.0, 9999.0, -9999.0])
def test_a_hole_filled_with_one_height_is_no_roof(value, attempt, tmp_path):
    """9999 is no height at all and refused where cells of it are left over."""
    raster = written(tmp_path / "filled.tif", [with_hole(heights(), value)])
    found = attempt("hz02_roof_greening", roofs(tmp_path) | {"DSM": raster})
    rows = sorted(found.details["OUTPUT"], key=lambda row: row["id"])
    assert [row["flach"] for row in rows] == [None, 0, 1, None, 1, 0]
    assert [row["beleg_abdeckung_proz"] for row in rows] == [0, 100, 100, 0, 100, 100]
    assert "DSM: of 2 of 6 polygons heights are exactly the same over a large part." in found.log
    assert {row["status"] for row in found.findings} == {"nicht bewertbar"}


@pytest.mark.parametrize(("step", "hidden"), [(1.0, True), (0.5, True), (0.2, False), (0.1, False)])
@pytest.mark.parametrize("crs", [UTM, "EPSG:25833"])
def test_heights_in_steps_tell_no_slope_that_the_steps_hide(step, hidden, crs, attempt, tmp_path):
    """Gables of 12° on 20 m, that is 0.21 m per cell and 2 m from eaves to ridge.

    1.5 steps over 3 m, the small window of folded roofs, are 27°, 14°, 6° and 3°.
    """
    values = np.full((SIDE, SIDE), 50.0)
    across = np.abs(np.arange(20) - 9.5) * np.tan(np.radians(12))
    for k in range(6):
        left, top = 10 + 40 * (k % 3), SIDE - 30 - 40 * (k // 3)
        values[top : top + 20, left : left + 20] = 70.0 - across
    values += np.random.default_rng(5).normal(0, 0.02, values.shape)
    path = written(tmp_path / "steps.tif", [np.round(values / step) * step])
    if crs != UTM:
        moved = str(tmp_path / "moved.tif")
        gdal.Warp(moved, path, dstSRS=crs, resampleAlg="near", xRes=1, yRes=1, dstNodata=-9999)
        path = moved
    found = attempt("hz02_roof_greening", roofs(tmp_path) | {"DSM": path})
    said = f"6 of 6 polygons heights are stored in steps of {step:g} m or more: a slope of 10° cannot be told"
    assert (said in found.log) == hidden
    for row in found.details["OUTPUT"]:
        if hidden:
            assert (row["flach"], row["grund"]) == (None, "Neigung unbekannt")
        else:
            assert row["neigung_grad"] == pytest.approx(12, abs=1.5)
            assert row["flach_m2"] <= 40  # some cells of the ridge
