"""What a building is used for, by its code in the ALKIS catalogue or its value in OpenStreetMap."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..reading.names import normal_name
from ..reading.values import whole_number
from .building_functions import function_code

UNSPECIFIED = frozenset({"", "yes", "0", "9998", "9999"})
"""What stands for a use that nobody has told: 9998 in ALKIS [P: AdV], yes in OpenStreetMap."""
_CODES = range(1000, 4000)
"""Codes of AX_Gebaeudefunktion that tell a use [P: AdV]."""
_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)")


class CentralUses:
    """The uses that make an inner city, as codes, ranges of codes and words, and words for other uses."""

    def __init__(self, central: Iterable[str], other: Iterable[str]) -> None:
        self._ranges: list[range] = []
        self._words = {normal_name(word): False for word in other}
        for value in central:
            limits = _RANGE.fullmatch(value)
            first, last = map(whole_number, limits.groups() if limits else (value, value))
            if first is None or last is None:
                self._words[normal_name(value)] = True
            else:
                self._ranges.append(range(first, last + 1))

    def covers(self, use: str | None) -> bool | None:
        """Return whether a use is central, ``None`` where the attribute does not tell.

        A word that is listed tells it, else, where codes are listed, the code that is given or told in words.
        """
        listed = self._words.get(normal_name(use or ""))
        if listed is not None or not self._ranges:
            return listed
        code = function_code(use)
        return any(code in codes for codes in self._ranges) if code in _CODES else None
