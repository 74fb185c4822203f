"""Areas of attribution: municipalities, Raumtypen or quarters to which finished results are assigned.

Results are computed first and attributed afterwards, so that a border never changes an analysis.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qgis.core import Qgis, QgsFeature, QgsGeometry, QgsRectangle

from ...methods.findings.finding import AreaKind
from ...methods.reading.names import municipality_key, normal_name, shown
from ..geometry.overlay import PieceIndex, dissolve
from ..reading.values import text

NOISE, NOISE_SHARE = 1e-6, 1e-9
"""Square metres or metres, and share of a feature, up to which it only touches an area [A]."""


@dataclass(frozen=True)
class Area:
    """One area of attribution, as a finding names it."""

    kind: AreaKind
    name: str
    ags: str | None = None
    raumtyp: str | None = None

    @property
    def identity(self) -> tuple[str | None, str]:
        """Return what areas share that are one: the key or, without a key, the name however it is spelled."""
        return self.ags, "" if self.ags else normal_name(self.name)


def area_of(feature: QgsFeature, kind: AreaKind, name_field: int, key_field: int | None) -> Area:
    """Return the area that a feature is part of, by its name and key."""
    key = None if key_field is None else municipality_key(text(feature[key_field]))
    name = key if name_field == key_field else text(feature[name_field])
    return Area(kind, name or "–", key)


TOTAL = Area(AreaKind.TOTAL, "Gesamt")


class Areas:
    """The areas of a run; without an AREAS layer everything belongs to one area ``Gesamt``."""

    def __init__(self, areas: Sequence[Area], polygons: Sequence[QgsGeometry]) -> None:
        self.areas = tuple(areas)
        self._pieces = PieceIndex(dict(enumerate(polygons))) if polygons else None

    @classmethod
    def total(cls) -> Areas:
        """Return the single area of a run without an AREAS layer."""
        return cls((TOTAL,), ())

    @classmethod
    def from_features(
        cls, features: Iterable[QgsFeature], kind: AreaKind, name_field: int, key_field: int | None
    ) -> Areas:
        """Build areas from polygons; those that share a key (or, without key, a name) become one.

        Where a key has several names, the first in the alphabet stands; the key may be the name.
        """
        polygons: dict[tuple[str | None, str], list[QgsGeometry]] = defaultdict(list)
        names: dict[tuple[str | None, str], set[str]] = defaultdict(set)
        for feature in features:
            area = area_of(feature, kind, name_field, key_field)
            names[area.identity].add(area.name)
            polygons[area.identity].append(feature.geometry())
        areas = (_area(kind, key, spelled) for (key, _), spelled in names.items())
        ordered = sorted(areas, key=lambda area: (area.ags or "", area.name))
        return cls(ordered, [dissolve(polygons[area.identity]) for area in ordered])

    def measure(self, polygons: Iterable[QgsGeometry]) -> dict[int, float]:
        """Return how many square metres of disjoint ``polygons`` lie in each area, by area number.

        What rounding makes along a border is none of them.
        """
        if self._pieces is None:
            return {0: sum(polygon.area() for polygon in polygons)}
        sums: dict[int, float] = defaultdict(float)
        whole = 0.0
        for polygon in polygons:
            whole += polygon.area()
            for number, area in self._pieces.overlap(polygon).items():
                sums[number] += area
        return _without_noise(sums, whole)

    def pieces(self) -> Iterator[tuple[int, QgsGeometry]]:
        """Yield disjoint polygons that make up each area, with its number; none without an AREAS layer."""
        return iter(self._pieces or ())

    def parts(self, polygons: Iterable[QgsGeometry]) -> Iterator[tuple[int, QgsGeometry]]:
        """Yield the parts of ``polygons`` that lie in each area, with its number."""
        for polygon in polygons:
            yield from [(0, polygon)] if self._pieces is None else self._pieces.parts(polygon)

    def sizes(self) -> list[float]:
        """Return the square metres of each area; none without an AREAS layer."""
        if self._pieces is None:
            return []
        return [self._pieces.areas[number] for number in range(len(self.areas))]

    def extents(self) -> dict[int, QgsRectangle]:
        """Return the bounding box of each area by its number; that of everything without an AREAS layer."""
        if self._pieces is None:
            return {0: QgsRectangle(-math.inf, -math.inf, math.inf, math.inf)}
        boxes = {number: QgsRectangle() for number in range(len(self.areas))}
        for number, piece in self._pieces:
            boxes[number].combineExtentWith(piece.boundingBox())
        return boxes

    def lengths(self, line: QgsGeometry) -> dict[int, float]:
        """Return how many metres of a line lie in each area that it meets, by area number."""
        return {0: line.length()} if self._pieces is None else self._pieces.lengths(line)

    def shares(self, shapes: Sequence[QgsGeometry]) -> dict[int, float]:
        """Return how many square metres or metres of disjoint polygons or lines lie in each area, by number.

        Points are of no size, and lie in each area that they touch.
        """
        if all(shape.type() == Qgis.GeometryType.Polygon for shape in shapes):
            return self.measure(shapes)
        sums: dict[int, float] = defaultdict(float)
        for shape in shapes:
            for number, length in self.lengths(shape).items():
                sums[number] += length
        return _without_noise(sums, sum(shape.length() for shape in shapes))

    def of_most(self, shares: Mapping[int, float]) -> int | None:
        """Return the area with the largest share, the first of equal ones; ``None`` where there is none."""
        return max(shares, key=lambda number: (shares[number], -number)) if shares else None

    def percent_of_most(self, polygon: QgsGeometry) -> float | None:
        """Return which percent of the area that holds most of a polygon it makes up, ``None`` without one."""
        shares, sizes = self.measure([polygon]), self.sizes()
        number = self.of_most(shares)
        return None if number is None or not sizes else 100.0 * shares[number] / sizes[number]

    def name_of(self, shares: Mapping[int, float]) -> str | None:
        """Return the name of the area with the largest share, ``None`` where there is none."""
        number = self.of_most(shares)
        return None if number is None or self._pieces is None else self.areas[number].name


def _without_noise(sums: Mapping[int, float], whole: float) -> dict[int, float]:
    """Return the parts of something in each area without those that are no more than rounding."""
    least = min(max(NOISE, NOISE_SHARE * whole), whole / 2)
    return {number: size for number, size in sums.items() if size > least or not whole}


def _area(kind: AreaKind, key: str | None, names: Iterable[str]) -> Area:
    """Return the area of a key that has one or several names, each in one or several spellings."""
    first = min(map(normal_name, names))
    name = shown(name for name in names if normal_name(name) == first)
    return Area(kind, name, key, name if kind == AreaKind.SPACE_TYPE else None)
