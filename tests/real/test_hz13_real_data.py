"""HZ 13 on the green areas of inner Aachen, with streets and railways as barriers."""

from __future__ import annotations

import pytest
from qgis.core import QgsGeometry, QgsVectorLayer

from ..layer_factory import layer

GREEN = (
    "landuse IN ('meadow', 'forest', 'grass', 'cemetery', 'allotments', 'recreation_ground', 'orchard', "
    "'village_green', 'farmland') OR leisure IN ('park', 'golf_course', 'nature_reserve', 'garden') "
    "OR natural_ IN ('wood', 'scrub', 'grassland', 'heath')"
)


@pytest.fixture(scope="module")
def green(data):
    source = QgsVectorLayer(f"{data / 'aachen_osm.gpkg'}|layername=landuse", "green", "ogr")
    shapes = [feature.geometry() for feature in source.getFeatures(GREEN) if feature.hasGeometry()]
    assert len(shapes) > 1900
    return layer(shapes, {"id": list(range(len(shapes)))}, wkb="MultiPolygon", name="green")


@pytest.fixture(scope="module")
def result(run, data, green):
    aachen = data / "aachen_osm.gpkg"
    return run(
        "hz13_corridor_gaps",
        CORRIDORS=green,
        BARRIERS=[f"{aachen}|layername={name}" for name in ("streets", "railways")],
        MIN_AREA=10_000,
    )


def test_every_gap_is_as_long_as_the_distance_it_bridges(result):
    gaps = list(result.layer("GAPS").getFeatures())
    assert len(gaps) > 50
    for gap in gaps:
        assert gap["laenge_m"] == pytest.approx(gap.geometry().length(), abs=1e-6)
        assert 0 < gap["laenge_m"] <= 500


def test_no_gap_runs_through_green_of_a_hectare(result, green):
    """The ends lie on green, the middle does not: seen by the source polygons and not by the engine."""
    whole = QgsGeometry.unaryUnion([f.geometry() for f in green.getFeatures() if f.geometry().isGeosValid()])
    large = [part for part in whole.asGeometryCollection() if part.area() >= 10_000]
    for gap in result.layer("GAPS").getFeatures():
        line = gap.geometry()
        inside = sum(part.intersection(line).length() for part in large if part.intersects(line))
        assert inside < 0.2 + 1e-3 * line.length()


def test_the_work_plan_adds_up(result):
    gaps = sorted(result.rows("GAPS"), key=lambda gap: gap["rang"])
    assert [gap["rang"] for gap in gaps] == list(range(1, len(gaps) + 1))
    alone = [gap["gewinn_ha"] for gap in gaps]
    assert alone == sorted(alone, reverse=True)
    assert all(gap["gewinn_folge_ha"] > 0 for gap in gaps)
    assert sum(gap["noetig"] for gap in gaps) == result.finding("hz13.unterbrechungen.anzahl")["wert"]


def test_what_lies_in_between_is_named_as_the_map_names_it(result):
    named = " ".join(gap["hindernisse"] or "" for gap in result.rows("GAPS"))
    for kind in ("footway", "residential", "primary", "rail"):
        assert kind in named


def test_bridges_are_narrower_than_the_width_they_fall_below(result):
    bridges = [row for row in result.rows("BOTTLENECKS") if row["klasse"] == "bridge"]
    assert len(bridges) > 50
    for bridge in bridges:
        narrower = max(width for width in (0, 50, 100) if width < bridge["unter_m"])
        assert narrower <= bridge["breite_min_m"] < bridge["unter_m"]
        assert bridge["laenge_m"] > 0


def test_shares_grow_with_the_width(result):
    found = result.findings
    shares = [found["hz13.schmal.anteil", f"breite_{width}", "Gesamt"]["wert"] for width in (50, 100, 200)]
    assert 0 < shares[0] < shares[1] < shares[2] < 100
