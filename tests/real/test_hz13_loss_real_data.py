"""HZ 13, loss of corridors: the green areas of inner Aachen, of which streets take a strip and which are moved."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.spatial.overlay import difference, dissolve, intersection, polygon_parts
from gruene_infra.gruene_infra_plugin.spatial.two_dates import TwoDates
from qgis.core import QgsGeometry, QgsVectorLayer

from ..layer_factory import layer
from .test_hz13_real_data import GREEN

WIDENED_M = 3.0
TOLERANCE_M = 0.5
MOVED = (0.4, -0.3)


def lines_of(path, name: str, condition: str = "") -> list[QgsGeometry]:
    source = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    found = source.getFeatures(condition) if condition else source.getFeatures()
    return [feature.geometry().makeValid() for feature in found if feature.hasGeometry()]


@pytest.fixture(scope="module")
def before(data) -> QgsGeometry:
    return dissolve(
        shape for shape in lines_of(data / "aachen_osm.gpkg", "landuse", GREEN) if shape.type().value == 2
    )


@pytest.fixture(scope="module")
def taken(data, before) -> QgsGeometry:
    """What streets take of the green when they are widened to 3 m on both sides of their axis."""
    streets = lines_of(data / "aachen_osm.gpkg", "streets")
    return intersection(before, dissolve(street.buffer(WIDENED_M, 4) for street in streets))


def area(shapes) -> float:
    return sum(shape.area() for shape in shapes)


def as_stored(shape: QgsGeometry, east: float = 0.0, north: float = 0.0) -> QgsGeometry:
    """Return a geometry moved, with coordinates to the millimetre as a cadastre stores them."""
    copy = QgsGeometry(shape)
    copy.translate(east, north)
    return copy.snappedToGrid(0.001, 0.001).makeValid()


def test_green_that_is_only_moved_lost_next_to_nothing(before):
    dates = TwoDates.of(before, as_stored(before, *MOVED), 2.0)
    assert (dates.shift.east, dates.shift.north) == (
        pytest.approx(MOVED[0], abs=1e-3),
        pytest.approx(MOVED[1], abs=1e-3),
    )
    assert area(dates.lost(TOLERANCE_M).shapes) == area(dates.gained(TOLERANCE_M).shapes) == 0
    assert difference(before, as_stored(before, *MOVED)).area() > 100_000


@pytest.mark.parametrize("moved", [(0.0, 0.0), MOVED])
def test_strips_along_real_streets_are_found_in_green_that_is_moved(before, taken, moved):
    now = as_stored(difference(before, taken), *moved)
    dates = TwoDates.of(before, now, 2.0)
    lost = dates.lost(TOLERANCE_M)
    assert dates.same_basis
    assert area(lost.shapes) == pytest.approx(taken.area(), rel=0.005)
    assert area(lost.shapes) + lost.dropped == pytest.approx(taken.area(), rel=0.005)
    assert area(dates.gained(TOLERANCE_M).shapes) == 0
    assert len(polygon_parts(taken)) > 300


def test_findings_say_what_the_engine_found(run, before, taken):
    now = as_stored(difference(before, taken), *MOVED)
    found = run(
        "hz13_corridor_loss",
        CORRIDORS=layer(polygon_parts(now), wkb="Polygon", name="gruenzuege"),
        CORRIDORS_BEFORE=layer(polygon_parts(before), wkb="Polygon", name="gruenzuege_frueher"),
    )
    row = found.findings["hz13.verlust.flaeche", "entlassen", "Gesamt"]
    assert row["wert"] == pytest.approx(taken.area(), rel=0.005)
    assert "was moved back" in row["annahmen"]
    assert sum(piece["flaeche_m2"] for piece in found.rows()) == pytest.approx(row["wert"])
