"""Which parcels lie under the pointer or under its path, asked in the background."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsFeatureRequest,
    QgsFeedback,
    QgsGeometry,
    QgsPointXY,
    QgsVectorLayerFeatureSource,
)

from ...spatial.reading.values import text
from ..background import Background, Job
from ..parcels import ParcelLayer

RELATIVE_TOLERANCE = 1e-9
"""Share of its coordinates by which a query reaches beyond its path, so that its box is more than a point."""

Hits = tuple["Hit", ...]


@dataclass(frozen=True)
class Hit:
    """A feature under the path: its number, its key as delivered, its shape in the CRS of the map."""

    id: int
    key: str
    shape: QgsGeometry


class Lookup:
    """One question to a layer of parcels: made in the main thread, answered in any one.

    ``path`` is in the layer's CRS; ``shown`` leads from there to the CRS of the map.
    """

    def __init__(
        self, parcels: ParcelLayer, path: Sequence[QgsPointXY], shown: QgsCoordinateTransform
    ) -> None:
        self._source = QgsVectorLayerFeatureSource(parcels.layer)
        self._key = parcels.layer.fields().lookupField(parcels.key_field)
        self._path = QgsGeometry.fromPolylineXY(path) if len(path) > 1 else QgsGeometry.fromPointXY(path[0])
        self._shown = shown

    def hits(self, feedback: QgsFeedback) -> Hits:
        """Return the features that the path touches."""
        engine = QgsGeometry.createGeometryEngine(self._path.constGet())
        engine.prepareGeometry()
        found = self._source.getFeatures(self._request(feedback))
        return tuple(
            self._hit(feature) for feature in found if engine.intersects(feature.geometry().constGet())
        )

    def _request(self, feedback: QgsFeedback) -> QgsFeatureRequest:
        box = self._path.boundingBox()
        box.grow(RELATIVE_TOLERANCE * max(1.0, abs(box.xMaximum()), abs(box.yMaximum())))
        request = QgsFeatureRequest()
        request.setFilterRect(box)
        request.setSubsetOfAttributes([self._key])
        request.setFeedback(feedback)
        return request

    def _hit(self, feature: QgsFeature) -> Hit:
        shape = QgsGeometry(feature.geometry())
        try:
            shape.transform(self._shown)
        except QgsCsException:
            shape = QgsGeometry()
        return Hit(feature.id(), text(feature[self._key]) or "", shape)


class Asker:
    """Asks for one path after the other; points that come while an answer is awaited make the next path.

    So a slow source is asked less often and still for every place that the pointer passed.
    """

    def __init__(
        self,
        name: str,
        background: Background,
        make: Callable[[Sequence[QgsPointXY]], Lookup],
        answered: Callable[[Hits], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._name = name
        self._background = background
        self._make = make
        self._answered = answered
        self._failed = failed
        self._path: list[QgsPointXY] = []
        self._asked = 0
        self._job: Job | None = None
        self._stopped = False

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._job is not None

    def lead_to(self, point: QgsPointXY) -> None:
        """Go on from the last point to this one."""
        self._path.append(point)
        self._ask()

    def jump_to(self, point: QgsPointXY) -> None:
        """Ask for this point only, whatever lies between."""
        self._path, self._asked = [point], 0
        self._ask()

    def stop(self) -> None:
        """Want no answer any more."""
        self._stopped = True
        if self._job is not None:
            self._job.drop()

    def _ask(self) -> None:
        """Ask for the points that were not asked for yet, if there are any and no answer is awaited."""
        if self._job is not None or self._stopped or len(self._path) == self._asked:
            return
        lookup = self._make(self._path)
        self._path, self._asked = self._path[-1:], 1
        self._job = Job(self._name, lookup.hits, self._came, self._went_wrong, lasting=False)
        self._background.submit(self._job)

    def _came(self, hits: Hits) -> None:
        self._job = None
        self._ask()
        self._answered(hits)

    def _went_wrong(self, error: Exception) -> None:
        self._job = None
        self._failed(error)
