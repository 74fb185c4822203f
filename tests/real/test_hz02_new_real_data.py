"""HZ 02, new buildings, on OpenStreetMap in Aachen; the overlap that QGIS finds is the other opinion."""

from __future__ import annotations

import pytest
from qgis.core import QgsVectorLayer

from ..layer_factory import changed, reprojected, reshaped, rows

EVERY = 60
"""Of so many buildings one is taken out of the earlier date."""
NEW = 586
"""So many of these are covered by less than half by the others, as QGIS counts them."""


@pytest.fixture(scope="module")
def buildings(data):
    return QgsVectorLayer(f"{data / 'aachen_osm.gpkg'}|layername=buildings", "gebaeude", "ogr")


@pytest.fixture(scope="module")
def before(buildings):
    def without_some(features):
        return [feature for feature in features if feature.id() % EVERY]

    return changed(buildings, without_some)


@pytest.fixture(scope="module")
def new(run, buildings, before):
    return run("hz02_new_buildings", BUILDINGS=buildings, BUILDINGS_BEFORE=before, REFERENCE_YEAR=2021)


def key_of(row: dict) -> str:
    return row["osm_id"] or f"w{row['osm_way_id']}"


def told(result) -> dict:
    return {key_of(row): row["neu"] for row in result.rows()}


def test_new_is_what_the_earlier_date_covers_by_less_than_half(new, processing, buildings, before):
    fixed = [
        processing.run("native:fixgeometries", {"INPUT": one, "METHOD": 1, "OUTPUT": "TEMPORARY_OUTPUT"})
        for one in (buildings, before)
    ]
    given = {"INPUT": fixed[0]["OUTPUT"], "LAYERS": [fixed[1]["OUTPUT"]], "OUTPUT": "TEMPORARY_OUTPUT"}
    other = processing.run("native:calculatevectoroverlaps", given)["OUTPUT"]
    (share,) = (name for name in other.fields().names() if name.endswith("_pc"))
    shares = {key_of(row): row[share] for row in rows(other)}
    found = told(new)
    assert len(found) == 35_160
    assert {key: neu for key, neu in found.items() if neu != int(shares[key] < 50)} == {}
    assert sum(found.values()) == NEW


def test_without_a_word_on_greening_nothing_is_judged(new):
    assert {row["status"] for row in new.rows("SUMMARY")} == {"nicht bewertbar"}
    assert all(row["wert"] is None for row in new.rows("SUMMARY"))


def test_an_earlier_survey_that_lies_beside_tells_the_same(run, new, buildings, before):
    def moved(shape):
        shape.translate(1.2, -0.9)
        return shape

    given = {"BUILDINGS": buildings, "BUILDINGS_BEFORE": reshaped(before, moved), "REFERENCE_YEAR": 2021}
    assert told(run("hz02_new_buildings", **given)) == told(new)


def test_an_earlier_survey_in_another_crs_tells_the_same(run, new, buildings, before):
    given = {
        "BUILDINGS": buildings,
        "BUILDINGS_BEFORE": reprojected(before, "EPSG:4647"),
        "REFERENCE_YEAR": 2021,
    }
    assert told(run("hz02_new_buildings", **given)) == told(new)
