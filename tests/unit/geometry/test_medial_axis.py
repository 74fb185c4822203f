"""Medial axis against closed forms: widths and angles in rectangles and wedges, samples within bounds."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.geometry import medial_axis as engine
from gruene_infra.gruene_infra_plugin.methods.geometry.axis_ways import Graph
from gruene_infra.gruene_infra_plugin.methods.geometry.medial_axis import Array, Axis, Boundary, medial_axis


def rectangle(width: float, height: float) -> Array:
    return np.array([(0, 0), (width, 0), (width, height), (0, height), (0, 0)], dtype=float)


def inner_links(axis: Axis, low: tuple[float, float], high: tuple[float, float]) -> Array:
    """Return which links have both ends in a box."""
    held = np.all((axis.nodes > low) & (axis.nodes < high), axis=1)
    return held[axis.links].all(axis=1)


def axis_of(ring: Array, spacing: float, reach: float = 1000.0) -> Axis:
    return medial_axis(Boundary.from_rings([ring]), spacing, reach)


@pytest.mark.parametrize("height", [0.5, 4, 30])
def test_every_width_between_the_corners_of_a_rectangle_is_its_own(height):
    axis = axis_of(rectangle(200, height), height / 5)
    inside = np.flatnonzero(inner_links(axis, (0, 0), (200, height)))
    graph = Graph(len(axis.nodes), axis.links[inside], axis.width[inside], axis.length[inside])
    kept = inside[graph.without_dead_ends(axis.angle[inside] > engine.CORNER_ANGLE, [])]
    assert axis.width[kept] == pytest.approx(height, rel=1e-6)
    assert axis.length[kept].sum() == pytest.approx(200 - height, abs=height / 4)
    assert np.hypot(*(axis.throat[kept, 1] - axis.throat[kept, 0]).T) == pytest.approx(axis.width[kept])


def test_clearance_is_the_distance_to_the_boundary():
    axis = axis_of(rectangle(200, 30), 6)
    used = np.unique(axis.links[inner_links(axis, (0, 0), (200, 30))])
    x, y = axis.nodes[used].T
    nearest = np.min([x, 200 - x, y, 30 - y], axis=0)
    assert axis.clearance[used] == pytest.approx(nearest, abs=1e-6)


def test_wedge_has_the_angle_between_its_sides():
    side = 100 * math.tan(math.radians(10))
    axis = axis_of(np.array([(0, 0), (100, -side), (100, side), (0, 0)]), 2)
    along = inner_links(axis, (20, -5), (60, 5))
    assert along.sum() > 10
    assert np.degrees(axis.angle[along]) == pytest.approx(20, abs=1e-6)


def test_no_link_is_made_where_it_is_wider_than_asked():
    assert not len(axis_of(rectangle(200, 100), 5, reach=0.1).links)


def test_needles_and_huge_polygons_have_bounded_samples():
    """A needle of 1 cm on 100 m, and a sliver 1 000 km long."""
    needle = np.array(
        [(0, 0), (300, 0), (300, 50), (400, 50.005), (300, 50.01), (300, 100), (0, 100), (0, 0)]
    )
    sliver = np.array([(0, 0), (1e6, 0), (1e6, 0.05), (0, 0.05), (0, 0)])
    for ring, spacing in itertools.product((needle, sliver), (3.0, 1e-9, 5e-324)):
        boundary = Boundary.from_rings([ring])
        samples = engine._Samples.of(boundary, spacing, lambda: None)
        assert len(samples.points) <= engine.MOST_SAMPLES[0] + engine.MOST_SAMPLES[1] * len(boundary.ring)


def test_the_pulse_may_stop_it():
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        medial_axis(Boundary.from_rings([rectangle(9, 9)]), 1.0, 9.0, stop)


def test_boundary_knows_places_along_its_rings():
    boundary = Boundary.from_rings(
        [rectangle(4, 3), np.array([(1, 1), (2, 1), (2, 1), (2, 2), (1, 1)], float)]
    )
    assert boundary.ring.tolist() == [0] * 4 + [1] * 3
    assert boundary.along.tolist() == [0, 4, 7, 11, 0, 1, 2]
    assert boundary.perimeter.tolist() == pytest.approx([14] * 4 + [2 + math.sqrt(2)] * 3)
    assert boundary.distance(np.array([2.0, -1.0]))[0] == 1


def test_ring_of_one_point_has_no_segments():
    assert len(Boundary.from_rings([np.zeros((3, 2))]).ring) == 0
