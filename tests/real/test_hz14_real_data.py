"""HZ 14 on the municipalities of the Ruhr region and the residents of its square kilometres.

The floodplain of the Rhine stands in for a park: a border of 30 000 points, larger than one municipality.
"""

from __future__ import annotations

import csv
import math

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.overlay import prepared
from qgis.core import QgsGeometry, QgsPointXY, QgsRectangle, QgsVectorLayer

from ..layer_factory import changed, layer, reprojected

SHARE, PEOPLE = "hz14.park.anteil", "hz14.park.einwohner"
CELL_M = 1000
FAR_M = 2500.0


@pytest.fixture(scope="module")
def cells(data) -> list[tuple[float, float, int]]:
    """Centre and residents of each square kilometre, in EPSG:3035."""
    with (data / "zensus2011_ruhr_aachen" / "einwohner_1km_ruhr.csv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter=";")
        return [(float(row["x"]), float(row["y"]), int(row["Einwohner"])) for row in rows]


@pytest.fixture(scope="module")
def squares(cells) -> QgsVectorLayer:
    half = CELL_M / 2
    shapes = [QgsGeometry.fromRect(QgsRectangle(x - half, y - half, x + half, y + half)) for x, y, _ in cells]
    return layer(shapes, {"einwohner": [people for *_, people in cells]}, crs="EPSG:3035", name="zensus")


@pytest.fixture(scope="module")
def centres(cells) -> QgsVectorLayer:
    shapes = [QgsGeometry.fromPointXY(QgsPointXY(x, y)) for x, y, _ in cells]
    return layer(shapes, {"einwohner": [people for *_, people in cells]}, crs="EPSG:3035", name="zensus")


@pytest.fixture(scope="module")
def towns(data) -> QgsVectorLayer:
    source = QgsVectorLayer(f"{data / 'ruhr.gpkg'}|layername=municipalities", "gemeinden", "ogr")
    assert source.featureCount() == 53
    return changed(source, lambda features: features)


@pytest.fixture(scope="module")
def floodplain(data) -> QgsVectorLayer:
    source = QgsVectorLayer(f"{data / 'ruhr.gpkg'}|layername=rhine_floodplain", "regionalparks", "ogr")
    return changed(source, lambda features: features)


@pytest.fixture(scope="module")
def measured(run, floodplain, towns, squares):
    given = {"PARKS": floodplain, "AREAS": towns, "AREAS_NAME": "GN", "POPULATION": squares}
    return run("hz14_regional_parks", AS_OF="2026-11-29", **given)


@pytest.fixture(scope="module")
def whole(run, floodplain, towns, squares):
    """The same for the whole region."""
    given = {"PARKS": floodplain, "POPULATION": squares, "PARKS_COMPLETE": True}
    shape = QgsGeometry.unaryUnion([feature.geometry() for feature in towns.getFeatures()])
    area = layer([shape], {"name": ["Metropole Ruhr"]}, name="region")
    return run("hz14_regional_parks", AREAS=area, AREAS_KIND="Region", AS_OF="2026-11-29", **given)


def test_parts_of_municipalities_add_up_to_the_region(measured, whole):
    for indicator, variant in (
        (SHARE, "bestand"),
        (PEOPLE, "nah"),
        (PEOPLE, "innerhalb"),
        (PEOPLE, "nah_2000"),
    ):
        rows = [row for key, row in measured.findings.items() if key[:2] == (indicator, variant)]
        region = whole.findings[indicator, variant, "Metropole Ruhr"]
        assert len(rows) == 53
        assert sum(row["zaehler"] for row in rows) == pytest.approx(region["zaehler"], rel=1e-6)


def test_a_region_of_five_million_people(whole, cells):
    """5.05 million lived in the region in 2011; square kilometres on its border count in part."""
    row = whole.findings[PEOPLE, "nah", "Metropole Ruhr"]
    assert row["nenner"] == pytest.approx(5_050_000, rel=0.02)
    assert row["nenner"] < sum(people for *_, people in cells if people > 0)
    assert row["n_ausgelassen"] > 100
    assert whole.findings[SHARE, "bestand", "Metropole Ruhr"]["nenner"] == pytest.approx(443_711, rel=0.001)


def test_distances_of_points_are_those_that_qgis_measures(run, floodplain, towns, centres):
    found = run("hz14_regional_parks", PARKS=floodplain, AREAS=towns, AREAS_NAME="GN", POPULATION=centres)
    park = QgsGeometry.unaryUnion([feature.geometry() for feature in floodplain.getFeatures()])
    by_hand = {"innerhalb": 0.0, "nah_500": 500.0, "nah": 1000.0, "nah_2000": 2000.0}
    town = QgsGeometry.unaryUnion([feature.geometry() for feature in towns.getFeatures()])
    ground = prepared(town)
    inside = [
        (_distance(feature.geometry(), park), feature["einwohner"])
        for feature in reprojected(centres, "EPSG:25832").getFeatures()
        if feature["einwohner"] >= 0 and ground.contains(feature.geometry().constGet())
    ]
    for variant, distance in by_hand.items():
        rows = [row for key, row in found.findings.items() if key[:2] == (PEOPLE, variant)]
        expected = sum(people for far, people in inside if far <= distance)
        assert sum(row["zaehler"] for row in rows) == pytest.approx(expected, rel=0.002), variant
        assert sum(row["nenner"] for row in rows) == pytest.approx(sum(people for _, people in inside))


def _distance(point: QgsGeometry, park: QgsGeometry) -> float:
    """Return the distance of a point in metres, infinity where the park's extent is far away already."""
    near = park.boundingBox().buffered(FAR_M).contains(point.asPoint())
    return point.distance(park) if near else math.inf


def test_gaps_and_what_is_near_make_up_everybody(measured):
    rows = [row for key, row in measured.findings.items() if key[:2] == (PEOPLE, "nah")]
    near, everybody = (sum(row[name] for row in rows) for name in ("zaehler", "nenner"))
    gaps = measured.rows("GAPS")
    assert [gap["rang"] for gap in gaps] == list(range(1, len(gaps) + 1))
    people = [gap["einwohner"] for gap in gaps]
    assert people == pytest.approx(sorted(people, reverse=True))
    assert near + sum(people) >= everybody, "cells on the border of the region stay whole in GAPS"
    assert near + sum(people) == pytest.approx(everybody, rel=0.1)
