"""Engine ``links`` against values by hand and against all pairs compared by QGIS."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.spatial.patches import links as engine
from gruene_infra.gruene_infra_plugin.spatial.patches.links import Links, nearest_links
from qgis.core import QgsGeometry, QgsPointXY, QgsProcessingException, QgsProcessingFeedback

from ...bench.corridor_patches import corridor_patches
from ...layer_factory import EAST, NORTH, box, geometry, ngon, polygon
from ...runs import Log

Point = tuple[float, float]


def linked(
    *patches: str | QgsGeometry, max_gap: float = 1_000.0, groups: list | None = None, turn: float = 0.0
) -> Links:
    shapes = [geometry(patch) for patch in patches]
    for shape in shapes:
        shape.rotate(turn, QgsPointXY(EAST, NORTH))
    return nearest_links(shapes, max_gap, groups, QgsProcessingFeedback(False))


def ends(links: Links) -> list[Point]:
    return [tuple(pair) for pair in links.ends.tolist()]


def local(links: Links, number: int = 0) -> list[Point]:
    """The two points of a link relative to (EAST, NORTH)."""
    return [(x - EAST, y - NORTH) for x, y in links.points[number].tolist()]


def known(links: Links, order: np.ndarray) -> dict[tuple[int, int], list[float]]:
    """Length and middle of each link by the original numbers of its patches."""
    middle = links.points.mean(axis=1)
    return {
        tuple(sorted((int(order[one]), int(order[other])))): [length, *point]
        for (one, other), length, point in zip(links.ends, links.lengths, middle, strict=True)
    }


# -- distance and line ----------------------------------------------------------------------------------

COMB = [(0, 0), (100, 0), (100, 50), (70, 50), (70, 10), (30, 10), (30, 50), (0, 50)]
"""A U, open to the north."""


@pytest.mark.parametrize("turn", [0.0, 30.0, 211.0])
@pytest.mark.parametrize(
    ("one", "other", "length"),
    [
        (box(0, 0, 10, 10), box(25, 3, 10, 10), 15.0),
        (box(0, 0, 10, 10), box(40, 50, 10, 10), 50.0),  # corner to corner, 30 and 40
        (box(0, 0, 10, 10), polygon([(20, 5), (40, -15), (40, 25)]), 10.0),  # corner to edge
        (box(0, 0, 10, 10), polygon([(20, 0), (0, 20), (20, 20)]), 0.0),  # meet in a corner
        (polygon(COMB), box(40, 20, 20, 60), 10.0),  # in the U
        (polygon(COMB), box(45, 15, 10, 60), 5.0),  # down to the bottom of the U
        (polygon(ngon(0, 0, 100, 4), ngon(0, 0, 50, 4)), box(-5, -5, 10, 10), 40 / math.sqrt(2)),
    ],
)
def test_distance_is_the_shortest_between_edges(one: str, other: str, length: float, turn: float) -> None:
    found = linked(one, other, turn=turn)
    assert ends(found) == [(0, 1)]
    assert found.lengths[0] == pytest.approx(length, abs=1e-8)
    assert found.line(0).length() == pytest.approx(length, abs=1e-5)


def test_line_leads_from_the_lower_number_to_the_higher() -> None:
    near, far = box(0, 0, 10, 10), box(40, 50, 10, 10)
    assert local(linked(near, far)) == [pytest.approx((10, 10)), pytest.approx((40, 50))]
    assert local(linked(far, near)) == [pytest.approx((40, 50)), pytest.approx((10, 10))]


def test_lines_are_those_of_the_points() -> None:
    found = linked(box(0, 0, 10, 10), box(40, 50, 10, 10), box(80, 0, 10, 10))
    assert [line.length() for line in found.lines] == pytest.approx(found.lengths.tolist())
    start, end = found.lines[0].asPolyline()
    assert (start.x() - EAST, start.y() - NORTH, end.x() - EAST, end.y() - NORTH) == pytest.approx(
        (10, 10, 40, 50)
    )


@pytest.mark.parametrize(
    ("one", "other", "middle"),
    [
        (box(0, 0, 100, 20), box(0, 50, 100, 20), (50, 35)),  # as long as each other
        (box(0, 0, 100, 20), box(60, 50, 100, 20), (80, 35)),  # overlap from 60 to 100
        (box(0, 0, 100, 20), box(30, 50, 20, 20), (40, 35)),  # one within the other
        (box(0, 0, 20, 100), box(50, 10, 20, 300), (35, 55)),  # side by side
        (box(0, 0, 100, 20), box(100, 50, 100, 20), (100, 35)),  # share a single point
    ],
)
@pytest.mark.parametrize("swapped", [False, True])
def test_between_parallel_edges_the_line_is_in_the_middle(
    one: str, other: str, middle: Point, swapped: bool
) -> None:
    found = linked(other, one) if swapped else linked(one, other)
    assert found.lengths[0] == pytest.approx(30.0, abs=1e-9)
    assert np.mean(local(found), axis=0) == pytest.approx(middle, abs=1e-6)


@pytest.mark.parametrize("extra", [[], [5], [5, 40, 41, 99]])
def test_middle_does_not_depend_on_vertices_within_an_edge(extra: list[int]) -> None:
    top = [(100, 20), *[(x, 20) for x in reversed(extra)], (0, 20)]
    lower, upper = (
        polygon([(0, 0), (100, 0), *top]),
        polygon([(20, 50), *[(x, 50) for x in (33, 70)], (80, 50), (80, 90)]),
    )
    assert local(linked(lower, upper)) == [
        pytest.approx((50, 20), abs=1e-6),
        pytest.approx((50, 50), abs=1e-6),
    ]


def test_longest_of_several_parallel_stretches_is_chosen() -> None:
    teeth = [
        (0, 0),
        (300, 0),
        (300, 50),
        (200, 50),
        (200, 20),
        (120, 20),
        (120, 50),
        (90, 50),
        (90, 20),
        (0, 20),
    ]
    found = linked(polygon(teeth), box(0, 80, 300, 20))
    assert np.mean(local(found), axis=0) == pytest.approx((250, 65), abs=1e-6)


def test_of_equal_stretches_the_western_and_then_the_southern_is_chosen() -> None:
    inner = box(-5, -5, 10, 10)
    found = linked(
        inner,
        polygon([(-25, -25), (25, -25), (25, 25), (-25, 25)], [(-15, -15), (15, -15), (15, 15), (-15, 15)]),
    )
    assert local(found) == [pytest.approx((-5, 0), abs=1e-6), pytest.approx((-15, 0), abs=1e-6)]
    tips = polygon([(20, 35), (30, 20), (20, 5), (60, 5), (60, 35)])
    assert local(linked(box(0, 0, 10, 40), tips)) == [pytest.approx((10, 5)), pytest.approx((20, 5))]


@pytest.mark.parametrize("turn", [0.0, 30.0])
def test_ring_around_a_round_patch_has_one_link(turn: float) -> None:
    ring = polygon(ngon(0, 0, 300, 4000), ngon(0, 0, 200, 2000))
    found = linked(ring, polygon(ngon(0, 0, 100, 2000)), turn=turn)
    assert found.lengths.tolist() == pytest.approx([100 * math.cos(math.pi / 2000)], abs=1e-6)


# -- which pairs ----------------------------------------------------------------------------------------

WEST, EASTERN = box(0, 0, 10, 10), box(100, 0, 10, 10)
FRAME = polygon([(20, -60), (90, -60), (90, 60), (20, 60)], [(30, -50), (80, -50), (80, 50), (30, 50)])
RING = polygon([(-20, -20), (130, -20), (130, 30), (-20, 30)], [(-10, -10), (120, -10), (120, 20), (-10, 20)])


@pytest.mark.parametrize("turn", [0.0, 30.0])
@pytest.mark.parametrize(
    ("third", "expected"),
    [
        (box(40, -20, 10, 50), [(0, 2), (1, 2)]),  # across
        (box(40, 5.001, 10, 50), [(0, 1), (0, 2), (1, 2)]),  # a millimetre beside
        (box(40, 5, 10, 50), [(0, 1), (0, 2), (1, 2)]),  # its edge runs along the line
        (polygon([(50, 5), (40, 40), (60, 40)]), [(0, 1), (0, 2), (1, 2)]),  # its corner touches the line
        (polygon([(50, 5), (40, -40), (60, -40)]), [(0, 1), (0, 2), (1, 2)]),
        (polygon([(50, 4.99), (40, 40), (60, 40)]), [(0, 2), (1, 2)]),  # its corner is just across
        (polygon([(50, 4), (40, 5), (50, 6), (60, 5)]), [(0, 2), (1, 2)]),  # corners lie on the line
        (FRAME, [(0, 2), (1, 2)]),  # across twice
        (polygon([(20, -60), (120, -60), (120, -50), (30, -50), (30, 50), (20, 50)]), [(0, 2), (1, 2)]),
        (RING, [(0, 1), (0, 2), (1, 2)]),  # around both
    ],
)
def test_pair_is_left_out_where_a_third_patch_lies_on_the_line(
    third: str, expected: list[tuple[int, int]], turn: float
) -> None:
    assert ends(linked(WEST, EASTERN, third, turn=turn)) == expected


def test_patch_in_a_hole_is_linked_to_the_patch_around_it_only() -> None:
    ring = polygon([(0, 0), (100, 0), (100, 100), (0, 100)], [(20, 20), (80, 20), (80, 80), (20, 80)])
    found = linked(box(45, 30, 10, 20), ring, box(150, 40, 10, 10))
    assert ends(found) == [(0, 1), (1, 2)]
    assert found.lengths.tolist() == pytest.approx([10.0, 50.0])


def test_only_patches_of_one_group_are_linked_and_lie_between() -> None:
    row = [box(x, 0, 10, 10) for x in (0, 20, 40, 60)]
    assert ends(linked(*row)) == [(0, 1), (1, 2), (2, 3)]
    assert ends(linked(*row, groups=["a", "b", "a", "b"])) == [(0, 2), (1, 3)]
    assert ends(linked(*row, groups=["a", None, None, "a"])) == [(0, 3), (1, 2)]


@pytest.mark.parametrize("turn", [0.0, 30.0])
@pytest.mark.parametrize(("max_gap", "expected"), [(30.0, 1), (29.999, 0), (30.001, 1), (0.0, 0)])
def test_a_gap_of_just_the_largest_length_belongs(max_gap: float, expected: int, turn: float) -> None:
    assert len(linked(box(0, 0, 10, 10), box(40, 0, 10, 10), max_gap=max_gap, turn=turn)) == expected
    corners = box(0, 0, 10, 10), box(28, 34, 10, 10)  # 18 and 24 apart
    assert len(linked(*corners, max_gap=max_gap, turn=turn)) == expected


@pytest.mark.parametrize("patches", [[], [box(0, 0, 1, 1)], ["Polygon EMPTY", box(0, 0, 1, 1)], [None, None]])
def test_fewer_than_two_patches_have_no_link(patches: list) -> None:
    found = linked(*patches)
    assert (found.ends.shape, found.lengths.shape, found.points.shape) == ((0, 2), (0,), (0, 2, 2))


def test_a_vertex_given_twice_changes_nothing() -> None:
    found = linked(polygon([(0, 0), (10, 0), (10, 0), (10, 10), (10, 10), (0, 10)]), box(25, 0, 10, 10))
    assert local(found) == [pytest.approx((10, 5), abs=1e-6), pytest.approx((25, 5), abs=1e-6)]


def test_touching_patches_have_a_link_of_no_length() -> None:
    found = linked(box(0, 0, 10, 10), box(10, 0, 10, 10), box(20, 10, 10, 10))
    assert ends(found) == [(0, 1), (0, 2), (1, 2)]
    assert found.lengths.tolist() == pytest.approx([0.0, 10.0, 0.0], abs=1e-9)
    assert local(found, 0) == [pytest.approx((10, 5), abs=1e-6)] * 2


def test_number_of_groups_must_be_that_of_patches() -> None:
    with pytest.raises(ValueError, match="1 groups for 2 patches"):
        linked(WEST, EASTERN, groups=["a"])


# -- against all pairs ----------------------------------------------------------------------------------


def all_pairs(patches: list[QgsGeometry], max_gap: float) -> dict[tuple[int, int], float]:
    """Distances of the pairs whose line, as QGIS finds it, no third patch lies on."""
    found = {}
    for one, other in combinations(range(len(patches)), 2):
        line = patches[one].shortestLine(patches[other])
        thirds = (patch for n, patch in enumerate(patches) if n not in (one, other))
        if line.length() <= max_gap and not any(line.intersection(p).length() > 1e-6 for p in thirds):
            found[one, other] = patches[one].distance(patches[other])
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("max_gap", [250.0, 2_500.0])
def test_blobs_have_the_links_that_comparing_all_pairs_finds(seed: int, max_gap: float) -> None:
    patches = corridor_patches(60, seed)
    found = linked(*patches, max_gap=max_gap)
    expected = all_pairs(patches, max_gap)
    assert ends(found) == sorted(expected)
    assert found.lengths.tolist() == pytest.approx([expected[pair] for pair in sorted(expected)], abs=1e-8)
    touched = [
        patches[n].distance(QgsGeometry.fromPointXY(QgsPointXY(*p)))
        for (n, _), (p, _) in zip(ends(found), found.points.tolist(), strict=True)
    ]
    assert max(touched) < 1e-6


def test_leaving_pairs_out_changes_no_shortest_path() -> None:
    patches = corridor_patches(30, 5)
    found = linked(*patches, max_gap=1_500.0)
    full = np.full((30, 30), np.inf)
    for one, other in combinations(range(30), 2):
        gap = patches[one].distance(patches[other])
        full[one, other] = full[other, one] = gap if gap <= 1_500 else np.inf
    few = np.full((30, 30), np.inf)
    few[tuple(found.ends.T)] = few[tuple(found.ends.T[::-1])] = found.lengths
    for k in range(30):  # Floyd and Warshall
        full = np.minimum(full, full[:, k, None] + full[k])
        few = np.minimum(few, few[:, k, None] + few[k])
    assert np.isfinite(few).all()
    off = ~np.eye(30, dtype=bool)
    assert few[off] == pytest.approx(full[off], abs=1e-6)


@pytest.mark.parametrize("seed", [4, 5])
def test_order_of_patches_and_of_vertices_changes_nothing(seed: int) -> None:
    grid = [box(130 * x, 110 * y, 100 - 7 * (x * y % 3), 80) for x in range(5) for y in range(5)]
    blobs = corridor_patches(60, seed)
    rng = np.random.default_rng(seed)
    for patches in ([geometry(wkt) for wkt in grid], blobs):
        order = rng.permutation(len(patches))
        shuffled = []
        for number in order:
            ring = patches[number].asPolygon()[0][:-1]
            ring = ring[number % len(ring) :] + ring[: number % len(ring)]
            shuffled.append(QgsGeometry.fromPolygonXY([ring[:: -1 if number % 2 else 1]]))
        expected = known(linked(*patches), np.arange(len(patches)))
        found = known(linked(*shuffled), order)
        assert found.keys() == expected.keys()
        assert [found[pair] for pair in expected] == [pytest.approx(v, abs=2e-6) for v in expected.values()]


@pytest.mark.parametrize("rows", [1, 500])
def test_number_of_pairs_measured_at_once_changes_nothing(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    patches = corridor_patches(40)
    at_once = linked(*patches)
    monkeypatch.setattr(engine, "AT_ONCE", rows)
    in_turn = linked(*patches)
    assert np.array_equal(at_once.ends, in_turn.ends)
    assert np.array_equal(at_once.points, in_turn.points)


@pytest.mark.parametrize("asked", [1, 2, 3, 4])
def test_user_can_stop(asked: int) -> None:
    with pytest.raises(QgsProcessingException, match="Cancelled"):
        nearest_links(corridor_patches(20), 500.0, None, Log(cancel_at=asked))
