"""What a building is used for, by its code in the ALKIS catalogue or its value in OpenStreetMap."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .building_functions import function_code
from .names import normal_name
from .values import whole_number

CENTRAL_USES = (
    *("1120-1131", "2010-2099", "2310-2399", "3000-3099"),
    *("retail", "commercial", "office", "kiosk", "supermarket", "hotel"),
    *("public", "civic", "government", "museum", "theatre", "train_station", "fire_station", "hospital"),
    *("school", "kindergarten", "university", "college"),
    *("church", "cathedral", "chapel", "monastery", "mosque", "religious", "synagogue", "temple"),
)
"""Shops, gastronomy, offices, culture, public uses, also with housing [A].

Codes of AX_Gebaeudefunktion [P: AdV, AAA-Anwendungsschema 7.1], values of the OSM key building [P: OSM wiki].
2100 to 2229 are factories, workshops and stores: they are not among them, or dense works would be inner city.
"""
OTHER_USES = (
    *("apartments", "bungalow", "cabin", "detached", "dormitory", "house", "houseboat", "residential"),
    *("semidetached_house", "static_caravan", "terrace"),
    *("bunker", "hangar", "industrial", "manufacture", "parking", "service", "silo", "storage_tank"),
    *("transformer_tower", "warehouse", "water_tower"),
    *("barn", "cowshed", "farm", "farm_auxiliary", "farmyard", "greenhouse", "stable", "sty"),
    *("carport", "garage", "garages", "hut", "roof", "shed"),
    *("grandstand", "pavilion", "riding_hall", "sports_centre", "sports_hall", "stadium"),
)
"""Values of the OSM key building that tell another use [P: OSM wiki]; all codes that are not central do."""
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
