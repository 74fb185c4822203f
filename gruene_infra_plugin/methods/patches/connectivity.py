"""Engine ``connectivity``: PC, EC (ECA), dPC with its fractions, and IIC of a habitat network.

Formulas [P: Saura & Pascual-Hortal 2007, Saura et al. 2011], with areas ``a``, link probabilities ``p``
and ``p*`` = the largest product of probabilities over all paths between two nodes::

    PCnum = Σ_i Σ_j a_i a_j p*_ij      PC = PCnum / A_L²      EC = √PCnum

Up to ``exact_size`` nodes in one connected component everything is exact. In a larger component pairs with
``p* < cutoff`` count as 0; the result carries that cutoff and a bound of what was left out.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

EXACT_SIZE = 2000
"""Nodes of one component up to which nothing is cut off [A]."""

CUTOFF = 1e-3
"""Smallest p* that counts in a larger component [A]."""

ROUNDING = 1e-12
"""Relative difference below which two products of probabilities are the same path."""

MANY = 16
"""Nodes of one component from which on it is faster to remove all at once than each by itself."""

BLOCK = 64
"""Nodes whose surroundings are looked at together."""


@dataclass(frozen=True)
class Network:
    """Nodes with areas and links with probabilities.

    ``area`` (n,) is finite and ≥ 0, in hectares or any other unit, which EC then has too; ``ends`` (m, 2)
    holds node numbers from 0; ``probability`` (m,) is in (0, 1]. Of two links between the same nodes the
    better one counts, a link from a node to itself does nothing.

    Raises
    ------
    ValueError
        Naming the argument, if a shape or a value is none of these.
    """

    area: np.ndarray
    ends: np.ndarray
    probability: np.ndarray

    def __post_init__(self) -> None:
        area = np.asarray(self.area, dtype=float)
        if area.ndim != 1 or not np.all(np.isfinite(area) & (area >= 0)):
            raise ValueError("area: one finite number >= 0 per node is needed")
        ends = checked_ends(len(area), self.ends)
        probability = np.asarray(self.probability, dtype=float)
        if probability.shape != (len(ends),):
            raise ValueError(f"probability: {len(ends)} values are needed, one per link")
        if not np.all((probability > 0) & (probability <= 1)):
            raise ValueError("probability: every value must be above 0 and at most 1")
        for name, values in (("area", area), ("ends", ends), ("probability", probability)):
            object.__setattr__(self, name, values)

    def __len__(self) -> int:
        return len(self.area)


def checked_ends(n: int, ends: np.ndarray) -> np.ndarray:
    """Return link ends as (m, 2) integers, or raise :class:`ValueError` if one is not a node 0 … n − 1."""
    ends = np.asarray(ends)
    if ends.size == 0:
        return np.zeros((0, 2), dtype=np.int64)
    if ends.ndim != 2 or ends.shape[1] != 2 or not np.issubdtype(ends.dtype, np.integer):
        raise ValueError("ends: two whole node numbers per link are needed")
    if ends.min() < 0 or ends.max() >= n:
        raise ValueError(f"ends: node numbers must be from 0 to {n - 1}")
    return ends.astype(np.int64)


def dispersal_probability(distance_m: np.ndarray, dispersal_m: float, p: float = 0.5) -> np.ndarray:
    """Return ``exp(−k d)`` with ``k = −ln(p)/D``: the probability ``p`` at ``dispersal_m`` [P: Makurhini].

    ``distance_m`` has any shape, in metres like ``dispersal_m``. Results never underflow to 0, so that
    a link stays a link.

    Raises
    ------
    ValueError
        If a distance is negative or not finite, the dispersal not positive, or ``p`` not inside (0, 1).
    """
    distance = np.asarray(distance_m, dtype=float)
    if not np.all(np.isfinite(distance) & (distance >= 0)):
        raise ValueError("distance_m: every distance must be finite and >= 0")
    if not (math.isfinite(dispersal_m) and dispersal_m > 0):
        raise ValueError("dispersal_m: a finite distance above 0 is needed")
    if not 0 < p < 1:
        raise ValueError("p: must be above 0 and below 1")
    return np.maximum(np.exp(math.log(p) / dispersal_m * distance), np.finfo(float).tiny)


def components(n: int, ends: np.ndarray) -> np.ndarray:
    """Return the number of the connected component of every node, (n,), counted from 0."""
    ends = checked_ends(n, ends)
    links = csr_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), (n, n))
    return connected_components(links, directed=False)[1] if n else np.zeros(0, dtype=np.int32)


@dataclass(frozen=True)
class Graph:
    """A network whose nodes joined by ``p = 1`` are one, with path lengths ``−ln p`` that are all > 0.

    ``group`` (n,) gives the node in this graph of each node of the network, ``area`` (k,) the sums,
    ``length`` (k, k) the links, symmetric. Sparse matrices cannot hold a link of length 0: hence the union.
    """

    group: np.ndarray
    area: np.ndarray
    length: csr_matrix

    @classmethod
    def of(cls, network: Network) -> Graph:
        """Contract a network."""
        group = components(len(network), network.ends[network.probability == 1])
        size = int(group.max(initial=-1)) + 1
        area = np.bincount(group, network.area, minlength=size)
        return cls(group, area, _lengths(size, group[network.ends], -np.log(network.probability)))

    def parts(self) -> Iterator[tuple[np.ndarray, Graph]]:
        """Yield each connected component: its nodes in this graph, and itself as a graph of its own."""
        if not len(self.area):
            return
        label = connected_components(self.length, directed=False)[1]
        nodes = np.argsort(label, kind="stable")
        links = self.length[nodes][:, nodes]
        starts = np.concatenate([[0], np.flatnonzero(np.diff(label[nodes])) + 1, [len(nodes)]])
        for start, stop in itertools.pairwise(starts):
            size, here = stop - start, links.indptr[start : stop + 1]
            inside = slice(here[0], here[-1])
            of_part = (links.data[inside], links.indices[inside] - start, here - here[0])
            area = self.area[nodes[start:stop]]
            yield nodes[start:stop], Graph(np.arange(size), area, csr_matrix(of_part, (size, size)))

    def part(self, nodes: np.ndarray) -> Graph:
        """Return the graph of some nodes and the links among them."""
        return Graph(np.arange(len(nodes)), self.area[nodes], self.length[nodes][:, nodes])

    def reach(self, limit: float = math.inf) -> np.ndarray:
        """Return p* between all nodes, (k, k), 0 where the path is longer than ``limit``."""
        p = _probability(dijkstra(self.length, limit=limit)) if len(self.area) else np.zeros((0, 0))
        return np.maximum(p, p.T)

    def within(self, sources: np.ndarray, limit: float) -> np.ndarray:
        """Return the nodes not farther than ``limit`` from one of the sources, sorted."""
        nearest = dijkstra(self.length, indices=sources, limit=limit, min_only=True)
        return np.flatnonzero(np.isfinite(nearest))

    def rows(self, sources: np.ndarray, limit: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the nodes within ``limit`` of the sources, and p* from each source to each of them.

        Every path up to the limit stays inside these nodes, so the work does not grow with the graph.
        """
        near = self.within(sources, limit)
        local = self.length[near][:, near]
        distance = dijkstra(local, indices=np.searchsorted(near, sources), limit=limit)
        return near, _probability(distance)


