"""Figures of shapes from their measures."""

from __future__ import annotations

import math


def mean_width(area: float, perimeter: float) -> float:
    """Return the width of the rectangle that has the area and the perimeter of a shape, in metres.

    Of a strip that is its width, however it winds; of a compact shape the side of a square of its area.

    Parameters
    ----------
    area : in square metres.
    perimeter : of all its borders, in metres.

    >>> mean_width(8 * 500, 2 * (8 + 500)), mean_width(100, 40)
    (8.0, 10.0)
    """
    half = perimeter / 2
    discriminant = half**2 - 4 * area
    return (half - math.sqrt(discriminant)) / 2 if discriminant > 0 else math.sqrt(area)
