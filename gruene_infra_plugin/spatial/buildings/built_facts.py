"""Engine ``built_facts``: what fields and stated ground tell of a building: greened, flat, off the sewer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qgis.core import QgsFeature, QgsGeometry

from ...methods.buildings.new_buildings import Drainage, LeftOut, NewBuilding, drainage, greened, left_out
from ...methods.findings.thresholds import least
from ..geometry.overlay import PieceIndex
from ..reading.values import Column

Words = Callable[[QgsFeature], str | None]
"""The text of a field, ``None`` where there is none."""


@dataclass(frozen=True)
class BuiltFacts:
    """Columns and texts of the fields of buildings.

    Values of ``vegetation`` are parts of ``vegetated_of``, 1 or 100.
    ``green_year`` is the year of ``green`` and ``vegetation``, ``None`` where nobody says. ``grounds`` are
    those of which something else than the buildings tells how they drain, ``None`` without any.
    """

    function: Words
    position: Words
    state: Words
    green: Column
    vegetation: Column
    vegetated_of: float
    green_year: int | None
    flat: Column
    decoupled: Column
    decoupled_words: Words
    exception: Column
    grounds: PieceIndex[Drainage] | None

    def left_out(self, feature: QgsFeature, area: float, min_area: float) -> LeftOut | None:
        """Return why a building does not count, ``None`` where it does; areas in m²."""
        told = (words(feature) for words in (self.function, self.position, self.state))
        return left_out(area, min_area, *told)

    def of(self, feature: QgsFeature, is_new: bool | None, built: int) -> NewBuilding:
        """Return what is known of a building; ``built`` is the latest year in which it can have been."""
        shape, share = feature.geometry(), self.vegetation.of(feature)
        share = None if share is None else share / self.vegetated_of
        return NewBuilding(
            is_new,
            shape.area(),
            greened(self.green.of(feature), share, shape.area(), self.green_year, built),
            _yes(self.flat, feature),
            self._drainage(feature, shape),
            _yes(self.exception, feature),
        )

    def _drainage(self, feature: QgsFeature, shape: QgsGeometry) -> Drainage | None:
        """Return what the field says, else what is said of the ground of at least half of the building."""
        word = self.decoupled_words(feature)
        told = drainage(None, word) or drainage(self.decoupled.of(feature), word)
        if told is not None or self.grounds is None:
            return told
        half = least(shape.area() / 2)
        found = [meaning for meaning, area in self.grounds.overlap(shape).items() if area >= half]
        return found[0] if len(found) == 1 else None


def _yes(column: Column, feature: QgsFeature) -> bool | None:
    value = column.of(feature)
    return None if value is None else bool(value)