def _lengths(n: int, ends: np.ndarray, length: np.ndarray) -> csr_matrix:
    """Return links as a symmetric sparse matrix (n, n); of parallel links the shortest."""
    low, high = ends.min(axis=1, initial=n), ends.max(axis=1, initial=0)
    order = np.lexsort((length, high, low))
    order = order[low[order] != high[order]]
    low, high, length = low[order], high[order], length[order]
    first = np.ones(len(low), dtype=bool)
    first[1:] = (np.diff(low) != 0) | (np.diff(high) != 0)
    low, high, length = low[first], high[first], length[first]
    both = (np.concatenate([low, high]), np.concatenate([high, low]))
    return csr_matrix((np.concatenate([length, length]), both), (n, n))


def _probability(distance: np.ndarray) -> np.ndarray:
    return np.exp(np.negative(distance, out=distance), out=distance)


def path_limit(cutoff: float) -> float:
    """Return the length of a path of probability ``cutoff``, with room for rounding.

    Raises
    ------
    ValueError
        If the cutoff is not inside (0, 1).
    """
    if not 0 < cutoff < 1:
        raise ValueError("cutoff: must be above 0 and below 1")
    return -math.log(cutoff) + ROUNDING


def compact_blocks(graph: Graph, size: int = BLOCK) -> list[np.ndarray]:
    """Split the nodes of one component into blocks of up to ``size`` nodes that lie close together.

    The distances to three nodes far from each other serve as coordinates, halved along the longest side.
    """
    if len(graph.area) <= size:
        return [np.arange(len(graph.area))]
    coordinates: list[np.ndarray] = []
    nearest = dijkstra(graph.length, indices=0)
    for _ in range(3):
        coordinates.append(dijkstra(graph.length, indices=int(np.argmax(nearest))))
        nearest = np.min(coordinates, axis=0)
    return _halve(np.arange(len(graph.area)), np.stack(coordinates, axis=1), size)


