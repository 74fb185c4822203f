"""Engine ``building_versions``: which buildings of the same id are one, and in which version.

The same id is not the same building. Of those that lie upon each other the newest stays; those that touch
are pieces of one building, cut at the border of a tile; others are buildings of their own. Nothing depends
on the order in which they come.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
from qgis.core import QgsFeature, QgsGeometry, QgsSpatialIndex

from ...methods.findings.thresholds import least, most
from ...methods.patches.connectivity import components
from ..geometry.wkb import bytes_of, geometry_of
from .city_model import Part

SAME_PLACE = 0.5
"""Share of the smaller of two outlines under the other from which on both show one building [A]."""
SAME_OUTLINE = 0.99
"""Shared area of two outlines, of their united area, from which on they are the same [A]."""
TOUCHING_M = 0.1
"""Distance up to which outlines of the same id touch: they are pieces of one building [A]."""
MILLIMETRE = 1e-3
"""Step by which outlines are told apart: the accuracy of the coordinates in a tile, m."""
DELIVERED = re.compile(r"(?<!\d)((?:19[89]|20\d)\d)(?:-?(\d\d)-?(\d\d))?(?!\d)")
"""The year, or day, in the name of a tile or its folder; kilometres north in Germany begin with 5 or 6."""

TilePosition = tuple[int, int]
"""The number of a tile and of a building in it."""


class Left(Enum):
    """Why a building that was read is left out for another one of its id."""

    REPEAT = "same outline and date"
    OLDER = "newer one at its place"
    OTHER_OUTLINE = "other outline at its place without a newer date"


@dataclass(frozen=True, eq=False, slots=True)
class Reading:
    """A building as one tile delivers it, small, since very many may be held.

    ``date`` is that of the building, ``delivered`` that of the tile; ISO dates or years, empty if unknown.
    ``wkb`` is its footprint in the CRS that all share, ``area`` in m²; ``shape_key`` is what outlines share
    that are the same to the millimetre, wherever their rings begin.
    """

    place: TilePosition
    tile: Path
    date: str
    delivered: str
    level_of_detail: int
    fingerprint: bytes
    wkb: bytes
    area: float
    shape_key: bytes

    @classmethod
    def of(cls, part: Part, outline: QgsGeometry, tile: Path, place: TilePosition) -> Reading:
        """Return what tells a building that a tile delivers; ``outline`` is its footprint."""
        shape = outline.snappedToGrid(MILLIMETRE, MILLIMETRE)
        shape.normalize()
        return cls(
            place=place,
            tile=tile,
            date=part.date,
            delivered=_delivered(tile),
            level_of_detail=part.level_of_detail,
            fingerprint=part.fingerprint(),
            wkb=bytes_of(outline),
            area=outline.area(),
            shape_key=hashlib.blake2b(bytes_of(shape), digest_size=16).digest(),
        )

    @property
    def outline(self) -> QgsGeometry:
        """The footprint."""
        return geometry_of(self.wkb)

    @property
    def age(self) -> tuple[str, str]:
        """What is larger in a newer version."""
        return self.date or self.delivered, self.delivered

    def is_at_place_of(self, other: Reading) -> bool:
        """Return whether the two outlines lie upon each other."""
        return self._shared_area(other) >= least(SAME_PLACE * min(self.area, other.area))

    def left_for(self, other: Reading) -> Left:
        """Return why this one is left out for another one at its place that is not older."""
        shared = self._shared_area(other)
        is_same = shared >= least(SAME_OUTLINE * (self.area + other.area - shared))
        days = {self.age[0], other.age[0]} - {""}
        if is_same and len(days) < 2:
            return Left.REPEAT
        return Left.OLDER if self.age < other.age and self.age[0] else Left.OTHER_OUTLINE

    def _shared_area(self, other: Reading) -> float:
        if self.shape_key == other.shape_key:
            return min(self.area, other.area)
        return self.outline.intersection(other.outline).area()


@dataclass(frozen=True, eq=False)
class Group:
    """The readings that make up one building, in an order of their own, and the id that it gets."""

    id: str
    places: tuple[TilePosition, ...]
    is_renamed: bool = False


def settle(building_id: str, readings: Iterable[Reading]) -> tuple[list[Group], dict[TilePosition, Left]]:
    """Return the buildings of one id, and which readings are left out and why."""
    kept, left = _newest(readings)
    found = [_Pieces(pieces) for pieces in _touching(kept)]
    is_shared = len(found) > 1
    groups = [
        Group(f"{building_id}_{one.key}" if is_shared else building_id, one.places, is_shared)
        for one in found
    ]
    return groups, left


def key_of(shape_keys: Iterable[bytes]) -> str:
    """Return a short text that outlines share only if they are the same, in whatever order."""
    return hashlib.blake2b(b"".join(sorted(shape_keys)), digest_size=8).hexdigest()


@dataclass(frozen=True)
class _Pieces:
    readings: Sequence[Reading]

    @property
    def key(self) -> str:
        return key_of(reading.shape_key for reading in self.readings)

    @property
    def places(self) -> tuple[TilePosition, ...]:
        return tuple(reading.place for reading in self.readings)


def _newest(readings: Iterable[Reading]) -> tuple[list[Reading], dict[TilePosition, Left]]:
    """Keep the newest of the readings at one place, of equally new ones the most detailed, the largest."""
    ordered = sorted(readings, key=lambda one: (one.tile.name, one.tile))
    ordered.sort(
        key=lambda one: (one.age, one.level_of_detail, one.area, one.shape_key, one.fingerprint), reverse=True
    )
    kept: list[Reading] = []
    left: dict[TilePosition, Left] = {}
    index = QgsSpatialIndex()
    for reading in ordered:
        near = (kept[number] for number in sorted(index.intersects(reading.outline.boundingBox())))
        rival = next((other for other in near if reading.is_at_place_of(other)), None)
        if rival is None:
            _add(index, len(kept), reading)
            kept.append(reading)
        else:
            left[reading.place] = reading.left_for(rival)
    return kept, left


def _touching(readings: Sequence[Reading]) -> list[list[Reading]]:
    """Return the readings in groups of those that touch."""
    index = QgsSpatialIndex()
    for number, reading in enumerate(readings):
        _add(index, number, reading)
    ends = [
        (number, other)
        for number, reading in enumerate(readings)
        for other in index.intersects(reading.outline.boundingBox().buffered(TOUCHING_M))
        if other > number and reading.outline.distance(readings[other].outline) <= most(TOUCHING_M)
    ]
    label = components(len(readings), np.array(ends, dtype=int).reshape(-1, 2))
    return [[readings[k] for k in np.flatnonzero(label == one)] for one in np.unique(label)]


def _add(index: QgsSpatialIndex, number: int, reading: Reading) -> None:
    feature = QgsFeature(number)
    feature.setGeometry(reading.outline)
    index.addFeature(feature)


def _delivered(path: Path) -> str:
    """Return the date of a tile by its name, else by that of its folder, empty if neither tells one."""
    for name in (path.stem, path.parent.name):
        if found := DELIVERED.findall(name):
            return "-".join(part for part in found[-1] if part)
    return ""
