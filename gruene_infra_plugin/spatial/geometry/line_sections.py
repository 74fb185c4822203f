"""Engine ``line_sections``: sections of lines, each metre once, and the places where they end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qgis.core import QgsGeometry, QgsSpatialIndex
from scipy.spatial import cKDTree

from ...methods.patches.connectivity import components
from .overlay import MAX_VERTICES, line_difference, line_intersection

SHARED_M = 0.001
"""What two lines must have in common to overlap, in metres: more than rounding leaves of a crossing [A]."""
JOIN_M = 0.1
"""Metres up to which ends of lines are one place [A]."""

Integers = NDArray[np.integer]


@dataclass(frozen=True)
class Section:
    """What earlier lines leave of a line, empty where nothing is left, and the numbers of those on it."""

    rest: QgsGeometry
    under: tuple[int, ...] = ()


def each_metre_once(lines: Sequence[QgsGeometry], pulse: Callable[[], None]) -> list[Section]:
    """Return of each line what no earlier one covers. What only crosses or touches covers nothing."""
    index, sections = QgsSpatialIndex(), []
    for number, line in enumerate(lines):
        pulse()
        rest, under = line, []
        for other in sorted(index.intersects(line.boundingBox())):
            if _overlap(rest, lines[other]):
                rest = line_difference(rest, lines[other])
                under.append(other)
                if rest.isEmpty() or rest.length() <= SHARED_M:
                    rest = QgsGeometry()
                    break
        index.addFeature(number, line.boundingBox())
        sections.append(Section(rest, tuple(under)))
    return sections


def _overlap(one: QgsGeometry, other: QgsGeometry) -> bool:
    """Return whether two lines have more in common than rounding; both are cut to where they may meet."""
    box = one.boundingBox().intersect(other.boundingBox()).buffered(1.0)
    near = [
        line.clipped(box) if line.constGet().nCoordinates() > MAX_VERTICES else line for line in (one, other)
    ]
    return near[0].intersects(near[1]) and line_intersection(*near).length() > SHARED_M


def ends(lines: Sequence[QgsGeometry]) -> tuple[Integers, Integers]:
    """Return the ends of lines: the number of the line, and that of the place, both of shape (m,).

    Parts of a line that follow each other are one; each part has two ends, also where it closes.
    """
    found = [
        (number, point.x(), point.y())
        for number, line in enumerate(lines)
        for part in line.mergeLines().coerceToType(line.wkbType().LineString)
        for point in (part.asPolyline()[0], part.asPolyline()[-1])
    ]
    if not found:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    told = np.array(found)
    pairs = cKDTree(told[:, 1:]).query_pairs(JOIN_M, output_type="ndarray")
    return told[:, 0].astype(np.int64), components(len(told), pairs)
