"""Ways along a medial axis: the widest between two ends, the longest, and what runs into corners.

The widest way between two ends is the one whose narrowest link is widest. It runs along a maximum spanning
tree of the links [P: Hu 1961, maximum capacity route]; of all ways as wide as that, the shortest is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from .medial_axis import Array, Flags, Indices

SLACK = 1e-3
"""Share by which other links of the shortest of the widest ways may be narrower than its narrowest [A]: what
sampling does to sides that run parallel."""
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
        joint = _first_joint(self.links[falling].tolist(), ends.tolist())
        if joint is None:
            return None
        number, start, end = joint
        wide = np.flatnonzero(self.width >= self.width[falling[number]] * (1 - SLACK))
        return self._shortest(wide, start, end)

    def _shortest(self, links: Indices, start: int, end: int) -> Way:
        """Return the shortest way from one node to another along some of the links, which join them."""
        around: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number, (one, other) in zip(links.tolist(), self.links[links].tolist(), strict=True):
            around[one].append((other, number))
            around[other].append((one, number))
        length = self.length.tolist()
        reached: dict[int, tuple[int, int]] = {}
        queue = [(0.0, start, start, -1)]
        while end not in reached:
            way, node, before, link = heappop(queue)
            if node not in reached:
                reached[node] = before, link
                for other, number in around[node]:
                    heappush(queue, (way + length[number], other, node, number))
        nodes, numbers = [end], []
        while nodes[-1] != start:
            before, link = reached[nodes[-1]]
            nodes.append(before)
            numbers.append(link)
        return Way(np.array(nodes[::-1]), np.array(numbers[::-1]))

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


def _first_joint(links: Sequence[Sequence[int]], ends: Sequence[int]) -> tuple[int, int, int] | None:
    """Return which of the links, added in turn, first joins two ends, and which two."""
    root: dict[int, int] = {}
    end_of = {end: end for end in ends}

    def top(node: int) -> int:
        while (above := root.get(node, node)) != node:
            root[node] = root.get(above, above)
            node = above
        return node

    for number, link in enumerate(links):
        one, other = top(link[0]), top(link[1])
        if one == other:
            continue
        if one in end_of and other in end_of:
            return number, end_of[one], end_of[other]
        root[one] = other
        if one in end_of:
            end_of[other] = end_of[one]
    return None
