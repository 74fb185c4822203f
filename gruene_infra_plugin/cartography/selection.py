"""Which layers can be drawn, in which CRS, and which area they ask for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qgis.core import (
    QgsBlockingNetworkRequest,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeatureRequest,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProviderRegistry,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ..i18n import translate
from ..spatial.reading.analysis_crs import DEFAULT_CRS, is_placed
from ..spatial.reading.earth import EARTH, extent_on_earth

MARGIN_SHARE = 0.08
"""Share of the data's extent that is left free on every side."""
SMALLEST_EXTENT_M = 100.0
"""Least width and height of the area drawn, so that a single point has surroundings."""
PATIENCE_MS = 15_000
"""How long a service may think about its first answer [A]."""
_Error = QNetworkReply.NetworkError
NO_ANSWER = frozenset(
    {
        _Error.ConnectionRefusedError,
        _Error.RemoteHostClosedError,
        _Error.HostNotFoundError,
        _Error.TimeoutError,
        _Error.OperationCanceledError,
        _Error.SslHandshakeFailedError,
        _Error.TemporaryNetworkFailureError,
        _Error.NetworkSessionFailedError,
        _Error.UnknownNetworkError,
        _Error.ProxyConnectionRefusedError,
        _Error.ProxyConnectionClosedError,
        _Error.ProxyNotFoundError,
        _Error.ProxyTimeoutError,
        _Error.UnknownProxyError,
    }
)
"""Errors of a request to which no service answered."""


def drawable(layers: Sequence[QgsMapLayer], feedback: QgsProcessingFeedback) -> list[QgsMapLayer]:
    """Return the layers that have something to draw; say which ones are left out.

    Raises
    ------
    QgsProcessingException : if a layer has no CRS, its service does not answer, or no layer is left.
    """
    kept = []
    for layer in layers:
        reason = _reason_to_leave_out(layer)
        if reason is None:
            kept.append(layer)
            _require_crs(layer)
            require_answer(layer, feedback)
        else:
            feedback.pushWarning(
                translate("GrueneInfra", "{layer} is not drawn: {reason}.").format(
                    layer=layer.name(), reason=reason
                )
            )
    if not kept:
        raise QgsProcessingException(
            translate("GrueneInfra", "There is nothing to draw. Give at least one layer with features.")
        )
    return kept


def _reason_to_leave_out(layer: QgsMapLayer) -> str | None:
    if isinstance(layer, QgsVectorLayer) and not layer.isSpatial():
        return translate("GrueneInfra", "it is a table without geometries")
    if isinstance(layer, QgsVectorLayer) and layer.featureCount() == 0:
        return translate("GrueneInfra", "it is empty")
    if layer.extent().isNull():
        return translate("GrueneInfra", "it has no extent")
    return None


def _require_crs(layer: QgsMapLayer) -> None:
    if not layer.crs().isValid():
        raise QgsProcessingException(
            translate(
                "GrueneInfra",
                "{layer} has no coordinate reference system. Set the one its coordinates are in "
                "(layer properties, Source) and run again.",
            ).format(layer=layer.name())
        )


def require_answer(layer: QgsMapLayer, feedback: QgsProcessingFeedback) -> None:
    """Raise if a layer comes from a service that cannot be reached: QGIS draws nothing in its place.

    QGIS asks such a service for each tile and waits for minutes. An answer that is an error will do here,
    for a service need not have what is asked for, and so will one that QGIS has kept.
    """
    parts = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source())
    address = QUrl(re.sub(r"\{-?\w+\}", "0", str(parts.get("url") or "")))
    if address.scheme() not in ("http", "https"):
        return
    question = QNetworkRequest(address)
    question.setTransferTimeout(PATIENCE_MS)
    asking = QgsBlockingNetworkRequest()
    asking.setAuthCfg(str(parts.get("authcfg") or ""))
    asking.get(question, False, feedback)
    if asking.reply().error() in NO_ANSWER:
        message = translate(
            "GrueneInfra",
            "{layer}: {host} does not answer. Check the connection and the address, or leave the layer out.",
        )
        raise QgsProcessingException(message.format(layer=layer.name(), host=address.host()))


def map_crs(layers: Sequence[QgsMapLayer]) -> QgsCoordinateReferenceSystem:
    """Return the CRS of the first projected layer, EPSG:25832 where there is none."""
    for layer in layers:
        if not layer.crs().isGeographic():
            return layer.crs()
    return QgsCoordinateReferenceSystem(DEFAULT_CRS)


def area_to_draw(
    layers: Sequence[QgsMapLayer],
    crs: QgsCoordinateReferenceSystem,
    wanted: QgsRectangle,
    context: QgsProcessingContext,
) -> QgsRectangle:
    """Return the wanted area in ``crs``; the first layer's extent with a margin where ``wanted`` is null.

    Raises
    ------
    QgsProcessingException : if the wanted area is empty, no layer reaches into it, or the first layer lies
        where ``crs`` does not hold.
    """
    if wanted.isNull():
        return _with_margin(_known_extent(layers[0], crs, context))
    if wanted.isEmpty():
        raise QgsProcessingException(translate("GrueneInfra", "EXTENT has no area."))
    if not is_placed(wanted, crs, context.transformContext()):
        message = translate(
            "GrueneInfra", "EXTENT lies beyond the area of {crs}, the map's CRS. Check the CRS of the layers."
        )
        raise QgsProcessingException(message.format(crs=crs.userFriendlyIdentifier()))
    extents = [_extent(layer, crs, context) for layer in layers]
    if not any(extent is None or extent.intersects(wanted) for extent in extents):
        message = translate(
            "GrueneInfra",
            "No layer reaches into the area to be drawn, {wanted}. The first layer lies in {found} ({crs}).",
        )
        found = _known_extent(layers[0], crs, context)
        raise QgsProcessingException(
            message.format(wanted=wanted.toString(0), found=found.toString(0), crs=crs.authid())
        )
    return wanted


def _extent(
    layer: QgsMapLayer, crs: QgsCoordinateReferenceSystem, context: QgsProcessingContext
) -> QgsRectangle | None:
    """Return a layer's extent in ``crs``, ``None`` where it reaches beyond what ``crs`` can show."""
    transform = QgsCoordinateTransform(layer.crs(), crs, context.transformContext())
    own = layer.extent()
    if isinstance(layer, QgsVectorLayer):
        own = extent_on_earth(own, layer.getFeatures(QgsFeatureRequest().setNoAttributes()))
    try:
        extent = transform.transformBoundingBox(own)
    except QgsCsException:
        return None
    known = EARTH.contains(extent) and not extent.isNull()
    return extent if known and is_placed(extent, crs, context.transformContext()) else None


def _known_extent(
    layer: QgsMapLayer, crs: QgsCoordinateReferenceSystem, context: QgsProcessingContext
) -> QgsRectangle:
    extent = _extent(layer, crs, context)
    if extent is None:
        message = translate(
            "GrueneInfra",
            "{layer} reaches beyond the area of {crs}, the map's CRS. Check the layer's own, or give EXTENT.",
        )
        raise QgsProcessingException(message.format(layer=layer.name(), crs=crs.userFriendlyIdentifier()))
    return extent


def _with_margin(extent: QgsRectangle) -> QgsRectangle:
    width = max(extent.width() * (1 + 2 * MARGIN_SHARE), SMALLEST_EXTENT_M)
    height = max(extent.height() * (1 + 2 * MARGIN_SHARE), SMALLEST_EXTENT_M)
    return QgsRectangle.fromCenterAndSize(extent.center(), width, height)
