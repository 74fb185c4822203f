"""Protected zones along waters: floodplains by class and the strip beside the water."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from qgis.core import Qgis, QgsFeature, QgsGeometry

from ..methods.names import normal_name, shown_as
from .overlay import PieceIndex, ring_around

AUE, STRIP = "aue", "streifen"
"""Names of the two zones."""
NO_CLASS = "ohne Klasse"
STRIP_LABEL = "Randstreifen"


@dataclass(frozen=True)
class Zone:
    """A zone as labelled pieces, and the percentage of its input that could be used."""

    pieces: PieceIndex[str]
    coverage: float

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


def water_strip(
    features: Iterable[QgsFeature], width_of: Callable[[QgsFeature], float | None] | None, strip: float
) -> Zone | None:
    """Return the strip of ``strip`` metres outside the waters, ``None`` where no water has a surface.

    A line becomes a surface by its width in metres; round a bare centre line the strip would lie in
    the river. The coverage is the share of polygons and of line length with a surface.
    """
    surfaces: list[QgsGeometry] = []
    base = known = 0.0
    for feature in features:
        geometry = feature.geometry()
        size = geometry.length()
        base += size
        if geometry.type() == Qgis.GeometryType.Line:
            width = width_of(feature) if width_of else None
            if not width or width <= 0:
                continue
            geometry = geometry.buffer(width / 2, 16, Qgis.EndCapStyle.Flat, Qgis.JoinStyle.Round, 2.0)
        known += size
        surfaces.append(geometry)
    if not surfaces:
        return None
    return Zone(PieceIndex({STRIP_LABEL: ring_around(surfaces, strip)}), 100.0 * known / base)
