"""Placing rectangles on a lot: frames along its street, and drawing lots (the other kind)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .geometry import Geometry, Points, polygon
from .lots import longest_side

Random = np.random.Generator


@dataclass(frozen=True, eq=False)
class Frame:
    """A lot seen from its street: ``u`` along the street, ``v`` into the lot, in metres."""

    origin: Points
    along: Points
    width: float

    def box(self, u: float, v: float, wide: float, deep: float) -> Geometry:
        """Return the rectangle with its lower left corner at ``(u, v)``."""
        return self.shape([(u, v), (u + wide, v), (u + wide, v + deep), (u, v + deep)])

    def shape(self, corners: Sequence[tuple[float, float]]) -> Geometry:
        """Return the polygon with the given corners in this frame."""
        uv = np.array(corners, dtype=float)
        across = np.array([-self.along[1], self.along[0]])
        return polygon(self.origin + uv[:, :1] * self.along + uv[:, 1:] * across)

    def turned(self) -> Frame:
        """Return the frame turned by 90°."""
        return Frame(self.origin, np.array([-self.along[1], self.along[0]]), self.width)


def frame_at(x: float, y: float, degrees: float) -> Frame:
    """Return a frame with its origin at a place and a given direction."""
    turn = np.radians(degrees)
    return Frame(np.array([x, y]), np.array([np.cos(turn), np.sin(turn)]), 0.0)


def frame_of(front: Points) -> Frame:
    """Return the frame on the longest nearly straight piece of a street line, origin in its middle."""
    stops = [0]
    for position in range(1, len(front) - 1):
        if bend(front[stops[-1]], front[position], front[position + 1]) > np.radians(14):
            stops.append(position)
    stops.append(len(front) - 1)
    a, b = max(pairwise(stops), key=lambda ends: np.hypot(*(front[ends[1]] - front[ends[0]])))
    width = float(np.hypot(*(front[b] - front[a])))
    return Frame((front[a] + front[b]) / 2, (front[b] - front[a]) / width, width)


def frame_of_area(area: Geometry) -> Frame:
    """Return the frame of the smallest enclosing rectangle, origin in its middle."""
    middle, along, _, size = longest_side(area)
    return Frame(middle, along, float(size[0]))


def bend(a: Points, b: Points, c: Points) -> float:
    """Return the change of direction at ``b``, in radians."""
    one, two = b - a, c - b
    cosine = one @ two / max(np.hypot(*one) * np.hypot(*two), 1e-9)
    return float(np.arccos(np.clip(cosine, -1, 1)))


def first_fit(lot: Geometry, margin: float, candidates: Iterable[Geometry]) -> Geometry | None:
    """Return the first candidate inside ``lot`` and at least ``margin`` away from its border."""
    room = lot.Buffer(-margin, 2) if margin else lot
    return next((candidate for candidate in candidates if candidate.Within(room)), None)


def year_from(rng: Random, *spans: tuple[float, int, int]) -> int:
    """Return a year from one of the spans ``(weight, first, last)``."""
    weights = np.array([span[0] for span in spans])
    _, first, last = spans[rng.choice(len(spans), p=weights / weights.sum())]
    return int(rng.integers(first, last + 1))


def pick(rng: Random, choices: dict[int, float]) -> int:
    """Return one of the keys, drawn by weight."""
    weights = np.array(list(choices.values()))
    return int(rng.choice(list(choices), p=weights / weights.sum()))
