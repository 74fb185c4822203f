"""PC, EC, dPC and IIC: published values, values by hand, and the definition itself on small networks."""

from __future__ import annotations

import itertools
import math
from unittest import mock

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.patches import connectivity as module
from gruene_infra.gruene_infra_plugin.methods.patches.connectivity import (
    Graph,
    Network,
    best_paths,
    compact_blocks,
    components,
    connectivity,
    dispersal_probability,
    iic,
    node_importance,
    path_limit,
)
from hypothesis import given, settings
from hypothesis import strategies as st

CHAIN = Network([1, 1, 1], [[0, 1], [1, 2], [0, 2]], [0.5, 0.5, 0.1])
EMPTY = Network([], [], [])


def closure(network):
    """p* by the definition: every node in turn as a stopover (Floyd and Warshall)."""
    p = np.eye(len(network))
    for (i, j), link in zip(network.ends, network.probability, strict=True):
        p[i, j] = p[j, i] = max(p[i, j], link)
    for k in range(len(network)):
        p = np.maximum(p, np.outer(p[:, k], p[k]))
    return p


def pcnum(network):
    return float(network.area @ closure(network) @ network.area)


def without(network, node):
    """The same network with a node that has neither area nor links."""
    area = network.area.copy()
    area[node] = 0
    keep = ~(network.ends == node).any(axis=1)
    return Network(area, network.ends[keep], network.probability[keep])


def shuffled(network, seed):
    """The same network with other node numbers, and the new number of each node."""
    random = np.random.default_rng(seed)
    number, links = random.permutation(len(network)), random.permutation(len(network.ends))
    area = np.empty(len(network))
    area[number] = network.area
    return Network(area, number[network.ends][links][:, ::-1], network.probability[links]), number


def scattered(n, seed=1, lowest=0.3):
    """A random network with about three links per node."""
    random = np.random.default_rng(seed)
    places = random.uniform(0, math.sqrt(n), (n, 2))
    distance = np.hypot(*(places[:, None] - places[None]).T)
    ends = np.argwhere(np.triu(distance < 1.4, 1))
    return Network(random.lognormal(size=n), ends, random.uniform(lowest, 0.98, len(ends)))


@st.composite
def networks(draw, most=7):
    """Any small network: with parallel links, links to itself, p = 1, no area, no links, no nodes."""
    n = draw(st.integers(0, most))
    node = st.integers(0, n - 1) if n else st.nothing()
    links = draw(st.lists(st.tuples(node, node), max_size=12 if n else 0))
    area = draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0, 7.25]), min_size=n, max_size=n))
    p = st.sampled_from([1.0, 0.9, 0.5, 0.5, 0.25, 0.1, 1e-3, 1e-9])
    probability = draw(st.lists(p, min_size=len(links), max_size=len(links)))
    return Network(area, np.array(links, dtype=int).reshape(-1, 2), probability)


class TestChain:
    """Three unit patches with p12 = p23 = 0.5 and p13 = 0.1."""

    def test_best_path_leads_over_the_middle(self):
        np.testing.assert_allclose(best_paths(CHAIN), [[1, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 1]])

    def test_sums(self):
        found = connectivity(CHAIN)
        assert found.pcnum == pytest.approx(5.5)
        assert found.ec == pytest.approx(2.3452078799)
        assert found.pc(10) == pytest.approx(0.055)
        assert (found.pcnum_error, found.ec_error, found.cutoff) == (0, 0, 0)

    def test_fractions_of_the_middle(self):
        found = node_importance(CHAIN, [1])
        values = [found.dpc[0], found.intra[0], found.flux[0], found.connector[0]]
        assert values == pytest.approx([60.0, 18.181818, 36.363636, 5.454545], abs=1e-6)

    def test_both_ways_of_removal_agree(self):
        network = scattered(120)
        one_by_one = [node_importance(network, [k]).connector[0] for k in range(120)]
        np.testing.assert_allclose(node_importance(network).connector, one_by_one, atol=1e-9)

    def test_ends_connect_nothing(self):
        found = node_importance(CHAIN)
        np.testing.assert_array_equal(found.connector[[0, 2]], 0)
        np.testing.assert_allclose(found.dpc[[0, 2]], 100 * (5.5 - 3) / 5.5)


class TestDispersal:
    def test_probability_at_the_dispersal_distance(self):
        np.testing.assert_allclose(dispersal_probability([0, 500, 1000], 500), [1, 0.5, 0.25])
        assert dispersal_probability(500, 500, p=0.05) == pytest.approx(0.05)

    def test_far_away_is_still_a_link(self):
        assert dispersal_probability(1e9, 1.0) > 0

    @pytest.mark.parametrize(
        ("name", "arguments"),
        [
            ("distance_m", (-1.0, 500)),
            ("distance_m", (np.nan, 500)),
            ("dispersal_m", (1.0, 0)),
            ("dispersal_m", (1.0, math.inf)),
            ("p", (1.0, 500, 1.0)),
            ("p", (1.0, 500, 0.0)),
        ],
    )
    def test_bad_values_are_named(self, name, arguments):
        with pytest.raises(ValueError, match=f"^{name}:"):
            dispersal_probability(*arguments)


