"""Which share of each roof lies in which area and in its inner city, and how well buildings cover these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from qgis.core import QgsGeometry

from ...methods.findings.targets import Measurement
from ..geometry.overlay import PieceIndex, difference
from ..reading.source import Input
from .areas import Areas
from .looked_at import LookedAt, Sight, nothing_of, unusable

RING_M = 100.0
"""Metres by which the inner city is shrunk and grown [A]."""


@dataclass(frozen=True)
class RoofPlaces:
    """Which share (0 to 1) of each of n footprints lies in each area; arrays of shape (areas, n).

    ``whole`` regards the areas as they are, the others only what lies in the inner city, as given, shrunk
    and grown by :data:`RING_M`; these are ``None`` where no inner city is given.
    """

    whole: np.ndarray
    city: np.ndarray | None = None
    shrunk: np.ndarray | None = None
    grown: np.ndarray | None = None

    @classmethod
    def of(cls, footprints: Sequence[QgsGeometry], areas: Areas, city: QgsGeometry | None) -> RoofPlaces:
        """Measure footprints in one pass, in rings that add up to the three extents of the inner city."""
        shares = np.zeros((4, len(areas.areas), len(footprints)))
        rings = PieceIndex(_rings(city)) if city is not None else None
        for number, footprint in enumerate(footprints):
            _add_shares(shares[0, :, number], footprint, [footprint], areas)
            if rings is not None:
                for ring, part in rings.parts(footprint):
                    _add_shares(shares[ring, :, number], footprint, [part], areas)
        if city is None:
            return cls(shares[0])
        shrunk, inner, grown = np.minimum(np.cumsum(shares[1:], axis=0), 1.0)
        return cls(shares[0], inner, shrunk, grown)

    @property
    def inner(self) -> np.ndarray:
        """The inner city, or everything where none is given."""
        return self.whole if self.city is None else self.city


def _rings(city: QgsGeometry) -> dict[int, QgsGeometry]:
    """Return the shrunk inner city and the rings round it, out to the grown one, without overlap."""
    shrunk, grown = city.buffer(-RING_M, 16), city.buffer(RING_M, 16)
    return {1: shrunk, 2: difference(city, shrunk), 3: difference(grown, city)}


def _add_shares(
    shares: np.ndarray, footprint: QgsGeometry, parts: Sequence[QgsGeometry], areas: Areas
) -> None:
    for place, area in areas.measure(parts).items():
        shares[place] = min(1.0, shares[place] + area / footprint.area())


@dataclass(frozen=True)
class RoofGrounds:
    """What the buildings tell about whole areas, and about the inner city in them where it is given."""

    whole: Sight
    inner: Sight
    inner_city: Input | None

    @classmethod
    def of(
        cls,
        buildings: Input,
        footprints: Iterable[QgsGeometry],
        areas: Areas,
        inner_city: Input | None,
        city: QgsGeometry | None,
    ) -> RoofGrounds:
        look = LookedAt(buildings, areas)
        for footprint in footprints:
            look.add(footprint)
        whole = look.sight()
        return cls(whole, whole if city is None else look.sight([city]), inner_city)

    def limit(self, measured: Measurement, place: int, *, inner: bool) -> Measurement:
        """Return the measurement, covered no better than the buildings cover the area or its inner city."""
        if not inner or self.inner_city is None:
            return self.whole.limit(measured, place)
        if place not in self.inner.percent:
            return measured.without_base(nothing_of(self.inner_city))
        drawn = measured.limited(self.inner_city.usable_share, unusable(self.inner_city))
        return self.inner.limit(drawn, place)
