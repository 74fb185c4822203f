"""HZ 22 on the forests of Jena (OpenStreetMap), to which types, grades and shares are given by their numbers.

No register of habitats is among the real data. The outlines are real: many overlap or touch each other.
"""

from __future__ import annotations

import pytest
from qgis.core import QgsGeometry, QgsVectorLayer

from ..layer_factory import layer

TYPES, GRADES, SHARES = (
    ("9110", "9130", "91E0*"),
    ("A", "B", "C", "B", "9", "A", "C"),
    (100.0, 100.0, 60.0, 80.0),
)


@pytest.fixture(scope="module")
def forests(data) -> list[QgsGeometry]:
    source = QgsVectorLayer(
        f"{data / 'jena_osm' / 'jena_osm.gpkg'}|layername=landuse_forest", "forest", "ogr"
    )
    shapes = [feature.geometry() for feature in source.getFeatures() if feature.hasGeometry()]
    valid = [shape for shape in shapes if shape.type().name == "Polygon" and shape.isGeosValid()]
    assert len(valid) == 370
    return valid


def habitats(shapes: list[QgsGeometry], **fields: tuple) -> QgsVectorLayer:
    columns = {name: [values[n % len(values)] for n in range(len(shapes))] for name, values in fields.items()}
    return layer(shapes, columns, wkb="MultiPolygon", name="lebensraumtypen")


def test_all_of_one_type_and_grade_is_the_ground_of_the_forests(run, forests):
    result = run("hz22_ffh_condition", HABITATS=habitats(forests, lrt=("9110",), ehg=("B",)))
    row = result.finding("hz22.ffh.anteil_ab")
    whole = QgsGeometry.unaryUnion(forests).area() / 10_000
    assert row["nenner"] == pytest.approx(whole, rel=1e-6)
    assert (row["wert"], row["status"]) == (pytest.approx(100), "erreicht")


def test_each_place_counts_once(run, forests):
    given = habitats(forests, lrt=TYPES, ehg=GRADES, anteil=SHARES)
    result = run("hz22_ffh_condition", HABITATS=given, SHARE_FIELD="anteil")
    stands = list(result.layer().getFeatures())
    ground = QgsGeometry.unaryUnion([stand.geometry() for stand in stands]).area() / 10_000
    whole = QgsGeometry.unaryUnion(forests).area() / 10_000
    assert ground == pytest.approx(whole, rel=1e-6)
    assert sum(stand["flaeche_ha"] for stand in stands) <= whole
    for stand in stands:
        part = stand["anteil_proz"] / 100 * stand.geometry().area() / 10_000
        assert stand["flaeche_ha"] == pytest.approx(part)
    by_rank = sorted((s for s in stands if s["ab"] != 1), key=lambda stand: stand["rang"])
    assert [stand["rang"] for stand in by_rank] == list(range(1, len(by_rank) + 1))
    areas = [round(stand["flaeche_ha"], 6) for stand in by_rank]
    assert areas == sorted(areas, reverse=True)
    types = {key[1] for key in result.findings if key[1].startswith("lrt_")}
    assert types == {"lrt_9110", "lrt_9130", "lrt_91E0"}
