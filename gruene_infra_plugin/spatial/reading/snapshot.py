"""Engine ``snapshot``: a layer's features for another thread, as the engine ``layers`` reads them."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeatureIterator,
    QgsFeatureRequest,
    QgsFields,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)

from .source import Input


class Snapshot:
    """The features of a layer as they are now, unsaved edits included.

    Made in the main thread, read in any one, also when the layer is gone by then. ``ids`` limits it to
    some features.
    """

    def __init__(self, layer: QgsVectorLayer, ids: Sequence[int] | None = None) -> None:
        self._source = QgsVectorLayerFeatureSource(layer)
        self._ids = None if ids is None else list(ids)
        self._count = layer.featureCount() if ids is None else len(self._ids or ())
        self._extent = layer.extent()
        self._name = layer.name()
        self._wkb_type = layer.wkbType()

    def as_input(self) -> Input:
        """Return the features as the engine ``layers`` takes them."""
        return Input(self._name, self)

    def getFeatures(
        self, request: QgsFeatureRequest, flags: Qgis.ProcessingFeatureSourceFlag | None = None
    ) -> QgsFeatureIterator:
        if self._ids is not None:
            request.setFilterFids(self._ids)
        return self._source.getFeatures(request)

    def fields(self) -> QgsFields:
        return self._source.fields()

    def sourceCrs(self) -> QgsCoordinateReferenceSystem:
        return self._source.crs()

    def sourceExtent(self) -> QgsRectangle:
        return self._extent

    def sourceName(self) -> str:
        return self._name

    def featureCount(self) -> int:
        return self._count

    def wkbType(self) -> Qgis.WkbType:
        return self._wkb_type