def _halve(nodes: np.ndarray, coordinates: np.ndarray, size: int) -> list[np.ndarray]:
    if len(nodes) <= size:
        return [nodes]
    side = int(np.argmax(np.ptp(coordinates[nodes], axis=0)))
    ordered = nodes[np.argsort(coordinates[nodes, side], kind="stable")]
    middle = size * max(1, round(len(nodes) / size / 2))
    return _halve(ordered[:middle], coordinates, size) + _halve(ordered[middle:], coordinates, size)


def best_paths(network: Network) -> np.ndarray:
    """Return p* between all nodes, (n, n), exact: 1 on the diagonal, 0 between components.

    Meant for up to ``EXACT_SIZE`` nodes: memory grows with n².
    """
    graph = Graph.of(network)
    return graph.reach()[np.ix_(graph.group, graph.group)]


@dataclass(frozen=True)
class Connectivity:
    """PCnum and what follows from it, with the error that the cutoff leaves.

    ``pcnum`` is in squared units of area; the exact value lies between ``pcnum`` and ``pcnum +
    pcnum_error``. ``cutoff`` is 0 where nothing was cut off.
    """

    pcnum: float
    pcnum_error: float = 0.0
    cutoff: float = 0.0
    total_area: float = 0.0

    @property
    def ec(self) -> float:
        """Equivalent connectivity (ECA) ``√PCnum``, in the unit of area."""
        return math.sqrt(self.pcnum)

    @property
    def ec_error(self) -> float:
        """Upper bound of how much EC is too low, in the unit of area."""
        return math.sqrt(self.pcnum + self.pcnum_error) - self.ec

    def pc(self, landscape_area: float) -> float:
        """Return ``PCnum / A_L²``, in [0, 1]; raises :class:`ValueError` if A_L is below the sum of areas."""
        return self.pcnum / checked_landscape(landscape_area, self.total_area) ** 2


def checked_landscape(landscape_area: float, total_area: float) -> float:
    """Return A_L, or raise :class:`ValueError` if it is not positive or smaller than the sum of areas."""
    if not landscape_area > 0 or landscape_area < total_area * (1 - 1e-9):
        raise ValueError(f"landscape_area: {landscape_area:g} is below the sum of areas {total_area:g}")
    return max(landscape_area, total_area)


def connectivity(network: Network, exact_size: int = EXACT_SIZE, cutoff: float = CUTOFF) -> Connectivity:
    """Return PCnum, EC and the bound of their error.

    Raises
    ------
    ValueError
        If the cutoff is not inside (0, 1).
    """
    limit = path_limit(cutoff)
    exact: list[float] = []
    cut: list[float] = []
    left_out: list[float] = []
    for _, part in Graph.of(network).parts():
        if len(part.area) <= exact_size:
            exact.append(float(part.area @ part.reach() @ part.area))
        else:
            near, pairs = _truncated(part, limit)
            cut.append(near)
            left_out.append(max(0.0, float(part.area.sum()) ** 2 - pairs))
    error = cutoff * math.fsum(left_out)
    return Connectivity(math.fsum(exact + cut), error, cutoff if cut else 0.0, math.fsum(network.area))


def _truncated(graph: Graph, limit: float) -> tuple[float, float]:
    """Return ``Σ a_i a_j p*_ij`` and ``Σ a_i a_j`` of the pairs within the limit."""
    weighted, pairs = 0.0, 0.0
    for block in compact_blocks(graph):
        near, p = graph.rows(block, limit)
        weighted += float(graph.area[block] @ p @ graph.area[near])
        pairs += float(graph.area[block] @ (p > 0) @ graph.area[near])
    return weighted, pairs


