"""The fewest links that reconnect, and what closing gaps gains: by hand and against recomputation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from gruene_infra.gruene_infra_plugin.methods.patches import link_plan as module
from gruene_infra.gruene_infra_plugin.methods.patches.connectivity import Network, components, connectivity
from gruene_infra.gruene_infra_plugin.methods.patches.link_plan import link_plan, reconnecting
from hypothesis import given, settings
from hypothesis import strategies as st

from .test_connectivity import CHAIN, EMPTY, networks, scattered, shuffled


def closed(network, links):
    """The network with p = 1 on some links."""
    probability = network.probability.copy()
    probability[np.asarray(links, dtype=int)] = 1
    return Network(network.area, network.ends, probability)


def by_recomputation(network, order, **how):
    """EC gain of each link alone, and in order, from networks computed anew."""
    now = connectivity(network, **how).ec
    alone = [connectivity(closed(network, [link]), **how).ec - now for link in order]
    steps = [connectivity(closed(network, order[:k]), **how).ec for k in range(len(order) + 1)]
    return np.array(alone), np.diff(steps)


def largest(network):
    """The largest component of a network, as a network."""
    label = components(len(network), network.ends)
    keep = label == np.argmax(np.bincount(label))
    number = np.cumsum(keep) - 1
    links = keep[network.ends[:, 0]]
    return Network(network.area[keep], number[network.ends[links]], network.probability[links])


class TestReconnecting:
    def test_the_longest_link_of_a_ring_is_not_needed(self):
        ends = [[0, 1], [1, 2], [2, 3], [3, 0]]
        np.testing.assert_array_equal(reconnecting(5, ends, [4, 9, 2, 1]), [0, 2, 3])

    def test_length_zero_and_parallel_links(self):
        ends = [[0, 1], [1, 0], [1, 1], [1, 2]]
        np.testing.assert_array_equal(reconnecting(3, ends, [5, 0, 0, 3]), [1, 3])

    @pytest.mark.parametrize("n", [0, 1, 4])
    def test_no_links(self, n):
        assert len(reconnecting(n, [], [])) == 0

    def test_the_key_decides_between_equal_lengths(self):
        triangle = [[0, 1], [1, 2], [2, 0]]
        np.testing.assert_array_equal(reconnecting(3, triangle, [1, 1, 1], tie=[3, 1, 2]), [1, 2])
        np.testing.assert_array_equal(reconnecting(3, triangle, [1, 1, 1], tie=["a", "c", "b"]), [0, 2])

    @given(networks(6))
    def test_no_cheaper_choice_reconnects_as_much(self, network):
        length = np.round(1 / network.probability)
        chosen = reconnecting(len(network), network.ends, length)
        goal = components(len(network), network.ends).max(initial=-1)
        totals = [
            length[list(choice)].sum()
            for choice in itertools.combinations(range(len(length)), len(chosen))
            if components(len(network), network.ends[list(choice)]).max(initial=-1) == goal
        ]
        assert length[chosen].sum() == min(totals)

    @given(networks(), st.integers(0, 1000))
    def test_order_of_nodes_and_links_does_not_matter(self, network, seed):
        random = np.random.default_rng(seed)
        m = len(network.ends)
        key, length, order = random.permutation(m), random.integers(0, 3, m), random.permutation(m)
        number = random.permutation(len(network))
        first = key[reconnecting(len(network), network.ends, length, key)]
        ends = number[network.ends][order] if m else network.ends
        second = key[order][reconnecting(len(network), ends, length[order], key[order])]
        assert set(first) == set(second)

    @pytest.mark.parametrize(
        ("name", "arguments"),
        [
            ("ends", (2, [[0, 2]], [1])),
            ("length", (2, [[0, 1]], [-1])),
            ("length", (2, [[0, 1]], [np.nan])),
            ("length", (2, [[0, 1]], [1, 2])),
            ("tie", (2, [[0, 1]], [1], [1, 2])),
        ],
    )
    def test_bad_values_are_named(self, name, arguments):
        with pytest.raises(ValueError, match=f"^{name}:"):
            reconnecting(*arguments)


class TestChain:
    """Three unit patches with p12 = p23 = 0.5 and p13 = 0.1: PCnum is 5.5 now."""

    def test_gains_by_hand(self):
        """Closing 1–2: PCnum 3 + 2 (1 + 0.5 + 0.5) = 7; closing 1–3: 3 + 2 (1 + 0.5 + 0.5) = 7, too."""
        plan = link_plan(CHAIN, [0, 1, 2])
        np.testing.assert_allclose(plan.gain, np.sqrt(7) - np.sqrt(5.5))
        np.testing.assert_allclose(plan.gain_in_order, [np.sqrt(7) - np.sqrt(5.5), 3 - np.sqrt(7), 0])
        np.testing.assert_array_equal(plan.rank, [1, 2, 3])

    def test_the_key_decides_between_equal_gains(self):
        plan = link_plan(CHAIN, [0, 1, 2], tie=["c", "b", "a"])
        np.testing.assert_array_equal(plan.rank, [3, 2, 1])
        np.testing.assert_allclose(plan.gain_in_order, [0, 3 - np.sqrt(7), np.sqrt(7) - np.sqrt(5.5)])

    def test_before_and_after(self):
        plan = link_plan(CHAIN, [0])
        assert (plan.before.pcnum, plan.after.pcnum) == pytest.approx((5.5, 7))
        assert plan.after.pc(3) == pytest.approx(7 / 9)
        assert plan.before.ec_error == plan.before.cutoff == 0


class TestSmallest:
    @pytest.mark.parametrize("network", [EMPTY, Network([2], [], []), Network([2, 3], [], []), CHAIN])
    def test_no_candidates(self, network):
        plan = link_plan(network, [])
        assert len(plan.gain) == len(plan.rank) == len(plan.gain_in_order) == 0
        assert plan.after.ec == plan.before.ec == pytest.approx(connectivity(network).ec)

    def test_closed_gaps_and_links_to_itself_gain_nothing(self):
        network = Network([1, 2, 3], [[0, 1], [1, 1], [1, 2]], [1, 0.5, 0.5])
        plan = link_plan(network, [0, 1, 2])
        np.testing.assert_allclose(plan.gain, [0, 0, 6 - np.sqrt(9 + 9 + 2 * 9 * 0.5)])
        np.testing.assert_array_equal(plan.rank, [2, 3, 1])

    def test_no_area_gains_nothing(self):
        assert link_plan(Network([0, 0], [[0, 1]], [0.5]), [0]).gain.tolist() == [0]

    @pytest.mark.parametrize(
        ("name", "arguments"),
        [("candidates", ([3],)), ("candidates", ([-1],)), ("tie", ([0, 1], [1]))],
    )
    def test_bad_values_are_named(self, name, arguments):
        with pytest.raises(ValueError, match=f"^{name}:"):
            link_plan(CHAIN, *arguments)


EXACT = {"exact_size": 2000}
CUT = {"exact_size": 0, "cutoff": 0.1}


def assert_as_recomputed(network, plan, **how):
    order = plan.candidates[np.argsort(plan.rank)]
    alone, steps = by_recomputation(network, order, **how)
    by_rank = np.argsort(plan.rank)
    np.testing.assert_allclose(plan.gain[by_rank], alone, atol=1e-7)
    np.testing.assert_allclose(plan.gain_in_order[by_rank], steps, atol=1e-7)
    after = connectivity(closed(network, plan.candidates), **how)
    assert plan.before.ec == pytest.approx(connectivity(network, **how).ec)
    assert plan.after.ec == pytest.approx(after.ec)
    assert plan.gain_in_order.sum() == pytest.approx(after.ec - plan.before.ec, abs=1e-7)
    assert plan.after.pcnum_error == pytest.approx(after.pcnum_error, abs=1e-7)


class TestAgainstRecomputation:
    @pytest.mark.parametrize("how", [EXACT, CUT], ids=["exact", "cut"])
    @given(networks(), st.data())
    def test_any_small_network(self, how, network, data):
        links = list(range(len(network.ends)))
        candidates = data.draw(st.permutations(links)) if links else []
        candidates = candidates[: data.draw(st.integers(0, len(links)))]
        assert_as_recomputed(network, link_plan(network, candidates, **how), **how)

    @pytest.mark.parametrize("how", [EXACT, {"exact_size": 0, "cutoff": 0.2}], ids=["exact", "cut"])
    def test_every_link_of_a_larger_one(self, how):
        """More nodes than a block, so that tiles are made, filled and dropped."""
        network = largest(scattered(150))
        plan = link_plan(network, np.arange(len(network.ends)), **how)
        assert_as_recomputed(network, plan, **how)
        assert plan.after.ec == pytest.approx(network.area.sum())

    def test_ranks_are_those_of_the_gains(self):
        network = scattered(200)
        plan = link_plan(network, np.arange(len(network.ends)))
        assert sorted(plan.rank) == list(range(1, len(network.ends) + 1))
        falling = plan.gain[np.argsort(plan.rank)]
        assert np.all(falling[1:] <= falling[:-1] * (1 + 1e-9))

    @pytest.mark.parametrize("how", [EXACT, CUT], ids=["exact", "cut"])
    @given(networks(), st.integers(0, 1000))
    def test_order_of_nodes_and_links_does_not_matter(self, how, network, seed):
        other, _ = shuffled(network, seed)
        key = np.random.default_rng(seed)
        key.permutation(len(network))
        links = key.permutation(len(network.ends))
        one = link_plan(network, links, tie=links, **how)
        two = link_plan(other, np.arange(len(links)), tie=links, **how)
        np.testing.assert_array_equal(one.rank, two.rank)
        np.testing.assert_allclose(one.gain, two.gain, atol=1e-9)
        np.testing.assert_allclose(one.gain_in_order, two.gain_in_order, atol=1e-9)


class TestCutoff:
    @settings(max_examples=20)
    @given(st.integers(0, 10_000), st.sampled_from([0.3, 0.1, 0.02]))
    def test_exact_gains_are_within_the_bound(self, seed, cutoff):
        network = scattered(70, seed)
        candidates = reconnecting(len(network), network.ends, 1 - network.probability)
        exact = link_plan(network, candidates, tie=candidates)
        cut = link_plan(network, candidates, tie=candidates, exact_size=10, cutoff=cutoff)
        bound = cut.before.ec_error + 1e-9
        assert cut.before.cutoff == cutoff
        assert abs(exact.before.ec - cut.before.ec) <= bound
        assert np.all(np.abs(exact.gain - cut.gain) <= bound)
        order = candidates[np.argsort(cut.rank)]
        _, steps = by_recomputation(network, order)
        assert np.all(np.abs(steps - cut.gain_in_order[np.argsort(cut.rank)]) <= bound)

    def test_too_many_pairs_are_refused(self, monkeypatch):
        monkeypatch.setattr(module, "MAX_STORED", 100)
        with pytest.raises(ValueError, match=r"^cutoff: too many pairs"):
            link_plan(scattered(200), [0], exact_size=10)

    def test_a_plan_that_needs_too_many_pairs_ends_early(self, monkeypatch):
        """Ranks and gains alone stay; gains in order end, and the network with all closed is still known."""
        network = largest(scattered(700))
        links = np.arange(len(network.ends))
        whole = link_plan(network, links, exact_size=10, cutoff=0.4)
        monkeypatch.setattr(module, "MAX_STORED", 64**2 * 36)
        ended = link_plan(network, links, exact_size=10, cutoff=0.4)
        by_rank = np.argsort(ended.rank)
        known = np.isfinite(ended.gain_in_order[by_rank])
        assert 0 < np.count_nonzero(known) < len(links)
        assert np.all(np.diff(known.astype(int)) <= 0)
        steps = whole.gain_in_order[by_rank]
        np.testing.assert_allclose(ended.gain_in_order[by_rank][known], steps[known])
        np.testing.assert_allclose(ended.gain, whole.gain)
        assert ended.after.ec == pytest.approx(network.area.sum())
