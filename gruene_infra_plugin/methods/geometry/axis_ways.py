"""Ways along a medial axis: the widest between two ends, the longest, and what runs into corners.

The widest way between two ends is the one whose narrowest link is widest: the one along a maximum spanning
tree of the links [P: Hu 1961, maximum capacity route].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import (
    breadth_first_order,
    connected_components,
    dijkstra,
    minimum_spanning_tree,
)

from .medial_axis import Array, Flags, Indices

SHORTEST_M = 1e-12


@dataclass(frozen=True)
class Graph:
    """Links (m, 2) between ``size`` nodes, with their ``width`` (m) and ``length`` (m) in metres."""

    size: int
    links: Indices
    width: Array
    length: Array

    def only(self, kept: Flags | Indices) -> Graph:
        """Return it with some of its links."""
        return Graph(self.size, self.links[kept], self.width[kept], self.length[kept])

    @property
    def components(self) -> Indices:
        """The number of the connected component of each node."""
        return connected_components(self._matrix(), directed=False)[1]

    @property
    def ends(self) -> Indices:
        """The nodes that have one link."""
        return np.flatnonzero(np.bincount(self.links.ravel(), minlength=self.size) == 1)

    def largest_component(self) -> Flags:
        """Return which links are in the connected part of greatest length."""
        if not len(self.links):
            return np.zeros(0, dtype=bool)
        of_link = self.components[self.links[:, 0]]
        return of_link == np.argmax(np.bincount(of_link, weights=self.length))

    def half_widths(self) -> Array:
        """Return half the smallest width of the links at each node, in metres; 0 where there is none."""
        least = np.full(self.size, np.inf)
        for column in self.links.T:
            np.minimum.at(least, column, self.width / 2)
        return np.where(np.isfinite(least), least, 0.0)

    def widest_way(self, ends: Indices) -> Way | None:
        """Return the widest way between any two of ``ends``; none where no two are connected."""
        falling = np.argsort(-self.width, kind="stable")
        pairs = np.sort(self.links[falling], axis=1)
        codes, rank = np.unique(pairs[:, 0] * self.size + pairs[:, 1], return_index=True)
        rows = np.searchsorted(codes, np.arange(self.size + 1) * self.size)
        shape = (self.size, self.size)
        tree = minimum_spanning_tree(csr_matrix((rank + 1.0, codes % self.size, rows), shape=shape))
        ways = []
        for nodes in _ways_between(tree, ends):
            low, high = np.minimum(nodes[:-1], nodes[1:]), np.maximum(nodes[:-1], nodes[1:])
            ways.append(Way(nodes, falling[rank[np.searchsorted(codes, low * self.size + high)]]))
        return max(ways, key=lambda way: self.width[way.links].min(), default=None)

    def longest(self, ends: Indices, extra: Array) -> tuple[float, int, int]:
        """Return the length of the longest of the shortest ways between ``ends`` in metres, and its two ends.

        ``extra`` (n) is added at both ends. It is exact where there is no cycle.
        """
        first, _ = self._farthest(int(ends[0]), ends, extra)
        last, way = self._farthest(first, ends, extra)
        return (way + float(extra[first]) if last != first else 0.0), first, last

    def _farthest(self, start: int, ends: Indices, extra: Array) -> tuple[int, float]:
        ways = dijkstra(self._matrix(), directed=False, indices=start)[ends]
        ways = np.where(np.isfinite(ways) & (ends != start), ways + extra[ends], -1.0)
        best = int(np.argmax(ways))
        return (int(ends[best]), float(ways[best])) if ways[best] >= 0 else (start, 0.0)

    def _matrix(self) -> csr_matrix:
        weights = np.maximum(self.length, SHORTEST_M)
        return csr_matrix((weights, (self.links[:, 0], self.links[:, 1])), shape=(self.size, self.size))

    def without_dead_ends(self, loose: Flags, held: Iterable[int]) -> Flags:
        """Take away ``loose`` links that end freely, from outside inwards, and return which ones stay.

        A link ends freely at a node of no other link, unless it is one of ``held``.
        """
        kept = np.ones(len(self.links), dtype=bool)
        touching: dict[int, list[int]] = {}
        for number, (one, other) in enumerate(self.links.tolist()):
            touching.setdefault(one, []).append(number)
            touching.setdefault(other, []).append(number)
        degree = {node: len(numbers) for node, numbers in touching.items()}
        degree.update((node, degree.get(node, 0) + len(kept)) for node in held)
        free = [node for node, count in degree.items() if count == 1]
        while free:
            node = free.pop()
            last = next((number for number in touching[node] if kept[number]), None)
            if last is None or not loose[last]:
                continue
            kept[last] = False
            for end in self.links[last].tolist():
                degree[end] -= 1
                if degree[end] == 1:
                    free.append(end)
        return kept


@dataclass(frozen=True)
class Way:
    """A way through a graph: its ``nodes`` (n + 1) and ``links`` (n) in order."""

    nodes: Indices
    links: Indices


def _ways_between(tree: csr_matrix, ends: Indices) -> Iterator[Indices]:
    """Yield the nodes on the way between each two of the ends that has no third on it."""
    for number, start in enumerate(ends[:-1].tolist()):
        _, before = breadth_first_order(tree, start, directed=False)
        for end in ends[number + 1 :].tolist():
            if before[end] < 0:
                continue
            nodes = [end]
            while nodes[-1] != start:
                nodes.append(int(before[nodes[-1]]))
            if not np.isin(nodes[1:-1], ends).any():
                yield np.array(nodes)
