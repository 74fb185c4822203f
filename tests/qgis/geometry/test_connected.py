"""Engine ``connected``: polygons as connected parts, and the slits that are closed on the way."""

from __future__ import annotations

import math
from functools import partial

import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry import connected
from gruene_infra.gruene_infra_plugin.spatial.geometry.bottlenecks import bottlenecks
from gruene_infra.gruene_infra_plugin.spatial.geometry.width import Klasse
from hypothesis import given, settings
from hypothesis import strategies as st
from qgis.core import QgsGeometry, QgsPointXY

from .test_width import box, dumb_bell, kinds, only, shape

connected_parts = partial(connected.connected_parts, tolerance=0.1)

SQUARE = box(0, 0, 200, 200)


@pytest.mark.parametrize(
    ("other", "parts", "area"),
    [
        pytest.param(box(200, 0, 100, 200), 1, 60_000, id="shared edge"),
        pytest.param(box(200.001, 0, 100, 200), 1, 60_000.2, id="gap of 1 mm"),
        pytest.param(box(200.1, 0, 100, 200), 1, 60_020, id="gap as wide as the tolerance"),
        pytest.param(box(200.11, 0, 100, 200), 2, 60_000, id="gap above the tolerance"),
        pytest.param(box(200, 200, 100, 200), 1, 60_000, id="corners touch"),
        pytest.param(box(200.05, 200.05, 100, 200), 1, 60_000, id="corners almost touch"),
        pytest.param(box(100, 100, 100, 100), 1, 40_000, id="inside"),
    ],
)
@pytest.mark.parametrize("turn", [0, 30])
def test_parts_within_the_tolerance_are_connected(other, parts, area, turn):
    shapes = [shape(SQUARE, turn=turn), shape(other, turn=turn)]
    found = connected_parts(shapes)
    assert len(found) == parts
    assert sum(part.area() for part in found) == pytest.approx(area, abs=0.05)
    again = connected_parts([*shapes[::-1], shapes[0]])
    assert [part.area() for part in again] == pytest.approx([part.area() for part in found], abs=1e-3)


def test_touching_corners_are_a_bottleneck_of_almost_no_width():
    part = only(connected_parts([shape(SQUARE), shape(box(200, 200, 200, 200))]))
    bridge = only(bottlenecks(part, 100))
    assert bridge.klasse is Klasse.BRIDGE
    assert 0 < bridge.width_m < 0.1


def test_filled_gap_is_no_bottleneck():
    part = only(connected_parts([shape(SQUARE), shape(box(200.001, 0, 200, 200))]))
    assert kinds(part, 100) == []


def test_parts_keep_holes_and_come_in_order_of_place():
    far, ring = shape(box(900, 0, 50, 50)), shape(box(0, 0, 500, 500), box(100, 100, 50, 50))
    multi = QgsGeometry.collectGeometry([far, ring])
    for given_ in ([multi], [ring, far], [far, ring, far]):
        assert [part.area() for part in connected_parts(given_)] == pytest.approx([247_500, 2500])


def test_nothing_has_no_parts():
    assert connected_parts([]) == []


def test_tolerance_must_not_be_negative():
    with pytest.raises(ValueError, match="tolerance"):
        connected_parts([shape(SQUARE)], tolerance=-1)


# -- slits ------------------------------------------------------------------------------------------


def neck(width: float, low: float, high: float, slit: tuple[float, float], turn: float) -> list[QgsGeometry]:
    """Return two squares and a neck of 100 m between them, drawn as two polygons in millimetres.

    The border between its halves runs from ``low`` to ``high``, with a slit that is as wide as told at its
    two ends.
    """
    y = 100 - width / 2
    halves = [
        [(200, y), (300, y), (300, y + high), (200, y + low)],
        [(200, y + low + slit[0]), (300, y + high + slit[1]), (300, y + width), (200, y + width)],
    ]
    drawn = [shape(ring, turn=turn) for ring in (box(0, 0, 200, 200), box(300, 0, 200, 200), *halves)]
    return [polygon.snappedToGrid(0.001, 0.001) for polygon in drawn]


@given(
    width=st.floats(30, 45),
    low=st.floats(2, 28),
    high=st.floats(2, 28),
    slit=st.tuples(st.floats(0, 0.06), st.floats(0, 0.06)),
    turn=st.floats(0, 90),
)
@settings(max_examples=60)
def test_slit_along_a_neck_makes_it_no_narrower(width, low, high, slit, turn):
    part = only(connected_parts(neck(width, low, high, slit, turn)))
    bridge = only([found for found in bottlenecks(part, 100) if found.klasse is Klasse.BRIDGE])
    assert bridge.width_m == pytest.approx(width, abs=0.2)


@pytest.mark.parametrize(
    ("slit", "area"),
    [
        pytest.param(box(50, 99.97, 100, 0.06), 40_000, id="hole narrower than the tolerance"),
        pytest.param(box(50, 99.9, 100, 0.2), 40_000 - 20, id="hole wider than the tolerance"),
        pytest.param(box(100, 100, 0.05, 0.05), 40_000, id="speck"),
        pytest.param(box(100, 100, 0.3, 0.3), 40_000 - 0.09, id="pond"),
    ],
)
@pytest.mark.parametrize("turn", [0, 30])
def test_holes_narrower_than_the_tolerance_are_closed(slit, area, turn):
    part = only(connected_parts([shape(SQUARE, slit, turn=turn)]))
    assert part.area() == pytest.approx(area, abs=0.02)


