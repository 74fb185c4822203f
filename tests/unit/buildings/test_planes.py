"""Slope, aspect and areas of faces against values by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.buildings.planes import (
    area_3d,
    aspect_deg,
    newell_normal,
    plan_area,
    slope_deg,
    vector_area,
)
from hypothesis import given
from hypothesis import strategies as st

UTM = np.array([280_928.215, 5_657_501.743, 39.68])
RISE = math.tan(math.radians(35.0))
LEVEL = np.array([(0, 0, 3), (4, 0, 3), (4, 3, 3), (0, 3, 3)], float)
SHED = np.array([(0, 0, 0), (2, 0, 2), (2, 3, 2), (0, 3, 0)], float)
GABLE_SOUTH = np.array([(0, 0, 0), (10, 0, 0), (10, 4, 4 * RISE), (0, 4, 4 * RISE)])
GABLE_NORTH = np.array([(0, 4, 4 * RISE), (10, 4, 4 * RISE), (10, 8, 0), (0, 8, 0)])
WALL = np.array([(0, 0, 0), (5, 0, 0), (5, 0, 2), (0, 0, 2)], float)
FACES = {
    "level": (LEVEL, 0.0, None, 12.0, 12.0),
    "45° falling west": (SHED, 45.0, 270.0, 6 * math.sqrt(2), 6.0),
    "35° gable, south": (GABLE_SOUTH, 35.0, 180.0, 40 / math.cos(math.radians(35)), 40.0),
    "35° gable, north": (GABLE_NORTH, 35.0, 0.0, 40 / math.cos(math.radians(35)), 40.0),
    "wall": (WALL, 90.0, None, 10.0, 0.0),
}
every_face = pytest.mark.parametrize(
    ("ring", "slope", "aspect", "area", "plan"), FACES.values(), ids=FACES.keys()
)


def normal_of(ring):
    return newell_normal(vector_area(ring))


def area_of(ring, holes=()):
    return area_3d(vector_area(ring), map(vector_area, holes))


def plan_of(ring, holes=()):
    return plan_area(vector_area(ring), map(vector_area, holes))


@every_face
@pytest.mark.parametrize("start", [0, 1, 3])
@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("offset", [np.zeros(3), UTM], ids=["near zero", "UTM"])
@pytest.mark.parametrize("turned", [False, True])
def test_faces_by_hand(ring, slope, aspect, area, plan, start, closed, offset, turned):
    ring = np.roll(ring, start, axis=0) + offset
    ring = ring[::-1] if turned else ring
    ring = np.vstack([ring, ring[:1]]) if closed else ring
    normal = normal_of(ring)
    assert slope_deg(normal) == pytest.approx(slope, abs=1e-6)
    if aspect is None:
        assert math.isnan(aspect_deg(normal))
    else:
        turn = (aspect_deg(normal) - aspect + 180) % 360 - 180
        assert turn == pytest.approx(0.0, abs=1e-6)
    assert area_of(ring) == pytest.approx(area, rel=1e-7)
    assert plan_of(ring) == pytest.approx(plan, abs=1e-6)


def test_normal_points_to_where_the_ring_runs_counter_clockwise():
    assert normal_of(LEVEL) == pytest.approx([0, 0, 1])
    assert normal_of(LEVEL[::-1]) == pytest.approx([0, 0, -1])
    assert normal_of(SHED) == pytest.approx([-math.sqrt(0.5), 0, math.sqrt(0.5)])


@pytest.mark.parametrize("turned", [False, True])
def test_holes_are_subtracted_whichever_way_they_turn(turned):
    hole = np.array([(0.5, 1, 0.5), (1.5, 1, 1.5), (1.5, 2, 1.5), (0.5, 2, 0.5)])
    hole = (hole[::-1] if turned else hole) + UTM
    assert plan_of(SHED + UTM, [hole]) == pytest.approx(5.0, abs=1e-6)
    assert area_of(SHED + UTM, [hole]) == pytest.approx(5 * math.sqrt(2), rel=1e-6)


@pytest.mark.parametrize(("rise", "known"), [(0.0087, False), (0.0088, True)])
def test_aspect_ends_at_half_a_degree(rise, known):
    ring = np.array([(0, 0, 0), (1, 0, 0), (1, 1, rise), (0, 1, rise)])
    assert math.isnan(aspect_deg(normal_of(ring))) is not known


def test_a_ring_without_area_has_no_normal():
    line = np.array([(0, 0, 0), (1, 1, 1), (2, 2, 2)], float)
    assert np.isnan(normal_of(line)).all()
    assert area_of(line) == plan_of(line) == 0.0


def test_a_ring_that_is_not_quite_plane_takes_the_mean():
    """A unit square with one corner lifted by 2h is the mean of two tilted planes: slope atan(h√2)."""
    lifted = np.array([(0, 0, 0), (1, 0, 0), (1, 1, 0.2), (0, 1, 0)])
    assert vector_area(lifted) == pytest.approx([-0.1, -0.1, 1.0])
    assert slope_deg(normal_of(lifted)) == pytest.approx(math.degrees(math.atan(0.1 * math.sqrt(2))))


@given(
    turn=st.floats(0, 360),
    gradients=st.tuples(st.floats(-3, 3), st.floats(-3, 3)).filter(lambda g: math.hypot(*g) > 0.02),
    size=st.tuples(st.floats(0.5, 80), st.floats(0.5, 80)),
)
def test_turning_a_face_about_the_vertical_turns_its_aspect_and_nothing_else(turn, gradients, size):
    plan = np.array([(0, 0), (size[0], 0), (size[0], size[1]), (size[0] / 3, size[1] / 2)])
    ring = np.column_stack([plan, plan @ np.array(gradients)])
    angle = math.radians(turn)
    clockwise = np.array(
        [(math.cos(angle), math.sin(angle), 0), (-math.sin(angle), math.cos(angle), 0), (0, 0, 1)]
    )
    turned = ring @ clockwise.T + UTM
    before, after = normal_of(ring), normal_of(turned)
    assert slope_deg(before) == pytest.approx(math.degrees(math.atan(math.hypot(*gradients))), abs=1e-6)
    assert slope_deg(after) == pytest.approx(slope_deg(before), abs=1e-4)
    assert area_of(turned) == pytest.approx(area_of(ring), rel=1e-5)
    assert plan_of(turned) == pytest.approx(plan_of(ring), rel=1e-5)
    assert area_of(ring) * math.cos(math.radians(slope_deg(before))) == pytest.approx(plan_of(ring))
    off = (aspect_deg(after) - aspect_deg(before) - turn + 180) % 360 - 180
    assert off == pytest.approx(0.0, abs=0.01)
