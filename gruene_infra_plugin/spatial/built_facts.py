"""Engine ``built_facts``: what fields and stated ground tell of a building: greened, flat, off the sewer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from qgis.core import QgsFeature, QgsGeometry

from ..methods.new_buildings import Drainage, LeftOut, NewBuilding, drainage, greened, left_out
from ..methods.thresholds import least
from .overlay import PieceIndex
from .values import Column

Words = Callable[[QgsFeature], str | None]
"""The text of a field, ``None`` where there is none."""


@dataclass(frozen=True)
class BuiltFacts:
    """Columns and texts of the fields of buildings.

    ``green_year`` is the year of ``green`` and ``vegetation``, ``None`` where nobody says. ``grounds`` are
    those of which something else than the buildings tells how they drain, ``None`` without any.
    """

    function: Words
    position: Words
    state: Words
    green: Column
    vegetation: Column
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

    def of(self, feature: QgsFeature, is_new: bool | None, share: float | None, built: int) -> NewBuilding:
        """Return what is known of a building; ``share`` (0 to 1) is vegetated, ``built`` its latest year."""
        shape = feature.geometry()
        return NewBuilding(
            is_new,
            shape.area(),
            greened(self.green.of(feature), share, shape.area(), self.green_year, built),
            _yes(self.flat, feature),
            self._drainage(feature, shape),
            _yes(self.exception, feature),
        )

    def vegetated(self, features: Iterable[QgsFeature]) -> list[float | None]:
        """Return the vegetated share (0 to 1) of each building; values are fractions where none exceeds 1."""
        shares = [self.vegetation.of(feature) for feature in features]
        scale = 100.0 if max((share for share in shares if share is not None), default=0.0) > 1.0 else 1.0
        return [None if share is None else share / scale for share in shares]

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
