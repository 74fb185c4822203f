"""Ways through graphs small enough to see which is the widest."""

from __future__ import annotations

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.geometry.axis_ways import Graph
from hypothesis import given
from hypothesis import strategies as st


def graph(*links: tuple[int, int, float, float]) -> Graph:
    """Return a graph of links (node, node, width, length)."""
    table = np.array(links, dtype=float).reshape(-1, 4)
    pairs = table[:, :2].astype(np.int64)
    return Graph(int(pairs.max(initial=-1)) + 1, pairs, table[:, 2], table[:, 3])


RING = graph((0, 1, 9, 1), (1, 2, 3, 1), (2, 3, 8, 1), (0, 4, 7, 5), (4, 3, 6, 5), (3, 5, 1, 1))


def test_widest_way_takes_the_detour_around_a_narrow_link():
    way = RING.widest_way(np.array([0, 3]))
    assert way is not None
    assert set(way.nodes.tolist()) == {0, 4, 3}
    assert RING.width[way.links].min() == 6


def test_widest_way_joins_the_two_ends_with_the_widest_link_between_them():
    way = RING.widest_way(np.array([0, 3, 5]))
    assert way is not None
    assert {int(way.nodes[0]), int(way.nodes[-1])} == {0, 3}


def test_ends_that_are_not_connected_have_no_way():
    parted = graph((0, 1, 5, 1), (2, 3, 5, 1))
    assert parted.widest_way(np.array([0, 3])) is None


def test_of_two_links_between_the_same_nodes_the_wider_counts():
    double = graph((0, 1, 2, 1), (1, 0, 4, 1))
    way = double.widest_way(np.array([0, 1]))
    assert way is not None
    assert way.links.tolist() == [1]


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 50)), min_size=1, max_size=20))
def test_no_way_is_wider_than_the_widest(found):
    """By trying: without the links narrower than w, two ends are connected for every w up to the widest."""
    links = [(one, other, float(width), 1.0) for one, other, width in found if one != other]
    links.append((6, 7, 0.5, 1.0))
    whole = graph(*links)
    way = whole.widest_way(np.array([0, 7]))
    connected = [
        width
        for width in sorted(whole.width)
        if (label := whole.only(whole.width >= width).components)[0] == label[7]
    ]
    assert (way is None) == (not connected)
    if way is not None:
        assert whole.width[way.links].min() == connected[-1]
        assert np.diff(way.nodes).all()


def test_dead_ends_are_taken_away_where_they_are_loose():
    """0–1–2–3 with a spur 1–4: the spur and the loose end 0–1 go, 3 is held."""
    line = graph((0, 1, 1, 1), (1, 2, 1, 1), (2, 3, 1, 1), (1, 4, 1, 1))
    kept = line.without_dead_ends(np.array([True, False, True, True]), [3])
    assert kept.tolist() == [False, True, True, False]


def test_longest_way_runs_between_the_farthest_ends():
    star = graph((0, 1, 4, 2.0), (0, 2, 4, 3.0), (0, 3, 4, 7.0))
    length, first, last = star.longest(star.ends, np.full(4, 0.5))
    assert length == pytest.approx(11.0)
    assert {first, last} == {2, 3}
    assert star.half_widths().tolist() == [2, 2, 2, 2]
