"""Protected zones along waters: floodplains by class and the strip beside the water."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from qgis.core import Qgis, QgsFeature, QgsGeometry

from ...methods.reading.names import normal_name, shown_as
from ...methods.reading.word_lists import WordList, is_told
from ..attribution.areas import Areas
from ..geometry.overlay import PieceIndex, ring_around
from ..reading.source import Input

AUE, STRIP = "aue", "streifen"
"""Names of the two zones."""
NO_CLASS = "ohne Klasse"
STRIP_LABEL = "Randstreifen"


@dataclass(frozen=True)
class Zone:
    """A zone as labelled pieces, and the layer that it comes from.

    ``known`` is the percentage (0 to 100) of that layer's size in an area from which the zone could be made,
    by area number; all of it where nothing is said.
    """

    pieces: PieceIndex[str]
    layer: Input
    known: Mapping[int, float] = field(default_factory=dict)

    @property
    def classes(self) -> list[str]:
        """Classes from the strictest on."""
        return list(self.pieces.areas)


def floodplain_zone(
    features: Iterable[QgsFeature], class_of: Callable[[QgsFeature], str | None], order: Sequence[str]
) -> PieceIndex[str]:
    """Return the floodplains by class; where they overlap, the area belongs to the first in ``order``.

    Classes that ``order`` does not name follow in alphabetical order, so that the result does not
    depend on the order of the features. Spellings that only look different are one class.
    """
    polygons = [(class_of(feature) or NO_CLASS, feature.geometry()) for feature in features]
    shown = shown_as(name for name, _ in polygons)
    rank = {normal_name(name): number for number, name in enumerate(order)}

    def place(name: str) -> tuple[int, str]:
        plain = normal_name(name)
        return rank.get(plain, len(order)), plain

    polygons.sort(key=lambda row: place(row[0]))
    return PieceIndex.disjoint((shown[name], polygon) for name, polygon in polygons)


def zones_by_words(
    features: Iterable[QgsFeature],
    word_of: Callable[[QgsFeature], str | None],
    lists: Mapping[str, WordList],
    unknown: str,
) -> tuple[PieceIndex[str], list[str]]:
    """Return zones by the name of the first of ``lists`` that holds their word, and the words of no list.

    A zone without a word, or with one of no list, is ``unknown``. Where zones overlap, the ground belongs to
    the first in ``lists``; unknown is only what is nothing else.
    """
    polygons: dict[str, list[QgsGeometry]] = {name: [] for name in (*lists, unknown)}
    others = set()
    for feature in features:
        word = word_of(feature)
        name = next((name for name, words in lists.items() if str(word) in words), unknown)
        polygons[name].append(feature.geometry())
        others.update([str(word)] if name == unknown and is_told(word) else [])
    ranked = ((name, polygon) for name, found in polygons.items() for polygon in found)
    return PieceIndex.disjoint(ranked), sorted(others)


def water_strip(
    features: Iterable[QgsFeature],
    width_of: Callable[[QgsFeature], float | None],
    strip: float,
    areas: Areas,
) -> tuple[PieceIndex[str], dict[int, float]] | None:
    """Return the strip of ``strip`` metres outside the waters, ``None`` where no water has a surface.

    A line becomes a surface by its width in metres; round a bare centre line the strip would lie in
    the river. With it comes the percentage of shore and line length with a surface, by area number.
    """
    surfaces: list[QgsGeometry] = []
    total: dict[int, float] = defaultdict(float)
    known: dict[int, float] = defaultdict(float)
    for feature in features:
        geometry = feature.geometry()
        lengths, surface = _lengths(geometry, areas), _surface(feature, width_of)
        for place, length in lengths.items():
            total[place] += length
            known[place] += length if surface is not None else 0.0
        if surface is not None:
            surfaces.append(surface)
    if not surfaces:
        return None
    shares = {place: 100.0 * known[place] / length for place, length in total.items() if length}
    return PieceIndex({STRIP_LABEL: ring_around(surfaces, strip)}), shares


def _surface(water: QgsFeature, width_of: Callable[[QgsFeature], float | None]) -> QgsGeometry | None:
    geometry = water.geometry()
    if geometry.type() != Qgis.GeometryType.Line:
        return geometry
    width = width_of(water)
    if not width or width <= 0:
        return None
    return geometry.buffer(width / 2, 16, Qgis.EndCapStyle.Flat, Qgis.JoinStyle.Round, 2.0)


def _lengths(water: QgsGeometry, areas: Areas) -> Mapping[int, float]:
    """Return the metres of line or of shore in each area."""
    is_line = water.type() == Qgis.GeometryType.Line
    return areas.lengths(water if is_line else QgsGeometry(water.constGet().boundary()))
