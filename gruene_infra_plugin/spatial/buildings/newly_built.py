"""Engine ``newly_built``: since when buildings stand, by year and by what stood at an earlier date.

Nearly all buildings have the same outline at both dates. These are told by short keys of their outlines, and
of very many of them no more is held; only the others are held and compared as shapes.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsSpatialIndex

from ...methods.buildings.newness import Dated, dated
from ...methods.findings.thresholds import least, most
from ...methods.geometry.boxes import alike
from ..attribution.areas import Areas
from ..attribution.looked_at import GRID_M, REACH_CELLS, LookedAt
from ..geometry.wkb import normal_outline
from ..reading.features import Shaped
from ..reading.values import Column, text
from .earlier_stock import EarlierStock

MOVED_M = 0.05
"""Shift in metres from which on it is more than rounding [A]."""
SHIFT_MAX_M = 2.0
"""Shift in metres up to which two dates are surveys of the same buildings [A]."""

SAME_M = 0.1
"""Distance in metres up to which two outlines of one layer are the same building, drawn again [A]."""

Buildings = Mapping[int, QgsFeature]
"""Buildings by the key of their outline, each once."""


def is_redrawn(one: QgsGeometry, other: QgsGeometry) -> bool:
    """Return whether no place of an outline is farther from the other one than :data:`SAME_M`."""
    return one.hausdorffDistance(other) <= most(SAME_M)


def outline_key(wkb: bytes) -> int:
    """Return a number of 64 bits that polygons with the same rings share, and others all but never."""
    return int.from_bytes(blake2b(normal_outline(wkb), digest_size=8).digest(), "little")


class OutlineKeys:
    """Keys of the outlines of n buildings, shape (n,), and their bounding boxes, shape (n, 4), in metres."""

    def __init__(self, read: Iterable[Shaped]) -> None:
        keys, boxes = array("Q"), array("d")
        for feature, wkb in read:
            keys.append(outline_key(wkb))
            box = feature.geometry().boundingBox()
            boxes.extend((box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()))
        self.keys = np.array(keys, dtype=np.uint64)
        self.boxes = np.array(boxes).reshape(-1, 4)

    def nearly_repeated(self) -> list[tuple[int, int]]:
        """Return pairs of different keys of buildings whose bounding boxes are alike."""
        keys, first = np.unique(self.keys, return_index=True)
        pairs = alike(self.boxes[first], SAME_M)
        return [(int(keys[one]), int(keys[other])) for one, other in pairs.tolist()]

    def repeated(self) -> set[int]:
        """Return the keys that several buildings share."""
        keys, counts = np.unique(self.keys, return_counts=True)
        return set(keys[counts > 1].tolist())


class EarlierBuildings:
    """Buildings of an earlier date, ``before``, held against the outlines of those of today, ``now``.

    ``keys`` are those of the earlier ones, and ``look`` takes note of where they lie. Shares are known once
    :meth:`compare` has seen the buildings that have changed; ``shift`` is how far in metres those of today
    lie then from where they were, east and north.
    """

    def __init__(self, now: OutlineKeys, keys: OutlineKeys, before: Iterable[Shaped], look: LookedAt) -> None:
        is_changed = ~np.isin(now.keys, keys.keys)
        self._changed = set(now.keys[is_changed].tolist())
        self._unmoved = len(np.unique(now.keys[~is_changed]))
        self._cells: set[tuple[float, float]] = set()
        changed = QgsSpatialIndex()
        for number, box in enumerate(now.boxes[is_changed].tolist()):
            changed.addFeature(number, QgsRectangle(*box).buffered(SHIFT_MAX_M))
        self._stock = EarlierStock(self._near(before, changed, look))
        self._present = look.presence().present
        self._shares: dict[int, float | None] = {}
        self.shift = (0.0, 0.0)

    def _near(
        self, before: Iterable[Shaped], changed: QgsSpatialIndex, look: LookedAt
    ) -> Iterator[QgsGeometry]:
        """Yield the earlier buildings at the places of changed ones, all of them seen."""
        for feature, _ in before:
            shape = feature.geometry()
            look.add(shape)
            box = shape.boundingBox()
            self._cells.add((box.xMinimum() // GRID_M, box.yMinimum() // GRID_M))
            if changed.intersects(box):
                yield shape

    def has_changed(self, key: int) -> bool:
        """Return whether a building has another outline than any earlier one."""
        return key in self._changed

    def compare(self, buildings: Buildings, pulse: Callable[[], None]) -> None:
        """Compare the buildings that have changed, where they were before a shift that most of them share."""
        changed = {key: feature for key, feature in buildings.items() if key in self._changed}
        for key, feature in changed.items():
            pulse()
            self._shares[key] = self._compared(feature.geometry())
        self.shift = self._stock.common_shift(self._unmoved)
        if not self.shifted_by:
            return
        for key, feature in changed.items():
            if self._shares[key] is not None:
                pulse()
                shape = QgsGeometry(feature.geometry())
                shape.translate(-self.shift[0], -self.shift[1])
                self._shares[key] = self._compared(shape) if self.is_one_survey else None

    @property
    def shifted_by(self) -> float:
        """Return how far the dates are shifted, in metres; 0 where it is no more than rounding."""
        length = math.hypot(*self.shift)
        return length if length > MOVED_M else 0.0

    @property
    def is_one_survey(self) -> bool:
        """Return whether the dates are shifted by no more than surveys of the same buildings are."""
        return self.shifted_by <= most(SHIFT_MAX_M)

    def covered_share(self, key: int, shape: QgsGeometry, areas: Areas, enough: float) -> float | None:
        """Return which share (0 to 1) of a building stood before.

        ``None`` where the earlier date tells nothing: far from all its buildings, in an area of which it has
        none, or where it is shifted by more than surveys are. Of a share of ``enough`` it tells in any case.
        """
        share = self._shares[key] if key in self._changed else 1.0
        if share is None or share >= least(enough):
            return share
        return share if areas.of_most(areas.shares([shape])) in self._present else None

    def _compared(self, shape: QgsGeometry) -> float | None:
        share = self._stock.compare(shape, 0.0).covered_share
        return share if share or self._reaches(shape) else None

    def _reaches(self, shape: QgsGeometry) -> bool:
        """Return whether an earlier building lies within reach, as :mod:`looked_at` counts it."""
        box = shape.boundingBox()
        west, south = box.xMinimum() // GRID_M - REACH_CELLS, box.yMinimum() // GRID_M - REACH_CELLS
        columns, rows = (
            range(int(first), int(last // GRID_M) + REACH_CELLS + 1)
            for first, last in ((west, box.xMaximum()), (south, box.yMaximum()))
        )
        return any((column, row) in self._cells for column in columns for row in rows)


@dataclass(frozen=True)
class Dating:
    """Says since when a building stands: new from ``reference_year`` on, or covered by less than ``enough``.

    ``year`` has no field, and ``earlier`` is ``None``, where that evidence is not given.
    """

    year: Column
    reference_year: int
    earlier: EarlierBuildings | None
    enough: float
    areas: Areas

    @property
    def has_evidence(self) -> bool:
        return self.year.index is not None or self.earlier is not None

    def of(self, feature: QgsFeature, key: int) -> tuple[Dated, list[int]]:
        """Return whether a building is new, and all years that are told of it, the earliest first."""
        years = [] if self.year.index is None else years_told(self.year, feature[self.year.index])
        share = None
        if self.earlier is not None:
            share = self.earlier.covered_share(key, feature.geometry(), self.areas, self.enough)
        return dated(years[0] if years else None, self.reference_year, share, self.enough), years


def years_told(column: Column, given: object) -> list[int]:
    """Return the different years that a field holds, the earliest first.

    ALKIS lists the year of completion and those of structural changes; what is no year is left out, and said.
    """
    parts = re.split(r"[,;|]", text(given) or "") if isinstance(given, str) else given
    parts = parts if isinstance(parts, list) else [parts]
    return sorted({int(year) for part in parts if (year := column.value(part)) is not None})
