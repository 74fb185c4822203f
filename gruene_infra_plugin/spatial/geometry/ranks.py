"""Engine ``ranks``: the order in which shapes are told, the largest first."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsGeometry

FINE_M = 3
"""Decimals to which sizes and places are compared, so that rounding does not decide."""


def larger_first(shape: QgsGeometry, size: float | None = None) -> tuple[float, ...]:
    """Return by what shapes are ranked: the larger first, of equal ones the western, then the southern.

    ``size`` is in square metres or metres, the area where it is not given.
    """
    box = shape.boundingBox()
    place = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
    return -round(shape.area() if size is None else size, FINE_M), *(round(one, FINE_M) for one in place)


def ranked(shapes: Sequence[QgsGeometry], sizes: Sequence[float]) -> list[int]:
    """Return the rank of each shape from 1, as :func:`larger_first` orders them by their sizes."""
    order = sorted(range(len(shapes)), key=lambda number: larger_first(shapes[number], sizes[number]))
    ranks = [0] * len(shapes)
    for rank, number in enumerate(order, start=1):
        ranks[number] = rank
    return ranks
