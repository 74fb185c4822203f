"""Engine ``peat_ground``: organic soils under the uses that cover them, each place once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from qgis.core import QgsGeometry, QgsProcessingException, QgsProcessingFeedback

from ...i18n import translate
from ...methods.findings.targets import MINIMUM_COVERAGE
from ...methods.findings.thresholds import least, most
from ...methods.reading.names import normal_name, shown
from ...methods.reading.values import SHARE, WATER_DEPTH
from ...methods.soil.peat import HALF_PEAT, PEAT, SEALED, UNKNOWN, UNSEEN, Soil, Use
from ..geometry.coverings import FirstCover
from ..geometry.labelled import Collected
from ..geometry.overlay import PieceIndex, difference, dissolve
from ..geometry.wkb import fingerprint
from ..grid.raster_ground import ground_where, holds_between
from ..grid.zonal import Floats, Raster, zonal_statistics
from ..running import check_cancelled


@dataclass(frozen=True)
class Piece:
    """Connected ground of one soil and one use; ``depth`` in cm below the surface, ``None`` if unknown."""

    soil: Soil
    type: str
    use: Use
    depth: float | None
    shape: QgsGeometry

    @property
    def hectares(self) -> float:
        return self.shape.area() / 10_000


class SoilMap:
    """The soils of a map as they come: organic ones by kind, type and depth, others, and unknown ones."""

    def __init__(self) -> None:
        self._found: Collected[Soil] = Collected()
        self._spellings: dict[str, set[str]] = defaultdict(set)

    def add(self, kind: str, word: str | None, depth: float | None, shape: QgsGeometry) -> None:
        """Take a soil; ``word`` is its type as the map writes it."""
        if kind not in (PEAT, HALF_PEAT):
            self._found.add(shape, Soil(kind))
            return
        name = normal_name(word or "")
        self._spellings[name].add(word or "")
        self._found.add(shape, Soil(kind, name, depth))

    @property
    def doubles(self) -> int:
        """Polygons that stood there more than once."""
        return self._found.doubles

    def has(self, kind: str) -> bool:
        return any(soil.kind == kind for soil in self._found.counts)

    def name(self, soil: Soil) -> str:
        """Return a type as the map writes it."""
        return shown(self._spellings[soil.type])

    def organic(self) -> PieceIndex[Soil]:
        """Return the organic soils, each place once."""
        grounds = {soil: ground for soil, ground in self._grounds().items() if soil.type}
        return PieceIndex.disjoint((soil, grounds[soil]) for soil in sorted(grounds, key=_order))

    def known_and_unknown(self) -> tuple[QgsGeometry, QgsGeometry]:
        """Return the ground whose soil is known, and the other ground of the map."""
        grounds = self._grounds()
        known = dissolve(ground for soil, ground in grounds.items() if soil.kind != UNKNOWN)
        return known, difference(grounds.get(Soil(UNKNOWN), QgsGeometry()), known)

    def _grounds(self) -> dict[Soil, QgsGeometry]:
        return self._found.grounds()


def _order(soil: Soil) -> tuple:
    return soil.order


def add_sealed(
    cover: FirstCover[Soil, Use],
    organic: PieceIndex[Soil],
    raster: Raster,
    limit: float,
    feedback: QgsProcessingFeedback,
) -> None:
    """Add the cells that are sealed by more than ``limit`` percent, and those of which nobody knows it.

    Values are percent, or shares of 1 where none is greater; what is neither is unknown.
    """
    percent = holds_between(raster, 1.0, SHARE.high)
    scale = 1.0 if percent else 100.0
    message = (
        translate("GrueneInfra", "{raster}: sealing is read in percent.")
        if percent
        else translate("GrueneInfra", "{raster}: sealing is read as shares of 1.")
    )
    feedback.pushInfo(message.format(raster=raster.name))

    def is_unknown(values: Floats) -> np.ndarray:
        return ~((values >= 0) & (values * scale <= SHARE.high))

    def is_sealed(values: Floats) -> np.ndarray:
        return ~is_unknown(values) & (values * scale > most(limit))

    boxes = [piece.boundingBox() for _, piece in organic]
    for use, says in ((SEALED, is_sealed), (UNSEEN, is_unknown)):
        for shape in ground_where(raster, says, boxes, feedback):
            cover.add(Use(use), shape)


class UsesOfGround:
    """Uses of ground as they come; what lies on no organic soil is left out."""

    def __init__(self, cover: FirstCover[Soil, Use]) -> None:
        self._cover = cover
        self._seen: set[tuple[Use, bytes]] = set()
        self.doubles = 0

    def add(self, use: Use, shape: QgsGeometry) -> bool:
        """Take a use; return whether it lies on organic soil."""
        if not self._cover.add(use, shape):
            return False
        key = use, fingerprint(shape)
        self.doubles += key in self._seen
        self._seen.add(key)
        return True


def pieces_of(
    cover: FirstCover[Soil, Use], soils: SoilMap, water: Raster | None, feedback: QgsProcessingFeedback
) -> list[Piece]:
    """Return all organic ground in pieces; the depth of the map goes before that of the raster."""
    found = list(cover.pieces(lambda use: use.order, lambda: check_cancelled(feedback)))
    depths = _depths(water, [shape for _, _, shape in found], feedback)
    unseen = sum(shape.area() for _, use, shape in found if use == Use(UNSEEN)) / 10_000
    if unseen and all(use == Use(UNSEEN) for _, use, _ in found):
        raise _no_value("SEALING", len(found))
    if unseen:
        message = translate("GrueneInfra", "SEALING: of {area} ha of peat soils nothing is known.")
        feedback.pushWarning(message.format(area=f"{unseen:.3g}"))
    return [
        Piece(
            soil,
            soils.name(soil),
            Use(UNKNOWN) if use is None or use.use == UNSEEN else use,
            depth if soil.depth is None else soil.depth,
            shape,
        )
        for (soil, use, shape), depth in zip(found, depths, strict=True)
    ]


def _no_value(raster: str, count: int) -> QgsProcessingException:
    message = translate(
        "GrueneInfra", "{raster} has no value for any of {count} polygons. Choose one that covers them."
    )
    return QgsProcessingException(message.format(raster=raster, count=count))


def _depths(
    water: Raster | None, shapes: list[QgsGeometry], feedback: QgsProcessingFeedback
) -> Iterator[float | None]:
    """Yield the mean depth of each shape, ``None`` where too few cells tell it, or one tells none."""
    if water is None:
        yield from [None] * len(shapes)
        return
    found = zonal_statistics(water, shapes, feedback)
    if shapes and not found.count.any():
        raise _no_value(water.name, len(shapes))
    enough = found.cover >= least(MINIMUM_COVERAGE / 100)
    possible = (found.minimum >= WATER_DEPTH.low) & (found.maximum <= WATER_DEPTH.high)
    known = (enough & possible).tolist()
    if not all(known):
        message = translate("GrueneInfra", "{raster}: of {count} of {whole} polygons no depth is known.")
        unknown = known.count(False)
        feedback.pushWarning(message.format(raster=water.name, count=unknown, whole=len(known)))
    for mean, is_known in zip(found.mean.tolist(), known, strict=True):
        yield mean if is_known else None
