"""The building stock today and in 2015: which rule builds which parcels, and what they leave behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from . import largeforms, plan
from .coverage import share_vertices
from .ensembles import SITES
from .frames import Random
from .geometry import Index, centre, largest, multi, parts, random_for
from .houses import Block, colony, detached, old_core, perimeter, village
from .model import Building, Parcel

EARLIER_YEAR = 2015  # the earlier stock shows the end of this year
UNKNOWN_YEAR_SHARE = 0.03
WALL_TOLERANCE = 0.003  # metres

RULES: dict[str, Callable[[Block, Random], list[Building]]] = {
    "altstadt": old_core,
    "blockrand": perimeter,
    "efh": detached,
    "neubau": detached,
    "ufer": detached,
    "muehle": detached,
    "kolonie": colony,
    "dorf": village,
    "zeilen": largeforms.slabs,
    "gewerbe": largeforms.works,
    "hafen": largeforms.works,
    "logistik": largeforms.works,
    "schule": largeforms.site,
    "kleingarten": largeforms.allotments,
    **dict.fromkeys(SITES, largeforms.site),
}


def ordinary(parcels: list[Parcel]) -> list[Building]:
    """Return the buildings of all parcels but the planted ones, block by block."""
    blocks: dict[tuple[int, str, str], Block] = defaultdict(list)
    for parcel in parcels:
        if parcel.kind in RULES:
            blocks[parcel.block, parcel.kind, parcel.ags].append(parcel)
    result = []
    for (number, kind, ags), block in sorted(blocks.items()):
        rng = random_for("buildings " + kind, number, *centre(block[0].area))
        for building in RULES[kind](block, rng):
            result.append(_dated(replace(building, ags=ags), rng))
    return _with_landmarks(_without_overlaps(shared_walls(result)))


def _dated(building: Building, rng: Random) -> Building:
    """Return ``building`` with its state of 2015; of a few the year of construction is unknown."""
    if building.year is None or building.year > EARLIER_YEAR:
        return building
    before = building.before if building.before is not None else building.area
    return replace(building, before=before, year=None if rng.random() < UNKNOWN_YEAR_SHARE else building.year)


def shared_walls(buildings: list[Building]) -> list[Building]:
    """Return the buildings in whole millimetres, walls that touch with the same vertices."""
    today = [b.area for b in buildings]
    earlier = [b.area if b.before is None else b.before for b in buildings]
    found = [largest(multi(areas)) for areas in share_vertices(today + earlier, WALL_TOLERANCE)]
    pairs = zip(buildings, found[: len(today)], found[len(today) :], strict=True)
    return [replace(b, area=now, before=None if b.before is None else then) for b, now, then in pairs]


def _without_overlaps(buildings: list[Building]) -> list[Building]:
    """Return the buildings that overlap no earlier one of the list; those gone are kept."""
    index = Index()
    kept = []
    for building in buildings:
        body = building.area
        shared = (body.Intersection(index.geometries[i]) for i in index.near(body))
        if building.gone or not any(parts(overlap, 0.002) for overlap in shared):
            kept.append(building)
            if not building.gone:
                index.add(body)
    return kept


def _with_landmarks(buildings: list[Building]) -> list[Building]:
    """Return the buildings, those nearest to the plan's landmarks with the landmark's function."""
    result = list(buildings)
    places = np.array([centre(building.area) for building in buildings])
    unfit = np.array([building.gone or building.area.GetArea() < 130 for building in buildings])
    for x, y, function, storeys in plan.LANDMARKS:
        nearest = int(np.argmin(np.hypot(places[:, 0] - x, places[:, 1] - y) + 1e6 * unfit))
        result[nearest] = replace(result[nearest], function=function, storeys=storeys)
    return result