@pytest.mark.parametrize(
    ("name", "area", "ends", "probability"),
    [
        ("area", [1, -1], [[0, 1]], [0.5]),
        ("area", [1, np.nan], [[0, 1]], [0.5]),
        ("area", [[1, 1]], [[0, 1]], [0.5]),
        ("probability", [1, 1], [[0, 1]], [0.0]),
        ("probability", [1, 1], [[0, 1]], [1.1]),
        ("probability", [1, 1], [[0, 1]], [np.nan]),
        ("probability", [1, 1], [[0, 1]], [0.5, 0.5]),
        ("ends", [1, 1], [[0, 2]], [0.5]),
        ("ends", [1, 1], [[-1, 1]], [0.5]),
        ("ends", [1, 1], [[0.0, 1.0]], [0.5]),
        ("ends", [1, 1], [0, 1], [0.5]),
    ],
)
def test_bad_networks_are_refused_by_name(name, area, ends, probability):
    with pytest.raises(ValueError, match=f"^{name}:"):
        Network(area, ends, probability)


@pytest.mark.parametrize("cutoff", [0, 1, -0.1, np.nan])
def test_bad_cutoffs_are_refused(cutoff):
    with pytest.raises(ValueError, match=r"^cutoff:"):
        connectivity(CHAIN, cutoff=cutoff)


def test_unknown_nodes_are_refused():
    with pytest.raises(ValueError, match=r"^nodes:"):
        node_importance(CHAIN, [3])


class TestSmallest:
    def test_nothing(self):
        assert connectivity(EMPTY).ec == 0
        assert best_paths(EMPTY).shape == (0, 0)
        assert len(node_importance(EMPTY).dpc) == 0
        assert iic(EMPTY, 1) == 0
        assert len(components(0, [])) == 0

    def test_one_node(self):
        one = Network([4], [], [])
        assert connectivity(one).ec == 4
        assert node_importance(one).dpc == pytest.approx([100])
        assert iic(one, 8) == pytest.approx(0.25)

    def test_isolated_nodes_reach_themselves_only(self):
        apart = Network([3, 4, 5], [], [])
        assert connectivity(apart).pcnum == 50
        assert node_importance(apart).dpc == pytest.approx([18, 32, 50])
        np.testing.assert_array_equal(components(3, []), [0, 1, 2])

    def test_no_area(self):
        assert node_importance(Network([0, 0], [[0, 1]], [0.5])).dpc.tolist() == [0, 0]

    def test_the_better_of_parallel_links_counts(self):
        twice = Network([1, 1], [[0, 1], [1, 0], [0, 1]], [0.2, 0.6, 0.4])
        assert connectivity(twice).pcnum == pytest.approx(2 + 2 * 0.6)

    def test_links_of_length_zero_join(self):
        """1 = 2 – 3 = 4 with p = 1 in the pairs: as two nodes of area 2."""
        pairs = Network([1, 1, 1, 1], [[0, 1], [1, 2], [2, 3]], [1, 0.5, 1])
        assert connectivity(pairs).pcnum == pytest.approx(4 + 4 + 2 * 4 * 0.5)
        np.testing.assert_allclose(best_paths(pairs)[0], [1, 1, 0.5, 0.5])

    def test_removing_a_member_of_a_joined_group_breaks_it(self):
        """1 = 2 = 3: without the middle the ends stand alone."""
        row = Network([1, 1, 1], [[0, 1], [1, 2]], [1, 1])
        assert node_importance(row).dpc == pytest.approx([100 * 5 / 9, 100 * 7 / 9, 100 * 5 / 9])


class TestDefinition:
    @given(networks())
    def test_best_paths(self, network):
        np.testing.assert_allclose(best_paths(network), closure(network), rtol=1e-9)
        assert connectivity(network).pcnum == pytest.approx(pcnum(network))

    @pytest.mark.parametrize("many", [1, 100], ids=["all at once", "one by one"])
    @given(networks())
    def test_removal_and_fractions(self, many, network):
        with mock.patch.object(module, "MANY", many):
            found, whole = node_importance(network), pcnum(network)
        assert np.all(found.connector >= 0)
        if whole > 0:
            lost = [100 * (whole - pcnum(without(network, k))) / whole for k in range(len(network))]
            np.testing.assert_allclose(found.dpc, lost, atol=1e-8)
            np.testing.assert_allclose(found.intra, 100 * network.area**2 / whole)

    @given(networks(), st.integers(0, 1000))
    def test_order_of_nodes_and_links_does_not_matter(self, network, seed):
        other, number = shuffled(network, seed)
        assert connectivity(other).pcnum == pytest.approx(connectivity(network).pcnum, rel=1e-12)
        one, two = node_importance(network), node_importance(other)
        np.testing.assert_allclose(two.connector[number], one.connector, atol=1e-8)

    @given(networks())
    def test_components_are_those_that_paths_reach(self, network):
        label = components(len(network), network.ends)
        np.testing.assert_array_equal(label[:, None] == label, closure(network) > 0)


