"""The map as the panel uses it: go to parcels, make them flash."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import QgsMapCanvas

MARGIN = 1.5
LEAST_WIDTH_M = 50.0
"""What is at least in sight around a small parcel."""
MAX_FLASHED = 100


class MapView:
    """A map canvas; geometries come in the CRS of the register."""

    def __init__(self, canvas: QgsMapCanvas, project: QgsProject) -> None:
        self.canvas = canvas
        self._project = project

    def show(self, geometries: Sequence[QgsGeometry], crs: str) -> bool:
        """Zoom to geometries and let them flash; return whether there was any to go to."""
        found = [geometry for geometry in geometries if not geometry.isEmpty()]
        box = QgsRectangle()
        for geometry in found:
            box.combineExtentWith(geometry.boundingBox())
        if box.isNull():
            return False
        box.grow(max(0.0, (LEAST_WIDTH_M - max(box.width(), box.height())) / 2))
        box.scale(MARGIN)
        source = QgsCoordinateReferenceSystem(crs)
        destination = self.canvas.mapSettings().destinationCrs()
        transform = QgsCoordinateTransform(source, destination, self._project)
        try:
            self.canvas.setExtent(transform.transformBoundingBox(box))
        except QgsCsException:
            return False
        self.canvas.refresh()
        self.canvas.flashGeometries(found[:MAX_FLASHED], source)
        return True
