"""Engine ``newly_built``: since when buildings stand, by year and by what stood at an earlier date.

Nearly all buildings have the same outline at both dates: these are told by their bytes, and only the others
are compared as shapes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from qgis.core import QgsFeature, QgsGeometry

from ..methods.newness import Dated, dated
from ..methods.thresholds import least, most
from .areas import Areas
from .change import EarlierStock
from .layers import Shaped
from .looked_at import LookedAt
from .values import Column, text
from .wkb import normal_outline

MOVED_M = 0.05
"""Shift in metres from which on it is more than rounding [A]."""
SHIFT_MAX_M = 2.0
"""Shift in metres up to which two dates are surveys of the same buildings [A]."""

Buildings = Mapping[bytes, QgsFeature]
"""Buildings by their outline, each once."""


class EarlierBuildings:
    """Buildings of an earlier date, held against those of today.

    ``look`` takes note of where the earlier ones lie; ``shift`` is how far in metres those of today lie from
    where they were, east and north.
    """

    def __init__(
        self, before: Iterable[Shaped], now: Buildings, look: LookedAt, pulse: Callable[[], None]
    ) -> None:
        self._unmoved: set[bytes] = set()
        self._stock = EarlierStock(self._seen(before, now, look))
        self._present = look.presence().present
        self._shares: dict[bytes, float | None] = {}
        for outline, feature in now.items():
            pulse()
            self._shares[outline] = self._compared(outline, feature.geometry())
        self.shift = self._stock.common_shift(len(self._unmoved))
        if self.shifted_by:
            self._take_back(now, pulse)

    def _seen(self, before: Iterable[Shaped], now: Buildings, look: LookedAt) -> Iterator[QgsGeometry]:
        for feature, wkb in before:
            outline, shape = normal_outline(wkb), feature.geometry()
            look.add(shape)
            if outline in now:
                self._unmoved.add(outline)
            yield shape

    @property
    def shifted_by(self) -> float:
        """Return how far the dates are shifted, in metres; 0 where it is no more than rounding."""
        length = math.hypot(*self.shift)
        return length if length > MOVED_M else 0.0

    @property
    def is_one_survey(self) -> bool:
        """Return whether the dates are shifted by no more than surveys of the same buildings are."""
        return self.shifted_by <= most(SHIFT_MAX_M)

    def covered_share(self, outline: bytes, shape: QgsGeometry, areas: Areas, enough: float) -> float | None:
        """Return which share (0 to 1) of a building stood before.

        ``None`` where the earlier date tells nothing: far from all its buildings, in an area of which it has
        none, or where it is shifted by more than surveys are. Of a share of ``enough`` it tells in any case.
        """
        share = self._shares[outline]
        if share is None or share >= least(enough):
            return share
        return share if areas.of_most(areas.shares([shape])) in self._present else None

    def _compared(self, outline: bytes, shape: QgsGeometry) -> float | None:
        if outline in self._unmoved:
            return 1.0
        share = self._stock.compare(shape, 0.0).covered_share
        return share if share or self._stock.reaches(shape) else None

    def _take_back(self, now: Buildings, pulse: Callable[[], None]) -> None:
        """Compare again what has moved, where it was before the shift."""
        east, north = self.shift
        for outline, share in self._shares.items():
            if share is None or outline in self._unmoved:
                continue
            pulse()
            shape = QgsGeometry(now[outline].geometry())
            shape.translate(-east, -north)
            self._shares[outline] = self._compared(outline, shape) if self.is_one_survey else None


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

    def of(self, feature: QgsFeature, outline: bytes) -> tuple[Dated, list[int]]:
        """Return whether a building is new, and all years that are told of it, the earliest first."""
        years = [] if self.year.index is None else years_told(self.year, feature[self.year.index])
        share = None
        if self.earlier is not None:
            share = self.earlier.covered_share(outline, feature.geometry(), self.areas, self.enough)
        return dated(years[0] if years else None, self.reference_year, share, self.enough), years


def years_told(column: Column, given: object) -> list[int]:
    """Return the different years that a field holds, the earliest first.

    ALKIS lists the year of completion and those of structural changes; what is no year is left out, and said.
    """
    parts = re.split(r"[,;|]", text(given) or "") if isinstance(given, str) else given
    parts = parts if isinstance(parts, list) else [parts]
    return sorted({int(year) for part in parts if (year := column.value(part)) is not None})
