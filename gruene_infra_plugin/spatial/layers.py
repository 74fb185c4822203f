"""Engine ``layers``: read any polygon, line or point source so that areas and lengths are true.

Every source is brought into one analysis CRS, made planar, straight and valid; what had to be
repaired or left out is counted and said.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TypeVar

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsDistanceArea,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsPolygon,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsRectangle,
    QgsWkbTypes,
)

from ..i18n import translate
from ..methods.names import word_of
from ..passwords import without_passwords
from .usual_fields import result_columns
from .validity import FARTHEST_M, LEAST_AREA_M2, MOST_BYTES, made_valid, surely_valid
from .values import text
from .wkb import bytes_of, normal_outline

DEFAULT_CRS = "EPSG:25832"
AREA_TOLERANCE = 0.002
"""Share by which areas of the analysis CRS may differ from those on the ellipsoid [A].

UTM keeps them within 0.1 % across its zone; EPSG:3857 is off by 158 % in the Ruhr region.
"""
PLAIN_TYPES = {
    kind: QgsWkbTypes.geometryType(kind)
    for kind in (
        Qgis.WkbType.Point,
        Qgis.WkbType.LineString,
        Qgis.WkbType.Polygon,
        Qgis.WkbType.MultiPoint,
        Qgis.WkbType.MultiLineString,
        Qgis.WkbType.MultiPolygon,
    )
}
"""Types of geometry that are taken as they are, if they are valid."""
PLACE_TOLERANCE_DEG = 10.0
"""Degrees by which a layer may lie outside the area its CRS is made for [A]."""
NEIGHBOUR_M = 100.0
"""Metres up to which extents side by side still tell about each other, as a village and its river [A]."""
ARC_STEP_RAD = 0.00872665
"""Step in which curves become chords, half a degree: 0.0013 % of a full circle's area."""

EARTH = QgsRectangle(-FARTHEST_M, -FARTHEST_M, FARTHEST_M, FARTHEST_M)
"""Where coordinates of the analysis CRS can be."""
AT_ONCE = 500
"""Features that are asked after together, at most."""
HELD_BYTES = 2**20
"""Size of their WKB from which on no more features are held, so that large polygons do not pile up."""
Shaped = tuple[QgsFeature, bytes]
"""A feature and the WKB of its geometry."""
Told = TypeVar("Told")
"""What is kept of a feature: the whole, or its attributes."""


def name_of(source: QgsProcessingFeatureSource) -> str:
    """Return the name of a layer, without the password that an address as name may hold."""
    return without_passwords(source.sourceName())


def check_cancelled(feedback: QgsProcessingFeedback) -> None:
    """Raise once the user has asked to stop.

    A subclass of QgsProcessingException would reach the user as a Python traceback.
    """
    if feedback.isCanceled():
        raise QgsProcessingException(translate("GrueneInfra", "Cancelled. No result was written."))


