"""Which Raumtyp a place has, and which one a parcel gets from the places it covers.

The strategy describes Innenstadt, Zwischenstadt and Landschaft in pictures and gives no number [S]. What is
not known stays unknown: it is never counted as zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

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
    BUILT_SHARE = "Raster, nur bebauter Anteil"
    """The raster where the use of most buildings is unknown."""


class Unknown(StrEnum):
    """Why the Raumtyp of a place cannot be told."""

    NO_SETTLEMENT = "Siedlungsfläche fehlt"
    NO_BUILDINGS = "Gebäude fehlen"
    USE = "Gebäudenutzung nicht bekannt"
    CENTRE = "Gebäude fehlen in großen Teilen der Siedlung"

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
TypedPlace = tuple[Origin, SpaceType] | Unknown


# -- one parcel ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Assignment:
    """The Raumtyp of a parcel, the percentage of its area that has it, and where it comes from."""

    space_type: SpaceType | None
    percent: float | None
    origin: str


def assign(places: Mapping[TypedPlace, float]) -> Assignment:
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
