"""Which Raumtyp a place has, and which one a parcel gets from the places it covers.

The strategy describes Innenstadt, Zwischenstadt and Landschaft in pictures and gives no number [S]; every
threshold here is an assumption [A]. What is not known stays unknown: it is never counted as zero.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

WINDOW_M2 = 90_000.0
"""Area of the window of 300 m round a cell of 100 m, in square metres."""
M2_PER_HA = 10_000.0
UNSPECIFIED_USE = 9998
"""Code of the ALKIS catalogue for a use that the source does not tell [P: AdV, AX_Gebaeudefunktion]."""
ROUNDING = 1e-9
"""Relative difference below which a measured value counts as equal to its threshold."""
NEGLIGIBLE_SHARE = 1e-6
"""Share of a parcel below which an area is rounding of coordinates."""


class SpaceType(StrEnum):
    """The three Raumtypen; of equal areas the first one wins."""

    INNER_CITY = "Innenstadt"
    BETWEEN = "Zwischenstadt"
    LANDSCAPE = "Landschaft"


class Origin(StrEnum):
    """Where the Raumtyp of a place comes from, in the order of precedence."""

    POLYGON = "Polygon"
    ZONE = "RVR-Zone"
    RASTER = "Raster"


class Unknown(StrEnum):
    """Why the Raumtyp of a place cannot be told."""

    NO_SETTLEMENT = "Siedlungsfläche fehlt"
    NO_BUILDINGS = "Gebäude fehlen"
    DENSITY_AND_USE = "Einwohnerdichte und Gebäudenutzung nicht bekannt"
    DENSITY = "Einwohnerdichte nicht bekannt"
    USE = "Gebäudenutzung nicht bekannt"

    @property
    def candidates(self) -> tuple[SpaceType, ...]:
        """Raumtypen that the place may have."""
        if self is Unknown.NO_SETTLEMENT:
            return tuple(SpaceType)
        return SpaceType.INNER_CITY, SpaceType.BETWEEN


SPACE_TYPES: Mapping[str, SpaceType] = {str(kind): kind for kind in SpaceType}
"""The words of the Raumtypen."""
ZONE_TYPES: Mapping[str, SpaceType] = {
    "Verdichtungszone": SpaceType.INNER_CITY,
    "Übergangszone": SpaceType.BETWEEN,
    "Außenzone": SpaceType.LANDSCAPE,
}
"""Raumtyp by which a zone of the RVR is shown [A]."""
Place = tuple[Origin, SpaceType] | Unknown


# -- one cell -----------------------------------------------------------------------------------------------


@dataclass
class Facts:
    """Sums over a cell of 100 m or over a window of nine. Areas in square metres."""

    built: float = 0.0
    """Footprint of all buildings."""
    described: float = 0.0
    """Footprint of the buildings whose use and storeys are known."""
    floor: float = 0.0
    """Floor area of these: footprint times storeys."""
    non_residential: float = 0.0
    """The part of ``floor`` that is not for living."""
    people: float = 0.0
    """Inhabitants where their number is known."""
    counted: float = 0.0
    """Area where the number of inhabitants is known."""
    suppressed: float = 0.0
    """Area of grid cells whose number of inhabitants is withheld."""

    def add(self, other: Facts) -> None:
        """Add the sums of another cell."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass(frozen=True)
class Criteria:
    """Thresholds of the fallback. Shares from 0 to 1, density in inhabitants per hectare; all [A]."""

    coverage: float
    density: float
    non_residential: float
    known_share: float
    absent_is_empty: bool = False
    """Whether nobody lives where the population layer has no cell at all."""

    def classify(self, window: Facts) -> SpaceType | Unknown:
        """Return the Raumtyp of a settled cell by the window round it, or why it cannot be told."""
        if not at_least(window.built / WINDOW_M2, self.coverage):
            return SpaceType.BETWEEN
        dense, in_use = self._is_dense(window), self._is_non_residential(window)
        if dense or in_use:
            return SpaceType.INNER_CITY
        if dense is None:
            return Unknown.DENSITY_AND_USE if in_use is None else Unknown.DENSITY
        return Unknown.USE if in_use is None else SpaceType.BETWEEN

    def _is_dense(self, window: Facts) -> bool | None:
        known = WINDOW_M2 - window.suppressed if self.absent_is_empty else window.counted
        known = min(max(known, 0.0), WINDOW_M2)
        if known <= 0:
            return None
        return reaches(M2_PER_HA * window.people / known, known / WINDOW_M2, self.density, self.known_share)

    def _is_non_residential(self, window: Facts) -> bool | None:
        if window.floor <= 0:
            return None
        share = window.non_residential / window.floor
        return reaches(share, window.described / window.built, self.non_residential, self.known_share)


