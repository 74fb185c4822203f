"""Areas of whatever lies on each other, by scan lines with numpy: no geometry engine.

Lines run at half metres, so that areas between whole eastings and northings come out exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np


def scanned(
    polygons: Sequence[list[np.ndarray]], step: float = 1.0, narrowest: float = 0.0
) -> Counter[frozenset[int]]:
    """Return square metres by the set of polygons (positions in the list) that cover them.

    A polygon is the list of its rings, a multipolygon that of the rings of all its parts; even-odd rule.
    What is no wider than ``narrowest`` along a line is left out.
    """
    edges = [np.vstack([np.hstack([ring[:-1], ring[1:]]) for ring in rings]) for rings in polygons]
    low = np.array([min(e[:, 1].min(), e[:, 3].min()) for e in edges])
    high = np.array([max(e[:, 1].max(), e[:, 3].max()) for e in edges])
    found: Counter[frozenset[int]] = Counter()
    for y in np.arange(np.floor(low.min()) + step / 2, high.max(), step):
        crossed = {int(i): _crossings(edges[i], y) for i in np.flatnonzero((low < y) & (high > y))}
        stops = np.unique(np.concatenate([*crossed.values(), []]))
        middles = (stops[1:] + stops[:-1]) / 2
        inside = {i: np.searchsorted(xs, middles) % 2 == 1 for i, xs in crossed.items()}
        for number, width in enumerate(np.diff(stops)):
            covering = frozenset(i for i, where in inside.items() if where[number])
            if covering and width > narrowest:
                found[covering] += float(width) * step
    return found


def _crossings(edges: np.ndarray, y: float) -> np.ndarray:
    """Return where the edges meet a horizontal line, sorted."""
    ax, ay, bx, by = edges[(edges[:, 1] > y) != (edges[:, 3] > y)].T
    return np.sort(ax + (y - ay) / (by - ay) * (bx - ax))


def covered(found: Counter[frozenset[int]], *groups: set[int]) -> float:
    """Return the square metres that at least one polygon of each group covers."""
    return sum(size for covering, size in found.items() if all(covering & group for group in groups))
