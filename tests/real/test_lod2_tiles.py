"""Two official LoD2 tiles of NRW (Selfkant): the published counts, and what must agree with itself."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

FLAT_DEG = 10.0
OVERLAPPING = "DENW43AL00002dn1"
"""Part of a roof face of this building lies below another one and looks downwards: the plan counts twice."""


@pytest.fixture(scope="module")
def result(run, data):
    return run("import_lod2", FOLDER=str(data / "lod2"))


@pytest.fixture(scope="module")
def buildings(result):
    return {feature["gebaeude_id"]: feature for feature in result.layer("BUILDINGS").getFeatures()}


@pytest.fixture(scope="module")
def faces(result):
    return result.rows("ROOF_FACES")


def test_counts(buildings, faces):
    """Each polygon is a face: the 380 RoofSurface elements hold 398 of them."""
    flat = [face for face in faces if face["neigung_grad"] <= FLAT_DEG]
    assert (len(buildings), len(faces), len(flat)) == (192, 398, 157)
    assert sum(face["flaeche_m2"] >= 100 for face in flat) == 8
    assert sum(face["grundflaeche_m2"] >= 100 for face in flat) == 8


def test_nothing_was_left_out(result):
    assert "2 tiles: 192 buildings read, 192 written with 398 roof faces" in result.log.text
    disagreeing, unknown_form = result.log.warnings
    assert disagreeing.startswith("1 buildings whose roof faces differ")
    assert OVERLAPPING in disagreeing
    assert "29 roof faces have the roof form 9999" in unknown_form


def test_the_same_tiles_twice_add_nothing(run, data, result):
    """A second delivery of both tiles under other names repeats every building in outline and date."""
    tiles = sorted((data / "lod2").glob("*.gml"))
    with tempfile.TemporaryDirectory() as folder:
        copies = [Path(folder) / f"kopie_{path.name}" for path in tiles]
        for path, copy in zip(tiles, copies, strict=True):
            shutil.copy(path, copy)
        again = run("import_lod2", TILES=[str(path) for path in (*tiles, *copies)])
    assert "384 buildings read, 192 written with 398 roof faces" in again.log.text
    assert "192 buildings repeat another one in outline and date" in again.log.text
    assert again.rows("BUILDINGS") == result.rows("BUILDINGS")


def test_no_roof_lies_between_level_and_ten_degrees(faces):
    """So the limits of 3, 5 and 10 degrees give the same flat roofs in these tiles."""
    assert not [face for face in faces if 0.2 < face["neigung_grad"] <= FLAT_DEG]


def test_roof_code_and_geometry_agree(faces):
    """1000 is flat; 9999 is a level block in the model; every other form is pitched."""
    found = Counter((face["dachform"], face["neigung_grad"] <= FLAT_DEG) for face in faces)
    assert found == {
        (1000, True): 128,
        (9999, True): 29,
        (2100, False): 21,
        (3100, False): 144,
        (3200, False): 40,
        (3500, False): 12,
        (5000, False): 24,
    }


def test_roof_faces_fill_the_footprint(buildings, faces):
    plan = defaultdict(float)
    for face in faces:
        plan[face["gebaeude_id"]] += face["grundflaeche_m2"]
    assert plan.keys() == buildings.keys()
    off = {key: plan[key] / buildings[key].geometry().area() - 1 for key in plan}
    assert off.pop(OVERLAPPING) == pytest.approx(0.095, abs=5e-4)
    assert max(map(abs, off.values())) < 1e-4


def test_true_area_is_plan_area_over_the_cosine_of_the_slope(faces):
    slope = np.radians([face["neigung_grad"] for face in faces])
    plan, true = (np.array([face[name] for face in faces]) for name in ("grundflaeche_m2", "flaeche_m2"))
    assert true * np.cos(slope) == pytest.approx(plan, rel=1e-9)


def test_geometries_are_valid_and_as_large_as_they_say(result, buildings):
    assert all(feature.geometry().isGeosValid() for feature in buildings.values())
    for feature in result.layer("ROOF_FACES").getFeatures():
        assert feature.geometry().isGeosValid()
        assert feature.geometry().area() == pytest.approx(feature["grundflaeche_m2"], abs=1e-6)


def test_footprints_lie_in_their_tile(buildings):
    """A tile is named by its lower left corner in kilometres; buildings on the edge reach beyond it."""
    for feature in buildings.values():
        _, _, east, north, *_ = feature["kachel"].split("_")
        centre = feature.geometry().boundingBox().center()
        assert -0.05 < centre.x() / 1000 - int(east) < 1.05
        assert -0.05 < centre.y() / 1000 - int(north) < 1.05


def test_gables_fall_to_opposite_sides(buildings, faces):
    """A gabled roof of two faces: their aspects are half a turn apart."""
    pairs = defaultdict(list)
    for face in faces:
        if face["dachform"] == 3100:
            pairs[face["teil_id"]].append(face["ausrichtung_grad"])
    turns = [abs((a - b) % 360 - 180) for a, b in (pair for pair in pairs.values() if len(pair) == 2)]
    assert len(turns) > 50
    assert np.median(turns) < 1.0
    assert max(turns) < 10.0


def test_attributes(buildings):
    keys = Counter((feature["ags"], feature["lod"]) for feature in buildings.values())
    assert keys == {("05370024", 2): 192}
    days = Counter(feature["stand"].toString("yyyy-MM-dd") for feature in buildings.values())
    assert days == {"2020-07-01": 189, "2020-12-31": 3}
    assert all(1 <= feature["hoehe_m"] < 30 for feature in buildings.values())
