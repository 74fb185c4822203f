"""Polygons said to be valid without asking GEOS: never one that is not, and nearly all plain ones."""

from __future__ import annotations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.validity import surely_valid
from gruene_infra.gruene_infra_plugin.spatial.geometry.wkb import bytes_of, geometry_of, multiple
from qgis.core import QgsGeometry, QgsPointXY

from ...layer_factory import EAST, NORTH, box, circle, geometry, ngon, point, polygon

FAR = np.array([EAST + 0.1, NORTH + 0.3])


def wkb(points) -> bytes:
    return bytes_of(QgsGeometry.fromPolygonXY([[QgsPointXY(*each) for each in [*points, points[0]]]]))


def rings(kind, corners, count=400):
    rng = np.random.default_rng(corners)
    if kind == "anywhere":
        return rng.uniform(0, 100, (count, corners, 2)) + FAR
    if kind == "on a grid":  # repeated points, collinear edges, corners on edges
        return rng.integers(0, 4, (count, corners, 2)) * 0.1 + FAR
    if kind == "nearly on a line":
        return (
            np.stack([rng.uniform(0, 9, (count, corners)), rng.normal(0, 1e-10, (count, corners))], 2) + FAR
        )
    angle, radius = np.sort(rng.uniform(0, 2 * np.pi, (count, corners))), rng.uniform(1, 50, (count, corners))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], 2) + FAR


@pytest.mark.parametrize("corners", [3, 4, 5, 6, 7])
@pytest.mark.parametrize("kind", ["anywhere", "on a grid", "nearly on a line", "star"])
def test_nothing_is_said_valid_that_geos_finds_invalid(kind, corners):
    polygons = [wkb(ring) for ring in rings(kind, corners)]
    valid = np.array([geometry_of(each).isGeosValid() for each in polygons])
    for given in (polygons, [multiple(each) for each in polygons]):
        sure = surely_valid(given)
        assert not (sure & ~valid).any()
        if kind in ("anywhere", "star"):
            assert sure.sum() == valid.sum() > 0


def test_whether_a_polygon_is_asked_after_does_not_hang_on_the_others():
    every = [wkb(ring) for corners in (3, 4, 6, 7, 9) for ring in rings("anywhere", corners, 40)]
    assert surely_valid(every).tolist() == [surely_valid([each])[0] for each in every]
    assert surely_valid([]).tolist() == []


@pytest.mark.parametrize(
    "shape",
    [
        box(0, 0, 10, 8),
        polygon([(0, 0), (20, 0), (20, 5), (10, 5), (10, 12), (0, 12)]),
        polygon([(0, 0), (5, 0), (10, 0), (10, 8), (0, 8)]),
        polygon(ngon(0, 0, 5, 7)),
        polygon(ngon(0, 0, 5, 7)[::-1]),
    ],
)
def test_plain_buildings_are_known_to_be_valid(shape):
    assert surely_valid([bytes_of(geometry(shape))]).tolist() == [True]


@pytest.mark.parametrize(
    "shape",
    [
        polygon([(0, 0), (10, 8), (10, 0), (0, 8)]),
        polygon([(0, 0), (10, 0), (10, 8), (10, 12), (10, 8), (0, 8)]),
        polygon([(0, 0), (10, 0), (5, 0), (10, 8)]),
        polygon([(0, 0), (0, 0), (0, 0)]),
        polygon([(0, 0), (10, 0), (10, 8), (5, 1e-12), (0, 8)]),
        polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [(1, 1), (2, 1), (2, 2)]),
        polygon(ngon(0, 0, 5, 8)),
        circle(0, 0, 5),
        point(0, 0),
        "Polygon EMPTY",
        "Polygon ((nan 0, 1 0, 1 1, nan 0))",
        "Polygon ((0 0, 1e300 0, 1e300 1e300, 0 0))",
        f"MultiPolygon ({box(0, 0, 1, 1)[8:]}, {box(5, 0, 1, 1)[8:]})",
        "PolygonZ ((0 0 1, 5 0 1, 5 5 1, 0 0 1))",
    ],
)
def test_what_is_not_plain_is_left_to_geos(shape):
    assert surely_valid([bytes_of(geometry(shape))]).tolist() == [False]


def test_a_missing_geometry_and_an_open_ring_are_left_to_geos():
    closed = bytes_of(geometry(box(0, 0, 10, 8)))
    open_ring = closed[:-16] + bytes_of(geometry(box(1, 0, 10, 8)))[-16:]
    assert surely_valid([b"", open_ring, closed]).tolist() == [False, False, True]
