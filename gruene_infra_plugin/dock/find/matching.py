"""Which features of a layer are parcels that were found."""

from __future__ import annotations

from collections.abc import Collection

from qgis.core import NULL, QgsFeatureRequest, QgsFeedback, QgsVectorLayer

from ...register.keys import normal_key
from ...spatial.reading.snapshot import Snapshot


class Matching:
    """Made in the main thread, asked in any one."""

    def __init__(self, layer: QgsVectorLayer, key_field: str) -> None:
        self._snapshot = Snapshot(layer)
        self._field = layer.fields().lookupField(key_field)

    def ids(self, keys: Collection[str], delivered: Collection[str], feedback: QgsFeedback) -> list[int]:
        """Return the numbers of the features with one of the keys, normalised or as delivered."""
        request = QgsFeatureRequest()
        request.setFlags(QgsFeatureRequest.Flag.NoGeometry)
        request.setSubsetOfAttributes([self._field])
        request.setFeedback(feedback)
        found = []
        for feature in self._snapshot.getFeatures(request):
            value = feature[self._field]
            if value != NULL and (str(value) in delivered or normal_key(value) in keys):
                found.append(feature.id())
        return found
