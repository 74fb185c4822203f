"""Engine ``crossings`` by hand: the line asked about runs from (0, 0) to (100, 0)."""

from __future__ import annotations

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.crossings import Crossing, Crossings
from qgis.core import QgsGeometry, QgsPointXY

from ...layer_factory import EAST, NORTH, box, geometry, line, ngon, point, polygon

TURNS = pytest.mark.parametrize("turn", [0.0, 30.0, 90.0, 217.0])
GAP = line((0, 0), (100, 0))


def turned(wkt: str, turn: float) -> QgsGeometry:
    shape = geometry(wkt)
    shape.rotate(turn, QgsPointXY(EAST, NORTH))
    return shape


def across(*barriers: str | tuple[str, str], turn: float = 0.0, over: str = GAP) -> list[Crossing]:
    """What lies across the line, for barriers of kind “road” where none is given."""
    named = [barrier if isinstance(barrier, tuple) else ("road", barrier) for barrier in barriers]
    return Crossings((kind, turned(wkt, turn)) for kind, wkt in named).across(turned(over, turn))


# -- lines ----------------------------------------------------------------------------------------------


@TURNS
@pytest.mark.parametrize(
    ("barriers", "count"),
    [
        ([line((50, -10), (50, 10))], 1),
        ([line((50, 10), (50, -10))], 1),
        ([line((40, -10), (60, 10))], 1),
        ([line((50, -10), (50, 0), (50, 10))], 1),  # has a vertex on the line
        ([line((50, -10), (50, 0)), line((50, 0), (50, 10))], 1),  # two roads that meet on the line
        ([line((50, -10), (50, 10)), line((55, -10), (55, 10))], 2),  # two carriageways
        ([line((20, -10), (40, 10), (60, -10), (80, 10))], 3),  # a zigzag
        (["MultiLineString ((370010 5699990, 370010 5700010), (370020 5699990, 370020 5700010))"], 2),
        ([line((30, 10), (30, 0), (60, 0), (60, -10))], 1),  # runs along and leaves on the other side
        ([line((30, 10), (30, 0), (60, 0), (60, 10))], 0),  # runs along and goes back
        ([line((30, 0), (60, 0))], 0),  # runs along
        ([line((-30, 0), (160, 0))], 0),
        ([line((50, 0), (50, 10))], 0),  # ends on the line
        ([line((40, 10), (50, 0), (60, 10))], 0),  # touches it with a corner
        ([line((40, -10), (50, 0), (60, -10))], 0),
        ([line((0, -10), (0, 10)), line((100, 10), (100, -10))], 0),  # pass its ends
        ([line((-1, -10), (-1, 10)), line((101, -10), (101, 10))], 0),
        ([line((50, 1), (50, 10)), line((0, 1), (100, 1))], 0),
    ],
)
def test_a_line_barrier_is_crossed_where_it_passes_from_side_to_side(
    barriers: list[str], count: int, turn: float
) -> None:
    assert across(*barriers, turn=turn) == ([Crossing("road", count, 0.0)] if count else [])


# -- polygons -------------------------------------------------------------------------------------------

FRAME = polygon([(20, -10), (80, -10), (80, 10), (20, 10)], [(30, -5), (70, -5), (70, 5), (30, 5)])


@TURNS
@pytest.mark.parametrize(
    ("barriers", "count", "length"),
    [
        ([box(40, -10, 25, 20)], 1, 25.0),
        ([box(-10, -10, 30, 20)], 1, 20.0),  # the line begins inside
        ([box(90, -10, 30, 20)], 1, 10.0),  # the line ends inside
        ([box(-10, -10, 130, 20)], 1, 100.0),  # the line is inside
        ([box(20, -10, 30, 20), box(40, -10, 30, 20)], 1, 50.0),  # overlap from 40 to 50
        ([box(20, -10, 30, 20), box(20, -10, 30, 20)], 1, 30.0),  # the same twice
        ([box(20, -10, 30, 20), box(50, -10, 30, 20)], 1, 60.0),  # meet at 50
        ([box(20, 0, 30, 10), box(20, -10, 30, 10)], 1, 30.0),  # meet on the line
        ([box(10, -10, 5, 20), box(50, -10, 7, 20)], 2, 12.0),
        ([FRAME], 2, 20.0),  # a hole is not crossed
        ([FRAME, box(45, -2, 4, 4)], 3, 24.0),  # something in the hole is
        (
            [polygon([(20, -10), (60, -10), (60, 10), (50, 10), (50, -5), (30, -5), (30, 10), (20, 10)])],
            2,
            20.0,
        ),
        ([polygon(ngon(50, 0, 20, 4))], 1, 40.0),  # corner to corner
        ([box(20, 0, 30, 10)], 0, 0.0),  # an edge along the line
        ([polygon([(50, 0), (60, 10), (40, 10)])], 0, 0.0),  # a corner on the line
        ([box(100, -10, 10, 20), box(-10, -10, 10, 20)], 0, 0.0),  # the patches at its ends
        ([box(20, 1, 30, 10)], 0, 0.0),
    ],
)
def test_polygon_barriers_are_crossed_on_the_length_inside_their_union(
    barriers: list[str], count: int, length: float, turn: float
) -> None:
    found = across(*barriers, turn=turn)
    assert [(crossing.kind, crossing.count) for crossing in found] == ([("road", count)] if count else [])
    assert sum(crossing.length_m for crossing in found) == pytest.approx(length, abs=1e-5)


