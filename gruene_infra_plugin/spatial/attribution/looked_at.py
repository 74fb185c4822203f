"""Engine ``looked_at``: whether a layer tells anything about an area, told from where its features lie.

A layer does not say where it ends. A municipality without a single delivered building may have none near
its floodplain, or may have delivered none; taking the one for the other would turn missing data into a
verdict. So an area in which no feature lies was not looked at, and of the ground of an area only that near
a feature was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from qgis.core import Qgis, QgsFeature, QgsGeometry, QgsRectangle

from ...i18n import language, translate
from ...methods.findings.targets import Measurement
from ...methods.findings.thresholds import least
from ...methods.geometry.intervals import merged
from ...report.reasons import short_of_enough
from ..geometry.overlay import PieceIndex, dissolve
from ..reading.source import Input
from .areas import Areas

REACH_M = 1000.0
"""Metres round each feature of a gapless layer that count as looked at [A].

Inhabited square kilometres (Zensus 2011) cover so at least 83 % of every municipality of the Ruhr region.
"""
PRESENT_SHARE = 0.1
"""Share (0 to 1) of a feature from which on it lies in an area and does not merely cross its border [A]."""
PRESENT_M2 = 100_000.0
"""Square metres from which on it does so in any case, as large a share of it may lie in other areas [A]."""
GRID_M = 500.0
"""Grid to which features are widened before, so that not each of them has to be held [A]."""
REACH_CELLS = round(REACH_M / GRID_M)


def enough_of(size: float) -> float:
    """Return from how many square metres on a feature of that ``size`` lies in an area, and not beside it."""
    return least(min(PRESENT_SHARE * size, PRESENT_M2))


def nothing_of(*layers: Input) -> str:
    """Return the reason for an area in which nothing of a layer, or of any of several, lies."""
    message = translate("GrueneInfra", "nothing of {layer} lies in this area")
    return message.format(layer=_names(layers))


def _names(layers: Iterable[Input]) -> str:
    return ", ".join(layer.name for layer in layers)


def unusable(layer: Input) -> str:
    """Return the reason where too many features of a layer have no usable geometry."""
    message = translate("GrueneInfra", "{layer}: only {share} % of the features have a usable geometry")
    return message.format(layer=layer.name, share=as_percent(layer.usable_share))


def as_percent(share: float) -> str:
    """Return a percentage in words, never rounded up to the one that would have been enough."""
    return short_of_enough(share, language())


@dataclass(frozen=True)
class Sight:
    """Which percent (0 to 100) of some ground one or several layers tell about, by area number."""

    layers: tuple[Input, ...]
    percent: Mapping[int, float]
    present: frozenset[int]

    def limit(self, measured: Measurement, place: int) -> Measurement:
        """Return what was measured in an area, covered no better than the layer covers its ground."""
        if place not in self.present:
            return measured.limited(0.0, nothing_of(*self.layers))
        share = self.percent.get(place, 100.0)
        message = translate("GrueneInfra", "only {share} % of the ground lies within {reach} m of {layer}")
        partly = message.format(share=as_percent(share), reach=f"{REACH_M:g}", layer=_names(self.layers))
        measured = measured.limited(share, partly)
        for layer in self.layers:
            measured = measured.limited(layer.usable_share, unusable(layer))
        return measured


class LookedAt:
    """Where the features of a layer lie: in which areas of attribution, and on which ground.

    ``more`` are layers that tell of the same: what one of them shows was looked at.
    """

    def __init__(self, layer: Input, areas: Areas, *more: Input) -> None:
        self.layers = (layer, *more)
        self._areas = areas
        self._boxes: set[tuple[float, float, float, float]] = set()  # first and last columns and rows
        self._empty = areas.extents()

    def passing(self, features: Iterable[QgsFeature]) -> Iterator[QgsFeature]:
        """Yield features on their way through, each of them seen."""
        for feature in features:
            self.add(feature.geometry())
            yield feature

    def add(self, geometry: QgsGeometry) -> None:
        """Take note of one feature; it lies in every area that holds more of it than borders are vague.

        A point lies in every area that it touches.
        """
        box = geometry.boundingBox()
        west, south = box.xMinimum() // GRID_M, box.yMinimum() // GRID_M
        self._boxes.add((west, south, box.xMaximum() // GRID_M, box.yMaximum() // GRID_M))
        if not self._empty:
            return
        if any(extent.intersects(box) for extent in self._empty.values()):
            is_line = geometry.type() == Qgis.GeometryType.Line
            whole = geometry.length() if is_line else geometry.area()
            for place, size in self._areas.shares([geometry]).items():
                if size >= enough_of(whole):
                    self._empty.pop(place, None)

    def sight(self, ground: Iterable[QgsGeometry] | None = None) -> Sight:
        """Return how much of the ground was looked at, of disjoint polygons or, without any, of all areas.

        Call it when all features are seen.
        """
        shares = self._shares(self._areas.pieces() if ground is None else self._areas.parts(ground))
        return Sight(self.layers, shares, frozenset(range(len(self._areas.areas))) - self._empty.keys())

    def presence(self) -> Sight:
        """Return where features lie at all, for a layer with gaps such as planned areas."""
        return replace(self.sight(()), percent={})

    def vicinity(self) -> Sight:
        """Return where features lie or are near, for a layer of which an area may rightly have nothing.

        An area with any feature was looked at; of one without any the ground within reach of others was.
        """
        seen = self.sight()
        near = {place: share for place, share in seen.percent.items() if place not in seen.present}
        return replace(seen, percent=near, present=frozenset(range(len(self._areas.areas))))

    def reaches(self, polygon: QgsGeometry) -> bool:
        """Return whether any of a polygon lies within reach of a feature. Call it when all are seen."""
        return any(True for _ in self._near.parts(polygon))

    def _shares(self, ground: Iterable[tuple[int, QgsGeometry]]) -> dict[int, float]:
        whole: dict[int, float] = defaultdict(float)
        seen: dict[int, float] = defaultdict(float)
        for place, polygon in ground:
            whole[place] += polygon.area()
            seen[place] += sum(self._near.overlap(polygon).values())
        # Rounded, because parts of a polygon do not add up to it to the last digit.
        shares = {place: round(100.0 * seen[place] / area, 6) for place, area in whole.items() if area}
        return {place: min(100.0, share) for place, share in shares.items()}

    @cached_property
    def _near(self) -> PieceIndex[str]:
        """The ground within reach, put together from rows of the grid: there are few of them."""
        rows: dict[int, set[tuple[float, float]]] = defaultdict(set)
        for west, south, east, north in self._boxes:
            for row in range(int(south) - REACH_CELLS, int(north) + REACH_CELLS + 1):
                rows[row].add((west - REACH_CELLS, east + REACH_CELLS + 1))
        strips = (
            QgsGeometry.fromRect(QgsRectangle(GRID_M * west, GRID_M * row, GRID_M * east, GRID_M * (row + 1)))
            for row, spans in rows.items()
            for west, east in merged(sorted(spans))
        )
        return PieceIndex({"": dissolve(strips)})
