"""Streets: the axes drawn in the plan, joined to a network."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from . import plan
from .geometry import (
    Geometry,
    Index,
    Points,
    corridor,
    linestring,
    nearest_on,
    point,
    polygon,
    spline,
)


@dataclass(frozen=True)
class Street:
    """A street axis with the width of its parcel.

    ``rank`` 0 is a through road, 1 a lane of the old core, 2 a residential street, 3 a track; at
    crossings the lower rank keeps the land.
    """

    name: str
    width: float
    line: Points
    rank: int
    use: str = "Straßenverkehr"

    @property
    def area(self) -> Geometry:
        """The street's corridor."""
        return corridor(self.line, self.width)


def network() -> list[Street]:
    """Return all streets but the motorway and the tracks, in the order in which they claim land.

    Ends that nearly reach another street are moved onto its axis.
    """
    ring = core_shape(spline(plan.CORE_RING, 24, closed=True))
    half = len(ring) // 2
    streets = [Street(road.name, road.width, _axis(road), 0) for road in plan.MAIN_ROADS]
    streets.append(Street("Wall", 15, ring[: half + 1], 0))
    streets.append(Street("Wall", 15, np.vstack([ring[half:], ring[:1]]), 0))
    for lane in plan.CORE_LANES:
        streets.append(Street(lane.name, lane.width, core_shape(_axis(lane, 14)), 1))
    drawn = plan.DISTRICT_STREETS + plan.LOCAL_STREETS + plan.VILLAGE_LANES
    for road in sorted(drawn, key=lambda road: -road.width):
        streets.append(Street(road.name, road.width, _axis(road), 2))
    return [replace(street, line=_joined(street, streets)) for street in streets]


def core_shape(points: ArrayLike) -> Points:
    """Return points of the old core, drawn round its centre, stretched and bent into place."""
    x, y = np.asarray(points, dtype=float).T
    bent = np.stack([1.13 * x + 13 * np.sin(y / 62 + 0.4), 0.94 * y + 12 * np.sin(x / 70 + 0.8)], axis=1)
    return bent + plan.CORE


def _axis(road: plan.Road, step: float = 24) -> Points:
    curve = linestring(spline(road.path, step)).Simplify(0.4)
    return np.array(curve.GetPoints())[:, :2]


def _joined(street: Street, others: list[Street]) -> Points:
    line = street.line.copy()
    for end in (0, -1):
        tip = point(*line[end])
        near = [other for other in others if other is not street and other.rank <= street.rank]
        near = [other for other in near if linestring(other.line).Distance(tip) < other.width / 2 + 18]
        if near and street.name != "Wall":
            line[end] = nearest_on(near[0].line, line[end])
    return line


def tracks() -> list[Street]:
    """Return the field tracks and paths."""
    return [Street(road.name, road.width, _axis(road), 3, "Weg") for road in plan.TRACKS]


def ramps() -> list[Street]:
    """Return the motorway and its slip roads."""
    motorway = Street("Autobahn", 36, spline(plan.MOTORWAY, 60), 0)
    slip = [Street("Anschlussstelle", 9, spline(path, 15), 0) for path in plan.RAMPS]
    return [motorway, *slip]


def turning_heads(streets: list[Street]) -> list[Geometry]:
    """Return a disc at each end of a residential street that meets no other street."""
    bodies = Index(street.area for street in streets)
    heads = []
    for position, street in enumerate(streets):
        for end in (street.line[0], street.line[-1]) if street.rank == 2 else ():
            head = _disc(end, street.width / 2 + 3.5)
            near = [bodies.geometries[i] for i in bodies.near(head) if i != position]
            if not any(body.Intersects(head) for body in near):
                heads.append(head)
    return heads


def _disc(middle: Points, radius: float) -> Geometry:
    angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    return polygon(middle + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1))
