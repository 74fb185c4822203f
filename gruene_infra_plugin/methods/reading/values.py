"""What a value of each kind can be, and which values stand for one that nobody knows.

Fields without a value are filled with 0, -1, 98, 255, 999, 9999 or -9999, which are numbers like any other:
a building of the year 0 is old, a roof of -9999° is flat. What a kind does not admit is unknown.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

PLANNED_YEARS = 10
"""Years after the day of a run in which a planned building may be finished [A]."""
OLDEST_YEAR = 800
"""The oldest buildings in use in the region date from about then [A: Aachen, Palatine Chapel, 805]."""


@dataclass(frozen=True)
class Kind:
    """A kind of value: from ``low`` to ``high`` in its unit, but none of its usual ``placeholders``.

    ``name`` finds the words for it, ``whole`` says that only whole numbers are values.
    """

    name: str
    low: float
    high: float
    placeholders: frozenset[float] = frozenset()
    whole: bool = False

    def admits(self, value: float) -> bool:
        """Return whether a number can be a value of this kind."""
        if not self.low <= value <= self.high or value in self.placeholders:
            return False
        return not self.whole or float(value).is_integer()


def year_built(as_of: dt.date) -> Kind:
    """Return the kind of a year of construction on the day of a run; 98 and 17 are none."""
    return Kind("year", OLDEST_YEAR, as_of.year + PLANNED_YEARS, frozenset({999.0, 1111.0}), whole=True)


def year_completed(as_of: dt.date) -> Kind:
    """Return the kind of a year in which a building was finished, at the latest in the year after a run."""
    return Kind("year", 1000, as_of.year + 1, frozenset({1111.0}), whole=True)


MOST_DIGITS = 18
"""Digits of the longest whole number that is read; a field of 64 bits holds no longer one."""


def whole_number(digits: str) -> int | None:
    """Return a text of plain digits as a number, ``None`` for any other text and for too many digits.

    >>> whole_number("0019"), whole_number("²"), whole_number("1" * 5000)
    (19, None, None)
    """
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
    return int(digits) if is_number else None


YEAR = Kind("year", 1800, 2200, whole=True)
"""A year of a plan, a lease or a count, as far as the register keeps it."""
TERM = Kind("term", 0, 200)
"""Length of a lease in years; heritable building rights run 99 years [A]."""
SLOPE = Kind("slope", 0, 90)
"""Slope of a roof in degrees."""
HEIGHT = Kind("height", 0.5, 500)
"""Height of a building above the ground in metres; 0 stands for not filled in [A]."""
ELEVATION = Kind("elevation", -500, 9000)
"""Metres above sea level of anything on land."""
STOREYS = Kind("storeys", 0.5, 80)
"""Storeys of a building; 0 stands for not filled in [A]."""
SHARE = Kind("share", 0, 100)
"""Share in percent."""
WIDTH = Kind("width", 0.1, 5000, frozenset({999.0}))
"""Width of a water in metres; 0 stands for not filled in [A]."""
PEOPLE = Kind("people", 0, 1e8, frozenset({9999.0}))
"""Number of residents of a place; -1 and the like stand for one that is kept secret."""
WATER_DEPTH = Kind("water_depth", -100, 500, frozenset({-1.0, 255.0}))
"""Mean depth to the water table in cm, positive down; above the surface it is negative [A]."""
HECTARES = Kind("hectares", 0.0001, 5000, frozenset({999.0}))
"""Area of a lease in ha; 0 stands for not filled in [A]."""
YES_NO = Kind("yes_no", 0, 1)
"""1 for yes, 0 for no."""
