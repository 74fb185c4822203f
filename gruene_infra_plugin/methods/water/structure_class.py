"""Structure classes of waters: from what registers write to the seven classes of the LAWA."""

from __future__ import annotations

import math
import re

from ..reading.names import normal_name

WORST = 7
"""The class of completely changed waters; 1 is that of unchanged ones."""
GOOD = 3
"""The worst class from which a water radiates into a bad stretch [A]."""
_ROMAN = {numeral: number for number, numeral in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii"), 1)}
_GRADE = r"\d+(?:[.,]\d+)?|[iv]+"
_END = r"(?!\w|[.,]\w)"
_WRITTEN = re.compile(
    rf"(?:[^\W\d_]+[ .:]+)?(?P<low>{_GRADE}){_END}(?: ?[-/] ?(?P<high>{_GRADE}){_END})?(?P<rest>.*)"
)
"""A word or none, a class or two neighbours, and what that means in words."""


def structure_class(written: str | None, round_half_up: bool = False) -> int | None:
    """Return the class from 1 to 7, ``None`` where a text tells none.

    Half classes such as 4,5 or 4-5 are unknown, or the worse of the two where they are rounded up; 0, 8 and 9
    stand for sections that were not assessed.

    >>> [structure_class(word) for word in ("5,0", "5 – stark verändert", "GSK V", "9", "4-5", "Talsperre")]
    [5, 5, 5, None, None, None]
    >>> structure_class("4,5", round_half_up=True)
    5
    """
    found = _WRITTEN.fullmatch(normal_name(written or ""))
    if found is None or re.match(r" ?[-/] ?\d", found["rest"]):
        return None
    low = _number(found["low"])
    high = low if found["high"] is None else _number(found["high"])
    grade = low if low == high else (low + high) / 2
    if not (1 <= grade <= WORST and abs(high - low) in (0, 1)):
        return None
    if grade.is_integer():
        return int(grade)
    return math.ceil(grade) if round_half_up and (2 * grade).is_integer() else None


def _number(grade: str) -> float:
    """Return a grade in digits or a Roman numeral as a number, 0 for a numeral that is none of a class."""
    if grade[0].isdecimal():
        return float(grade.replace(",", "."))
    return float(_ROMAN.get(grade, 0))
