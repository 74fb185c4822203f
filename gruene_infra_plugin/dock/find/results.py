"""What a search brought: the parcels, their sums, and how they are put in order."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import Any

from ...register.model import FoundParcel
from ...register.queries import SQUARE_METRES_PER_HECTARE

RUN = 10_000
"""How many rows are sorted in one call, which no other thread can interrupt: a few milliseconds."""


class Column(IntEnum):
    """Columns of the list, from left to right."""

    KEY = 0
    GOALS = 1
    SPACE_TYPE = 2
    PROJECT = 3
    AREA = 4


_SORTED_BY: dict[Column, Callable[[FoundParcel], Any]] = {
    Column.KEY: lambda parcel: parcel.key,
    Column.GOALS: lambda parcel: parcel.goals,
    Column.SPACE_TYPE: lambda parcel: parcel.raumtyp or "",
    Column.PROJECT: lambda parcel: tuple(name.casefold() for name in parcel.projects),
    Column.AREA: lambda parcel: parcel.area_m2,
}


def order(parcels: Sequence[FoundParcel], column: Column) -> list[int]:
    """Return the places of the parcels in the order of a column; equal ones keep theirs.

    It is sorted in runs and merged, so that a long list in the background does not stop the window.
    """
    values = [_SORTED_BY[column](parcel) for parcel in parcels]
    runs = [
        sorted(range(start, min(start + RUN, len(values))), key=values.__getitem__)
        for start in range(0, len(values), RUN)
    ]
    return list(heapq.merge(*runs, key=values.__getitem__))


def hectares(parcels: Sequence[FoundParcel]) -> float:
    """Return the area of all parcels."""
    return sum(parcel.area_m2 for parcel in parcels) / SQUARE_METRES_PER_HECTARE
