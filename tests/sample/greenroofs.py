"""Which roofs are greened, which are listed, and what a register of green roofs knows of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .codes import CHURCH, FLAT
from .frames import Random, frame_of_area
from .geometry import Geometry, centre, largest, random_for
from .model import Building

OLD = 1800  # built before: may be listed
LISTED_SHARE = 0.3
GREENED = ((2016, 0.75), (1990, 0.4), (1965, 0.26), (0, 0.16))  # share of level roofs by year from
PLANTERS_SHARE = 0.08  # level roofs with a few planters only
KNOWN_SHARE = {True: 0.5, False: 0.2}  # share of green and other level roofs in the register
GRAVEL = 0.8  # metres between the rim and the planting


def recorded(building: Building) -> Building:
    """Return an ordinary building with its listing and its planting."""
    rng = random_for("roof record", *centre(building.area))
    old = building.year is not None and building.year < OLD
    listed = building.function == CHURCH or (old and rng.random() < LISTED_SHARE)
    if building.roof != FLAT or building.gone:
        return replace(building, listed=listed)
    share = _planted_share(building, rng)
    known = rng.random() < KNOWN_SHARE[share > 0.1]
    green = planting(building.area, share) if share else None
    return replace(building, listed=listed, green=green, register=int(share > 0.1) if known else None)


def _planted_share(building: Building, rng: Random) -> float:
    """Return the part of the roof's length that is planted, 0 for most roofs."""
    likely = next(share for year, share in GREENED if (building.year or 0) >= year)
    if rng.random() < likely:
        return float(rng.uniform(0.45, 1.0))
    return 0.07 if rng.random() < PLANTERS_SHARE and building.area.GetArea() > 60 else 0.0


def planting(area: Geometry, share: float) -> Geometry | None:
    """Return the planted part of a roof: ``share`` of its length, without a strip of gravel at the rim."""
    frame = frame_of_area(area)
    reach = float(np.hypot(*np.ptp(np.array(area.GetGeometryRef(0).GetPoints())[:, :2], axis=0)))
    first = frame.box(-frame.width / 2, -reach, share * frame.width, 2 * reach)
    return largest(area.Buffer(-min(GRAVEL, frame.width / 16), 2).Intersection(first))
