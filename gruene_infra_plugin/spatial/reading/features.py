"""Engine ``features``: read any polygon, line or point source so that areas and lengths are true.

Every source is brought into one analysis CRS, made planar, straight and valid; what had to be
repaired or left out is counted and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsWkbTypes,
)

from ...i18n import translate
from ..geometry.validity import MOST_BYTES, surely_valid
from ..geometry.wkb import bytes_of
from ..running import check_cancelled
from .source import Input
from .usable import usable

AT_ONCE = 500
"""Features that are asked after together, at most."""
HELD_BYTES = 2**20
"""Size of their WKB from which on no more features are held, so that large polygons do not pile up."""
Shaped = tuple[QgsFeature, bytes]
"""A feature and the WKB of its geometry."""


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
        geometry = usable(given, layer, kinds)
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
