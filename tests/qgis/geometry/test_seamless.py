"""Unions of polygons whose borders agree, by hand and beside those of GEOS."""

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry import overlay
from gruene_infra.gruene_infra_plugin.spatial.geometry.seamless import seamless_unions
from hypothesis import given
from hypothesis import strategies as st
from qgis.core import QgsGeometry

STEP = 10.0


def polygon(text):
    return QgsGeometry.fromWkt(f"POLYGON(({text}))")


def square(column, row, size=STEP):
    x, y = column * STEP, row * STEP
    return polygon(f"{x} {y}, {x + size} {y}, {x + size} {y + size}, {x} {y + size}, {x} {y}")


def squares(picture):
    """Squares of 10 m where the rows of a picture, the northernmost first, have an x."""
    rows = picture.split()
    return [
        square(column, len(rows) - 1 - row)
        for row, line in enumerate(rows)
        for column, sign in enumerate(line)
        if sign == "x"
    ]


def union(shapes):
    return seamless_unions(shapes, np.zeros(len(shapes), int)).get(0)


@pytest.mark.parametrize(
    ("picture", "parts", "holes"),
    [
        ("xx", 1, 0),
        ("xxx x.x xxx", 1, 1),
        ("x. .x", 2, 0),  # a corner joins no ground
        ("xxx x.x xx.", 1, 1),  # a hole that touches the outline in a corner
        ("xxxx x.xx xx.x xxxx", 1, 2),  # two holes that touch
        ("xxxxx x...x x.x.x x...x xxxxx", 2, 1),  # an island in a hole
        ("xxxxx x.x.x xx.xx x.x.x xxxxx", 1, 5),
    ],
)
def test_squares_are_united_as_their_picture_says(picture, parts, holes):
    shapes = squares(picture)
    united = union(shapes)
    assert united.isGeosValid()
    assert united.area() == pytest.approx(100.0 * len(shapes))
    assert united.isGeosEqual(QgsGeometry.unaryUnion(shapes))
    found = overlay.polygon_parts(united)
    assert (len(found), sum(part.constGet().numInteriorRings() for part in found)) == (parts, holes)


def test_a_hole_that_touches_the_outline_has_a_ring_of_its_own():
    united = union(squares("xxx x.x xx."))
    assert united.constGet().numInteriorRings() == 1
    assert united.length() == pytest.approx(160)  # 120 m round the squares and 40 m round the hole


def test_rings_may_be_drawn_either_way_and_come_in_several_parts():
    backwards = polygon("10 0, 10 10, 20 10, 20 0, 10 0")
    both = QgsGeometry.collectGeometry([square(2, 0), square(9, 9)])
    united = union([square(0, 0), backwards, both])
    assert united.area() == pytest.approx(400)
    assert united.boundingBox().xMaximum() == 100
    assert len(overlay.polygon_parts(united)) == 2


def test_what_fills_a_hole_closes_it():
    ring = QgsGeometry.fromWkt("POLYGON((0 0, 30 0, 30 30, 0 30, 0 0), (10 10, 20 10, 20 20, 10 20, 10 10))")
    assert union([ring, square(1, 1)]).area() == pytest.approx(900)
    assert union([ring, square(1, 1)]).constGet().numInteriorRings() == 0
    assert union([ring]).area() == pytest.approx(800)


@pytest.mark.parametrize(
    "shapes",
    [
        [square(0, 0), square(0.5, 0.5)],  # they overlap
        [square(0, 0), square(0, 0)],  # one stands twice
        [square(0, 0, 30), square(1, 1)],  # one lies within another
        [square(0, 0), square(1, 0), square(0, 0, 20)],
        [square(0, 0, 20), square(2, 0), square(2, 1)],  # a border has a point on one side only
        [square(0, 0), QgsGeometry.fromWkt("LINESTRING(0 0, 20 0)")],
    ],
)
def test_what_does_not_fit_together_is_left_to_an_overlay(shapes):
    assert union(shapes) is None


def test_one_group_that_does_not_fit_spoils_no_other_one():
    shapes = [square(0, 0), square(0.5, 0), square(20, 0), square(21, 0)]
    found = seamless_unions(shapes, np.array([4, 4, 9, 9]))
    assert found.keys() == {9}
    assert found[9].area() == pytest.approx(200)


@given(st.integers(0, 2**36 - 1), st.floats(0, 6.28), st.integers(0, 5_000_000))
def test_any_picture_is_united_as_by_geos(cells, turn, away):
    chosen = [square(n % 6, n // 6) for n in range(36) if cells >> n & 1]
    if not chosen:
        return
    for shape in chosen:
        shape.rotate(turn * 57.3, square(0, 0).boundingBox().center())
        shape.translate(away, away / 3)
    shapes = [QgsGeometry(shape) for shape in chosen]
    united, expected = union(shapes), QgsGeometry.unaryUnion(shapes)
    if united is not None:  # turned corners may differ in their last digit
        assert united.isGeosValid()
        assert united.area() == pytest.approx(expected.area(), rel=1e-9)
        assert len(overlay.polygon_parts(united)) == len(overlay.polygon_parts(expected))
    assert overlay.dissolve(shapes).area() == pytest.approx(expected.area(), rel=1e-9)


@given(st.integers(1, 2**36 - 1))
def test_any_picture_of_whole_metres_needs_no_overlay(cells):
    shapes = [square(n % 6, n // 6) for n in range(36) if cells >> n & 1]
    united = union(shapes)
    assert united.isGeosEqual(QgsGeometry.unaryUnion(shapes))
    assert united.isGeosEqual(union(shapes[::-1]))


def test_polygons_of_many_parts_that_stand_twice_are_united_once():
    row = QgsGeometry.collectGeometry([square(column, 0) for column in range(0, 2 * overlay.MANY, 2)])
    gaps = QgsGeometry.collectGeometry([square(column, 0) for column in range(1, 2 * overlay.MANY, 2)])
    united = overlay.dissolve([row, gaps, row])
    assert len(overlay.polygon_parts(united)) == 1
    assert united.area() == pytest.approx(2 * overlay.MANY * 100)