def test_order_of_vertices_does_not_matter() -> None:
    clockwise, other = [(20, -10), (20, 10), (50, 10), (50, -10)], [(40, -10), (70, -10), (70, 10), (40, 10)]
    assert [c.length_m for c in across(polygon(clockwise), polygon(other))] == pytest.approx([50.0])


def test_parts_of_a_multipolygon_are_one_barrier() -> None:
    parts = [geometry(box(10, -5, 10, 10)), geometry(box(60, -5, 20, 10))]
    both = QgsGeometry.collectGeometry(parts).asWkt(9)
    assert across(both) == [Crossing("road", 2, pytest.approx(30.0))]


# -- kinds ----------------------------------------------------------------------------------------------


def test_the_longest_stretch_comes_first_then_kinds_in_order() -> None:
    found = across(
        ("water", line((10, -5), (10, 5))),
        ("rail", line((20, -5), (20, 5))),
        ("rail", line((21, -5), (21, 5))),
        ("village", box(30, -5, 10, 10)),
        ("works", box(50, -5, 40, 10)),
        ("airfield", box(35, -5, 10, 10)),
        ("far", box(30, 50, 10, 10)),
    )
    assert [(c.kind, c.count) for c in found] == [
        ("works", 1), ("airfield", 1), ("village", 1), ("rail", 2), ("water", 1),
    ]  # fmt: skip
    assert [c.length_m for c in found] == pytest.approx([40.0, 10.0, 10.0, 0.0, 0.0])


def test_lines_and_polygons_of_one_kind_are_one_crossing() -> None:
    assert across(("water", line((10, -5), (10, 5))), ("water", box(30, -5, 10, 10))) == [
        Crossing("water", 2, pytest.approx(10.0))
    ]


@TURNS
def test_the_lines_direction_does_not_matter(turn: float) -> None:
    barriers = [("road", line((50, -10), (50, 0), (70, 0), (70, 10))), ("works", box(80, -5, 40, 10))]
    there, back = (across(*barriers, turn=turn, over=over) for over in (GAP, line((100, 0), (0, 0))))
    assert (
        [(c.kind, c.count) for c in there] == [(c.kind, c.count) for c in back] == [("works", 1), ("road", 1)]
    )
    assert there[0].length_m == pytest.approx(20.0, abs=1e-5)
    assert back[0].length_m == pytest.approx(20.0, abs=1e-5)


# -- other input ----------------------------------------------------------------------------------------


def test_a_line_without_length_crosses_nothing() -> None:
    assert across(box(-10, -10, 20, 20), over=line((0, 0), (0, 0))) == []


def test_barriers_without_geometry_and_no_barriers_are_never_crossed() -> None:
    assert across("LineString EMPTY", "Polygon EMPTY") == []
    assert Crossings([("road", QgsGeometry())]).across(geometry(GAP)) == []
    assert Crossings([]).across(geometry(GAP)) == []


def test_heights_do_not_matter() -> None:
    assert across("LineString Z (370050 5699990 60, 370050 5700010 61)") == [Crossing("road", 1, 0.0)]
    area = "Polygon Z ((370040 5699990 1, 370060 5699990 2, 370050 5700010 3, 370040 5699990 1))"
    assert across(area) == [Crossing("road", 1, pytest.approx(10.0, abs=1e-5))]


def test_points_are_no_barriers() -> None:
    with pytest.raises(ValueError, match="a barrier is a line or a polygon"):
        across(point(50, 0))


def test_only_a_straight_line_can_be_asked_about() -> None:
    with pytest.raises(ValueError, match="two vertices, not 3"):
        across(box(0, 0, 1, 1), over=line((0, 0), (50, 0), (100, 0)))