@contextmanager
def many_features() -> Iterator[None]:
    """Spare Python its searches for reference cycles while very many features are held.

    Each search walks over all of them and finds nothing; together they cost a sixth of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@dataclass
class Input:
    """A feature source with the name by which messages speak of it."""

    name: str
    source: QgsProcessingFeatureSource
    total: int = 0
    no_geometry: int = 0
    repaired: int = 0
    straightened: int = 0
    left_out: int = 0

    @cached_property
    def extent(self) -> QgsRectangle:
        """Where the layer lies in its own CRS, without what reaches beyond the earth; null for nowhere."""
        flags = Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks
        features = self.source.getFeatures(QgsFeatureRequest().setNoAttributes(), flags)
        return extent_on_earth(self.source.sourceExtent(), features)

    @property
    def usable_share(self) -> float:
        """Percent of the features read so far that had a usable geometry."""
        return 100.0 * (1 - self.unusable / self.total) if self.total else 0.0

    @property
    def unusable(self) -> int:
        """Features read so far that had no usable geometry."""
        return self.no_geometry + self.left_out

    def field_index(self, name: str) -> int:
        """Return the index of a field; raise with the fields there are if it is missing."""
        return self.field_indexes([name])[name]

    def has_field(self, name: str) -> bool:
        """Return whether there is a field, as it is called or as a Shapefile calls it."""
        return bool(result_columns(self.source.fields(), [name]))

    def field_indexes(self, names: Iterable[str]) -> dict[str, int]:
        """Return the indexes of fields by name, as they are called or as a Shapefile calls them.

        Raises with the fields there are if one is missing.
        """
        names = list(names)
        found = result_columns(self.source.fields(), names)
        missing = next((name for name in names if name not in found), None)
        if missing is not None:
            raise QgsProcessingException(
                translate("GrueneInfra", "{layer} has no field “{field}”. Its fields are: {fields}.").format(
                    layer=self.name, field=missing, fields=", ".join(self.source.fields().names()) or "–"
                )
            )
        return found

    def word_among(self, value: object, words: Collection[str]) -> str | None:
        """Return the one of ``words`` that an attribute is, ``None`` if it is blank; raise at any other."""
        given = text(value)
        word = None if given is None else word_of(given, words)
        if given is not None and word is None:
            message = translate("GrueneInfra", "{layer}: “{value}” is none of {words}.")
            raise QgsProcessingException(
                message.format(layer=self.name, value=given[:40], words=", ".join(words))
            )
        return word

    def require(self, *types: Qgis.GeometryType, may_be_empty: bool = False) -> None:
        """Raise unless the source has one of the geometry ``types``, a CRS, and features if it needs them."""
        kind = QgsWkbTypes.geometryType(self.source.wkbType())
        if kind not in types and self.source.wkbType() != Qgis.WkbType.Unknown:
            raise QgsProcessingException(
                translate("GrueneInfra", "{layer} must hold {expected}, but holds {found}.").format(
                    layer=self.name,
                    expected=" / ".join(QgsWkbTypes.geometryDisplayString(t) for t in types),
                    found=QgsWkbTypes.geometryDisplayString(kind),
                )
            )
        if not self.source.sourceCrs().isValid():
            message = translate("GrueneInfra", "{layer} has no CRS. Set the one its coordinates are in.")
            raise QgsProcessingException(message.format(layer=self.name))
        self.require_features(may_be_empty)

    def require_features(self, may_be_empty: bool = False) -> None:
        """Raise if the source has no features but needs some."""
        if self.source.featureCount() == 0 and not may_be_empty:
            raise QgsProcessingException(
                translate("GrueneInfra", "{layer} is empty: it has no features to analyse.").format(
                    layer=self.name
                )
            )


def extent_on_earth(extent: QgsRectangle, features: Iterable[QgsFeature]) -> QgsRectangle:
    """Return an extent; where it reaches beyond the earth, that of the features that do not."""
    if EARTH.contains(extent):
        return extent
    found = QgsRectangle()
    for feature in features:
        box = feature.geometry().boundingBox()
        if not box.isNull() and EARTH.contains(box):
            found.combineExtentWith(box)
    return found


def analysis_crs(
    inputs: Iterable[Input], context: QgsProcessingContext, feedback: QgsProcessingFeedback
) -> QgsCoordinateReferenceSystem:
    """Return the CRS to measure in: that of the first projected input whose areas are true.

    Where no input has one, EPSG:25832, or the ETRS89/UTM zone of the data where that one's areas are
    not true either. The log says which CRS is used and why, and warns of layers that lie apart. Raises
    if coordinates cannot be in the CRS that a layer claims.
    """
    located = [layer for layer in inputs if _is_located(layer)]
    for layer in located:
        _require_place(layer, context)
    crs = next((i.source.sourceCrs() for i in located if _measures_truly(i, context)), None)
    if crs is None and located:
        crs = _fallback_crs(located[0], context)
        message = translate("GrueneInfra", "{layer} comes in {found}, where areas are not true.")
        found = located[0].source.sourceCrs().userFriendlyIdentifier()
        feedback.pushInfo(message.format(layer=located[0].name, found=found))
    crs = crs or QgsCoordinateReferenceSystem(DEFAULT_CRS)
    feedback.pushInfo(
        translate("GrueneInfra", "Areas are measured in {crs}.").format(crs=crs.userFriendlyIdentifier())
    )
    _warn_apart(located, crs, context, feedback)
    return crs


def _is_located(layer: Input) -> bool:
    """Return whether any coordinates of the layer say where it lies."""
    return layer.extent.isFinite() and not layer.extent.isNull()


def _require_place(layer: Input, context: QgsProcessingContext) -> None:
    """Raise if no corner of the layer lies near the area that its CRS is made for.

    Degrees in a metric CRS or the other way round would not fail, they would overlap nothing.
    """
    crs = layer.source.sourceCrs()
    if is_placed(layer.extent, crs, context.transformContext()):
        return
    message = translate("GrueneInfra", "{layer}: its coordinates cannot be in {crs}. Set its CRS right.")
    raise QgsProcessingException(message.format(layer=layer.name, crs=crs.userFriendlyIdentifier()))


def is_placed(
    box: QgsRectangle, crs: QgsCoordinateReferenceSystem, transforms: QgsCoordinateTransformContext
) -> bool:
    """Return whether a corner of a box lies near the area that its CRS is made for."""
    area = crs.bounds().buffered(PLACE_TOLERANCE_DEG)
    transform = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem("EPSG:4326"), transforms)
    for x, y in product((box.xMinimum(), box.xMaximum()), (box.yMinimum(), box.yMaximum())):
        with suppress(QgsCsException):
            if crs.bounds().isEmpty() or area.contains(transform.transform(x, y)):
                return True
    return False


def _warn_apart(
    located: Sequence[Input],
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> None:
    """Warn of every layer whose extent does not meet that of the first."""
    message = translate("GrueneInfra", "{layer} and {other} lie apart. Are their CRS right?")
    for layer in located[1:]:
        if _lie_apart(located[0], layer, crs, context):
            feedback.pushWarning(message.format(layer=located[0].name, other=layer.name))


def require_meeting(
    one: Input,
    other: Input,
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    within: float,
) -> None:
    """Raise where two layers that are held against each other have extents more than ``within`` m apart."""
    if _is_located(one) and _is_located(other) and _lie_apart(one, other, crs, context, within):
        message = translate(
            "GrueneInfra",
            "{layer} and {other} do not meet, so nothing can be told from them. Are their CRS right, and do "
            "both cover the same region?",
        )
        raise QgsProcessingException(message.format(layer=one.name, other=other.name))


def _lie_apart(
    one: Input,
    other: Input,
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    within: float = 0.0,
) -> bool:
    """Return whether the extents of two layers share no point; not of those that the CRS cannot hold."""

    def extent(layer: Input) -> QgsRectangle:
        transform = QgsCoordinateTransform(layer.source.sourceCrs(), crs, context.transformContext())
        return transform.transformBoundingBox(layer.extent)

    with suppress(QgsCsException):
        return not extent(one).buffered(within).intersects(extent(other))
    return False


def _measures_truly(layer: Input, context: QgsProcessingContext) -> bool:
    return _areas_are_true(layer.source.sourceCrs(), layer.extent.center(), context)


def _areas_are_true(
    crs: QgsCoordinateReferenceSystem, centre: QgsPointXY, context: QgsProcessingContext
) -> bool:
    if crs.isGeographic() or crs.mapUnits() != Qgis.DistanceUnit.Meters:
        return False
    half = 50.0
    square = QgsGeometry.fromRect(
        QgsRectangle(centre.x() - half, centre.y() - half, centre.x() + half, centre.y() + half)
    )
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, context.transformContext())
    measure.setEllipsoid(crs.ellipsoidAcronym())
    try:
        true_area = measure.measureArea(square)
    except QgsCsException:
        return False
    return true_area > 0 and abs(square.area() / true_area - 1) <= AREA_TOLERANCE


def _fallback_crs(layer: Input, context: QgsProcessingContext) -> QgsCoordinateReferenceSystem:
    found = layer.source.sourceCrs()
    wgs84 = QgsCoordinateReferenceSystem("EPSG:4326")
    with suppress(QgsCsException):
        centre = QgsCoordinateTransform(found, wgs84, context.transformContext()).transform(
            layer.extent.center()
        )
        zone = int((centre.x() + 180) // 6) + 1
        for code in [DEFAULT_CRS] + ([f"EPSG:{25800 + zone}"] if 28 <= zone <= 38 else []):
            crs = QgsCoordinateReferenceSystem(code)
            there = QgsCoordinateTransform(wgs84, crs, context.transformContext()).transform(centre)
            if _areas_are_true(crs, there, context):
                return crs
    message = translate("GrueneInfra", "{layer}: no metric CRS fits {found} here. Reproject it first.")
    raise QgsProcessingException(message.format(layer=layer.name, found=found.userFriendlyIdentifier()))


def read(
    layer: Input,
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
    *,
    attributes: Sequence[int] | None = None,
) -> Iterator[QgsFeature]:
    """Yield the features of ``layer`` in ``crs``, with planar, straight, valid geometries.

    ``attributes`` limits which fields are fetched. Features without a usable geometry are not
    yielded; ``layer`` counts them, and :func:`report` says so.
    """
    return (feature for feature, _ in _read(layer, crs, context, feedback, attributes))


def read_with_wkb(
    layer: Input,
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
    *,
    attributes: Sequence[int] | None = None,
) -> Iterator[Shaped]:
    """Yield the features as :func:`read` does, each with the WKB of its geometry."""
    for feature, wkb in _read(layer, crs, context, feedback, attributes):
        yield feature, wkb or bytes_of(feature.geometry())


def _read(
    layer: Input,
    crs: QgsCoordinateReferenceSystem,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
    attributes: Sequence[int] | None,
) -> Iterator[Shaped]:
    """Yield the features with their WKB where it was needed, else without a byte."""
    request = QgsFeatureRequest()
    request.setDestinationCrs(crs, context.transformContext())
    if attributes is not None:
        request.setSubsetOfAttributes(list(attributes))
    kinds = {QgsWkbTypes.geometryType(layer.source.wkbType())} - {Qgis.GeometryType.Unknown}
    polygons = not kinds or Qgis.GeometryType.Polygon in kinds
    outside = 0

    def not_transformable(_feature: QgsFeature) -> None:
        nonlocal outside
        outside += 1

    request.setTransformErrorCallback(not_transformable)
    total = max(1, layer.source.featureCount())
    flags = Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks
    found = layer.source.getFeatures(request, flags)
    for feature, wkb, valid in _asked(found) if polygons else ((one, b"", False) for one in found):
        if layer.total % 1000 == 0:
            check_cancelled(feedback)
            feedback.setProgress(100.0 * layer.total / total)
        layer.total += 1
        if valid:
            yield feature, wkb
            continue
        check_cancelled(feedback)  # what is repaired may take a while
        given = feature.geometry()
        geometry = _usable(given, layer, kinds)
        if geometry is given:
            yield feature, wkb
        elif geometry is not None:
            feature.setGeometry(geometry)
            yield feature, b""
    layer.no_geometry -= outside
    layer.left_out += outside


def _asked(features: Iterable[QgsFeature]) -> Iterator[tuple[QgsFeature, bytes, bool]]:
    """Yield features with the WKB of small ones, and whether they are known to be valid polygons.

    Small ones are asked after together; a large one waits only for small ones before it.
    """
    batch: list[QgsFeature] = []
    outlines: list[bytes] = []
    held = 0
    for feature in features:
        geometry = feature.geometry()
        size = geometry.wkbSize()
        if size > MOST_BYTES and not batch:
            yield feature, b"", False
            continue
        batch.append(feature)
        outlines.append(geometry.asWkb().data() if size <= MOST_BYTES else b"")
        held += size
        if len(batch) == AT_ONCE or held > HELD_BYTES:
            yield from zip(batch, outlines, surely_valid(outlines).tolist(), strict=True)
            batch, outlines, held = [], [], 0
    yield from zip(batch, outlines, surely_valid(outlines).tolist(), strict=True)


def _usable(geometry: QgsGeometry, layer: Input, kinds: set[Qgis.GeometryType]) -> QgsGeometry | None:
    """Return the geometry planar, straight and valid, or ``None`` with the reason counted."""
    if geometry.isEmpty():
        layer.no_geometry += 1
        return None
    if not EARTH.contains(geometry.boundingBox()):
        layer.left_out += 1
        return None
    wkb_type = geometry.wkbType()
    kind = PLAIN_TYPES.get(wkb_type)
    if kind is None:
        geometry = _plain(geometry, layer)
        wkb_type = geometry.wkbType()
        kind = PLAIN_TYPES.get(wkb_type)
    if kind is None or (kinds and kind not in kinds):
        layer.left_out += 1
        return None
    repaired = made_valid(geometry)
    if repaired is not geometry:
        parts = repaired.coerceToType(QgsWkbTypes.multiType(QgsWkbTypes.singleType(wkb_type)))
        usable = (part for part in parts if not part.isEmpty() and part.isGeosValid())
        repaired = next(usable, QgsGeometry())
    if repaired.isEmpty() or (kind == Qgis.GeometryType.Polygon and repaired.area() < LEAST_AREA_M2):
        layer.left_out += 1
        return None
    layer.repaired += repaired is not geometry
    return repaired


def _plain(geometry: QgsGeometry, layer: Input) -> QgsGeometry:
    """Return the geometry planar and with straight edges; ``layer`` counts those that were curved."""
    shape = geometry.constGet()
    if QgsWkbTypes.isCurvedType(shape.wkbType()):
        layer.straightened += 1
        # convertToStraightSegment would leave a CurvePolygon whose rings are straight already.
        plain = shape.segmentize(ARC_STEP_RAD)
    elif QgsWkbTypes.flatType(shape.wkbType()) == Qgis.WkbType.Triangle:
        plain = QgsPolygon()
        plain.setExteriorRing(shape.exteriorRing().clone())
    else:
        plain = shape.clone()
    plain.dropZValue()
    plain.dropMValue()
    return QgsGeometry(plain)


def report(layer: Input, feedback: QgsProcessingFeedback) -> None:
    """Say what was read and what was repaired or left out; raise if nothing usable was there."""
    read_message = translate("GrueneInfra", "{layer}: {count} features read.")
    feedback.pushInfo(read_message.format(layer=layer.name, count=layer.total))
    for count, message in (
        (layer.no_geometry, translate("GrueneInfra", "{layer}: {count} without geometry, left out.")),
        (layer.repaired, translate("GrueneInfra", "{layer}: {count} invalid geometries repaired.")),
        (layer.straightened, translate("GrueneInfra", "{layer}: {count} curved geometries straightened.")),
        (layer.left_out, translate("GrueneInfra", "{layer}: {count} unusable geometries left out.")),
    ):
        if count:
            feedback.pushWarning(message.format(layer=layer.name, count=count))
    if layer.usable_share == 0:
        message = translate("GrueneInfra", "{layer} has no feature with a usable geometry.")
        raise QgsProcessingException(message.format(layer=layer.name))


def fingerprint(geometry: QgsGeometry) -> bytes:
    """Return a short key that polygons share only if their rings are the same to the last bit."""
    return hashlib.blake2b(normal_outline(bytes_of(geometry)), digest_size=16).digest()


def without_repeats(features: Iterable[Shaped]) -> tuple[list[QgsFeature], int]:
    """Keep one of the features that repeat each other's rings, and say how many were dropped.

    Which one stays depends on their attributes, not on their order.
    """
    outlined = ((feature, normal_outline(wkb)) for feature, wkb in features)
    kept, dropped = once_each(outlined, lambda feature: repr(feature.attributes()))
    return list(kept.values()), dropped


def once_each(
    read: Iterable[tuple[Told, bytes]], told: Callable[[Told], str]
) -> tuple[dict[bytes, Told], int]:
    """Keep one of what was read for each WKB, the first by what ``told`` says; say how many were dropped."""
    kept: dict[bytes, Told] = {}
    dropped = 0
    for one, wkb in read:
        known = kept.setdefault(wkb, one)
        if known is not one:
            dropped += 1
            if told(one) < told(known):
                kept[wkb] = one
    return kept, dropped
