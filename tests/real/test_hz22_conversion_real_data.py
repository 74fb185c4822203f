"""HZ 22, forest conversion: real woods and houses of Aachen, the later survey moved, to the millimetre."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.overlay import (
    difference,
    dissolve,
    intersection,
    polygon_parts,
    prepared,
)
from qgis.core import QgsGeometry

from ..layer_factory import layer
from .test_hz13_loss_real_data import as_stored, lines_of

WOODS = "landuse = 'forest' OR natural_ IN ('wood', 'scrub')"
MOVED = (1.2, -0.9)
GARDEN_M = 15.0


def named(shapes: list[QgsGeometry], kind: str, name: str):
    return layer(shapes, {"nutzart": [kind] * len(shapes)}, wkb="Polygon", name=name)


@pytest.fixture(scope="module")
def scene(data):
    """Woods before, gardens of 15 m around every tenth house near them, and what those take of the woods."""
    woods = dissolve(s for s in lines_of(data / "aachen_osm.gpkg", "landuse", WOODS) if s.type().value == 2)
    near = prepared(woods)
    around = [house.buffer(GARDEN_M, 4) for house in lines_of(data / "aachen_osm.gpkg", "buildings")]
    gardens = dissolve([garden for garden in around if near.intersects(garden.constGet())][::5])
    return woods, gardens, intersection(woods, gardens)


@pytest.mark.parametrize("moved", [(0.0, 0.0), MOVED])
def test_gardens_in_real_woods_are_found_in_a_survey_that_is_moved(run, scene, moved):
    woods, gardens, taken = scene
    found = run(
        "hz22_forest_conversion",
        FOREST=named(polygon_parts(as_stored(difference(woods, taken), *moved)), "Wald", "wald"),
        FOREST_BEFORE=named(polygon_parts(woods), "Wald", "wald_frueher"),
        BUILT=named(polygon_parts(as_stored(gardens, *moved)), "Wohnbaufläche", "siedlung"),
        MIN_AREA=10,
    )
    row = found.findings["hz22.umwandlung.flaeche", "bebaut", "Gesamt"]
    wide = [part for part in polygon_parts(taken) if part.area() >= 10 and not part.buffer(-1.0, 8).isEmpty()]
    assert row["wert"] == pytest.approx(sum(part.area() for part in wide) / 10_000, rel=0.01)
    assert row["wert"] < taken.area() / 10_000
    assert ("was moved back" in row["annahmen"]) == (moved == MOVED)
    assert taken.area() > 20_000
    assert {piece["art"] for piece in found.rows()} == {"bebaut"}
