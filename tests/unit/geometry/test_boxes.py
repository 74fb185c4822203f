"""Boxes that touch are in one group, whatever their sizes; boxes far from each other are not."""

from __future__ import annotations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.geometry.boxes import alike, groups_apart
from hypothesis import given
from hypothesis import strategies as st

corner = st.integers(-200, 200)
size = st.one_of(st.integers(0, 5), st.integers(0, 300))


def meet(one, other) -> bool:
    return all(one[k] <= other[k + 2] and other[k] <= one[k + 2] for k in (0, 1))


@given(st.lists(st.tuples(corner, corner, size, size), min_size=1, max_size=25))
def test_no_two_boxes_that_touch_are_parted(drawn):
    boxes = [(x, y, x + width, y + height) for x, y, width, height in drawn]
    groups = groups_apart(np.array(boxes))
    for i, one in enumerate(boxes):
        assert all(groups[i] == groups[j] for j, other in enumerate(boxes) if meet(one, other))


def test_boxes_in_a_chain_are_one_group_and_others_keep_apart():
    chain = [(10 * k, 0, 10 * k + 10, 10) for k in range(20)]
    alone = [(0, 50 + 40 * k, 10, 60 + 40 * k) for k in range(20)]
    groups = groups_apart(np.array(chain + alone)).tolist()
    assert len(set(groups[:20])) == 1
    assert len(set(groups[20:]) - set(groups[:20])) == 20


def test_a_large_box_among_many_small_ones_joins_those_that_it_meets_only():
    small = [(100 * k, 0, 100 * k + 10, 10) for k in range(1000)]
    groups = groups_apart(np.array([*small, (0, 5, 50_000, 60_000)])).tolist()
    assert len(set(groups[:501])) == 1
    assert groups[0] == groups[1000]
    assert groups[1000] not in groups[520:1000]


@pytest.mark.parametrize("boxes", [np.zeros((0, 4)), np.array([[0, 0, 1, 1]])])
def test_none_and_one(boxes):
    assert groups_apart(boxes).tolist() == [0] * len(boxes)


def test_points_at_one_place_and_boxes_that_are_not_finite():
    assert groups_apart(np.zeros((3, 4))).tolist() == [0, 0, 0]
    odd = np.array([[0, 0, 1, 1], [900, 0, 901, 1], [np.nan, 0, 1, 1]])
    assert groups_apart(odd).tolist() == [0, 0, 0]


def test_coordinates_of_a_region_beside_boxes_of_a_millimetre():
    boxes = np.array(
        [[350_000, 5_690_000, 350_000.001, 5_690_000.001]] * 2 + [[420_000, 5_760_000, 420_001, 5_760_001]]
    )
    groups = groups_apart(boxes).tolist()
    assert groups[0] == groups[1] != groups[2]


def differ(one, other) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


@given(st.lists(st.tuples(*[st.integers(0, 12)] * 4), max_size=25), st.integers(0, 4))
def test_boxes_alike_are_those_of_which_no_side_is_farther(boxes, reach):
    found = alike(np.array(boxes, dtype=float).reshape(-1, 4) + 5_700_000, float(reach))
    pairs = [(i, j) for j in range(len(boxes)) for i in range(j) if differ(boxes[i], boxes[j]) <= reach]
    assert sorted(map(tuple, found.tolist())) == sorted(pairs)
