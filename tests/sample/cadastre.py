"""Numbers of the cadastre: Gemarkung, Flur, Zähler and Nenner, and the Flurstückskennzeichen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from . import plan
from .geometry import inner_point
from .model import Parcel

LAND = "05"
Seed = tuple[tuple[int, str, int], str, np.ndarray]  # Flur, AGS, a point in it
SHARED_NUMBER = ("efh", "neubau", "ufer", "zeilen", "planted", "gewerbe")  # split from one older parcel


@dataclass(frozen=True)
class Flurstueck:
    """A parcel with its place in the cadastre; ``denominator`` 0 means there is none."""

    parcel: Parcel
    gemarkung: int
    gemarkung_name: str
    flur: int
    numerator: int
    denominator: int

    @property
    def key(self) -> str:
        """The 20 characters of the Flurstückskennzeichen, underscores for missing parts."""
        lower = f"{self.denominator:04d}" if self.denominator else "____"
        return f"{LAND}{self.gemarkung:04d}{self.flur:03d}{self.numerator:05d}{lower}__"


def numbered(parcels: list[Parcel]) -> list[Flurstueck]:
    """Return the parcels numbered per Flur, block by block from north-west to south-east."""
    seeds = _seeds()
    fluren: dict[tuple[int, str, int], list[Parcel]] = defaultdict(list)
    for parcel in parcels:
        fluren[_flur_of(parcel, seeds)].append(parcel)
    return [item for flur in sorted(fluren) for item in _numbered_in_flur(flur, fluren[flur])]


def _seeds() -> list[Seed]:
    return [
        ((number, name, flur), ags, np.array(place))
        for number, name, ags, places in plan.GEMARKUNGEN
        for flur, place in enumerate(places, start=1)
    ]


def _flur_of(parcel: Parcel, seeds: list[Seed]) -> tuple[int, str, int]:
    place = np.array(inner_point(parcel.area).GetPoint()[:2])
    mine = [(float(np.hypot(*(seed - place))), flur) for flur, ags, seed in seeds if ags == parcel.ags]
    return min(mine)[1]


def _numbered_in_flur(flur: tuple[int, str, int], parcels: list[Parcel]) -> list[Flurstueck]:
    groups: dict[tuple[str, int], list[Parcel]] = defaultdict(list)
    for position, parcel in enumerate(parcels):
        together = parcel.block >= 0 and parcel.kind in SHARED_NUMBER
        groups[(parcel.kind, parcel.block) if together else ("", position)].append(parcel)
    result = []
    for numerator, group in enumerate(sorted(groups.values(), key=_north_west), start=1):
        for denominator, parcel in enumerate(group, start=1):
            result.append(Flurstueck(parcel, *flur, numerator, denominator if len(group) > 1 else 0))
    return result


def _north_west(group: list[Parcel]) -> tuple[int, float, float]:
    x_min, _, _, y_max = group[0].area.GetEnvelope()
    return -int(y_max // 120), x_min, y_max
