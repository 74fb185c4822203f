"""The form of a roof: how high it rises above its eaves at any place of its ground plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from . import codes
from .frames import frame_of_area
from .geometry import Geometry, Points, centre, random_for, rings
from .model import Building

STOREY = 3.0  # metres
PLINTH = 0.5
CHURCH_STOREYS = {1: 3, 4: 7}  # a nave counts as one storey, a tower as four
TOOTH = 6.0  # metres between two edges of a saw-tooth roof
MAIN_PART = 0.625  # share of a composite building's length under the gabled roof
HIGHEST_RIDGE = (9.0, 14.0)  # metres above the eaves; the second of churches
RECTANGLE_SHARE = 0.9  # of its enclosing rectangle, from which on a ground plan counts as one

# Slope of a roof in degrees, by its code.
PITCHES = {
    codes.FLAT: (0.8, 1.8),
    codes.LEAN_TO: (10.0, 20.0),
    codes.SHED_ROOF: (27.0, 33.0),
    codes.MANSARD: (62.0, 70.0),
    codes.TENT: (30.0, 50.0),
}
USUAL_PITCH = (35.0, 45.0)


class Sides:
    """The walls of a stock, to tell party walls from free ones."""

    def __init__(self, areas: list[Geometry]) -> None:
        """Count every edge; neighbours share vertices, so that a party wall occurs twice."""
        self._count = Counter(edge for area in areas for edge in _edges(area))

    def free(self, area: Geometry) -> Points:
        """Return the free walls of a ground plan as ``(n, 2, 2)``; all of them where none is free."""
        every = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings(area)])
        single = np.array([self._count[edge] == 1 for edge in _edges(area)])
        return every[single] if single.any() else every


def _edges(area: Geometry) -> list[frozenset[tuple[int, int]]]:
    corners = [np.round(ring * 1000).astype(int).tolist() for ring in rings(area)]
    return [frozenset({tuple(a), tuple(b)}) for ring in corners for a, b in pairwise(ring)]


def eaves(building: Building) -> float:
    """Return the height of the eaves above the ground, in metres."""
    church = building.function == codes.CHURCH
    storeys = CHURCH_STOREYS.get(building.storeys, building.storeys) if church else building.storeys
    return PLINTH + STOREY * storeys


@dataclass(frozen=True, eq=False)
class _Plan:
    """A ground plan in its own frame: ``local`` (n, 2) are the places along and across its length."""

    building: Building
    places: Points
    local: Points
    size: Points
    free: Points

    @property
    def is_plain(self) -> bool:
        """Whether it is a rectangle, or nearly one, that no neighbour touches."""
        area = self.building.area
        walls = sum(len(ring) - 1 for ring in rings(area))
        return bool(area.GetArea() > RECTANGLE_SHARE * np.prod(self.size) and len(self.free) == walls)


def rise(building: Building, sides: Sides, places: Points) -> Points:
    """Return the height above the eaves at ``places`` (n, 2), in metres; negative on a lower part."""
    code = building.shape or building.roof
    plan = _plan(building, sides, places)
    along, across = plan.local.T
    length, depth = plan.size
    steep = np.tan(np.radians(_pitch(building, code)))
    if code == codes.FLAT:
        return steep * np.abs(across) + _lift_heads(plan)
    if code == codes.LEAN_TO:
        return steep * (across + depth / 2)
    if code == codes.SHED_ROOF:
        return steep * ((along + length / 2) % TOOTH)
    if code == codes.BARREL:
        return 0.2 * depth * (1 - (2 * across / depth) ** 2)
    if code == codes.MIXED and building.function != codes.CHURCH:
        return _composite(plan, steep)
    return _ridged(plan, code, steep)


def _plan(building: Building, sides: Sides, places: Points) -> _Plan:
    frame = frame_of_area(building.area)
    axes = np.stack([frame.along, [-frame.along[1], frame.along[0]]], axis=1)
    size = np.ptp(rings(building.area)[0] @ axes, axis=0)
    return _Plan(building, places, (places - frame.origin) @ axes, size, sides.free(building.area))


def _pitch(building: Building, code: int) -> float:
    if building.pitch is not None:
        return building.pitch
    low, high = PITCHES.get(code, USUAL_PITCH)
    return float(random_for("pitch", *centre(building.area)).uniform(low, high))


def _lift_heads(plan: _Plan) -> Points:
    """Return the height of lift heads and plant rooms on large level roofs."""
    result = np.zeros(len(plan.local))
    area = plan.building.area.GetArea()
    if plan.building.pitch is None and area > 250:
        rng = random_for("lift heads", *centre(plan.building.area))
        for _ in range(1 + int(area // 900)):
            middle, half = rng.uniform(-0.3, 0.3, 2) * plan.size, rng.uniform(1.2, 2.6, 2)
            result[np.all(np.abs(plan.local - middle) < half, axis=1)] = rng.uniform(1.8, 2.8)
    return result


def _composite(plan: _Plan, steep: float) -> Points:
    """Return a gabled house with a level annexe, one storey lower, at one end of its length."""
    length, depth = MAIN_PART * plan.size[0], plan.size[1]
    along, across = plan.local[:, 0] + plan.size[0] / 2, plan.local[:, 1]
    span = np.abs(across) if length >= depth else np.abs(along - length / 2)
    gable = steep * (min(length, depth) / 2 - span)
    return np.where(along < length, gable, -STOREY + np.tan(np.radians(1.0)) * np.abs(across))


def _ridged(plan: _Plan, code: int, steep: float) -> Points:
    """Return a roof that rises from its free walls, a plain gabled one from the two long sides only."""
    to_ends, across = (plan.size / 2 - np.abs(plan.local)).T
    if code == codes.HALF_HIP and plan.is_plain:
        return np.minimum(steep * across, steep * (to_ends + plan.size[1] / 4))
    inward = across if code == codes.GABLE and plan.is_plain else _distance(plan.places, plan.free)
    if code == codes.MANSARD:
        return np.minimum(steep * inward, steep * 1.2 + np.tan(np.radians(22)) * np.maximum(inward - 1.2, 0))
    highest = HIGHEST_RIDGE[plan.building.function == codes.CHURCH]
    return inward * min(steep, highest / max(float(inward.max(initial=0.0)), 1.0))


def _distance(places: Points, sides: Points) -> Points:
    """Return the distance from each place to the nearest side, in metres."""
    start, step = sides[:, 0], sides[:, 1] - sides[:, 0]
    offset = places[:, None] - start
    share = np.clip(np.sum(offset * step, axis=2) / np.sum(step * step, axis=1), 0, 1)
    gap = offset - share[:, :, None] * step
    return np.hypot(gap[..., 0], gap[..., 1]).min(axis=1)
