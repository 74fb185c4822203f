"""HZ 13, loss of corridors: green of inner Aachen, of which streets take strips, in moved surveys."""

from __future__ import annotations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.overlay import (
    difference,
    dissolve,
    intersection,
    polygon_parts,
    polygons_only,
)
from gruene_infra.gruene_infra_plugin.spatial.geometry.two_dates import TwoDates
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
def streets(data) -> list[QgsGeometry]:
    return lines_of(data / "aachen_osm.gpkg", "streets")


def taken_by(streets: list[QgsGeometry], green: QgsGeometry) -> QgsGeometry:
    """Return what streets take of the green when they are widened to 3 m on both sides of their axis."""
    return intersection(green, dissolve(street.buffer(WIDENED_M, 4) for street in streets))


def area(shapes) -> float:
    return sum(shape.area() for shape in shapes)


def as_stored(shape: QgsGeometry, east: float = 0.0, north: float = 0.0) -> QgsGeometry:
    """Return a geometry moved, with coordinates to the millimetre as a cadastre stores them."""
    copy = QgsGeometry(shape)
    copy.translate(east, north)
    return polygons_only(copy.snappedToGrid(0.001, 0.001).makeValid())


def test_green_that_is_only_moved_lost_next_to_nothing(before):
    dates = TwoDates.of(before, as_stored(before, *MOVED), 2.0)
    assert (dates.shift.east, dates.shift.north) == (
        pytest.approx(MOVED[0], abs=1e-3),
        pytest.approx(MOVED[1], abs=1e-3),
    )
    assert area(dates.lost(TOLERANCE_M).shapes) == area(dates.gained(TOLERANCE_M).shapes) == 0
    assert difference(before, as_stored(before, *MOVED)).area() > 50_000


@pytest.mark.parametrize("moved", [(0.0, 0.0), MOVED])
def test_strips_along_some_real_streets_are_found_in_green_that_is_moved(before, streets, moved):
    taken = taken_by(streets[::8], before)
    dates = TwoDates.of(before, as_stored(difference(before, taken), *moved), 2.0)
    lost = dates.lost(TOLERANCE_M)
    assert dates.shift.is_told
    assert dates.shift.metres == pytest.approx(np.hypot(*moved), abs=1e-3)
    assert area(lost.shapes) + lost.dropped == pytest.approx(taken.area(), rel=2e-3)
    assert area(lost.shapes) == pytest.approx(taken.area(), rel=5e-3)
    assert area(dates.gained(TOLERANCE_M).shapes) == 0
    assert len(polygon_parts(taken)) > 100


def test_where_all_streets_take_their_strip_the_loss_is_found_though_no_shift_is_told(before, streets):
    """Along more than a fifth of the border the green has withdrawn by less than SHIFT_MAX."""
    taken = taken_by(streets, before)
    dates = TwoDates.of(before, as_stored(difference(before, taken), *MOVED), 2.0)
    assert dates.same_basis
    assert area(dates.lost(TOLERANCE_M).shapes) == pytest.approx(taken.area(), rel=5e-3)


def test_findings_say_what_the_engine_found(run, before, streets):
    taken = taken_by(streets[::8], before)
    now = as_stored(difference(before, taken), *MOVED)
    found = run(
        "hz13_corridor_loss",
        CORRIDORS=layer(polygon_parts(now), wkb="Polygon", name="gruenzuege"),
        CORRIDORS_BEFORE=layer(polygon_parts(before), wkb="Polygon", name="gruenzuege_frueher"),
    )
    row = found.findings["hz13.verlust.flaeche", "entlassen", "Gesamt"]
    assert row["wert"] == pytest.approx(taken.area(), rel=5e-3)
    assert "was moved back" in row["annahmen"]
    assert sum(piece["flaeche_m2"] for piece in found.rows()) == pytest.approx(row["wert"])
