"""Engine ``earlier_stock``: what stands now and did not stand at an earlier date.

Two surveys of the same building rarely agree to the centimetre, so residuals narrower than a
tolerance are noise, and a systematic shift between the surveys is looked for and reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from qgis.core import QgsFeature, QgsGeometry, QgsSpatialIndex

from ...methods.buildings.newness import Origin, origin
from ...methods.findings.thresholds import least, most
from ..attribution.looked_at import REACH_M
from ..geometry.overlay import difference, dissolve
from ..geometry.survey_noise import opened

MINIMUM_PAIRS = 10
"""Pairs of unchanged buildings below which no shift is estimated [A]."""
AGREEING = 0.8
"""Share of the pairs that must agree on a shift [A]."""
AGREEMENT_M = 0.1
"""Metres by which their shifts may differ then [A]."""


@dataclass(frozen=True)
class Change:
    """How a feature compares with the earlier date: covered share (0 to 1) and the uncovered part."""

    covered_share: float
    uncovered: QgsGeometry


class EarlierStock:
    """Polygons of the earlier date, indexed."""

    def __init__(self, polygons: Iterable[QgsGeometry]) -> None:
        self._polygons: list[QgsGeometry] = []
        self._index = QgsSpatialIndex()
        self._shifts: list[tuple[float, float]] = []
        for number, polygon in enumerate(polygons):
            feature = QgsFeature(number)
            feature.setGeometry(polygon)
            self._index.addFeature(feature)
            self._polygons.append(polygon)

    def reaches(self, geometry: QgsGeometry) -> bool:
        """Return whether anything of the earlier date lies near a polygon; else it was not surveyed there."""
        return bool(self._index.intersects(geometry.boundingBox().buffered(REACH_M)))

    def compare(self, geometry: QgsGeometry, tolerance: float) -> Change:
        """Compare one polygon with the union of all earlier ones that meet it.

        Parts of the difference narrower than ``tolerance`` metres are dropped as survey noise.
        """
        near = [self._polygons[n] for n in sorted(self._index.intersects(geometry.boundingBox()))]
        if not near:
            return Change(0.0, geometry)
        self._remember_shift(geometry, near)
        before = near[0] if len(near) == 1 else dissolve(near)
        uncovered = difference(geometry, before)
        area = geometry.area()
        share = 1 - uncovered.area() / area if not uncovered.isNull() and area else 1.0
        return Change(share, without_slivers(uncovered, tolerance))

    def _remember_shift(self, geometry: QgsGeometry, near: list[QgsGeometry]) -> None:
        area = geometry.area()
        same = [other for other in near if abs(other.area() - area) < 0.02 * area]
        if len(same) == 1:
            now, then = geometry.centroid().asPoint(), same[0].centroid().asPoint()
            self._shifts.append((now.x() - then.x(), now.y() - then.y()))

    def systematic_shift(self) -> float:
        """Return the length in metres of the median shift of unchanged polygons, 0 if too few."""
        if len(self._shifts) < MINIMUM_PAIRS:
            return 0.0
        east, north = np.median(np.array(self._shifts), axis=0)
        return float(np.hypot(east, north))

    def common_shift(self, unmoved: int = 0) -> tuple[float, float]:
        """Return by how many metres east and north most unchanged polygons lie now from where they were.

        ``unmoved`` are polygons known to lie where they did, which were not compared. No shift where there
        are too few pairs, or where too many of them say otherwise.
        """
        pairs = np.concatenate([np.array(self._shifts).reshape(-1, 2), np.zeros((unmoved, 2))])
        if len(pairs) < MINIMUM_PAIRS:
            return 0.0, 0.0
        east, north = np.median(pairs, axis=0)
        agreeing = np.hypot(pairs[:, 0] - east, pairs[:, 1] - north) <= most(AGREEMENT_M)
        return (float(east), float(north)) if np.mean(agreeing) >= least(AGREEING) else (0.0, 0.0)


def without_slivers(geometry: QgsGeometry, tolerance: float) -> QgsGeometry:
    """Return ``geometry`` without what is narrower than ``tolerance`` metres.

    An opening with mitred corners, so that right angles come back exactly.
    """
    if geometry.isNull() or geometry.isEmpty() or tolerance <= 0:
        return geometry
    return opened(geometry, least(tolerance) / 2, least(tolerance) / 2)


@dataclass(frozen=True)
class Newness:
    """Says of one building since when it stands, by year of construction and by the earlier stock.

    ``year_of`` reads the year of a feature; ``stock`` and ``reference_year`` are ``None`` where that
    evidence is not given; ``all_new`` is for planned building areas.
    """

    year_of: Callable[[QgsFeature], float | None]
    reference_year: int | None
    stock: EarlierStock | None
    tolerance: float
    all_new: bool = False

    @property
    def has_evidence(self) -> bool:
        return self.all_new or self.stock is not None or self.reference_year is not None

    def of(self, feature: QgsFeature) -> tuple[Origin, QgsGeometry | None]:
        """Return the origin and, for an extension, the part that is new."""
        if self.all_new:
            return Origin.NEW, None
        year = self.year_of(feature)
        if self.stock is None or not self.stock.reaches(feature.geometry()):
            return origin(year, self.reference_year, None), None
        change = self.stock.compare(feature.geometry(), self.tolerance)
        extension = 0.0 if change.uncovered.isNull() else change.uncovered.area()
        return origin(year, self.reference_year, change.covered_share, extension), change.uncovered
