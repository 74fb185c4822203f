"""HZ 21 on the land use of Jena (OpenStreetMap): real outlines that overlap and touch.

No soil map is among the real data: stripes of peat lie across the town.
"""

from __future__ import annotations

import pytest
from qgis.core import QgsGeometry, QgsRectangle, QgsVectorLayer

from ..layer_factory import layer

USES = ("forest", "meadow", "farmland", "grass", "orchard", "cemetery", "scrub", "industrial", "commercial")

FIRST = ("cemetery", "industrial", "commercial", "farmland", "meadow", "grass")
"""Uses that go before forest where both overlap."""


@pytest.fixture(scope="module")
def jena(data) -> QgsVectorLayer:
    """All valid land use as one layer with its OpenStreetMap word."""
    path, shapes, words = data / "jena_osm" / "jena_osm.gpkg", [], []
    for use in USES:
        source = QgsVectorLayer(f"{path}|layername=landuse_{use}", use, "ogr")
        assert source.isValid()
        for feature in source.getFeatures():
            shape = feature.geometry()
            if shape.type().name == "Polygon" and shape.isGeosValid():
                shape.convertToMultiType()
                shapes.append(shape)
                words.append(use)
    return layer(shapes, {"landuse": words}, wkb="MultiPolygon", name="landnutzung")


def ground_of(source: QgsVectorLayer, *words: str) -> QgsGeometry:
    found = (feature.geometry() for feature in source.getFeatures() if feature["landuse"] in words)
    return QgsGeometry.unaryUnion(list(found))


def stripes(extent: QgsRectangle) -> list[QgsGeometry]:
    step = extent.width() / 20
    return [
        QgsGeometry.fromRect(
            QgsRectangle(
                extent.xMinimum() + n * step,
                extent.yMinimum(),
                extent.xMinimum() + (n + 0.6) * step,
                extent.yMaximum(),
            )
        )
        for n in range(20)
    ]


def test_each_place_of_the_peat_has_one_use(run, jena):
    soils = stripes(jena.extent())
    peat = layer(soils, {"typ_text": ["Niedermoor", "Anmoor"] * 10}, name="bodenkarte")
    result = run("hz21_peat_soils", SOIL=peat, LAND_USE=jena, MIN_AREA=0, GRASSLAND_VALUES="meadow, grass")
    pieces = list(result.layer().getFeatures())
    ground = sum(soil.area() for soil in soils)
    assert sum(piece.geometry().area() for piece in pieces) == pytest.approx(ground, rel=1e-6)
    assert QgsGeometry.unaryUnion([p.geometry() for p in pieces]).area() == pytest.approx(ground, rel=1e-6)
    whole = QgsGeometry.unaryUnion(soils)
    by_use = {
        use: QgsGeometry.unaryUnion([p.geometry() for p in pieces if p["nutzung"] == use]).area()
        for use in ("wald", "unbekannt")
    }
    wooded, first = ground_of(jena, "forest", "scrub"), ground_of(jena, *FIRST)
    assert by_use["wald"] == pytest.approx(wooded.difference(first).intersection(whole).area(), rel=1e-6)
    uses = QgsGeometry.unaryUnion([wooded, first])
    assert by_use["unbekannt"] == pytest.approx(whole.difference(uses).area(), rel=1e-6)
    row = result.finding("hz21.moor.entwaessert")
    assert row["nenner"] == pytest.approx(ground / 10_000, rel=1e-6)
    assert row["abdeckung_proz"] == pytest.approx(100 * (1 - by_use["unbekannt"] / ground), rel=1e-6)
    assert row["status"] == ("nicht bewertbar" if row["abdeckung_proz"] < 80 else "Zielwert offen")
