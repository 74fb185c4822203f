"""The one CRS in which a run measures: areas are true in it, and the layers lie where it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import product

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsDistanceArea,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRectangle,
)

from ...i18n import translate
from .source import Input

DEFAULT_CRS = "EPSG:25832"
AREA_TOLERANCE = 0.002
"""Share by which areas of the analysis CRS may differ from those on the ellipsoid [A].

UTM keeps them within 0.1 % across its zone; EPSG:3857 is off by 158 % in the Ruhr region.
"""
PLACE_TOLERANCE_DEG = 10.0
"""Degrees by which a layer may lie outside the area its CRS is made for [A]."""
NEIGHBOUR_M = 100.0
"""Metres up to which extents side by side still tell about each other, as a village and its river [A]."""


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
