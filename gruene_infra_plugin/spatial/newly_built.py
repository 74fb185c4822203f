"""Engine ``newly_built``: how much of each building stood at an earlier date, and in which year it was built.

Nearly all buildings have the same outline at both dates: these are told by their bytes, and only the others
are compared as shapes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from qgis.core import QgsFeature, QgsGeometry

from ..methods.thresholds import most
from .change import EarlierStock
from .layers import Shaped
from .values import Column, text
from .wkb import normal_outline

MOVED_M = 0.05
"""Shift in metres from which on it is more than rounding [A]."""
SHIFT_MAX_M = 2.0
"""Shift in metres up to which two dates are surveys of the same buildings [A]."""


class EarlierBuildings:
    """Buildings of an earlier date, held against the ``outlines`` of those of today.

    ``shift`` is how far in metres those of today lie from where they were, east and north; it is known once
    shares are told.
    """

    def __init__(self, before: Iterable[Shaped], outlines: Collection[bytes]) -> None:
        self._unmoved: set[bytes] = set()
        self._stock = EarlierStock(self._seen(before, outlines))
        self.shift = (0.0, 0.0)

    def _seen(self, before: Iterable[Shaped], outlines: Collection[bytes]) -> Iterator[QgsGeometry]:
        for feature, wkb in before:
            outline = normal_outline(wkb)
            if outline in outlines:
                self._unmoved.add(outline)
            yield feature.geometry()

    @property
    def shifted_by(self) -> float:
        """Return how far the dates are shifted, in metres; 0 where it is no more than rounding."""
        length = math.hypot(*self.shift)
        return length if length > MOVED_M else 0.0

    def covered_shares(
        self, buildings: Mapping[bytes, QgsFeature], pulse: Callable[[], None]
    ) -> dict[bytes, float | None]:
        """Return by outline which share (0 to 1) of each building stood before.

        ``None`` where the earlier date tells nothing: far from all its buildings, or where it is shifted by
        more than surveys are.
        """
        shares = {
            outline: self._share(outline, feature.geometry(), pulse) for outline, feature in buildings.items()
        }
        self.shift = self._stock.common_shift(len(self._unmoved))
        if not self.shifted_by:
            return shares
        for outline, share in shares.items():
            if share is not None and outline not in self._unmoved:
                moved = self._moved_back(buildings[outline].geometry())
                shares[outline] = None if moved is None else self._share(outline, moved, pulse)
        return shares

    def _moved_back(self, shape: QgsGeometry) -> QgsGeometry | None:
        if self.shifted_by > most(SHIFT_MAX_M):
            return None
        moved = QgsGeometry(shape)
        moved.translate(-self.shift[0], -self.shift[1])
        return moved

    def _share(self, outline: bytes, shape: QgsGeometry, pulse: Callable[[], None]) -> float | None:
        if outline in self._unmoved:
            return 1.0
        pulse()
        share = self._stock.compare(shape, 0.0).covered_share
        return share if share or self._stock.reaches(shape) else None


def years_told(column: Column, given: object) -> list[float]:
    """Return the different years that a field holds, the earliest first.

    ALKIS lists the year of completion and those of structural changes; what is no year is left out, and said.
    """
    said = text(given)
    parts = given if isinstance(given, list) else re.split(r"[,;|]", said or "")
    return sorted({year for part in parts if (year := column.value(part)) is not None})
