"""The area of a parcel: what its official area says, however it is written, and whether its outline agrees.

An official area may come as text with thousands separators or a unit, in hectares, negative, or be that of
another parcel. It counts where the outline bears it out; elsewhere the outline counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from ..findings.thresholds import most
from ..reading.names import plain_signs, tidied

TOLERANCE_SHARE = 0.1
"""Share of the outline's area by which the official area of a parcel may differ [A].

Old surveys are off by a few percent; a wrong unit or separator by a factor of 1 000 or more.
"""
TOLERANCE_M2 = 5.0
"""Square metres by which it may differ in any case: that of a small parcel is rounded [A]."""
UNITS = {"": 1.0, "m²": 1.0, "m2": 1.0, "qm": 1.0, "a": 100.0, "ar": 100.0, "ha": 10_000.0}
"""Square metres of the units that are written behind an area; none stands for square metres."""

_AMOUNT = re.compile(r"(?P<minus>-?) ?(?P<number>\d[\d., ']*?(?:[eE][+-]?\d+)?) ?(?P<unit>[a-zA-Z²2]*)\.?")
_GROUP_GAP = re.compile(r"(?<=\d)[ '](?=\d{3}(?!\d))")
_EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_GERMAN = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_ENGLISH = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")


def area_readings(value: object) -> tuple[float, ...]:
    """Return what an area may mean in square metres: nothing if it cannot be one, two figures for 1.234.

    >>> area_readings("1.234,5"), area_readings("1 234 m²"), area_readings("0,5 ha"), area_readings("1.234")
    ((1234.5,), (1234.0,), (5000.0,), (1234.0, 1.234))
    """
    if isinstance(value, (int, float)):
        return (float(value),) if math.isfinite(value) else ()
    amount = _AMOUNT.fullmatch(tidied(plain_signs(str(value))))
    factor = None if amount is None else UNITS.get(amount["unit"].lower())
    if amount is None or factor is None:
        return ()
    sign = -1.0 if amount["minus"] else 1.0
    areas = (sign * factor * number for number in _numbers(_GROUP_GAP.sub("", amount["number"])))
    return tuple(filter(math.isfinite, areas))


def _numbers(text: str) -> list[float]:
    """Return the numbers that digits with points and commas may stand for."""
    if _EITHER.fullmatch(text):
        return [float(re.sub(r"[.,]", "", text)), float(text.replace(",", "."))]
    if _GERMAN.fullmatch(text):
        return [float(text.replace(".", "").replace(",", "."))]
    if _ENGLISH.fullmatch(text):
        return [float(text.replace(",", ""))]
    return [float(text.replace(",", "."))] if _PLAIN.fullmatch(text) else []


def agrees(official: float, outline: float) -> bool:
    """Return whether an official area and that of the outline differ by no more than surveys do, in m²."""
    return official > 0 and abs(official - outline) <= most(max(TOLERANCE_M2, TOLERANCE_SHARE * outline))


def official_area(value: object, outline: float) -> float | None:
    """Return an official area in m², of two readings the one closer to the outline.

    A negative one is an error that shall be seen; ``None`` stands for none and for 0, not filled in.
    """
    return min(area_readings(value), key=lambda area: abs(area - outline), default=None) or None


def official_of_parts(officials: Sequence[float | None], outline: float) -> float | None:
    """Return the official area of a parcel that comes in parts or versions with the areas ``officials``.

    Each may be that of its part or of the parcel: what is closest to the ``outline`` of all, in m²; without
    an outline (0) the largest.
    """
    stated = [area for area in officials if area is not None]
    if len(stated) < len(officials):
        return None
    if not outline:
        return max(stated)
    return min({*stated, math.fsum(stated)}, key=lambda area: (abs(area - outline), area))


def counted_area(official: float | None, outline: float) -> float:
    """Return the area that counts, in m²: the official one if the outline agrees or there is none (0)."""
    if official is None or official <= 0:
        return outline
    return official if not outline or agrees(official, outline) else outline
