"""Engine ``ranks``: the order in which shapes are told, the largest first."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import QgsGeometry

FINE_M = 3
"""Decimals to which sizes and places are compared, so that rounding does not decide."""


def ranked(shapes: Sequence[QgsGeometry], sizes: Sequence[float]) -> list[int]:
    """Return the rank of each shape from 1, by its size in square metres or metres.

    Of equal ones the one farther west, then farther south comes first, by the lower left corner.
    """

    def key(number: int) -> tuple[float, ...]:
        box = shapes[number].boundingBox()
        place = (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())
        return -round(sizes[number], FINE_M), *(round(value, FINE_M) for value in place)

    order = sorted(range(len(shapes)), key=key)
    ranks = [0] * len(shapes)
    for rank, number in enumerate(order, start=1):
        ranks[number] = rank
    return ranks
