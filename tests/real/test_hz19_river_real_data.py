"""HZ 19, river structure, on the waters of inner Aachen with classes made up from their ids."""

from __future__ import annotations

import pytest
from qgis.core import QgsGeometry, QgsVectorLayer

from ..layer_factory import layer, reprojected

ZONES = ("Verdichtungszone", "Übergangszone", "Außenzone")


@pytest.fixture(scope="module")
def waters(data):
    source = QgsVectorLayer(f"{data / 'aachen_osm.gpkg'}|layername=waterways", "waterways", "ogr")
    found = [feature for feature in source.getFeatures() if feature.hasGeometry()]
    assert len(found) > 50
    columns = {
        "gsg": [str(number % 9) for number, _ in enumerate(found)],
        "name": [feature["name"] or None for feature in found],
    }
    shapes = [feature.geometry() for feature in found]
    return layer(shapes, columns, crs=source.crs().authid(), wkb="MultiLineString", name="waters")


@pytest.fixture(scope="module")
def result(run, waters):
    """Zones as three strips of the same width over the extent."""
    drawn = reprojected(waters, "EPSG:25832")
    drawn.updateExtents()
    box = drawn.extent().buffered(100)
    width = box.width() / 3
    strips = []
    for number in range(3):
        strip = type(box)(box)
        strip.setXMinimum(box.xMinimum() + number * width)
        strip.setXMaximum(box.xMinimum() + (number + 1) * width)
        strips.append(QgsGeometry.fromRect(strip))
    zones = layer(strips, {"zone": list(ZONES)}, name="zonen")
    return run("hz19_river_structure", SECTIONS=drawn, ZONES=zones), drawn


def test_every_metre_of_the_union_counts_once(result):
    found, drawn = result
    whole = found.finding("hz19.gsg.gesamt", "Gesamt")
    union = QgsGeometry.unaryUnion([feature.geometry() for feature in drawn.getFeatures()])
    known = whole["nenner"] / whole["abdeckung_proz"] * 100
    assert known == pytest.approx(union.length() / 1000, rel=1e-6)


def test_the_zones_add_up_to_the_whole(result):
    found, _ = result
    rows = [found.finding(f"hz19.gsg.{zone}", "Gesamt") for zone in ("ballungsraum", "aussen", "gesamt")]
    for column in ("zaehler", "nenner"):
        assert rows[0][column] + rows[1][column] == pytest.approx(rows[2][column], rel=1e-9)


def test_stretches_add_up_to_the_bad_length(result):
    found, _ = result
    stretches = {row["rang"]: row["strecke_km"] for row in found.rows() if row["rang"]}
    assert sorted(stretches) == list(range(1, len(stretches) + 1))
    assert sum(stretches.values()) == pytest.approx(found.finding("hz19.gsg.gesamt", "Gesamt")["zaehler"])