@dataclass(frozen=True)
class Importance:
    """dPC of nodes in percent of PC, and its fractions, each (k,); ``dpc = intra + flux + connector``.

    ``cutoff`` is 0 where nothing was cut off; otherwise all values refer to pairs above the cutoff.
    """

    nodes: np.ndarray
    dpc: np.ndarray
    intra: np.ndarray
    flux: np.ndarray
    connector: np.ndarray
    cutoff: float = 0.0


def node_importance(
    network: Network, nodes: np.ndarray | None = None, exact_size: int = EXACT_SIZE, cutoff: float = CUTOFF
) -> Importance:
    """Return dPC by removal of each node, with its fractions [P: Saura & Rubio 2010 via Makurhini].

    ``nodes`` (k,) are node numbers, all when left out; above ``exact_size`` nodes name the few that matter.
    All are 0 where PC is 0.

    Raises
    ------
    ValueError
        If a node number is not in the network or the cutoff is not inside (0, 1).
    """
    chosen = np.arange(len(network)) if nodes is None else np.asarray(nodes, dtype=np.int64)
    if len(chosen) and (chosen.min() < 0 or chosen.max() >= len(network)):
        raise ValueError(f"nodes: node numbers must be from 0 to {len(network) - 1}")
    whole = connectivity(network, exact_size, cutoff)
    near = _Surroundings(network, exact_size, path_limit(cutoff))
    remaining = _remaining(network, chosen, exact_size)
    terms = np.array([near.terms(int(node), remaining.get(int(node))) for node in chosen]).reshape(-1, 3)
    share = 100.0 / whole.pcnum if whole.pcnum > 0 else 0.0
    intra, flux, connector = share * terms.T
    return Importance(chosen, intra + flux + connector, intra, flux, connector, whole.cutoff)


def _remaining(network: Network, chosen: np.ndarray, exact_size: int) -> dict[int, float]:
    """Return PCnum of its component without each chosen node, where enough are chosen to do all at once."""
    label = components(len(network), network.ends)
    size, wanted = np.bincount(label), np.bincount(label[chosen], minlength=label.max(initial=-1) + 1)
    result: dict[int, float] = {}
    for number in np.flatnonzero((wanted >= MANY) & (size <= exact_size)):
        nodes = np.flatnonzero(label == number)
        part = _subnetwork(network, nodes)
        p = np.eye(len(nodes))
        np.maximum.at(p, (part.ends[:, 0], part.ends[:, 1]), part.probability)
        np.maximum(p, p.T.copy(), out=p)
        is_chosen = np.isin(nodes, chosen)
        for k, pcnum in _leaving_out(part.area, p, np.arange(len(nodes)), is_chosen):
            result[int(nodes[k])] = pcnum
    return result


