"""Slope, aspect and areas of plane polygons in space, such as the faces of a roof. No qgis import.

Coordinates are metres: x east, y north, z up. Everything follows from the vector area of a ring
(Newell's method, Sutherland et al. 1974), whose direction is the normal and whose length is the area.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

LEVEL_DEG = 0.5
"""Slope in degrees below which a face is level and its aspect means nothing [A]."""
VERTICAL_COS = 1e-9
"""Vertical component of a unit normal below which a face is vertical: what rounding leaves of zero."""


def vector_area(ring: Points) -> Points:
    """Return the vector area of a ring: normal to its plane, as long as its area.

    Parameters
    ----------
    ring : ndarray, shape (n, 3), m
        Vertices in order; whether the last one repeats the first makes no difference. Coordinates as
        large as those of UTM lose nothing, because they are taken relative to the first vertex.

    Returns
    -------
    ndarray, shape (3,), m²
        Points to where the ring runs counter-clockwise. Zero for a ring without area; of a ring that
        is not quite plane the area as seen along its mean normal.
    """
    columns = (ring - ring[0]).T  # so that the edge that closes the ring adds nothing
    (x, y, z), (x1, y1, z1) = columns[:, :-1], columns[:, 1:]
    return 0.5 * np.array([y @ z1 - z @ y1, z @ x1 - x @ z1, x @ y1 - y @ x1])


def newell_normal(area: Points) -> Points:
    """Return the unit normal, shape (3,), of a face with that vector area; NaN where it has no area."""
    length = float(np.linalg.norm(area))
    return area / length if length else np.full(3, np.nan)


def slope_deg(normal: Points) -> float:
    """Return the slope in degrees, 0 (level) to 90 (vertical), of a face with that normal, shape (3,).

    Which side of the face the normal points to makes no difference: a roof is seen from above.
    """
    return math.degrees(math.atan2(math.hypot(normal[0], normal[1]), abs(normal[2])))


def aspect_deg(normal: Points) -> float:
    """Return where a face with that normal, shape (3,), falls to: degrees clockwise from north, 0 to 360.

    NaN where the slope is below ``LEVEL_DEG``, and where it is vertical, since then up is not known.
    """
    is_level = slope_deg(normal) < LEVEL_DEG
    if is_level or math.isnan(normal[2]) or abs(normal[2]) < VERTICAL_COS:
        return math.nan
    up = math.copysign(1.0, normal[2])
    return math.degrees(math.atan2(up * normal[0], up * normal[1])) % 360.0


def area_3d(exterior: Points, interiors: Iterable[Points] = ()) -> float:
    """Return the area in m², measured in its own plane, of a face less its holes, by their vector areas."""
    return float(np.linalg.norm(exterior)) - sum(float(np.linalg.norm(hole)) for hole in interiors)


def plan_area(exterior: Points, interiors: Iterable[Points] = ()) -> float:
    """Return the area in m², as seen from above, of a face less its holes, by their vector areas."""
    return abs(float(exterior[2])) - sum(abs(float(hole[2])) for hole in interiors)