class TestIic:
    @pytest.mark.parametrize(
        ("ends", "expected"),
        [
            ([], 3),
            ([[0, 1]], 3 + 2 / 2),
            ([[0, 1], [1, 2]], 3 + 4 / 2 + 2 / 3),
            ([[0, 1], [1, 2], [2, 0]], 3 + 6 / 2),
            ([[0, 1], [0, 1], [1, 1]], 3 + 2 / 2),
        ],
    )
    def test_three_unit_patches(self, ends, expected):
        for p in (0.3, 1.0):
            assert iic(Network([1, 1, 1], ends, np.full(len(ends), p)), 6) == pytest.approx(expected / 36)

    def test_areas_weigh(self):
        assert iic(Network([2, 5], [[0, 1]], [0.5]), 10) == pytest.approx((4 + 25 + 10) / 100)

    @given(networks(), st.floats(1, 10))
    def test_lies_between_0_and_1(self, network, share):
        total = float(network.area.sum())
        if total > 0:
            assert 0 <= iic(network, total * share) <= 1 + 1e-12

    @pytest.mark.parametrize("landscape", [2.9, 0, -1, np.nan])
    def test_a_landscape_smaller_than_its_patches_is_refused(self, landscape):
        for measure in (lambda: iic(CHAIN, landscape), lambda: connectivity(CHAIN).pc(landscape)):
            with pytest.raises(ValueError, match=r"^landscape_area:"):
                measure()


class TestCutoff:
    """The way of large networks, taken with small ones."""

    @pytest.mark.parametrize("cutoff", [0.3, 0.05, 1e-3])
    @pytest.mark.parametrize("n", [30, 400])
    def test_exact_value_is_within_the_bound(self, n, cutoff):
        network = scattered(n)
        exact, cut = connectivity(network), connectivity(network, exact_size=5, cutoff=cutoff)
        assert cut.cutoff == cutoff
        assert cut.pcnum <= exact.pcnum * (1 + 1e-12)
        assert exact.pcnum <= cut.pcnum + cut.pcnum_error
        assert cut.ec <= exact.ec * (1 + 1e-12)
        assert exact.ec <= cut.ec + cut.ec_error

    @given(networks(), st.sampled_from([0.25, 0.1, 0.02]))
    def test_pairs_below_the_cutoff_are_left_out(self, network, cutoff):
        p = closure(network)
        kept = np.where(p > cutoff * (1 - 1e-9), p, 0)
        out = np.outer(network.area, network.area)[(p > 0) & (kept == 0)].sum()
        found = connectivity(network, exact_size=0, cutoff=cutoff)
        assert found.pcnum == pytest.approx(network.area @ kept @ network.area)
        assert found.pcnum_error == pytest.approx(cutoff * out, abs=1e-9)

    def test_small_components_stay_exact(self):
        far = Network([1, 1, 2, 2, 2], [[0, 1], [2, 3], [3, 4]], [0.01, 0.01, 0.01])
        found = connectivity(far, exact_size=2, cutoff=0.1)
        assert found.pcnum == pytest.approx(2 + 2 * 0.01 + 3 * 4)
        assert found.pcnum_error == pytest.approx(0.1 * 6 * 4)

    @settings(max_examples=50)
    @given(networks(), st.sampled_from([0.25, 0.1, 0.02]))
    def test_removal_refers_to_the_pairs_that_count(self, network, cutoff):
        def counted(of):
            p = closure(of)
            return float(of.area @ np.where(p > cutoff * (1 - 1e-9), p, 0) @ of.area)

        found, whole = node_importance(network, exact_size=0, cutoff=cutoff), counted(network)
        if whole > 0:
            lost = [100 * (whole - counted(without(network, k))) / whole for k in range(len(network))]
            np.testing.assert_allclose(found.dpc, lost, atol=1e-8)

    def test_blocks_hold_every_node_once_and_are_full_but_the_last(self):
        (_, part), *_ = sorted(Graph.of(scattered(900)).parts(), key=lambda part: -len(part[0]))
        blocks = compact_blocks(part, 64)
        assert sorted(itertools.chain(*blocks)) == list(range(len(part.area)))
        assert {len(block) for block in blocks[:-1]} == {64}

    def test_rows_are_those_of_the_whole_graph(self):
        (_, part), *_ = sorted(Graph.of(scattered(400)).parts(), key=lambda part: -len(part[0]))
        limit = path_limit(0.2)
        near, p = part.rows(np.array([3, 40]), limit)
        whole = part.reach(limit)[[3, 40]]
        np.testing.assert_allclose(p, whole[:, near])
        assert whole.sum() == pytest.approx(p.sum())
