"""Where a computed figure reaches a threshold: rounding does not decide.

The last digits of a computed width, area or share differ between processors and versions of GEOS, so that a
square exactly as wide as asked is wide enough here and too narrow there. A figure that misses a threshold by
no more than ``ROUNDING`` has reached it. Compare with ``least`` what shall be at least a threshold, and with
``most`` what shall be at most one; what is below ``least`` is below, what is above ``most`` is above.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

ROUNDING = 1e-6
"""Share of a threshold by which a figure may miss it and has still reached it [A].

Rounding of coordinates changes an area of 1 m² by 1e-8 of it; of 100 m this is 0.1 mm, a tenth of the step in
which surveys are stored.
"""
Amount = TypeVar("Amount", float, NDArray[np.float64])
"""One figure, or an array of any shape."""


def least(threshold: Amount) -> Amount:
    """Return the least figure that reaches a threshold, in its unit and shape.

    >>> 9.99999999 >= least(10.0), 9.999 >= least(10.0)
    (True, False)
    """
    return threshold - ROUNDING * abs(threshold)


def most(threshold: Amount) -> Amount:
    """Return the greatest figure that does not exceed a threshold, in its unit and shape.

    >>> 0.50000001 <= most(0.5), 0.501 <= most(0.5)
    (True, False)
    """
    return threshold + ROUNDING * abs(threshold)
