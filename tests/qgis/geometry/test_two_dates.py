"""Engine ``two_dates``: what was lost and gained, whatever moved the later survey as a whole."""

from __future__ import annotations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.spatial.geometry.overlay import dissolve
from gruene_infra.gruene_infra_plugin.spatial.geometry.two_dates import TwoDates, greatest_width, wider
from hypothesis import given, settings
from hypothesis import strategies as st
from qgis.core import QgsGeometry, QgsPointXY

from ...layer_factory import EAST, NORTH, box, circle, geometry, ngon, polygon

WHOLE = box(0, 0, 1000, 500)
BLOB = polygon([(0, 0), (700, -120), (1300, 80), (1500, 600), (900, 640), (820, 400), (300, 560)])


def shape(*wkts: str, east: float = 0.0, north: float = 0.0, turn: float = 0.0) -> QgsGeometry:
    found = dissolve(map(geometry, wkts))
    found.translate(east, north)
    found.rotate(turn, QgsPointXY(EAST, NORTH))
    return found


def area(pieces) -> float:
    return sum(piece.area() for piece in pieces.shapes)


def test_a_shift_of_the_whole_layer_is_no_loss():
    """The bare difference is 1000 · 0.3 + 500 · 0.5 − 0.5 · 0.3 = 549.85 m²."""
    before, now = shape(WHOLE), shape(WHOLE, east=0.5, north=0.3)
    assert before.difference(now).area() == pytest.approx(549.85)
    dates = TwoDates.of(before, now, 2.0)
    assert (dates.shift.east, dates.shift.north) == (pytest.approx(0.5), pytest.approx(0.3))
    assert (area(dates.lost(0.5)), area(dates.gained(0.5))) == (0, 0)


@pytest.mark.parametrize(("east", "north"), [(0.0, 0.0), (0.5, 0.3), (-1.1, 0.7)])
@pytest.mark.parametrize("turn", [0.0, 31.0])
def test_a_strip_along_the_road_is_found_in_a_layer_that_is_moved_too(east, north, turn):
    before, now = shape(WHOLE, turn=turn), shape(box(0, 0, 1000, 497), east=east, north=north, turn=turn)
    lost = TwoDates.of(before, now, 2.0).lost(0.5)
    assert area(lost) == pytest.approx(3000.0, abs=0.01)
    assert [greatest_width(piece) for piece in lost.shapes] == [pytest.approx(3.0, abs=0.01)]


def test_without_the_search_for_a_shift_the_strip_is_measured_wrong():
    before, now = shape(WHOLE), shape(box(0, 0, 1000, 497), east=0.5, north=0.3)
    assert area(TwoDates.of(before, now, 0.0).lost(0.5)) == pytest.approx(2700, abs=1)


@pytest.mark.parametrize(("width", "height"), [(100, 100), (1000, 500), (500, 1000), (3000, 100)])
def test_a_strip_along_one_side_is_no_shift_however_long_the_other_sides_are(width, height):
    """Half of the border across the strip speaks for it: too little, though most of all border agrees."""
    dates = TwoDates.of(shape(box(0, 0, width, height)), shape(box(0, 0, width - 1.5, height)), 2.0)
    assert not dates.shift.is_moved
    assert area(dates.lost(0.5)) == pytest.approx(1.5 * height, abs=1e-3)


def test_a_side_that_loses_more_than_the_other_is_long_is_no_shift_either():
    """Of the border across, 510 m move by 1.5 m and 490 m stay: the longer side does not decide alone."""
    before = shape(polygon([(0, 0), (1000, 0), (1000, 490), (0, 510)]))
    now = shape(polygon([(1.5, 0), (1000, 0), (1000, 490), (1.5, 509.97)]))
    assert area(TwoDates.of(before, now, 2.0).lost(0.5)) == pytest.approx(1.5 * 509.985, abs=0.05)


def test_a_strip_narrower_than_the_tolerance_is_dropped_and_told():
    lost = TwoDates.of(shape(WHOLE), shape(box(0, 0, 1000, 499.6)), 2.0).lost(0.5)
    assert lost.shapes == ()
    assert lost.dropped == pytest.approx(400)


@pytest.mark.parametrize(("width", "kept"), [(0.499, 0), (0.5, 0), (0.502, 1), (0.6, 1)])
@pytest.mark.parametrize("turn", [0.0, 17.3, 45.0])
def test_a_strip_exactly_as_wide_as_the_tolerance_is_noise(width, kept, turn):
    assert len(wider(shape(box(0, 0, 200, width), turn=turn), 0.5).shapes) == kept


@pytest.mark.parametrize(
    "wkt",
    [
        box(0, 0, 3, 40),
        polygon([(0, 0), (40, 0), (0, 20)]),
        polygon([(0, 0), (9, 0), (9, 2), (2, 2), (2, 9), (0, 9)]),
        polygon(ngon(0, 0, 30, 24), ngon(0, 0, 28, 24)[::-1]),
    ],
    ids=["strip", "acute", "L", "ring"],
)
def test_what_is_wider_comes_back_whole(wkt):
    assert area(wider(shape(wkt), 0.5)) == pytest.approx(shape(wkt).area(), rel=1e-6)


