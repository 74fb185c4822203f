"""Engine ``link_plan``: which gaps of a network to close first, and the fewest links that reconnect it.

Closing gap u–v makes p(u, v) = 1. With ``x = p*[:, u]`` and ``y = p*[:, v]`` the new p* of a pair is
``max(p*_ij, x_i y_j, y_i x_j)``. A pair can only improve over i–u–v–j if ``x_i > y_i`` and ``y_j > x_j``:
otherwise ``x_i y_j ≤ y_i y_j ≤ p*_ij``. So no path has to be searched again::

    ΔPCnum = 2 Σ a_i a_j max(0, x_i y_j − p*_ij)    over i with x_i > y_i, j with y_j > x_j
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from .connectivity import (
    BLOCK,
    CUTOFF,
    EXACT_SIZE,
    ROUNDING,
    Connectivity,
    Graph,
    Network,
    checked_ends,
    compact_blocks,
    connectivity,
    path_limit,
)

MAX_STORED = 150_000_000
"""Values of p* that are held at most at one time (8 bytes each)."""

CROWDED = 0.75
"""Share of living rows below which the others are dropped."""

MAX_STEPS = 2000
"""Gaps that are closed one after the other in a component of which pairs are cut off [A]."""

Item = TypeVar("Item")

TIED = 1e-9
"""Relative difference below which two gains are the same."""


def reconnecting(n: int, ends: np.ndarray, length: np.ndarray, tie: np.ndarray | None = None) -> np.ndarray:
    """Return the fewest links that reconnect all that is reachable, with the least total length (Kruskal).

    ``ends`` (m, 2) node numbers, ``length`` (m,) in any unit, ``tie`` (m,) decides between equal lengths:
    give a key of the link itself, and the choice does not depend on the order of nodes or links. Returns
    the positions of the chosen links, ascending.

    Raises
    ------
    ValueError
        If the arguments do not fit each other or a length is negative or not finite.
    """
    ends = checked_ends(n, ends)
    length = np.asarray(length, dtype=float)
    if length.shape != (len(ends),) or not np.all(np.isfinite(length) & (length >= 0)):
        raise ValueError("length: one finite number >= 0 per link is needed")
    joined = _UnionFind(n)
    order = np.lexsort((_checked_tie(tie, len(ends)), length))
    chosen = [link for link in order if joined.join(*ends[link])]
    return np.sort(np.array(chosen, dtype=np.int64))


class _UnionFind:
    """Disjoint sets of 0 … n − 1; a set is named by one of its members."""

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def find(self, member: int) -> int:
        while self._parent[member] != member:
            self._parent[member] = self._parent[self._parent[member]]
            member = self._parent[member]
        return member

    def join(self, one: int, other: int) -> bool:
        """Give both the set of ``one``; return whether they were in two."""
        one, other = self.find(one), self.find(other)
        self._parent[other] = one
        return one != other


def _checked_tie(tie: np.ndarray | None, m: int) -> np.ndarray:
    tie = np.arange(m) if tie is None else np.asarray(tie)
    if tie.shape != (m,):
        raise ValueError(f"tie: {m} keys are needed, one per link")
    return tie


@dataclass(frozen=True)
class LinkPlan:
    """Candidates as given, (k,): what closing them gains in EC, in the unit of area.

    ``gain`` alone; ``rank`` from 1, the largest gain first; ``gain_in_order`` when all candidates of better
    rank are closed already. ``before`` and ``after`` are the network with none and with all closed; the
    gains in order add up to the difference of their EC. ``before.ec_error`` bounds the error of each gain,
    of either kind.

    A plan that joins ever more nodes of a very large component would store ever more pairs: where pairs are
    cut off it ends after ``MAX_STEPS`` candidates of a component, or at ``MAX_STORED``, and
    ``gain_in_order`` is NaN for all those of worse rank.
    """

    candidates: np.ndarray
    gain: np.ndarray
    rank: np.ndarray
    gain_in_order: np.ndarray
    before: Connectivity
    after: Connectivity


def link_plan(
    network: Network,
    candidates: np.ndarray,
    tie: np.ndarray | None = None,
    exact_size: int = EXACT_SIZE,
    cutoff: float = CUTOFF,
    pulse: Callable[[], object] = lambda: None,
) -> LinkPlan:
    """Rank gaps by what closing them gains.

    ``pulse`` is called every few seconds at the latest; it may raise to stop the work.

    ``candidates`` (k,) are positions of links in the network; ``tie`` (k,) decides between equal gains:
    give a key of the link itself, and the ranks do not depend on any order. Components of more than
    ``exact_size`` nodes count only pairs with ``p* ≥ cutoff``.

    Raises
    ------
    ValueError
        If a candidate is not a link, the keys do not fit, the cutoff is not inside (0, 1), or more than
        ``MAX_STORED`` pairs lie above the cutoff.
    """
    candidates = np.asarray(candidates, dtype=np.int64).reshape(-1)
    if len(candidates) and (candidates.min() < 0 or candidates.max() >= len(network.ends)):
        raise ValueError(f"candidates: links are numbered from 0 to {len(network.ends) - 1}")
    tie = _checked_tie(tie, len(candidates))
    limit = path_limit(cutoff)
    graph = Graph.of(network)
    ends = graph.group[network.ends[candidates]]
    total = _Total(cutoff)
    alone, in_order = np.zeros(len(candidates)), np.zeros(len(candidates))
    for nodes, part, mine in _with_candidates(graph, ends):
        reach = _Reach(part, math.inf if len(nodes) <= exact_size else limit)
        total.add_before(reach)
        local = reach.position[np.searchsorted(nodes, ends[mine])]
        alone[mine] = [reach.gain(*pair) for pair in _watched(local, pulse)]
        order = _best_first(alone[mine], tie[mine])
        in_order[mine[order]] = reach.close_all(local[order], pulse)
        total.add_after(reach)
    order = _best_first(alone, tie)
    rank = np.empty(len(candidates), dtype=np.int64)
    rank[order] = np.arange(1, len(candidates) + 1)
    before, after = total.results(math.fsum(network.area), math.fsum(in_order))
    if math.isnan(after.pcnum):
        after = connectivity(_closed(network, candidates), exact_size, cutoff)
    steps = np.empty(len(candidates))
    steps[order] = _ec_gain(before.pcnum + _sums_before(in_order[order]), in_order[order])
    return LinkPlan(candidates, _ec_gain(before.pcnum, alone), rank, steps, before, after)


def _watched(items: Iterable[Item], pulse: Callable[[], object]) -> Iterator[Item]:
    for item in items:
        pulse()
        yield item


def _closed(network: Network, links: np.ndarray) -> Network:
    probability = network.probability.copy()
    probability[links] = 1.0
    return Network(network.area, network.ends, probability)


def _with_candidates(graph: Graph, ends: np.ndarray) -> Iterator[tuple[np.ndarray, Graph, np.ndarray]]:
    """Yield each component with the positions of the candidates in it; its nodes ascend."""
    parts = list(graph.parts())
    label = np.zeros(len(graph.area), dtype=np.int64)
    for number, (nodes, _) in enumerate(parts):
        label[nodes] = number
    of_candidate = label[ends[:, 0]]
    by_label = np.argsort(of_candidate, kind="stable")
    bounds = np.searchsorted(of_candidate[by_label], np.arange(len(parts) + 1))
    for number, (nodes, part) in enumerate(parts):
        yield nodes, part, by_label[bounds[number] : bounds[number + 1]]


def _best_first(gain: np.ndarray, tie: np.ndarray) -> np.ndarray:
    """Return the order by falling gain; gains that differ only by rounding are ordered by the key."""
    order = np.argsort(-gain, kind="stable")
    falling = gain[order]
    step = falling[1:] < falling[:-1] * (1 - TIED)
    level = np.concatenate([[0], np.cumsum(step)])[: len(order)]
    return order[np.lexsort((tie[order], level))]


def _ec_gain(pcnum: np.ndarray | float, added: np.ndarray) -> np.ndarray:
    """Return ``√(PCnum + added) − √PCnum`` without cancellation."""
    root = np.sqrt(pcnum + added) + np.sqrt(pcnum)
    return np.divide(added, root, out=np.zeros(len(added)), where=root != 0)


def _sums_before(values: np.ndarray) -> np.ndarray:
    return np.concatenate([[0.0], np.cumsum(values)])[: len(values)]


class _Total:
    """Adds up components to the result with none and with all candidates closed."""

    def __init__(self, cutoff: float) -> None:
        self._cutoff = cutoff
        self._is_cut = False
        self._pcnum: list[float] = []
        self._left_before: list[float] = []
        self._left_after: list[float] = []

    def add_before(self, reach: _Reach) -> None:
        pcnum, left_out = reach.sums()
        self._pcnum.append(pcnum)
        self._left_before.append(left_out)
        self._is_cut |= reach.is_cut

    def add_after(self, reach: _Reach) -> None:
        self._left_after.append(reach.sums()[1])

    def results(self, total_area: float, added: float) -> tuple[Connectivity, Connectivity]:
        pcnum, cutoff = math.fsum(self._pcnum), self._cutoff if self._is_cut else 0.0
        before, after = (cutoff * math.fsum(left) for left in (self._left_before, self._left_after))
        return (
            Connectivity(pcnum, before, cutoff, total_area),
            Connectivity(pcnum + added, after, cutoff, total_area),
        )


class _Side(NamedTuple):
    """The rows of one block from the first to the last that is nearer to one end of a gap.

    ``p`` is p* to that end, 0 for rows in between that are not nearer to it; ``best`` is the largest.
    """

    block: int
    rows: slice
    p: np.ndarray
    best: float


class _Reach:
    """p* of one component, in square tiles, kept up to date while gaps are closed.

    Nodes are reordered so that close ones share a block; only tiles (row block ≤ column block) that hold a
    pair above the cutoff exist. When gap u–v is closed, u takes the area of v; v stays as a row without
    area until enough of them are there to be dropped. ``position`` (k,) is the row of each node of the graph.
    """

    def __init__(self, graph: Graph, limit: float) -> None:
        blocks = compact_blocks(graph)
        nodes = np.concatenate(blocks)
        self.position = np.empty(len(nodes), dtype=np.int64)
        self.position[nodes] = np.arange(len(nodes))
        self.is_cut = math.isfinite(limit)
        self._smallest = math.exp(-limit)
        self._area = graph.area[nodes]
        self._alive = np.ones(len(nodes), dtype=bool)
        self._tiles: dict[tuple[int, int], np.ndarray] = {}
        self._partners: defaultdict[int, set[int]] = defaultdict(set)
        for block in blocks:
            near, p = graph.rows(block, limit)
            self._put(self.position[block], self.position[near], p)
            if self.is_full:
                raise ValueError("cutoff: too many pairs are above it; choose a larger one")

    @property
    def is_full(self) -> bool:
        """Whether no more pairs should be stored."""
        return len(self._tiles) * BLOCK**2 > MAX_STORED

    def sums(self) -> tuple[float, float]:
        """Return PCnum and ``Σ a_i a_j`` of the pairs left out, 0 where nothing is cut off."""
        pcnum, pairs = [], []
        for (one, other), tile in self._tiles.items():
            twice = 1.0 if one == other else 2.0
            rows, columns = self._of_block(self._area, one), self._of_block(self._area, other)
            pcnum.append(twice * float(rows @ tile @ columns))
            if self.is_cut:
                pairs.append(twice * float(rows @ (tile > 0) @ columns))
        left_out = float(self._area.sum()) ** 2 - math.fsum(pairs) if self.is_cut else 0.0
        return math.fsum(pcnum), max(0.0, left_out)

    def gain(self, u: int, v: int) -> float:
        """Return what PCnum gains when the gap between rows u and v is closed; nothing is changed."""
        return 2.0 * sum(self._gain(*sides, self._improvement(*sides)) for sides in self._sides(u, v))

    def close_all(self, gaps: np.ndarray, pulse: Callable[[], object]) -> np.ndarray:
        """Close gaps (k, 2) one after the other; return what each adds to PCnum, (k,).

        Once no more pairs can be stored, or the plan is long enough, the rest are NaN.
        """
        joined = _UnionFind(len(self._area))
        row = np.arange(len(self._area))
        added = np.zeros(len(gaps))
        for k, gap in enumerate(_watched(gaps, pulse)):
            one, other = (joined.find(int(end)) for end in gap)
            if joined.join(one, other):
                added[k] = self._close(int(row[one]), int(row[other]))
                if self.is_full or np.count_nonzero(self._alive) < CROWDED * len(self._alive):
                    row = self._drop_dead()[row]
                if self.is_full or (self.is_cut and k + 1 >= MAX_STEPS):
                    added[k + 1 :] = np.nan
                    break
        return added

    def _close(self, u: int, v: int) -> float:
        added = 0.0
        for one, other in self._sides(u, v):
            better = self._improvement(one, other)
            if better.any():
                added += self._gain(one, other, better)
                tile = self._tile(one.block, other.block)
                tile[one.rows, other.rows] += better
                if one.block == other.block:
                    tile[other.rows, one.rows] += better.T
        self._area[u] += self._area[v]
        self._area[v] = 0.0
        self._alive[v] = False
        return 2.0 * added

    def _gain(self, one: _Side, other: _Side, better: np.ndarray) -> float:
        rows, columns = (self._of_block(self._area, side.block)[side.rows] for side in (one, other))
        return float(rows @ better @ columns)

    def _improvement(self, one: _Side, other: _Side) -> np.ndarray:
        """Return by how much p* rises between two sides, in the shape of their tile."""
        better = one.p[:, None] * other.p
        if self.is_cut:
            better *= better >= self._smallest
        tile = self._tiles.get((one.block, other.block))
        if tile is not None:
            better -= tile[one.rows, other.rows]
            np.maximum(better, 0.0, out=better)
        return better

    def _sides(self, u: int, v: int) -> list[tuple[_Side, _Side]]:
        """Return the pairs of blocks between which closing u–v may help: nearer to u, nearer to v.

        Each pair is in the order of its tile, the lower block first.
        """
        x, y = self._row(u), self._row(v)
        near_u: list[_Side] = []
        near_v: list[_Side] = []
        for block in sorted(x.keys() | y.keys()):
            alive = self._of_block(self._alive, block)
            none = np.zeros(len(alive))
            p_u, p_v = x.get(block, none), y.get(block, none)
            for sides, p, other in ((near_u, p_u, p_v), (near_v, p_v, p_u)):
                nearer = p * (alive & (p > other * (1 + ROUNDING)))
                (chosen,) = nearer.nonzero()
                if len(chosen):
                    rows = slice(chosen[0], chosen[-1] + 1)
                    sides.append(_Side(block, rows, nearer[rows], float(nearer.max())))
        return [
            (i, j) if i.block <= j.block else (j, i)
            for i in near_u
            for j in near_v
            if i.best * j.best >= self._smallest
        ]

    def _row(self, node: int) -> dict[int, np.ndarray]:
        """Return p* of a row to all others, by block."""
        block, k = divmod(node, BLOCK)
        return {
            other: self._tiles[block, other][k] if block <= other else self._tiles[other, block][:, k]
            for other in self._partners[block]
        }

    def _of_block(self, values: np.ndarray, block: int) -> np.ndarray:
        return values[block * BLOCK : (block + 1) * BLOCK]

    def _tile(self, one: int, other: int) -> np.ndarray:
        """Return a tile, made of zeros if it is not there yet."""
        if (one, other) not in self._tiles:
            shape = (len(self._of_block(self._area, one)), len(self._of_block(self._area, other)))
            self._tiles[one, other] = np.zeros(shape)
            self._partners[one].add(other)
            self._partners[other].add(one)
        return self._tiles[one, other]

    def _put(self, rows: np.ndarray, columns: np.ndarray, p: np.ndarray) -> None:
        """Store ``p`` (rows, columns) where the row's block is not behind the column's."""
        column_block = columns // BLOCK
        for one in np.unique(rows // BLOCK):
            r = np.flatnonzero(rows // BLOCK == one)
            for other in np.unique(column_block[column_block >= one]):
                c = np.flatnonzero(column_block == other)
                values = p[np.ix_(r, c)]
                if not values.any():
                    continue
                tile = self._tile(int(one), int(other))
                here = np.ix_(rows[r] % BLOCK, columns[c] % BLOCK)
                tile[here] = np.maximum(tile[here], values)
                if one == other:
                    np.maximum(tile, tile.T.copy(), out=tile)

    def _drop_dead(self) -> np.ndarray:
        """Drop the rows without area; return the new row of each old one, −1 for those dropped."""
        old, alive = self._tiles, self._alive
        kept = np.flatnonzero(alive)
        number = np.full(len(alive), -1)
        number[kept] = np.arange(len(kept))
        self._tiles = {}
        self._partners.clear()
        self._area, self._alive = self._area[kept], np.ones(len(kept), dtype=bool)
        for one, other in list(old):
            tile = old.pop((one, other))
            r = np.flatnonzero(self._of_block(alive, one))
            c = np.flatnonzero(self._of_block(alive, other))
            self._put(number[r + one * BLOCK], number[c + other * BLOCK], tile[np.ix_(r, c)])
        return number
