"""Engine ``line_sections``: each metre once, and the places where lines end."""

from __future__ import annotations

import random

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.line_sections import each_metre_once, ends
from qgis.core import QgsGeometry


def lines(*wkts: str) -> list[QgsGeometry]:
    return [QgsGeometry.fromWkt(wkt) for wkt in wkts]


def left(*wkts: str) -> list[tuple[float, tuple[int, ...]]]:
    found = each_metre_once(lines(*wkts), lambda: None)
    return [(0.0 if one.rest.isEmpty() else one.rest.length(), one.under) for one in found]


def test_a_repeated_line_is_left_out_wherever_it_begins():
    line, back = "LineString (0 0, 100 0, 100 50)", "LineString (100 50, 100 0, 0 0)"
    assert left(line, back, f"Multi{line.replace('(', '((')})") == [(150.0, ()), (0.0, (0,)), (0.0, (0,))]


def test_of_a_line_that_overlaps_the_rest_is_left():
    assert left("LineString (0 0, 60 0)", "LineString (40 0, 100 0)", "LineString (0 0, 100 0)") == [
        (60.0, ()),
        (pytest.approx(40.0), (0,)),
        (0.0, (0, 1)),
    ]


@pytest.mark.parametrize(
    "other", ["LineString (50 -50, 50 50)", "LineString (100 0, 200 0)", "LineString (0 9, 100 9)"]
)
def test_what_crosses_meets_or_runs_beside_covers_nothing(other):
    assert left("LineString (0 0, 100 0)", other) == [(100.0, ()), (pytest.approx(100.0), ())]


def test_the_union_has_the_same_length():
    dice = random.Random(4)
    knots = [(dice.uniform(0, 900), dice.uniform(0, 900)) for _ in range(12)]
    drawn = []
    for _ in range(40):
        start = dice.randrange(10)
        path = knots[start : start + dice.randrange(2, 4)]
        drawn.append(QgsGeometry.fromWkt(f"LineString ({', '.join(f'{x} {y}' for x, y in path)})"))
    total = sum(one.rest.length() for one in each_metre_once(drawn, lambda: None) if not one.rest.isEmpty())
    assert total == pytest.approx(QgsGeometry.unaryUnion(drawn).length(), rel=1e-9)


def test_ends_that_are_one_place_have_one_number():
    number, place = ends(
        lines("LineString (0 0, 5 5, 10 0)", "LineString (10.05 0, 20 0)", "LineString (10.5 0, 20 0)")
    )
    assert number.tolist() == [0, 0, 1, 1, 2, 2]
    assert place[1] == place[2] != place[4]
    assert place[3] == place[5]


def test_parts_that_follow_each_other_are_one():
    number, place = ends(lines("MultiLineString ((0 0, 10 0), (20 0, 10 0), (50 0, 60 0))"))
    assert number.tolist() == [0] * 4
    assert len(set(place.tolist())) == 4


def test_a_closed_line_has_both_ends_in_one_place():
    number, place = ends(lines("LineString (0 0, 10 0, 10 10, 0 0)"))
    assert (number.tolist(), place[0] == place[1]) == ([0, 0], True)


def test_nothing_has_no_ends():
    assert [found.size for found in ends([])] == [0, 0]