@pytest.mark.parametrize("metres", [0.3, 2.0, 12.0, 61.0, 144.0])
def test_shifts_are_found_over_long_distances(metres):
    """Fields of 30 m to 60 m: at 61 m the nearest border is that of another field."""
    fields = [
        box(70 * i + 3 * j, 80 * j, 30 + (7 * i + 5 * j) % 31, 40 + (11 * j) % 23)
        for i in range(12)
        for j in range(12)
    ]
    before, now = shape(*fields), shape(*fields[:-6], east=0.6 * metres, north=-0.8 * metres)
    dates = TwoDates.of(before, now, 1.2 * metres)
    assert dates.shift.is_told
    assert (dates.shift.east, dates.shift.north) == (
        pytest.approx(0.6 * metres),
        pytest.approx(-0.8 * metres),
    )
    assert area(dates.lost(0.1)) == pytest.approx(sum(shape(f).area() for f in fields[-6:]))
    assert area(dates.gained(0.1)) == 0


@settings(max_examples=25, deadline=None)
@given(st.floats(-1.2, 1.2), st.floats(-1.2, 1.2), st.floats(0, 360))
def test_a_moved_survey_of_any_shape_loses_nothing(east, north, turn):
    dates = TwoDates.of(shape(BLOB, turn=turn), shape(BLOB, turn=turn, east=east, north=north), 2.0)
    assert dates.shift.metres == pytest.approx(np.hypot(east, north), abs=1e-4)
    assert (area(dates.lost(0.1)), area(dates.gained(0.1))) == (0, 0)


@settings(max_examples=15, deadline=None)
@given(st.floats(-0.2, 0.2), st.integers(0, 5))
def test_lines_drawn_again_by_hand_are_not_taken_for_a_change(amount, seed):
    """Each vertex is off by up to 0.2 m: no shift is told, or a small one, and nothing is lost."""
    rng = np.random.default_rng(seed)
    corners = np.array(ngon(0, 0, 400, 90))
    drawn = corners + abs(amount) * rng.uniform(-0.7, 0.7, corners.shape)
    before, now = (shape(polygon([tuple(map(float, c)) for c in some])) for some in (corners, drawn))
    dates = TwoDates.of(before, now, 2.0)
    assert dates.same_basis
    assert dates.shift.metres < 0.1
    assert (area(dates.lost(0.5)), area(dates.gained(0.5))) == (0, 0)


def test_lost_gained_and_kept_make_up_both_dates():
    before, now = shape(WHOLE, BLOB), shape(box(200, 100, 900, 700))
    dates = TwoDates.of(before, now, 2.0)
    lost, gained = dates.lost(0.0), dates.gained(0.0)
    assert area(lost) + lost.dropped + sum(dates.kept.areas.values()) == pytest.approx(before.area())
    assert area(gained) + gained.dropped + sum(dates.kept.areas.values()) == pytest.approx(now.area())


def test_a_line_of_another_map_is_no_second_date():
    other = polygon([(c[0], c[1]) for c in ngon(500, 250, 420, 40)])
    assert not TwoDates.of(shape(WHOLE), shape(other), 2.0).same_basis


@pytest.mark.parametrize("kept", [0.1, 0.4, 0.6])
def test_a_large_loss_is_no_other_map(kept):
    """Of the border of the later date nearly all lies on the earlier one."""
    assert TwoDates.of(shape(WHOLE), shape(box(0, 0, 1000 * kept, 500)), 2.0).same_basis
    assert TwoDates.of(shape(box(0, 0, 1000 * kept, 500)), shape(WHOLE), 2.0).same_basis


def test_nothing_is_moved_where_one_direction_is_open():
    """A border that leads in one direction only does not tell how far it is moved along itself."""
    before, now = shape(box(0, 0, 9000, 20)), shape(box(0.4, 0.3, 9000, 20))
    assert not TwoDates.of(before, now, 2.0).shift.is_told


def test_empty_ground_has_neither_losses_nor_gains():
    dates = TwoDates.of(shape(WHOLE), QgsGeometry(), 2.0)
    assert area(dates.lost(0.5)) == pytest.approx(500_000)
    assert dates.gained(0.5).shapes == ()
    assert not dates.kept.areas


@pytest.mark.parametrize(
    ("wkt", "width"),
    [
        (box(0, 0, 30, 3), 3),
        (box(0, 0, 10, 10), 10),
        (circle(0, 0, 25), 50),
        (polygon([(0, 0), (30, 0), (0, 40)]), 20),
    ],
)
@pytest.mark.parametrize("turn", [0.0, 45.0])
def test_the_greatest_width_is_that_of_the_largest_circle_inside(wkt, width, turn):
    assert greatest_width(shape(wkt, turn=turn)) == pytest.approx(width, abs=0.02)