def at_least(value: float, threshold: float) -> bool:
    """Return whether ``value`` is not below ``threshold``; rounding does not decide."""
    return value >= threshold * (1 - ROUNDING)


def reaches(value: float, known: float, threshold: float, known_share: float) -> bool | None:
    """Return whether a quantity reaches its threshold, ``None`` where that cannot be told.

    ``value`` is that of the known part, whose share of the whole is ``known`` (0 to 1). It reaches the
    threshold if it does so with nothing at all in the unknown part; it fails to if at least ``known_share``
    is known and the known part alone stays below.
    """
    if at_least(value * known, threshold):
        return True
    return False if at_least(known, known_share) and not at_least(value, threshold) else None


# -- use of buildings ---------------------------------------------------------------------------------------

_RANGE = re.compile(r"(\d+)\s*[-–]\s*(\d+)")
_CODE = re.compile(r"(?:\d{5}_)?(\d+)(?:\.0*)?")
"""A code as ALKIS delivers it: 1010, 1010.0 or 31001_1010."""


class ResidentialUses:
    """The values by which a building is for living: ALKIS codes, ranges of codes, words."""

    def __init__(self, values: Iterable[str]) -> None:
        self._ranges: list[tuple[int, int]] = []
        self._words: set[str] = set()
        for value in values:
            limits = _RANGE.fullmatch(value)
            if limits:
                self._ranges.append((int(limits[1]), int(limits[2])))
            elif value.isdecimal():
                self._ranges.append((int(value), int(value)))
            else:
                self._words.add(value.casefold())

    def covers(self, use: str | None) -> bool | None:
        """Return whether a use is residential, ``None`` where the attribute does not tell.

        A word that is not listed tells something only where words are listed at all.
        """
        if not use:
            return None
        code = _CODE.fullmatch(use)
        if code:
            return self._covers_code(int(code[1]))
        return use.casefold() in self._words if self._words else None

    def _covers_code(self, code: int) -> bool | None:
        if not self._ranges or code in (0, UNSPECIFIED_USE):
            return None
        return any(low <= code <= high for low, high in self._ranges)


# -- one parcel ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Assignment:
    """The Raumtyp of a parcel, the percentage of its area that has it, and where it comes from."""

    space_type: SpaceType | None
    percent: float | None
    origin: str


def assign(places: Mapping[Place, float]) -> Assignment:
    """Return the Raumtyp that covers most of a parcel.

    Parameters
    ----------
    places : area by Raumtyp and origin or by reason why it is unknown; together the whole parcel.

    Areas of unknown Raumtyp may lie with any of their candidates. Where that could change which one covers
    most, the parcel has none, and the largest reason says why.
    """
    total = sum(places.values())
    by_type = dict.fromkeys(SpaceType, 0.0)
    unknown: dict[Unknown, float] = defaultdict(float)
    for place, area in places.items():
        if isinstance(place, Unknown):
            unknown[place] += area
        else:
            by_type[place[1]] += area
    winner = _largest(by_type, total)
    if any(_largest(possible, total) is not winner for possible in _extremes(by_type, unknown)):
        return Assignment(None, None, f"unbekannt: {_largest_reason(unknown)}")
    origins = {origin: places.get((origin, winner), 0.0) for origin in Origin}
    return Assignment(winner, 100.0 * by_type[winner] / total, max(Origin, key=lambda o: origins[o]))


def _largest(areas: Mapping[SpaceType, float], total: float) -> SpaceType:
    """Return the Raumtyp of the largest area; of those equal but for rounding the first."""
    most = max(areas.values()) - NEGLIGIBLE_SHARE * total
    return next(kind for kind in SpaceType if areas[kind] >= most)


def _extremes(
    by_type: Mapping[SpaceType, float], unknown: Mapping[Unknown, float]
) -> Iterable[dict[SpaceType, float]]:
    """Yield the areas with as much of the unknown as possible given to each Raumtyp in turn."""
    for kind in SpaceType:
        gain = sum(area for reason, area in unknown.items() if kind in reason.candidates)
        yield {**by_type, kind: by_type[kind] + gain}


def _largest_reason(unknown: Mapping[Unknown, float]) -> Unknown:
    return max(Unknown, key=lambda reason: unknown.get(reason, 0.0))
