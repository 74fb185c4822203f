"""The two things the generator is about: parcels and buildings."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .geometry import Geometry, Points


def no_front() -> Points:
    """Return the empty street line of a parcel without one."""
    return np.empty((0, 2))


@dataclass(frozen=True, eq=False)
class Parcel:
    """One Flurstück before it is numbered.

    ``kind`` decides how it is built on, ``front`` is the piece of street line it lies on (the
    parcel on its left), ``block`` joins the lots of one block and is -1 for streets, rail and water.
    """

    area: Geometry
    use: str
    kind: str
    district: str = ""
    block: int = -1
    front: Points = field(default_factory=no_front)
    ags: str = ""


@dataclass(frozen=True, eq=False)
class Building:
    """A building with its ground plan today and at the end of 2015 (None: not there then).

    ``gone`` marks a building of 2015 that has been pulled down since. ``roof`` is the code on record;
    ``shape`` is the code of the roof that stands there where it is another, ``pitch`` its slope in
    degrees where it is set. ``green`` is the planted part of the roof, ``register`` what a register of
    green roofs says (None: not listed there).
    """

    area: Geometry
    function: int
    roof: int
    storeys: int
    year: int | None
    ags: str = ""
    before: Geometry | None = None
    gone: bool = False
    shape: int | None = None
    pitch: float | None = None
    listed: bool = False
    green: Geometry | None = None
    register: int | None = None
