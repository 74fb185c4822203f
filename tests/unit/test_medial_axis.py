"""Medial axis against closed forms: widths, lengths and ends of rectangles, rings and corners."""

from __future__ import annotations

import math

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.medial_axis import Array, Axis, Boundary, medial_axis


def rectangle(width: float, height: float) -> Array:
    return np.array([(0, 0), (width, 0), (width, height), (0, height), (0, 0)], dtype=float)


def within(low: tuple[float, float], high: tuple[float, float]):
    return lambda points: np.all((points > low) & (points < high), axis=1)


def axis_of(ring: Array, spacing: float, low: tuple[float, float], high: tuple[float, float]) -> Axis:
    axis = medial_axis(Boundary.from_rings([ring]), spacing, within(low, high))
    assert axis is not None
    return axis


@pytest.mark.parametrize("height", [0.5, 4, 30])
def test_every_width_between_the_corners_of_a_rectangle_is_its_own(height):
    axis = axis_of(rectangle(200, height), height / 5, (0, 0), (200, height)).without_corners()
    assert axis.width == pytest.approx(height, rel=1e-6)
    assert axis.length.sum() == pytest.approx(200 - height, abs=height / 4)
    assert np.hypot(*(axis.throat[:, 1] - axis.throat[:, 0]).T) == pytest.approx(axis.width)


def test_corners_of_a_square_are_all_of_its_axis():
    axis = axis_of(rectangle(10, 10), 0.7, (0, 0), (10, 10))
    assert axis.width.max() == pytest.approx(10, rel=0.05)
    assert axis.without_corners().length.sum() < 1


def test_place_in_a_strip_is_left_at_both_ends():
    axis = axis_of(rectangle(200, 10), 3, (50, 0), (90, 10))
    ways = axis.between_exits()
    exits = axis.exits()
    assert sorted(axis.nodes[exits][:, 0]) == pytest.approx([50, 90], abs=3)
    assert ways.longest_way(exits, np.zeros(len(axis.nodes))) == pytest.approx(40, abs=6)
    assert ways.width == pytest.approx(10)


def test_place_shorter_than_the_links_is_crossed():
    ways = axis_of(rectangle(200, 10), 3, (100.1, 0), (100.2, 10)).between_exits()
    assert len(ways.links) <= 1
    assert ways.width == pytest.approx(10)


def test_wedge_has_the_angle_between_its_sides():
    side = 100 * math.tan(math.radians(10))
    ring = np.array([(0, 0), (100, -side), (100, side), (0, 0)])
    axis = axis_of(ring, 2, (20, -30), (60, 30)).between_exits()
    assert np.degrees(axis.angle) == pytest.approx(20, abs=1e-6)


def test_boundary_knows_places_along_its_rings():
    boundary = Boundary.from_rings(
        [rectangle(4, 3), np.array([(1, 1), (2, 1), (2, 1), (2, 2), (1, 1)], float)]
    )
    assert boundary.ring.tolist() == [0] * 4 + [1] * 3
    assert boundary.along.tolist() == [0, 4, 7, 11, 0, 1, 2]
    assert boundary.perimeter.tolist() == pytest.approx([14] * 4 + [2 + math.sqrt(2)] * 3)
    assert boundary.distance(np.array([2.0, -1.0]))[0] == 1
    assert boundary.near(np.array([-1.0, -1]), np.array([0.5, 0.5])).along.tolist() == [0, 11]


def test_ring_of_one_point_has_no_segments():
    assert len(Boundary.from_rings([np.zeros((3, 2))]).ring) == 0
