"""Round numbers for map scale and scale bar. No qgis import."""

from __future__ import annotations

import math
from collections.abc import Sequence

SCALE_STEPS = (1.0, 1.2, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 7.5, 8.0, 9.0)
"""Leading digits of the scale denominators that a sheet may have; neighbours differ by 25 % at most."""
BAR_STEPS = (1.0, 2.0, 5.0)
"""Leading digits of the lengths that a segment of the scale bar may have."""
METRES_PER_KM = 1000.0


def round_scale(denominator: float) -> float:
    """Return the smallest round scale denominator that is not below ``denominator`` (> 0)."""
    return min(value for value in _candidates(denominator, SCALE_STEPS) if value >= denominator * (1 - 1e-9))


def bar_segment(longest_m: float) -> float:
    """Return the longest round segment of a scale bar, in metres, that is not above ``longest_m`` (> 0)."""
    return max(value for value in _candidates(longest_m, BAR_STEPS) if value <= longest_m * (1 + 1e-9))


def _candidates(value: float, steps: Sequence[float]) -> list[float]:
    power = math.floor(math.log10(value))
    return [step * 10.0**exponent for exponent in (power - 1, power, power + 1) for step in steps]
