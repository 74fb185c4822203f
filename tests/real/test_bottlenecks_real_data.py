"""Bridges of the green areas of Aachen and Jena let a disc pass that is 1 % narrower, and none 1 % wider."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.bottlenecks import Bottleneck, Survey
from gruene_infra.gruene_infra_plugin.spatial.geometry.connected import connected_parts
from gruene_infra.gruene_infra_plugin.spatial.geometry.width import (
    ACROSS,
    NOISE_M,
    Klasse,
    NarrowPlace,
    Opening,
    open_part,
)
from qgis.core import QgsFeatureRequest, QgsGeometry, QgsRectangle, QgsVectorLayer

from ..passage import passes
from .test_hz13_real_data import GREEN

WIDTHS = (50.0, 100.0, 200.0)
SLIT_M = 0.1
JENA = ("forest", "meadow", "allotments", "grass", "orchard", "cemetery", "village_green")
Bridge = tuple[Opening, Bottleneck]


def polygons(path: str, where: str = "") -> Iterator[QgsGeometry]:
    source = QgsVectorLayer(path, "green", "ogr")
    request = QgsFeatureRequest().setFilterExpression(where) if where else QgsFeatureRequest()
    for feature in source.getFeatures(request):
        if feature.hasGeometry() and feature.geometry().type() == 2 and feature.geometry().isGeosValid():
            yield feature.geometry()


def bridges(green: list[QgsGeometry]) -> list[Bridge]:
    found = []
    for part in connected_parts(green, 0.1):
        if part.area() < 10_000:
            continue
        survey = Survey(part, WIDTHS)
        for width in WIDTHS:
            opening = open_part(part, width)
            found += [
                (opening, each)
                for each in survey.bottlenecks(opening, ACROSS)
                if each.klasse is Klasse.BRIDGE
            ]
    return found


@pytest.fixture(scope="module", params=["aachen", "jena"])
def found(data, request) -> list[Bridge]:
    if request.param == "aachen":
        green = list(polygons(f"{data / 'aachen_osm.gpkg'}|layername=landuse", GREEN))
    else:
        jena = data / "jena_osm" / "jena_osm.gpkg"
        green = [each for name in JENA for each in polygons(f"{jena}|layername=landuse_{name}")]
    assert len(green) > 1200
    return bridges(green)


def test_widest_disc_that_passes_is_as_wide_as_said(found):
    looked_at, wrong = 0, []
    for opening, bridge in found:
        place = next(place for place in opening.places if place.geometry is bridge.geometry)
        if len(place.bodies) > 2 or bridge.width_m < SLIT_M:
            continue
        looked_at += 1
        if not is_as_wide_as_said(opening, place, bridge.width_m):
            wrong.append((opening.min_width, bridge.width_m, bridge.geometry.centroid().asWkt(0)))
    assert looked_at > 50
    assert wrong == []


def is_as_wide_as_said(opening: Opening, place: NarrowPlace, width: float) -> bool:
    """Push discs from core to core around a place; for the wider one all other ways are closed.

    Other ways lead through other narrow places, or through other bodies.
    """
    box = place.geometry.boundingBox().buffered(1.5 * opening.min_width)
    ground = clipped(opening.part, box, place)
    near = QgsGeometry.fromRect(place.geometry.boundingBox().buffered(1.1 * opening.min_width))
    anchors = [opening.cores[body].intersection(near) for body in place.bodies]
    alone = ground
    for other in opening.places:
        if other is not place and other.klasse in ACROSS and apart(other, place):
            alone = alone.difference(other.geometry.buffer(5e-4, 2))
    radius = opening.min_width / 2
    own = QgsGeometry.unaryUnion([opening.cores[body].buffer(radius, 32) for body in place.bodies])
    for body, core in enumerate(opening.cores):
        if body not in place.bodies and core.boundingBoxIntersects(box.buffered(radius)):
            alone = alone.difference(core.buffer(0.98 * radius, 32).difference(own))
    alone = clipped(alone, box, place)
    return passes(ground, anchors, 0.99 * width) and not passes(alone, anchors, 1.01 * width)


def apart(other: NarrowPlace, place: NarrowPlace) -> bool:
    return other.geometry.distance(place.geometry) > NOISE_M


def clipped(ground: QgsGeometry, box: QgsRectangle, place: NarrowPlace) -> QgsGeometry:
    """Return the part of the ground in a box that holds most of a place."""
    parts = ground.intersection(QgsGeometry.fromRect(box)).asGeometryCollection()
    return max(parts, key=lambda part: part.intersection(place.geometry).area())


def test_slits_below_the_tolerance_are_rare(found):
    """A bridge as narrow as a slit is a contact of corners."""
    assert sum(bridge.width_m < SLIT_M for _, bridge in found) < 0.1 * len(found)
