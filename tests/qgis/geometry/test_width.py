"""Engines ``width`` and ``bottlenecks`` against closed forms: opening by a disc, width on the axis."""

from __future__ import annotations

import math
from typing import TypeVar

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.bottlenecks import Bottleneck, Survey, bottlenecks
from gruene_infra.gruene_infra_plugin.spatial.geometry.width import Klasse, open_part
from hypothesis import given, settings
from hypothesis import strategies as st
from qgis.core import QgsGeometry, QgsPointXY

from ...layer_factory import EAST, NORTH, ngon
from ...passage import passes

Points = list[tuple[float, float]]
Found = TypeVar("Found", Bottleneck, QgsGeometry)
RECTANGLE: Points = [(0, 0), (300, 0), (300, 100), (0, 100)]
PINCHED: Points = [(0, 0), (200, 0), (300, 85), (400, 0), (600, 0)]
PINCHED += [(600, 200), (400, 200), (300, 115), (200, 200), (0, 200)]
SLACK = 1e-3


def shape(*rings: Points, turn: float = 0.0, shift: float = 0.0) -> QgsGeometry:
    """Return a polygon from open rings, turned by degrees about (0, 0) and shifted."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    return QgsGeometry.fromPolygonXY(
        [
            [
                QgsPointXY(EAST + shift + cos * x - sin * y, NORTH + shift + sin * x + cos * y)
                for x, y in [*ring, ring[0]]
            ]
            for ring in rings
        ]
    )


def box(x: float, y: float, width: float, height: float) -> Points:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def dumb_bell(width: float = 40, length: float = 100, rise: float = 0) -> Points:
    """Two squares of 200 m joined in the middle by a neck that rises by ``rise`` metres."""
    low, high, far = 100 - width / 2, 100 + width / 2, 200 + length
    left = [(200, high), (200, 200), (0, 200), (0, 0), (200, 0), (200, low)]
    right = [(far, low), (far, 0), (far + 200, 0), (far + 200, 200), (far, 200), (far, high)]
    return left + [(x, y + rise) for x, y in right]


def only(found: list[Found]) -> Found:
    assert len(found) == 1
    return found[0]


def kinds(part: QgsGeometry, width: float) -> list[Klasse]:
    return [found.klasse for found in bottlenecks(part, width)]


# -- published and analytic ------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [0, 30, 45])
@pytest.mark.parametrize("start", [0, 5])
@pytest.mark.parametrize("step", [1, -1])
@pytest.mark.parametrize("shift", [0.0, 12_345.678])
def test_dumb_bell_has_the_published_bridge_and_corners(turn, start, step, shift):
    ring = dumb_bell()
    part = shape((ring[start:] + ring[:start])[::step], turn=turn, shift=shift)
    opening, bridge = open_part(part, 100), only(bottlenecks(part, 100))
    assert bridge.klasse is Klasse.BRIDGE
    assert f"{bridge.geometry.area():.1f}" == "3775.4"
    assert [f"{corner.area():.1f}" for corner in opening.corners] == ["536.5"] * 8
    assert bridge.width_m == pytest.approx(40, abs=0.01)
    assert bridge.length_m == pytest.approx(100, abs=0.1)
    assert bridge.throat.length() == pytest.approx(bridge.width_m, abs=1e-6)
    assert opening.narrow_area == pytest.approx(bridge.geometry.area())


@pytest.mark.parametrize("turn", [0, 17.3, 30, 45])
@pytest.mark.parametrize("width", [50, 99.9, 100])
def test_rectangle_is_no_bottleneck_up_to_its_width(turn, width):
    opening = open_part(shape(RECTANGLE, turn=turn), width)
    assert (opening.places, opening.narrow_area) == ((), 0)
    corner = (1 - math.pi / 4) * width**2 / 4
    assert [c.area() for c in opening.corners] == pytest.approx([corner] * 4, rel=SLACK)


@pytest.mark.parametrize("turn", [0, 17.3, 30, 45])
def test_rectangle_is_an_islet_above_its_width(turn):
    islet = only(bottlenecks(shape(RECTANGLE, turn=turn), 100.1))
    assert (islet.klasse, islet.geometry.area()) == (Klasse.ISLET, pytest.approx(30_000))
    assert islet.width_m == pytest.approx(100, abs=0.01)
    assert islet.length_m == pytest.approx(300, rel=0.01)


@pytest.mark.parametrize("turn", [0, 7, 17.3, 45])
@pytest.mark.parametrize("corners", [3, 4, 5, 6, 8, 9, 10, 12, 16, 33])
@pytest.mark.parametrize(
    ("inside", "wide"), [(40, False), (48, False), (49.9, False), (50, True), (50.1, True)]
)
def test_a_regular_polygon_is_wide_where_its_inscribed_circle_is_as_wide_as_the_disc(
    corners, inside, wide, turn
):
    ring = ngon(0, 0, inside / math.cos(math.pi / corners), corners)
    assert (open_part(shape(ring, turn=turn), 100).places == ()) is wide


@pytest.mark.parametrize(("width", "wide"), [(28.8, True), (29.0, False), (43.0, False)])
def test_vertices_along_its_sides_make_no_triangle_wider(width, wide):
    """Its inscribed circle has a radius of 100 / √12, 28.87 m; 2 · 43 m still fit into its box."""
    corners = [(0.0, 0.0), (100.0, 0.0), (50.0, 50 * math.sqrt(3))]
    ring = [
        (a[0] + (b[0] - a[0]) * k / 4, a[1] + (b[1] - a[1]) * k / 4)
        for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
        for k in range(4)
    ]
    islets = [
        place for place in open_part(shape(ring, turn=3), 2 * width).places if place.klasse is Klasse.ISLET
    ]
    assert len(islets) == (0 if wide else 1)


@pytest.mark.parametrize("turn", [0, 30])
@pytest.mark.parametrize("side", [1, 30, 100])
def test_square_islet_is_as_wide_as_its_inscribed_circle(side, turn):
    islet = only(bottlenecks(shape(box(0, 0, side, side), turn=turn), 101))
    assert islet.width_m == pytest.approx(side, rel=0.01)
    assert kinds(shape(box(0, 0, side, side), turn=turn), side) == []


@given(width=st.floats(1, 98), length=st.floats(5, 400), turn=st.floats(0, 90))
@settings(max_examples=40)
def test_straight_neck_has_its_width_and_length(width, length, turn):
    bridge = only(bottlenecks(shape(dumb_bell(width, length), turn=turn), 100))
    assert bridge.klasse is Klasse.BRIDGE
    assert bridge.width_m == pytest.approx(width, rel=0.01, abs=0.1)
    assert bridge.length_m == pytest.approx(length, rel=0.01, abs=0.5)


@pytest.mark.parametrize(
    ("ring", "width", "length"),
    [
        pytest.param(dumb_bell(40, 100, 60), 40 / math.hypot(1, 0.6), None, id="skewed"),
        pytest.param(
            PINCHED,
            30,
            None,
            id="pinched",
        ),
        pytest.param(
            [(170 * math.cos(a), 170 * math.sin(a)) for a in (math.pi * k / 90 for k in range(91))]
            + [(-250, 0), (-250, -200), (-50, -200), (-50, 0)]
            + [(130 * math.cos(a), 130 * math.sin(a)) for a in (math.pi * k / 90 for k in range(90, -1, -1))]
            + [(50, 0), (50, -200), (250, -200), (250, 0)],
            40,
            math.pi * 150,
            id="curved",
        ),
    ],
)
@pytest.mark.parametrize("turn", [0, 30])
def test_neck_of_another_shape_has_its_width(ring, width, length, turn):
    bridge = only(bottlenecks(shape(ring, turn=turn), 100))
    assert bridge.klasse is Klasse.BRIDGE
    assert bridge.width_m == pytest.approx(width, rel=0.01)
    assert length is None or bridge.length_m == pytest.approx(length, rel=0.01)


def test_throat_crosses_an_hour_glass_in_the_middle():
    side = [(200 + 2 * k, 15 + ((k - 50) / 50) ** 2 * 60) for k in range(101)]
    ring = [(0, 0), (200, 0), *((x, 100 - h) for x, h in side), (400, 0), (600, 0), (600, 200), (400, 200)]
    ring += [*((x, 100 + h) for x, h in side[::-1]), (200, 200), (0, 200)]
    bridge = only(bottlenecks(shape(ring), 100))
    assert bridge.width_m == pytest.approx(30, abs=0.1)
    assert bridge.throat.distance(shape(box(295, 80, 10, 40))) == 0


@pytest.mark.parametrize("length", [1, 10, 30])
def test_gate_shorter_than_the_discs_reach_is_a_bridge(length):
    gate = only(bottlenecks(shape(dumb_bell(80, length), turn=30), 100))
    assert (gate.klasse, gate.width_m) == (Klasse.BRIDGE, pytest.approx(80, abs=0.1))
    assert gate.geometry.area() == pytest.approx(80 * length, rel=0.01)


# -- classes ---------------------------------------------------------------------------------------


def test_two_bridges_run_beside_a_hole():
    part = shape(box(0, 0, 500, 200), box(200, 60, 100, 80))
    found = bottlenecks(part, 100)
    assert [(b.klasse, round(b.width_m, 1)) for b in found] == [(Klasse.BRIDGE, 60.0)] * 2
    assert not any(b.geometry.intersects(shape(box(210, 70, 80, 60))) for b in found)


def test_way_beside_a_hole_that_joins_a_body_with_itself_is_a_loop():
    loop = only(bottlenecks(shape(box(0, 0, 500, 400), box(200, 40, 100, 100)), 100))
    assert (loop.klasse, loop.width_m) == (Klasse.LOOP, pytest.approx(40, abs=0.1))


@pytest.mark.parametrize("width", [20, 60])
def test_narrow_ring_is_one_islet_of_its_width(width):
    ring = shape(ngon(0, 0, 200, 360), ngon(0, 0, 200 - width, 360))
    islet = only(bottlenecks(ring, 100))
    assert (islet.klasse, islet.width_m) == (Klasse.ISLET, pytest.approx(width, rel=0.001))
    assert islet.length_m == pytest.approx(2 * math.pi * (200 - width / 2), rel=0.01)


def test_ring_as_wide_as_asked_but_for_its_facets_does_not_fall_to_pieces():
    islet = only(bottlenecks(shape(ngon(0, 0, 400, 360), ngon(0, 0, 300, 360)), 100))
    assert (islet.klasse, islet.width_m) == (Klasse.ISLET, pytest.approx(100, abs=0.1))


@pytest.mark.parametrize("turn", [0, 30])
def test_narrow_arm_is_a_branch(turn):
    ring = [(0, 0), (300, 0), (300, 300), (165, 300), (165, 500), (135, 500), (135, 300), (0, 300)]
    branch = only(bottlenecks(shape(ring, turn=turn), 100))
    assert (branch.klasse, branch.width_m) == (Klasse.BRANCH, pytest.approx(30, abs=0.1))
    assert branch.length_m == pytest.approx(200, rel=0.01)


@pytest.mark.parametrize("angle", [20, 30, 40, 60, 90, 120])
@pytest.mark.parametrize("turn", [0, 30])
def test_corner_is_no_bottleneck(angle, turn):
    a = math.radians(angle)
    part = shape([(0, 0), (2000, 0), (2000 * math.cos(a), 2000 * math.sin(a))], turn=turn)
    assert kinds(part, 50) == []


@pytest.mark.parametrize("turn", [0, 30])
def test_three_bodies_are_joined_by_one_bridge(turn):
    arm = [(20 / math.sqrt(3), -20), (200, -20), (200, -100), (400, -100), (400, 100), (200, 100), (200, 20)]
    ring = []
    for angle in (0, math.tau / 3, 2 * math.tau / 3):
        cos, sin = math.cos(angle), math.sin(angle)
        ring += [(cos * x - sin * y, sin * x + cos * y) for x, y in arm]
    bridge = only(bottlenecks(shape(ring, turn=turn), 100))
    assert (bridge.klasse, bridge.width_m) == (Klasse.BRIDGE, pytest.approx(40, abs=0.1))
    assert bridge.length_m == pytest.approx(400, rel=0.01)


def test_cross_of_narrow_arms_is_an_islet():
    ring = [(0, -20), (300, -20), (300, -320), (340, -320), (340, -20), (640, -20)]
    ring += [(640, 20), (340, 20), (340, 320), (300, 320), (300, 20), (0, 20)]
    islet = only(bottlenecks(shape(ring, turn=30), 100))
    assert (islet.klasse, islet.width_m) == (Klasse.ISLET, pytest.approx(40, abs=0.1))
    assert islet.length_m == pytest.approx(640, rel=0.01)


@pytest.mark.parametrize("width", [0.5, 2])
def test_sliver_is_an_islet(width):
    islet = only(bottlenecks(shape(box(0, 0, 400, width), turn=30), 50))
    assert (islet.klasse, islet.width_m) == (Klasse.ISLET, pytest.approx(width, rel=0.01))


def test_turning_changes_no_area():
    ring = [(x + 3 * math.sin(7 * x), y + 2 * math.cos(5 * y + x)) for x, y in dumb_bell(30, 150)]
    areas = [open_part(shape(ring, turn=turn), 100).narrow_area for turn in (0, 30, 77)]
    assert areas[0] > 3000
    assert areas[1:] == pytest.approx([areas[0]] * 2, rel=0.001)


SQUARE = box(0, 0, 200, 200)

# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [0, -1, math.nan, math.inf])
def test_width_must_be_above_zero(width):
    with pytest.raises(ValueError, match="above 0"):
        open_part(shape(SQUARE), width)


@pytest.mark.parametrize("part", [QgsGeometry(), QgsGeometry.fromWkt("Polygon EMPTY")])
def test_empty_polygon_has_no_width(part):
    with pytest.raises(ValueError, match="empty"):
        bottlenecks(part, 10)


def test_several_parts_are_refused():
    with pytest.raises(ValueError, match="several parts"):
        bottlenecks(QgsGeometry.collectGeometry([shape(SQUARE), shape(box(900, 0, 9, 9))]), 10)


def test_the_throat_of_a_gate_lies_between_its_corners():
    """Two bodies meet at two corners 43 m apart, nearer than the discs of 50 m reach into each other.

    The axis between the corners is one straight line, longer than the place that the discs share.
    """
    wkt = "Polygon ((-60 -80, 60 -80, 21.5 0, 60 80, -60 80, -21.5 0, -60 -80))"
    (gate,) = bottlenecks(QgsGeometry.fromWkt(wkt), 50)
    assert gate.klasse is Klasse.BRIDGE
    assert gate.width_m == pytest.approx(43.0, rel=0.01)
    assert gate.throat.length() == pytest.approx(gate.width_m, rel=1e-6)


# -- the widest way, by a disc that is pushed through -----------------------------------------------


@pytest.mark.parametrize("turn", [0, 30])
@pytest.mark.parametrize(
    ("pond", "width"),
    [
        pytest.param(box(245, 82, 10, 3), 35, id="pond near one side"),
        pytest.param(box(245, 98, 10, 4), 18, id="pond in the middle"),
        pytest.param(box(210, 80.05, 80, 0.3), 39.65, id="ditch along one side"),
    ],
)
def test_pond_in_a_neck_leaves_the_wider_side(pond, width, turn):
    part = shape(dumb_bell(40, 100), pond, turn=turn)
    neck = next(found for found in bottlenecks(part, 60) if found.klasse is Klasse.BRIDGE)
    assert neck.width_m == pytest.approx(width, rel=0.01)


@pytest.mark.parametrize("turn", [0, 30])
def test_notch_and_step_beside_the_way_count_as_far_as_they_reach_into_it(turn):
    """A notch 4 m deep narrows a neck of 40 m to 36 m; a needle outwards narrows nothing."""
    ring = dumb_bell(40, 100)
    beside = [(240, 80), (240, 84), (241, 84), (241, 80), (260, 80), (260.05, 60), (260.1, 80)]
    at = ring.index((200, 80)) + 1
    notched = [*ring[:at], *beside, *ring[at:]]
    part = shape(notched, turn=turn)
    bridge = next(found for found in bottlenecks(part, 60) if found.klasse is Klasse.BRIDGE)
    assert bridge.width_m == pytest.approx(36, rel=0.01)


def test_bridge_of_three_bodies_is_as_wide_as_its_widest_way():
    """Necks of 10, 30 and 40 m meet: from the second body to the third 30 m pass."""
    middle = shape(box(-40, -40, 80, 80))
    necks = [shape(box(-240, -5, 240, 10)), shape(box(0, -15, 240, 30)), shape(box(-20, 0, 40, 240))]
    bodies = [
        shape(box(-440, -100, 200, 200)),
        shape(box(240, -100, 200, 200)),
        shape(box(-100, 240, 200, 200)),
    ]
    part = QgsGeometry.unaryUnion([middle, *necks, *bodies])
    bridge = only(bottlenecks(part, 100))
    assert bridge.width_m == pytest.approx(30, rel=0.01)


@given(
    low=st.lists(st.floats(-12, 12), min_size=4, max_size=9),
    high=st.lists(st.floats(-12, 12), min_size=4, max_size=9),
    pond=st.none() | st.tuples(st.floats(230, 330), st.floats(85, 115), st.floats(0.5, 6)),
    turn=st.floats(0, 90),
)
@settings(max_examples=40)
def test_disc_passes_any_neck_up_to_its_width(low, high, pond, turn):
    """Two squares joined by a neck with ragged sides, with a pond or without one."""
    steps = [(200 + 160 * (k + 1) / (len(low) + 1), 75 + y) for k, y in enumerate(low)]
    back = [(360 - 160 * (k + 1) / (len(high) + 1), 125 + y) for k, y in enumerate(high)]
    ring = [(0, 0), (200, 0), (200, 75), *steps, (360, 75), (360, 0), (560, 0), (560, 200), (360, 200)]
    ring += [(360, 125), *back, (200, 125), (200, 200), (0, 200)]
    holes = [ngon(pond[0], pond[1], pond[2], 12)] if pond else []
    part = shape(ring, *holes, turn=turn)
    bridges = [found for found in bottlenecks(part, 90) if found.klasse is Klasse.BRIDGE]
    west, east = (shape(box(x, 95, 10, 10), turn=turn) for x in (95, 455))
    widest = max(found.width_m for found in bridges)
    assert passes(part, (west, east), 0.99 * widest)
    assert not passes(part, (west, east), 1.01 * widest)


# -- bounds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", [0.01, 0.1])
def test_needle_at_a_corridor_is_a_branch_of_no_width(base):
    ring = [(0, 0), (300, 0), (300, 50), (400, 50 + base / 2), (300, 50 + base), (300, 100), (0, 100)]
    needle = only(bottlenecks(shape(ring), 50))
    assert needle.klasse is Klasse.BRANCH
    assert needle.width_m <= base


def test_width_beyond_everything_makes_an_islet():
    opening = open_part(shape(SQUARE), 1e9)
    assert [place.klasse for place in opening.places] == [Klasse.ISLET]


def test_measuring_may_be_stopped():
    def stop() -> None:
        raise KeyboardInterrupt

    part = shape(dumb_bell())
    with pytest.raises(KeyboardInterrupt):
        Survey(part, (100.0,), stop).bottlenecks(open_part(part, 100), frozenset(Klasse))