def test_open_slit_within_a_polygon_is_closed_and_a_notch_is_not():
    slit = [(0, 0), (200, 0), (200, 100), (50, 100), (50, 100.05), (200, 100.05), (200, 200), (0, 200)]
    notch = [(0, 0), (200, 0), (200, 100), (50, 100), (50, 101), (200, 101), (200, 200), (0, 200)]
    assert only(connected_parts([shape(slit)])).area() == pytest.approx(40_000, abs=0.02)
    assert only(connected_parts([shape(notch)])).area() == pytest.approx(40_000 - 150, abs=0.02)


@pytest.mark.parametrize("turn", [0, 30])
def test_closing_slits_leaves_every_other_border_where_it_is(turn):
    whole = shape(dumb_bell(), turn=turn)
    pieces = [
        shape(ring, turn=turn) for ring in (box(0, 0, 200, 200), box(200, 80, 100, 40), box(300, 0, 200, 200))
    ]
    for given_ in ([whole], pieces):
        part = only(connected_parts(given_, tolerance=5))
        assert part.hausdorffDistance(whole) < 1e-3
        assert part.area() == pytest.approx(whole.area(), abs=0.05)


@given(
    gap=st.floats(0, 0.2),
    turn=st.floats(0, 90),
    corner=st.sampled_from([45, 60, 90, 135, 180]),
)
@settings(max_examples=40)
def test_no_two_parts_are_as_near_as_the_tolerance(gap, turn, corner):
    """A wedge points at the side of a square: never a gap of up to 0.1 m."""
    half = math.radians(corner) / 2
    wedge = [(200 + gap, 100), (260 + gap, 100 - 60 * min(math.tan(half), 3)), (260 + gap, 100 + 50)]
    parts = connected_parts([shape(SQUARE, turn=turn), shape(wedge, turn=turn)])
    assert len(parts) in (1, 2)
    if len(parts) == 2:
        assert parts[0].distance(parts[1]) > 0.1
        assert gap > 0.1 - 1e-6
    else:
        assert gap <= 0.1 + 1e-6


@pytest.mark.parametrize("turn", [0, 33])
def test_a_part_that_only_the_bar_between_two_others_comes_near_is_connected(turn):
    """Its corner is 1.03 m from theirs, which are 0.99 m apart, and 0.65 m from the bar, 0.5 m wide."""
    rings = [
        [(0, 0), (-20, 6), (-20, -6)],
        [(0.99, 0), (21, 6), (21, -6)],
        [(0.495, 0.9), (6.5, 21), (-5.5, 21)],
    ]
    assert len(connected_parts([shape(ring, turn=turn) for ring in rings], tolerance=1.0)) == 1


@pytest.mark.parametrize(("gap", "tolerance"), [(1e-9, 0), (1e-6, 0), (1e-6, 1e-7), (1e-6, 0.1)])
def test_rounding_between_neighbours_parts_nothing_at_any_tolerance(gap, tolerance):
    squares = [shape(box(0, 0, 100, 100), turn=30), shape(box(100 + gap, 0, 100, 100), turn=30)]
    assert len(connected_parts(squares, tolerance=tolerance)) == 1


# -- however the ground is divided ------------------------------------------------------------------


def cut(polygon: QgsGeometry, cell: float) -> list[QgsGeometry]:
    """Return a polygon cut along a grid of squares."""
    frame = polygon.boundingBox()
    pieces = []
    for i in range(math.ceil(frame.width() / cell)):
        for j in range(math.ceil(frame.height() / cell)):
            x, y = frame.xMinimum() + i * cell, frame.yMinimum() + j * cell
            square = f"Polygon (({x} {y}, {x + cell} {y}, {x + cell} {y + cell}, {x} {y + cell}, {x} {y}))"
            pieces.append(polygon.intersection(QgsGeometry.fromWkt(square)))
    return [piece for piece in pieces if piece.area() > 0]


def measures(polygons: list[QgsGeometry]) -> list[tuple[str, float, float]]:
    """Return class, width and area of every narrow place below 100 m, in order."""
    found = [each for part in connected_parts(polygons) for each in bottlenecks(part, 100)]
    return sorted((str(each.klasse), each.width_m, each.geometry.area()) for each in found)


RAGGED = [(x + 3 * math.sin(7 * x), y + 2 * math.cos(5 * y + x)) for x, y in dumb_bell(30, 150, 40)]


def sample() -> list[QgsGeometry]:
    """Return a neck with a slit, and a ragged dumb-bell with a pond in its skewed neck."""
    return [*neck(38, 11, 23, (0.01, 0.05), 0), shape(RAGGED, box(265, 123, 6, 5), shift=2000)]


@pytest.mark.parametrize("other", ["turned", "cut", "cut and turned", "dissolved"])
def test_dividing_and_turning_change_no_count_width_or_area(other):
    """Widths to 0.5 %, areas to 0.2 %: the axis is sampled, and GEOS levels out 1 % of the radius."""
    changed = [QgsGeometry.unaryUnion(sample())] if other == "dissolved" else sample()
    if "cut" in other:
        changed = [piece for polygon in changed for piece in cut(polygon, 57.3)]
    if "turned" in other:
        for polygon in changed:
            polygon.rotate(33.0, QgsPointXY(371_000, 5_700_000))
    before, after = measures(sample()), measures(changed)
    assert len(before) > 1
    assert [each[0] for each in after] == [each[0] for each in before]
    assert [each[1] for each in after] == pytest.approx([each[1] for each in before], rel=0.005)
    assert [each[2] for each in after] == pytest.approx([each[2] for each in before], rel=0.002)
