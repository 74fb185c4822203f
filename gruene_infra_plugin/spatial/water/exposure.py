"""Which features reach into which zones, with how much area, and how much of that is new.

For buildings in floodplains (HZ 19) and wherever else building is held against a protected zone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from qgis.core import QgsFeature, QgsGeometry

from ...methods.buildings.newness import Origin
from ...methods.findings.thresholds import least
from ..attribution.looked_at import LookedAt
from ..buildings.earlier_stock import Newness
from ..geometry.overlay import PieceIndex, clipped
from ..geometry.wkb import fingerprint

LabelledParts = list[tuple[str, QgsGeometry]]
_AGE = (Origin.NEW, Origin.EXTENDED, Origin.EXISTING, Origin.UNKNOWN)


@dataclass(frozen=True)
class Hit:
    """One feature with its parts per zone; within a zone each part carries the label of its class."""

    feature: QgsFeature
    origin: Origin
    parts: Mapping[str, LabelledParts]
    new_parts: Mapping[str, LabelledParts]

    def area(self, zone: str) -> float:
        """Return the square metres of the feature inside a zone."""
        return sum(part.area() for _, part in self.parts.get(zone, ()))

    def new_area(self, zone: str) -> float | None:
        """Return the square metres of its new part inside a zone, ``None`` where that is not known."""
        if self.origin is Origin.UNKNOWN:
            return None
        return sum(part.area() for _, part in self.new_parts.get(zone, ()))

    def labels(self, zone: str) -> set[str]:
        """Return the classes of a zone that the feature reaches into."""
        return {label for label, _ in self.parts.get(zone, ())}


class Exposure:
    """Finds hits; counts features whose geometry repeats another one exactly, which count once.

    ``look`` takes note of every feature, hit or not.
    """

    def __init__(
        self, zones: Mapping[str, PieceIndex[str]], newness: Newness, min_overlap: float, look: LookedAt
    ) -> None:
        self._look = look
        self._zones = zones
        self._newness = newness
        self._min_overlap = min_overlap
        self.duplicates = 0

    def hits(self, features: Iterable[QgsFeature]) -> Iterator[Hit]:
        """Yield the features that overlap a zone by at least the minimum, in square metres.

        Of features that repeat each other the newest counts, so that their order does not matter, and
        one of unknown origin only where nothing else is known.
        """
        found: dict[bytes, Hit] = {}
        for feature in features:
            geometry = feature.geometry()
            self._look.add(geometry)
            parts = self._parts(geometry)
            if not parts:
                continue
            origin, new = self._newness.of(feature)
            digest = fingerprint(geometry)
            known = found.get(digest)
            self.duplicates += known is not None
            if known is None or _AGE.index(origin) < _AGE.index(known.origin):
                found[digest] = Hit(feature, origin, parts, _new_parts(parts, origin, new))
        yield from found.values()

    def _parts(self, geometry: QgsGeometry) -> dict[str, LabelledParts]:
        parts = {}
        for zone, pieces in self._zones.items():
            inside = list(pieces.parts(geometry))
            area = sum(part.area() for _, part in inside)
            if area > 0 and area >= least(self._min_overlap):
                parts[zone] = inside
        return parts


def _new_parts(
    parts: Mapping[str, LabelledParts], origin: Origin, extension: QgsGeometry | None
) -> Mapping[str, LabelledParts]:
    if origin is Origin.NEW:
        return parts
    if origin is Origin.EXTENDED and extension is not None:
        return {zone: clipped(inside, extension) for zone, inside in parts.items()}
    return {}