def _leaving_out(
    area: np.ndarray, p: np.ndarray, left: np.ndarray, chosen: np.ndarray
) -> Iterator[tuple[int, float]]:
    """Yield each chosen node of ``left`` and PCnum without it.

    ``p`` knows the best paths over all nodes but ``left`` as stopovers (Floyd and Warshall). One half of
    these is added, and what is left is split again: n² log n products of rows for all nodes together.
    """
    if len(left) == 1:
        others = area.copy()
        others[left] = 0.0
        yield int(left[0]), float(others @ p @ others)
        return
    one, other = left[: len(left) // 2], left[len(left) // 2 :]
    for out, stopovers in ((one, other), (other, one)):
        if chosen[out].any():
            over = p.copy()
            product = np.empty_like(p)
            for k in stopovers:
                np.maximum(over, np.multiply(over[:, k, None], over[k], out=product), out=over)
            yield from _leaving_out(area, over, out, chosen)


class _Surroundings:
    """What a node contributes to PCnum, from the nodes within the limit around it.

    If a path i–k–j and a detour i–w–j are both within the limit, so is k–w: by the triangle inequality
    ``2 d_kw ≤ d_ki + d_kj + d_iw + d_wj``. The surroundings therefore hold every detour that counts.
    """

    def __init__(self, network: Network, exact_size: int, limit: float) -> None:
        self._network = network
        self._graph = Graph.of(network)
        self._limit = np.full(len(self._graph.area), limit)
        for nodes, _ in self._graph.parts():
            if len(nodes) <= exact_size:
                self._limit[nodes] = math.inf
        self._key = b""
        self._p = np.zeros((0, 0))

    def terms(self, node: int, remaining: float | None) -> tuple[float, float, float]:
        """Return what intra, flux and connector of a node take from PCnum.

        ``remaining`` is PCnum of its component without it, if that is known.
        """
        group = int(self._graph.group[node])
        near = self._graph.within(np.array([group]), self._limit[group])
        part = self._graph.part(near)
        p = self._matrix(near, part, self._limit[group])
        own, area = self._network.area[node], part.area
        k = int(np.searchsorted(near, group))
        intra = own**2
        flux = 2 * own * (float(p[k] @ area) - own)
        if remaining is not None:
            connector = float(area @ p @ area) - remaining - intra - flux
        elif np.count_nonzero(self._graph.group == group) > 1:
            connector = self._without_member(node, near, p, self._limit[group]) - intra - flux
        else:
            connector = _without_node(part, k, p, self._limit[group])
        noise = ROUNDING * float(area.sum()) ** 2
        return intra, flux, 0.0 if abs(connector) <= noise else connector

    def _matrix(self, near: np.ndarray, part: Graph, limit: float) -> np.ndarray:
        """Return p* of the surroundings, kept while the next node has the same ones."""
        if self._key != near.tobytes():
            self._key, self._p = near.tobytes(), part.reach(limit)
        return self._p

    def _without_member(self, node: int, near: np.ndarray, p: np.ndarray, limit: float) -> float:
        """Return the loss of PCnum when one of several nodes joined by ``p = 1`` is removed."""
        inside = np.zeros(len(self._graph.area), dtype=bool)
        inside[near] = True
        keep = inside[self._graph.group]
        keep[node] = False
        rest = Graph.of(_subnetwork(self._network, np.flatnonzero(keep)))
        area = self._graph.area[near]
        return float(area @ p @ area) - float(rest.area @ rest.reach(limit) @ rest.area)


def _subnetwork(network: Network, nodes: np.ndarray) -> Network:
    number = np.full(len(network), -1)
    number[nodes] = np.arange(len(nodes))
    ends = number[network.ends]
    inside = (ends >= 0).all(axis=1)
    return Network(network.area[nodes], ends[inside], network.probability[inside])


def _without_node(graph: Graph, k: int, p: np.ndarray, limit: float) -> float:
    """Return what pairs of other nodes lose when node ``k`` is removed; only paths through it count."""
    through = np.outer(p[k], p[k])
    through = (through >= p * (1 - ROUNDING)) & (through > 0)
    through[k] = through[:, k] = False
    np.fill_diagonal(through, val=False)
    sources = np.flatnonzero(through.any(axis=1))
    if len(sources) == 0:
        return 0.0
    rest = np.delete(np.arange(len(graph.area)), k)
    distance = dijkstra(graph.length[rest][:, rest], indices=np.searchsorted(rest, sources), limit=limit)
    lost = np.where(through[sources], p[sources], 0.0)[:, rest]
    detour = np.where(through[sources][:, rest], _probability(distance), 0.0)
    return float(graph.area[sources] @ np.maximum(lost - detour, 0.0) @ graph.area[rest])


def iic(network: Network, landscape_area: float) -> float:
    """Return the integral index of connectivity, in [0, 1] [P: Pascual-Hortal & Saura 2006].

    ``Σ a_i a_j / (1 + nl_ij) / A_L²`` with ``nl`` the links on the path of fewest links; pairs without a
    path contribute 0. Every link of the network counts, whatever its probability.

    Raises
    ------
    ValueError
        If A_L is not positive or below the sum of areas.
    """
    checked = checked_landscape(landscape_area, math.fsum(network.area))
    links = _lengths(len(network), network.ends, np.ones(len(network.ends)))
    graph = Graph(np.arange(len(network)), network.area, links)
    total = 0.0
    for _, part in graph.parts():
        for start in range(0, len(part.area), BLOCK):
            sources = np.arange(start, min(start + BLOCK, len(part.area)))
            steps = dijkstra(part.length, indices=sources, unweighted=True)
            total += float(part.area[sources] @ (1 / (1 + steps)) @ part.area)
    return total / checked**2
