"""Flatness of roofs from roof faces (LoD2): how much of each footprint lies under faces of which slope."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from qgis.core import QgsGeometry

from ...methods.buildings.roofs import COVER, Evidence, Flatness
from ...methods.findings.thresholds import least, most
from ..geometry.overlay import PieceIndex


def flatness_from_faces(
    faces: Sequence[QgsGeometry],
    face_slopes: np.ndarray,
    footprints: Sequence[QgsGeometry],
    limits: Sequence[float],
) -> Flatness:
    """Return the flat area of each footprint at each slope limit, from the plan of the roof faces.

    Parameters
    ----------
    faces : plan polygons in the CRS of the footprints.
    face_slopes : shape (faces,), degrees.
    limits : slope limits in degrees.

    A footprint of which faces cover less than ``COVER`` is not known. Where they overlap and cover more
    than all of it, each counts for its share. The slope is the median over the covered area.
    """
    pieces = PieceIndex(dict(enumerate(faces)))
    flat_m2 = np.full((len(footprints), len(limits)), np.nan)
    slope = np.full(len(footprints), np.nan)
    for number, footprint in enumerate(footprints):
        overlap = pieces.overlap(footprint)
        area = footprint.area()
        covered = np.fromiter(overlap.values(), float, len(overlap))
        if covered.sum() < least(COVER * area) or not area:
            continue
        slopes = face_slopes[list(overlap)]
        counted = covered * min(1.0, area / covered.sum())
        flat_m2[number] = [counted[slopes <= most(limit)].sum() for limit in limits]
        slope[number] = weighted_median(slopes, covered)
    return Flatness(Evidence.FACES, flat_m2, slope)


def weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    """Return the value at which half of the weight is reached; arrays of shape (n,), n > 0."""
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
