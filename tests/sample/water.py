"""River, canal, brooks and ponds, and the floodplains beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from osgeo import ogr

from . import plan
from .geometry import (
    Geometry,
    Points,
    corridor,
    lengths,
    polygon,
    random_for,
    spline,
)

VALLEYS = Path(__file__).with_name("valleys.geojson")  # plan metres


@dataclass(frozen=True)
class Water:
    """A water body (``area``) with its name and its kind in the words of the cadastre."""

    name: str
    kind: str
    area: Geometry


@dataclass(frozen=True)
class Course:
    """An axis of flow with the mean width of its bed in metres."""

    name: str
    kind: str
    line: Points
    width: float


def waves(name: str, along: Points, shortest: float, longest: float) -> Points:
    """Return smooth noise in [-1, 1] along a chainage: four sine waves of random phase."""
    rng = random_for(name)
    result = np.zeros_like(along)
    for wavelength in np.geomspace(shortest, longest, 4):
        result += np.sin(2 * np.pi * (along / wavelength + rng.random())) / 4
    return result


def filleted(path: plan.Path, radius: float, step: float = 12.0) -> Points:
    """Return the straight pieces of ``path`` joined by circular arcs of ``radius``."""
    knots = np.asarray(path, dtype=float)
    result = [knots[:1]]
    for before, here, after in zip(knots[:-2], knots[1:-1], knots[2:], strict=True):
        result.append(_arc(before, here, after, radius, step))
    return np.vstack([*result, knots[-1:]])


def _arc(before: Points, here: Points, after: Points, radius: float, step: float) -> Points:
    one = (before - here) / np.hypot(*(before - here))
    two = (after - here) / np.hypot(*(after - here))
    half = np.arccos(np.clip(one @ two, -1, 1)) / 2
    middle = here + (one + two) / np.hypot(*(one + two)) * radius / np.sin(half)
    turn = np.pi - 2 * half
    count = max(2, int(np.ceil(radius * turn / step)) + 1)
    start = here + one * radius / np.tan(half) - middle
    side = np.sign(one[1] * two[0] - one[0] * two[1])
    angles = side * np.linspace(0, turn, count)
    cos, sin = np.cos(angles), np.sin(angles)
    return middle + np.stack([start[0] * cos - start[1] * sin, start[0] * sin + start[1] * cos], axis=1)


def river_axis() -> Points:
    """Return the axis of the Muster, flowing west."""
    return spline(plan.RIVER, 16)


def river_area() -> Geometry:
    """Return the bed of the Muster, 24 to 36 m wide."""
    axis = river_axis()
    return corridor(axis, 30 + 6 * waves("river", lengths(axis), 90, 900))


def canal_axis() -> Points:
    """Return the axis of the canal: straights and arcs of 900 m radius."""
    return filleted(plan.CANAL, 900, 40)


def water_bodies() -> list[Water]:
    """Return all water polygons, clipped nowhere yet."""
    river = river_area()
    bodies = [Water("Muster", "Fließgewässer", river)]
    harbour = polygon(plan.HARBOUR)
    canal = corridor(canal_axis(), plan.CANAL_WIDTH)
    bodies.append(Water("Musterkanal", "Kanal", canal))
    bodies.append(Water("Hafen Musterstadt", "Hafenbecken", harbour.Difference(canal)))
    bodies.append(Water("Alte Muster", "Altarm", _oxbow().Difference(river)))
    for name, path in plan.PONDS:
        bodies.append(Water(name, "Stehendes Gewässer", polygon(spline(path, 9, closed=True))))
    return bodies


def _oxbow() -> Geometry:
    axis = spline(plan.OXBOW, 15)
    along = lengths(axis) / lengths(axis)[-1]
    return corridor(axis, np.interp(along, [0, 0.4, 1], [9, 26, 8]))


def brooks() -> list[Course]:
    """Return the two brooks, source first."""
    return [
        Course("Musterbach", "Bach", spline(plan.BROOK, 14), 5.0),
        Course("Lohbach", "Bach", border_brook(), 3.0),
    ]


def border_brook() -> Points:
    """Return the axis of the brook that forms the western municipal border."""
    return spline(plan.BORDER_BROOK, 20)


def courses() -> list[Course]:
    """Return the lines of flow: the river's axis, the canal's and the brooks."""
    return [
        Course("Muster", "Fluss", river_axis(), 30.0),
        Course("Musterkanal", "Kanal", canal_axis(), plan.CANAL_WIDTH),
        *brooks(),
    ]


@cache
def valleys() -> dict[str, Geometry]:
    """Return the outlines of the valley floors by name: meadows, and floodplains before their planted edges.

    They are drawn, not computed: to simplify an outline of arcs is to choose between corners equally far
    from a chord, and the last digit of a sine would make that choice.
    """
    drawn = json.loads(VALLEYS.read_text(encoding="utf-8"))["features"]
    return {
        item["properties"]["name"]: ogr.CreateGeometryFromJson(json.dumps(item["geometry"])) for item in drawn
    }
